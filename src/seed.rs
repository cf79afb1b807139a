//! Ten sample polls, for the demo and for trying out. Everything goes the way that people go:
//! drafts are created and opened, ballots are cast, so that the samples break no rule.

use std::time::Duration;

use crate::{
    audit::Actor,
    clock::Timestamp,
    error::{Error, Result},
    polls::{
        Cast, Filter, Method, PollId, Polls, RankedRule, Receipts, ResultsRule, RollMode, Secrecy,
        Selection, VoterResults,
        editing::{DraftChoice, Edit, PollDraft, Step},
        roll::Invite,
    },
    users::{Identity, Profile, Role, SignIn, UserId, Users},
};

/// The issuer of people who exist in samples only; no OpenID Provider can claim it.
const ISSUER: &str = "urn:rolecall:sample";

/// What [`seed`] has done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Seeded {
    /// The samples are in.
    Done,
    /// There are polls already, and nothing was touched.
    NotEmpty,
}

/// Puts ten sample polls into a database that holds none.
///
/// # Errors
/// When the database does not answer, or refuses a sample.
pub async fn seed(polls: &Polls, users: &Users, now: Timestamp) -> Result<Seeded> {
    if polls.count(&Filter::default(), now).await? > 0 {
        return Ok(Seeded::NotEmpty);
    }
    let samples = Samples { polls, now };
    let voters = sample_voters(users, now.minus(days(20))).await?;
    let party = samples.open(summer_party(), days(16)).await?;
    samples.cast(party, &voters, PARTY, days(12)).await?;
    samples.step(Step::Close, party, days(9)).await?;
    let workshops = samples.open(workshops(now), days(5)).await?;
    samples.cast(workshops, &voters, WORKSHOPS, days(3)).await?;
    samples.open(library_hours(), days(3)).await?;
    let meeting = samples.open(meeting_day(now), days(2)).await?;
    samples.cast(meeting, &voters, MEETING, days(1)).await?;
    samples.open(bicycle_stands(now), days(1)).await?;
    let rooms = samples.open(rooms(now), days(1)).await?;
    samples
        .cast(rooms, &voters, ROOMS, Duration::from_hours(20))
        .await?;
    let week = samples.open(four_days(now), days(1)).await?;
    samples
        .cast(week, &voters, WEEK, Duration::from_hours(20))
        .await?;
    samples.open(chair(now), Duration::ZERO).await?;
    let logo = samples.open(logo(), days(18)).await?;
    samples.cast(logo, &voters, LOGO, days(17)).await?;
    samples.step(Step::Close, logo, days(14)).await?;
    let safety = samples.open_to_a_list(safety(now), days(1)).await?;
    samples
        .cast(safety, &voters, SAFETY, Duration::from_hours(20))
        .await?;
    Ok(Seeded::Done)
}

struct Samples<'s> {
    polls: &'s Polls,
    now: Timestamp,
}

impl Samples<'_> {
    /// Creates the poll and opens it, `ago` before now.
    async fn open(&self, draft: PollDraft, ago: Duration) -> Result<PollId> {
        let at = self.now.minus(ago);
        let draft = PollDraft {
            opens_at: draft.opens_at.or(Some(at)),
            ..draft
        };
        let id = done(self.polls.create(draft, Actor::System, at).await?)?;
        self.step(Step::Open, id, ago).await
    }

    /// The same for a poll whose voters are the first sample voters and the people of the demo.
    async fn open_to_a_list(&self, draft: PollDraft, ago: Duration) -> Result<PollId> {
        let at = self.now.minus(ago);
        let id = done(self.polls.create(draft, Actor::System, at).await?)?;
        let voters = VOTERS.iter().take(LISTED);
        let voters = voters.map(|(subject, _)| Invite::subject(ISSUER, subject));
        let invited = DEMO_PEOPLE.map(Invite::email);
        let lines = voters.chain(invited).collect();
        done(
            self.polls
                .invite_voters(id, lines, Actor::System, at)
                .await?,
        )?;
        self.step(Step::Open, id, ago).await
    }

    async fn step(&self, step: Step, id: PollId, ago: Duration) -> Result<PollId> {
        let poll = self.polls.find(id).await?.ok_or(Error::NotFound)?;
        let at = self.now.minus(ago);
        let taken = self.polls.take(step, id, poll.version, Actor::System, at);
        done(taken.await?)
    }

    /// Casts one ballot for each line of `ballots`, which holds the places of the choices; in a
    /// ranked poll the preferred ones first.
    async fn cast(
        &self,
        id: PollId,
        voters: &[UserId],
        ballots: &[&[usize]],
        ago: Duration,
    ) -> Result<()> {
        let poll = self.polls.find(id).await?.ok_or(Error::NotFound)?;
        let paper = self.polls.choices(id).await?;
        for (number, (voter, places)) in voters.iter().zip(ballots).enumerate() {
            let chosen = places.iter().filter_map(|place| paper.get(*place));
            let chosen = chosen.map(|choice| choice.id);
            let selection = match places {
                [] => Selection::Abstention,
                _ if poll.is_ranked() => Selection::Ranking(chosen.collect()),
                _ => Selection::Choices(chosen.collect()),
            };
            let minutes = u64::try_from(number).unwrap_or(0).saturating_mul(47);
            let at = self.now.minus(ago).plus(Duration::from_mins(minutes));
            let cast = self.polls.cast(id, *voter, selection, at).await?;
            if cast != Cast::Recorded {
                return Err(Error::internal(format!(
                    "a sample ballot was refused: {cast:?}"
                )));
            }
        }
        Ok(())
    }
}

fn done(edit: Edit) -> Result<PollId> {
    match edit {
        Edit::Done(id) => Ok(id),
        refused => Err(Error::internal(format!(
            "a sample poll was refused: {refused:?}"
        ))),
    }
}

/// People who have voted in the samples.
const VOTERS: [(&str, &str); 12] = [
    ("amara", "Amara Okafor"),
    ("bela", "Béla Horváth"),
    ("chiara", "Chiara Conti"),
    ("dmitri", "Dmitri Volkov"),
    ("elif", "Elif Demir"),
    ("femke", "Femke de Vries"),
    ("goran", "Goran Petrović"),
    ("hana", "Hana Nováková"),
    ("imran", "Imran Qureshi"),
    ("jonas", "Jonas Lindqvist"),
    ("keiko", "Keiko Tanaka"),
    ("lucia", "Lucía Fernández"),
];

/// How many of them are on the list of the poll that has one.
const LISTED: usize = 8;

/// The people of the demo provider, who come to the same list once they sign in.
const DEMO_PEOPLE: [&str; 3] = ["ada@acme.example", "stan@acme.example", "uma@acme.example"];

async fn sample_voters(users: &Users, at: Timestamp) -> Result<Vec<UserId>> {
    let mut voters = Vec::new();
    for (subject, name) in VOTERS {
        let identity = Identity {
            issuer: ISSUER.to_owned(),
            subject: subject.to_owned(),
        };
        let profile = Profile {
            preferred_username: subject.to_owned(),
            display_name: name.to_owned(),
            ..Profile::default()
        };
        if let SignIn::Welcome(user) = users
            .sign_in(identity, profile, Some(Role::User.into()), None, at)
            .await?
        {
            voters.push(user.id);
        }
    }
    Ok(voters)
}

/// Ballots as places on the paper, from 0; an empty one abstains.
const PARTY: &[&[usize]] = &[
    &[0],
    &[1],
    &[0],
    &[2],
    &[0],
    &[1],
    &[],
    &[0],
    &[1],
    &[0],
    &[0],
    &[1],
];
const WORKSHOPS: &[&[usize]] = &[&[0, 1], &[1], &[0, 3], &[1, 2], &[0, 1, 3], &[2]];
const MEETING: &[&[usize]] = &[&[0], &[1], &[1], &[], &[2]];
const ROOMS: &[&[usize]] = &[&[0, 1, 2], &[1, 2], &[2, 0, 1, 3], &[1, 0], &[3], &[0, 2]];
const LOGO: &[&[usize]] = &[
    &[0, 1],
    &[1, 2, 0],
    &[2, 1],
    &[1],
    &[0, 2, 1],
    &[2, 1, 0],
    &[1, 0],
    &[0],
    &[2, 0, 1],
];
const SAFETY: &[&[usize]] = &[&[0], &[1], &[0], &[0], &[2]];
const WEEK: &[&[usize]] = &[&[0], &[0], &[1], &[0], &[], &[1], &[2]];

fn days(number: u64) -> Duration {
    Duration::from_hours(number.saturating_mul(24))
}

fn paper(texts: &[&str]) -> Vec<DraftChoice> {
    let choice = |text: &&str| DraftChoice {
        id: None,
        text: (*text).to_owned(),
    };
    texts.iter().map(choice).collect()
}

/// Closed, with results that everybody may read.
fn summer_party() -> PollDraft {
    PollDraft {
        question: "Where do we hold the summer party?".to_owned(),
        allow_abstain: true,
        voter_results: VoterResults::AfterClose,
        choices: paper(&[
            "The boathouse",
            "The garden behind the library",
            "Our own courtyard",
            "No party this year",
        ]),
        ..PollDraft::default()
    }
}

/// Open, several choices, may be changed.
fn workshops(now: Timestamp) -> PollDraft {
    PollDraft {
        question: "Which workshops should we run in spring?".to_owned(),
        description: "Each takes one afternoon. We can run the three that most people want."
            .to_owned(),
        method: Method::Multiple,
        max_choices: 3,
        allow_change: true,
        results: ResultsRule::Live,
        closes_at: Some(now.plus(days(12))),
        choices: paper(&[
            "Accessible documents",
            "First aid",
            "Reading a balance sheet",
            "Bicycle repair",
            "Speaking in public",
        ]),
        ..PollDraft::default()
    }
}

/// Open until somebody closes it, and may be changed.
fn library_hours() -> PollDraft {
    PollDraft {
        question: "Should the library stay open until 20:00 on Thursdays?".to_owned(),
        description: "The late shift would be shared among everyone at the desk.".to_owned(),
        allow_change: true,
        choices: paper(&["Yes", "No"]),
        ..PollDraft::default()
    }
}

/// Open, one choice or none of them.
fn meeting_day(now: Timestamp) -> PollDraft {
    PollDraft {
        question: "Which day suits the weekly meeting?".to_owned(),
        description: "We need a fixed slot of one hour. The room on the second floor is free on \
                      all of these days."
            .to_owned(),
        allow_abstain: true,
        closes_at: Some(now.plus(days(8))),
        choices: paper(&["Monday morning", "Tuesday afternoon", "Thursday afternoon"]),
        ..PollDraft::default()
    }
}

/// Open, with the choices to be put in order.
fn rooms(now: Timestamp) -> PollDraft {
    PollDraft {
        question: "Which meeting room do we renovate first?".to_owned(),
        description: "There is money for one room this year and for another one next year."
            .to_owned(),
        method: Method::Ranked,
        ranked_rule: Some(RankedRule::InstantRunoff),
        max_choices: 4,
        allow_abstain: true,
        allow_change: true,
        closes_at: Some(now.plus(days(9))),
        choices: paper(&[
            "The attic",
            "The green room",
            "The old archive",
            "The canteen",
        ]),
        ..PollDraft::default()
    }
}

/// Closed and ranked, compared two by two, with results that everybody may read.
fn logo() -> PollDraft {
    PollDraft {
        question: "Which sign goes above the door?".to_owned(),
        method: Method::Ranked,
        ranked_rule: Some(RankedRule::Schulze),
        max_choices: 3,
        voter_results: VoterResults::AfterClose,
        choices: paper(&["The lantern", "The anchor", "The open book"]),
        ..PollDraft::default()
    }
}

/// Open to the people on a list.
fn safety(now: Timestamp) -> PollDraft {
    PollDraft {
        question: "Who speaks for the workshop on safety?".to_owned(),
        description: "The people of the workshop vote.".to_owned(),
        roll_mode: RollMode::List,
        closes_at: Some(now.plus(days(6))),
        choices: paper(&["Amara Okafor", "Dmitri Volkov", "Hana Nováková"]),
        ..PollDraft::default()
    }
}

/// Open and secret, with a review and a receipt.
fn four_days(now: Timestamp) -> PollDraft {
    PollDraft {
        question: "Should we try a week of four days?".to_owned(),
        description: "For six months, with the same pay and 34 hours.".to_owned(),
        secrecy: Secrecy::Secret,
        receipts: Receipts::Counted,
        randomise: true,
        allow_abstain: true,
        voter_results: VoterResults::AfterClose,
        closes_at: Some(now.plus(days(10))),
        choices: paper(&["Yes, from spring", "Yes, from autumn", "No"]),
        ..PollDraft::default()
    }
}

/// Open, and about to close.
fn bicycle_stands(now: Timestamp) -> PollDraft {
    PollDraft {
        question: "Where should the new bicycle stands go?".to_owned(),
        closes_at: Some(now.plus(Duration::from_hours(3))),
        choices: paper(&[
            "Beside the main entrance",
            "In the courtyard",
            "In the underground garage",
        ]),
        ..PollDraft::default()
    }
}

/// Published, and opens in a few days.
fn chair(now: Timestamp) -> PollDraft {
    PollDraft {
        question: "Who chairs the works council?".to_owned(),
        description: "The term begins on the first day of next month and lasts two years."
            .to_owned(),
        allow_abstain: true,
        opens_at: Some(now.plus(days(4))),
        closes_at: Some(now.plus(days(11))),
        choices: paper(&["Mara Lindqvist", "Joseph Okafor", "Ewa Zielińska"]),
        ..PollDraft::default()
    }
}
