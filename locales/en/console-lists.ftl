### What the console's lists share: search, filters, dates, pages, several rows at once.

search-and-filter = Search and filter
show-counts = Show counts
hide-counts = Hide counts
option-count = { $option } ({ $count })
tag-search = Search: { $words }
labelled = { $name }: { $value }
tag-from = { $dates } from { $day }
tag-until = { $dates } until { $day }
tag-in = { $dates } in { $day }
tag-remove = , remove
part-of = { $part } of { $all }
rows-on-a-page = Rows on a page
on-a-page = on a page
all-rows = All

## Dates

dates-from = { $dates } from
dates-until = { $dates } until
by-date = By date: { $dates }
all-dates = All dates
period-today = Today
period-week = Past 7 days
period-month = This month
period-year = This year
date = Date
published = Published

## Several rows at once

bulk-form = Do something to several
bulk-action = Action
bulk-choose = Choose …
bulk-which = For
bulk-ticked = those I have ticked
bulk-page = all on this page
bulk-all = all { $things } of this list
bulk-go-on = Go on …
select = Select
bulk-nothing-to-do = There is nothing to do
bulk-question = { $what }?
bulk-stay = { $count ->
    [1] 1 stays as it is
   *[other] { $count } stay as they are
}
bulk-no-action = Nothing was done: choose an action first.
bulk-nothing-ticked = Nothing was done: tick the rows that you mean first.
bulk-too-many = Nothing was done: { $most } at a time are the most. Narrow the list down first.
select-somebody = Select { $name }
select-session = Select the session of { $name }, last seen { $seen }

## What the lists are of

count-polls = { $count ->
    [1] 1 poll
   *[other] { $count } polls
}
no-poll-found = No polls match
search-polls = Search questions and choices
no-person-found = No people match
count-sessions = { $count ->
    [1] 1 session
   *[other] { $count } sessions
}
no-session-found = No sessions match
count-sign-ins = { $count ->
    [1] 1 sign-in
   *[other] { $count } sign-ins
}
no-sign-in-found = No sign-ins match
search-sign-ins = Search name, e-mail, subject or request
count-entries = { $count ->
    [1] 1 entry
   *[other] { $count } entries
}
no-entry-found = No entries match
search-history = Search who did it or to what
