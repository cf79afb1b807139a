//! Logout tokens that count for nothing, 1,000 a second for ten seconds, with a genuine one each
//! second among them, all from one address (SEC-42).

use std::{sync::Arc, time::Duration};

use demo_idp::{Endpoint, LogoutToken};
use tokio::{task::JoinSet, time::Instant};

use crate::{
    Outcome,
    program::{self, Program},
};

const EACH_SECOND: u32 = 1000;
const SECONDS: u32 = 10;
const CONNECTIONS: u32 = 64;

pub async fn run() -> Outcome<()> {
    let program = Program::start().await?;
    let client = program::client()?;
    let address = format!("{}/oidc/backchannel-logout/", program.base_url);
    let send = async |token: String| -> Outcome<u16> {
        let sent = client.post(&address).form(&[("logout_token", token)]);
        Ok(sent.send().await?.status().as_u16())
    };
    let (bad, good) = tokens(&program)?;
    let first = send(good.first().ok_or("no token")?.clone()).await?;
    if first != 200 {
        return Err(format!("a genuine token was answered with {first}").into());
    }
    let fetched = program.op.controls().count(Endpoint::Jwks);
    let (cpu, start) = (program.cpu().await?, Instant::now());
    let flood = tokio::spawn(flood(client.clone(), address.clone(), bad));
    let (mut slowest, mut taken) = (Duration::ZERO, 0);
    let mut beat = tokio::time::interval(Duration::from_secs(1));
    for token in good.into_iter().skip(1) {
        beat.tick().await;
        let asked = Instant::now();
        taken += u32::from(send(token).await? == 200);
        slowest = slowest.max(asked.elapsed());
    }
    let answered = flood.await??;
    let cores =
        program.cpu().await?.saturating_sub(cpu).as_secs_f64() / start.elapsed().as_secs_f64();
    let fetches = program.op.controls().count(Endpoint::Jwks) - fetched;
    println!(
        "refused tokens answered: {answered} in {:.1?}",
        start.elapsed()
    );
    println!("processor: {cores:.2} cores");
    println!("genuine tokens taken: {taken} of {SECONDS}, the slowest in {slowest:.1?}");
    println!("fetches of the keys: {fetches}");
    Ok(())
}

/// Three kinds of bad tokens, the dearest first, and genuine ones.
fn tokens(program: &Program) -> Outcome<(Vec<String>, Vec<String>)> {
    let controls = program.op.controls();
    let id = &controls.clients().first().ok_or("no client")?.id;
    let genuine = || LogoutToken::for_person(id, "somebody");
    let signed = controls.logout_token(&genuine())?;
    let (input, signature) = signed.rsplit_once('.').ok_or("no signature")?;
    let reversed: String = signature.chars().rev().collect();
    let mut unknown_key = genuine();
    unknown_key.minting.header.set("kid", "forged");
    let mut of_another = genuine();
    of_another.minting.claims.set("aud", "somebody else");
    let bad = vec![
        format!("{input}.{reversed}"),
        controls.logout_token(&unknown_key)?,
        controls.logout_token(&of_another)?,
    ];
    let good = (0..=SECONDS).map(|_| controls.logout_token(&genuine()));
    Ok((bad, good.collect::<Result<_, _>>()?))
}

/// Sends them evenly over [`CONNECTIONS`], each of which waits for its answers; how many were
/// refused.
async fn flood(client: reqwest::Client, address: String, tokens: Vec<String>) -> Outcome<usize> {
    let (address, tokens) = (Arc::new(address), Arc::new(tokens));
    let end = Instant::now() + Duration::from_secs(SECONDS.into());
    let mut senders = JoinSet::new();
    for number in 0..CONNECTIONS {
        let (client, address) = (client.clone(), Arc::clone(&address));
        let tokens = Arc::clone(&tokens);
        senders.spawn(async move {
            let mut beat =
                tokio::time::interval(Duration::from_secs(1) / EACH_SECOND * CONNECTIONS);
            let (mut refused, mut tokens) = (0, tokens.iter().cycle().skip(number as usize));
            while Instant::now() < end {
                beat.tick().await;
                let sent = client
                    .post(&*address)
                    .form(&[("logout_token", tokens.next())]);
                let answer = sent.send().await;
                refused +=
                    usize::from(answer.is_ok_and(|answer| answer.status().is_client_error()));
            }
            refused
        });
    }
    Ok(senders.join_all().await.into_iter().sum())
}
