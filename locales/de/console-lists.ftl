### Was die Listen der Verwaltung gemeinsam haben: Suche, Filter, Zeiten, Seiten, mehrere Zeilen auf einmal.

search-and-filter = Suchen und filtern
show-counts = Anzahlen zeigen
hide-counts = Anzahlen verbergen
option-count = { $option } ({ $count })
tag-search = Suche: { $words }
labelled = { $name }: { $value }
tag-from = { $dates } ab { $day }
tag-until = { $dates } bis { $day }
tag-in = { $dates } im Zeitraum { $day }
tag-remove = , entfernen
part-of = { $part } von { $all }
rows-on-a-page = Zeilen auf einer Seite
on-a-page = auf einer Seite
all-rows = Alle

## Zeiten

dates-from = { $dates } ab
dates-until = { $dates } bis
by-date = Nach Datum: { $dates }
all-dates = Alle Zeiten
period-today = Heute
period-week = Letzte 7 Tage
period-month = Dieser Monat
period-year = Dieses Jahr
date = Datum
published = Veröffentlicht

## Mehrere Zeilen auf einmal

bulk-form = Mehrere auf einmal bearbeiten
bulk-action = Aktion
bulk-choose = Bitte wählen …
bulk-which = Für
bulk-ticked = die angekreuzten
bulk-page = alle auf dieser Seite
bulk-all = alle in dieser Liste ({ $things })
bulk-go-on = Weiter …
select = Auswahl
bulk-nothing-to-do = Es gibt nichts zu tun
bulk-question = { $what }?
bulk-stay = { $count ->
    [1] 1 bleibt unverändert
   *[other] { $count } bleiben unverändert
}
bulk-no-action = Es wurde nichts getan: Wählen Sie zuerst eine Aktion.
bulk-nothing-ticked = Es wurde nichts getan: Kreuzen Sie zuerst die Zeilen an, die Sie meinen.
bulk-too-many = Es wurde nichts getan: Mehr als { $most } auf einmal gehen nicht. Grenzen Sie die Liste zuerst ein.
select-somebody = { $name } auswählen
select-session = Sitzung von { $name } auswählen, zuletzt gesehen { $seen }

## Wovon die Listen sind

count-polls = { $count ->
    [1] 1 Abstimmung
   *[other] { $count } Abstimmungen
}
no-poll-found = Keine Abstimmung gefunden
search-polls = Fragen und Antworten durchsuchen
no-person-found = Keine Person gefunden
count-sessions = { $count ->
    [1] 1 Sitzung
   *[other] { $count } Sitzungen
}
no-session-found = Keine Sitzung gefunden
count-sign-ins = { $count ->
    [1] 1 Anmeldung
   *[other] { $count } Anmeldungen
}
no-sign-in-found = Keine Anmeldung gefunden
search-sign-ins = Namen, E-Mail, Subject oder Anfrage durchsuchen
count-entries = { $count ->
    [1] 1 Eintrag
   *[other] { $count } Einträge
}
no-entry-found = Kein Eintrag gefunden
search-history = Durchsuchen, wer es tat oder was betroffen ist
