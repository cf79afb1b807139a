//! People who vote as fast as `wrk` (the package of that name) can: each with a session, in polls of
//! their own, put past the program into a database of either kind.

use std::{fmt::Write as _, path::Path, process::Stdio, sync::Arc};

use rolecall::{
    audit::Actor,
    clock::{Clock, Timestamp},
    config::SessionConfig,
    db::Db,
    polls::{
        ChoiceId, PollId, Polls,
        editing::{DraftChoice, Edit, PollDraft, Step},
    },
    random::Random,
    session::Sessions,
    users::{Identity, Profile, Role, SignIn, UserId, Users},
};
use tokio::{
    fs,
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};
use tower_sessions::Session;

use crate::Outcome;

const VOTERS: usize = 2000;
const POLLS: usize = 60;
/// What every form carries.
const CSRF_TOKEN: &str = "the-token-of-this-session";

/// A database with voters and polls in it, and the script by which they vote.
pub struct Electorate {
    db: Db,
    /// The polls with a choice of each.
    polls: Vec<(PollId, ChoiceId)>,
    /// The sessions of the voters.
    sessions: Vec<String>,
}

impl Electorate {
    /// Fills the database at `url`, which is empty.
    pub async fn at(url: &str) -> Outcome<Self> {
        let (db, now) = (Db::connect(url).await?, Clock::System.now());
        db.migrate().await?;
        let polls = Polls::new(db.clone(), Random::System);
        let mut electorate = Self {
            polls: Vec::new(),
            sessions: Vec::new(),
            db,
        };
        for number in 0..POLLS {
            let opened = open(&polls, &format!("Question {number}?"), now).await?;
            electorate.polls.push(opened);
        }
        polls.stop().await;
        for number in 0..VOTERS {
            let session = electorate.sign_in(&format!("voter-{number}"), now).await?;
            electorate.sessions.push(session);
        }
        Ok(electorate)
    }

    /// The value of the session's cookie.
    async fn sign_in(&self, subject: &str, now: Timestamp) -> Outcome<String> {
        let user = known(&self.db, subject, now).await?;
        let sessions = Sessions::new(self.db.clone(), Clock::System, SessionConfig::default());
        let session = Session::new(None, Arc::new(sessions), None);
        session.insert("user", user.0).await?;
        session.insert("started_at", now).await?;
        session.insert("csrf", CSRF_TOKEN).await?;
        session.save().await?;
        Ok(session.id().ok_or("no id")?.to_string())
    }

    /// How many ballots there are.
    pub async fn ballots(&self) -> Outcome<i64> {
        const BALLOTS: &str = "SELECT COUNT(*) FROM ballots";
        Ok(match &self.db {
            Db::Sqlite { readers, .. } => sqlx::query_scalar(BALLOTS).fetch_one(readers).await?,
            Db::Postgres { pool, .. } => sqlx::query_scalar(BALLOTS).fetch_one(pool).await?,
        })
    }

    /// Lets them vote for `seconds` by way of 64 connections, each once in every poll, beginning
    /// after the first `passed` votes; prints what came of it.
    pub async fn vote(&self, what: &str, url: &str, seconds: u32, passed: usize) -> Outcome<()> {
        let folder = tempfile::tempdir()?;
        let script = folder.path().join("votes.lua");
        fs::write(&script, self.script(passed)?).await?;
        let before = self.ballots().await?;
        let mut wrk = Command::new("wrk");
        wrk.args([
            "-t1",
            "-c64",
            "--latency",
            "-d",
            &format!("{seconds}s"),
            "-s",
        ]);
        let output = wrk.arg(script).arg(url).output().await;
        let output =
            output.map_err(|error| format!("wrk, of the package of that name: {error}"))?;
        let text = String::from_utf8(output.stdout)?;
        let field = |name: &str| {
            let mut lines = text.lines().map(str::trim);
            let line = lines.find_map(|line| line.strip_prefix(name));
            line.map_or("none", str::trim)
        };
        println!(
            "{what}: {} votes a second, p50 {}, p99 {}, {} refused, {} ballots in {seconds} s",
            field("Requests/sec:"),
            field("50%"),
            field("99%"),
            field("Non-2xx or 3xx responses:"),
            self.ballots().await? - before
        );
        Ok(())
    }

    fn script(&self, passed: usize) -> Outcome<String> {
        let mut script = String::from("voters = {");
        for session in &self.sessions {
            write!(script, "\"{session}\",")?;
        }
        script.push_str("}\npolls = {");
        for (poll, choice) in &self.polls {
            write!(script, "{{{poll},{choice}}},")?;
        }
        write!(script, "}}\nn = {passed}\ntoken = \"{CSRF_TOKEN}\"")?;
        script.push_str(
            "\nfunction request()
               local voter = voters[n % #voters + 1]
               local poll = polls[math.floor(n / #voters) % #polls + 1]
               n = n + 1
               local headers = {
                 [\"Cookie\"] = \"rolecall=\" .. voter, [\"Sec-Fetch-Site\"] = \"same-origin\",
                 [\"Content-Type\"] = \"application/x-www-form-urlencoded\" }
               return wrk.format(\"POST\", \"/polls/\" .. poll[1] .. \"/vote/\", headers,
                 \"choice=\" .. poll[2] .. \"&csrf_token=\" .. token)
             end\n",
        );
        Ok(script)
    }
}

async fn open(polls: &Polls, question: &str, now: Timestamp) -> Outcome<(PollId, ChoiceId)> {
    let choice = |text: &str| DraftChoice {
        id: None,
        text: text.to_owned(),
    };
    let draft = PollDraft {
        question: question.to_owned(),
        choices: vec![choice("Yes"), choice("No")],
        review: false,
        ..PollDraft::default()
    };
    let Edit::Done(id) = polls.create(draft, Actor::System, now).await? else {
        return Err("a poll was not made".into());
    };
    let version = polls.find(id).await?.ok_or("no poll")?.version;
    let opened = polls.take(Step::Open, id, version, Actor::System, now);
    let Edit::Done(id) = opened.await? else {
        return Err("a poll was not opened".into());
    };
    let choices = polls.choices(id).await?;
    Ok((id, choices.first().ok_or("no choice")?.id))
}

async fn known(db: &Db, subject: &str, now: Timestamp) -> Outcome<UserId> {
    let identity = Identity {
        issuer: "https://op.example".to_owned(),
        subject: subject.to_owned(),
    };
    let users = Users::new(db.clone());
    let role = Some(Role::User.into());
    let signed_in = users.sign_in(identity, Profile::default(), role, None, now);
    match signed_in.await? {
        SignIn::Welcome(user) => Ok(user.id),
        _ => Err("nobody was let in".into()),
    }
}

/// What the program needs to serve the database at `url`; its provider is nowhere.
pub fn settings(port: u16, url: &str) -> String {
    format!(
        "BASE_URL=http://localhost:{port}\nLISTEN_ADDR=127.0.0.1:{port}\nDATABASE_URL={url}\n\
         OIDC_OP_BASE_URL=http://127.0.0.1:9\nOIDC_RP_CLIENT_ID=bench\nOIDC_RP_CLIENT_SECRET=bench\n\
         ROLECALL_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nROLECALL_RATE_LIMIT=off\n"
    )
}

/// Starts what `command` says, in a folder with these settings; comes back when it serves.
pub async fn start(command: &mut Command, folder: &Path, settings: &str) -> Outcome<Child> {
    fs::write(folder.join(".env"), settings).await?;
    let mut process = command
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .current_dir(folder)
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let mut lines = BufReader::new(process.stderr.take().ok_or("no log")?).lines();
    while !lines
        .next_line()
        .await?
        .ok_or("rolecall ended")?
        .contains("serving; ")
    {}
    // Somebody has to read on, or the program waits to be read.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Ok(process)
}
