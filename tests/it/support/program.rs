//! The program itself, as a new user starts it: a folder with a file `.env`.

use std::{
    net::{SocketAddr, TcpListener as Socket},
    os::fd::OwnedFd,
    path::Path,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpListener,
    process::{Child, ChildStderr, Command},
    sync::oneshot,
    task::JoinHandle,
    time::sleep,
};

use super::app::TestApp;

/// How long it may take until it serves, or has ended.
const PATIENCE: Duration = Duration::from_mins(1);

/// `rolecall` in a folder of its own; it ends when this is dropped.
pub struct Program {
    /// Where it is seen.
    pub base_url: String,
    folder: TempDir,
    process: Child,
    log: JoinHandle<String>,
}

/// An address that nobody listens on.
pub async fn free_address() -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await;
    listener.and_then(|free| free.local_addr()).expect("a port")
}

/// The base URL of a program at `address`.
pub fn base_url(address: SocketAddr) -> String {
    format!("http://localhost:{}", address.port())
}

/// What `.env` has to say so that the program shares database and provider with `app`.
pub fn settings_of(app: &TestApp) -> String {
    let client = &app.op().clients()[0];
    format!(
        "OIDC_OP_BASE_URL={}\nOIDC_RP_CLIENT_ID={}\nOIDC_RP_CLIENT_SECRET='{}'\n\
         ZITADEL_PROJECT={}\nDATABASE_URL={}\nROLECALL_RATE_LIMIT=off\nROLECALL_LOG=info\n",
        app.provider.issuer(),
        client.id,
        client.secret,
        app.op().project_id(),
        app.config.database.url.expose(),
    )
}

impl Program {
    /// Writes `.env` with its address and `settings`, and starts it; comes back when it serves.
    pub async fn start(address: SocketAddr, settings: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        let command = command(&folder);
        Self::started(folder, command, address, settings).await
    }

    /// The same on a socket that listens already, as a service manager hands it over
    /// (sd_listen_fds(3)), and with `variables` in its environment.
    pub async fn on_socket(socket: &Socket, settings: &str, variables: &[(&str, &str)]) -> Self {
        const HAND_OVER: &str =
            "exec 3<&0 </dev/null; export LISTEN_FDS=1 LISTEN_PID=$$; exec \"$0\"";
        let folder = TempDir::new().expect("a folder");
        let address = socket.local_addr().expect("a bound socket");
        let handed = OwnedFd::from(socket.try_clone().expect("a socket"));
        let mut command = prepared("/bin/sh", &folder);
        command
            .args(["-c", HAND_OVER, env!("CARGO_BIN_EXE_rolecall")])
            .envs(variables.iter().copied())
            .stdin(handed);
        Self::started(folder, command, address, settings).await
    }

    async fn started(
        folder: TempDir,
        mut command: Command,
        address: SocketAddr,
        settings: &str,
    ) -> Self {
        let base_url = base_url(address);
        let dot_env = format!("BASE_URL={base_url}\nLISTEN_ADDR={address}\n{settings}");
        let written = tokio::fs::write(folder.path().join(".env"), dot_env).await;
        written.expect("a writable folder");
        let mut process = command.spawn().expect("rolecall starts");
        let (serving, served) = oneshot::channel();
        let log = process.stderr.take().expect("a pipe");
        let mut log = tokio::spawn(read(log, serving));
        tokio::select! {
            biased;
            Ok(()) = served => {}
            log = &mut log => panic!("rolecall ended: {}", log.expect("a log")),
            () = sleep(PATIENCE) => panic!("rolecall does not serve within {PATIENCE:?}"),
        }
        Self {
            base_url,
            folder,
            process,
            log,
        }
    }

    /// Where its files are.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Asks it to end, as a service manager does, and waits until it has; how it ended.
    pub async fn stop(&mut self) -> ExitStatus {
        let id = self.process.id().and_then(|id| i32::try_from(id).ok());
        let id = id.and_then(Pid::from_raw).expect("it runs");
        kill_process(id, Signal::TERM).expect("a signal");
        let ended = tokio::time::timeout(PATIENCE, self.process.wait()).await;
        ended.expect("it ends in time").expect("a status")
    }

    /// Ends it as a power cut would; everything that it logged.
    pub async fn kill(&mut self) -> String {
        self.process.kill().await.expect("it ran");
        (&mut self.log).await.expect("a log")
    }
}

/// The program, with nothing around it but the folder.
fn command(folder: &TempDir) -> Command {
    prepared(env!("CARGO_BIN_EXE_rolecall"), folder)
}

fn prepared(program: &str, folder: &TempDir) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .current_dir(folder)
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Reads the log to its end, and tells when it says that the program serves.
async fn read(log: ChildStderr, serving: oneshot::Sender<()>) -> String {
    let (mut lines, mut log, mut serving) =
        (BufReader::new(log).lines(), String::new(), Some(serving));
    while let Some(line) = lines.next_line().await.expect("a readable log") {
        if line.contains("serving; ")
            && let Some(serving) = serving.take()
        {
            // An error means that the test is over.
            let _ = serving.send(());
        }
        log.push_str(&line);
        log.push('\n');
    }
    log
}
