### Der Zustand der Installation.

program-and-database = Programm und Datenbank
database = Datenbank
size = Größe
size-in-unit = { $number } { $unit }
size-in-bytes = { $count ->
    [1] 1 Byte
   *[other] { $count } Byte
}
size-with-log = { $size }, und { $log } im Write-Ahead-Log
schema = Schema
schema-up-to-date = Auf dem neuesten Stand
schema-gap = { $missing ->
    [1] 1 Migration fehlt
   *[other] { $missing } Migrationen fehlen
}, { $newer ->
    [1] 1 ist neuer als dieses Programm
   *[other] { $newer } sind neuer als dieses Programm
}
count-migrations = { $count ->
    [1] 1 Migration
   *[other] { $count } Migrationen
}
sign-in-providers = Anmeldedienste
provider-at = <code>{ $id }</code> unter { $issuer }
provider-clock = Seine Uhr
provider-fetched = Metadaten und Schlüssel abgerufen { $ago }
provider-silent = hat noch nicht geantwortet, darum kann sich dort niemand anmelden
clock-agrees = stimmt mit unserer auf { $leeway } Sekunden überein
clock-ahead = geht { $offset } Sekunden vor: Anmeldungen werden abgelehnt, bis beide Uhren gestellt sind
clock-behind = geht { $offset } Sekunden nach: Anmeldungen werden abgelehnt, bis beide Uhren gestellt sind
seconds-ago = { $count ->
    [1] vor 1 Sekunde
   *[other] vor { $count } Sekunden
}
minutes-ago = { $count ->
    [1] vor 1 Minute
   *[other] vor { $count } Minuten
}
hours-ago = { $count ->
    [1] vor 1 Stunde
   *[other] vor { $count } Stunden
}
days-ago = { $count ->
    [1] vor 1 Tag
   *[other] vor { $count } Tagen
}
history-of-changes = Protokoll der Änderungen
chain = Kette
health = Zustand
database-answers = Die Datenbank antwortet.
backups = Sicherungen
backups-hint = Diese Version legt noch keine an. Kopieren Sie die Datenbank mit den Werkzeugen Ihres Betriebssystems oder Datenbankservers, und bedenken Sie: Eine Kopie, die während einer geheimen Abstimmung entsteht, zeigt, in welcher Reihenfolge die Stimmzettel eingingen.
