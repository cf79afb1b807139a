//! Casting, on both databases: one ballot per person, whatever happens at the same time.

use std::time::Duration;

use futures_util::{FutureExt as _, future::join_all};
use rolecall::{
    audit::Actor,
    clock::{Clock, Timestamp},
    db::Db,
    error::Error,
    polls::{
        Cast, Fault, PollId, Polls, Receipts, Secrecy, Selection, State,
        editing::{Edit, PollDraft, Step},
    },
    random::Random,
    users::{Role, UserId, Users},
};

use crate::support::{
    database::{self, Engine},
    polls::{draft, open, paper, pick, take, voter},
};

const HOUR: Duration = Duration::from_hours(1);

/// A database with people and an open poll.
struct Hall {
    polls: Polls,
    users: Users,
    poll: PollId,
    now: Timestamp,
}

impl Hall {
    async fn new(db: &Db) -> Self {
        Self::with(db, draft("Tea or coffee?", &["Tea", "Coffee"])).await
    }

    async fn with(db: &Db, draft: PollDraft) -> Self {
        let now = Clock::System.now();
        let polls = Polls::new(db.clone(), Random::System);
        let poll = open(&polls, draft, now.minus(HOUR)).await;
        let users = Users::new(db.clone());
        Self {
            polls,
            users,
            poll,
            now,
        }
    }

    async fn voter(&self, subject: &str) -> UserId {
        voter(&self.users, subject, Role::User, self.now).await
    }

    async fn cast(&self, user: UserId, places: &[usize]) -> Cast {
        let selection = pick(&paper(&self.polls, self.poll).await, places);
        self.send(self.poll, user, selection, self.now).await
    }

    async fn send(&self, poll: PollId, user: UserId, selection: Selection, at: Timestamp) -> Cast {
        let cast = self.polls.cast(poll, user, selection, at).await;
        cast.expect("the vote is decided about")
    }

    /// Votes per choice, and ballots.
    async fn count(&self) -> (Vec<u64>, u64) {
        let tally = self
            .polls
            .tally(self.poll, self.now)
            .await
            .expect("the ballots are counted");
        (
            tally.counts.iter().map(|count| count.votes).collect(),
            tally.ballots,
        )
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_hundred_parallel_votes_of_one_person_one_counts() {
    database::both(|db| async move {
        let hall = Hall::new(&db).await;
        let uma = hall.voter("uma").await;
        let paper = paper(&hall.polls, hall.poll).await;
        let votes = (0..200).map(|number: usize| {
            let (polls, poll, now) = (hall.polls.clone(), hall.poll, hall.now);
            let selection = pick(&paper, &[number % 2]);
            tokio::spawn(async move { polls.cast(poll, uma, selection, now).await })
        });
        let mut casts = Vec::new();
        for vote in votes.collect::<Vec<_>>() {
            casts.push(vote.await.expect("no panic").expect("an outcome"));
        }
        let recorded = casts.iter().filter(|cast| **cast == Cast::Recorded).count();
        let already = casts.iter().filter(|cast| **cast == Cast::Already).count();
        assert_eq!((recorded, already), (1, 199));
        assert_eq!(hall.count().await.1, 1);
    })
    .await;
}

/// V5, SEC-46: in a secret poll as well, and again and again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_ten_rounds_of_two_hundred_parallel_secret_votes_ten_count() {
    database::both(|db| async move {
        let secret = PollDraft {
            secrecy: Secrecy::Secret,
            receipts: Receipts::Counted,
            ..draft("Tea or coffee?", &["Tea", "Coffee"])
        };
        let hall = Hall::with(&db, secret).await;
        let paper = paper(&hall.polls, hall.poll).await;
        for round in 0..10 {
            let user = hall.voter(&format!("voter {round}")).await;
            let votes = (0..200).map(|number: usize| {
                let (polls, poll, now) = (hall.polls.clone(), hall.poll, hall.now);
                let selection = pick(&paper, &[number % 2]);
                tokio::spawn(async move { polls.vote(poll, user, selection, now).await })
            });
            let mut receipts = 0;
            for vote in votes.collect::<Vec<_>>() {
                let answer = vote.await.expect("no panic").expect("an outcome");
                assert_eq!(answer.receipt.is_some(), answer.cast == Cast::Recorded);
                receipts += usize::from(answer.receipt.is_some());
            }
            assert_eq!((receipts, hall.count().await.1), (1, round + 1));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_on_one_database_record_each_person_once() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let url = database::new_url(engine).await;
        let (db, second) = (Db::connect(&url).await, Db::connect(&url).await);
        let (db, second) = (db.expect("a pool"), second.expect("another pool"));
        db.migrate().await.expect("the schema fits");
        let hall = Hall::new(&db).await;
        let other = Polls::new(second, Random::System);
        let paper = paper(&hall.polls, hall.poll).await;
        let mut people = Vec::new();
        for number in 0..60 {
            people.push(hall.voter(&format!("voter {number}")).await);
        }
        let votes = people.iter().flat_map(|user| {
            [&hall.polls, &other]
                .map(|polls| polls.cast(hall.poll, *user, pick(&paper, &[0]), hall.now))
        });
        let casts = join_all(votes).await;
        let ended = |with: Cast| {
            let casts = casts.iter().filter_map(|cast| cast.as_ref().ok());
            casts.filter(|cast| **cast == with).count()
        };
        let outcomes = (ended(Cast::Recorded), ended(Cast::Already));
        assert_eq!(outcomes, (60, 60), "{engine:?}: {casts:?}");
        assert_eq!(hall.count().await, (vec![60, 0], 60));
    }
}

#[tokio::test]
async fn a_vote_that_the_database_refuses_does_not_take_its_neighbours_with_it() {
    database::both(|db| async move {
        let hall = Hall::new(&db).await;
        let closing = PollDraft {
            closes_at: Some(hall.now.minus(Duration::from_secs(1))),
            ..draft("Closed by now?", &["Yes", "No"])
        };
        let closed = open(&hall.polls, closing, hall.now.minus(HOUR)).await;
        let (uma, stan) = (hall.voter("uma").await, hall.voter("stan").await);
        // Sent in time, and written too late: the database's own clock decides.
        let in_time = hall.now.minus(Duration::from_secs(10));
        let late = pick(&paper(&hall.polls, closed).await, &[0]);
        let good = pick(&paper(&hall.polls, hall.poll).await, &[1]);
        let casts = join_all([
            hall.send(hall.poll, uma, good.clone(), hall.now),
            hall.send(closed, uma, late, in_time),
            hall.send(hall.poll, stan, good, hall.now),
        ])
        .await;
        assert_eq!(casts, [Cast::Recorded, Cast::Closed, Cast::Recorded]);
        assert_eq!(hall.count().await, (vec![0, 2], 2));
        assert_eq!(
            hall.polls
                .tally(closed, hall.now)
                .await
                .expect("counted")
                .ballots,
            0
        );
    })
    .await;
}

#[tokio::test]
async fn a_changed_vote_takes_the_place_of_the_first() {
    database::both(|db| async move {
        let draft = PollDraft {
            allow_change: true,
            allow_abstain: true,
            ..draft("Tea or coffee?", &["Tea", "Coffee"])
        };
        let hall = Hall::with(&db, draft).await;
        let (uma, stan) = (hall.voter("uma").await, hall.voter("stan").await);
        assert_eq!(hall.cast(stan, &[0]).await, Cast::Recorded);
        assert_eq!(hall.cast(uma, &[0]).await, Cast::Recorded);
        assert_eq!(hall.cast(uma, &[1]).await, Cast::Changed);
        assert_eq!(hall.count().await, (vec![1, 1], 2));
        let abstain = Selection::Abstention;
        let later = hall.now.plus(Duration::from_millis(7));
        assert_eq!(
            hall.send(hall.poll, uma, abstain.clone(), later).await,
            Cast::Changed
        );
        assert_eq!(hall.count().await, (vec![1, 0], 2));
        let ballot = hall.polls.ballot(hall.poll, uma).await.expect("an answer");
        let ballot = ballot.expect("a ballot");
        assert_eq!((ballot.selection, ballot.cast_at), (abstain, later));
    })
    .await;
}

#[tokio::test]
async fn a_second_vote_without_a_change_leaves_the_first() {
    database::both(|db| async move {
        let hall = Hall::new(&db).await;
        let uma = hall.voter("uma").await;
        assert_eq!(hall.cast(uma, &[0]).await, Cast::Recorded);
        assert_eq!(hall.cast(uma, &[1]).await, Cast::Already);
        assert_eq!(hall.count().await, (vec![1, 0], 1));
    })
    .await;
}

#[tokio::test]
async fn what_is_no_ballot_of_this_poll_is_not_stored() {
    database::both(|db| async move {
        let hall = Hall::new(&db).await;
        let uma = hall.voter("uma").await;
        let other = open(
            &hall.polls,
            draft("Other?", &["Yes", "No"]),
            hall.now.minus(HOUR),
        )
        .await;
        let foreign = pick(&paper(&hall.polls, other).await, &[0]);
        let cast = hall.send(hall.poll, uma, foreign, hall.now).await;
        assert_eq!(cast, Cast::Faulty(Fault::NotAChoice));
        let cast = hall
            .send(hall.poll, uma, Selection::Abstention, hall.now)
            .await;
        assert_eq!(cast, Cast::Faulty(Fault::NotAChoice));
        assert_eq!(
            hall.cast(uma, &[0, 1]).await,
            Cast::Faulty(Fault::TooMany { max: 1 })
        );
        assert_eq!(hall.count().await.1, 0);
        assert_eq!(hall.cast(uma, &[0]).await, Cast::Recorded);
    })
    .await;
}

#[tokio::test]
async fn the_role_and_the_person_are_looked_at_when_the_ballot_is_written() {
    database::both(|db| async move {
        let draft = PollDraft {
            roles: [Role::Staff].into_iter().collect(),
            ..draft("For staff?", &["Yes", "No"])
        };
        let hall = Hall::with(&db, draft).await;
        let uma = hall.voter("uma").await;
        assert_eq!(hall.cast(uma, &[0]).await, Cast::NotEligible);
        hall.users
            .confirm_role(uma, Some(Role::Staff.into()), hall.now)
            .await
            .expect("noted");
        assert_eq!(hall.cast(uma, &[0]).await, Cast::Recorded);
        let stan = voter(&hall.users, "stan", Role::Staff, hall.now).await;
        hall.users
            .confirm_role(stan, None, hall.now)
            .await
            .expect("noted");
        assert_eq!(hall.cast(stan, &[0]).await, Cast::NotEligible);
        assert_eq!(hall.cast(UserId(4711), &[0]).await, Cast::NotEligible);
        assert_eq!(hall.count().await, (vec![1, 0], 1));
    })
    .await;
}

#[tokio::test]
async fn polls_that_are_not_open_take_nothing() {
    database::both(|db| async move {
        let hall = Hall::new(&db).await;
        let uma = hall.voter("uma").await;
        let selection = pick(&paper(&hall.polls, hall.poll).await, &[0]);
        assert_eq!(
            hall.send(PollId(4711), uma, selection, hall.now).await,
            Cast::Unknown
        );
        take(&hall.polls, Step::Close, hall.poll, hall.now).await;
        assert_eq!(hall.cast(uma, &[0]).await, Cast::Closed);
        take(&hall.polls, Step::Archive, hall.poll, hall.now).await;
        assert_eq!(hall.cast(uma, &[0]).await, Cast::Archived);
        let scheduled = PollDraft {
            opens_at: Some(hall.now.plus(HOUR)),
            ..draft("Later?", &["Yes", "No"])
        };
        let later = open(&hall.polls, scheduled, hall.now).await;
        let selection = pick(&paper(&hall.polls, later).await, &[0]);
        assert_eq!(
            hall.send(later, uma, selection, hall.now).await,
            Cast::NotOpenYet
        );
    })
    .await;
}

#[tokio::test]
async fn a_poll_that_took_a_ballot_while_an_admin_edited_it_stays_as_it_was() {
    database::both(|db| async move {
        let scheduled = |now: Timestamp| PollDraft {
            opens_at: Some(now.minus(Duration::from_secs(1))),
            ..draft("Tea or coffee?", &["Tea", "Coffee"])
        };
        let hall = Hall::with(&db, scheduled(Clock::System.now())).await;
        let poll = hall.polls.find(hall.poll).await.expect("an answer");
        let version = poll.expect("the poll").version;
        let uma = hall.voter("uma").await;
        assert_eq!(hall.cast(uma, &[0]).await, Cast::Recorded);
        // The admin's form arrived just before the opening.
        let before = hall.now.minus(Duration::from_mins(1));
        let edited = PollDraft {
            question: "Tea?".to_owned(),
            ..scheduled(hall.now)
        };
        let edit = hall
            .polls
            .update(hall.poll, version, edited, Actor::System, before)
            .await;
        assert_eq!(edit.expect("an outcome"), Edit::NotNow(State::Open));
        let poll = hall.polls.find(hall.poll).await.expect("an answer");
        assert_eq!(poll.expect("the poll").question, "Tea or coffee?");
        assert_eq!(hall.count().await, (vec![1, 0], 1));
    })
    .await;
}

#[tokio::test]
async fn a_vote_counts_though_the_voter_is_gone() {
    database::both(|db| async move {
        let hall = Hall::new(&db).await;
        let uma = hall.voter("uma").await;
        let selection = pick(&paper(&hall.polls, hall.poll).await, &[0]);
        let cast = hall
            .polls
            .cast(hall.poll, uma, selection, hall.now)
            .now_or_never();
        assert!(cast.is_none(), "the vote is on its way");
        hall.polls.stop().await;
        assert_eq!(hall.count().await, (vec![1, 0], 1));
    })
    .await;
}

#[tokio::test]
async fn who_votes_while_the_program_stops_is_told_to_come_back() {
    let hall = Hall::new(&database::sqlite().await).await;
    let uma = hall.voter("uma").await;
    let selection = pick(&paper(&hall.polls, hall.poll).await, &[0]);
    hall.polls.stop().await;
    hall.polls.stop().await;
    let refused = hall.polls.cast(hall.poll, uma, selection, hall.now).await;
    assert!(matches!(refused, Err(Error::NotWritten(_))), "{refused:?}");
    assert_eq!(hall.count().await.1, 0);
}

#[tokio::test]
async fn a_database_that_is_away_is_an_outage_and_not_a_lost_vote() {
    let db = database::sqlite().await;
    let hall = Hall::new(&db).await;
    let uma = hall.voter("uma").await;
    let selection = pick(&paper(&hall.polls, hall.poll).await, &[0]);
    db.close().await;
    let refused = hall.polls.cast(hall.poll, uma, selection, hall.now).await;
    assert!(matches!(refused, Err(Error::NotWritten(_))), "{refused:?}");
}
