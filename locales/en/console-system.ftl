### The state of the installation.

program-and-database = Program and database
database = Database
size = Size
size-in-unit = { $number } { $unit }
size-in-bytes = { $count ->
    [1] 1 byte
   *[other] { $count } bytes
}
size-with-log = { $size }, and { $log } in the write-ahead log
schema = Schema
schema-up-to-date = Up to date
schema-gap = { $missing ->
    [1] 1 migration is missing
   *[other] { $missing } migrations are missing
}, { $newer ->
    [1] 1 is newer than this program
   *[other] { $newer } are newer than this program
}
count-migrations = { $count ->
    [1] 1 migration
   *[other] { $count } migrations
}
sign-in-providers = Sign-in providers
provider-at = <code>{ $id }</code> at { $issuer }
provider-clock = Its clock
provider-fetched = metadata and keys fetched { $ago }
provider-silent = has not answered yet, so nobody can sign in there
clock-agrees = agrees with ours within { $leeway } seconds
clock-ahead = { $offset } seconds ahead of ours: sign-in is refused until both are set
clock-behind = { $offset } seconds behind ours: sign-in is refused until both are set
seconds-ago = { $count ->
    [1] 1 second ago
   *[other] { $count } seconds ago
}
minutes-ago = { $count ->
    [1] 1 minute ago
   *[other] { $count } minutes ago
}
hours-ago = { $count ->
    [1] 1 hour ago
   *[other] { $count } hours ago
}
days-ago = { $count ->
    [1] 1 day ago
   *[other] { $count } days ago
}
history-of-changes = History of changes
chain = Chain
health = Health
database-answers = The database answers.
backups = Backups
backups-off = none are made
backups-elsewhere = PostgreSQL makes them with its own tools
backup-last = Last backup
backup-made = { $ago }, { $size }, verified
backup-never = none yet
backup-failed = the attempt { $ago } failed: { $why }
backup-late = older than two of them should be
backup-but = { $made }; { $but }
backups-kept = Kept
count-backups = { $count ->
    [1] 1 backup
   *[other] { $count } backups
}
backup-next = Next backup
backup-due = due { $time }
backup-unscheduled = not scheduled
disk-space-left = Room for backups
backups-hint = Without a backup that is recent and verified, a broken disk takes every vote with it. Set <code>{ $setting }</code> to a folder on another disk and restart the server, or call <code>rolecall backup</code> on a schedule. The log says why one has failed. Keep in mind that whoever compares two copies that were made while a secret poll was open may learn how those voted who came between the two.
