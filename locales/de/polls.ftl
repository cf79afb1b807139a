### Abstimmungen für Stimmberechtigte: Listen, Stimmzettel, Stimme und Beleg.

## In einer Liste

opens-time = beginnt am { $time }
no-closing-time = noch kein Ende festgelegt
you-can-vote = Sie können abstimmen
voted-tag = Abgestimmt
not-eligible = Nicht stimmberechtigt
will-be-able-short = Sie werden abstimmen können
you-did-not-vote = Sie haben nicht abgestimmt

## Die Abstimmung

opens-on = beginnt am { $time }
until-closed = bis die Administration sie beendet
will-be-able = Sie werden abstimmen können.
will-not-be-able = Sie werden nicht abstimmen können.
cannot-vote = Sie können an dieser Abstimmung nicht teilnehmen.
wrong-role = Diese Abstimmung ist für Personen mit der Rolle { $roles }. Ihre Rolle ist { $role }. Rollen vergibt, wer Ihren Anmeldedienst betreibt.
not-listed = Diese Abstimmung ist für die Personen im Wahlverzeichnis, und Sie stehen nicht darin. Wenn Sie darin stehen sollten, bitten Sie die Verantwortlichen, Sie aufzunehmen.
not-listed-unverified = Diese Abstimmung ist für die Personen im Wahlverzeichnis, und Sie stehen nicht darin. Wenn Sie darin stehen sollten, bitten Sie die Verantwortlichen, Sie aufzunehmen. Ein Wahlverzeichnis kann Personen mit ihrer E-Mail-Adresse nennen: Ihr Anmeldedienst hat { $email } nicht bestätigt.
recorded-see-confirmation = Ihre Stimme ist erfasst. <a href="{ $href }">Zur Bestätigung</a>.
was-extended = Die Frist wurde verlängert: Die Abstimmung sollte am { $time } enden.
was-closed-early = Sie wurde vorzeitig beendet: { $reason }
on-the-paper = Auf dem Stimmzettel
address-of-poll = Adresse dieser Abstimmung:
readers-staff = Die Ergebnisse liest das Team.
readers-after-close = Die Ergebnisse stehen nach dem Ende auf der Seite der Abstimmung.
readers-on-release = Die Ergebnisse werden nach einer Prüfung veröffentlicht.

## Der Stimmzettel

select-exactly = { $max ->
    [1] Wählen Sie eine Antwort.
   *[other] Wählen Sie { $max } Antworten.
}
select-between = Wählen Sie { $min } bis { $max } Antworten.
rank-exactly = Geben Sie Ihrer ersten Wahl die Nummer 1, Ihrer zweiten die Nummer 2 und so weiter. Vergeben Sie { $max } Nummern.
rank-up-to = Geben Sie Ihrer ersten Wahl die Nummer 1, Ihrer zweiten die Nummer 2 und so weiter. Vergeben Sie so viele Nummern, wie Sie möchten, höchstens { $max }.
rank-between = Geben Sie Ihrer ersten Wahl die Nummer 1, Ihrer zweiten die Nummer 2 und so weiter. Vergeben Sie { $min } bis { $max } Nummern.
not-ranked = Ohne Nummer
or = oder
terms-named = Das Team sieht Ihren Namen neben Ihrer Antwort.
terms-secret = Diese Abstimmung ist geheim: Wer abgestimmt hat und was auf den Stimmzetteln steht, wird getrennt aufbewahrt, und keine Aufzeichnung verbindet beides.
terms-secret-operator = Wer den Server betreibt, könnte trotzdem herausfinden, wie Sie gestimmt haben: indem er ihn beobachtet, während Sie abstimmen, indem er seine Dateien bis kurz nach dem Ende der Abstimmung kopiert oder indem er das Programm ändert.
terms-secret-few = Wenn nur wenige abstimmen oder alle gleich, zeigen schon die Ergebnisse, wie sie gestimmt haben.
terms-may-change = Sie können Ihre Stimme ändern, bis die Abstimmung endet.
terms-no-change = Eine abgegebene Stimme können Sie nicht mehr ändern oder zurückziehen.
open-until = Offen bis { $time }.
open-until-extended = Offen bis { $time }, verlängert von { $earlier }.
open-until-closed = Offen, bis die Administration sie beendet.
you-voted = <strong>Sie haben am { $time } abgestimmt:</strong> { $choice }. Sie können das ändern, bis die Abstimmung endet.
continue = Weiter
change-my-vote = Meine Stimme ändern
cast-my-vote = Meine Stimme abgeben

## Ein Stimmzettel, der keiner ist

fault-nothing = Sie haben keine Antwort gewählt.
fault-nothing-ranked = Sie haben keiner Antwort eine Nummer gegeben.
fault-not-a-choice = Wählen Sie eine der Antworten dieser Abstimmung.
fault-not-a-choice-ranked = Geben Sie einer der Antworten dieser Abstimmung eine Nummer.
fault-repeated = Wählen Sie jede Antwort nur einmal.
fault-repeated-ranked = Geben Sie jeder Antwort nur eine Nummer.
fault-other-paper = Der Stimmzettel wurde geändert, nachdem Sie ihn geöffnet hatten. Ihre Stimme wurde nicht abgegeben. Sehen Sie ihn noch einmal durch und wählen Sie neu.
fault-abstained = Wählen Sie entweder Ihre Antworten oder „Ich enthalte mich“, nicht beides.
fault-abstained-ranked = Nummerieren Sie entweder Ihre Antworten, oder wählen Sie „Ich enthalte mich“, nicht beides.
fault-not-a-rank = Geben Sie einer Antwort eine Nummer, oder lassen Sie sie ohne.
fault-same-rank = Sie haben die Nummer { $rank } mehr als einmal vergeben. Geben Sie jeder Antwort eine eigene Nummer.
fault-rank-left-out = Sie haben die Nummer { $rank } ausgelassen. Nummerieren Sie Ihre Antworten 1, 2, 3 ohne Lücke.
fault-too-few = Wählen Sie mindestens { $min }.
fault-too-few-ranked = Vergeben Sie mindestens { $min } Nummern.
fault-too-many = Wählen Sie höchstens { $max }.
fault-too-many-ranked = Vergeben Sie höchstens { $max } Nummern.

## Eine geheime Stimme prüfen

check-your-vote = Prüfen Sie Ihre Stimme
check-your-vote-on = Prüfen Sie Ihre Stimme: { $question }
not-cast-yet = Ihre Stimme ist noch nicht abgegeben. Sobald Sie sie abgeben, kann sie nicht mehr geändert oder zurückgezogen werden: Nichts verrät, welcher Stimmzettel Ihrer ist.
back = Zurück

## Die Bestätigung

vote-recorded = Ihre Stimme ist erfasst
your-choice = Ihre Antwort
your-receipt = Ihr Beleg
receipt-write-down = Schreiben Sie ihn jetzt auf, oder drucken Sie diese Seite: Der Code wird einmal gezeigt. Nach dem Ende der Abstimmung <a href="{ $href }">zeigt er, dass Ihr Stimmzettel mitgezählt ist</a>, und nichts von dem, was Sie gewählt haben.
receipt-was-shown = Der Code wird einmal gezeigt, gleich nach der Abgabe. Hier kennt ihn niemand, darum lässt er sich nicht noch einmal zeigen. Nach dem Ende der Abstimmung können Sie den <a href="{ $href }">prüfen</a>, den Sie aufgeschrieben haben.
poll-has-closed = Die Abstimmung ist beendet
poll-closes = Die Abstimmung endet
when-closed = Wenn die Administration sie beendet
until-then = Bis dahin
can-change-vote = Sie können <a href="{ $href }">Ihre Stimme ändern</a>.
vote-stays = Ihre Stimme bleibt, wie sie ist.
open-results = Ergebnisse öffnen.
next-open-poll = Nächste offene Abstimmung

## Eine Stimme, die nicht erfasst wurde

change-not-recorded = Ihre Änderung wurde nicht erfasst; Ihre frühere Stimme gilt.
fate-earlier-stands = Ihre frühere Stimme gilt.
cannot-vote-title = Sie können an dieser Abstimmung nicht teilnehmen
not-open-yet-title = Diese Abstimmung hat noch nicht begonnen
not-open-yet = Sie beginnt später. Kommen Sie dann wieder.
not-open-yet-until = Sie beginnt am { $time }. Kommen Sie dann wieder.
closed-title = Diese Abstimmung ist beendet
has-closed = Sie ist zu Ende gegangen und nimmt keine Stimmen mehr an.
has-closed-on = Sie ging am { $time } zu Ende und nimmt keine Stimmen mehr an.
unsent = Ihre Stimme wurde nicht erfasst: Ihre Anmeldung war abgelaufen.
unsent-vote = Ihre Stimme wurde nicht erfasst: Ihre Anmeldung war abgelaufen. Bitte wählen Sie noch einmal, und geben Sie Ihre Stimme ab.
unsent-vote-filled-in = Ihre Stimme wurde nicht erfasst: Ihre Anmeldung war abgelaufen. Ihre Antwort ist unten eingetragen. Geben Sie sie jetzt ab, wenn sie noch stimmt.
unsent-change = Ihre Änderung wurde nicht erfasst: Ihre Anmeldung war abgelaufen. Ihre frühere Stimme gilt.
unsent-change-filled-in = Ihre Änderung wurde nicht erfasst: Ihre Anmeldung war abgelaufen, und Ihre frühere Stimme gilt. Ihre neue Antwort ist unten eingetragen. Senden Sie sie jetzt, wenn sie noch stimmt.

## Belege

check-receipt = Beleg prüfen
check-receipt-of = Beleg prüfen: { $question }
no-receipts = Diese Abstimmung gibt keine Belege aus.
receipts-later = Belege können nach dem Ende der Abstimmung geprüft werden.
receipts-later-on = Belege können nach dem Ende der Abstimmung geprüft werden, am { $time }.
receipt-counted = <strong>Mitgezählt.</strong> Ein Stimmzettel mit diesem Code liegt in der Urne und wurde gezählt.
receipt-not-found = <strong>Nicht gefunden.</strong> Kein Stimmzettel dieser Abstimmung hat diesen Code. Vergleichen Sie ihn mit dem, was Sie aufgeschrieben haben; stimmt er überein, sagen Sie es den Verantwortlichen.
receipt-code = Code
receipt-code-hint = 16 Buchstaben und Ziffern. Leerzeichen, Striche und Kleinschreibung spielen keine Rolle.
receipt-unreadable = Geben Sie den Code mit seinen 16 Buchstaben und Ziffern ein, etwa 7K3M-0Q9X-ZB2H-41FA.
receipt-check = Prüfen
receipt-answer = Die Antwort sagt nie, was auf dem Stimmzettel steht, damit niemand einen Nachweis von Ihnen verlangen kann.
