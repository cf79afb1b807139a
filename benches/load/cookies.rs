//! Processor time for a request whose cookies are not ours (SEC-37).

use http::header;
use tokio::time::Instant;

use crate::{
    Outcome,
    program::{self, Program},
};

const REQUESTS: u32 = 2000;

pub async fn run() -> Outcome<()> {
    let program = Program::start().await?;
    let client = program::client()?;
    let address = format!("{}/polls/", program.base_url);
    // It looks like a session's id.
    let id = "A".repeat(22);
    for (what, cookies) in [
        ("no cookie", String::new()),
        ("a session that is not there", format!("rolecall={id}")),
        (
            "500 sessions that are not there",
            format!("rolecall={id}; ").repeat(500),
        ),
        ("1,000 others", "a=b; ".repeat(1000)),
        (
            "15 KiB in one",
            format!("rolecall={}", "A".repeat(15 * 1024)),
        ),
    ] {
        let (cpu, start) = (program.cpu().await?, Instant::now());
        let mut status = 0;
        for _ in 0..REQUESTS {
            let request = client.get(&address).header(header::COOKIE, &cookies);
            let answer = request.send().await?;
            status = answer.status().as_u16();
            answer.bytes().await?;
        }
        let cpu = program.cpu().await?.saturating_sub(cpu) / REQUESTS;
        let wall = start.elapsed() / REQUESTS;
        println!("{what}: {status}, {cpu:.0?} processor, {wall:.0?} in all");
    }
    Ok(())
}
