//! A poll's life as admins write it, on both databases.

use std::{sync::Arc, time::Duration};

use rolecall::{
    audit::{self, Actor},
    clock::{Clock, Timestamp},
    db::Db,
    polls::{
        Filter, Method, Poll, PollId, Polls, Roles, State,
        editing::{Blocker, DraftChoice, Edit, Flaw, PollDraft, Step},
    },
    random::Random,
};

use crate::support::{
    database,
    polls::{create, draft, open, paper, pick, take, voter},
};

const HOUR: Duration = Duration::from_hours(1);

fn polls(db: &Db) -> (Polls, Timestamp) {
    (Polls::new(db.clone(), Random::System), Clock::System.now())
}

async fn find(polls: &Polls, id: PollId) -> Arc<Poll> {
    polls.find(id).await.expect("an answer").expect("a poll")
}

async fn texts(polls: &Polls, id: PollId) -> Vec<String> {
    paper(polls, id)
        .await
        .into_iter()
        .map(|choice| choice.text)
        .collect()
}

async fn update(polls: &Polls, poll: &Poll, draft: PollDraft, now: Timestamp) -> Edit {
    let updated = polls
        .update(poll.id, poll.version, draft, Actor::System, now)
        .await;
    updated.expect("the database answers")
}

#[tokio::test]
async fn what_is_written_is_read_again() {
    database::both(|db| async move {
        let (polls, now) = polls(&db);
        let draft = PollDraft {
            description: "Two\r\nlines".to_owned(),
            zone: "Europe/Berlin".to_owned(),
            method: Method::Multiple,
            max_choices: 2,
            allow_abstain: true,
            opens_at: Some(now.plus(HOUR)),
            closes_at: Some(now.plus(2 * HOUR)),
            ..draft(" Was? ", &["Ä", " B ", "", "C"])
        };
        let id = create(&polls, draft, now).await;
        let poll = find(&polls, id).await;
        assert_eq!(
            (poll.question.as_str(), poll.description.as_str()),
            ("Was?", "Two\nlines")
        );
        assert_eq!(
            (poll.zone.as_str(), poll.method, poll.max_choices),
            ("Europe/Berlin", Method::Multiple, 2)
        );
        assert_eq!(
            (poll.opens_at, poll.closes_at),
            (Some(now.plus(HOUR)), Some(now.plus(2 * HOUR)))
        );
        assert_eq!(poll.roles, Roles::all());
        assert_eq!((poll.state(now), poll.version), (State::Draft, 1));
        assert_eq!(texts(&polls, id).await, ["Ä", "B", "C"]);
    })
    .await;
}

#[tokio::test]
async fn choices_keep_their_keys_when_they_are_renamed_and_reordered() {
    database::both(|db| async move {
        let (polls, now) = polls(&db);
        let id = create(&polls, draft("Which?", &["A", "B", "C"]), now).await;
        let [a, b, c] = paper(&polls, id).await.try_into().expect("three");
        let line = |id, text: &str| DraftChoice {
            id,
            text: text.to_owned(),
        };
        let edited = PollDraft {
            choices: vec![
                line(Some(c.id), "A"),
                line(None, "New"),
                line(Some(a.id), "C"),
            ],
            ..draft("Which one?", &[])
        };
        assert_eq!(
            update(&polls, &find(&polls, id).await, edited, now).await,
            Edit::Done(id)
        );
        let after = paper(&polls, id).await;
        assert_eq!((after[0].id, after[0].text.as_str()), (c.id, "A"));
        assert_eq!((after[2].id, after[2].text.as_str()), (a.id, "C"));
        assert_eq!(after[1].text, "New");
        assert!(after.iter().all(|choice| choice.id != b.id));
    })
    .await;
}

#[tokio::test]
async fn of_two_editors_the_second_is_told_and_overwrites_nothing() {
    database::both(|db| async move {
        let (polls, now) = polls(&db);
        let id = create(&polls, draft("Which?", &["A", "B"]), now).await;
        let seen = find(&polls, id).await;
        let first = update(&polls, &seen, draft("First?", &["A", "B"]), now).await;
        let second = update(&polls, &seen, draft("Second?", &["A", "B"]), now).await;
        assert_eq!((first, second), (Edit::Done(id), Edit::Stale));
        assert_eq!(find(&polls, id).await.question, "First?");
        let opened = polls
            .take(Step::Open, id, seen.version, Actor::System, now)
            .await;
        assert_eq!(opened.expect("an answer"), Edit::Stale);
    })
    .await;
}

/// V4.
#[tokio::test]
async fn a_poll_with_too_few_choices_is_kept_and_not_opened() {
    database::both(|db| async move {
        let (polls, now) = polls(&db);
        let id = create(&polls, draft("Which?", &["A"]), now).await;
        let blocked = take(&polls, Step::Open, id, now).await;
        assert_eq!(
            blocked,
            Edit::Blocked(vec![Blocker::TooFewChoices { needed: 2 }])
        );
        assert_eq!(find(&polls, id).await.state(now), State::Draft);
    })
    .await;
}

#[tokio::test]
async fn a_flawed_draft_is_not_stored() {
    let (polls, now) = polls(&database::sqlite().await);
    let created = polls
        .create(draft("", &["A", "a"]), Actor::System, now)
        .await;
    let flaws = vec![Flaw::NoQuestion, Flaw::SameChoice(1)];
    assert_eq!(created.expect("an answer"), Edit::Flawed(flaws));
    let stored = polls.count(&Filter::default(), now).await;
    assert_eq!(stored.expect("an answer"), 0);
}

#[tokio::test]
async fn a_scheduled_poll_is_edited_and_frozen_again_and_an_open_one_is_not() {
    database::both(|db| async move {
        let (polls, now) = polls(&db);
        let later = Some(now.plus(HOUR));
        let scheduled = PollDraft {
            opens_at: later,
            ..draft("Which?", &["A", "B"])
        };
        let id = open(&polls, scheduled, now).await;
        let poll = find(&polls, id).await;
        assert_eq!(poll.state(now), State::Scheduled);
        let edited = PollDraft {
            opens_at: later,
            ..draft("Which one?", &["A", "B", "C"])
        };
        assert_eq!(update(&polls, &poll, edited, now).await, Edit::Done(id));
        let poll = find(&polls, id).await;
        assert_eq!(
            (poll.state(now), poll.question.as_str()),
            (State::Scheduled, "Which one?")
        );
        let emptied = update(&polls, &poll, draft("Which one?", &["A"]), now).await;
        assert_eq!(
            emptied,
            Edit::Blocked(vec![Blocker::TooFewChoices { needed: 2 }])
        );
        assert_eq!(
            texts(&polls, id).await.len(),
            3,
            "what is blocked changes nothing"
        );
        assert_eq!(take(&polls, Step::Open, id, now).await, Edit::Done(id));
        let poll = find(&polls, id).await;
        let locked = update(&polls, &poll, draft("Too late?", &["A", "B"]), now).await;
        assert_eq!(locked, Edit::NotNow(State::Open));
    })
    .await;
}

#[tokio::test]
async fn an_archived_poll_comes_back_with_its_ballots_and_the_history_is_whole() {
    database::both(|db| async move {
        let (polls, now) = polls(&db);
        let users = rolecall::users::Users::new(db.clone());
        let id = open(&polls, draft("Which?", &["A", "B"]), now.minus(HOUR)).await;
        let uma = voter(&users, "uma", rolecall::users::Role::User, now).await;
        let selection = pick(&paper(&polls, id).await, &[1]);
        polls.cast(id, uma, selection, now).await.expect("a vote");
        assert_eq!(
            take(&polls, Step::Archive, id, now).await,
            Edit::NotNow(State::Open)
        );
        assert_eq!(take(&polls, Step::Close, id, now).await, Edit::Done(id));
        assert_eq!(take(&polls, Step::Archive, id, now).await, Edit::Done(id));
        assert_eq!(find(&polls, id).await.state(now), State::Archived);
        assert!(
            polls
                .list_latest(5, now)
                .await
                .expect("an answer")
                .is_empty()
        );
        assert_eq!(take(&polls, Step::Restore, id, now).await, Edit::Done(id));
        assert_eq!(find(&polls, id).await.state(now), State::Closed);
        assert_eq!(polls.tally(id, now).await.expect("counted").ballots, 1);
        assert_eq!(audit::verify(&db).await.expect("an answer"), None);
    })
    .await;
}
