//! Ballot papers that nobody's form makes.

use rolecall::polls::editing::{PollDraft, Step};

use crate::support::{
    app::TestApp,
    polls::{create, draft, open, paper, roll_equals_box, take},
};

/// SEC-47: also not when it looks like a number of the poll to something else.
#[tokio::test]
async fn what_names_no_choice_of_the_poll_changes_nothing() {
    let app = TestApp::start().await;
    let polls = &app.state.polls;
    let now = app.clock.now();
    let id = open(polls, draft("Tea or coffee?", &["Tea", "Coffee"]), now).await;
    let other = open(polls, draft("Red or blue?", &["Red", "Blue"]), now).await;
    let (own, foreign) = (
        paper(polls, id).await[0].id,
        paper(polls, other).await[0].id,
    );
    let mut uma = app.uma().await;
    let path = format!("/polls/{id}/vote/");
    let wrong = [
        foreign.to_string(),
        "-1".to_owned(),
        "0".to_owned(),
        "9223372036854775808".to_owned(),
        "18446744073709551617".to_owned(),
        format!(" {own}"),
        format!("{own} "),
        format!("+{own}"),
        format!("0{own}"),
        format!("{own}e0"),
        format!("{own}.0"),
        format!("{own}\0"),
        String::new(),
        "abstain".to_owned(),
        "null".to_owned(),
        "Tea".to_owned(),
    ];
    for choice in &wrong {
        let reply = uma.post(&path, &[("choice", choice)]).await;
        assert!(
            reply.status.is_client_error(),
            "{choice:?}: {}",
            reply.status
        );
    }
    let own = own.to_string();
    for fields in [
        vec![],
        vec![("choice", own.as_str()), ("choice", own.as_str())],
        vec![("choice", own.as_str()), ("choice", wrong[0].as_str())],
        vec![("choice[]", own.as_str())],
        vec![("Choice", own.as_str())],
    ] {
        let reply = uma.post(&path, &fields).await;
        assert!(
            reply.status.is_client_error(),
            "{fields:?}: {}",
            reply.status
        );
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM ballots").await, 0);
    assert_eq!(
        app.number("SELECT COUNT(*) FROM voter_roll WHERE has_voted")
            .await,
        0
    );
    assert_eq!(uma.post(&path, &[("choice", &own)]).await.status, 303);
    roll_equals_box(&app).await;
}

/// SEC-48.
#[tokio::test]
async fn a_poll_that_is_not_published_looks_like_one_that_is_not_there() {
    let app = TestApp::start().await;
    let polls = &app.state.polls;
    let draft = create(
        polls,
        draft("Secret plans?", &["Yes", "No"]),
        app.clock.now(),
    )
    .await;
    let mut uma = app.uma().await;
    for rest in ["", "vote/", "voted/", "receipt/", "check/"] {
        let there = uma.get(&format!("/polls/{draft}/{rest}")).await;
        let absent = uma.get(&format!("/polls/4711/{rest}")).await;
        assert_eq!(there.status, absent.status, "{rest}");
        let blank = |text: &str, id: &str, request: &str| {
            text.replace(&format!("/polls/{id}/"), "/polls/#/")
                .replace(&format!("%2Fpolls%2F{id}%2F"), "%2Fpolls%2F#%2F")
                .replace(request, "#")
        };
        let there_text = blank(
            &there.text,
            &draft.to_string(),
            there.header("x-request-id"),
        );
        let absent_text = blank(&absent.text, "4711", absent.header("x-request-id"));
        assert_eq!(there_text, absent_text, "{rest}");
    }
}

/// SEC-47: a vote that meets the end of the poll is in the count, or its voter knows better.
#[tokio::test]
async fn a_vote_that_races_the_close_is_counted_or_refused() {
    let app = TestApp::start().await;
    let polls = &app.state.polls;
    let mut uma = app.uma().await;
    uma.csrf_token().await;
    for _ in 0..10 {
        let now = app.clock.now();
        let id = open(polls, PollDraft::clone(&draft("Now?", &["Yes", "No"])), now).await;
        let choice = paper(polls, id).await[0].id.to_string();
        let path = format!("/polls/{id}/vote/");
        let fields = [("choice", choice.as_str())];
        let (reply, _) = tokio::join!(uma.post(&path, &fields), take(polls, Step::Close, id, now));
        let counted = polls.tally(id, now).await.expect("counted").ballots;
        let is_confirmed = reply.location().ends_with("/voted/");
        assert_eq!(counted, u64::from(is_confirmed), "{}", reply.status);
    }
    roll_equals_box(&app).await;
}
