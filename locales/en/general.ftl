### Pieces that everything is made of, and the frame of every page.

# A value by itself, such as a time or what somebody has typed.
value = { $value }
list-and = { $most } and { $last }
list-or = { $most } or { $last }

## Times

month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
day-written = { $day } { month } { $year }
moment-utc = { $day } { month } { $year }, { $time } UTC
moment-zoned = { $day } { month } { $year }, { $time } ({ $zone }, { $offset })
# A time in the poll’s zone, and the same time in the reader’s.
moment-elsewhere = { $there }, that is { $here }

## The frame

skip = Skip to the content
demo = <strong>Demo.</strong> Sample people and polls, gone when it stops.
main-navigation = Main
breadcrumbs = Breadcrumbs
home = Home
polls = Polls
all-polls = All polls
results = Results
admin = Admin
sign-in = Sign in
sign-out = Sign out
sign-up = Sign up
times-are-in = Times are in { $zone } unless they name another zone.

## Roles

role-user = Voter
role-staff = Staff
role-admin = Admin

## Forms and lists

problem-summary = There is a problem
error-prefix = Error:{" "}
pages = Pages
page-previous = Previous<span class="visually-hidden"> page</span>
page-next = Next<span class="visually-hidden"> page</span>
page-of = Page { $current } of { $last }
votes = { $count ->
    [1] 1 vote
   *[other] { $count } votes
}
