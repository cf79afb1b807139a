### The history of changes: the list, an entry, the chain.

changes = Changes
nothing = nothing
somebody-as = { $name } ({ $role })
audit-hint = Who changed what, from what to what. Entries are only ever added, and each carries the hash of the one before it. What is on a ballot never stands here.
audit-empty = Nothing has been changed yet
audit-empty-hint = Whatever admins, operators or the sign-in provider change is told here.
export-csv = Export this list as CSV
export-json = Export it as JSON
all-changes = All changes
did-votes-read = Read who voted for what in
did-token-made = Made a token for programs:
did-token-ended = Ended a token for programs of

## What the list is narrowed to

history-of = Of
history-by = By
number = Number
this-history = This history
poll-created = Poll created
poll-edited = Poll edited
poll-opened = Poll opened
poll-closed = Poll closed
poll-archived = Poll archived
poll-removed = Poll deleted
user-deactivated = Person deactivated
user-erased = Person erased
users-merged = People merged
role-changed = Role changed
role-lost = Role taken away
sessions-have-ended = Sessions ended
history-exported = History exported

## An entry

entry = Entry
entry-number = Entry { $number }
request-in-log = Request in the log
hash-before = Hash before
hash = Hash
what-has-changed = What has changed
no-field-changed = No field is told of.
column-old = Old
column-new = New
field-deactivated = Deactivated
field-format = Format
field-heard = Heard at
field-invitations = Not signed in yet
field-merged = Merged with number
field-role-source = Claim of the role
field-sessions-ended = Sessions ended
field-token = Token
field-tokens-ended = Tokens ended

## The chain

verify-chain = Verify the chain
verify-all = Verify all of it
chain-verified = The chain holds: every entry up to number { $number } is as it was written, and none is missing.
chain-end = Its end is
chain-in-log = Whenever a poll is sealed, the server’s log says where the end was; if an older line of the log does not agree with the entry of that number, the whole chain was written anew.
chain-tampered = The chain is broken at entry { $number }: it was changed, removed or put in by somebody with access to the database. Keep a copy of the database as it is now, and compare it with your backups.
chain-holds = the newest entries hold, the last is number { $number }.
chain-broken = broken at entry { $number }.
