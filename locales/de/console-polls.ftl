### Abstimmungen in der Verwaltung: Formulare, Schritte, Wahlverzeichnisse.

choices-hint = Mindestens zwei. Leere Zeilen zählen nicht. Zum Umordnen ändern Sie die Nummern oder benutzen die Knöpfe.
method-ranked = Mehrere Antworten in Reihenfolge, in den Grenzen unten
randomise = Jeder Person die Antworten in eigener Reihenfolge zeigen
ranked-rule-hint = Nur, wo ein Stimmzettel eine Reihenfolge angibt.
method-multiple = Mehrere Antworten, in den Grenzen unten
ranked-rule = Reihenfolgen werden gezählt nach
max-choices-hint = Leer: alle.
offer-abstention = „Ich enthalte mich“ anbieten
choice-add = Antwort hinzufügen
on-a-ballot = Auf einem Stimmzettel
method-single = Eine Antwort
at-least = Mindestens
at-most = Höchstens
amend-rules-hint = Regeln, die lockerer sind als angekündigt, werden nicht angeboten.
amend-reason-hint = Nötig, wenn sich die Zeit ändert. Er steht im Protokoll.
voters-see = Stimmberechtigte sehen die Zahlen
staff-see = Das Team sieht die Zahlen
closing-time = Ende
closes = Endet
delete-published = Diese Abstimmung wurde veröffentlicht, darum bleibt sie: Personen haben sie gesehen und vielleicht abgestimmt. Archivieren Sie sie stattdessen: Sie verschwindet aus allen Listen und lässt sich wiederherstellen.
delete-undo = Nein. Dass sie gelöscht wurde, bleibt im Protokoll.
delete-question = Diese Abstimmung löschen?
archive-poll = Abstimmung archivieren
delete-poll = Abstimmung löschen
amend-both = Ende oder Ergebnisse ändern
qr-code = Dieselbe Adresse als QR-Code
preview-as-voter = Vorschau aus Sicht der Stimmberechtigten
amend-results = Ändern, wer Ergebnisse sieht
carries-with = Eine Antwort ist angenommen mit
fewest-shown = Kleinste gezeigte Zahl an Stimmzetteln
closed-early-because = Vorzeitig beendet, weil
copy-to-draft = In neuen Entwurf kopieren
how-they-vote = Wie sie abstimmen
view-on-site = Auf der Website ansehen
who-may-vote = Wer abstimmen darf
description = Beschreibung
tell-people = Weitersagen
choices = Antworten
min-show-hint = Bei einer geheimen Abstimmung mindestens 3: Bei weniger Stimmzetteln bleiben die Zahlen verborgen, auch vor der Administration.
secrecy-secret = Geheim: Nichts verbindet Personen und Stimmzettel, und vor dem Ende sieht niemand Zahlen
poll-zone-hint = Ein Name wie Europe/Berlin oder UTC. Die Zeiten unten gelten in ihr, und Stimmberechtigte sehen sie in ihr.
quorum-hint = Der Anteil der Stimmberechtigten, der teilnehmen muss, Enthaltungen eingerechnet. Leer: keines.
majority-hint = Eine Reihenfolge hat oben ihre eigene Regel: Lassen Sie dort „die meisten Stimmen“ stehen.
receipts = Wer abstimmt, bekommt einen Beleg: einen Code, der zeigt, dass der Stimmzettel mitgezählt ist
listed-already = Diese Abstimmung steht schon in der Liste. Vielleicht wurde schon gelesen, was Sie hier ändern.
secrecy-named = Namentlich: Das Team darf sehen, wer was gewählt hat, und das steht auf dem Stimmzettel
review = Eine geheime Stimme wird vor der Abgabe noch einmal gezeigt
question-hint = Bis zu 200 Zeichen. Sie ist die Überschrift des Stimmzettels.
description-hint = Einfacher Text. Adressen, die mit https:// beginnen, werden zu Links.
list-will-have-a-page = Ein Verzeichnis schreiben Sie auf einer eigenen Seite, sobald die Abstimmung gespeichert ist.
only-stricter = Nach dem Öffnen können diese Regeln nur strenger werden.
allow-change = Eine namentliche Stimme kann bis zum Ende geändert werden
min-show = Kleinste Zahl an Stimmzetteln, deren Zahlen gezeigt werden
carries-poll-with = Angenommen ist eine Antwort mit
versions-differ = Worin sich die beiden Fassungen unterscheiden
closes-hint = Leer: wenn Sie sie beenden.
save-and-continue = Speichern und weiter bearbeiten
opens-hint = Leer: wenn Sie sie öffnen.
save-and-add = Speichern und neue anlegen
roll-made-of = Stimmberechtigt sind
quorum-percent = Quorum in Prozent
saved-meanwhile = Inzwischen gespeichert
typed-by-you = Von Ihnen eingegeben
save-as-new = Als neue speichern
column-field = Feld
add-first-poll = Legen Sie die erste an: eine Frage, mindestens zwei Antworten und wer abstimmen darf.
no-polls-yet = Noch keine Abstimmungen
step-reason-hint = Er steht im Protokoll, und Stimmberechtigte lesen, warum eine Abstimmung vorzeitig beendet wurde.
cannot-be-opened = Sie kann noch nicht geöffnet werden:
goes-by-role = Diese Abstimmung geht nach Rollen: Wer beim Abstimmen eine dieser Rollen hat, darf abstimmen. Es gibt kein Verzeichnis zu schreiben.
list-grows-only = Die Abstimmung ist offen, darum kann niemand aus ihrem Verzeichnis entfernt werden. Wer jetzt dazukommt, wird als Nachtrag vermerkt.
nobody-listed-hint = Laden Sie eine Datei mit E-Mail-Adressen hoch, oder wählen Sie Personen aus, die sich angemeldet haben.
list-stays = Die Abstimmung nimmt keine Stimmen mehr an, darum bleibt ihr Verzeichnis, wie es ist.
people-with-role = Personen mit einer solchen Rolle, die sich angemeldet haben
nobody-listed = Das Verzeichnis ist leer
added-before = Vor dem Öffnen
download-list = Verzeichnis herunterladen
added-after = Nach dem Öffnen
empty-list = Verzeichnis leeren
upload-file = Datei hochladen
pick-people = Personen auswählen
start-again = Neu beginnen
add-ticked = Angekreuzte aufnehmen
pick-voters = Stimmberechtigte auswählen
upload-late = Die Abstimmung ist offen. Sie werden als Nachtrag vermerkt, das Protokoll hält es fest, und sie können nicht wieder entfernt werden.
upload-unknown-issuer = Bei <code>{ $issuer }</code> aus der Spalte iss meldet sich hier niemand an: Wer so genannt ist, kann nicht abstimmen.
upload-nobody-new = Alle in der Datei stehen schon im Verzeichnis.
upload-first-faults = Das sind die ersten davon.
add-these-voters = Diese Stimmberechtigten aufnehmen?
send-another-file = Andere Datei senden
discard-file = Datei verwerfen
first-lines = Die ersten Zeilen
upload-explained = Nennen Sie jede Person mit ihrer E-Mail-Adresse oder ihrem Subject, der Nummer oder dem Wort, unter dem Ihr Anmeldedienst sie kennt.
upload-file-hint = CSV mit Kommas, Semikolons oder Tabulatoren, bis 8 MB. Sie sehen vor dem Speichern, was sich ändert.
upload-columns = Eine Datei mit Kopfzeile darf weitere Spalten haben: Gelesen werden die Spalten email, sub und iss.
upload-address = Eine Adresse gilt für die Person, die sich mit ihr anmeldet, sobald der Anmeldedienst sie bestätigt hat.
upload-write-hint = Wird gelesen, wenn keine Datei gewählt ist.
upload-lines = Eine Person je Zeile
upload-write = Oder hier eintragen
upload-voters = Stimmberechtigte hochladen
three-steps = Drei Schritte zur ersten:
closes-time = endet am { $time }
closes-by-hand = endet von Hand
choice-position = Position von Antwort { $number }
choice-number = Antwort { $number }
choice-up = Nach oben<span class="visually-hidden">: Antwort { $number }</span>
choice-down = Nach unten<span class="visually-hidden">: Antwort { $number }</span>
choice-remove = Entfernen<span class="visually-hidden">: Antwort { $number }</span>
amend-closes-hint = In { $zone }. Nicht früher als angekündigt; leer: wenn Sie sie beenden.
delete = Löschen
archive = Archivieren
delete-what = Was verschwindet
delete-goes = Die Abstimmung mit { $choices ->
    [1] 1 Antwort
   *[other] { $choices } Antworten
}. Sie hat keine Stimmzettel.
delete-goes-with-list = Die Abstimmung mit { $choices ->
    [1] 1 Antwort
   *[other] { $choices } Antworten
} und ihr Wahlverzeichnis mit { $voters ->
    [1] 1 Person
   *[other] { $voters } Personen
}. Sie hat keine Stimmzettel.
delete-type = Geben Sie die Nummer dieser Abstimmung ein: { $number }
archived-since = seit { $time }. Stimmberechtigte sehen sie nicht mehr.
paper-fixed = Der Stimmzettel steht fest: Alle sollen dieselbe Frage beantwortet haben.
paper-fixed-open = Das Ende kann später gelegt und die Regeln für Ergebnisse können strenger werden.
paper-fixed-results = Die Regeln für Ergebnisse können strenger werden.
paper-fixed-unless = Solange niemand abgestimmt hat, lässt sich ein Fehler auf dem Stimmzettel berichtigen: Nehmen Sie die Abstimmung in den Entwurf zurück.
or-abstain = , oder „Ich enthalte mich“
the-list = (<a href="{ $href }">zum Verzeichnis</a>)
counted-after-closing = Werden nach dem Ende gezählt
votes-can-change = Sie können geändert werden.
votes-cannot-change = Sie können nicht geändert werden.
fewest-shown-why = { $fewest }: Bei weniger Stimmzetteln sieht niemand Zahlen, denn sie würden verraten, wer wie gestimmt hat.
opens = Beginnt
never-opened = Nie geöffnet
by-hand = Von Hand
was-to-close = Sie sollte am { $time } enden.
poll-address = Die Abstimmung steht unter <a href="{ $href }">{ $address }</a>. Zuerst kommt die Anmeldung, darum verrät die Adresse niemandem etwas.
before-opening = <strong>Vor dem Öffnen:</strong>
question = Frage
list-has-a-page = Ein Verzeichnis schreiben Sie <a href="{ $href }">auf einer eigenen Seite</a>.
roles = Rollen
secrecy = Geheimhaltung
times = Zeiten
state = Stand
preview-of = Vorschau: { $question }
preview-explained = <strong>Vorschau.</strong> Das sehen Stimmberechtigte, solange die Abstimmung offen ist. Hier lässt sich nichts abschicken. Stand der Abstimmung jetzt: { $state }.
reopen-closes-hint = In { $zone }. Leer: wenn Sie sie beenden.
voters-of = Wahlverzeichnis: { $question }
column-added = Aufgenommen
take-off = Entfernen
take-off-somebody = Entfernen<span class="visually-hidden">: { $name }</span>
take-off-everybody = Ja, alle aus dem Verzeichnis entfernen: { $who }
not-yet = Noch nicht
pick-voters-for = Stimmberechtigte auswählen: { $question }
pick-hint = Alle, die sich angemeldet haben und es weiter dürfen. Für die anderen <a href="{ $href }">laden Sie eine Datei hoch, oder tragen Sie ihre E-Mail-Adressen ein</a>.
on-the-list = (im Verzeichnis)
voters-preview-of = Vorschau der Stimmberechtigten: { $question }
upload-known = Bekannt
upload-known-count = { $count }: haben sich angemeldet und werden aufgenommen
upload-new = Neu
upload-new-count = { $count }: werden namentlich aufgenommen und können abstimmen, sobald sie sich anmelden
upload-duplicate = Doppelt
upload-duplicate-count = { $count }: schon im Verzeichnis oder mehrfach in der Datei
upload-invalid = Ungültig
upload-faults = <strong>Noch lässt sich nichts speichern.</strong> Berichtigen Sie diese Zeilen, und senden Sie die Datei noch einmal.
upload-fault = Zeile { $line }: „{ $text }“ ist weder eine E-Mail-Adresse noch ein Subject.
upload-ambiguous = Mehrere Personen haben sich mit { $address } angemeldet. Nennen Sie sie mit ihrem Subject.
column-line = Zeile
column-is = Ist
upload-voters-for = Stimmberechtigte hochladen: { $question }
upload-subject = Ein Subject gilt bei <code>{ $issuer }</code>, wo Sie sich angemeldet haben.
upload-a-file = Datei
flaw-no-question = Geben Sie eine Frage ein.
flaw-long-question = Die Frage ist zu lang. Verwenden Sie höchstens { $longest } Zeichen.
flaw-long-description = Die Beschreibung ist zu lang. Verwenden Sie höchstens { $longest } Zeichen.
flaw-long-choice = Die Antwort ist zu lang. Verwenden Sie höchstens { $longest } Zeichen.
flaw-long-reason = Der Grund ist zu lang. Verwenden Sie höchstens { $longest } Zeichen.
flaw-same-choice = Antwort { $number } sagt dasselbe wie eine davor.
flaw-limits = Das Höchste muss mindestens so groß sein wie das Mindeste, und dieses mindestens 1.
flaw-no-roles = Wählen Sie mindestens eine Rolle.
flaw-unknown-zone = Diese Zeitzone gibt es nicht. Geben Sie eine ein wie Europe/Berlin oder UTC.
flaw-closes-before-opening = Das Ende muss nach dem Beginn liegen.
flaw-shortens-voting = Den Stimmberechtigten wurde eine längere Frist angekündigt. Wählen Sie eine spätere Zeit; um die Abstimmung jetzt zu beenden, schließen Sie sie.
flaw-voting-has-ended = Die Abstimmung ist beendet, darum bleibt ihr Ende, wie es ist.
flaw-loosens-results = Den Stimmberechtigten wurde angekündigt, dass weniger Personen die Ergebnisse sehen, oder später. Das kann nur strenger werden.
flaw-secret-change = Eine geheime Stimme kann nicht geändert werden, denn nichts verrät, wessen sie ist. Wählen Sie namentliche Stimmen, oder lassen Sie Änderungen nicht zu.
flaw-secret-live = Solange eine geheime Abstimmung offen ist, sieht niemand Zahlen, auch die Administration nicht. Wählen Sie eine andere Regel.
flaw-shows-too-few = Geben Sie 3 oder mehr ein: Bei weniger Stimmzetteln ließe sich erschließen, wie die anderen gestimmt haben.
flaw-quorum = Geben Sie einen Prozentsatz von 0 bis 100 ein.
flaw-too-many-to-rank = Höchstens { $most } Antworten lassen sich in eine Reihenfolge bringen. Entfernen Sie einige, oder wählen Sie eine andere Art von Stimmzettel.
flaw-ranked-majority = Reihenfolgen werden nach einer eigenen Regel gezählt. Wählen Sie die meisten Stimmen oder eine andere Art von Stimmzettel.
flaw-closes-in-the-past = Setzen Sie ein Ende, das noch vor Ihnen liegt, oder keines.
flaw-no-reason = Sagen Sie, warum: Angekündigt war ein anderes Ende.
flaw-not-offered = Diese Art von Abstimmung kann diese Version von Rolecall nicht durchführen.
blocker-too-few-choices = { $needed ->
    [1] Geben Sie ihr mindestens 1 Antwort.
   *[other] Geben Sie ihr mindestens { $needed } Antworten.
}
blocker-no-roles = Wählen Sie, wer abstimmen darf.
blocker-empty-list = Nehmen Sie mindestens eine Person in das Verzeichnis auf.
rule-instant-runoff = Stichwahlverfahren (Instant-Runoff)
rule-schulze = Schulze-Methode
roll-by-role = Alle mit einer der Rollen unten
roll-by-list = Die Personen in einem Verzeichnis
results-live = Solange die Abstimmung offen ist und danach
results-after-close = Nach dem Ende
results-on-release = Nach der Freigabe durch die Administration
results-never = Nie
all-roles = Alle
open-poll = Abstimmung öffnen
unfreeze-poll = In den Entwurf zurücknehmen
close-poll = Abstimmung beenden
release-results = Ergebnisse freigeben
reopen-poll = Abstimmung wieder öffnen
restore-poll = Abstimmung wiederherstellen
publish-poll = Abstimmung veröffentlichen
publish-now = Diese Abstimmung jetzt veröffentlichen?
open-now-question = Diese Abstimmung jetzt öffnen?
unfreeze-now = Diese Abstimmung in den Entwurf zurücknehmen?
close-now = Diese Abstimmung jetzt beenden?
release-now = Die Ergebnisse dieser Abstimmung jetzt freigeben?
reopen-now = Diese Abstimmung jetzt wieder öffnen?
archive-now = Diese Abstimmung jetzt archivieren?
restore-now = Diese Abstimmung jetzt wiederherstellen?
unfreeze-what = Stimmberechtigte sehen die Abstimmung nicht, bis Sie sie wieder öffnen, und als Entwurf lässt sie sich berichtigen. Wer ihren Stimmzettel gerade vor sich hat, wird dann gebeten, neu zu wählen. Das geht nur, solange niemand abgestimmt hat.
close-what = Ab jetzt kann niemand mehr abstimmen. { $ballots }
reopen-what = Die Abstimmung nimmt wieder Stimmen an, bis zur Zeit unten oder bis Sie sie beenden. { $ballots } Vielleicht wurden ihre Ergebnisse schon gelesen.
archive-what = Die Abstimmung verschwindet aus allen Listen, und ihre Adresse sagt, dass sie archiviert wurde. { $ballots }
restore-what = Die Abstimmung kommt in die Listen zurück, in dem Stand, den ihre Zeiten ergeben. { $ballots }
publish-what = Die Abstimmung steht ab jetzt in der Liste und nimmt Stimmen an ab dem { $time }. Bis dahin kann sie noch bearbeitet werden.
open-what = Die Abstimmung steht in der Liste und nimmt ab jetzt Stimmen an. Frage und Antworten lassen sich nicht mehr ändern.
open-what-until = Die Abstimmung steht in der Liste und nimmt ab jetzt Stimmen an, bis zum { $time }. Frage und Antworten lassen sich nicht mehr ändern.
release-withheld = Es wurden weniger als { $fewest } Stimmzettel abgegeben. So wenige würden verraten, wer wie gestimmt hat, darum sieht auch nach der Freigabe niemand die Zahlen.
release-staff = Das Team sieht die Zahlen ab jetzt.
release-staff-already = Das Team sieht die Zahlen schon.
release-voters = Stimmberechtigte sehen sie ab jetzt auf der Seite der Abstimmung.
release-voters-already = Stimmberechtigte sehen sie schon auf der Seite der Abstimmung.
release-voters-never = Stimmberechtigte sehen sie nicht.
ballots-stay = { $count ->
    [0] Es liegen keine Stimmzettel darin.
    [1] Ihr Stimmzettel bleibt, wie er ist.
   *[other] Ihre { $count } Stimmzettel bleiben, wie sie sind.
}
its-ballots-stay = Ihre Stimmzettel bleiben, wie sie sind.
whom-open-role = { $count ->
    [1] 1 Person mit Stimmrecht.
   *[other] { $count } Personen mit Stimmrecht.
}
whom-open-list = { $count ->
    [1] 1 Person im Wahlverzeichnis, die abstimmen darf.
   *[other] { $count } Personen im Wahlverzeichnis, die abstimmen dürfen.
}
whom-waiting-role = { $count ->
    [1] 1 Person mit Stimmrecht, die nicht abgestimmt hat.
   *[other] { $count } Personen mit Stimmrecht, die nicht abgestimmt haben.
}
whom-waiting-list = { $count ->
    [1] 1 Person im Wahlverzeichnis, die nicht abgestimmt hat.
   *[other] { $count } Personen im Wahlverzeichnis, die nicht abgestimmt haben.
}
whom-role = { $count ->
    [1] 1 Person mit Stimmrecht.
   *[other] { $count } Personen mit Stimmrecht.
}
whom-list = { $count ->
    [1] 1 Person im Wahlverzeichnis.
   *[other] { $count } Personen im Wahlverzeichnis.
}
publish-undo = Bis zum Beginn kann sie noch bearbeitet oder archiviert werden. Danach können Sie sie jederzeit beenden.
open-undo = Nein. Sie können sie jederzeit beenden.
unfreeze-undo = Ja. Sie können sie jederzeit wieder öffnen.
close-undo-named = Sie kann mit einem Grund wieder geöffnet werden, aber bis dahin wurden ihre Ergebnisse vielleicht gelesen.
close-undo-secret = Nein. Eine geheime Abstimmung, die beendet ist, nimmt keine Stimmen mehr an.
release-undo = Nein. Was gelesen wurde, lässt sich nicht zurückholen.
reopen-undo = Ja. Sie kann jederzeit wieder beendet werden.
archive-undo = Ja. Sie kann jederzeit mit ihren Stimmzetteln wiederhergestellt werden.
restore-undo = Ja. Sie kann wieder archiviert werden.
is-published = Die Abstimmung ist veröffentlicht und beginnt am { $time }.
is-open = Die Abstimmung ist offen.
is-unfrozen = Die Abstimmung ist wieder ein Entwurf. Berichtigen Sie sie, und öffnen Sie sie, wenn abgestimmt werden darf.
is-closed = Die Abstimmung ist beendet.
is-released = Die Ergebnisse sind freigegeben.
is-reopened = Die Abstimmung ist wieder geöffnet.
is-archived = Die Abstimmung ist archiviert.
is-restored = Die Abstimmung ist wiederhergestellt.
is-open-already = Diese Abstimmung ist schon offen.
is-unfrozen-already = Diese Abstimmung ist schon ein Entwurf.
unfreeze-refused = Der Stimmzettel bleibt, wie er ist: Es wurde schon abgestimmt, oder das Ende wurde verlegt. Es wurde nichts geändert.
is-closed-already = Diese Abstimmung ist schon beendet.
is-released-already = Diese Abstimmung ist schon freigegeben.
is-reopened-already = Diese Abstimmung ist schon wieder geöffnet.
is-archived-already = Diese Abstimmung ist schon archiviert.
is-restored-already = Diese Abstimmung ist schon wiederhergestellt.
poll-is-now = Diese Abstimmung ist { $state ->
    [draft] ein Entwurf
    [scheduled] geplant
    [open] offen
    [archived] archiviert
   *[closed] beendet
}. Es wurde nichts geändert.
step-stale = Jemand anderes hat diese Abstimmung gerade geändert. Es wurde nichts getan. Sehen Sie sie noch einmal an, und entscheiden Sie dann.
limits = { $max ->
    [1] Eine Antwort
   *[other] { $min } bis { $max } Antworten
}
limits-ranked = { $limits } in Reihenfolge ({ $rule })
votes-reviewed = vor der Abgabe noch einmal gezeigt
votes-receipt = mit Beleg
votes-own-order = Antworten für alle in eigener Reihenfolge
decision-quorum = { $rule }; Quorum { $quorum } %
who-by-role = { $roles }: { $count ->
    [1] 1 Person, die sich angemeldet hat
   *[other] { $count } Personen, die sich angemeldet haben
}
who-by-list = { $count ->
    [1] 1 Person in einem Verzeichnis
   *[other] { $count } Personen in einem Verzeichnis
}
who-invited = { $count ->
    [1] 1 Person in einem Verzeichnis
   *[other] { $count } Personen in einem Verzeichnis
}, davon haben sich { $invited } noch nicht angemeldet
field-limits = Antworten auf einem Stimmzettel
field-abstention = Enthaltung angeboten
field-own-order = Eigene Reihenfolge
field-change = Stimme änderbar
field-review = Geheime Stimme wird geprüft
field-receipts = Belege
limits-all = allen
limits-from-to = Von { $min } bis { $max }
edit-unsent = Ihre Anmeldung war abgelaufen, darum wurde nichts gespeichert. Unten steht, was Sie eingegeben haben. Speichern Sie es jetzt, wenn es noch stimmt.
edit-stale = Jemand anderes hat diese Abstimmung geändert, seit Sie sie geöffnet haben. Von Ihnen ist noch nichts gespeichert und nichts verloren: Unten steht, was Sie eingegeben haben. Speichern Sie noch einmal, um es an die Stelle der anderen Fassung zu setzen.
edit-not-now = Diese Abstimmung ist inzwischen { $state ->
    [draft] ein Entwurf
    [scheduled] geplant
    [open] offen
    [archived] archiviert
   *[closed] beendet
}, darum steht ihr Stimmzettel fest. Ihre Änderungen wurden nicht gespeichert; unten steht, was Sie eingegeben haben.
poll-saved = Die Abstimmung wurde gespeichert.
flaw-quorum-example = Geben Sie einen Prozentsatz von 0 bis 100 ein, etwa 50 oder 33.3.
flaw-whole-number = Geben Sie eine ganze Zahl ein.
the-opening-time = Beginn
the-closing-time = Ende
time-never = Über diese Zeit ({ $called }) wird die Uhr vorgestellt, darum kommt sie nie. Wählen Sie eine Stunde früher oder später.
time-unreadable = Geben Sie Datum und Uhrzeit ein ({ $called }), etwa 2026-11-30T18:00.
time-twice = Über diese Zeit ({ $called }) wird die Uhr zurückgestellt, darum kommt sie zweimal. Es gilt das erste Mal.
closes-when-closed = von Hand
amend-stale = Jemand anderes hat diese Abstimmung geändert, seit Sie diese Seite geöffnet haben, und von Ihnen wurde nichts gespeichert. Jetzt endet sie: { $closes }; das Team sieht die Zahlen: { $staff }; Stimmberechtigte: { $voters }. Speichern Sie noch einmal, um Ihre Fassung an diese Stelle zu setzen.
amend-title-open = Ende und Ergebnisse
amend-title = Wer Ergebnisse sieht
amend-unsent = Ihre Anmeldung war abgelaufen, darum wurde nichts geändert. Unten steht, was Sie gewählt haben. Speichern Sie es jetzt, wenn es noch stimmt.
poll-changed = Die Abstimmung wurde geändert.
is-copy = Das ist die Kopie. Geben Sie ihr ihre Zeiten.
is-copy-without-list = Das ist die Kopie. Geben Sie ihr ihre Zeiten. Das Wahlverzeichnis wurde nicht kopiert.
type-number = Geben Sie die Nummer der Abstimmung ein, um sie zu löschen.
poll-deleted = Die Abstimmung wurde gelöscht.
poll-not-deleted = Diese Abstimmung wurde inzwischen geändert oder veröffentlicht. Es wurde nichts gelöscht.
a-list = Ein Verzeichnis
no-list = Diese Abstimmung hat kein Wahlverzeichnis: Sie geht nach Rollen. Bearbeiten Sie die Abstimmung, um das zu ändern.
list-too-late = Diese Abstimmung ist { $state ->
    [draft] ein Entwurf
    [scheduled] geplant
    [open] offen
    [archived] archiviert
   *[closed] beendet
}, darum bleibt ihr Verzeichnis, wie es ist. Es wurde nichts geändert.
list-summary = { $people }.
list-summary-invited = { $people }, davon { $invited ->
    [1] hat sich 1
   *[other] haben sich { $invited }
} noch nicht angemeldet.
nobody-taken-off = Niemand wurde aus dem Verzeichnis entfernt. Kreuzen Sie zuerst das Kästchen an.
list-changed = Das Verzeichnis wurde geändert. Es nennt jetzt { $people }.
list-saved = Das Verzeichnis wurde gespeichert. Es nennt jetzt { $people }.
kind-of-entry = Eintrag
entry-person = Hat sich angemeldet
entry-email = Per E-Mail-Adresse eingeladen
entry-subject = Per Subject eingeladen
bulk-take-off = { $count ->
    [1] 1 Person aus dem Verzeichnis entfernen
   *[other] { $count } Personen aus dem Verzeichnis entfernen
}
bulk-take-off-what = Sie können dann in dieser Abstimmung nicht abstimmen. Bis zum Öffnen lassen sie sich wieder aufnehmen.
taken-off = { $count ->
    [0] Niemand wurde aus dem Verzeichnis entfernt.
    [1] 1 Person wurde aus dem Verzeichnis entfernt.
   *[other] { $count } Personen wurden aus dem Verzeichnis entfernt.
}
list-not-emptied = Niemand wurde aus dem Verzeichnis entfernt: Diese Abstimmung ist geplant und braucht beim Öffnen jemanden im Verzeichnis. Nehmen Sie zuerst die anderen auf.
nobody-ticked = Niemand war angekreuzt, darum wurde niemand aufgenommen.
add-to-list = { $people } aufnehmen
no-upload = Es gibt keine Datei zum Speichern: Sie wurde gespeichert oder verworfen, oder eine Stunde ist vergangen. Senden Sie sie noch einmal.
becomes-enrolled = { $name }, hat sich angemeldet
becomes-invited = Noch nicht angemeldet
becomes-duplicate = Schon im Verzeichnis
becomes-ambiguous = Mehrere Personen
upload-discarded = Die Datei wurde verworfen. Das Verzeichnis ist, wie es war.
upload-nothing = Wählen Sie eine Datei mit mindestens einer Person darin, oder tragen Sie unten eine ein.
votes-terms = { $first }; { $second }
limits-one = Eine
limits-from-to-ranked = { $limits }, in Reihenfolge: { $rule }

## Die Liste, und mehrere Abstimmungen auf einmal

published-recently = Vor Kurzem veröffentlicht
may-vote = Stimmberechtigt
select-poll = Abstimmung auswählen: { $question }
ballot-single = Eine Antwort
ballot-multiple = Mehrere Antworten
ballot-ranked = Antworten in Reihenfolge
ballot-score = Eine Note für jede Antwort
bulk-close = Beenden
bulk-delete = Entwürfe löschen
bulk-export = Als CSV ausgeben
bulk-close-polls = { $count ->
    [1] 1 Abstimmung beenden
   *[other] { $count } Abstimmungen beenden
}
bulk-archive-polls = { $count ->
    [1] 1 Abstimmung archivieren
   *[other] { $count } Abstimmungen archivieren
}
bulk-delete-polls = { $count ->
    [1] 1 Abstimmung löschen
   *[other] { $count } Abstimmungen löschen
}
bulk-close-what = Ab jetzt kann an diesen Abstimmungen niemand mehr teilnehmen. Stimmzettel bleiben, wie sie sind. Eine beendete Abstimmung wird von hier aus nicht wieder geöffnet.
bulk-archive-what = Diese Abstimmungen verschwinden aus allen Listen. Stimmzettel bleiben, wie sie sind, und jede Abstimmung lässt sich jederzeit wiederherstellen.
bulk-delete-what = Diese Entwürfe verschwinden für immer, mit ihren Antworten und Wahlverzeichnissen. In keinem davon hat jemand abgestimmt. Das lässt sich nicht rückgängig machen.
bulk-close-skips = Nur eine offene Abstimmung lässt sich beenden:
bulk-archive-skips = Eine offene Abstimmung muss zuerst beendet werden, eine archivierte ist schon aus den Listen:
bulk-delete-skips = Nur ein Entwurf lässt sich löschen; archivieren Sie die anderen:
bulk-reason-hint = Bei mindestens einer dieser Abstimmungen war eine längere Frist angekündigt. Die Stimmberechtigten lesen diesen Grund.

## Was als Nächstes kommt

next-step = Nächster Schritt
next-publish = Alles ist da. Nach dem Veröffentlichen steht sie in der Liste und beginnt von selbst am { $time }.
next-open = Alles ist da. Öffnen Sie sie, sobald abgestimmt werden darf.
next-opens = Sie beginnt von selbst am { $time }.
next-closes = Sie nimmt Stimmen an und endet von selbst am { $time }.
next-close = Sie nimmt Stimmen an, bis Sie sie beenden.
next-release = Sie ist beendet, und ihre Ergebnisse warten auf die Freigabe.
next-archive = Sie ist vorbei, und es ist nichts mehr zu tun. Archiviert verschwindet sie aus allen Listen und lässt sich jederzeit wiederherstellen.
next-restore = Stimmberechtigte sehen sie nicht mehr. Wiederhergestellt kommt sie in die Listen zurück.
