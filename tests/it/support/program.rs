//! The program itself, as a new user starts it: a folder with a file `.env`.

use std::{
    net::{SocketAddr, TcpListener as Socket},
    ops::Range,
    os::fd::OwnedFd,
    path::Path,
    process::{ExitStatus, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use demo_idp::Running;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, ChildStderr, Command},
    sync::watch,
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::app::TestApp;

/// How long it may take until it serves.
const PATIENCE: Duration = Duration::from_mins(1);

/// `rolecall` in a folder of its own; it ends when this is dropped.
pub struct Program {
    /// Where it is seen.
    pub base_url: String,
    folder: TempDir,
    process: Child,
    log: JoinHandle<String>,
    said: watch::Receiver<String>,
}

/// Below those that the kernel gives to whoever names none (`ip_local_port_range`): nobody else in
/// this run is given one of them between the moment it is found free and the moment it is used.
const PORTS: Range<u16> = 10_240..32_768;

/// An address that nobody listens on.
pub fn free_address() -> SocketAddr {
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    // A run beside this one begins elsewhere.
    let begin = std::process::id() as usize * 257;
    let free = PORTS.clone().find_map(|_| {
        let step = begin + ASKED.fetch_add(1, Ordering::Relaxed);
        let port = PORTS.clone().nth(step % PORTS.len())?;
        Socket::bind(("127.0.0.1", port)).ok()?.local_addr().ok()
    });
    free.expect("a free port")
}

/// The base URL of a program at `address`.
pub fn base_url(address: SocketAddr) -> String {
    format!("http://localhost:{}", address.port())
}

impl Program {
    /// Writes `.env` with its address and `settings`, and starts it; comes back when it serves.
    pub async fn start(address: SocketAddr, settings: &str) -> Self {
        Self::start_under(&[], address, settings).await
    }

    /// The same under another program, which is named with its arguments and starts it.
    pub async fn start_under(above: &[&str], address: SocketAddr, settings: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        let command = command(above, &folder);
        Self::started(folder, command, address, settings).await
    }

    /// The same on a socket that listens already, as a service manager hands it over
    /// (`sd_listen_fds(3)`), and with `variables` in its environment.
    pub async fn on_socket(socket: &Socket, settings: &str, variables: &[(&str, &str)]) -> Self {
        const HAND_OVER: &str =
            "exec 3<&0 </dev/null; export LISTEN_FDS=1 LISTEN_PID=$$; exec \"$0\"";
        let folder = TempDir::new().expect("a folder");
        let address = socket.local_addr().expect("a bound socket");
        let handed = OwnedFd::from(socket.try_clone().expect("a socket"));
        let mut command = command(&["/bin/sh", "-c", HAND_OVER], &folder);
        command.envs(variables.iter().copied()).stdin(handed);
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
        let (saying, said) = watch::channel(String::new());
        let log = process.stderr.take().expect("a pipe");
        let mut log = tokio::spawn(read(log, saying));
        tokio::select! {
            biased;
            true = comes(said.clone(), "serving; ") => {}
            log = &mut log => panic!("rolecall ended: {}", log.expect("a log")),
            () = sleep(PATIENCE) => panic!("rolecall does not serve within {PATIENCE:?}"),
        }
        Self {
            base_url,
            folder,
            process,
            log,
            said,
        }
    }

    /// Where its files are.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Waits until these words are in its log.
    pub async fn says(&self, words: &str) {
        let come = timeout(PATIENCE, comes(self.said.clone(), words)).await;
        assert!(come == Ok(true), "no {words:?}: {}", *self.said.borrow());
    }

    /// Ends it as a power cut would; everything that it logged.
    pub async fn kill(&mut self) -> String {
        self.process.kill().await.expect("it ran");
        (&mut self.log).await.expect("a log")
    }

    /// Its process number, or that of the program above it.
    pub fn id(&self) -> u32 {
        self.process.id().expect("it runs")
    }

    /// Asks it to stop, as a service manager does.
    pub fn terminate(&self) {
        signal(self.below(), Signal::TERM);
    }

    /// The process number of the program itself, whatever is above it.
    fn below(&self) -> u32 {
        let above = self.id();
        let children = std::fs::read_to_string(format!("/proc/{above}/task/{above}/children"));
        let child = children.unwrap_or_default().trim().parse();
        child.unwrap_or(above)
    }

    /// Waits until it has ended: how, and everything that it logged.
    pub async fn ended(mut self) -> (ExitStatus, String) {
        let status = self.has_ended().await;
        (status, (&mut self.log).await.expect("a log"))
    }

    /// Waits until it has ended.
    pub async fn has_ended(&mut self) -> ExitStatus {
        let ended = timeout(PATIENCE, self.process.wait()).await;
        ended.expect("it ends in time").expect("it ran")
    }
}

/// Sends a signal to the process of this number.
pub fn signal(process: u32, signal: Signal) {
    let process = i32::try_from(process).ok().and_then(Pid::from_raw);
    kill_process(process.expect("a process"), signal).expect("it runs");
}

/// What the program needs to serve the database of `app`, with its provider.
pub fn settings(app: &TestApp) -> String {
    settings_with(&app.provider, app.config.database.url.expose())
}

/// What the program needs to serve this database, with this provider.
pub fn settings_with(provider: &Running, database_url: &str) -> String {
    let (controls, issuer) = (provider.controls(), provider.issuer());
    let client = &controls.clients()[0];
    format!(
        "OIDC_OP_BASE_URL={issuer}\nOIDC_RP_CLIENT_ID={}\nOIDC_RP_CLIENT_SECRET='{}'\n\
         ZITADEL_PROJECT={}\nDATABASE_URL={database_url}\nROLECALL_RATE_LIMIT=off\n\
         ROLECALL_LOG=info\n",
        client.id,
        client.secret,
        controls.project_id(),
    )
}

/// The program, with nothing around it but the folder and what is above it.
fn command(above: &[&str], folder: &TempDir) -> Command {
    let mut words = above
        .iter()
        .copied()
        .chain([env!("CARGO_BIN_EXE_rolecall")]);
    let mut command = Command::new(words.next().expect("a program"));
    command
        .args(words)
        .env_clear()
        .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")
        .current_dir(folder)
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Whether these words come, before the log is at its end.
async fn comes(mut said: watch::Receiver<String>, words: &str) -> bool {
    said.wait_for(|log| log.contains(words)).await.is_ok()
}

/// Reads the log to its end, and shows what has come so far.
async fn read(log: ChildStderr, saying: watch::Sender<String>) -> String {
    let mut lines = BufReader::new(log).lines();
    while let Some(line) = lines.next_line().await.expect("a readable log") {
        saying.send_modify(|log| {
            log.push_str(&line);
            log.push('\n');
        });
    }
    saying.borrow().clone()
}
