//! Every page in every state, as it looks: narrow and wide, light and dark. The browser has
//! nothing to complain about, nothing scrolls sideways on a phone, and axe-core finds nothing
//! that shuts people out. Each tour leaves its pictures in the build folder, under `tmp/pages`.

use std::path::PathBuf;

use demo_idp::{Endpoint, Fault, Knobs};
use rolecall::{
    attempts::{self, Attempt, Evidence, Filter, MissingRole},
    clock::Timestamp,
    config::Config,
    db::Db,
    polls::{
        PollId, Polls,
        editing::{PollDraft, Step},
    },
    statement::{Order, Window},
    users::Role,
};

use crate::support::{
    browser::{Browser, Options},
    polls::{create, draft, open, take},
    served::Served,
};

/// Viewport widths in CSS pixels: WCAG's measure for reflow (1.4.10), and a desk.
const WIDTHS: [u32; 2] = [320, 1280];

/// Buttons and choices that a finger misses: lower than 44 px.
const SMALL_TARGETS: &str = "
    const targets = [...document.querySelectorAll('.button, .choice')];
    const line = (target) => `${target.innerText}: ${target.getBoundingClientRect().height} px`;
    const isSmall = ({ width, height }) => width > 0 && height > 0 && height < 43.5;
    return targets.filter((target) => isSmall(target.getBoundingClientRect())).map(line);
";

/// A browser that looks at one page after the other, and what it did not like.
pub struct Tour {
    pub browser: Browser,
    pub site: Served,
    problems: Vec<String>,
}

impl Tour {
    async fn of(site: Served) -> Self {
        Self {
            browser: Browser::start(Options::default()).await,
            site,
            problems: Vec::new(),
        }
    }

    /// A tour of the site with its samples, signed in.
    pub async fn signed_in(pick: &str) -> Self {
        let tour = Self::of(Served::start().await).await;
        tour.site.sign_in(&tour.browser, pick, "/").await;
        tour
    }

    /// Opens an address and looks at its page, which must have this heading.
    pub async fn visit(&mut self, name: &str, address: &str, heading: &str) {
        self.browser.goto(address).await;
        self.look(name, heading).await;
    }

    /// Looks at the page that is open.
    pub async fn look(&mut self, name: &str, heading: &str) {
        let found = self.browser.text("h1").await;
        if found != heading {
            self.problems.push(format!("{name} is headed {found:?}"));
        }
        for (width, dark) in WIDTHS
            .iter()
            .flat_map(|width| [(*width, false), (*width, true)])
        {
            let theme = if dark { "dark" } else { "light" };
            self.browser.look_as(width, dark).await;
            let sideways = self.browser.sideways().await;
            let mut problems = self.browser.accessibility_problems().await;
            if sideways > 0 {
                problems.push(format!("{sideways} px beyond the edge"));
            }
            let small = self.browser.execute(SMALL_TARGETS, vec![]).await;
            let small = small.as_array().expect("an array");
            problems.extend(small.iter().map(|line| format!("too small: {line}")));
            let view = |problem| format!("{name}, {width} px, {theme}: {problem}");
            self.problems.extend(problems.into_iter().map(view));
            let picture = pictures().join(format!("{name}-{width}-{theme}.webp"));
            self.browser.screenshot(picture).await;
        }
        let complaints = self.browser.complaints().await;
        let complaints = complaints.iter().map(|text| format!("{name}: {text}"));
        self.problems.extend(complaints);
    }

    /// The address of a path below `/admin/polls/{id}/`.
    pub fn console(&self, poll: PollId, path: &str) -> String {
        self.site.url(&format!("/admin/polls/{poll}/{path}"))
    }

    pub fn end(self) {
        assert!(self.problems.is_empty(), "{}", self.problems.join("\n"));
    }
}

fn pictures() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pages");
    std::fs::create_dir_all(&folder).expect("a writable folder");
    folder
}

/// Adds a poll that closed without a ballot.
async fn closed_without_votes(polls: &Polls, now: Timestamp) -> PollId {
    let an_hour_ago = now.minus(std::time::Duration::from_hours(1));
    let poll = draft("Who waters the plants?", &["Whoever sees them", "Nobody"]);
    let id = open(polls, poll, an_hour_ago).await;
    take(polls, Step::Close, id, now).await;
    id
}

/// Notes a sign-in that was refused, with long names; its key.
async fn refused_sign_in(db: &Db, now: Timestamp) -> i64 {
    let evidence = Evidence {
        subject: Some("259000000000000104".to_owned()),
        id_token: [
            "iss",
            "sub",
            "urn:zitadel:iam:user:resourceowner:primary_domain",
        ]
        .into_iter()
        .collect(),
        userinfo: ["urn:zitadel:iam:org:project:259000000000000042:roles"]
            .into_iter()
            .collect(),
        missing_role: Some(MissingRole::Unmapped),
        unmapped_roles: ["guest"].into_iter().collect(),
        request_id: "00112233445566ff".to_owned(),
        ..Evidence::of("https://login.acme.example")
    };
    let attempt = Attempt::refused(evidence, MissingRole::Unmapped.as_str());
    attempts::record(db, attempt, now).await.expect("recorded");
    let newest = attempts::list(db, &Filter::default(), &Order::default(), Window::first(1)).await;
    newest.expect("the database answers")[0].id
}

/// X1, X2.
#[tokio::test]
async fn pages_for_everybody() {
    let mut tour = Tour::of(Served::start().await).await;
    let url = |path: &str| tour.site.url(path);
    let pages = [
        ("home", url("/"), "Everyone on the roll has one vote."),
        ("polls", url("/polls/"), "Polls"),
        ("profile-signed-out", url("/user"), "Your profile"),
        ("api", url("/api/"), "The API for programs"),
        ("signed-out", url("/oidc/logout/"), "You are signed out"),
        (
            "signed-out-here",
            url("/oidc/logout/?ended=here"),
            "You are signed out",
        ),
        ("not-found", url("/nowhere/"), "Page not found"),
    ];
    for (name, address, heading) in pages {
        tour.visit(name, &address, heading).await;
    }
    tour.end();
}

#[tokio::test]
async fn pages_that_ask_at_which_provider() {
    let with_a_partner = |config: &mut Config| {
        let mut partner = config.oidc.providers[0].clone();
        partner.id = "partner".to_owned();
        partner.label = "The partner with a rather long name, whom nobody calls by it".to_owned();
        config.oidc.providers.push(partner);
    };
    let mut tour = Tour::of(Served::start_with(with_a_partner).await).await;
    let (sign_in, sign_up) = (
        tour.site.url("/oidc/authenticate/"),
        tour.site.url("/signup"),
    );
    let heading = "Where do you have your account?";
    tour.visit("choice", &sign_in, heading).await;
    let heading = "Where do you want your account?";
    tour.visit("choice-sign-up", &sign_up, heading).await;
    tour.end();
}

#[tokio::test]
async fn pages_of_a_sign_in_that_does_not_succeed() {
    let mut tour = Tour::of(Served::start_empty().await).await;
    let sign_in = tour.site.url("/oidc/authenticate/?prompt=select_account");
    tour.visit(
        "home-empty",
        &tour.site.url("/"),
        "Everyone on the roll has one vote.",
    )
    .await;
    tour.visit("polls-empty", &tour.site.url("/polls/"), "Polls")
        .await;
    let forged = tour.site.url("/oidc/callback/?code=forged&state=forged");
    tour.visit("sign-in-unknown", &forged, "The sign-in did not work")
        .await;
    tour.browser.goto(&sign_in).await;
    tour.browser.follow("#pick-deny").await;
    tour.look("sign-in-declined", "You were not signed in")
        .await;
    tour.browser.goto(&sign_in).await;
    tour.browser.follow("#pick-nora").await;
    tour.look("refused", "You have no role here yet").await;
    tour.browser.goto(&sign_in).await;
    let mute = |knobs: &mut Knobs| knobs.fault(Endpoint::Token, Fault::Refuse);
    tour.site.provider.controls().set(mute);
    tour.browser.follow("#pick-uma").await;
    tour.look("provider-down", "Sign-in is unavailable at the moment")
        .await;
    tour.end();
}

/// X1, X2.
#[tokio::test]
async fn pages_of_a_voter() {
    let mut tour = Tour::signed_in("pick-uma").await;
    let (meeting, party) = (
        "Which day suits the weekly meeting?",
        "Where do we hold the summer party?",
    );
    let (chair, library) = (
        "Who chairs the works council?",
        "Should the library stay open until 20:00 on Thursdays?",
    );
    let workshops = "Which workshops should we run in spring?";
    let (home, polls) = (tour.site.url("/"), tour.site.url("/polls/"));
    tour.look("home-user", "Hello, Uma Umbach").await;
    tour.visit("polls-user", &polls, "Polls").await;
    for (name, question) in [
        ("ballot-single", meeting),
        ("ballot-multiple", workshops),
        ("scheduled", chair),
        ("closed", party),
    ] {
        let poll = tour.site.poll(question).await;
        tour.visit(name, &poll, question).await;
    }
    let (vote, change) = (tour.site.poll(meeting).await, tour.site.poll(library).await);
    tour.browser.goto(&vote).await;
    tour.browser.submit("form.ballot").await;
    tour.look("ballot-error", meeting).await;
    tour.browser.click_text("Monday morning").await;
    tour.browser.submit("form.ballot").await;
    tour.look("voted", "Your vote is recorded").await;
    tour.visit("has-voted", &vote, meeting).await;
    tour.browser.goto(&change).await;
    tour.browser.click_text("Yes").await;
    tour.browser.submit("form.ballot").await;
    tour.look("voted-may-change", "Your vote is recorded").await;
    tour.visit("ballot-change", &change, library).await;
    tour.visit("home-voted", &home, "Hello, Uma Umbach").await;
    tour.end();
}

#[tokio::test]
async fn pages_of_a_ranked_and_of_a_secret_vote() {
    let mut tour = Tour::signed_in("pick-uma").await;
    let (rooms, week) = (
        "Which meeting room do we renovate first?",
        "Should we try a week of four days?",
    );
    let (ranked, secret) = (tour.site.poll(rooms).await, tour.site.poll(week).await);
    tour.visit("ballot-ranked", &ranked, rooms).await;
    tour.browser.submit("form.ballot").await;
    tour.look("ballot-ranked-error", rooms).await;
    tour.visit("ballot-secret", &secret, week).await;
    let receipt = format!("{secret}receipt/");
    tour.visit("receipt-later", &receipt, "Check a receipt")
        .await;
    tour.browser.goto(&secret).await;
    tour.browser.click_text("No").await;
    tour.browser.submit("form.ballot").await;
    tour.look("review", "Check your vote").await;
    tour.browser.follow_text("Cast my vote").await;
    tour.look("voted-secret", "Your vote is recorded").await;
    let id = secret.trim_end_matches('/').rsplit('/').next();
    let id = PollId(id.and_then(|id| id.parse().ok()).expect("a number"));
    let state = &tour.site.state;
    take(&state.polls, Step::Close, id, state.clock.now()).await;
    tour.visit("receipt", &receipt, "Check a receipt").await;
    tour.browser.fill("#code", "0000-0000-0000-0000").await;
    tour.browser.submit("form.sheet").await;
    tour.look("receipt-not-found", "Check a receipt").await;
    tour.end();
}

#[tokio::test]
async fn pages_of_a_voter_that_are_not_about_voting() {
    let mut tour = Tour::signed_in("pick-uma").await;
    // The profile offers to end another session only when there is one.
    let elsewhere = Browser::start(Options::default()).await;
    tour.site.sign_in(&elsewhere, "pick-uma", "/").await;
    let state = &tour.site.state;
    let for_staff = PollDraft {
        roles: [Role::Staff].into_iter().collect(),
        ..draft("Who covers the desk?", &["Stan", "Ada"])
    };
    let not_for_uma = open(&state.polls, for_staff, state.clock.now()).await;
    let url = |path: &str| tour.site.url(path);
    let pages = [
        ("profile", url("/user"), "Uma Umbach"),
        ("tokens", url("/user/tokens/"), "Tokens for your programs"),
        ("sign-out", url("/logout"), "Sign out?"),
        (
            "still-signed-in",
            url("/oidc/logout/"),
            "You are still signed in",
        ),
        (
            "not-eligible",
            url(&format!("/polls/{not_for_uma}/")),
            "Who covers the desk?",
        ),
        (
            "forbidden",
            url("/admin/"),
            "You do not have access to this page",
        ),
        ("poll-not-found", url("/polls/4711/"), "Page not found"),
    ];
    for (name, address, heading) in pages {
        tour.visit(name, &address, heading).await;
    }
    tour.end();
}

/// X1, X2.
#[tokio::test]
async fn pages_of_staff() {
    let mut tour = Tour::signed_in("pick-stan").await;
    let state = &tour.site.state;
    let unanswered = closed_without_votes(&state.polls, state.clock.now()).await;
    tour.visit("home-staff", &tour.site.url("/"), "Hello, Stan Stark")
        .await;
    let unanswered = tour.site.url(&format!("/polls/{unanswered}/results/"));
    tour.visit("results-none", &unanswered, "Who waters the plants?")
        .await;
    for (name, question) in [
        ("results", "Where do we hold the summer party?"),
        ("results-live", "Which workshops should we run in spring?"),
        ("results-later", "Which day suits the weekly meeting?"),
    ] {
        let results = format!("{}results/", tour.site.poll(question).await);
        tour.visit(name, &results, question).await;
    }
    let party = tour.site.poll("Where do we hold the summer party?").await;
    for (name, path, heading) in [
        ("check", "check/", "Check this poll"),
        ("votes", "votes/", "Who voted for what"),
        ("votes-none", "votes/?q=nothing", "Who voted for what"),
        ("participation", "participation/", "Who has voted"),
        (
            "participation-none",
            "participation/?q=nobody",
            "Who has voted",
        ),
    ] {
        tour.visit(name, &format!("{party}{path}"), heading).await;
    }
    let meeting = tour.site.poll("Which day suits the weekly meeting?").await;
    tour.visit(
        "check-later",
        &format!("{meeting}check/"),
        "Check this poll",
    )
    .await;
    tour.site
        .execute("DROP TRIGGER ballot_choices_update")
        .await;
    tour.site
        .execute("UPDATE ballot_choices SET choice_id = 1 WHERE choice_id = 2")
        .await;
    for (name, path, heading) in [
        ("check-fails", "check/", "Check this poll"),
        (
            "results-mismatch",
            "results/",
            "Where do we hold the summer party?",
        ),
    ] {
        tour.visit(name, &format!("{party}{path}"), heading).await;
    }
    tour.end();
}

/// X1, X2.
#[tokio::test]
async fn pages_of_the_console() {
    let mut tour = Tour::signed_in("pick-ada").await;
    let state = &tour.site.state;
    let (polls, now) = (&state.polls, state.clock.now());
    create(polls, draft("What is for lunch?", &["Soup", "Salad"]), now).await;
    let put_away = closed_without_votes(polls, now).await;
    take(polls, Step::Archive, put_away, now).await;
    let refused = refused_sign_in(&state.db, now).await;
    let admin = |path: &str| tour.site.url(&format!("/admin/{path}"));
    let pages = [
        ("home-admin", tour.site.url("/"), "Hello, Ada Adler"),
        ("admin", admin(""), "Polls Administration"),
        ("admin-polls", admin("polls/"), "Polls"),
        (
            "admin-polls-filtered",
            admin("polls/?q=library&state=open"),
            "Polls",
        ),
        ("admin-polls-none", admin("polls/?q=nothing"), "Polls"),
        ("admin-users", admin("users/"), "People"),
        ("admin-users-none", admin("users/?q=nobody"), "People"),
        ("admin-user", admin("users/1/"), "Amara Okafor"),
        (
            "admin-deactivate",
            admin("users/1/deactivate/"),
            "Deactivate Amara Okafor?",
        ),
        (
            "admin-end-sessions",
            admin("sessions/end/"),
            "End everybody’s sessions?",
        ),
        ("admin-sessions", admin("sessions/"), "Sessions"),
        ("admin-audit", admin("audit/"), "Audit"),
        (
            "admin-audit-verify",
            admin("audit/verify/"),
            "Verify the chain",
        ),
        ("admin-system", admin("system/"), "System"),
        (
            "admin-user-erase",
            admin("users/1/erase/"),
            "Erase Amara Okafor?",
        ),
        (
            "admin-user-merge",
            admin("users/1/merge/?q=a"),
            "Merge Amara Okafor with another identity",
        ),
        ("admin-sign-ins", admin("sign-ins/"), "Sign-ins"),
        (
            "admin-sign-ins-none",
            admin("sign-ins/?q=nobody&outcome=ok&reason=x"),
            "Sign-ins",
        ),
        (
            "admin-sign-in",
            admin(&format!("sign-ins/{refused}/")),
            "Sign-in",
        ),
        (
            "admin-archived",
            tour.console(put_away, ""),
            "Who waters the plants?",
        ),
        (
            "admin-restore",
            tour.console(put_away, "restore/"),
            "Restore this poll now?",
        ),
    ];
    for (name, address, heading) in pages {
        tour.visit(name, &address, heading).await;
    }
    tour.end();
}

#[tokio::test]
async fn pages_that_write_polls_in_the_console() {
    let mut tour = Tour::signed_in("pick-ada").await;
    let state = &tour.site.state;
    let (polls, now) = (&state.polls, state.clock.now());
    let bare = create(polls, draft("What is for lunch?", &["Soup"]), now).await;
    let ready = create(polls, draft("Tea or coffee?", &["Tea", "Coffee"]), now).await;
    let running = open(polls, draft("Which name?", &["Rolecall", "Roll call"]), now).await;
    let pages = [
        (
            "admin-new",
            tour.site.url("/admin/polls/new/"),
            "Add a poll",
        ),
        ("admin-draft", tour.console(bare, ""), "What is for lunch?"),
        (
            "admin-open-blocked",
            tour.console(bare, "open/"),
            "Open this poll now?",
        ),
        (
            "admin-open",
            tour.console(ready, "open/"),
            "Open this poll now?",
        ),
        (
            "admin-preview",
            tour.console(ready, "preview/"),
            "Tea or coffee?",
        ),
        ("admin-running", tour.console(running, ""), "Which name?"),
        (
            "admin-times",
            tour.console(running, "times/"),
            "Closing time and results",
        ),
        (
            "admin-unfreeze",
            tour.console(running, "unfreeze/"),
            "Take this poll back to draft?",
        ),
        (
            "admin-close",
            tour.console(running, "close/"),
            "Close this poll now?",
        ),
        (
            "admin-archive",
            tour.console(ready, "archive/"),
            "Archive this poll now?",
        ),
    ];
    for (name, address, heading) in pages {
        tour.visit(name, &address, heading).await;
    }
    tour.browser.goto(tour.site.url("/admin/polls/new/")).await;
    tour.browser.fill("#choice-1", "Soup").await;
    tour.browser.fill("#choice-2", "soup").await;
    tour.browser.follow_text("Save and continue editing").await;
    tour.look("admin-new-error", "Add a poll").await;
    tour.end();
}

/// X1, X5. German words are long: the pages with the longest stand for all.
#[tokio::test]
async fn german_pages() {
    let mut tour = Tour::signed_in("pick-ada").await;
    tour.browser.follow("footer button").await;
    tour.look("german-home", "Guten Tag, Ada Adler").await;
    let rooms = "Which meeting room do we renovate first?";
    let ballot = tour.site.poll(rooms).await;
    let url = |path: &str| tour.site.url(path);
    let pages = [
        ("german-ballot", ballot, rooms),
        ("german-polls", url("/polls/"), "Abstimmungen"),
        ("german-profile", url("/user"), "Ada Adler"),
        ("german-sign-out", url("/logout"), "Abmelden?"),
        ("german-not-found", url("/nowhere/"), "Seite nicht gefunden"),
        (
            "german-admin",
            url("/admin/"),
            "Verwaltung der Abstimmungen",
        ),
        ("german-admin-polls", url("/admin/polls/"), "Abstimmungen"),
        (
            "german-admin-poll-new",
            url("/admin/polls/new/"),
            "Abstimmung anlegen",
        ),
        ("german-admin-people", url("/admin/users/"), "Personen"),
        (
            "german-admin-sign-ins",
            url("/admin/sign-ins/"),
            "Anmeldungen",
        ),
        ("german-admin-audit", url("/admin/audit/"), "Protokoll"),
        ("german-admin-system", url("/admin/system/"), "System"),
        (
            "german-admin-sessions",
            url("/admin/sessions/"),
            "Sitzungen",
        ),
        (
            "german-admin-merge",
            url("/admin/users/1/merge/?other=2"),
            "Amara Okafor mit anderer Identität zusammenführen",
        ),
    ];
    for (name, address, heading) in pages {
        tour.visit(name, &address, heading).await;
    }
    tour.end();
}
