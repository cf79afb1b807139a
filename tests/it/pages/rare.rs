//! Pages that a site shows on few days: empty, crowded, as a demo, without its provider or its
//! database, to people whom it turns away.

use std::time::Duration;

use demo_idp::{LogoutToken, Person as Account, knobs::AuthorizeError};
use rolecall::{
    db::Db,
    polls::{
        Receipts, VoterResults,
        editing::{PollDraft, Step},
    },
};

use super::crawl::{Seen, note, open_page};
use crate::{
    sign_in::at_provider,
    support::{
        app::{TestApp, execute},
        database::Engine,
        person::Person,
        polls::{cast_all, draft, open, take},
    },
};

/// Goes to all of them.
pub async fn visit(seen: &mut Vec<Seen>) {
    empty(seen).await;
    crowded(seen).await;
    backed_up(seen).await;
    demo(seen).await;
    turned_away(seen).await;
    turned_away_by_what_is_set(seen).await;
    asked_where(seen).await;
    with_portrait(seen).await;
    signed_out_at_both_sides(seen).await;
    signed_out_elsewhere(seen).await;
    provider_with_a_problem(seen).await;
    tokens_for_programs(seen).await;
    too_early_and_too_late(seen).await;
    tampered_with(seen).await;
    history_rewritten(seen).await;
    without_database(seen).await;
}

/// Somebody has changed the history behind the program's back.
async fn history_rewritten(seen: &mut Vec<Seen>) {
    let app = TestApp::start_on(Engine::Sqlite).await;
    open(
        &app.state.polls,
        draft("Is it?", &["Yes", "No"]),
        app.clock.now(),
    )
    .await;
    execute(&app.state.db, "DROP TRIGGER audit_log_update").await;
    execute(&app.state.db, "UPDATE audit_log SET object_label = 'x'").await;
    let mut ada = app.ada().await;
    open_page("Ada", &mut ada, "/admin/audit/verify/", seen).await;
}

/// None, a wish with a flaw, one that is shown, one that is used, one that has ended.
async fn tokens_for_programs(seen: &mut Vec<Seen>) {
    const LIST: &str = "/user/tokens/";
    const MAKE: &str = "/user/tokens/make/";
    let app = TestApp::start().await;
    let mut uma = app.uma().await;
    open_page("Uma, without tokens,", &mut uma, LIST, seen).await;
    let flawed = uma.post(MAKE, &[("name", ""), ("role", "user"), ("days", "7")]);
    note("Uma, with a flaw,", MAKE, flawed.await, seen);
    for (name, days) in [("script", "30"), ("bot", "7")] {
        let fields = [("name", name), ("role", "user"), ("days", days)];
        let made = uma.post(MAKE, &fields).await;
        app.program(made.text_of("#token"))
            .get("/api/private")
            .await;
        note("Uma, with a token,", MAKE, made, seen);
    }
    uma.post(MAKE, &[("name", "idle"), ("role", "user"), ("days", "90")])
        .await;
    app.advance(Duration::from_hours(8 * 24)).await;
    let mut uma = app.uma().await;
    open_page("Uma, with tokens,", &mut uma, LIST, seen).await;
    let mut ada = app.ada().await;
    let list = ada.get("/admin/users/?q=uma").await;
    let page = list.attributes("tbody th a", "href").remove(0);
    open_page("Ada, at somebody with tokens,", &mut ada, &page, seen).await;
    let token = uma.get(LIST).await.attributes("input[name=token]", "value");
    uma.post("/user/tokens/end/", &[("token", &token[0])]).await;
    open_page("Uma, with a message,", &mut uma, LIST, seen).await;
}

async fn empty(seen: &mut Vec<Seen>) {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    for path in [
        "/",
        "/polls/",
        "/admin/",
        "/admin/polls/",
        "/admin/audit/",
        "/user",
    ] {
        open_page("Ada, without polls,", &mut ada, path, seen).await;
    }
    open_page("anonymous, without polls,", &mut app.anonymous(), "/", seen).await;
}

/// Three pages of polls, so that one in the middle has both neighbours.
async fn crowded(seen: &mut Vec<Seen>) {
    let app = TestApp::start().await;
    let before = app.clock.now().minus(Duration::from_hours(1));
    for number in 0..41 {
        let poll = draft(&format!("Is it {number}?"), &["Yes", "No"]);
        open(&app.state.polls, poll, before).await;
    }
    open_page("anonymous", &mut app.anonymous(), "/polls/?page=2", seen).await;
    let mut ada = app.ada().await;
    for page in ["/admin/polls/?size=25", "/admin/polls/?page=2&size=25"] {
        open_page("Ada", &mut ada, page, seen).await;
    }
    let mut uma = app.uma().await;
    open_page("Uma, with more polls than fit,", &mut uma, "/", seen).await;
}

/// Backups that are made, and one that fails.
async fn backed_up(seen: &mut Vec<Seen>) {
    let folder = tempfile::tempdir().expect("a folder");
    let app = TestApp::start_with(Engine::Sqlite, |config| {
        config.backup.dir = Some(folder.path().to_owned());
    })
    .await;
    let mut ada = app.ada().await;
    app.state.backups.make_due().await.expect("a backup");
    open_page("Ada, with a backup,", &mut ada, "/admin/system/", seen).await;
    folder.close().expect("ours");
    app.state.backups.make_due().await.expect_err("no folder");
    for path in ["/admin/", "/admin/system/"] {
        open_page("Ada, without a folder for backups,", &mut ada, path, seen).await;
    }
}

async fn demo(seen: &mut Vec<Seen>) {
    let app = TestApp::start_with(Engine::of_this_run(), |config| config.site.demo = true).await;
    open_page("anonymous, in a demo,", &mut app.anonymous(), "/", seen).await;
}

async fn turned_away(seen: &mut Vec<Seen>) {
    let app = TestApp::start().await;
    let refused = app.anonymous().sign_in("pick-nora", "/").await;
    note("Nora", "/oidc/callback/", refused, seen);
    let (mut ada, _, _) = (app.ada().await, app.stan().await, app.uma().await);
    let now = app.clock.now().as_millis();
    app.execute(
        "UPDATE users SET deactivated_at = $1 WHERE role = 'staff'",
        now,
    )
    .await;
    app.execute(
        "UPDATE users SET role_lost_at = $1 WHERE role = 'user'",
        now,
    )
    .await;
    open_page("Ada", &mut ada, "/admin/users/", seen).await;
    for name in ["uma", "stan"] {
        let list = ada.get(&format!("/admin/users/?q={name}")).await;
        let page = list.attributes("tbody th a", "href").remove(0);
        open_page("Ada", &mut ada, &page, seen).await;
    }
    let (plain, sign_up) = ("/oidc/authenticate/", "/oidc/authenticate/?signup=1");
    arrive("Stan, deactivated,", &app, plain, Account::stan(), seen).await;
    arrive("a newcomer", &app, sign_up, Account::nora(), seen).await;
}

async fn turned_away_by_what_is_set(seen: &mut Vec<Seen>) {
    let app = TestApp::start_with(Engine::of_this_run(), |config| {
        config.oidc.providers[0].create_user = false;
    })
    .await;
    let refused = app.anonymous().sign_in("pick-uma", "/").await;
    note("Uma, not known,", "/oidc/callback/", refused, seen);
    let app = TestApp::start_with(Engine::of_this_run(), |config| {
        config.oidc.providers[0].require_verified_email = true;
    })
    .await;
    let unverified = |person: &mut Account| person.email_verified = false;
    let changed = app.op().person(&Account::uma().sub, unverified);
    changed.expect("Uma is known");
    let refused = app.anonymous().sign_in("pick-uma", "/").await;
    note("Uma, not verified,", "/oidc/callback/", refused, seen);
}

async fn asked_where(seen: &mut Vec<Seen>) {
    let app = TestApp::start_with(Engine::of_this_run(), |config| {
        let mut partner = config.oidc.providers[0].clone();
        partner.id = "partner".to_owned();
        config.oidc.providers.push(partner);
    })
    .await;
    let mut anonymous = app.anonymous();
    for path in ["/oidc/authenticate/", "/oidc/authenticate/?prompt=create"] {
        open_page("anonymous, with two providers,", &mut anonymous, path, seen).await;
    }
}

async fn with_portrait(seen: &mut Vec<Seen>) {
    let app = TestApp::start().await;
    let picture = format!("{}/assets/uma.png", app.provider.issuer());
    let change = |account: &mut Account| account.claims.set("picture", picture);
    app.op()
        .person(&Account::uma().sub, change)
        .expect("Uma is known");
    let mut uma = app.uma().await;
    open_page("Uma, with a portrait,", &mut uma, "/user", seen).await;
}

/// Signs in as `account`, whom the provider does not ask.
async fn arrive(
    who: &'static str,
    app: &TestApp,
    start: &str,
    account: Account,
    seen: &mut Vec<Seen>,
) {
    let mut person = app.anonymous();
    app.op()
        .set(|knobs| knobs.authorize.pick = Some(account.sub));
    let callback = at_provider(&person.get(start).await).await;
    note(who, "/oidc/callback/", person.get(&callback).await, seen);
}

async fn signed_out_at_both_sides(seen: &mut Vec<Seen>) {
    let app = TestApp::start().await;
    let mut uma: Person<'_> = app.uma().await;
    let farewell = uma.post("/oidc/logout/", &[]).await;
    let landing = at_provider(&farewell).await;
    note("Uma", "/oidc/logout/", farewell, seen);
    open_page("Uma, signed out,", &mut uma, "/oidc/logout/", seen).await;
    note("Uma", "/oidc/logout/", uma.get(&landing).await, seen);
}

/// Uma ends her sessions, and the provider ends one that has just begun.
async fn signed_out_elsewhere(seen: &mut Vec<Seen>) {
    let app = TestApp::start().await;
    let (mut uma, mut elsewhere) = (app.uma().await, app.uma().await);
    let ended = uma.post("/user", &[("session", "others")]).await;
    note("Uma, ending sessions,", "/user", ended, seen);
    open_page("Uma, with a message,", &mut uma, "/user", seen).await;
    let callback = elsewhere.ask_provider("pick-uma", "/").await;
    let token = LogoutToken::for_person(&app.op().clients()[0].id, &Account::uma().sub);
    let token = app.op().logout_token(&token).expect("a token");
    let path = "/oidc/backchannel-logout/";
    let form = [("logout_token", token.as_str())];
    let taken = app.anonymous().post_without_token(path, &form).await;
    note("the provider", path, taken, seen);
    let landed = elsewhere.get(&callback).await;
    note(
        "Uma, signed out meanwhile,",
        "/oidc/callback/",
        landed,
        seen,
    );
}

async fn provider_with_a_problem(seen: &mut Vec<Seen>) {
    let app = TestApp::start().await;
    let mut anonymous = app.anonymous();
    let error = AuthorizeError::new("server_error", "the mice have eaten the cables");
    app.op().set(|knobs| knobs.authorize.error = Some(error));
    let callback = at_provider(&anonymous.get("/oidc/authenticate/").await).await;
    note(
        "anonymous",
        "/oidc/callback/",
        anonymous.get(&callback).await,
        seen,
    );
}

/// Checks before a poll has closed; afterwards nothing is left to vote on, and a search finds no
/// vote.
async fn too_early_and_too_late(seen: &mut Vec<Seen>) {
    let app = TestApp::start().await;
    let (polls, now) = (&app.state.polls, app.clock.now());
    let by_hand = PollDraft {
        receipts: Receipts::Counted,
        ..draft("Tea or coffee?", &["Tea", "Coffee"])
    };
    let by_itself = PollDraft {
        closes_at: Some(now.plus(Duration::from_hours(1))),
        ..by_hand.clone()
    };
    let both = [
        open(polls, by_hand, now).await,
        open(polls, by_itself, now).await,
    ];
    let (mut uma, mut stan) = (app.uma().await, app.stan().await);
    for id in both {
        for page in ["check/", "receipt/"] {
            let path = format!("/polls/{id}/{page}");
            open_page("Uma, too early,", &mut uma, &path, seen).await;
        }
        cast_all(&app.state, id, &[&[0]]).await;
        take(polls, Step::Close, id, now).await;
    }
    open_page("Uma, with nothing to vote on,", &mut uma, "/", seen).await;
    let votes = format!("/polls/{}/votes/?q=nobody", both[0]);
    open_page("Stan", &mut stan, &votes, seen).await;
}

/// A vote that was moved behind the program's back, in a poll whose numbers all may read.
async fn tampered_with(seen: &mut Vec<Seen>) {
    const MOVE: &str = "UPDATE ballot_choices SET choice_id = (SELECT MAX(id) FROM choices)";
    let app = TestApp::start().await;
    let now = app.clock.now();
    let for_all = PollDraft {
        voter_results: VoterResults::AfterClose,
        ..draft("Tea or coffee?", &["Tea", "Coffee"])
    };
    let id = open(&app.state.polls, for_all, now).await;
    cast_all(&app.state, id, &[&[0]]).await;
    take(&app.state.polls, Step::Close, id, now).await;
    match &app.state.db {
        Db::Sqlite { .. } => execute(&app.state.db, "DROP TRIGGER ballot_choices_update").await,
        Db::Postgres { .. } => {
            execute(
                &app.state.db,
                "DROP TRIGGER ballot_choices_update ON ballot_choices",
            )
            .await;
        }
    }
    execute(&app.state.db, MOVE).await;
    let (mut stan, mut uma) = (app.stan().await, app.uma().await);
    for path in ["check/", "results/"] {
        let path = format!("/polls/{id}/{path}");
        open_page("Stan, after tampering,", &mut stan, &path, seen).await;
    }
    let poll = format!("/polls/{id}/");
    open_page("Uma, after tampering,", &mut uma, &poll, seen).await;
}

async fn without_database(seen: &mut Vec<Seen>) {
    let app = TestApp::start().await;
    app.state.db.close().await;
    open_page(
        "anonymous, without a database,",
        &mut app.anonymous(),
        "/polls/",
        seen,
    )
    .await;
}
