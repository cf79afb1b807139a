//! What goes wrong around the program, or is done to it: disks, locks, files, clocks, signals,
//! clients, and the database server. After every fault the same holds: what was acknowledged is
//! in the box, nobody has two ballots, the roll equals the box, and the next vote succeeds.

mod acknowledged;
mod clients;
mod clocks;
mod damage;
mod descriptors;
mod disk;
mod disk_calls;
mod endurance;
mod instances;
mod locks;
mod postgres;
mod start;
mod stop;
mod writer;

use std::collections::BTreeSet;

use http::StatusCode;
use rolecall::{
    clock::Clock,
    polls::{Choice, PollId, Secrecy, editing::PollDraft},
    users::UserId,
};

use crate::support::{
    app::{MORNING, TestApp},
    crowd::{Member, member},
    database::Engine,
    person::Reply,
    polls::{draft, open, paper, roll_equals_box},
};

/// Longer than anything here should take.
const PATIENCE: std::time::Duration = std::time::Duration::from_mins(1);

/// An application with an open poll and people who have not voted.
struct Hall {
    app: TestApp,
    poll: PollId,
    paper: Vec<Choice>,
    people: Vec<Member>,
    /// Who was told that their vote counts.
    acknowledged: BTreeSet<UserId>,
}

impl Hall {
    async fn new(engine: Engine, secrecy: Secrecy, people: usize) -> Self {
        Self::of(TestApp::start_on(engine).await, secrecy, people).await
    }

    /// At the present time, which the program itself tells as well.
    async fn now(engine: Engine, secrecy: Secrecy, people: usize) -> Self {
        let app = TestApp::start_on(engine).await;
        app.advance(Clock::System.now().since(MORNING)).await;
        Self::of(app, secrecy, people).await
    }

    async fn of(app: TestApp, secrecy: Secrecy, people: usize) -> Self {
        let draft = PollDraft {
            secrecy,
            ..draft("Tea or coffee?", &["Tea", "Coffee"])
        };
        let poll = open(&app.state.polls, draft, app.clock.now()).await;
        let paper = paper(&app.state.polls, poll).await;
        let mut hall = Self {
            app,
            poll,
            paper,
            people: Vec::new(),
            acknowledged: BTreeSet::new(),
        };
        for number in 0..people {
            let somebody = member(&hall.app, &format!("voter {number}")).await;
            hall.people.push(somebody);
        }
        hall
    }

    /// Somebody's vote, past the network.
    async fn vote(&mut self, who: usize) -> Reply {
        let somebody = &self.people[who];
        let request = somebody.ballot(self.poll, self.paper[who % 2].id);
        let reply = Reply::read(self.app.send(request).await).await;
        if reply.status == StatusCode::SEE_OTHER {
            assert!(reply.location().ends_with("/voted/"), "{reply:?}");
            self.acknowledged.insert(somebody.user);
        }
        reply
    }

    async fn votes(&mut self, who: usize) {
        let reply = self.vote(who).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text);
    }

    /// A vote that is refused for a while, and said to be.
    async fn is_turned_away(&mut self, who: usize) {
        let reply = self.vote(who).await;
        is_outage(&reply);
        assert!(reply.text.contains("Your vote was not recorded."));
    }

    /// Who is marked on the roll.
    async fn stored(&self) -> BTreeSet<UserId> {
        let mut stored = BTreeSet::new();
        for somebody in &self.people {
            let listed = self.app.state.polls.find_for(self.poll, somebody.user);
            let listed = listed.await.expect("an answer").expect("the poll");
            if listed.has_voted == Some(true) {
                stored.insert(somebody.user);
            }
        }
        stored
    }

    /// I1 to I4.
    async fn nothing_is_lost(&self) {
        let stored = self.stored().await;
        let lost: Vec<_> = self.acknowledged.difference(&stored).collect();
        assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
        let tally = self.app.state.polls.tally(self.poll, self.app.clock.now());
        let tally = tally.await.expect("counted");
        let counted: u64 = tally.counts.iter().map(|count| count.votes).sum();
        assert_eq!(
            (tally.ballots, counted),
            (stored.len() as u64, tally.ballots)
        );
        roll_equals_box(&self.app).await;
        self.is_sound().await;
    }

    async fn is_sound(&self) {
        let rolecall::db::Db::Sqlite { readers, .. } = &self.app.state.db else {
            return;
        };
        let found: String = sqlx::query_scalar("PRAGMA integrity_check")
            .fetch_one(readers)
            .await
            .expect("the file is read");
        assert_eq!(found, "ok");
        let orphans = sqlx::query("PRAGMA foreign_key_check");
        let orphans = orphans.fetch_all(readers).await.expect("the file is read");
        assert!(orphans.is_empty());
    }
}

/// 503, with when to come back.
fn is_outage(reply: &Reply) {
    assert_eq!(
        reply.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "{}",
        reply.text
    );
    assert_ne!(reply.header("retry-after"), "");
}
