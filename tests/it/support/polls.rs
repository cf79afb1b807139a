//! Polls and voters for tests, made the way that people make them.

use rolecall::{
    app::AppState,
    audit::Actor,
    clock::Timestamp,
    polls::{
        Cast, Choice, PollId, Polls, Selection,
        editing::{Details, DraftChoice, Edit, PollDraft, Step},
    },
    users::{Identity, Profile, Role, SignIn, UserId, Users},
};

use super::app::TestApp;

/// A draft for everybody with these choices.
pub fn draft(question: &str, choices: &[&str]) -> PollDraft {
    let line = |text: &&str| DraftChoice {
        id: None,
        text: (*text).to_owned(),
    };
    PollDraft {
        question: question.to_owned(),
        choices: choices.iter().map(line).collect(),
        ..PollDraft::default()
    }
}

/// Creates the poll at `at`.
pub async fn create(polls: &Polls, draft: PollDraft, at: Timestamp) -> PollId {
    let created = polls.create(draft, Actor::System, at).await;
    match created.expect("the database answers") {
        Edit::Done(id) => id,
        refused => panic!("{refused:?}"),
    }
}

/// Takes a step with the version that is there, and a reason for whoever wants one.
pub async fn take(polls: &Polls, step: Step, id: PollId, at: Timestamp) -> Edit {
    let poll = polls.find(id).await.expect("the database answers");
    let version = poll.expect("the poll is there").version;
    let details = Details {
        reason: "As agreed".to_owned(),
        closes_at: None,
    };
    let taken = polls.take_with(step, details, (id, version), Actor::System, at);
    let taken = taken.await;
    taken.expect("the database answers")
}

/// Creates the poll and opens it, both at `at`.
pub async fn open(polls: &Polls, draft: PollDraft, at: Timestamp) -> PollId {
    let id = create(polls, draft, at).await;
    assert_eq!(take(polls, Step::Open, id, at).await, Edit::Done(id));
    id
}

/// The ballot paper.
pub async fn paper(polls: &Polls, id: PollId) -> Vec<Choice> {
    polls.choices(id).await.expect("the database answers").to_vec()
}

/// The choices at these places, from 0.
pub fn pick(paper: &[Choice], places: &[usize]) -> Selection {
    Selection::Choices(places.iter().map(|place| paper[*place].id).collect())
}

/// Casts one ballot for each line, each by somebody new; an empty one abstains. In a ranked poll
/// the preferred choices come first.
pub async fn cast_all(state: &AppState, id: PollId, ballots: &[&[usize]]) {
    let (polls, now) = (&state.polls, state.clock.now());
    let poll = polls.find(id).await.expect("the database answers");
    let is_ranked = poll.expect("the poll is there").is_ranked();
    let paper = paper(polls, id).await;
    for (number, places) in ballots.iter().enumerate() {
        let person = voter(&state.users, &format!("voter {number}"), Role::User, now).await;
        let chosen = places.iter().map(|place| paper[*place].id);
        let selection = match places {
            [] => Selection::Abstention,
            _ if is_ranked => Selection::Ranking(chosen.collect()),
            _ => Selection::Choices(chosen.collect()),
        };
        let cast = polls.cast(id, person, selection, now).await;
        assert_eq!(cast.expect("the database answers"), Cast::Recorded);
    }
}

/// Somebody who has signed in with this role.
pub async fn voter(users: &Users, subject: &str, role: Role, at: Timestamp) -> UserId {
    let identity = Identity {
        issuer: "https://op.example".to_owned(),
        subject: subject.to_owned(),
    };
    let signed_in = users
        .sign_in(identity, Profile::default(), Some(role.into()), None, at)
        .await;
    match signed_in.expect("the database answers") {
        SignIn::Welcome(user) => user.id,
        refused => panic!("{refused:?}"),
    }
}

/// Polls whose marks, ballots or counters differ from one another, and choices without a ballot.
const DIFFERING: [&str; 2] = [
    "SELECT COUNT(*) FROM poll_counts WHERE
         voted <> (SELECT COUNT(*) FROM voter_roll
                   WHERE voter_roll.poll_id = poll_counts.poll_id AND has_voted)
      OR ballots <> (SELECT COUNT(*) FROM ballots WHERE ballots.poll_id = poll_counts.poll_id)
      OR voted <> ballots",
    "SELECT COUNT(*) FROM ballot_choices WHERE NOT EXISTS (
         SELECT 1 FROM ballots WHERE ballots.poll_id = ballot_choices.poll_id
                                 AND ballots.id = ballot_choices.ballot_id)",
];

/// In every poll as many people are marked on the roll as there are ballots in the box.
pub async fn roll_equals_box(app: &TestApp) {
    for differing in DIFFERING {
        assert_eq!(app.number(differing).await, 0, "{differing}");
    }
}
