### Ergebnisse, wer abgestimmt hat, und die Prüfung einer beendeten Abstimmung.

results-of = Ergebnisse: { $question }
still-moving = Die Abstimmung läuft, und diese Zahlen ändern sich noch.
updated = Stand: { $time }.
refresh = Neu laden
votes-so-far = { $count ->
    [1] Bisher 1 Stimme
   *[other] Bisher { $count } Stimmen
}
so-far = Bisher
take-along = Die Zahlen mitnehmen
as-csv = Tabelle für ein Tabellenprogramm (CSV)
as-json = Angaben für Programme (JSON)
named-votes-link = <a href="{ $href }">Wer wofür gestimmt hat</a>. Das Protokoll vermerkt, dass Sie nachgesehen haben.
sealed-as = Versiegelt, als die Abstimmung beendet war: <code>{ $seal }</code> (SHA-256).
printed-seal = Siegel { $seal }
ballots-changed = <strong>Diese Stimmzettel sind nicht die, die versiegelt wurden.</strong> Jemand oder etwas hat sie seit dem Ende der Abstimmung verändert, darum wird keine Zahl gezeigt.
ballots-changed-tell = Sagen Sie es denen, die diese Website betreiben, und bewahren Sie ihr Log auf.
numbers-after-release = Zahlen erscheinen, sobald die Administration sie freigegeben hat.
numbers-after-closing = Zahlen erscheinen nach dem Ende der Abstimmung.
numbers-of-secret-poll = Bis zum Ende der Abstimmung sieht niemand die Zahlen, auch die Administration nicht.
to-poll = Zur Abstimmung
named-tag = Namentlich
secret-tag = Geheim
until-time = bis { $time }
on-time = am { $time }
state-draft = Entwurf
state-scheduled = Geplant
state-open = Offen
state-closed = Beendet
state-released = Ergebnisse freigegeben
state-archived = Archiviert

## Wer abgestimmt hat, und wofür

named-votes = Wer wofür gestimmt hat
named-votes-hint = Auf dem Stimmzettel stand, dass das Team diese Seite sieht. Das Protokoll vermerkt, wer sie öffnet.
search = Suchen
search-named-votes = In Namen und Antworten suchen
no-votes-yet = Noch keine Stimmen.
no-vote-matches = Keine Stimme passt
show-all-votes = Alle Stimmen zeigen
column-name = Name
column-vote = Stimme
column-cast = Abgegeben
column-voted = Abgestimmt
abstain = Ich enthalte mich
participation = Wer abgestimmt hat
participation-hint = Wen die Abstimmung fragt, und ob die Stimme abgegeben ist: nie wann, und nicht wofür.
search-names = In Namen suchen
everybody = Alle
have-voted = Haben abgestimmt
have-not-voted = Haben nicht abgestimmt
nobody-matches = Niemand passt
show-everybody = Alle zeigen
people = { $count ->
    [1] 1 Person
   *[other] { $count } Personen
}
yes = Ja
no = Nein

## Die Prüfung

check-poll = Diese Abstimmung prüfen
check-of = Diese Abstimmung prüfen: { $question }
check-passes = <strong>Alles stimmt überein.</strong> Es wurde gerade eben aus den Stimmzetteln selbst gezählt.
check-fails = <strong>Etwas stimmt nicht überein.</strong> Verlassen Sie sich nicht auf die Zahlen dieser Abstimmung. Sagen Sie es denen, die diese Website betreiben, und nennen Sie diese Seite.
check-later = Eine Abstimmung kann geprüft werden, wenn sie beendet ist.
check-later-on = Eine Abstimmung kann geprüft werden, wenn sie beendet ist: am { $time }.
statement-passes = stimmt
statement-fails = stimmt nicht
check-marks = So viele Stimmzettel wie Personen, die abgestimmt haben
check-marks-found = { $marks ->
    [1] Bei 1 Person
   *[other] Bei { $marks } Personen
} ist vermerkt, dass sie abgestimmt hat, und in der Urne { $ballots ->
    [1] liegt 1 Stimmzettel
   *[other] liegen { $ballots } Stimmzettel
}.
check-ballots = Jeder Stimmzettel ist vollständig
check-ballots-found = Von { $ballots ->
    [1] 1 Stimmzettel
   *[other] { $ballots } Stimmzetteln
} haben { $whole } so viele Antworten, wie erlaubt sind, oder enthalten sich, und { $strays ->
    [0] keine Antwort steht
    [1] 1 Antwort steht
   *[other] { $strays } Antworten stehen
} auf keinem Stimmzettel.
check-seal = Die Zahlen sind die versiegelten
check-seal-fits = Jetzt noch einmal gezählt ergeben die Stimmzettel genau, was nach dem Ende versiegelt wurde.
check-seal-rewritten = Was versiegelt wurde, ist seitdem umgeschrieben worden: Seine Prüfsumme ist eine andere.
check-seal-not-in-history = Das Protokoll nennt ein anderes Siegel oder keines.
check-seal-other-count = Jetzt noch einmal gezählt ergeben die Stimmzettel etwas anderes, als versiegelt wurde.
check-history = Das Protokoll ist vollständig
check-history-whole = Jeder Eintrag im Protokoll der Änderungen trägt die Prüfsumme des vorigen.
check-history-broken = Eintrag { $entry } im Protokoll der Änderungen passt nicht: Er oder einer davor wurde geändert, entfernt oder eingefügt.
seal = Das Siegel
seal-explained = Als die Abstimmung beendet war, wurden ihre Regeln, ihre Zahlen und die Prüfsummen ihrer Quittungen in ein Dokument geschrieben. Der SHA-256 dieses Dokuments ist das Siegel; es steht auch im Protokoll der Änderungen und im Log dieser Website.
seal-label = Siegel (SHA-256)
sealed-at = Versiegelt
download-sealed = <a href="{ $href }">Laden Sie das versiegelte Dokument herunter</a> und vergleichen Sie seine Prüfsumme selbst:
sealed-not-for-you = Das Dokument enthält die Zahlen; herunterladen kann es nur, wer die Zahlen lesen darf.
check-limits = Dies zeigt, dass Wählerverzeichnis, Stimmzettel, Siegel und Protokoll zueinander passen. Wer den Server in der Hand hat, hätte sie alle ändern können, bevor das Siegel entstand.
