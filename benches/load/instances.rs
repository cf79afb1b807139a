//! Votes on PostgreSQL by way of one, two and three instances behind one address: they share a socket,
//! and the system gives each connection to one of them (PF-12).
//!
//! `ROLECALL_BENCH_POSTGRES` names a server on which databases may be made, such as
//! `postgres://postgres@localhost/postgres`.

use std::{net::TcpListener, os::fd::OwnedFd};

use sqlx::{Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;
use tokio::process::{Child, Command};
use url::Url;

use crate::{
    Outcome,
    electorate::{Electorate, settings, start},
};

const SECONDS: u32 = 5;

/// As a service manager hands a socket over (`sd_listen_fds(3)`).
const HAND_OVER: &str = "exec 3<&0 </dev/null; export LISTEN_FDS=1 LISTEN_PID=$$; exec \"$0\"";

pub async fn run() -> Outcome<()> {
    let Some(server) = server() else {
        println!("left out: ROLECALL_BENCH_POSTGRES names no server");
        return Ok(());
    };
    let mut admin = PgConnection::connect(&server).await?;
    for setting in ["SHOW fsync", "SHOW synchronous_commit"] {
        let value: String = sqlx::query_scalar(setting).fetch_one(&mut admin).await?;
        println!("{setting}: {value}");
    }
    admin.execute("CREATE DATABASE rolecall_bench").await?;
    let mut url = Url::parse(&server)?;
    url.set_path("rolecall_bench");
    let measured = measure(url.as_str()).await;
    let gone = admin.execute("DROP DATABASE rolecall_bench WITH (FORCE)");
    gone.await?;
    measured
}

#[expect(
    clippy::disallowed_methods,
    reason = "addressed to this bench, not to rolecall's `config`"
)]
fn server() -> Option<String> {
    std::env::var("ROLECALL_BENCH_POSTGRES").ok()
}

async fn measure(url: &str) -> Outcome<()> {
    let electorate = Electorate::at(url).await?;
    let socket = TcpListener::bind(("127.0.0.1", 0))?;
    let address = format!("http://{}", socket.local_addr()?);
    let mut instances = Vec::new();
    for number in 1..=3 {
        instances.push(instance(&socket, url).await?);
        let passed = usize::try_from(electorate.ballots().await?)?;
        let what = format!("instances: {number}");
        electorate.vote(&what, &address, SECONDS, passed).await?;
    }
    for (mut process, _folder) in instances {
        process.kill().await?;
    }
    Ok(())
}

/// An instance that takes connections from `socket`, and its folder.
async fn instance(socket: &TcpListener, url: &str) -> Outcome<(Child, TempDir)> {
    let folder = tempfile::tempdir()?;
    let mut command = Command::new("/bin/sh");
    command.args(["-c", HAND_OVER, env!("CARGO_BIN_EXE_rolecall")]);
    command.stdin(OwnedFd::from(socket.try_clone()?));
    let port = socket.local_addr()?.port();
    let process = start(&mut command, folder.path(), &settings(port, url)).await?;
    Ok((process, folder))
}
