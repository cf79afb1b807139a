//! Votes in secret polls, after which the write-ahead log is emptied, beside those in named ones from
//! the same run (PF-4).

use crate::{
    Outcome,
    pages::{self, VOTERS, fill, sign_in_all, votes},
    program::{self, Program},
    wrk::{median, wrk_of},
};

const ROUNDS: i64 = 3;
/// Polls of a round, each for all voters: more than are voted in.
const POLLS: i64 = 40;

/// Polls beyond a number become secret ones, before anybody has voted in them.
const SECRET: &str = "
    UPDATE polls SET frozen_at = NULL WHERE id > 120;
    UPDATE polls SET secrecy = 'secret', results = 'after_close' WHERE id > 120;
    UPDATE polls SET frozen_at = 1700000000000 WHERE id > 120";

pub async fn run() -> Outcome<()> {
    let program = Program::start_with("ROLECALL_RATE_LIMIT=off\n").await?;
    fill(&program, 2 * ROUNDS * POLLS).await?;
    pages::execute(&program, SECRET).await?;
    let voters = sign_in_all(&program, &program::client()?, VOTERS).await?;
    let (mut named, mut secret) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        for (what, from, rates) in [
            ("named", round * POLLS, &mut named),
            ("secret", (ROUNDS + round) * POLLS, &mut secret),
        ] {
            let script = votes(&program, &voters, from + 1, POLLS).await?;
            let (figures, each) = wrk_of(&program, &program.base_url, &["-s", &script]).await?;
            println!(
                "{what}: {:.0} votes a second, p99 {}, {each:.0?} each, {} refused",
                figures.per_second, figures.p99, figures.refused
            );
            rates.push(figures.per_second);
        }
    }
    let (named, secret) = (median(named), median(secret));
    println!("secret: {:.2} of named", secret / named);
    Ok(())
}
