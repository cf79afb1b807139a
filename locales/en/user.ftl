### The profile, sessions, and how the pages are.

your-profile = Your profile
username = Username
sign-in-name = Sign-in name
email = Email
email-verified = (verified)
email-not-verified = (not verified)
first-name = First name
last-name = Last name
role = Role
role-via = (via { $organisation })
role-checked = from your sign-in provider, checked { $time }
my-polls = My polls
no-poll-asked = No poll has asked you yet.
use-another-account = Use another account
not-signed-in = You are not signed in.

## Sessions

where-signed-in = Where you are signed in
session-browser = Browser
session-started = Signed in
session-last-seen = Last seen
session-end-column = End
session-this-browser = This browser
session-end = End this session<span class="visually-hidden"> of { $browser }, last seen { $seen }</span>
end-other-sessions = End all other sessions
signed-in-nowhere-else = You are signed in nowhere else.
browser-on = { $browser } on { $system }
browser-unknown-on = A browser on { $system }
browser-unknown = An unknown browser
program-called = The program { $name }
program-unknown = A program
session-ended = That session has ended. Its browser is signed out.
session-had-ended = That session had ended already.
other-sessions-ended = { $count ->
    [0] There was no other session.
    [1] Your other session has ended. Its browser is signed out.
   *[other] Your { $count } other sessions have ended. Their browsers are signed out.
}

## How the pages are

preferences = How you want the pages
language = Language
language-auto = As my browser asks
zone = Time zone
zone-hint = A poll’s times are told in its own zone, and in yours beside it.
zone-auto = UTC, and each poll’s own
theme = Colours
theme-auto = As my device is set
theme-light = Light
theme-dark = Dark
preferences-save = Save

## Tokens for programs

tokens-title = Tokens for your programs
tokens-lede = A program that sends one of these tokens acts for you. It may never do more than you may yourself, and it stops when you have not signed in for seven days.
tokens-none = You have made no token.
my-data = Download what this site keeps of you
my-data-hint = Your profile, sessions, sign-ins, and the polls that asked you, as JSON.
tokens-link = Tokens for your programs
token-made = Here is your token
token-shown-once = Copy it now: it is not shown again.
token-name = Name
token-name-hint = So that you know it again, in { $most } characters at most.
token-role = It may do as much as
token-expires = Ends
token-expired = Ended { $time }
token-used = Last used
token-never-used = Never
token-end-column = End
token-end = End this token<span class="visually-hidden"> called { $name }</span>
token-make-title = Make a token
token-make = Make the token
token-days = It lasts
token-for-days = { $count } days
token-ended = That token has ended. Programs that have it are refused from now on.
token-had-ended = That token had ended already.
token-needs-name = Give the token a name.
token-name-too-long = The name is too long.
token-name-taken = You have a token of this name already. Choose another name, or end that one first.
token-too-many = You have as many tokens as one can have. End one that you need no more.
token-not-offered = Choose how long it lasts, and what it may do, from the lists.
