### Bausteine, und der Rahmen jeder Seite.

value = { $value }
list-and = { $most } und { $last }
list-or = { $most } oder { $last }

## Zeiten

month = { $month ->
    [1] Januar
    [2] Februar
    [3] März
    [4] April
    [5] Mai
    [6] Juni
    [7] Juli
    [8] August
    [9] September
    [10] Oktober
    [11] November
   *[12] Dezember
}
day-written = { $day }. { month } { $year }
moment-utc = { $day }. { month } { $year }, { $time } Uhr UTC
moment-zoned = { $day }. { month } { $year }, { $time } Uhr ({ $zone }, { $offset })
moment-elsewhere = { $there }, das ist { $here }

## Der Rahmen

skip = Zum Inhalt springen
demo = <strong>Demo.</strong> Personen und Abstimmungen sind Beispiele und verschwinden, wenn sie endet.
main-navigation = Hauptmenü
breadcrumbs = Brotkrumen
home = Startseite
polls = Abstimmungen
all-polls = Alle Abstimmungen
results = Ergebnisse
admin = Verwaltung
sign-in = Anmelden
sign-out = Abmelden
sign-up = Registrieren
times-are-in = Zeiten gelten für { $zone }, wenn keine andere Zeitzone dabeisteht.

## Rollen

role-user = Stimmberechtigt
role-staff = Team
role-admin = Administration

## Formulare und Listen

problem-summary = Etwas stimmt noch nicht
error-prefix = Fehler:{" "}
pages = Seiten
page-previous = Vorige<span class="visually-hidden"> Seite</span>
page-next = Nächste<span class="visually-hidden"> Seite</span>
page-of = Seite { $current } von { $last }
votes = { $count ->
    [1] 1 Stimme
   *[other] { $count } Stimmen
}
