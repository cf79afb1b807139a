### People and sign-ins in the console.

sign-ins-turned-away = refused or failed in the last 24 hours.
console = Polls Administration
sign-ins = Sign-ins
column-when = When
column-who = Who
reason = Reason
can-be-undone = Can it be undone
who-is-affected = Who is affected
what-happens = What happens
search-people = Search names, e-mail and subject
claims-kept = Only names of claims are kept, never what they said. Of a sign-in that succeeded only the day is kept: a precise time beside a secret vote could tell on somebody.
provider = Provider
subject = Subject
in-the-log = In the log
request = Request
email-column = E-mail
sign-ins-hint = What happened at each sign-in of the last 90 days. A refused or failed one opens with its likely cause.
deactivate-hint = Deactivate people who shall not sign in here, whatever the sign-in provider says. Their ballots stay.
deactivated-here = Deactivated here: signing in leads to a page that says so.
where-they-are-signed-in = Where they are signed in
nowhere = Nowhere at the moment.
end-all-sessions = End all sessions
activate-again = Activate again
first-sign-in = First sign-in
last-sign-in = Last sign-in
may-sign-in = May sign in
issuer = Issuer
people-hint = Everybody who has signed in with a role. Names and roles are managed by your sign-in provider: the next sign-in brings what it says there.
end-everybodys-sessions = End everybody’s sessions
sign-in-of = Sign-in of { $name }
likely-cause = <strong>Likely cause:</strong>
outcome = Outcome
no-deactivated-at = No, deactivated { $time }
no-role-since = No, without a role at the sign-in provider since { $time }
role-managed = { $role }, managed at the sign-in provider, last confirmed { $time }.
role-managed-from = { $role }, managed at the sign-in provider, last confirmed { $time } from <code>{ $source }</code>.
role-change-counts = A change there counts here from the next confirmation on.
access = Access
deactivate = Deactivate
deactivate-question = Deactivate { $name }?
activate-question = Activate { $name }?
deactivate-person = Deactivate this person
activate-person = Activate this person
deactivate-what = All sessions end at once. Signing in again leads to a page that says that the account was deactivated here. Ballots that are cast stay and are counted; the role at the sign-in provider stays as it is.
activate-what = Signing in is possible again, with whatever role the sign-in provider gives then.
deactivate-undo = Yes, activate the person again. Sessions that have ended stay ended.
activate-undo = Yes, deactivate the person again.
deactivate-whom = { $sessions ->
    [0] { $name }, who is not signed in at the moment.
    [1] { $name }, with 1 session at the moment.
   *[other] { $name }, with { $sessions } sessions at the moment.
}
end-everybody-question = End everybody’s sessions?
end-everybody-what = Everybody is signed out from their next request on; your session in this browser stays. A choice that somebody has made and not sent yet has to be made again.
end-everybody-whom = { $sessions ->
    [1] Nobody: yours is the only session at the moment.
   *[other] { $people ->
        [1] { $sessions } sessions of you alone, at the moment.
       *[other] { $sessions } sessions of { $people } people, you among them, at the moment.
    }
}
end-everybody-undo = No, but everybody can sign in again at once.
is-deactivated = { $name } is deactivated now.
is-active = { $name } is active now.
is-deactivated-already = { $name } is deactivated already. Nothing was changed.
is-active-already = { $name } is active already. Nothing was changed.
not-oneself = You cannot deactivate yourself: you could not undo it. Another admin can do it.
is-last-admin = { $name } is the last active admin and stays active. Give somebody else the role admin at the sign-in provider, and let them sign in, first.
no-such-person = There is no such person.
sessions-ended = { $count ->
    [0] There was no session to end.
    [1] 1 session has ended.
   *[other] { $count } sessions have ended.
}
outcome-ok = Signed in
outcome-refused = Refused
outcome-failed = Failed
claims-in-id-token = Claims in the ID token
claims-in-userinfo = Claims in the UserInfo response
unmapped-roles = Roles that mean nothing here
cause-id-token = The ID token did not pass its checks. Compare the issuer and the client id with the registration at the provider, and the clocks of both servers.
cause-role-claim-missing = The provider sent no role claim. If everybody is refused: in ZITADEL, turn on “Assert Roles on Authentication” in the project, or let this site request the roles scope. If it is this account only: grant it a role of the project.
cause-role-other-project = The provider sent roles of another project: ZITADEL_PROJECT does not match.
cause-role-claim-empty = The role claim came, with no role in it. Grant this account a role of the project.
cause-role-unmapped = The account has roles, and none of them means anything here. Grant it admin, staff or user, or change which names count.
cause-deactivated = An admin has deactivated this person here.
cause-not-known = The person was never here before, and OIDC_CREATE_USER lets nobody new in.
cause-email-not-verified = The provider has not verified the e-mail address, and OIDC_REQUIRE_VERIFIED_EMAIL asks for that.
cause-access-denied = The person declined, or a rule of the provider keeps this account out.
cause-invalid-client = The provider does not accept this site: the client id or the client secret is wrong.
cause-unauthorized-client = The provider does not let this client use the authorization code flow. Allow it in the client’s registration.
cause-invalid-scope = The provider does not offer one of the requested scopes. Take it out of OIDC_RP_SCOPES.
cause-unsupported-response-type = The provider does not offer the authorization code flow to this client. Allow it in the client’s registration.
cause-invalid-request = The provider did not understand the request. Its own log says what it missed.
cause-invalid-grant = The code was used before, has expired, or belongs to another client. If it happens often: does a proxy send requests twice, and do the clocks agree?
cause-issuer-mismatch = The answer came from another provider than the one that was asked. Somebody may be mixing up two providers, or the issuer has changed.
cause-userinfo-invalid = The UserInfo response was refused, or was about somebody else.
cause-state-other-browser = The browser did not keep the cookie of the sign-in, or the address was opened in another browser. If it happens often: is ROLECALL_BASE_URL the address that people use?
cause-state-expired = The person took more than ten minutes at the provider.
cause-state-used = The person went back, or opened the same page twice.
cause-state-sealed = This server’s key file is not the one that the sign-in began with. All servers need the same key file.
cause-provider-unreachable = The provider did not answer in time. The log has the details.
bulk-done = { $count ->
    [0] No poll was
    [1] 1 poll was
   *[other] { $count } polls were
} { $step ->
    [open] opened
    [close] closed
    [release] released
    [reopen] reopened
    [restore] restored
    [delete] deleted
   *[archive] archived
}.
bulk-skipped = { $count ->
    [1] 1 was left as it is: somebody else was faster, or the reason is missing.
   *[other] { $count } were left as they are: somebody else was faster, or the reason is missing.
}
audit = Audit
merge = Merge
erase-question = Erase { $name }?
erase-whom = { $count ->
    [0] { $name }.
    [1] { $name }, who has voted in 1 poll.
   *[other] { $name }, who has voted in { $count } polls.
} Secret polls are told of once they have closed.
erase-undo = No. If you activate the person again, the next sign-in brings what the provider says.
erase-person = Erase this person
is-erased = The person was erased. Their ballots are still counted.
nothing-to-erase = There is nothing left to erase. Nothing was changed.
not-erase-oneself = You cannot erase yourself. Another admin can do it.
last-admin-not-erased = { $name } is the last active admin and was not erased.
erase-what = Names, e-mail address and picture go for good and “Former user” takes their place; their sign-ins are forgotten, all sessions end, and signing in is refused. Their ballots stay and are counted. Their key at the sign-in provider stays, so that nobody votes twice, and the history of changes keeps the name that they had then.

## People, their tokens and identities

person = Person
active = Active
no-merged = No, merged
no-erased = No, erased
no-deactivated = No, deactivated
no-without-role = No, without a role
no-identity-given = No, the identity was given to <a href="{ $href }">somebody else</a>
who-is-signed-in = Who is signed in
sessions-hint = Who is signed in at the moment, and in which browser. Ending a session signs that browser out from its next request on.
tokens-of-person = Tokens for programs
tokens-of-person-none = None.
token-may = As much as
end-all-tokens = End all tokens
tokens-ended = { $count ->
    [0] There was no token to end.
    [1] 1 token has ended.
   *[other] { $count } tokens have ended.
}
identity = Identity
identity-hint = Is the person listed twice, or to be forgotten? Votes and counts stay in both cases.
merge-with-another = Merge with another identity
erase = Erase
merge-title = Merge { $name } with another identity
merge-why = After a move to another sign-in provider one person can be listed twice. Merging gives { $name } the other identity; the votes of both stay, and nobody can vote a second time in a poll where either has voted.
merge-same-person = Are these two the same person?
merge-stays = Stays
merge-gives-up = Gives up
merge-stays-column = Stays, and takes over the identity
merge-gives-up-column = Gives up the identity
polls-voted-in = Polls voted in, secret ones once they have closed
merge-email-differs = Their e-mail addresses are not the same. Ask the person before you merge.
merge-from-then-on = From then on the next sign-in with the identity on the right belongs to { $name }, and whoever comes with the one on the left is turned away. All sessions of both end. This cannot be undone.
merge-the-two = Merge the two
merge-search = Search the other identity by name, e-mail or subject
merge-nobody-found = Nobody else is found by that.
are-merged = The two are one person now. All their votes stay.
merged-already = One of the two has been merged or erased already. Nothing was changed.
not-merge-oneself = You cannot merge yourself. Another admin can do it.
last-admin-not-merged = Nobody would be left with the role admin. Nothing was changed.

## Several people or sessions at once

bulk-deactivate = { $count ->
    [1] Deactivate 1 person
   *[other] Deactivate { $count } people
}
bulk-deactivate-skips = You cannot deactivate yourself, and whoever was deactivated or merged already stays so:
bulk-activate = { $count ->
    [1] Activate 1 person
   *[other] Activate { $count } people
}
bulk-activate-skips = Only somebody who was deactivated here can be activated:
bulk-end-of-people = End their sessions
bulk-end-sessions-of = { $count ->
    [1] End all sessions of 1 person
   *[other] End all sessions of { $count } people
}
bulk-end-of-people-skips = They are not signed in anywhere else:
bulk-end = { $count ->
    [1] End 1 session
   *[other] End { $count } sessions
}
bulk-end-what = Those browsers and programs are signed out from their next request on; your session in this browser stays. A choice that somebody has made and not sent yet has to be made again.
bulk-end-skips = To end the session that you are in, sign out:
that-is-you = This is you
bulk-people-done = { $count ->
    [0] Nobody was
    [1] 1 person was
   *[other] { $count } people were
} { $step ->
    [deactivate] deactivated
   *[activate] activated
}.
bulk-people-left = { $count ->
    [1] 1 was left as they are: somebody else was faster.
   *[other] { $count } were left as they are: somebody else was faster.
}
bulk-last-admin = Nobody would be left with the role admin. Nobody was deactivated.
