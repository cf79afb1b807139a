//! Random lives of polls, held against a model: who has a ballot in the box, and what it says.
//! Whatever people do in whatever order, ballots, marks and counts are those of the model.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rolecall::{
    paths,
    polls::{
        Method, PollId, Secrecy, Selection,
        editing::{PollDraft, Step},
    },
    users::UserId,
};

use crate::support::{
    app::TestApp,
    database::Engine,
    person::Person,
    polls::{draft, open, paper, pick, take},
};

const PEOPLE: [&str; 3] = ["pick-uma", "pick-stan", "pick-ada"];
const CHOICES: usize = 3;

/// What happens next.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// Somebody votes for a choice, or ranks it first.
    Vote(usize, usize),
    SignOut(usize),
    SignIn(usize),
    LoseRole(usize),
    Close,
}

/// A kind of poll and what happens in it.
#[derive(Clone, Debug)]
struct Life {
    secrecy: Secrecy,
    method: Method,
    allow_change: bool,
    events: Vec<Event>,
}

fn event() -> impl Strategy<Value = Event> {
    let who = 0..PEOPLE.len();
    prop_oneof![
        12 => (who.clone(), 0..CHOICES).prop_map(|(who, what)| Event::Vote(who, what)),
        2 => who.clone().prop_map(Event::SignOut),
        4 => who.clone().prop_map(Event::SignIn),
        2 => who.prop_map(Event::LoseRole),
        1 => Just(Event::Close),
    ]
}

fn life() -> impl Strategy<Value = Life> {
    let secrecy = prop_oneof![Just(Secrecy::Named), Just(Secrecy::Secret)];
    let method = prop_oneof![Just(Method::Single), Just(Method::Ranked)];
    let events = prop::collection::vec(event(), 1..25);
    (secrecy, method, any::<bool>(), events).prop_map(|(secrecy, method, change, events)| Life {
        secrecy,
        method,
        allow_change: change && secrecy == Secrecy::Named,
        events,
    })
}

/// What must be true.
#[derive(Default)]
struct Model {
    signed_in: [bool; 3],
    is_closed: bool,
    votes: BTreeMap<usize, usize>,
}

impl Model {
    /// Whether the vote goes into the box.
    fn vote(&mut self, who: usize, what: usize, allow_change: bool) -> bool {
        let takes = self.signed_in[who]
            && !self.is_closed
            && (allow_change || !self.votes.contains_key(&who));
        if takes {
            self.votes.insert(who, what);
        }
        takes
    }
}

/// The poll of one life, the people at their browsers, and the model.
struct Stage<'a> {
    app: &'a TestApp,
    life: &'a Life,
    poll: PollId,
    browsers: Vec<Person<'a>>,
    users: Vec<UserId>,
    model: Model,
}

impl<'a> Stage<'a> {
    async fn set(app: &'a TestApp, life: &'a Life) -> Self {
        let draft = PollDraft {
            secrecy: life.secrecy,
            method: life.method,
            max_choices: if life.method == Method::Ranked { 3 } else { 1 },
            allow_change: life.allow_change,
            ..draft("Which?", &["A", "B", "C"])
        };
        let mut stage = Self {
            app,
            life,
            poll: open(&app.state.polls, draft, app.clock.now()).await,
            browsers: PEOPLE.map(|_| app.anonymous()).to_vec(),
            users: Vec::new(),
            model: Model::default(),
        };
        for who in 0..PEOPLE.len() {
            stage.play(Event::SignIn(who)).await;
        }
        for role in ["user", "staff", "admin"] {
            stage.users.push(stage.user(role).await);
        }
        stage
    }

    async fn user(&self, role: &str) -> UserId {
        UserId(match role {
            "user" => {
                self.app
                    .number("SELECT id FROM users WHERE role = 'user'")
                    .await
            }
            "staff" => {
                self.app
                    .number("SELECT id FROM users WHERE role = 'staff'")
                    .await
            }
            _ => {
                self.app
                    .number("SELECT id FROM users WHERE role = 'admin'")
                    .await
            }
        })
    }

    async fn play(&mut self, event: Event) {
        match event {
            Event::Vote(who, what) => self.vote(who, what).await,
            Event::SignIn(who) => {
                self.browsers[who].sign_in(PEOPLE[who], "/").await;
                self.model.signed_in[who] = true;
            }
            Event::SignOut(who) => {
                self.browsers[who].post("/oidc/logout/", &[]).await;
                self.model.signed_in[who] = false;
            }
            Event::LoseRole(who) => {
                let lost =
                    self.app
                        .state
                        .users
                        .confirm_role(self.users[who], None, self.app.clock.now());
                lost.await.expect("noted");
                self.model.signed_in[who] = false;
            }
            Event::Close => {
                take(
                    &self.app.state.polls,
                    Step::Close,
                    self.poll,
                    self.app.clock.now(),
                )
                .await;
                self.model.is_closed = true;
            }
        }
    }

    async fn vote(&mut self, who: usize, what: usize) {
        let choice = paper(&self.app.state.polls, self.poll).await[what]
            .id
            .to_string();
        let mut fields = vec![("choice", choice.as_str())];
        if self.life.method == Method::Ranked {
            fields.push(("rank", "1"));
        }
        let path = paths::with_id(paths::VOTE, self.poll);
        let had_voted = self.model.votes.contains_key(&who);
        let taken = self.model.vote(who, what, self.life.allow_change);
        let reply = self.browsers[who].post(&path, &fields).await;
        let is_confirmed = reply.location() == paths::with_id(paths::VOTED, self.poll);
        let stands = taken || (had_voted && self.model.signed_in[who]);
        assert_eq!(is_confirmed, stands, "{} {}", reply.status, reply.text);
    }

    /// Ballots, marks and counts are those of the model.
    async fn compare(&self) {
        let polls = &self.app.state.polls;
        let tally = polls
            .tally(self.poll, self.app.clock.now())
            .await
            .expect("counted");
        let counted: Vec<u64> = tally.counts.iter().map(|count| count.votes).collect();
        let mut expected = vec![0; CHOICES];
        for what in self.model.votes.values() {
            expected[*what] += 1;
        }
        assert_eq!(counted, expected);
        assert_eq!(tally.ballots, expected.iter().sum::<u64>());
        let paper = paper(polls, self.poll).await;
        for (who, user) in self.users.iter().enumerate() {
            let vote = self.model.votes.get(&who);
            let listed = polls.find_for(self.poll, *user).await.expect("an answer");
            let mark = listed.expect("the poll").has_voted.unwrap_or(false);
            assert_eq!(mark, vote.is_some());
            let ballot = polls.ballot(self.poll, *user).await.expect("an answer");
            let said = ballot.map(|ballot| ballot.selection);
            let known = vote.filter(|_| self.life.secrecy == Secrecy::Named);
            assert_eq!(
                said,
                known.map(|what| self.selection(&paper[*what..=*what]))
            );
        }
    }

    fn selection(&self, chosen: &[rolecall::polls::Choice]) -> Selection {
        match self.life.method {
            Method::Ranked => Selection::Ranking(vec![chosen[0].id]),
            _ => pick(chosen, &[0]),
        }
    }
}

async fn live(app: &TestApp, life: &Life) {
    let mut stage = Stage::set(app, life).await;
    for event in &life.events {
        stage.play(*event).await;
    }
    stage.compare().await;
}

/// Lives that are drawn anew in every run; a failing one is shortened and kept.
fn many_lives_on(engine: Engine) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let app = runtime.block_on(TestApp::start_on(engine));
    let config = ProptestConfig {
        cases: 16,
        max_shrink_iters: 64,
        ..ProptestConfig::default()
    };
    proptest!(config, |(life in life())| {
        runtime.block_on(live(&app, &life));
    });
}

/// V5, T2.
#[test]
fn whatever_people_do_the_box_holds_what_the_model_says_on_sqlite() {
    many_lives_on(Engine::Sqlite);
}

/// V5, T2.
#[test]
fn whatever_people_do_the_box_holds_what_the_model_says_on_postgres() {
    many_lives_on(Engine::Postgres);
}
