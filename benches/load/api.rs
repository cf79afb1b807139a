//! A program whose token the provider has been asked about a moment ago, beside a bare JSON route of
//! the same size from the same run (PF-8): one that is a machine, and one that somebody has made who
//! is known here.

use axum::Json;
use demo_idp::{Person, RolesClaim};
use serde_json::Value;

use crate::{
    Outcome,
    pages::bare,
    program::{self, Program},
    wrk::{median, wrk, wrk_of},
};

const ROUNDS: usize = 3;

/// Longer than a round, so that the provider is asked once in each.
const SETTINGS: &str = "ROLECALL_RATE_LIMIT=off\nOIDC_INTROSPECTION_CACHE=30\n";

pub async fn run() -> Outcome<()> {
    let program = Program::start_with(SETTINGS).await?;
    let client = program::client()?;
    program.sign_in(&client, "pick-uma").await?;
    let robot = Person::machine("259000000000000301", "robot", RolesClaim::of(&["user"]));
    let controls = program.op.controls();
    controls.add_person(robot.clone());
    let address = format!("{}/api/private", program.base_url);
    let token = |sub: &str| controls.personal_access_token(sub, Some(3600));
    for (what, token) in [
        ("a machine", token(&robot.sub)),
        ("somebody known here", token(&Person::uma().sub)),
    ] {
        let answer = client.get(&address).bearer_auth(&token).send().await?;
        let answer: Value = answer.error_for_status()?.json().await?;
        let bare = bare(Json(answer)).await?;
        let header = format!("Authorization: Bearer {token}");
        let (mut ours, mut bares) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            bares.push(wrk(&bare, &[]).await?.per_second);
            let (figures, each) = wrk_of(&program, &address, &["-H", &header]).await?;
            println!(
                "{what}: {:.0} a second, p99 {}, {each:.0?} each, {} refused",
                figures.per_second, figures.p99, figures.refused
            );
            ours.push(figures.per_second);
        }
        let (ours, bare) = (median(ours), median(bares));
        println!(
            "{what}: {:.2} of the {bare:.0} of a bare JSON route",
            ours / bare
        );
    }
    Ok(())
}
