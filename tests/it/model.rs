//! Random lives of polls, held against a model: who has a ballot in the box, and what it says.
//! After whatever people do, in whatever order, ballots, marks and counts are those of the model.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rolecall::{
    paths,
    polls::{
        Choice, Method, PollId, Secrecy, Selection,
        editing::{PollDraft, Step},
    },
    users::UserId,
};

use crate::support::{
    app::TestApp,
    database::Engine,
    person::Person,
    polls::{draft, open, paper, pick, roll_equals_box, take},
};

const PEOPLE: [&str; 3] = ["pick-uma", "pick-stan", "pick-ada"];
const CHOICES: usize = 3;

/// Places on the ballot paper, from 0.
type Places = Vec<usize>;

/// What happens next.
#[derive(Clone, Debug)]
enum Event {
    /// Somebody votes for these, the most preferred first; where one choice may be made, for the
    /// first of them. Nothing abstains.
    Vote(usize, Places),
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

fn places() -> impl Strategy<Value = Places> {
    prop::sample::subsequence(vec![0, 1, 2], 0..=CHOICES).prop_shuffle()
}

fn event() -> impl Strategy<Value = Event> {
    let who = 0..PEOPLE.len();
    prop_oneof![
        12 => (who.clone(), places()).prop_map(|(who, what)| Event::Vote(who, what)),
        2 => who.clone().prop_map(Event::SignOut),
        4 => who.clone().prop_map(Event::SignIn),
        2 => who.prop_map(Event::LoseRole),
        1 => Just(Event::Close),
    ]
}

fn life() -> impl Strategy<Value = Life> {
    let secrecy = prop_oneof![Just(Secrecy::Named), Just(Secrecy::Secret)];
    let method = prop_oneof![
        Just(Method::Single),
        Just(Method::Multiple),
        Just(Method::Ranked)
    ];
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
    votes: BTreeMap<usize, Places>,
}

impl Model {
    /// Whether the vote goes into the box.
    fn vote(&mut self, who: usize, what: Places, allow_change: bool) -> bool {
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
            max_choices: if life.method == Method::Single { 1 } else { 3 },
            allow_change: life.allow_change,
            allow_abstain: true,
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
        for one_of_that_role in [
            "SELECT id FROM users WHERE role = 'user'",
            "SELECT id FROM users WHERE role = 'staff'",
            "SELECT id FROM users WHERE role = 'admin'",
        ] {
            let user = app.number(one_of_that_role).await;
            stage.users.push(UserId(user));
        }
        stage
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

    async fn vote(&mut self, who: usize, mut what: Places) {
        if self.life.method == Method::Single {
            what.truncate(1);
        }
        let fields = self.fields(&what).await;
        let fields: Vec<_> = fields.iter().map(|(name, text)| (*name, &**text)).collect();
        let path = paths::with_id(paths::VOTE, self.poll);
        let had_voted = self.model.votes.contains_key(&who);
        let taken = self.model.vote(who, what, self.life.allow_change);
        let reply = self.browsers[who].post(&path, &fields).await;
        let is_confirmed = reply.location() == paths::with_id(paths::VOTED, self.poll);
        let stands = taken || (had_voted && self.model.signed_in[who]);
        assert_eq!(is_confirmed, stands, "{} {}", reply.status, reply.text);
    }

    /// What the form says.
    async fn fields(&self, what: &[usize]) -> Vec<(&'static str, String)> {
        if what.is_empty() {
            let paper = paper(&self.app.state.polls, self.poll).await;
            let key = paper[0].id.to_string();
            return vec![("choice", "abstain".to_owned()), ("paper", key)];
        }
        let paper = paper(&self.app.state.polls, self.poll).await;
        let choices = what
            .iter()
            .map(|place| ("choice", paper[*place].id.to_string()));
        let ranks = (1..=what.len()).map(|rank| ("rank", rank.to_string()));
        match self.life.method {
            Method::Ranked => choices.chain(ranks).collect(),
            _ => choices.collect(),
        }
    }

    /// Ballots, marks and counts are those of the model.
    async fn compare(&self) {
        let polls = &self.app.state.polls;
        let now = self.app.clock.now();
        let tally = polls.tally(self.poll, now).await.expect("counted");
        let counted: Vec<u64> = tally.counts.iter().map(|count| count.votes).collect();
        assert_eq!(counted, self.expected_counts());
        let votes = &self.model.votes;
        assert_eq!(tally.ballots, votes.len() as u64);
        let abstained = votes.values().filter(|what| what.is_empty());
        assert_eq!(tally.abstained, abstained.count() as u64);
        let paper = paper(polls, self.poll).await;
        for (who, user) in self.users.iter().enumerate() {
            let vote = votes.get(&who);
            let listed = polls.find_for(self.poll, *user).await.expect("an answer");
            let mark = listed.expect("the poll").has_voted.unwrap_or(false);
            assert_eq!(mark, vote.is_some());
            let ballot = polls.ballot(self.poll, *user).await.expect("an answer");
            let said = ballot.map(|ballot| ballot.selection);
            let known = vote.filter(|_| self.life.secrecy == Secrecy::Named);
            assert_eq!(said, known.map(|what| self.selection(&paper, what)));
        }
        roll_equals_box(self.app).await;
    }

    /// Votes per choice; where choices are ranked, first preferences.
    fn expected_counts(&self) -> Vec<u64> {
        let mut counts = vec![0; CHOICES];
        for what in self.model.votes.values() {
            let counted = match self.life.method {
                Method::Ranked => &what[..what.len().min(1)],
                _ => what,
            };
            for place in counted {
                counts[*place] += 1;
            }
        }
        counts
    }

    fn selection(&self, paper: &[Choice], what: &[usize]) -> Selection {
        match self.life.method {
            _ if what.is_empty() => Selection::Abstention,
            Method::Ranked => {
                Selection::Ranking(what.iter().map(|place| paper[*place].id).collect())
            }
            _ => pick(paper, what),
        }
    }
}

async fn live(app: &TestApp, life: &Life) {
    let mut stage = Stage::set(app, life).await;
    for event in &life.events {
        stage.play(event.clone()).await;
        stage.compare().await;
    }
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
