//! A form that came after its session belongs to the person to whom it was served, in the browser
//! in which it was; never to whoever signs in there next.

use axum::body::Body;
use http::{Request, header};
use rolecall::{
    paths,
    polls::{Secrecy, editing::PollDraft},
};

use crate::{
    support::{app::TestApp, database::Engine, person::Person},
    unsent_forms::{BALLOTS, KEPT, come_back, lunch, opened, salad, send_late, ticked},
};

/// Signs out as people do.
async fn sign_out(person: &mut Person<'_>) {
    assert_eq!(person.post("/oidc/logout/", &[]).await.status, 303);
}

/// V30, N-9: on a computer that several people share.
#[tokio::test]
async fn who_signs_in_next_in_the_same_browser_sees_nothing_of_it() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let id = opened(&app, lunch()).await;
        let (mut uma, salad) = (app.uma().await, salad(&app, id).await);
        let path = paths::with_id(paths::VOTE, id);
        let sent = send_late(&app, &mut uma, &path, &[("choice", &salad)]).await;
        assert_eq!(app.number(KEPT).await, 1);
        let page = come_back(&mut uma, "pick-stan", &sent).await;
        assert_eq!(page.status, 200);
        assert!(ticked(&page).is_empty());
        assert!(page.texts(".flash").is_empty(), "{}", page.text);
        assert_eq!(app.number(KEPT).await, 0, "and it is gone");
        sign_out(&mut uma).await;
        uma.sign_in("pick-uma", "/").await;
        assert!(ticked(&uma.get(&paths::poll(id)).await).is_empty());
    }
}

/// SEC-50: that somebody tried to vote is told to nobody else either.
#[tokio::test]
async fn of_a_lost_secret_vote_its_voter_alone_hears() {
    let app = TestApp::start().await;
    let secret = PollDraft {
        secrecy: Secrecy::Secret,
        ..lunch()
    };
    let id = opened(&app, secret).await;
    let (mut uma, salad) = (app.uma().await, salad(&app, id).await);
    let path = paths::with_id(paths::REVIEW, id);
    let sent = send_late(&app, &mut uma, &path, &[("choice", &salad)]).await;
    let page = come_back(&mut uma, "pick-stan", &sent).await;
    assert!(page.texts(".flash").is_empty(), "{}", page.text);
    sign_out(&mut uma).await;
    uma.sign_in("pick-uma", "/").await;
    let page = uma.get(&paths::poll(id)).await;
    assert!(page.text_of(".flash.error").contains("not recorded"));
}

/// Even where the form is found before the sign-in has removed it.
#[tokio::test]
async fn a_form_that_is_found_by_somebody_else_is_lost_and_not_shown() {
    let app = TestApp::start().await;
    let id = opened(&app, lunch()).await;
    let (mut uma, salad) = (app.uma().await, salad(&app, id).await);
    let path = paths::with_id(paths::VOTE, id);
    send_late(&app, &mut uma, &path, &[("choice", &salad)]).await;
    let mut stan = app.stan().await;
    let cookie = uma.cookies()["rolecall_form"].clone();
    stan.cookies().insert("rolecall_form".to_owned(), cookie);
    assert!(ticked(&stan.get(&paths::poll(id)).await).is_empty());
    assert_eq!(app.number(KEPT).await, 0);
}

#[tokio::test]
async fn signing_out_forgets_it() {
    let app = TestApp::start().await;
    let id = opened(&app, lunch()).await;
    let (mut uma, salad) = (app.uma().await, salad(&app, id).await);
    let path = paths::with_id(paths::VOTE, id);
    send_late(&app, &mut uma, &path, &[("choice", &salad)]).await;
    uma.sign_in("pick-uma", "/").await;
    assert_eq!(app.number(KEPT).await, 1, "it waits for its page");
    sign_out(&mut uma).await;
    assert_eq!(app.number(KEPT).await, 0);
}

/// V30: the form carries the token of the session before, and the person is the same.
#[tokio::test]
async fn a_form_from_before_a_new_sign_in_in_another_tab_comes_back_filled_in() {
    for secrecy in [Secrecy::Named, Secrecy::Secret] {
        let app = TestApp::start().await;
        let poll = PollDraft { secrecy, ..lunch() };
        let id = opened(&app, poll).await;
        let (mut uma, salad) = (app.uma().await, salad(&app, id).await);
        let token = uma.csrf_token().await;
        app.advance(std::time::Duration::from_hours(1)).await;
        uma.sign_in("pick-uma", "/").await;
        let fields = [("choice", salad.as_str()), ("csrf_token", &token)];
        let path = paths::with_id(paths::VOTE, id);
        let sent = uma.post_without_token(&path, &fields).await;
        assert_eq!(
            (sent.status.as_u16(), sent.location()),
            (303, paths::poll(id).as_str())
        );
        assert_eq!(app.number(BALLOTS).await, 0);
        let page = uma.get(sent.location()).await;
        let is_named = secrecy == Secrecy::Named;
        assert_eq!(ticked(&page).len(), usize::from(is_named));
        assert!(page.text_of(".flash.error").contains("not recorded"));
    }
}

/// V30: the console's forms as well.
#[tokio::test]
async fn a_console_form_from_before_a_new_sign_in_comes_back_filled_in() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let token = ada.csrf_token().await;
    app.advance(std::time::Duration::from_hours(1)).await;
    ada.sign_in("pick-ada", "/").await;
    let fields = [
        ("question", "Which day suits?"),
        ("choice", "Monday"),
        ("method", "single"),
        ("results", "after_close"),
        ("voter_results", "never"),
        ("zone", "UTC"),
        ("csrf_token", &token),
    ];
    let path = "/admin/polls/new/?list=state%3Ddraft";
    let sent = ada.post_without_token(path, &fields).await;
    assert_eq!((sent.status.as_u16(), sent.location()), (303, path));
    let page = ada.get(path).await;
    assert_eq!(page.attributes("#question", "value"), ["Which day suits?"]);
    assert!(page.text_of(".note.warn").contains("nothing was saved"));
}

/// SEC-52: a token of somebody else is a wrong token, and so is one that nobody made.
#[tokio::test]
async fn nothing_is_kept_of_a_form_that_was_served_to_somebody_else_or_to_nobody() {
    let app = TestApp::start().await;
    let id = opened(&app, lunch()).await;
    let salad = salad(&app, id).await;
    let (mut uma, mut stan) = (app.uma().await, app.stan().await);
    let of_stan = stan.csrf_token().await;
    let path = paths::with_id(paths::VOTE, id);
    for token in [of_stan.as_str(), "made up", ""] {
        let fields = [("choice", salad.as_str()), ("csrf_token", token)];
        let refused = uma.post_without_token(&path, &fields).await;
        assert_eq!(refused.status, 403, "{token}");
        let fields = [("choice", salad.as_str()), ("csrf_token", "made up")];
        let stranger = app.anonymous().post_without_token(&path, &fields).await;
        assert_eq!(stranger.status, 303);
    }
    assert_eq!(app.number(KEPT).await, 0);
    assert_eq!(app.number(BALLOTS).await, 0);
}

/// Sending a form takes no session, but a token that one has had.
#[tokio::test]
async fn nobody_fills_the_disk_with_forms() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let mut ada = app.ada().await;
        let token = ada.csrf_token().await;
        for token in ["", "x", &token] {
            for _ in 0..12 {
                let fields = [("question", "x"), ("csrf_token", token)];
                let path = "/admin/polls/new/";
                app.anonymous().post_without_token(path, &fields).await;
            }
        }
        assert_eq!(app.number(KEPT).await, 8);
    }
}

#[tokio::test]
async fn nobody_else_fills_in_our_forms() {
    let app = TestApp::start().await;
    let mut ada = app.ada().await;
    let token = ada.csrf_token().await;
    let mut stranger = app.anonymous();
    let request = Request::post("/admin/polls/new/")
        .header(header::ACCEPT, "text/html")
        .header("sec-fetch-site", "cross-site")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("question", "evil"), ("csrf_token", &token)])
        .finish();
    let foreign = stranger.send(request, Body::from(body)).await;
    assert_eq!(foreign.status, 403);
    assert!(stranger.cookies().is_empty());
    assert_eq!(app.number(KEPT).await, 0);
}
