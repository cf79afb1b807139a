### The numbers of a poll, and what they decide.

percent = { $share } %
column-choice = Choice
column-votes = Votes
column-share = Share
column-place = Place
withheld = Fewer than { $fewest } ballots were cast. So few would tell who voted how, so nobody sees the numbers.
caption = { $ballots ->
    [1] Share of the 1 ballot that chose something
   *[other] Share of the { $ballots } ballots that chose something
}
caption-several = { $ballots ->
    [1] Share of the 1 ballot that chose something.
   *[other] Share of the { $ballots } ballots that chose something.
} A ballot can hold several choices, so the shares can add up to more than 100 %.
caption-ranked = { $ballots ->
    [1] First preferences on the 1 ballot that chose something
   *[other] First preferences on the { $ballots } ballots that chose something
}

## What was decided

# One sentence after the other.
sentences = { $first } { $second }
leads-with = { $choice } leads with { $votes } of { $base }.
tie-with = { $votes ->
    [1] Tie between { $choices }, with 1 vote each.
   *[other] Tie between { $choices }, with { $votes } votes each.
}
everybody-abstained = Everybody who voted abstained.
no-votes-cast = No votes were cast.
has-most-votes = { $choice } has the most votes: { $votes } of { $base }.
# $majority: one of the three below.
has-majority = { $choice } has { $majority }: { $votes } of { $base }.
misses-majority = No choice has { $majority }: { $choice } comes closest with { $votes } of { $base }, and { $needed } are needed.
majority-plurality = the most votes
majority-half = more than half of the votes
majority-two-thirds = two thirds of the votes
quorum-missed-list = Quorum not reached: { $ballots } of the { $eligible } on the list voted, { $needed } are needed.
quorum-missed-role = Quorum not reached: { $ballots } of the { $eligible } who may vote and have signed in voted, { $needed } are needed.
no-ballot-names-a-choice = No ballot names a choice.
# $how: one of the two at the end.
wins = { $choice } wins, { $how }.
leads = { $choice } leads, { $how }.
tie = Tie between { $choices }, { $how }.
compared-with-each = compared with each of the others
after-rounds = { $round ->
    [1] with { $votes } of { $base } votes in the first round
   *[other] with { $votes } of { $base } votes in round { $round }
}

## Round by round, pair by pair

round-by-round = Votes round by round
round = Round { $number }
out-of-count = out
no-choice-left = No choice left
goes-out-fewest = Round { $round }: { $choice } goes out; it has the fewest votes.
goes-out-earlier = Round { $round }: { $choice } goes out; others have as few votes, but had more in round { $earlier }.
goes-out-paper = Round { $round }: { $choice } goes out; others have as few votes and always had, but stand higher on the ballot paper.
pairwise = Ballots that prefer the choice of the row to that of the column

## Facts beside them

abstentions = Abstentions
choices-and-ballots = Choices and ballots
choices-on-ballots = { $choices ->
    [1] 1 choice
   *[other] { $choices } choices
} on { $ballots ->
    [1] 1 ballot
   *[other] { $ballots } ballots
}
turnout = Turnout
turnout-list = { $ballots } of { $eligible } eligible ({ $share } %)
turnout-role = { $ballots ->
    [1] 1 vote
   *[other] { $ballots } votes
}; { $eligible ->
    [1] 1 person with a voting role has signed in
   *[other] { $eligible } people with a voting role have signed in
}
quorum = Quorum
how-counted = How it is counted
counting-one = One choice on a ballot; the most votes lead.
counting-several = { $min } to { $max } choices on a ballot; the choice on the most ballots leads.
counting-instant-runoff = Each ballot counts for the highest choice on it that is still in; until one has more than half, the one with the fewest goes out (instant run-off).
counting-schulze = Every two choices are compared on all ballots; a choice comes before another when its strongest chain of wins is stronger (Schulze method). A choice that is not named comes after all that are.
counting-majority = To carry, a choice needs { $majority }.
counting-abstentions = Abstentions count towards the turnout only.
