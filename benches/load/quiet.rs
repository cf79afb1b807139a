//! How long a ballot paper takes where there is little to do, and where there is more (PF-14), beside
//! a bare page of its size. `hey`, of the package of that name, asks so many times a second.

use axum::response::Html;
use tokio::process::Command;

use crate::{
    Outcome,
    pages::{POLLS, bare, fill},
    program::{self, Program},
};

/// Connections, and requests a second on each.
const PACES: [(&str, &str); 2] = [("20", "10"), ("50", "100")];

pub async fn run() -> Outcome<()> {
    let program = Program::start_with("ROLECALL_RATE_LIMIT=off\n").await?;
    fill(&program, POLLS).await?;
    let client = program::client()?;
    let voter = program.sign_in(&client, "pick-uma").await?;
    let paper = format!("{}/polls/1/", program.base_url);
    let page = client.get(&paper).header("cookie", &voter).send().await?;
    let bare = bare(Html(page.text().await?)).await?;
    let cookie = format!("Cookie: {voter}");
    for pace in PACES {
        hey("a bare page", pace, &bare, &cookie).await?;
        hey("a ballot paper", pace, &paper, &cookie).await?;
    }
    Ok(())
}

/// One line of figures.
async fn hey(
    what: &str,
    (connections, pace): (&str, &str),
    page: &str,
    cookie: &str,
) -> Outcome<()> {
    let mut hey = Command::new("hey");
    hey.args([
        "-z",
        "10s",
        "-c",
        connections,
        "-q",
        pace,
        "-H",
        cookie,
        page,
    ]);
    let output = hey.output().await;
    let output = output.map_err(|error| format!("hey, of the package of that name: {error}"))?;
    let text = String::from_utf8(output.stdout)?;
    let line = |start: &str| {
        let mut lines = text.lines().map(str::trim);
        lines
            .find(|line| line.starts_with(start))
            .unwrap_or("?")
            .to_owned()
    };
    println!(
        "{what}, {connections} connections, {pace} a second on each: {}, {}, {}",
        line("Requests/sec"),
        line("50%"),
        line("99%")
    );
    Ok(())
}
