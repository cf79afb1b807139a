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
backups-hint = This version makes none yet. Copy the database with the tools of your operating system or database server, and keep in mind that a copy made while a secret poll is open shows in which order ballots came in.
