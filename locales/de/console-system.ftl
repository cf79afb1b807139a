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
backups-off = es werden keine angelegt
backups-elsewhere = PostgreSQL legt sie mit eigenen Werkzeugen an
backup-last = Letzte Sicherung
backup-made = { $ago }, { $size }, überprüft
backup-never = noch keine
backup-failed = der Versuch { $ago } ist gescheitert: { $why }
backup-late = älter, als zwei von ihnen sein sollten
backup-but = { $made }; { $but }
backups-kept = Aufbewahrt
count-backups = { $count ->
    [1] 1 Sicherung
   *[other] { $count } Sicherungen
}
backup-next = Nächste Sicherung
backup-due = fällig { $time }
backup-unscheduled = nicht geplant
disk-space-left = Platz für Sicherungen
backups-hint = Ohne eine frische, überprüfte Sicherung nimmt eine defekte Festplatte jede Stimme mit. Setzen Sie <code>{ $setting }</code> auf einen Ordner auf einer anderen Platte und starten Sie den Server neu, oder rufen Sie <code>rolecall backup</code> nach einem Zeitplan auf. Das Log sagt, warum eine gescheitert ist. Bedenken Sie: Wer zwei Kopien vergleicht, die während einer geheimen Abstimmung entstanden sind, erfährt unter Umständen, wie diejenigen gestimmt haben, die dazwischen kamen.
