//! The program itself, as a new user starts it: a folder with a file `.env`.

use std::{net::SocketAddr, process::Stdio, time::Duration};

use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpListener,
    process::{Child, ChildStderr, Command},
    sync::oneshot,
    task::JoinHandle,
    time::sleep,
};

/// How long it may take until it serves.
const PATIENCE: Duration = Duration::from_mins(1);

/// `rolecall` in a folder of its own; it ends when this is dropped.
pub struct Program {
    /// Where it is seen.
    pub base_url: String,
    _folder: TempDir,
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

impl Program {
    /// Writes `.env` with its address and `settings`, and starts it; comes back when it serves.
    pub async fn start(address: SocketAddr, settings: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        let base_url = base_url(address);
        let dot_env = format!("BASE_URL={base_url}\nLISTEN_ADDR={address}\n{settings}");
        let written = tokio::fs::write(folder.path().join(".env"), dot_env).await;
        written.expect("a writable folder");
        let mut process = command(&folder).spawn().expect("rolecall starts");
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
            _folder: folder,
            process,
            log,
        }
    }

    /// Ends it as a power cut would; everything that it logged.
    pub async fn kill(&mut self) -> String {
        self.process.kill().await.expect("it ran");
        (&mut self.log).await.expect("a log")
    }
}

/// The program, with nothing around it but the folder.
fn command(folder: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
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
