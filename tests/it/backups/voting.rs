//! Backups while people vote.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::Duration,
};

use futures_util::future::{join, join_all};
use rolecall::{
    backup::{Restore, restore, snapshot, verify},
    db::Db,
    polls::{Choice, PollId, Polls, Secrecy, Selection, editing::PollDraft},
    random::Random,
};

use super::file_of;
use crate::support::{
    app::TestApp,
    crowd::{Member, Site, member},
    database::{self, Engine},
    polls::{draft, open, paper},
};

const VOTERS: usize = 16;
const BACKUPS: usize = 20;
/// Polls with a secret vote for everybody.
const SECRET: usize = 8;
/// Choices of the poll in which everybody changes their vote, always to the next one.
const CHOICES: usize = 50;

/// How long all of it may take.
const PATIENCE: Duration = Duration::from_mins(3);

/// A voter, and how many of their votes were acknowledged.
struct Voter {
    member: Member,
    named: AtomicUsize,
    secret: AtomicUsize,
}

/// Where they vote.
struct Polling {
    site: Site,
    named: (PollId, Vec<Choice>),
    secret: Vec<(PollId, Vec<Choice>)>,
}

impl Polling {
    async fn open(app: &TestApp) -> Self {
        let polls = &app.state.polls;
        let names: Vec<_> = (0..CHOICES).map(|number| format!("No. {number}")).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let changing = PollDraft {
            allow_change: true,
            ..draft("Which number?", &names)
        };
        let named = open(polls, changing, app.clock.now()).await;
        let mut secret = Vec::new();
        for _ in 0..SECRET {
            let kind = PollDraft {
                secrecy: Secrecy::Secret,
                ..draft("Tea or coffee?", &["Tea", "Coffee"])
            };
            let poll = open(polls, kind, app.clock.now()).await;
            secret.push((poll, paper(polls, poll).await));
        }
        Self {
            site: Site::open(app).await,
            named: (named, paper(polls, named).await),
            secret,
        }
    }

    async fn vote(&self, voter: &Voter, (poll, paper): &(PollId, Vec<Choice>), place: usize) {
        let choice = paper[place].id.to_string();
        let fields = [("choice", choice.as_str())];
        let is_taken = self.site.votes(&voter.member, *poll, &fields).await;
        assert!(is_taken, "vote {place} in {poll}");
    }

    /// Votes until there are backups enough.
    async fn go_on_voting(&self, voter: &Voter, is_over: &AtomicBool) {
        let mut place = 0;
        while !is_over.load(Ordering::SeqCst) {
            self.vote(voter, &self.named, place).await;
            voter.named.store(place + 1, Ordering::SeqCst);
            if let Some(secret) = self.secret.get(place) {
                self.vote(voter, secret, place % 2).await;
                voter.secret.store(place + 1, Ordering::SeqCst);
            }
            place = (place + 1).min(CHOICES - 1);
        }
    }
}

/// What had been acknowledged when a backup began: votes of each voter with their name, and all
/// that were secret.
struct Acknowledged {
    backup: PathBuf,
    named: Vec<usize>,
    secret: usize,
}

/// Makes one backup after the other, each once everybody has voted since the last.
async fn back_up(app: &TestApp, voters: &[Voter]) -> Vec<Acknowledged> {
    let mut made = Vec::new();
    for _ in 0..BACKUPS {
        let backup = database::new_file("db");
        let load = |count: &AtomicUsize| count.load(Ordering::SeqCst);
        let acknowledged = Acknowledged {
            backup: backup.clone(),
            named: voters.iter().map(|voter| load(&voter.named)).collect(),
            secret: voters.iter().map(|voter| load(&voter.secret)).sum(),
        };
        let verified = snapshot::make(&file_of(app), &backup, app.clock.now()).await;
        assert!(verified.expect("a backup").is_sound());
        made.push(acknowledged);
    }
    made
}

/// The place of the choice that a voter has in a copy; nothing before they have voted.
async fn place_in(polls: &Polls, polling: &Polling, voter: &Voter) -> Option<usize> {
    let (poll, paper) = &polling.named;
    let ballot = polls.ballot(*poll, voter.member.user).await;
    let Selection::Choices(choices) = ballot.expect("an answer")?.selection else {
        panic!("a choice was made");
    };
    paper.iter().position(|choice| choices.contains(&choice.id))
}

async fn holds_all(app: &TestApp, polling: &Polling, voters: &[Voter], made: &Acknowledged) {
    let verified = verify(&made.backup, app.clock.now()).await;
    let verified = verified.expect("a readable file");
    assert_eq!(verified.problems, [""; 0]);
    let restored = database::new_file("db");
    let outcome = restore(&made.backup, &restored, true, app.clock.now()).await;
    assert!(matches!(outcome, Ok(Restore::Done(_))), "{outcome:?}");
    let url = format!("sqlite:{}", restored.display());
    let db = Db::connect(&url).await.expect("it opens");
    let polls = Polls::new(db.clone(), Random::System);
    for (voter, votes) in voters.iter().zip(&made.named) {
        let place = place_in(&polls, polling, voter).await;
        let held = place.map_or(0, |place| place + 1);
        assert!(held >= (*votes).min(CHOICES), "{held} of {votes}");
    }
    let secret = "SELECT COUNT(*) FROM ballots WHERE user_id IS NULL";
    let secret = crate::support::app::number(&db, secret).await;
    assert!(secret >= i64::try_from(made.secret).expect("a few"));
    db.close().await;
}

/// FT-25, OP-07.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_backups_while_people_vote_each_hold_every_vote_acknowledged_before() {
    let story = async {
        let app = TestApp::start_on(Engine::Sqlite).await;
        let polling = Polling::open(&app).await;
        let mut voters = Vec::new();
        for number in 0..VOTERS {
            voters.push(Voter {
                member: member(&app, &format!("voter {number}")).await,
                named: AtomicUsize::new(0),
                secret: AtomicUsize::new(0),
            });
        }
        let is_over = AtomicBool::new(false);
        let voting = voters
            .iter()
            .map(|voter| polling.go_on_voting(voter, &is_over));
        let backups = async {
            let made = back_up(&app, &voters).await;
            is_over.store(true, Ordering::SeqCst);
            made
        };
        let (_, made) = join(join_all(voting), backups).await;
        let last = made.last().expect("backups");
        assert!(
            last.named.iter().all(|votes| *votes > 0),
            "people voted meanwhile"
        );
        for made in &made {
            holds_all(&app, &polling, &voters, made).await;
        }
    };
    tokio::time::timeout(PATIENCE, story)
        .await
        .expect("in time");
}

/// SC-12.
#[tokio::test]
async fn a_backup_is_for_its_owner_only_and_never_replaces_a_file() {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let backup = super::backup_of(&app).await;
    let mode = |file: &Path| fs::metadata(file).expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode(&backup), 0o600);
    super::assert_alone(&backup);
    let before = super::sha256(&backup);
    let again = snapshot::make(&file_of(&app), &backup, app.clock.now()).await;
    let refused = again.expect_err("a file that is there").explained();
    assert!(refused.contains("is there already"), "{refused}");
    assert_eq!(super::sha256(&backup), before);
}
