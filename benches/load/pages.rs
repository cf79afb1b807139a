//! What people do most, as fast as it goes: 64 connections of `wrk`, beside a bare page of the same
//! size from the same run (PF-1 to PF-5).

use std::{fmt::Write as _, path::Path, time::Duration};

use axum::{
    Router,
    response::{self, IntoResponse},
    routing::get,
};
use demo_idp::Person;
use rolecall::db::Db;
use scraper::{Html, Selector};
use tokio::{fs, net::TcpListener, time::sleep};

use crate::{
    Outcome,
    program::{self, Program},
    wrk::{wrk, wrk_of},
};

/// People who vote.
pub const VOTERS: usize = 2000;
/// Polls on the list.
pub const POLLS: i64 = 20;
/// With those that are only there so that the votes last.
const MORE_POLLS: i64 = 200;

pub async fn run() -> Outcome<()> {
    // All voters come from one address here.
    let program = Program::start_with("ROLECALL_RATE_LIMIT=off\n").await?;
    fill(&program, POLLS).await?;
    let client = program::client()?;
    println!(
        "{:.0} MB in use before anybody comes",
        program.memory().await?
    );
    let before = program.cpu().await?;
    let voters = sign_in_all(&program, &client, VOTERS).await?;
    let each = program.cpu().await?.saturating_sub(before) / u32::try_from(VOTERS)?;
    println!("signing in, and a ballot paper: {each:.0?} of processor time each");
    let staff = program.sign_in(&client, "pick-stan").await?;
    let (first, token) = voters.first().ok_or("nobody")?;
    let list = client.get(format!("{}/polls/", program.base_url)).send();
    let bare = wrk(&bare(response::Html(list.await?.text().await?)).await?, &[]).await?;
    println!("{VOTERS} voters, 20 polls; requests a second, p99, processor time for each");
    println!(
        "a bare page of the size of the list: {:.0} a second, p99 {}",
        bare.per_second, bare.p99
    );
    for (what, path, cookie) in [
        ("the list of polls, signed out", "/polls/", ""),
        ("the list of polls, signed in", "/polls/", first.as_str()),
        ("a ballot paper", "/polls/1/", first),
        ("/healthz", "/healthz", ""),
    ] {
        let address = format!("{}{path}", program.base_url);
        let cookie = format!("Cookie: {cookie}");
        line(what, &program, &address, &["-H", &cookie]).await?;
    }
    fill(&program, MORE_POLLS).await?;
    let script = votes(&program, &voters, 1, MORE_POLLS).await?;
    let cast = ballots(&program).await?;
    let began = tokio::time::Instant::now();
    let address = program.base_url.clone();
    line("votes", &program, &address, &["-s", &script]).await?;
    let cast = ballots(&program).await? - cast;
    println!("of which {cast} ballots in {:.1?}", began.elapsed());
    let results = format!("{}/polls/1/results/", program.base_url);
    let cookie = format!("Cookie: {staff}");
    let what = "results of an open poll with ballots, staff";
    line(what, &program, &results, &["-H", &cookie]).await?;
    println!("{:.0} MB in use after all this", program.memory().await?);
    println!("(every form carries a token of {} bytes)", token.len());
    Ok(())
}

/// A voter's session and its CSRF token.
pub type Voter = (String, String);

/// So many people who have signed in.
pub async fn sign_in_all(
    program: &Program,
    client: &reqwest::Client,
    many: usize,
) -> Outcome<Vec<Voter>> {
    let mut voters = Vec::new();
    for number in 0..many {
        let mut person = Person::uma();
        person.sub = format!("voter-{number}");
        person.preferred_username = format!("voter{number}");
        let (sub, pick) = (person.sub.clone(), format!("pick-voter{number}"));
        program.op.controls().add_person(person);
        let cookie = program.sign_in(client, &pick).await?;
        program.op.controls().remove_person(&sub);
        let page = client.get(format!("{}/polls/1/", program.base_url));
        let page = page.header("cookie", &cookie).send().await?.text().await?;
        voters.push((cookie, csrf_token(&page)?));
    }
    Ok(voters)
}

fn csrf_token(page: &str) -> Outcome<String> {
    let selector = Selector::parse("input[name=csrf_token]").map_err(|error| error.to_string())?;
    let page = Html::parse_document(page);
    let field = page.select(&selector).next().ok_or("no form")?;
    Ok(field.attr("value").ok_or("no token")?.to_owned())
}

/// An answer that is at hand, by the same framework and nothing else.
pub async fn bare<A>(answer: A) -> Outcome<String>
where
    A: IntoResponse + Clone + Send + Sync + 'static,
{
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = format!("http://{}/", listener.local_addr()?);
    let router = Router::new().route("/", get(async move || answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

/// One line of figures.
async fn line(what: &str, program: &Program, url: &str, more: &[&str]) -> Outcome<()> {
    let (figures, each) = wrk_of(program, url, more).await?;
    println!(
        "{what}: {:.0} a second, p99 {}, {each:.0?} each, {} refused",
        figures.per_second, figures.p99, figures.refused
    );
    Ok(())
}

/// A script that lets every voter vote once in each of so many polls, one poll after the other.
pub async fn votes(program: &Program, voters: &[Voter], first: i64, polls: i64) -> Outcome<String> {
    let folder = program.database();
    let folder = folder.parent().unwrap_or(Path::new("."));
    let mut lines = String::from("voters = {\n");
    for (cookie, token) in voters {
        let token: String = url::form_urlencoded::byte_serialize(token.as_bytes()).collect();
        writeln!(lines, "{{\"{cookie}\", \"{token}\"}},")?;
    }
    write!(lines, "}}\nfirst = {first}\npolls = {polls}\nn = 0")?;
    lines.push_str(
        "\nfunction request()
           local voter = voters[n % #voters + 1]
           local poll = math.floor(n / #voters) % polls + first
           n = n + 1
           local headers = {
             [\"Cookie\"] = voter[1], [\"Sec-Fetch-Site\"] = \"same-origin\",
             [\"Content-Type\"] = \"application/x-www-form-urlencoded\" }
           return wrk.format(\"POST\", \"/polls/\" .. poll .. \"/vote/\", headers,
             \"choice=\" .. poll .. \"&csrf_token=\" .. voter[2])
         end\n",
    );
    let file = folder.join(format!("votes-{first}.lua"));
    fs::write(&file, lines).await?;
    Ok(file.display().to_string())
}

async fn ballots(program: &Program) -> Outcome<i64> {
    let db = open(program).await?;
    let Db::Sqlite { readers, .. } = &db else {
        return Err("SQLite was asked for".into());
    };
    let number = sqlx::query_scalar("SELECT COUNT(*) FROM ballots");
    let number = number.fetch_one(readers).await?;
    db.close().await;
    Ok(number)
}

async fn open(program: &Program) -> Outcome<Db> {
    let url = format!("sqlite:{}", program.database().display());
    Ok(Db::connect(&url).await?)
}

/// Polls up to this number, from where they end. What is inserted beside the program, it sees within
/// a second.
pub async fn fill(program: &Program, up_to: i64) -> Outcome<()> {
    let db = open(program).await?;
    let Db::Sqlite { writer, .. } = &db else {
        return Err("SQLite was asked for".into());
    };
    sqlx::query(FILL).bind(up_to).execute(writer).await?;
    db.close().await;
    execute(program, PAPERS).await
}

/// Runs statements on the program's database, and waits until it has seen what they changed.
pub async fn execute(program: &Program, statements: &'static str) -> Outcome<()> {
    let db = open(program).await?;
    let Db::Sqlite { writer, .. } = &db else {
        return Err("SQLite was asked for".into());
    };
    sqlx::raw_sql(statements).execute(writer).await?;
    db.close().await;
    sleep(Duration::from_secs(1)).await;
    Ok(())
}

const FILL: &str = "
INSERT INTO polls (question, search_key, published_at, closes_at, created_at, updated_at, review,
                   results)
WITH RECURSIVE n (i) AS (
    SELECT (SELECT COUNT(*) + 1 FROM polls) UNION ALL SELECT i + 1 FROM n WHERE i < $1)
SELECT 'Question ' || i || '?', 'question ' || i || '?', 1700000000000 + i * 1000000,
       4000000000000 + i, i, i, FALSE, 'live' FROM n";

/// The choice with which everybody votes has the key of its poll.
const PAPERS: &str = "
INSERT INTO poll_roles SELECT id, 'user' FROM polls WHERE frozen_at IS NULL;
INSERT INTO choices (id, poll_id, position, text, text_key)
SELECT id, id, 1, 'Yes', 'yes' FROM polls WHERE frozen_at IS NULL;
INSERT INTO choices (id, poll_id, position, text, text_key)
SELECT id + 1000000, id, 2, 'No', 'no' FROM polls WHERE frozen_at IS NULL;
UPDATE polls SET frozen_at = 1700000000000 WHERE frozen_at IS NULL;
";
