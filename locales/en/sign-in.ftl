### Sign-in, sign-up and sign-out.

sign-in-eyebrow = Sign-in
sign-in-again = Sign in again
details-for-support = Details for support
support-code = Code <code>{ $code }</code>
support-request = , request <code>{ $request }</code>
provider-says = The sign-in provider says: { $description }

## Where to sign in

create-account = Create an account
where-account-wanted = Where do you want your account?
where-account-wanted-lede = Accounts are kept by the sign-in providers below. Choose the one that your organisation uses.
where-account = Where do you have your account?
where-account-lede = Choose where you want to sign in. You will come back here afterwards.

## Signed out

sign-out-question = Sign out?
sign-out-lede = This ends your session here and at the sign-in provider. Votes that you have cast stay.
stay-signed-in = Stay signed in
signed-in = You are signed in
still-signed-in = You are still signed in
still-signed-in-lede = You are signed in here as { $name }. Opening this page does not change that.
signed-out = You are signed out
signed-out-both = Your session here and the one at the sign-in provider have ended.
signed-out-here = Your session here has ended. The sign-in provider could not be told: your session there may remain. On a shared computer, sign out there as well or close the browser.
signed-out-asked = Your session here has ended. The sign-in provider was asked to end its own as well.
signed-out-unknown = Nobody is signed in here in this browser.
see-the-polls = See the polls

## Not let in

sign-in-refused = Sign-in refused
account-exists = Your account exists.
no-role-title = You have no role here yet
no-role = You signed in as <strong>{ $account }</strong>, but no role (admin, staff or user) is assigned to you in this project. You are not signed in, and nothing is kept but a note of this attempt.
no-role-advice = <strong>What to do:</strong> ask the people who look after this site to give you a role, then sign in again.
no-role-in-project = <strong>What to do:</strong> ask the people who look after this site to give you a role in project <code>{ $project }</code>, then sign in again.
deactivated-title = This account was deactivated here
deactivated = You signed in as <strong>{ $account }</strong>, but an administrator has closed this site to that account.
deactivated-advice = <strong>What to do:</strong> ask the people who look after this site why.
not-known-title = This site does not know you yet
not-known = You signed in as <strong>{ $account }</strong>, but this site takes no new people at the moment. You are not signed in.
not-known-advice = <strong>What to do:</strong> ask the people who look after this site to let you in.
email-not-verified-title = Your e-mail address is not verified
email-not-verified-refusal = You signed in as <strong>{ $account }</strong>, but the sign-in provider has not verified your e-mail address. You are not signed in.
email-not-verified-advice = <strong>What to do:</strong> confirm the address at the sign-in provider, then sign in again.
or-another-account = Or use another account, if you have one.
sign-out-at-provider = Sign out at the sign-in provider

## A sign-in that did not come about

sign-in-failed-title = The sign-in did not work
sign-in-used-title = This sign-in was already used
sign-in-used = Each sign-in works once. Perhaps you went back, or opened the page twice. Please start again.
sign-in-expired-title = The sign-in took too long
sign-in-expired = A sign-in has to be finished within ten minutes. Please start again.
sign-in-signed-out-title = You were signed out meanwhile
sign-in-signed-out = You were signed out at the sign-in provider before this sign-in was finished. You are not signed in. Please start again.
sign-in-outage-title = Sign-in is unavailable at the moment
sign-in-outage = The sign-in provider does not answer. Everything that needs no sign-in still works. Please try again in a moment.
sign-in-not-a-callback-title = There is nothing to see here
sign-in-not-a-callback = This address is only for the sign-in provider to send you back to.
sign-in-malformed = The answer of the sign-in provider is not in order. Nothing was changed. Please start again.
sign-in-unknown-state = This answer does not belong to any sign-in that this site knows of. Nothing was changed. Please start again.
sign-in-other-browser = This sign-in was begun in another browser, or your browser did not keep the cookie for it. Nothing was changed. Please start again, here.
sign-in-sealed = This site cannot read what it remembered of this sign-in, because its key is another one now. Please start again. If that does not help, whoever runs this site has to give all its servers the same key file.
sign-in-unheard = The sign-in provider gave an answer that this site does not know. Please start again.
sign-in-other-provider = The answer came from another sign-in provider than the one that was asked. You are not signed in. Please start again.
sign-in-code = The sign-in provider does not accept this sign-in any more. Please start again.
sign-in-client = The sign-in provider does not accept this site. Whoever runs this site has to correct its registration.
sign-in-answer = What the sign-in provider said about you could not be confirmed. You are not signed in. Please start again.
sign-in-ours = Please try again later.

## Errors that a provider may answer with

provider-access-denied-title = You were not signed in
provider-access-denied = You declined at the sign-in provider, or it did not let you in. You are not signed in.
provider-server-error = The sign-in provider had a problem of its own. Please try again in a moment.
provider-temporarily-unavailable = The sign-in provider is busy at the moment. Please try again in a moment.
provider-login-required = The sign-in provider wants you to sign in there first. Start again to do so.
provider-interaction-required = The sign-in provider has something to ask you first. Start again to see it.
provider-account-selection-required = The sign-in provider wants to know which of your accounts to use. Start again to choose.
provider-consent-required = The sign-in provider needs your consent first. Start again to give it.
provider-invalid-request = The sign-in provider did not understand the request of this site. Whoever runs this site can find out why.
provider-invalid-scope = The sign-in provider does not offer what this site asks for. Whoever runs this site has to change its scopes.
provider-unauthorized-client = The sign-in provider does not let this site sign people in. Whoever runs this site has to register it there.
provider-unsupported-response-type = The sign-in provider does not offer the kind of sign-in that this site uses. Whoever runs this site has to allow the code flow there.
provider-invalid-request-uri = The sign-in provider could not fetch a part of the request. Please try again.
provider-request-not-supported = The sign-in provider does not take requests of this form. Whoever runs this site can find out why.
provider-registration-not-supported = The sign-in provider does not take new accounts this way. Sign in with an account that you have.

## For admins

role-claim-missing = The last people who signed in came without any role claim and were refused, although they had a role before. Is the provider still sending it? In ZITADEL, look at “Assert Roles on Authentication” in the project. Sign-ins has the details.

## A program is let in

program-title = Let a program in?
# $role: a role, such as Staff.
program-asks = A program on this computer asks to use this site as <strong>{ $account }</strong>, with the role { $role }.
program-beware = Let it in only if you have started it yourself, just now. It stays signed in for up to 30 days, or until you end that on <a href="{ $href }">your profile</a>.
program-allow = Let it in
program-decline = Do not let it in
