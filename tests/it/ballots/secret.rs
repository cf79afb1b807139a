//! Secret ballots: what voters are told, the review, and where no choice is ever kept.

use rolecall::{
    paths,
    polls::{
        Secrecy,
        editing::{PollDraft, Step},
    },
};

use super::{ballots, opened, ranked, ranking, secret, send, values, with_receipts};
use crate::support::{
    app::TestApp,
    log,
    person::Person,
    polls::{create, paper, take},
};

/// T8.
#[tokio::test]
async fn a_secret_paper_says_what_is_kept_apart_and_what_is_not() {
    let app = TestApp::start().await;
    let id = opened(&app, secret()).await;
    let page = app.uma().await.get(&paths::poll(id)).await;
    let terms = page.texts(".terms li");
    for (number, words) in [
        (0, "who has voted and what the ballots say are kept apart"),
        (1, "Whoever runs the server could still find out"),
        (2, "When few people vote, or all of them alike"),
        (3, "You cannot change or withdraw your vote"),
    ] {
        assert!(terms[number].contains(words), "{terms:?}");
    }
    assert!(!page.text.contains("Your name will be shown"));
    assert_eq!(page.text_of("form.ballot .button"), "Continue");
    assert_eq!(page.attributes("input[checked]", "value"), [""; 0]);
}

/// V21, V22.
#[tokio::test]
async fn a_secret_vote_is_shown_once_more_and_then_cast() {
    let app = TestApp::start().await;
    let id = opened(&app, secret()).await;
    let (mut uma, values) = (app.uma().await, values(&app, id).await);
    let review = send(&mut uma, paths::REVIEW, id, &[("choice", &values[1])]).await;
    assert_eq!(review.status, 200, "{}", review.text);
    assert_eq!(review.text_of("h1"), "Check your vote");
    assert_eq!(review.texts(".outcome"), ["Coffee"]);
    assert_eq!(review.texts("form.ballot button"), ["Cast my vote", "Back"]);
    assert_eq!(ballots(&app).await, 0, "a review is no vote");

    let back = [("choice", values[1].as_str()), ("press", "back")];
    let again = send(&mut uma, paths::REVIEW, id, &back).await;
    assert_eq!(
        again.attributes("input[checked]", "value"),
        [values[1].as_str()]
    );
    assert_eq!(again.text_of("legend h1"), "Tea or coffee?");

    let hidden = review.attributes("input[name=choice]", "value");
    let cast = send(&mut uma, paths::VOTE, id, &[("choice", &hidden[0])]).await;
    assert_eq!(cast.location(), paths::with_id(paths::VOTED, id));
    let told = uma.get(cast.location()).await;
    assert_eq!(told.text_of("h1"), "Your vote is recorded");
    assert!(
        !told.text.contains("Coffee"),
        "the confirmation keeps the secret"
    );
    let page = uma.get(&paths::poll(id)).await;
    assert!(page.texts("form.ballot").is_empty());
    assert!(page.text_of(".note").contains("Your vote is recorded"));
}

/// V21.
#[tokio::test]
async fn a_ranking_keeps_its_order_through_the_review() {
    let app = TestApp::start().await;
    let secret = PollDraft {
        secrecy: Secrecy::Secret,
        ..ranked()
    };
    let id = opened(&app, secret).await;
    let (mut uma, values) = (app.uma().await, values(&app, id).await);
    let fields = ranking(&values, &["2", "", "1"]);
    let review = send(&mut uma, paths::REVIEW, id, &fields).await;
    assert_eq!(review.texts(".outcome"), ["1. Blue", "2. Red"]);
    assert_eq!(review.attributes("input[name=choice]", "value"), values);
    assert_eq!(
        review.attributes("input[name=rank]", "value"),
        ["2", "", "1"]
    );
}

/// V7, V21, X9.
#[tokio::test]
async fn a_review_of_nothing_or_of_a_vote_that_cannot_be_cast_says_so() {
    let app = TestApp::start().await;
    let id = opened(&app, secret()).await;
    let (mut uma, values) = (app.uma().await, values(&app, id).await);
    let nothing = send(&mut uma, paths::REVIEW, id, &[]).await;
    assert_eq!(
        (
            nothing.status.as_u16(),
            nothing.text_of(".error-summary li").as_str()
        ),
        (422, "You didn’t select a choice.")
    );
    let forged = [("choice", values[0].as_str()), ("csrf_token", "wrong")];
    let refused = uma
        .post_without_token(&paths::with_id(paths::REVIEW, id), &forged)
        .await;
    assert_eq!(refused.text_of(".note"), "Your vote was not recorded.");
    take(&app.state.polls, Step::Close, id, app.clock.now()).await;
    let late = send(&mut uma, paths::REVIEW, id, &[("choice", &values[0])]).await;
    assert_eq!(
        (late.status.as_u16(), late.text_of("h1").as_str()),
        (409, "This poll has closed")
    );
    assert_eq!(late.text_of(".note"), "Your vote was not recorded.");
}

/// V21: the step can be left out.
#[tokio::test]
async fn a_poll_without_a_review_casts_at_once() {
    let app = TestApp::start().await;
    let at_once = PollDraft {
        review: false,
        ..secret()
    };
    let id = opened(&app, at_once).await;
    let page = app.uma().await.get(&paths::poll(id)).await;
    assert_eq!(page.text_of("form.ballot .button"), "Cast my vote");
    assert_eq!(
        page.attributes("form.ballot", "action"),
        [paths::with_id(paths::VOTE, id)]
    );
}

/// V30: a secret choice is in no address, no cookie and no session, whatever happens to it.
#[tokio::test]
async fn a_secret_choice_is_kept_nowhere_on_its_way() {
    let app = TestApp::start().await;
    // Keys that cannot be mistaken for anything else.
    let far = "UPDATE choices SET id = id + $1";
    let created = create(&app.state.polls, with_receipts(), app.clock.now()).await;
    app.execute(far, 770_077_000).await;
    take(&app.state.polls, Step::Open, created, app.clock.now()).await;
    let choice = paper(&app.state.polls, created).await[0].id.to_string();
    let mut uma = app.uma().await;
    for route in [paths::REVIEW, paths::VOTE] {
        let mut signed_out = app.anonymous();
        let path = paths::with_id(route, created);
        let lost = signed_out
            .post_without_token(&path, &[("choice", &choice)])
            .await;
        assert_eq!(lost.status, 303);
        assert!(!lost.location().contains(&choice));
        assert!(
            signed_out
                .cookies()
                .values()
                .all(|value| !value.contains(&choice))
        );
        let reply = send(&mut uma, route, created, &[("choice", &choice)]).await;
        assert!(!reply.location().contains(&choice));
        assert!(uma.cookies().values().all(|value| !value.contains(&choice)));
        for statement in HOLDING {
            assert_eq!(app.number(statement).await, 0, "{statement}");
        }
    }
    assert_eq!(ballots(&app).await, 1);
}

/// Rows whose texts hold the key of the choice, which begins with 770077.
const HOLDING: [&str; 4] = [
    "SELECT COUNT(*) FROM sessions WHERE data LIKE '%770077%'",
    "SELECT COUNT(*) FROM pending_logins WHERE return_path LIKE '%770077%'",
    "SELECT COUNT(*) FROM audit_log WHERE changes LIKE '%770077%'",
    // Sealed, so that there may be none at all.
    "SELECT COUNT(*) FROM unsent_forms",
];

/// R4, T9: no page tells anybody how many have voted while a secret poll is open.
#[tokio::test]
async fn while_a_secret_poll_is_open_nobody_sees_how_many_have_voted() {
    let app = TestApp::start().await;
    let id = opened(&app, secret()).await;
    let (mut uma, mut stan, mut ada) = (app.uma().await, app.stan().await, app.ada().await);
    let pages = [
        "/".to_owned(),
        "/polls/".to_owned(),
        paths::with_id(paths::RESULTS, id),
        "/admin/".to_owned(),
        "/admin/polls/".to_owned(),
        paths::with_id(paths::ADMIN_POLL, id),
        paths::admin_poll_step(id, "close"),
    ];
    let before = [look(&mut stan, &pages).await, look(&mut ada, &pages).await];
    let values = values(&app, id).await;
    send(&mut uma, paths::VOTE, id, &[("choice", &values[0])]).await;
    let after = [look(&mut stan, &pages).await, look(&mut ada, &pages).await];
    assert_eq!(ballots(&app).await, 1);
    assert_eq!(before, after);
}

/// What the person reads on each page.
async fn look(person: &mut Person<'_>, pages: &[String]) -> Vec<String> {
    let mut seen = Vec::new();
    for page in pages {
        seen.push(person.get(page).await.text_of("main"));
    }
    seen
}

/// SEC-51, T9: neither voter nor choice nor receipt is logged, at the most talkative level.
#[tokio::test]
async fn the_log_of_a_secret_vote_names_neither_voter_nor_choice() {
    let app = TestApp::start().await;
    let id = opened(&app, with_receipts()).await;
    let (mut uma, values) = (app.uma().await, values(&app, id).await);
    let session = uma.cookies().values().next().expect("a session").clone();
    let token = uma.csrf_token().await;
    let fields = [
        ("choice", values[0].as_str()),
        ("csrf_token", token.as_str()),
    ];
    log::keep();
    uma.post_without_token(&paths::with_id(paths::REVIEW, id), &fields)
        .await;
    let cast = uma
        .post_without_token(&paths::with_id(paths::VOTE, id), &fields)
        .await;
    assert_eq!(cast.status, 303, "{}", cast.text);
    let told = uma.get(cast.location()).await;
    let log = log::taken();
    let receipt = told.text_of(".receipt");
    assert_eq!(receipt.len(), 19, "{}", told.text);
    assert!(
        log.contains(&paths::with_id(paths::VOTE, id)),
        "the log is heard: {log}"
    );
    let subject = demo_idp::Person::uma().sub;
    let number = app.number("SELECT id FROM users WHERE role = 'user'").await;
    for secret in [
        subject.as_str(),
        "Uma",
        &session,
        &token,
        &receipt,
        &receipt.replace('-', ""),
        "Tea",
        "choice=",
        &format!("user={number}"),
        &format!("user.id={number}"),
    ] {
        assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
    }
}
