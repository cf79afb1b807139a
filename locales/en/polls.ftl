### Polls for voters: lists, the ballot paper, the vote and its receipt.

## In a list

opens-time = opens { $time }
no-closing-time = no closing time yet
you-can-vote = You can vote
voted-tag = Voted
not-eligible = Not eligible
will-be-able-short = You will be able to vote
you-did-not-vote = You did not vote

## The poll

opens-on = opens on { $time }
until-closed = until an administrator closes it
will-be-able = You will be able to vote.
will-not-be-able = You will not be able to vote.
cannot-vote = You cannot vote in this poll.
wrong-role = This poll is for people with the role { $roles }. Your role is { $role }. Roles are given by whoever runs your sign-in provider.
not-listed = This poll is for the people on a list, and you are not on it. If you should be, ask whoever runs the poll to add you.
not-listed-unverified = This poll is for the people on a list, and you are not on it. If you should be, ask whoever runs the poll to add you. A list can name people by e-mail address: your sign-in provider has not verified { $email }.
recorded-see-confirmation = Your vote is recorded. <a href="{ $href }">See your confirmation</a>.
was-extended = The time to vote was extended: the poll was to close on { $time }.
was-closed-early = It was closed early: { $reason }
on-the-paper = On the ballot paper
address-of-poll = Address of this poll:
readers-staff = Results are read by staff.
readers-after-close = Results are shown on the poll’s page after it closes.
readers-on-release = Results will be published after review.

## The ballot paper

select-exactly = { $max ->
    [1] Select one.
   *[other] Select { $max }.
}
select-between = Select { $min } to { $max }.
# How many to rank, after what a rank is.
rank-exactly = Give your first choice the number 1, your second the number 2, and so on. Rank { $max }.
rank-up-to = Give your first choice the number 1, your second the number 2, and so on. Rank as many as you like, up to { $max }.
rank-between = Give your first choice the number 1, your second the number 2, and so on. Rank { $min } to { $max }.
not-ranked = Not ranked
or = or
terms-named = Your name will be shown next to your choice to staff.
terms-secret = This ballot is secret: who has voted and what the ballots say are kept apart, and no record joins the two.
terms-secret-operator = Whoever runs the server could still find out how you voted: by watching it while you vote, by copying its files until shortly after the poll has closed, or by changing the program.
terms-secret-few = When few people vote, or all of them alike, the results themselves show how they voted.
terms-may-change = You can change your vote until the poll closes.
terms-no-change = You cannot change or withdraw your vote after you cast it.
open-until = Open until { $time }.
open-until-extended = Open until { $time }, extended from { $earlier }.
open-until-closed = Open until an administrator closes it.
you-voted = <strong>You voted on { $time }:</strong> { $choice }. You can change it until the poll closes.
continue = Continue
change-my-vote = Change my vote
cast-my-vote = Cast my vote

## A ballot that is none

fault-nothing = You didn’t select a choice.
fault-nothing-ranked = You didn’t rank a choice.
fault-not-a-choice = Select one of the choices of this poll.
fault-not-a-choice-ranked = Rank one of the choices of this poll.
fault-repeated = Select each choice only once.
fault-repeated-ranked = Rank each choice only once.
fault-other-paper = The ballot paper was changed after you had opened it. Your vote was not recorded. Look at it once more and choose anew.
fault-abstained = Select either your choices or “I abstain”, not both.
fault-abstained-ranked = Rank either your choices or “I abstain”, not both.
fault-not-a-rank = Give a choice a number, or leave it unranked.
fault-same-rank = You gave number { $rank } more than once. Give each choice a number of its own.
fault-rank-left-out = You left out number { $rank }. Number your choices 1, 2, 3 without a gap.
fault-too-few = Select at least { $min }.
fault-too-few-ranked = Rank at least { $min }.
fault-too-many = Select { $max } at most.
fault-too-many-ranked = Rank { $max } at most.

## Checking a secret vote

check-your-vote = Check your vote
check-your-vote-on = Check your vote: { $question }
not-cast-yet = Your vote is not cast yet. Once you cast it, it cannot be changed or withdrawn: nothing tells which ballot is yours.
back = Back

## The confirmation

vote-recorded = Your vote is recorded
your-choice = Your choice
your-receipt = Your receipt
receipt-write-down = Write it down or print this page now: the code is shown once. After the poll has closed it <a href="{ $href }">shows that your ballot is in the count</a>, and nothing of what you chose.
receipt-was-shown = The code is shown once, right after the vote. Nothing here knows it, so it cannot be shown again. After the poll has closed you can <a href="{ $href }">check</a> the one that you wrote down.
poll-has-closed = The poll has closed
poll-closes = Poll closes
when-closed = When an administrator closes it
until-then = Until then
can-change-vote = You can <a href="{ $href }">change your vote</a>.
vote-stays = Your vote stays as it is.
open-results = Open the results.
next-open-poll = Next open poll

## A vote that was not recorded

change-not-recorded = Your change was not recorded; your earlier vote stands.
fate-earlier-stands = Your earlier vote stands.
cannot-vote-title = You cannot vote in this poll
not-open-yet-title = This poll is not open yet
not-open-yet = It opens later. Come back then.
not-open-yet-until = It opens on { $time }. Come back then.
closed-title = This poll has closed
has-closed = It closed and takes no more votes.
has-closed-on = It closed on { $time } and takes no more votes.
unsent = Your vote was not recorded: your sign-in had ended.
unsent-vote = Your vote was not recorded: your sign-in had ended. Please choose again and cast it.
unsent-vote-filled-in = Your vote was not recorded: your sign-in had ended. Your choice is filled in below. Cast it now if it is still right.
unsent-change = Your change was not recorded: your sign-in had ended. Your earlier vote stands.
unsent-change-filled-in = Your change was not recorded: your sign-in had ended, and your earlier vote stands. Your new choice is filled in below. Send it now if it is still right.

## Receipts

check-receipt = Check a receipt
check-receipt-of = Check a receipt: { $question }
no-receipts = This poll gives no receipts.
receipts-later = Receipts can be checked after the poll has closed.
receipts-later-on = Receipts can be checked after the poll has closed, on { $time }.
receipt-counted = <strong>In the count.</strong> A ballot with this code is in the box and was counted.
receipt-not-found = <strong>Not found.</strong> No ballot in this poll has this code. Compare it with what you wrote down; if it is the same, tell whoever runs the poll.
receipt-code = Code
receipt-code-hint = 16 letters and digits. Spaces, dashes and lower case do not matter.
receipt-unreadable = Enter the code with its 16 letters and digits, like 7K3M-0Q9X-ZB2H-41FA.
receipt-check = Check
receipt-answer = The answer never says what the ballot chose, so that nobody can ask you to prove it.
