//! The same questions to rolecall and to a Django site, in turns (PF-1, PF-2, PF-3, PF-5, PF-6): 64
//! connections of `wrk`, and the median of the rounds.

use std::{fmt::Write as _, time::Duration};

use tempfile::TempDir;
use tokio::fs;

use crate::{
    Outcome,
    django::{CSRF_TOKEN, Django},
    pages::{VOTERS, Voter, fill, sign_in_all, votes},
    program::{self, Program},
    wrk::{median, wrk, wrk_of},
};

const ROUNDS: i64 = 3;
/// Polls that are there from the beginning; in each round people vote in others.
const POLLS: i64 = 20;
const POLLS_OF_A_ROUND: i64 = 60;
const MANY_POLLS: i64 = 10_000;

/// Further arguments of `wrk`, for ours and for theirs.
type Arguments = (Vec<String>, Vec<String>);

struct Peers {
    ours: Program,
    theirs: Django,
    voters: Vec<Voter>,
    folder: TempDir,
}

pub async fn run() -> Outcome<()> {
    let ours = Program::start_with("ROLECALL_RATE_LIMIT=off\n").await?;
    fill(&ours, POLLS).await?;
    let client = program::client()?;
    let peers = Peers {
        voters: sign_in_all(&ours, &client, VOTERS).await?,
        theirs: Django::start(POLLS, VOTERS).await?,
        ours,
        folder: TempDir::new()?,
    };
    let staff = peers.ours.sign_in(&client, "pick-stan").await?;
    let admin = peers.ours.sign_in(&client, "pick-ada").await?;
    let (theirs, (voter, _)) = (&peers.theirs.people, peers.voters.first().ok_or("nobody")?);
    let uma = (
        voter.as_str(),
        theirs.voters.first().ok_or("nobody")?.as_str(),
    );
    peers
        .read(
            "the list of polls, signed out (PF-1: 80)",
            "/polls/",
            ("", ""),
        )
        .await?;
    peers
        .read("a ballot paper (PF-2: 45)", "/polls/1/", uma)
        .await?;
    fill(&peers.ours, POLLS + ROUNDS * POLLS_OF_A_ROUND).await?;
    peers.theirs.fill(POLLS + ROUNDS * POLLS_OF_A_ROUND).await?;
    peers.votes("votes (PF-3: 40)").await?;
    let stan = (staff.as_str(), theirs.staff.as_str());
    let results = format!("/polls/{}/results/", POLLS + 1);
    peers
        .read("results, staff (PF-5: 40)", &results, stan)
        .await?;
    fill(&peers.ours, MANY_POLLS).await?;
    peers.theirs.fill(MANY_POLLS).await?;
    let ada = (admin.as_str(), theirs.admin.as_str());
    let lists = (
        "/admin/polls/?q=question+99&state=open&sort=-closes",
        "/admin/polls/poll/?q=question+99&published_at__gte=2001-01-01+00:00:00%2B00:00&o=-3",
    );
    peers
        .ask(
            "the console's list of 10,000 polls (PF-6: 30)",
            lists,
            &headers(ada),
        )
        .await
}

impl Peers {
    /// The same page of both, with somebody's cookie there and here.
    async fn read(&self, what: &str, path: &str, cookies: (&str, &str)) -> Outcome<()> {
        self.ask(what, (path, path), &headers(cookies)).await
    }

    async fn votes(&self, what: &str) -> Outcome<()> {
        let mut scripts = Vec::new();
        for round in 0..ROUNDS {
            let first = POLLS + 1 + round * POLLS_OF_A_ROUND;
            let script = |file: String| vec!["-s".to_owned(), file];
            let ours = votes(&self.ours, &self.voters, first, POLLS_OF_A_ROUND).await?;
            // Read once by wrk, at its start.
            let theirs = self.votes_in_theirs(first).await?;
            scripts.push((script(ours), script(theirs)));
        }
        self.ask(what, ("", ""), &scripts).await
    }

    async fn votes_in_theirs(&self, first: i64) -> Outcome<String> {
        let mut lines = String::from("voters = {");
        for voter in &self.theirs.people.voters {
            write!(lines, "\"{voter}\",")?;
        }
        write!(
            lines,
            "}}\nfirst = {first}\ntoken = \"{CSRF_TOKEN}\"\nn = 0"
        )?;
        lines.push_str(
            "\nfunction request()
               local voter = voters[n % #voters + 1]
               local poll = math.floor(n / #voters) + first
               n = n + 1
               local headers = {
                 [\"Cookie\"] = \"sessionid=\" .. voter .. \"; csrftoken=\" .. token,
                 [\"Content-Type\"] = \"application/x-www-form-urlencoded\" }
               return wrk.format(\"POST\", \"/polls/\" .. poll .. \"/vote/\", headers,
                 \"choice=\" .. poll .. \"&csrfmiddlewaretoken=\" .. token)
             end\n",
        );
        let file = self.folder.path().join(format!("votes-{first}.lua"));
        fs::write(&file, lines).await?;
        Ok(file.display().to_string())
    }

    /// One line of figures; `rounds` says with which arguments each round asks.
    async fn ask(&self, what: &str, paths: (&str, &str), rounds: &[Arguments]) -> Outcome<()> {
        let (mut ours, mut theirs) = (Samples::default(), Samples::default());
        for (our_arguments, their_arguments) in rounds {
            let url = format!("{}{}", self.ours.base_url, paths.0);
            let (figures, each) = wrk_of(&self.ours, &url, &borrowed(our_arguments)).await?;
            ours.add(figures.per_second, each, figures.refused);
            let url = format!("{}{}", self.theirs.base_url, paths.1);
            let before = self.theirs.cpu().await?;
            let figures = wrk(&url, &borrowed(their_arguments)).await?;
            let used = self.theirs.cpu().await?.saturating_sub(before);
            let each = used / figures.requests.max(1);
            theirs.add(figures.per_second, each, figures.refused);
        }
        println!(
            "{what}: {:.0} times as many; processor time {:.0} times less\n  \
             rolecall {ours}\n  Django {theirs}",
            median(ours.rates.clone()) / median(theirs.rates.clone()),
            median(theirs.costs.clone()) / median(ours.costs.clone()),
        );
        Ok(())
    }
}

/// The figures of all rounds.
#[derive(Default)]
struct Samples {
    rates: Vec<f64>,
    /// Seconds of processor time for each request.
    costs: Vec<f64>,
    refused: u32,
}

impl Samples {
    fn add(&mut self, rate: f64, cost: Duration, refused: u32) {
        self.rates.push(rate);
        self.costs.push(cost.as_secs_f64());
        self.refused += refused;
    }
}

impl std::fmt::Display for Samples {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (rate, cost) = (median(self.rates.clone()), median(self.costs.clone()));
        let refused = self.refused;
        write!(
            f,
            "{rate:.0} a second, {:.0} µs each, {refused} refused",
            cost * 1e6
        )
    }
}

/// The same in every round: somebody's cookie.
fn headers((ours, theirs): (&str, &str)) -> Vec<Arguments> {
    let header = |cookie: &str| vec!["-H".to_owned(), format!("Cookie: {cookie}")];
    let theirs = format!("sessionid={theirs}");
    let round = || (header(ours), header(&theirs));
    (0..ROUNDS).map(|_| round()).collect()
}

fn borrowed(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}
