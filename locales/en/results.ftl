### Results, who has voted, and the check of a closed poll.

results-of = Results: { $question }
still-moving = The poll is open and these numbers still move.
updated = Updated on { $time }.
refresh = Refresh
votes-so-far = { $count ->
    [1] 1 vote so far
   *[other] { $count } votes so far
}
so-far = So far
take-along = Take the numbers with you
as-csv = Table for a spreadsheet (CSV)
as-json = Facts for programs (JSON)
named-votes-link = <a href="{ $href }">Who voted for what</a>. The history notes that you looked.
sealed-as = Sealed when the poll had closed: <code>{ $seal }</code> (SHA-256).
printed-seal = Seal { $seal }
ballots-changed = <strong>These ballots are not the ones that were sealed.</strong> Somebody or something has changed them since the poll closed, so no number is shown.
ballots-changed-tell = Tell whoever runs this site, and keep its log.
numbers-after-release = Numbers appear once an administrator has released them.
numbers-after-closing = Numbers appear after closing.
numbers-of-secret-poll = Nobody, including administrators, can see counts until the poll has closed.
to-poll = To the poll
named-tag = Named votes
secret-tag = Secret ballot
until-time = until { $time }
on-time = on { $time }
state-draft = Draft
state-scheduled = Scheduled
state-open = Open
state-closed = Closed
state-released = Results released
state-archived = Archived

## Who voted, and for what

named-votes = Who voted for what
named-votes-hint = The ballot paper told voters that staff see this page. The history notes who opens it.
search = Search
search-named-votes = Search names and choices
no-votes-yet = No votes yet.
no-vote-matches = No vote matches
show-all-votes = Show all votes
column-name = Name
column-vote = Vote
column-cast = Cast
column-voted = Voted
abstain = I abstain
participation = Who has voted
participation-hint = Whom the poll asks, and whether they have voted: never when, and not for what.
search-names = Search names
everybody = Everybody
have-voted = Have voted
have-not-voted = Have not voted
nobody-matches = Nobody matches
show-everybody = Show everybody
people = { $count ->
    [1] 1 person
   *[other] { $count } people
}
yes = Yes
no = No

## The check

check-poll = Check this poll
check-of = Check this poll: { $question }
check-passes = <strong>Everything agrees.</strong> It was counted from the ballots themselves, just now.
check-fails = <strong>Something does not agree.</strong> Do not rely on the numbers of this poll. Tell whoever runs this site, and quote this page.
check-later = A poll can be checked after it has closed.
check-later-on = A poll can be checked after it has closed, on { $time }.
statement-passes = passes
statement-fails = fails
check-marks = As many ballots as people who voted
check-marks-found = { $marks ->
    [1] 1 person is
   *[other] { $marks } people are
} marked as having voted, and { $ballots ->
    [1] 1 ballot is
   *[other] { $ballots } ballots are
} in the box.
check-ballots = Every ballot is whole
check-ballots-found = Of { $ballots ->
    [1] 1 ballot
   *[other] { $ballots } ballots
}, { $whole } hold as many choices as the ballot paper allows or abstain, and { $strays ->
    [0] no choice stands
    [1] 1 choice stands
   *[other] { $strays } choices stand
} on no ballot.
check-seal = The numbers are the sealed ones
check-seal-fits = Counted again now, the ballots come to exactly what was sealed after the closing.
check-seal-rewritten = What was sealed has been rewritten since: its hash is another.
check-seal-not-in-history = The history tells of another seal, or of none.
check-seal-other-count = Counted again now, the ballots come to something else than what was sealed.
check-history = The history is whole
check-history-whole = Each entry of the history of changes carries the hash of the one before it.
check-history-broken = Entry { $entry } of the history of changes does not fit: it, or one before it, was changed, removed or added.
seal = The seal
seal-explained = When the poll had closed, its rules, its numbers and the hashes of its receipts were written into one document. The SHA-256 of that document is the seal; it also stands in the history of changes and in the log of this site.
seal-label = Seal (SHA-256)
sealed-at = Sealed
download-sealed = <a href="{ $href }">Download the sealed document</a> and compare its hash yourself:
sealed-not-for-you = The document holds the numbers, so that only those who may read the numbers can download it.
check-limits = This shows that roll, ballots, seal and history agree with each other. Whoever controls the server could have changed all of them before the seal was made.
