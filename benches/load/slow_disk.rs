//! Votes on a disk that takes 20 ms for each sync, as strace makes it (PF-3).

use tokio::{net::TcpListener, process::Command};

use crate::{
    Outcome,
    electorate::{Electorate, settings, start},
};

const SECONDS: u32 = 10;

pub async fn run() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite:{}", folder.path().join("rolecall.db").display());
    let electorate = Electorate::at(&url).await?;
    let free = TcpListener::bind(("127.0.0.1", 0)).await?;
    let port = free.local_addr()?.port();
    drop(free);
    for (what, inject) in [
        ("as the disk is", "fsync,fdatasync:delay_exit=0"),
        ("20 ms for each sync", "fsync,fdatasync:delay_exit=20000"),
    ] {
        let mut command = Command::new("strace");
        command.args([
            "--quiet=all",
            "--follow-forks",
            "--seccomp-bpf",
            "--output=/dev/null",
        ]);
        command.args(["--trace=fsync,fdatasync", "--inject", inject]);
        command.args([
            "setpriv",
            "--pdeathsig",
            "KILL",
            "--",
            env!("CARGO_BIN_EXE_rolecall"),
        ]);
        let mut process = start(&mut command, folder.path(), &settings(port, &url)).await?;
        let passed = usize::try_from(electorate.ballots().await?)?;
        let address = format!("http://127.0.0.1:{port}");
        electorate.vote(what, &address, SECONDS, passed).await?;
        process.kill().await?;
    }
    Ok(())
}
