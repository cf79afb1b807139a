### What is said when a request is not answered with what it asked for.

not-found-title = Page not found
not-found = There is nothing at this address. It may have moved, or not be published yet.
gone-title = This poll was archived
gone = The poll was archived and is no longer shown. Its ballots are kept.
forbidden-title = You do not have access to this page
# $needed: one of the two below.
forbidden = This page is for people with the role { $needed }. Roles are given by whoever runs your sign-in provider.
needed-staff = staff or admin
needed-admin = admin
sign-in-required-title = Please sign in
sign-in-required = This needs a sign-in.
csrf-title = Please send the form again
csrf = The request did not come from a form of this site, or the form was open for too long. Nothing was changed. Go back, reload the page and send it again.
bad-request-title = This request cannot be read
nothing-changed = Nothing was changed.
form-incomplete = The form did not arrive completely. Nothing was changed.
unprocessable-title = Something is missing
form-unreadable = The form could not be read. Nothing was changed.
too-large-title = This is too large
too-large = The form holds more than this site takes. Nothing was changed.
address-too-long-title = This address is too long
address-too-long = No page of this site has so long an address. Perhaps a link was copied wrongly.
media-type-title = Not a form
media-type = This address takes submitted forms only. Nothing was changed.
method-not-allowed-title = Not possible here
method-not-allowed = This address does not take this kind of request.
unavailable-title = Please try again in a moment
unavailable = Something that this site needs does not answer at the moment.
internal-title = Sorry, there is a problem
internal = The error has been recorded. Please try again later.
quote-request = If you ask for help, quote <code>{ $request }</code>.

## Too many requests

too-many-requests-title = Please wait a moment
# $what: one of the sentences below.
too-many-requests = { $what } { $seconds ->
    [1] Please wait a second, then try again.
   *[other] Please wait { $seconds } seconds, then try again.
}
limit-sign-in = More sign-ins were started from your network than this site takes in so short a time.
limit-callback = More sign-ins came back to your network than this site takes in so short a time. Yours is not lost: it goes on when you reload this page.
limit-logout-token = Too many logout tokens from this address were refused.
limit-unsent-form = More forms came from your network without a sign-in than this site keeps.
limit-vote = You sent more votes than this site takes in so short a time.
limit-token = More tokens were asked for from your network than this site gives in so short a time.
limit-device = More device codes were asked for from your network than this site gives in so short a time.
limit-api = More requests came from your network than the API answers in so short a time.
limit-caller = You sent more requests than the API answers in so short a time.
limit-receipt = You looked up more receipts than this site answers in so short a time.
limit-check = You had polls checked more often than this site does in so short a time.
limit-export = You fetched more files than this site hands out in so short a time.

## What became of the vote

fate-unknown = We cannot say whether your vote was recorded. Open the poll again: it will tell you.
fate-not-recorded = Your vote was not recorded.
