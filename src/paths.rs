//! Every path, spelled once: the router, redirects and templates all take it from here.
//!
//! Foundation: knows no feature.

use percent_encoding::{
    AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode,
};
use serde::{Deserialize, Serialize};
use url::Url;

/// `GET /` the home page.
pub const HOME: &str = "/";
/// `GET /user` the profile; `POST` ends sessions of one's own.
pub const USER: &str = "/user";
/// `POST /preferences/` chooses language, time zone and colours of the pages.
pub const PREFERENCES: &str = "/preferences/";
/// Where the form for it is, for anybody.
pub const PREFERENCES_FORM: &str = "/user#preferences";

/// `GET /user/tokens/` the person's tokens for programs.
pub const USER_DATA: &str = "/user/data.json";
/// A person's tokens for programs.
pub const USER_TOKENS: &str = "/user/tokens/";
/// `POST /user/tokens/make/` makes one.
pub const USER_TOKEN_MAKE: &str = "/user/tokens/make/";
/// `POST /user/tokens/end/` ends one.
pub const USER_TOKEN_END: &str = "/user/tokens/end/";

/// `GET /polls/` the published polls.
pub const POLLS: &str = "/polls/";
/// `GET /polls/{id}/` one poll and its ballot paper.
pub const POLL: &str = "/polls/{id}/";
/// `POST /polls/{id}/vote/` casts a ballot.
pub const VOTE: &str = "/polls/{id}/vote/";
/// `POST /polls/{id}/review/` shows a secret vote before it is cast.
pub const REVIEW: &str = "/polls/{id}/review/";
/// `GET /polls/{id}/voted/` confirms that the ballot is recorded.
pub const VOTED: &str = "/polls/{id}/voted/";
/// `GET`, `POST /polls/{id}/receipt/` says whether the ballot with a code is in the count.
pub const RECEIPT: &str = "/polls/{id}/receipt/";
/// `GET /polls/{id}/results/` for staff.
pub const RESULTS: &str = "/polls/{id}/results/";
/// `GET /polls/{id}/results.csv` the same for spreadsheet programs.
pub const RESULTS_CSV: &str = "/polls/{id}/results.csv";
/// `GET /polls/{id}/results.json` the same for programs.
pub const RESULTS_JSON: &str = "/polls/{id}/results.json";
/// `GET /polls/{id}/votes/` who voted for what in a named poll, for staff.
pub const VOTES: &str = "/polls/{id}/votes/";
/// `GET /polls/{id}/votes.csv` the same for spreadsheet programs.
pub const VOTES_CSV: &str = "/polls/{id}/votes.csv";
/// `GET /polls/{id}/participation/` who has voted and who has not, for staff.
pub const PARTICIPATION: &str = "/polls/{id}/participation/";
/// `GET /polls/{id}/participation.csv` the same for spreadsheet programs.
pub const PARTICIPATION_CSV: &str = "/polls/{id}/participation.csv";
/// `GET /polls/{id}/check/` tries a closed poll against its ballots and its seal.
pub const CHECK: &str = "/polls/{id}/check/";
/// `GET /polls/{id}/seal.json` the document that was sealed.
pub const SEAL_JSON: &str = "/polls/{id}/seal.json";

/// `GET /admin/` the console's dashboard.
pub const ADMIN: &str = "/admin/";
/// `GET /admin/polls/` all polls.
pub const ADMIN_POLLS: &str = "/admin/polls/";
/// `POST /admin/polls/bulk/` asks, and does something to several polls.
pub const ADMIN_POLLS_BULK: &str = "/admin/polls/bulk/";
/// `GET`, `POST /admin/polls/new/` a new poll.
pub const ADMIN_POLL_NEW: &str = "/admin/polls/new/";
/// `GET`, `POST /admin/polls/{id}/` edits a poll.
pub const ADMIN_POLL: &str = "/admin/polls/{id}/";
/// `GET /admin/polls/{id}/preview/` the poll as a voter will see it.
pub const ADMIN_POLL_PREVIEW: &str = "/admin/polls/{id}/preview/";
/// `GET /admin/polls/{id}/voters/` the list of voters; `POST` takes people off it.
pub const ADMIN_VOTERS: &str = "/admin/polls/{id}/voters/";
/// `POST /admin/polls/{id}/voters/bulk/` asks, and takes several people off the list.
pub const ADMIN_VOTERS_BULK: &str = "/admin/polls/{id}/voters/bulk/";
/// `GET`, `POST /admin/polls/{id}/voters/people/` picks voters among those who have signed in.
pub const ADMIN_VOTERS_PICK: &str = "/admin/polls/{id}/voters/people/";
/// `GET`, `POST /admin/polls/{id}/voters/upload/` sends a file with voters.
pub const ADMIN_VOTERS_UPLOAD: &str = "/admin/polls/{id}/voters/upload/";
/// `GET`, `POST /admin/polls/{id}/voters/preview/` shows what the file would do, and saves it.
pub const ADMIN_VOTERS_PREVIEW: &str = "/admin/polls/{id}/voters/preview/";
/// `GET /admin/polls/{id}/voters.csv` the list as a file.
pub const ADMIN_VOTERS_FILE: &str = "/admin/polls/{id}/voters.csv";
/// `GET /admin/polls/{id}/qr.svg` the poll's address as a QR code.
pub const ADMIN_POLL_QR: &str = "/admin/polls/{id}/qr.svg";
/// `POST /admin/polls/{id}/copy/` makes a new draft of a poll.
pub const ADMIN_POLL_COPY: &str = "/admin/polls/{id}/copy/";
/// `GET`, `POST /admin/polls/{id}/delete/` asks, and deletes a poll that was never published.
pub const ADMIN_POLL_DELETE: &str = "/admin/polls/{id}/delete/";
/// `GET`, `POST /admin/polls/{id}/times/` changes what may still change once a poll is open.
pub const ADMIN_POLL_TIMES: &str = "/admin/polls/{id}/times/";
/// `GET`, `POST /admin/polls/{id}/{step}/` confirms and takes a step of a poll's life.
pub const ADMIN_POLL_STEP: &str = "/admin/polls/{id}/{step}/";
/// `GET /admin/users/` the people who have signed in.
pub const ADMIN_USERS: &str = "/admin/users/";
/// `POST /admin/users/bulk/` asks, and does something to several people.
pub const ADMIN_USERS_BULK: &str = "/admin/users/bulk/";
/// `GET /admin/sessions/` who is signed in; `POST` ends one session.
pub const ADMIN_SESSIONS: &str = "/admin/sessions/";
/// `POST /admin/sessions/bulk/` asks, and ends several sessions.
pub const ADMIN_SESSIONS_BULK: &str = "/admin/sessions/bulk/";
/// `GET`, `POST /admin/sessions/end/` asks, and ends everybody's sessions.
pub const ADMIN_SESSIONS_END: &str = "/admin/sessions/end/";
/// `GET /admin/users/{id}/` one person; `POST` ends their sessions.
pub const ADMIN_USER: &str = "/admin/users/{id}/";
/// `GET`, `POST /admin/users/{id}/erase/` asks, and erases somebody's names.
pub const ADMIN_USER_ERASE: &str = "/admin/users/{id}/erase/";
/// `GET`, `POST /admin/users/{id}/merge/` asks, and joins two identities of one person.
pub const ADMIN_USER_MERGE: &str = "/admin/users/{id}/merge/";
/// `GET`, `POST /admin/users/{id}/{step}/` asks, and deactivates a person or activates them again.
pub const ADMIN_USER_STEP: &str = "/admin/users/{id}/{step}/";
/// `POST /admin/users/{id}/tokens/` ends tokens of a person.
pub const ADMIN_USER_TOKENS: &str = "/admin/users/{id}/tokens/";
/// `GET /admin/audit/` the history of changes.
pub const ADMIN_AUDIT: &str = "/admin/audit/";
/// `GET /admin/audit/{id}/` one entry of it.
pub const ADMIN_AUDIT_ENTRY: &str = "/admin/audit/{id}/";
/// `POST /admin/audit/export/` hands it out as a file.
pub const ADMIN_AUDIT_EXPORT: &str = "/admin/audit/export/";
/// `GET /admin/audit/verify/` recomputes its chain.
pub const ADMIN_AUDIT_VERIFY: &str = "/admin/audit/verify/";
/// `GET /admin/system/` the state of the installation.
pub const ADMIN_SYSTEM: &str = "/admin/system/";
/// `GET /admin/sign-ins/` what happened at each sign-in.
pub const ADMIN_SIGN_INS: &str = "/admin/sign-ins/";
/// `GET /admin/sign-ins/{id}/` one of them.
pub const ADMIN_SIGN_INS_FILE: &str = "/admin/sign-ins.csv";
/// One attempt to sign in.
pub const ADMIN_SIGN_IN: &str = "/admin/sign-ins/{id}/";

/// `GET /oidc/authenticate/?next=` sends the browser to the OpenID Provider.
pub const AUTHENTICATE: &str = "/oidc/authenticate/";
/// `GET /oidc/callback/` where the OpenID Provider sends it back.
pub const CALLBACK: &str = "/oidc/callback/";
/// `GET /oidc/callback/{provider}/` where a further OpenID Provider sends it back.
pub const CALLBACK_OF: &str = "/oidc/callback/{provider}/";
/// `POST /oidc/logout/` signs out; `GET` is the signed-out page.
pub const LOGOUT: &str = "/oidc/logout/";
/// `POST /oidc/backchannel-logout/` where the OpenID Provider tells of a sign-out there.
pub const BACKCHANNEL_LOGOUT: &str = "/oidc/backchannel-logout/";
/// `GET /login` shorthand for [`AUTHENTICATE`].
pub const LOGIN_SHORT: &str = "/login";
/// `GET /signup` sign-up at the OpenID Provider.
pub const SIGNUP: &str = "/signup";
/// `GET /logout` asks whether to sign out.
pub const LOGOUT_SHORT: &str = "/logout";

/// `GET /api/public` answers every program.
pub const API_PUBLIC: &str = "/api/public";
/// `GET /api/private` answers programs with a good token.
pub const API_PRIVATE: &str = "/api/private";
/// `GET /api/private-scoped` answers programs whose token has one role in the project.
pub const API_PRIVATE_SCOPED: &str = "/api/private-scoped";
/// Where the paths for programs begin; `GET /api/` describes them to people.
pub const API: &str = "/api/";
/// What else there could be below [`API`].
pub const API_REST: &str = "/api/{*rest}";
/// Where the paths of the polls API begin.
pub const API_V1: &str = "/api/v1/";
/// `GET /api/v1/openapi.json` the description of the polls API.
pub const V1_OPENAPI: &str = "/api/v1/openapi.json";
/// `GET /api/v1/polls` the published polls.
pub const V1_POLLS: &str = "/api/v1/polls";
/// `GET /api/v1/polls/{id}` one of them and its ballot paper.
pub const V1_POLL: &str = "/api/v1/polls/{id}";
/// `POST /api/v1/polls/{id}/ballot` casts a ballot; `GET` says whether one is cast.
pub const V1_BALLOT: &str = "/api/v1/polls/{id}/ballot";
/// `POST /api/v1/polls/{id}/receipt` says whether the ballot with a code is in the count.
pub const V1_RECEIPT: &str = "/api/v1/polls/{id}/receipt";
/// `GET /api/v1/polls/{id}/results` the numbers, for staff.
pub const V1_RESULTS: &str = "/api/v1/polls/{id}/results";
/// `GET /api/v1/polls/{id}/results.csv` the same for spreadsheet programs.
pub const V1_RESULTS_CSV: &str = "/api/v1/polls/{id}/results.csv";
/// `GET /api/v1/polls/{id}/votes.csv` who voted for what in a named poll, for staff.
pub const V1_VOTES_CSV: &str = "/api/v1/polls/{id}/votes.csv";
/// `GET /api/v1/polls/{id}/participation.csv` who has voted and who has not, for staff.
pub const V1_PARTICIPATION_CSV: &str = "/api/v1/polls/{id}/participation.csv";
/// `GET /api/v1/admin/polls` polls in whatever state; `POST` makes a draft.
pub const V1_ADMIN_POLLS: &str = "/api/v1/admin/polls";
/// `GET`, `PUT`, `DELETE /api/v1/admin/polls/{id}` a poll as admins write it.
pub const V1_ADMIN_POLL: &str = "/api/v1/admin/polls/{id}";
/// `POST /api/v1/admin/polls/{id}/{step}` takes a step of a poll's life.
pub const V1_ADMIN_POLL_STEP: &str = "/api/v1/admin/polls/{id}/{step}";
/// `GET /api/auth/v2/login` signs a program in by way of the browser.
pub const API_LOGIN: &str = "/api/auth/v2/login";
/// `GET /api/auth/v2/callback` where the OpenID Provider sends that browser back.
pub const API_CALLBACK: &str = "/api/auth/v2/callback";
/// `GET /api/auth/v2/callback/{provider}` where a further OpenID Provider does.
pub const API_CALLBACK_OF: &str = "/api/auth/v2/callback/{provider}";
/// `POST /api/auth/v2/token` gives a program its tokens.
pub const API_TOKEN: &str = "/api/auth/v2/token";
/// `POST /api/auth/v2/device` signs a program in that has no browser.
pub const API_DEVICE: &str = "/api/auth/v2/device";
/// `POST /api/auth/v2/logout` ends a program's session.
pub const API_LOGOUT: &str = "/api/auth/v2/logout";
/// `GET /api/auth/v2/userinfo` whom a token speaks for.
pub const API_USERINFO: &str = "/api/auth/v2/userinfo";
/// `GET /api/auth/v2/.well-known/jwks.json` what access tokens are verified with.
pub const API_JWKS: &str = "/api/auth/v2/.well-known/jwks.json";

/// `GET /healthz` says that the process answers.
pub const HEALTHZ: &str = "/healthz";
/// `GET /readyz` says that the database answers.
pub const READYZ: &str = "/readyz";
/// `GET /static/{*file}` style sheet and icon, under names that change with their content.
pub const STATIC: &str = "/static/{*file}";

/// Whether only programs ask for `path`.
#[must_use]
pub fn is_api(path: &str) -> bool {
    path.starts_with(API)
}

/// A route's path with its `{id}` filled in.
#[must_use]
pub fn with_id(route: &str, id: impl std::fmt::Display) -> String {
    route.replace("{id}", &id.to_string())
}

/// The path of one poll's page.
#[must_use]
pub fn poll(id: impl std::fmt::Display) -> String {
    with_id(POLL, id)
}

/// `path` at the site with this public address, to be passed on.
#[must_use]
pub fn absolute(base_url: &Url, path: &str) -> String {
    let address = base_url.join(path);
    address.map_or_else(|_| path.to_owned(), String::from)
}

/// The history of one thing, such as the poll with the key 7.
#[must_use]
pub fn history_of(kind: &str, id: impl std::fmt::Display) -> String {
    format!("{ADMIN_AUDIT}?id={id}&object={kind}")
}

/// The path of a step in a poll's life, such as `open` or `close`.
#[must_use]
pub fn admin_poll_step(id: impl std::fmt::Display, step: &str) -> String {
    with_id(ADMIN_POLL_STEP, id).replace("{step}", step)
}

/// The path of a step that decides whether somebody may sign in: `deactivate` or `activate`.
#[must_use]
pub fn admin_user_step(id: impl std::fmt::Display, step: &str) -> String {
    with_id(ADMIN_USER_STEP, id).replace("{step}", step)
}

/// What `next=` leaves unescaped (RFC 3986 section 2.3, unreserved characters).
const QUERY_VALUE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What no address holds as it is, beside all that is not ASCII.
const NO_ADDRESS: &AsciiSet = &CONTROLS.add(b' ');

/// The path that signs a person in and brings them back to `next`.
#[must_use]
pub fn authenticate(next: &ReturnPath) -> String {
    format!(
        "{AUTHENTICATE}?next={}",
        utf8_percent_encode(next.as_str(), QUERY_VALUE)
    )
}

/// The path that signs somebody in with an account of their choice and leads to `next`.
#[must_use]
pub fn other_account(next: &ReturnPath) -> String {
    format!("{}&prompt=select_account", authenticate(next))
}

/// Longest return path taken, in bytes: one is stored for each sign-in that is begun.
const LONGEST: usize = 512;

/// Where to go after sign-in: a path of this site and nothing else (`next` on the wire).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(from = "String", into = "String")]
pub struct ReturnPath(String);

impl ReturnPath {
    /// Takes `next` when it is a path within this site, else the home page. One that is too long
    /// loses its query; what may not stand in a `Location` header is escaped (RFC 3986, 2.1).
    ///
    /// A browser reads a backslash as a slash and drops tabs and line ends (WHATWG URL, 4.4),
    /// so that more than `//host` leads away; paths of the sign-in itself would loop.
    #[must_use]
    pub fn parse(next: &str) -> Self {
        let escaped = utf8_percent_encode(next, NO_ADDRESS).to_string();
        let next = if escaped.len() > LONGEST {
            escaped.split(['?', '#']).next().unwrap_or_default()
        } else {
            &escaped
        };
        if is_local(next) {
            Self(next.to_owned())
        } else {
            Self::home()
        }
    }

    /// The home page.
    #[must_use]
    pub fn home() -> Self {
        Self(HOME.to_owned())
    }

    /// The path, with query and fragment.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for ReturnPath {
    fn from(next: String) -> Self {
        Self::parse(&next)
    }
}

impl From<ReturnPath> for String {
    fn from(path: ReturnPath) -> Self {
        path.0
    }
}

impl std::fmt::Display for ReturnPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_local(next: &str) -> bool {
    let decoded = percent_decode_str(next).decode_utf8_lossy();
    next.len() <= LONGEST
        && next.starts_with('/')
        && !decoded.starts_with("//")
        && !decoded.contains('\\')
        && !decoded.chars().any(char::is_control)
        && stays_here(next)
}

/// Asks the URL standard itself where a browser would go.
fn stays_here(next: &str) -> bool {
    let Ok(base) = Url::parse("http://rolecall.invalid/") else {
        return false;
    };
    base.join(next).is_ok_and(|url| {
        url.origin() == base.origin()
            && !url.path().starts_with("//")
            && !url.path().starts_with("/oidc/")
            && (!is_api(url.path()) || url.path() == API_LOGIN)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// M-14, S-4, E-100.
    #[test]
    fn a_path_of_this_site_is_kept_with_query_and_fragment() {
        for next in ["/", "/polls/1/?a=b#c", "/user", "/polls/?q=%C3%A4"] {
            assert_eq!(ReturnPath::parse(next).as_str(), next);
        }
    }

    #[test]
    fn what_is_not_ascii_is_escaped() {
        let path = ReturnPath::parse("/polls/?q=ä ö#ü");
        assert_eq!(path.as_str(), "/polls/?q=%C3%A4%20%C3%B6#%C3%BC");
        assert_eq!(ReturnPath::parse(path.as_str()), path);
    }

    #[test]
    fn a_path_that_is_too_long_loses_its_query() {
        let long = format!("/polls/?q={}", "a".repeat(LONGEST));
        assert_eq!(ReturnPath::parse(&long).as_str(), "/polls/");
    }

    /// M-14, S-4, E-100, SEC-24.
    #[test]
    fn whatever_leads_elsewhere_becomes_the_home_page() {
        let long = format!("/{}", "a".repeat(LONGEST));
        for next in [
            "",
            "polls/",
            "//evil",
            "/\\evil",
            "/%5Cevil",
            "/%5c/evil",
            "/\t/evil",
            "/%09/evil",
            "/%2f/evil",
            "/.//evil",
            "https://evil",
            "https:evil",
            "javascript:alert(1)",
            "/a\r\nb",
            "/a%0d%0ab",
            "/a\0b",
            "/oidc/logout/",
            "/oidc/callback/?code=x",
            "/x/../oidc/logout/",
            "/api/private",
            "/api/auth/v2/callback?code=x",
            &long,
        ] {
            assert_eq!(ReturnPath::parse(next).as_str(), "/", "{next:?}");
        }
    }

    proptest! {
        /// FZ-01, SEC-24.
        #[test]
        fn no_text_leads_away(next in "[/\\\\\\PC\t\n%a-f0-9.:@?#]{0,40}") {
            let base = Url::parse("https://rolecall.example/").unwrap();
            let path = ReturnPath::parse(&next);
            let landed = base.join(path.as_str()).unwrap();
            prop_assert_eq!(landed.origin(), base.origin());
            prop_assert!(path.as_str().is_ascii());
            prop_assert_eq!(ReturnPath::parse(path.as_str()), path);
        }
    }
}
