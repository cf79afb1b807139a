### Die Startseite.

hello = Guten Tag, { $name }
open-for-you = Offen für Sie ({ $count })
no-poll-waits = Keine Abstimmung wartet auf Ihre Stimme.
these-close-first = Diese enden zuerst. <a href="{ $href }">Alle Abstimmungen</a> zeigt auch die anderen.
results-ready = Ergebnisse liegen vor
no-results-yet = Noch hat keine Abstimmung Zahlen zu zeigen.
recently-closed = Kürzlich beendet
latest-polls = Neueste Abstimmungen
no-polls = Es gibt keine Abstimmungen.
hero = Wer im Wahlverzeichnis steht, hat eine Stimme.
hero-lede = Rolecall hält Abstimmungen für die Menschen ab, die Ihre Organisation schon kennt. Melden Sie sich mit Ihrem gewohnten Konto an, stimmen Sie einmal ab und sehen Sie, dass Ihre Stimme zählt.
see-all-polls = Alle Abstimmungen ansehen
admin-console = Zur Verwaltung
