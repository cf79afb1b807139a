### Polls in the console: forms, steps, lists of voters.

choices-hint = At least two. Empty rows are ignored. To reorder, change the numbers or use the buttons.
method-ranked = Several choices in order of preference, within the limits below
randomise = Show each voter the choices in an order of their own
ranked-rule-hint = Only where a ballot gives an order of preference.
method-multiple = Several choices, within the limits below
ranked-rule = Preferences are counted by
max-choices-hint = Empty: all of them.
offer-abstention = Offer “I abstain”
choice-add = Add a choice
on-a-ballot = On a ballot
method-single = One choice
at-least = At least
at-most = At most
amend-rules-hint = Rules that are looser than what voters were told are not offered.
amend-reason-hint = Needed when the time changes. It stands in the history.
voters-see = Voters see the numbers
staff-see = Staff see the numbers
closing-time = Closing time
closes = Closes
delete-published = This poll was published, so it stays: people have seen it and may have voted. Archive it instead: it leaves all lists and can be restored.
delete-undo = No. That it was deleted stays in the history.
delete-question = Delete this poll?
archive-poll = Archive the poll
delete-poll = Delete the poll
amend-both = Change closing time or results
qr-code = The same address as a QR code
preview-as-voter = Preview as a voter sees it
amend-results = Change who sees results
carries-with = A choice carries with
fewest-shown = Fewest ballots shown
closed-early-because = Closed early because
copy-to-draft = Copy to a new draft
how-they-vote = How they vote
view-on-site = View on site
who-may-vote = Who may vote
description = Description
tell-people = Tell people
choices = Choices
min-show-hint = For a secret poll, at least 3: with fewer ballots its numbers stay hidden, from administrators as well.
secrecy-secret = Secret ballot: nothing joins voters and ballots, and nobody sees numbers before the poll closes
poll-zone-hint = A name like Europe/Berlin, or UTC. The times below are meant in it, and voters see them in it.
quorum-hint = The share of those who may vote that has to take part, abstentions included. Empty: none.
majority-hint = An order of preference has its own rule, above: leave “the most votes” there.
receipts = Voters get a receipt: a code that shows that their ballot is in the count
listed-already = This poll is listed already. People may have read what you change here.
secrecy-named = Named votes: staff may see who chose what, and voters are told so
review = A secret vote is shown to its voter once more before it is cast
question-hint = Up to 200 characters. It is the heading of the ballot paper.
description-hint = Plain text. Addresses that begin with https:// become links.
list-will-have-a-page = A list is written on its own page, once the poll is saved.
only-stricter = After the opening these rules can only become stricter.
allow-change = A named vote can be changed until the poll closes
min-show = Fewest ballots whose numbers are shown
carries-poll-with = A choice carries the poll with
versions-differ = Where the two versions differ
closes-hint = Empty: when you close it.
save-and-continue = Save and continue editing
opens-hint = Empty: when you open it.
save-and-add = Save and add another
roll-made-of = The roll is made of
quorum-percent = Quorum in percent
saved-meanwhile = Saved meanwhile
typed-by-you = Typed by you
save-as-new = Save as new
column-field = Field
add-first-poll = Add the first one: a question, at least two choices, and who may vote.
no-polls-yet = No polls yet
step-reason-hint = It stands in the history, and voters read why a poll was closed early.
cannot-be-opened = It cannot be opened yet:
goes-by-role = This poll goes by role: whoever has one of these roles when they vote may vote. There is no list to write.
list-grows-only = The poll is open, so nobody can be taken off its list. Who is added now is marked as added later.
nobody-listed-hint = Upload a file with e-mail addresses, or pick people who have signed in.
list-stays = The poll takes no votes any more, so its list stays as it is.
people-with-role = People with such a role who have signed in
nobody-listed = Nobody is on the list
added-before = Before the opening
download-list = Download the list
added-after = After the opening
empty-list = Empty the list
upload-file = Upload a file
pick-people = Pick people
start-again = Start again
add-ticked = Add those who are ticked
pick-voters = Pick voters
upload-late = The poll is open. They are marked as added later, the history tells of it, and they cannot be taken off again.
upload-unknown-issuer = Nobody signs in here at <code>{ $issuer }</code>, which the column iss names: whoever is named there cannot vote.
upload-nobody-new = Everybody in the file is on the list already.
upload-first-faults = These are the first of them.
add-these-voters = Add these voters?
send-another-file = Send another file
discard-file = Discard the file
first-lines = The first lines
upload-explained = Name each by e-mail address or by subject, the number or word by which your sign-in provider knows them.
upload-file-hint = CSV with commas, semicolons or tabs, up to 8 MB. You will see what it changes before anything is saved.
upload-columns = A file with a heading may hold more columns: those called email, sub and iss are read.
upload-address = An address counts for whoever signs in with it, once the provider has verified it.
upload-write-hint = Read when no file is chosen.
upload-lines = One voter on each line
upload-write = Or write them here
upload-voters = Upload voters
three-steps = Three steps to the first one:
closes-time = closes { $time }
closes-by-hand = closes by hand
choice-position = Position of choice { $number }
choice-number = Choice { $number }
choice-up = Up<span class="visually-hidden">: choice { $number }</span>
choice-down = Down<span class="visually-hidden">: choice { $number }</span>
choice-remove = Remove<span class="visually-hidden"> choice { $number }</span>
amend-closes-hint = In { $zone }. Not earlier than voters were told; empty: when you close it.
delete = Delete
archive = Archive
delete-what = What goes
delete-goes = The poll with its { $choices ->
    [1] 1 choice
   *[other] { $choices } choices
}. It has no ballots.
delete-goes-with-list = The poll with its { $choices ->
    [1] 1 choice
   *[other] { $choices } choices
} and its list of { $voters ->
    [1] 1 voter
   *[other] { $voters } voters
}. It has no ballots.
delete-type = Type the number of this poll: { $number }
archived-since = since { $time }. Voters no longer see it.
paper-fixed = The ballot paper is fixed: everybody has to have answered the same question.
paper-fixed-open = The closing time can be made later, and results can become stricter.
paper-fixed-results = Results can become stricter.
paper-fixed-unless = As long as nobody has voted, a mistake on the ballot paper can be corrected: take the poll back to draft.
or-abstain = , or “I abstain”
the-list = (<a href="{ $href }">the list</a>)
counted-after-closing = Counted after closing
votes-can-change = They can be changed.
votes-cannot-change = They cannot be changed.
fewest-shown-why = { $fewest }: of fewer ballots nobody sees numbers, as they would tell who voted how.
opens = Opens
never-opened = Never opened
by-hand = By hand
was-to-close = It was to close on { $time }.
poll-address = The poll is at <a href="{ $href }">{ $address }</a>. Signing in comes first, so the address tells nobody anything.
before-opening = <strong>Before it can open:</strong>
question = Question
list-has-a-page = A list is written <a href="{ $href }">on its own page</a>.
roles = Roles
secrecy = Secrecy
times = Times
state = State
preview-of = Preview: { $question }
preview-explained = <strong>Preview.</strong> A voter sees this while the poll is open. Nothing here can be sent. The state of the poll now: { $state }.
reopen-closes-hint = In { $zone }. Empty: when you close it.
voters-of = Voters: { $question }
column-added = Added
take-off = Take off
take-off-somebody = Take off<span class="visually-hidden">: { $name }</span>
take-off-everybody = Yes, take everybody off the list: { $who }
not-yet = Not yet
pick-voters-for = Pick voters: { $question }
pick-hint = Everybody who has signed in and may do so again. For those who have not, <a href="{ $href }">upload a file or write their e-mail addresses</a>.
on-the-list = (on the list)
voters-preview-of = Preview of voters: { $question }
upload-known = Known
upload-known-count = { $count }: have signed in and are put onto the list
upload-new = New
upload-new-count = { $count }: come onto the list by name and can vote once they sign in
upload-duplicate = Duplicate
upload-duplicate-count = { $count }: on the list already, or in the file more than once
upload-invalid = Invalid
upload-faults = <strong>Nothing can be saved yet.</strong> Correct these lines and send the file again.
upload-fault = Line { $line }: “{ $text }” is neither an e-mail address nor a subject.
upload-ambiguous = Several people have signed in with { $address }. Name them by subject.
column-line = Line
column-is = Is
upload-voters-for = Upload voters: { $question }
upload-subject = A subject is meant at <code>{ $issuer }</code>, where you have signed in.
upload-a-file = File
flaw-no-question = Enter a question.
flaw-long-question = The question is too long. Use { $longest } characters at most.
flaw-long-description = The description is too long. Use { $longest } characters at most.
flaw-long-choice = The choice is too long. Use { $longest } characters at most.
flaw-long-reason = The reason is too long. Use { $longest } characters at most.
flaw-same-choice = Choice { $number } says the same as one before it.
flaw-limits = The most must be at least the fewest, and the fewest at least 1.
flaw-no-roles = Select at least one role.
flaw-unknown-zone = There is no such time zone. Enter one like Europe/Berlin or UTC.
flaw-closes-before-opening = The closing time must be after the opening time.
flaw-shortens-voting = Voters were told that they have longer. Choose a later time; to end the poll now, close it.
flaw-voting-has-ended = The poll has closed, so its closing time stays as it is.
flaw-loosens-results = Voters were told that fewer people see the results, or later. This can only become stricter.
flaw-secret-change = A secret vote cannot be changed, because nothing tells whose it is. Choose named votes, or do not let votes be changed.
flaw-secret-live = Nobody, administrators included, sees numbers of a secret poll while it is open. Choose another rule.
flaw-shows-too-few = Enter 3 or more: with fewer ballots voters could work out how the others voted.
flaw-quorum = Enter a percentage from 0 to 100.
flaw-too-many-to-rank = At most { $most } choices can be ranked. Remove some, or choose another kind of ballot.
flaw-ranked-majority = Rankings are counted by a rule of their own. Choose the most votes, or another kind of ballot.
flaw-closes-in-the-past = Set a closing time that lies ahead, or none.
flaw-no-reason = Say why: voters were told another closing time.
flaw-not-offered = This kind of poll cannot be run by this version of Rolecall.
blocker-too-few-choices = { $needed ->
    [1] Give it at least 1 choice.
   *[other] Give it at least { $needed } choices.
}
blocker-no-roles = Select who may vote.
blocker-empty-list = Put at least one person onto the list.
rule-instant-runoff = Instant run-off
rule-schulze = Schulze method
roll-by-role = Everybody with one of the roles below
roll-by-list = The people on a list
results-live = While the poll is open and afterwards
results-after-close = After it has closed
results-on-release = After an admin has released them
results-never = Never
all-roles = All
open-poll = Open the poll
unfreeze-poll = Take it back to draft
close-poll = Close the poll
release-results = Release the results
reopen-poll = Reopen the poll
restore-poll = Restore the poll
publish-poll = Publish the poll
publish-now = Publish this poll now?
open-now-question = Open this poll now?
unfreeze-now = Take this poll back to draft?
close-now = Close this poll now?
release-now = Release the results of this poll now?
reopen-now = Reopen this poll now?
archive-now = Archive this poll now?
restore-now = Restore this poll now?
unfreeze-what = Voters do not see the poll until you open it again, and as a draft it can be corrected. Whoever has its ballot paper on the screen is asked to choose anew then. This is possible only as long as nobody has voted.
close-what = Nobody can vote from now on. { $ballots }
reopen-what = The poll takes votes again, until the time below or until you close it. { $ballots } People may have read its results already.
archive-what = The poll leaves all lists, and its address says that it was archived. { $ballots }
restore-what = The poll comes back to the lists in the state that its times say. { $ballots }
publish-what = The poll is listed now and takes votes from { $time }. Until then it can still be edited.
open-what = The poll is listed and takes votes from now on. Question and choices cannot be edited any more.
open-what-until = The poll is listed and takes votes from now on, until { $time }. Question and choices cannot be edited any more.
release-withheld = Fewer than { $fewest } ballots were cast. So few would tell who voted how, so nobody sees the numbers after the release either.
release-staff = Staff see the numbers from now on.
release-staff-already = Staff see the numbers already.
release-voters = Voters see them on the poll’s page from now on.
release-voters-already = Voters see them on the poll’s page already.
release-voters-never = Voters do not see them.
ballots-stay = { $count ->
    [0] There are no ballots in it.
    [1] Its ballot stays as it is.
   *[other] Its { $count } ballots stay as they are.
}
its-ballots-stay = Its ballots stay as they are.
whom-open-role = { $count ->
    [1] 1 person with a voting role who may vote.
   *[other] { $count } people with a voting role who may vote.
}
whom-open-list = { $count ->
    [1] 1 person on the list of voters who may vote.
   *[other] { $count } people on the list of voters who may vote.
}
whom-waiting-role = { $count ->
    [1] 1 person with a voting role who have not voted.
   *[other] { $count } people with a voting role who have not voted.
}
whom-waiting-list = { $count ->
    [1] 1 person on the list of voters who have not voted.
   *[other] { $count } people on the list of voters who have not voted.
}
whom-role = { $count ->
    [1] 1 person with a voting role.
   *[other] { $count } people with a voting role.
}
whom-list = { $count ->
    [1] 1 person on the list of voters.
   *[other] { $count } people on the list of voters.
}
publish-undo = Until it opens, it can still be edited or archived. Afterwards you can close it at any time.
open-undo = No. You can close it at any time.
unfreeze-undo = Yes. You can open it again at any time.
close-undo-named = It can be reopened with a reason, but people may have read its results by then.
close-undo-secret = No. A secret poll that has closed takes no more votes.
release-undo = No. What people have read cannot be taken back.
reopen-undo = Yes. It can be closed again at any time.
archive-undo = Yes. It can be restored at any time, with its ballots.
restore-undo = Yes. It can be archived again.
is-published = The poll is published and opens on { $time }.
is-open = The poll is open.
is-unfrozen = The poll is a draft again. Correct it, and open it when people may vote.
is-closed = The poll is closed.
is-released = The results are released.
is-reopened = The poll is reopened.
is-archived = The poll is archived.
is-restored = The poll is restored.
is-open-already = This poll is open already.
is-unfrozen-already = This poll is a draft already.
unfreeze-refused = The ballot paper stays as it is: somebody has voted, or the end of the poll was moved. Nothing was changed.
is-closed-already = This poll is closed already.
is-released-already = This poll is released already.
is-reopened-already = This poll is reopened already.
is-archived-already = This poll is archived already.
is-restored-already = This poll is restored already.
poll-is-now = This poll is { $state ->
    [draft] a draft
    [scheduled] scheduled
    [open] open
    [archived] archived
   *[closed] closed
}. Nothing was changed.
step-stale = Somebody else has changed this poll a moment ago. Nothing was done. Look at it again, then decide.
limits = { $max ->
    [1] One choice
   *[other] { $min } to { $max } choices
}
limits-ranked = { $limits } in order of preference ({ $rule })
votes-reviewed = shown once more before it is cast
votes-receipt = with a receipt
votes-own-order = choices in an order of each voter’s own
decision-quorum = { $rule }; quorum { $quorum } %
who-by-role = { $roles }: { $count ->
    [1] 1 person who has signed in
   *[other] { $count } people who have signed in
}
who-by-list = { $count ->
    [1] 1 person on a list
   *[other] { $count } people on a list
}
who-invited = { $count ->
    [1] 1 person on a list
   *[other] { $count } people on a list
}, of whom { $invited } have not signed in yet
field-limits = Choices on a ballot
field-abstention = Abstention offered
field-own-order = Order of one’s own
field-change = Vote can be changed
field-review = Secret vote is reviewed
field-receipts = Receipts
limits-all = all
limits-from-to = From { $min } to { $max }
edit-unsent = Your sign-in had ended, so nothing was saved. Below is what you typed. Save it now if it is still right.
edit-stale = Somebody else has changed this poll since you opened it. Nothing of yours is saved yet and nothing is lost: below is what you typed. Save again to put it in place of theirs.
edit-not-now = This poll is { $state ->
    [draft] a draft
    [scheduled] scheduled
    [open] open
    [archived] archived
   *[closed] closed
} by now, so its ballot paper is fixed. Your changes were not saved; below is what you typed.
poll-saved = The poll was saved.
flaw-quorum-example = Enter a percentage from 0 to 100, such as 50 or 33.3.
flaw-whole-number = Enter a whole number.
the-opening-time = opening time
the-closing-time = closing time
time-never = The clocks go forward over this { $called }, so it never comes. Choose an hour earlier or later.
time-unreadable = Enter the { $called } as a date and a time of day, like 2026-11-30T18:00.
time-twice = The clocks go back over the { $called }, so it comes twice. The first time counts.
closes-when-closed = by hand
amend-stale = Somebody else has changed this poll since you opened this page, and nothing of yours was saved. Now it closes { $closes }; staff see the numbers: { $staff }; voters: { $voters }. Save again to put yours in place of that.
amend-title-open = Closing time and results
amend-title = Who sees results
amend-unsent = Your sign-in had ended, so nothing was changed. Below is what you chose. Save it now if it is still right.
poll-changed = The poll was changed.
is-copy = This is the copy. Give it its times.
is-copy-without-list = This is the copy. Give it its times. The list of voters was not copied.
type-number = Type the number of the poll to delete it.
poll-deleted = The poll was deleted.
poll-not-deleted = This poll was changed or published meanwhile. Nothing was deleted.
a-list = A list
no-list = This poll has no list of voters: it goes by role. Edit the poll to change that.
list-too-late = This poll is { $state ->
    [draft] a draft
    [scheduled] scheduled
    [open] open
    [archived] archived
   *[closed] closed
}, so its list stays as it is. Nothing was changed.
list-summary = { $people }.
list-summary-invited = { $people }, of whom { $invited ->
    [1] 1 has
   *[other] { $invited } have
} not signed in yet.
nobody-taken-off = Nobody was taken off the list. Tick the box first.
list-changed = The list was changed. It names { $people } now.
list-saved = The list was saved. It names { $people } now.
kind-of-entry = Entry
entry-person = Has signed in
entry-email = Invited by e-mail
entry-subject = Invited by subject
bulk-take-off = { $count ->
    [1] Take 1 person off the list
   *[other] Take { $count } people off the list
}
bulk-take-off-what = They cannot vote in this poll then. Until the poll opens they can be put onto its list again.
taken-off = { $count ->
    [0] Nobody was taken off the list.
    [1] 1 person was taken off the list.
   *[other] { $count } people were taken off the list.
}
list-not-emptied = Nobody was taken off the list: this poll is scheduled, and needs somebody on its list when it opens. Put the others onto it first.
nobody-ticked = Nobody was ticked, so nobody was added.
add-to-list = Add { $people } to the list
no-upload = There is no file to save: it was saved or discarded, or an hour has passed. Send it again.
becomes-enrolled = { $name }, has signed in
becomes-invited = Not signed in yet
becomes-duplicate = On the list already
becomes-ambiguous = Several people
upload-discarded = The file was discarded. The list is as it was.
upload-nothing = Choose a file with at least one voter in it, or write one below.
votes-terms = { $first }; { $second }
limits-one = One
limits-from-to-ranked = { $limits }, ranked: { $rule }

## The list, and several polls at once

published-recently = Published recently
may-vote = May vote
select-poll = Select poll: { $question }
ballot-single = One choice
ballot-multiple = Several choices
ballot-ranked = Choices in order of preference
ballot-score = A grade for each choice
bulk-close = Close
bulk-delete = Delete drafts
bulk-export = Export as CSV
bulk-close-polls = { $count ->
    [1] Close 1 poll
   *[other] Close { $count } polls
}
bulk-archive-polls = { $count ->
    [1] Archive 1 poll
   *[other] Archive { $count } polls
}
bulk-delete-polls = { $count ->
    [1] Delete 1 poll
   *[other] Delete { $count } polls
}
bulk-close-what = Nobody can vote in these polls from now on. Ballots stay as they are. A poll that was closed is not opened again from here.
bulk-archive-what = These polls leave all lists. Ballots stay as they are, and each poll can be restored at any time.
bulk-delete-what = These drafts go for good, with their choices and voter lists. Nobody has voted in any of them. This cannot be undone.
bulk-close-skips = Only an open poll can be closed:
bulk-archive-skips = An open poll has to be closed first, an archived one is away already:
bulk-delete-skips = Only a draft can be deleted; archive the others instead:
bulk-reason-hint = Voters of at least one of these polls were told that they have longer. They are shown this.

## What comes next

next-step = Next step
next-publish = Everything is there. Once it is published, it is listed and opens by itself on { $time }.
next-open = Everything is there. Open it when people may vote.
next-opens = It opens by itself on { $time }.
next-closes = It takes votes, and closes by itself on { $time }.
next-close = It takes votes until you close it.
next-release = It has closed, and its results wait for their release.
next-archive = It is over, and nothing has to be done. Archived, it leaves all lists and can be restored at any time.
next-restore = Voters no longer see it. Restored, it comes back to the lists.
