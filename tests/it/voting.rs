//! Voting as a person sees it: every page of a poll in every state, and what becomes of a vote.

use std::time::Duration;

use futures_util::future::join_all;
use rolecall::{
    paths,
    polls::{
        Method, PollId, Secrecy, VoterResults,
        editing::{PollDraft, Step},
    },
    users::Role,
};

use crate::{
    support::{
        app::TestApp,
        database::Engine,
        person::{Person, Reply},
        polls::{create, draft, open, paper, take},
    },
    unsent_forms::send_late,
};

const HOUR: Duration = Duration::from_hours(1);

async fn opened(app: &TestApp, draft: PollDraft) -> PollId {
    open(&app.state.polls, draft, app.clock.now()).await
}

fn tea() -> PollDraft {
    draft("Tea or coffee?", &["Tea", "Coffee"])
}

async fn values(app: &TestApp, id: PollId) -> Vec<String> {
    let paper = paper(&app.state.polls, id).await;
    paper.iter().map(|choice| choice.id.to_string()).collect()
}

async fn vote(person: &mut Person<'_>, id: PollId, choices: &[&str]) -> Reply {
    let mut fields: Vec<(&str, &str)> = choices.iter().map(|choice| ("choice", *choice)).collect();
    let seen = person.get(&paths::poll(id)).await;
    let paper = seen.attributes("input[name=paper]", "value");
    fields.extend(paper.first().map(|paper| ("paper", paper.as_str())));
    person.post(&paths::with_id(paths::VOTE, id), &fields).await
}

async fn ballots(app: &TestApp) -> i64 {
    app.number("SELECT COUNT(*) FROM ballots").await
}

/// V8, Z-3, E-23.
#[tokio::test]
async fn a_person_votes_and_is_told_so_as_often_as_they_ask() {
    let app = TestApp::start().await;
    let id = opened(
        &app,
        PollDraft {
            closes_at: Some(app.clock.now().plus(HOUR)),
            ..tea()
        },
    )
    .await;
    let mut uma = app.uma().await;
    let page = uma.get(&paths::poll(id)).await;
    assert_eq!(page.text_of("legend h1"), "Tea or coffee?");
    assert_eq!(page.texts(".choice"), ["Tea", "Coffee"]);
    assert!(
        page.attributes("input[checked]", "value").is_empty(),
        "nothing is pre-selected"
    );
    assert!(
        page.text_of(".terms").contains("2 March 2026, 10:00 UTC"),
        "{}",
        page.text
    );
    let cast = vote(&mut uma, id, &[&values(&app, id).await[1]]).await;
    assert_eq!(
        (cast.status.as_u16(), cast.location()),
        (303, paths::with_id(paths::VOTED, id).as_str())
    );
    for _ in 0..2 {
        let told = uma.get(cast.location()).await;
        assert_eq!(told.text_of("h1"), "Your vote is recorded");
        assert!(
            told.texts(".facts dd").contains(&"Coffee".to_owned()),
            "{}",
            told.text
        );
    }
    let again = uma.get(&paths::poll(id)).await;
    assert!(again.text_of(".note").contains("Your vote is recorded"));
    assert!(again.texts("form.ballot").is_empty());
}

/// E-21.
#[tokio::test]
async fn a_second_vote_leads_to_the_confirmation_of_the_first() {
    let app = TestApp::start().await;
    let id = opened(&app, tea()).await;
    let (mut uma, values) = (app.uma().await, values(&app, id).await);
    vote(&mut uma, id, &[&values[0]]).await;
    let second = vote(&mut uma, id, &[&values[1]]).await;
    assert_eq!(second.location(), paths::with_id(paths::VOTED, id));
    assert!(
        uma.get(second.location())
            .await
            .texts(".facts dd")
            .contains(&"Tea".to_owned())
    );
    assert_eq!(ballots(&app).await, 1);
}

/// V6, E-19.
#[tokio::test]
async fn bad_choices_bring_the_form_again_with_the_reason_and_store_nothing() {
    let app = TestApp::start().await;
    let (id, other) = (
        opened(&app, tea()).await,
        opened(&app, draft("Other?", &["Yes", "No"])).await,
    );
    let (mut uma, own, foreign) = (
        app.uma().await,
        values(&app, id).await,
        values(&app, other).await,
    );
    let (plus, zeros) = (format!("+{}", own[0]), format!("00{}", own[0]));
    for (choices, reason) in [
        (vec![], "You didn’t select a choice."),
        (
            vec![foreign[0].as_str()],
            "Select one of the choices of this poll.",
        ),
        (vec![&own[0], &own[0]], "Select each choice only once."),
        (vec![&own[0], &own[1]], "Select 1 at most."),
        (vec!["abstain"], "Select one of the choices of this poll."),
        (vec![""], "You didn’t select a choice."),
        (vec!["abc"], "You didn’t select a choice."),
        (vec!["' OR 1=1 --"], "You didn’t select a choice."),
        (vec!["99999999999999999999"], "You didn’t select a choice."),
        (vec![&plus], "You didn’t select a choice."),
        (vec![&zeros], "You didn’t select a choice."),
    ] {
        let page = vote(&mut uma, id, &choices).await;
        assert_eq!(page.status, 422, "{choices:?}");
        assert!(
            page.text_of("title").starts_with("Error: Tea or coffee?"),
            "{}",
            page.text_of("title")
        );
        assert_eq!(page.texts(".error-summary li"), [reason]);
        assert_eq!(
            page.attributes(".error-summary a", "href"),
            [format!("#choice-{}", own[0])]
        );
        assert_eq!(
            page.texts(&format!("#choice-{}", own[0])).len(),
            1,
            "the link has a target"
        );
        assert_eq!(page.text_of(".field-error"), format!("Error: {reason}"));
    }
    assert_eq!(ballots(&app).await, 0);
}

#[tokio::test]
async fn too_many_choices_are_refused_by_number_and_stay_ticked() {
    let app = TestApp::start().await;
    let draft = PollDraft {
        method: Method::Multiple,
        max_choices: 2,
        ..draft("Which?", &["A", "B", "C"])
    };
    let id = opened(&app, draft).await;
    let (mut uma, values) = (app.uma().await, values(&app, id).await);
    let all: Vec<&str> = values.iter().map(String::as_str).collect();
    let page = vote(&mut uma, id, &all).await;
    assert_eq!(page.texts(".error-summary li"), ["Select 2 at most."]);
    assert_eq!(page.attributes("input[checked]", "value"), all);
    assert_eq!(page.text_of(".hint"), "Select 1 to 2.");
    assert_eq!(vote(&mut uma, id, &all[1..]).await.status, 303);
    let told = uma.get(&paths::with_id(paths::VOTED, id)).await;
    assert!(told.texts(".facts dd").contains(&"B, C".to_owned()));
}

#[tokio::test]
async fn abstaining_is_a_vote() {
    let app = TestApp::start().await;
    let id = opened(
        &app,
        PollDraft {
            allow_abstain: true,
            ..tea()
        },
    )
    .await;
    let mut uma = app.uma().await;
    assert_eq!(
        uma.get(&paths::poll(id)).await.texts(".choice"),
        ["Tea", "Coffee", "I abstain"]
    );
    assert_eq!(vote(&mut uma, id, &["abstain"]).await.status, 303);
    let told = uma.get(&paths::with_id(paths::VOTED, id)).await;
    assert!(told.texts(".facts dd").contains(&"I abstain".to_owned()));
}

#[tokio::test]
async fn where_a_change_is_allowed_the_form_shows_the_vote_and_takes_another() {
    let app = TestApp::start().await;
    let id = opened(
        &app,
        PollDraft {
            allow_change: true,
            ..tea()
        },
    )
    .await;
    let (mut uma, values) = (app.uma().await, values(&app, id).await);
    vote(&mut uma, id, &[&values[0]]).await;
    let form = uma.get(&paths::poll(id)).await;
    assert!(
        form.text_of(".note")
            .contains("2 March 2026, 09:00 UTC: Tea"),
        "{}",
        form.text_of(".note")
    );
    assert_eq!(
        form.attributes("input[checked]", "value"),
        [values[0].clone()]
    );
    assert_eq!(form.text_of("form.ballot .button"), "Change my vote");
    assert_eq!(vote(&mut uma, id, &[&values[1]]).await.status, 303);
    let told = uma.get(&paths::with_id(paths::VOTED, id)).await;
    assert!(told.texts(".facts dd").contains(&"Coffee".to_owned()));
    assert_eq!(ballots(&app).await, 1);
}

#[tokio::test]
async fn at_the_closing_time_itself_a_vote_comes_too_late_and_is_told_so() {
    // Sooner than a session gets old.
    let soon = Duration::from_mins(10);
    let app = TestApp::start().await;
    let closes = Some(app.clock.now().plus(soon));
    let id = opened(
        &app,
        PollDraft {
            closes_at: closes,
            ..tea()
        },
    )
    .await;
    let (mut uma, mut stan, values) = (app.uma().await, app.stan().await, values(&app, id).await);
    app.advance(soon.saturating_sub(Duration::from_millis(1)))
        .await;
    assert_eq!(vote(&mut uma, id, &[&values[0]]).await.status, 303);
    app.advance(Duration::from_millis(1)).await;
    let late = vote(&mut stan, id, &[&values[0]]).await;
    assert_eq!(late.status, 409, "{}", late.text);
    assert_eq!(late.text_of("h1"), "This poll has closed");
    assert_eq!(late.text_of(".note"), "Your vote was not recorded.");
    let page = uma.get(&paths::poll(id)).await;
    assert!(
        page.text_of(".meta").contains("on 2 March 2026, 09:10 UTC"),
        "{}",
        page.text_of(".meta")
    );
    assert!(page.text.contains("Results are read by staff."));
    assert_eq!(ballots(&app).await, 1);
}

#[tokio::test]
async fn a_recorded_vote_is_never_said_to_be_lost() {
    let app = TestApp::start().await;
    let id = opened(&app, tea()).await;
    let (mut uma, values) = (app.uma().await, values(&app, id).await);
    vote(&mut uma, id, &[&values[0]]).await;
    take(&app.state.polls, Step::Close, id, app.clock.now()).await;
    for choices in [&[values[1].as_str()][..], &[]] {
        let again = vote(&mut uma, id, choices).await;
        assert_eq!(again.location(), paths::with_id(paths::VOTED, id));
        let told = uma.get(again.location()).await;
        assert_eq!(told.text_of("h1"), "Your vote is recorded");
        assert!(told.texts(".facts dd").contains(&"Tea".to_owned()));
        assert!(told.texts(".flash").is_empty());
    }
    take(&app.state.polls, Step::Archive, id, app.clock.now()).await;
    let gone = vote(&mut uma, id, &[&values[1]]).await;
    assert_eq!(gone.status, 410);
    assert_eq!(gone.text_of(".note"), "Your earlier vote stands.");
    let gone = vote(&mut app.stan().await, id, &[&values[1]]).await;
    assert_eq!(gone.text_of(".note"), "Your vote was not recorded.");
}

#[tokio::test]
async fn a_change_that_comes_too_late_is_said_to_be_lost_and_the_vote_to_stand() {
    let app = TestApp::start().await;
    let changeable = PollDraft {
        allow_change: true,
        ..tea()
    };
    let id = opened(&app, changeable).await;
    let (mut uma, values) = (app.uma().await, values(&app, id).await);
    vote(&mut uma, id, &[&values[0]]).await;
    take(&app.state.polls, Step::Close, id, app.clock.now()).await;
    let late = vote(&mut uma, id, &[&values[1]]).await;
    let told = uma.get(late.location()).await;
    assert_eq!(
        told.texts(".flash.error"),
        ["Your change was not recorded; your earlier vote stands."]
    );
    assert!(told.texts(".facts dd").contains(&"Tea".to_owned()));
}

#[tokio::test]
async fn while_the_database_s_clock_is_behind_an_open_poll_is_not_called_closed() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start_on(engine).await;
        let id = opened(&app, tea()).await;
        let (mut uma, values) = (app.uma().await, values(&app, id).await);
        app.execute("UPDATE clock SET now = now - $1", 1).await;
        let early = vote(&mut uma, id, &[&values[0]]).await;
        assert_eq!(early.status, 503, "{}", early.text);
        assert_eq!(early.text_of("h1"), "Please try again in a moment");
        assert_eq!(ballots(&app).await, 0);
        app.execute("UPDATE clock SET now = now + $1", 1).await;
        assert_eq!(vote(&mut uma, id, &[&values[0]]).await.status, 303);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_hundred_votes_that_one_person_sends_at_once_one_counts() {
    let app = TestApp::start().await;
    let id = opened(&app, tea()).await;
    let (mut uma, values) = (app.uma().await, values(&app, id).await);
    let token = uma.csrf_token().await;
    let path = paths::with_id(paths::VOTE, id);
    let votes = (0..200).map(|number: usize| {
        let (mut tab, choice) = (uma.clone(), &values[number % 2]);
        let (path, token) = (&path, &token);
        async move {
            let fields = [("choice", choice.as_str()), ("csrf_token", token.as_str())];
            tab.post_without_token(path, &fields).await
        }
    });
    for cast in join_all(votes).await {
        assert_eq!(cast.status, 303, "{}", cast.text);
        assert_eq!(cast.location(), paths::with_id(paths::VOTED, id));
    }
    assert_eq!(ballots(&app).await, 1);
    let marked = "SELECT COUNT(*) FROM voter_roll WHERE has_voted";
    assert_eq!(app.number(marked).await, 1);
}

#[tokio::test]
async fn who_is_not_asked_sees_why_and_cannot_vote() {
    let app = TestApp::start().await;
    let id = opened(
        &app,
        PollDraft {
            roles: [Role::Staff, Role::Admin].into_iter().collect(),
            ..tea()
        },
    )
    .await;
    let mut uma = app.uma().await;
    let page = uma.get(&paths::poll(id)).await;
    assert!(
        page.text_of(".note")
            .contains("staff or admin. Your role is user."),
        "{}",
        page.text
    );
    assert!(page.texts("form.ballot").is_empty());
    let refused = vote(&mut uma, id, &[&values(&app, id).await[0]]).await;
    assert_eq!(
        (refused.status.as_u16(), refused.text_of("h1").as_str()),
        (403, "You cannot vote in this poll")
    );
    assert_eq!(refused.text_of(".note"), "Your vote was not recorded.");
}

/// V19.
#[tokio::test]
async fn a_scheduled_poll_shows_its_paper_and_whether_one_will_be_able_to_vote() {
    let app = TestApp::start().await;
    let later = Some(app.clock.now().plus(HOUR));
    let id = opened(
        &app,
        PollDraft {
            opens_at: later,
            roles: [Role::User].into_iter().collect(),
            ..tea()
        },
    )
    .await;
    let (mut uma, mut stan) = (app.uma().await, app.stan().await);
    let page = uma.get(&paths::poll(id)).await;
    assert_eq!(page.text_of(".note"), "You will be able to vote.");
    assert_eq!(page.texts(".plain li"), ["Tea", "Coffee"]);
    assert!(
        page.text_of(".meta")
            .contains("opens on 2 March 2026, 10:00 UTC")
    );
    assert!(
        stan.get(&paths::poll(id))
            .await
            .text_of(".note")
            .starts_with("You will not be able to vote.")
    );
    let early = vote(&mut uma, id, &[&values(&app, id).await[0]]).await;
    assert_eq!(
        (early.status.as_u16(), early.text_of("h1").as_str()),
        (409, "This poll is not open yet")
    );
}

/// Z-29, E-18.
#[tokio::test]
async fn what_is_unknown_or_not_published_is_a_404_for_everybody() {
    let app = TestApp::start().await;
    let hidden = create(&app.state.polls, tea(), app.clock.now())
        .await
        .to_string();
    let mut ada = app.ada().await;
    for id in [
        hidden.as_str(),
        "4711",
        "0",
        "-1",
        "+1",
        "01",
        "x",
        "1.0",
        "99999999999999999999",
        "%00",
    ] {
        for path in ["", "voted/", "results/"] {
            let page = ada.get(&format!("/polls/{id}/{path}")).await;
            assert_eq!(page.status, 404, "/polls/{id}/{path}");
            assert_eq!(page.text_of("h1"), "Page not found");
        }
        let refused = ada
            .post(&format!("/polls/{id}/vote/"), &[("choice", "1")])
            .await;
        assert_eq!(refused.status, 404, "/polls/{id}/vote/");
        assert_eq!(refused.text_of(".note"), "Your vote was not recorded.");
    }
}

#[tokio::test]
async fn an_archived_poll_is_gone() {
    let app = TestApp::start().await;
    let id = opened(&app, tea()).await;
    take(&app.state.polls, Step::Close, id, app.clock.now()).await;
    take(&app.state.polls, Step::Archive, id, app.clock.now()).await;
    let mut stan = app.stan().await;
    for path in [paths::POLL, paths::VOTED, paths::RESULTS] {
        assert_eq!(
            stan.get(&paths::with_id(path, id)).await.status,
            410,
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_confirmation_of_a_vote_that_was_not_cast_is_the_poll() {
    let app = TestApp::start().await;
    let id = opened(&app, tea()).await;
    let page = app.uma().await.get(&paths::with_id(paths::VOTED, id)).await;
    assert_eq!(
        (page.status.as_u16(), page.location()),
        (303, paths::poll(id).as_str())
    );
}

/// Z-30, N-9, E-114.
#[tokio::test]
async fn a_secret_vote_without_a_session_leads_to_the_poll_which_says_that_it_is_lost() {
    let app = TestApp::start().await;
    let secret = PollDraft {
        secrecy: Secrecy::Secret,
        ..tea()
    };
    let id = opened(&app, secret).await;
    let values = values(&app, id).await;
    let mut uma = app.uma().await;
    let path = paths::with_id(paths::VOTE, id);
    let sent = send_late(&app, &mut uma, &path, &[("choice", &values[0])]).await;
    assert_eq!(
        sent.location(),
        format!("/oidc/authenticate/?next=%2Fpolls%2F{id}%2F")
    );
    assert!(!sent.location().contains("choice"));
    let person = app.number("SELECT id FROM users").await;
    assert_eq!(uma.cookies()["rolecall_unsent"], format!("{id}.{person}"));
    assert_eq!(ballots(&app).await, 0);
    let other = opened(&app, draft("Other?", &["Yes", "No"])).await;
    uma.sign_in("pick-uma", &paths::poll(id)).await;
    assert!(
        uma.get(&paths::poll(other))
            .await
            .texts(".flash")
            .is_empty()
    );
    let form = uma.get(&paths::poll(id)).await;
    assert_eq!(
        form.texts(".flash.error"),
        ["Your vote was not recorded: your sign-in had ended. Please choose again and cast it."]
    );
    assert!(form.attributes("input[checked]", "value").is_empty());
    assert!(uma.get(&paths::poll(id)).await.texts(".flash").is_empty());
}

#[tokio::test]
async fn who_has_voted_before_their_session_ended_hears_that_the_vote_stands() {
    let app = TestApp::start().await;
    let plain = opened(&app, tea()).await;
    let changeable = PollDraft {
        allow_change: true,
        ..draft("Other?", &["Yes", "No"])
    };
    let changeable = opened(&app, changeable).await;
    let mut uma = app.uma().await;
    for (id, said) in [
        (plain, &[][..]),
        (
            changeable,
            &[
                "Your change was not recorded: your sign-in had ended, and your earlier vote \
                 stands. Your new choice is filled in below. Send it now if it is still right.",
            ],
        ),
    ] {
        let values = values(&app, id).await;
        vote(&mut uma, id, &[&values[0]]).await;
        let path = paths::with_id(paths::VOTE, id);
        send_late(&app, &mut uma, &path, &[("choice", &values[1])]).await;
        uma.sign_in("pick-uma", &paths::poll(id)).await;
        let page = uma.get(&paths::poll(id)).await;
        assert_eq!(page.texts(".flash"), said);
    }
}

/// Z-30, SEC-52.
#[tokio::test]
async fn a_vote_with_a_wrong_token_is_refused_and_told_so() {
    let app = TestApp::start().await;
    let id = opened(&app, tea()).await;
    let (mut uma, values) = (app.uma().await, values(&app, id).await);
    let fields = [("choice", values[0].as_str()), ("csrf_token", "wrong")];
    let refused = uma
        .post_without_token(&paths::with_id(paths::VOTE, id), &fields)
        .await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.text_of(".note"), "Your vote was not recorded.");
    assert_eq!(ballots(&app).await, 0);
}

/// V33.
#[tokio::test]
async fn markup_in_a_poll_is_shown_as_text() {
    let app = TestApp::start().await;
    let nasty = PollDraft {
        description: "<script>alert(1)</script> https://example.org/?a=1&b=\"2\"".to_owned(),
        ..draft(
            "<b>Bold</b> & \"quoted\"?",
            &["<img src=x onerror=alert(1)>", "B"],
        )
    };
    let id = opened(&app, nasty).await;
    let mut uma = app.uma().await;
    for path in ["/polls/".to_owned(), paths::poll(id), "/".to_owned()] {
        let page = uma.get(&path).await;
        assert!(
            !page.text.contains("<script>") && !page.text.contains("<img"),
            "{path}"
        );
        assert!(!page.text.contains("<b>"), "{path}");
    }
    let links = uma
        .get(&paths::poll(id))
        .await
        .attributes("fieldset a", "href");
    assert_eq!(links, ["https://example.org/?a=1&b=\"2"]);
}

#[tokio::test]
async fn voters_see_results_where_that_was_promised() {
    let app = TestApp::start().await;
    let id = opened(
        &app,
        PollDraft {
            voter_results: VoterResults::AfterClose,
            ..tea()
        },
    )
    .await;
    let (mut uma, values) = (app.uma().await, values(&app, id).await);
    vote(&mut uma, id, &[&values[0]]).await;
    assert!(uma.get(&paths::poll(id)).await.texts("table").is_empty());
    take(&app.state.polls, Step::Close, id, app.clock.now()).await;
    let page = uma.get(&paths::poll(id)).await;
    assert_eq!(page.text_of(".outcome"), "Tea has the most votes: 1 of 1.");
    assert_eq!(
        page.texts("table.results tbody tr"),
        ["Tea1100.0 %", "Coffee00.0 %"]
    );
}
