### The home page.

hello = Hello, { $name }
open-for-you = Open for you ({ $count })
no-poll-waits = No poll waits for your vote.
these-close-first = These close first. <a href="{ $href }">All polls</a> shows the others as well.
results-ready = Results ready
no-results-yet = No poll has numbers to show yet.
recently-closed = Recently closed
latest-polls = Latest polls
no-polls = No polls are available.
hero = Everyone on the roll has one vote.
hero-lede = Rolecall holds polls for the people your organisation already knows. Sign in with your usual account, vote once, and see that it counted.
see-all-polls = See all polls
admin-console = Admin console
