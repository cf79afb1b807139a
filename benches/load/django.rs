//! The Django site of `benches/peers/django` under gunicorn, with two workers of four threads: what
//! somebody would take instead.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use serde::Deserialize;
use tempfile::TempDir;
use tokio::{
    fs,
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    time::{sleep, timeout},
};

use crate::{Outcome, program::cpu_of};

const SITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/django");

/// Where the packages are put that it needs.
const PACKAGES: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/django");

/// The token of all its forms, in a cookie and in the form: as long as one of Django's.
pub const CSRF_TOKEN: &str = "abcdefghijklmnopqrstuvwxyzABCDEF";

/// The running site; it ends when this is dropped.
pub struct Django {
    /// Where it answers.
    pub base_url: String,
    /// Those who are signed in.
    pub people: People,
    folder: TempDir,
    process: Child,
}

/// The values of their cookies.
#[derive(Deserialize)]
pub struct People {
    pub voters: Vec<String>,
    #[serde(default)]
    pub staff: String,
    #[serde(default)]
    pub admin: String,
}

impl Django {
    /// Installs what it needs, where that is missing, and starts it with so many polls and voters.
    pub async fn start(polls: i64, voters: usize) -> Outcome<Self> {
        install().await?;
        let folder = TempDir::new()?;
        let numbers = [polls.to_string(), voters.to_string()];
        let people = filled(&folder, &numbers).await?;
        let free = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = free.local_addr()?;
        drop(free);
        let process = python(&folder)
            .args(["-m", "gunicorn", "--workers", "2", "--threads", "4"])
            .args(["--log-level", "warning", "--bind", &address.to_string()])
            .arg("wsgi")
            .kill_on_drop(true)
            .spawn()?;
        let connected = async {
            while TcpStream::connect(address).await.is_err() {
                sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(Duration::from_mins(1), connected).await?;
        Ok(Self {
            base_url: format!("http://{address}"),
            people,
            folder,
            process,
        })
    }

    /// Adds polls up to this number.
    pub async fn fill(&self, up_to: i64) -> Outcome<()> {
        filled(&self.folder, &[up_to.to_string()]).await?;
        Ok(())
    }

    /// The processor time that gunicorn and its workers have used so far.
    pub async fn cpu(&self) -> Outcome<Duration> {
        let id = self.process.id().ok_or("gunicorn ended")?;
        let workers = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).await?;
        let mut used = cpu_of(id).await?;
        for worker in workers.split_whitespace() {
            used += cpu_of(worker.parse()?).await?;
        }
        Ok(used)
    }
}

/// A virtual environment with the packages of its list, made anew when the list changes.
async fn install() -> Outcome<()> {
    let (packages, list) = (
        Path::new(PACKAGES),
        Path::new(SITE).join("requirements.txt"),
    );
    let installed = packages.join("requirements.txt");
    if fs::read(&list).await? == fs::read(&installed).await.unwrap_or_default() {
        return Ok(());
    }
    fs::remove_dir_all(packages).await.ok();
    done(Command::new("python3").args(["-m", "venv", PACKAGES])).await?;
    let mut pip = Command::new(packages.join("bin/pip"));
    pip.args(["install", "--quiet", "--no-deps", "--requirement"]);
    done(pip.arg(&list)).await?;
    fs::copy(list, installed).await?;
    Ok(())
}

/// Python in the folder of the site, with its database in `folder`; leaves nothing beside the sources.
fn python(folder: &TempDir) -> Command {
    let mut python = Command::new(PathBuf::from(PACKAGES).join("bin/python"));
    python
        .current_dir(SITE)
        .env_clear()
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONPATH", SITE)
        .env("PEER_DATABASE", folder.path().join("peer.db"))
        .stdin(Stdio::null());
    python
}

async fn filled(folder: &TempDir, numbers: &[String]) -> Outcome<People> {
    let made = done(python(folder).arg("fill.py").args(numbers)).await?;
    Ok(serde_json::from_slice(&made)?)
}

/// What a command says once it has ended well.
async fn done(command: &mut Command) -> Outcome<Vec<u8>> {
    let output = command.stderr(Stdio::inherit()).output().await?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(format!("{command:?}: {}", output.status).into())
    }
}
