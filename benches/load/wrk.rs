//! `wrk`, of the package of that name: requests as fast as 64 connections can.

use std::time::Duration;

use tokio::process::Command;

use crate::{Outcome, program::Program};

const SECONDS: &str = "5s";

/// What came of it.
#[derive(Clone, Debug)]
pub struct Figures {
    /// Requests a second.
    pub per_second: f64,
    /// All of them.
    pub requests: u32,
    /// The slowest hundredth took longer, in the words of `wrk`.
    pub p99: String,
    /// Answers other than 2xx and 3xx.
    pub refused: u32,
}

/// Asks `url`; `more` are further arguments.
pub async fn wrk(url: &str, more: &[&str]) -> Outcome<Figures> {
    let mut wrk = Command::new("wrk");
    let wrk = wrk.args(["-t1", "-c64", "-d", SECONDS, "--latency"]);
    let output = wrk.args(more).arg(url).output().await;
    let output = output.map_err(|error| format!("wrk, of the package of that name: {error}"))?;
    let text = String::from_utf8(output.stdout)?;
    let field = |name: &str| {
        let mut lines = text.lines().map(str::trim);
        lines.find_map(|line| line.strip_prefix(name).map(str::trim))
    };
    let mut lines = text.lines();
    let requests = lines.find_map(|line| line.split_once(" requests in "));
    Ok(Figures {
        per_second: field("Requests/sec:").ok_or("no figures")?.parse()?,
        requests: requests.ok_or("no figures")?.0.trim().parse()?,
        p99: field("99%").unwrap_or("?").to_owned(),
        refused: field("Non-2xx or 3xx responses:").unwrap_or("0").parse()?,
    })
}

/// The same of `program`, with its processor time for each request.
pub async fn wrk_of(program: &Program, url: &str, more: &[&str]) -> Outcome<(Figures, Duration)> {
    let before = program.cpu().await?;
    let figures = wrk(url, more).await?;
    let used = program.cpu().await?.saturating_sub(before);
    let each = used / figures.requests.max(1);
    Ok((figures, each))
}

/// The one in the middle.
pub fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of.get(of.len() / 2).copied().unwrap_or_default()
}
