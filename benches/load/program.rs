//! The program in a process of its own, beside a provider in this one.

use std::{net::SocketAddr, path::PathBuf, process::Stdio, time::Duration};

use demo_idp::{Options, Running};
use scraper::{Html, Selector};
use tempfile::TempDir;
use tokio::{
    fs,
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpListener,
    process::{Child, Command},
};
use url::Url;

use crate::Outcome;

/// Clock ticks in a second of processor time (`man 5 proc`: `sysconf(_SC_CLK_TCK)`), on every
/// Linux that is in use.
const TICKS: u32 = 100;

/// `rolecall` on a database in a temporary folder; it ends when this is dropped.
pub struct Program {
    /// Where it answers.
    pub base_url: String,
    /// The provider of its people.
    pub op: Running,
    process: Child,
    folder: TempDir,
}

impl Program {
    /// Starts both; comes back when the program serves.
    pub async fn start() -> Outcome<Self> {
        Self::start_with("").await
    }

    /// The same with further settings, a line each.
    pub async fn start_with(settings: &str) -> Outcome<Self> {
        let free = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = free.local_addr()?;
        drop(free);
        let base_url = format!("http://localhost:{}", address.port());
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let op = demo_idp::start(Options::demo(listener, &base_url)).await?;
        let folder = TempDir::new()?;
        let dot_env = dot_env(&op, address, &base_url)? + settings;
        fs::write(folder.path().join(".env"), dot_env).await?;
        Ok(Self {
            base_url,
            op,
            process: spawn(&folder).await?,
            folder,
        })
    }

    /// Ends the program, and starts it on the same database; comes back when it serves.
    pub async fn start_again(&mut self) -> Outcome<()> {
        self.process.kill().await?;
        self.process = spawn(&self.folder).await?;
        Ok(())
    }

    /// Memory that it has in use (`man 5 proc`, `VmRSS`), in MB.
    pub async fn memory(&self) -> Outcome<f64> {
        let id = self.process.id().ok_or("rolecall ended")?;
        let status = fs::read_to_string(format!("/proc/{id}/status")).await?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().next());
        Ok(kib.ok_or("no memory")?.parse::<f64>()? * 1.024 / 1000.0)
    }

    /// The file of its database.
    pub fn database(&self) -> PathBuf {
        self.folder.path().join("rolecall.db")
    }

    /// Signs somebody in, `pick-ada` for instance; the session's cookie.
    pub async fn sign_in(&self, client: &reqwest::Client, pick: &str) -> Outcome<String> {
        let start = format!("{}/oidc/authenticate/?next=%2F", self.base_url);
        let begun = client.get(start).send().await?;
        let browser = cookie(&begun).ok_or("no cookie")?;
        let authorize = Url::parse(&location(&begun)?)?;
        let page = client.get(authorize.clone()).send().await?.text().await?;
        let (action, form) = picked(&page, pick)?;
        let landed = client
            .post(authorize.join(&action)?)
            .form(&form)
            .send()
            .await?;
        let callback = client.get(location(&landed)?).header("cookie", browser);
        cookie(&callback.send().await?).ok_or_else(|| "nobody was signed in".into())
    }

    /// The processor time that the program has used so far.
    pub async fn cpu(&self) -> Outcome<Duration> {
        cpu_of(self.process.id().ok_or("rolecall ended")?).await
    }
}

/// The processor time that a process has used so far (`man 5 proc`, fields 14 and 15).
pub async fn cpu_of(id: u32) -> Outcome<Duration> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).await?;
    let (_, fields) = stat.rsplit_once(')').ok_or("no name")?;
    let times = fields.split_whitespace().skip(11).take(2);
    let ticks: u32 = times.map(|ticks| ticks.parse().unwrap_or(0)).sum();
    Ok(Duration::from_secs(1) / TICKS * ticks)
}

async fn spawn(folder: &TempDir) -> Outcome<Child> {
    let mut process = Command::new(env!("CARGO_BIN_EXE_rolecall"))
        .env_clear()
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let log = process.stderr.take().ok_or("no log")?;
    let mut lines = BufReader::new(log).lines();
    loop {
        let line = lines.next_line().await?.ok_or("rolecall ended")?;
        if line.contains("serving; ") {
            break;
        }
    }
    // Somebody has to read on, or the program waits to be read.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Ok(process)
}

fn dot_env(op: &Running, address: SocketAddr, base_url: &str) -> Outcome<String> {
    let controls = op.controls();
    let client = controls.clients().first().ok_or("no client")?;
    Ok(format!(
        "BASE_URL={base_url}\nLISTEN_ADDR={address}\nDATABASE_URL=sqlite:rolecall.db\n\
         OIDC_OP_BASE_URL={}\nOIDC_RP_CLIENT_ID={}\nOIDC_RP_CLIENT_SECRET={}\n\
         ZITADEL_PROJECT={}\n",
        op.issuer(),
        client.id,
        client.secret,
        controls.project_id(),
    ))
}

/// The last cookie of an answer that is not taken away, as it is sent back.
fn cookie(answer: &reqwest::Response) -> Option<String> {
    let set = answer.headers().get_all("set-cookie").iter();
    let mut set = set.filter_map(|set| set.to_str().ok()?.split(';').next());
    set.rfind(|set| !set.ends_with('=')).map(str::to_owned)
}

fn location(answer: &reqwest::Response) -> Outcome<String> {
    let location = answer.headers().get("location").ok_or("no redirect")?;
    Ok(location.to_str()?.to_owned())
}

/// Where the provider's form goes when `pick` is pressed, and with what.
fn picked(page: &str, pick: &str) -> Outcome<(String, [(&'static str, String); 2])> {
    let page = Html::parse_document(page);
    let attribute = |css: &str, name: &str| -> Outcome<String> {
        let selector = Selector::parse(css).map_err(|error| error.to_string())?;
        let element = page.select(&selector).next().ok_or("not on the page")?;
        Ok(element.attr(name).ok_or("no such attribute")?.to_owned())
    };
    let request = attribute("input[name=request]", "value")?;
    let sub = attribute(&format!("#{pick}"), "value")?;
    Ok((
        attribute("form", "action")?,
        [("request", request), ("sub", sub)],
    ))
}

/// A client that keeps its connections.
pub fn client() -> Outcome<reqwest::Client> {
    // An error says that it was done before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(10));
    Ok(client.build()?)
}
