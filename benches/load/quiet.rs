//! How long a ballot paper takes where there is little to do, and where there is more (PF-14).
//! `hey`, of the package of that name, asks so many times a second.

use tokio::process::Command;

use crate::{
    Outcome,
    pages::{POLLS, fill},
    program::{self, Program},
};

/// Connections, and requests a second on each.
const PACES: [(&str, &str); 2] = [("20", "10"), ("50", "100")];

pub async fn run() -> Outcome<()> {
    let program = Program::start_with("ROLECALL_RATE_LIMIT=off\n").await?;
    fill(&program, POLLS).await?;
    let voter = program.sign_in(&program::client()?, "pick-uma").await?;
    let (page, cookie) = (
        format!("{}/polls/1/", program.base_url),
        format!("Cookie: {voter}"),
    );
    for (connections, pace) in PACES {
        let mut hey = Command::new("hey");
        hey.args([
            "-z",
            "10s",
            "-c",
            connections,
            "-q",
            pace,
            "-H",
            &cookie,
            &page,
        ]);
        let output = hey.output().await;
        let output =
            output.map_err(|error| format!("hey, of the package of that name: {error}"))?;
        let text = String::from_utf8(output.stdout)?;
        let line = |start: &str| {
            let found = text
                .lines()
                .map(str::trim)
                .find(|line| line.starts_with(start));
            found.unwrap_or("?").to_owned()
        };
        println!(
            "a ballot paper, {connections} connections, {pace} a second on each: {}, {}, {}",
            line("Requests/sec"),
            line("50%"),
            line("99%")
        );
    }
    Ok(())
}
