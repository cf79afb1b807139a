//! `rolecall demo`: the whole thing on one machine, without an account anywhere.
//!
//! The server, a demo identity provider on a second port and a database in a temporary folder.
//! The only module that knows the demo provider; it is not in a build without the feature `demo`.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use clap::Args;
use demo_idp::{Options, Person as Account, RolesClaim, Running};
use url::Url;

use crate::{
    app::AppState,
    clock::Clock,
    config::{
        BackupConfig, Config, DatabaseConfig, OidcConfig, ProviderConfig, RateLimitConfig, Secret,
        SessionConfig, SiteConfig,
    },
    error::{Error, Result},
    random::Random,
    seed,
    server::{self, Limits},
};

/// Options of `rolecall demo`.
#[derive(Args, Clone, Debug)]
pub struct DemoArgs {
    /// Port of the site
    #[arg(long, default_value_t = 8000)]
    port: u16,
    /// Port of the demo identity provider [default: the next one, or any that is free]
    #[arg(long)]
    idp_port: Option<u16>,
    /// Address to listen on; must be a loopback address
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    listen: IpAddr,
}

/// A demo that is ready to serve. Dropping it removes its data.
struct Demo {
    state: AppState,
    listener: tokio::net::TcpListener,
    provider: Running,
    /// For a program that reads messages.
    program_token: String,
    folder: tempfile::TempDir,
}

/// The one machine among the demo's accounts.
const PROGRAM: (&str, &str) = ("259000000000000105", "message-reader");

/// Runs the demo until the process is asked to stop.
///
/// # Errors
/// When a port is taken or the address is not this machine's own.
pub async fn run(args: DemoArgs, limit: RateLimitConfig, say: impl Fn(&str)) -> Result<()> {
    let phase = server::on_signals();
    let demo = Demo::start(&args, limit).await?;
    say(&demo.greeting());
    server::serve(demo.state, demo.listener, Limits::default(), phase).await;
    demo.provider.stop().await;
    demo.folder.close().map_err(Error::internal)?;
    say("Stopped. The sample people and polls are gone.");
    Ok(())
}

impl Demo {
    async fn start(args: &DemoArgs, limit: RateLimitConfig) -> Result<Self> {
        if !args.listen.is_loopback() {
            return Err(Error::unavailable(format!(
                "the demo lets anybody in as anybody, so it listens on this machine only \
                 (127.0.0.1 or ::1), not on {}",
                args.listen
            )));
        }
        let listener = bind(args.listen, args.port, "--port").await?;
        let base_url = base_url(&listener)?;
        let provider = provider(args, &base_url).await?;
        let folder = tempfile::tempdir().map_err(Error::unavailable)?;
        let config = Config {
            rate_limit: limit,
            ..config(&listener, base_url, &provider, folder.path())?
        };
        let state = AppState::build(&config, Clock::System, Random::System).await?;
        seed::seed(&state.polls, &state.users, state.clock.now()).await?;
        let (subject, name) = PROGRAM;
        let controls = provider.controls();
        let roles = RolesClaim::of(&["read:messages"]);
        controls.add_person(Account::machine(subject, name, roles));
        Ok(Self {
            state,
            listener,
            program_token: controls.personal_access_token(subject, None),
            provider,
            folder,
        })
    }

    fn greeting(&self) -> String {
        let site = self.state.site.base_url.as_str();
        format!(
            "\n  Rolecall demo\n\n  \
             Open     {site}\n  \
             Sign in  as Ada (admin), Stan (staff), Uma (user) or Nora (no role): no password\n  \
             Then     Uma votes, Stan reads results, Ada runs the console at {site}admin/\n  \
             Program  curl -H \"Authorization: Bearer {token}\" {site}api/private-scoped\n\n  \
             The demo identity provider is at {}\n  \
             All data is in a temporary folder and goes when you press Ctrl-C.\n",
            self.provider.issuer(),
            token = self.program_token,
        )
    }
}

async fn bind(host: IpAddr, port: u16, option: &str) -> Result<tokio::net::TcpListener> {
    let bound = server::bind(SocketAddr::new(host, port)).await;
    bound.map_err(|error| match error {
        Error::Unavailable(cause) => {
            let another = port.saturating_add(10);
            Error::unavailable(format!("{cause}; try `rolecall demo {option} {another}`"))
        }
        other => other,
    })
}

async fn provider(args: &DemoArgs, base_url: &Url) -> Result<Running> {
    let listener = match args.idp_port {
        Some(port) => bind(args.listen, port, "--idp-port").await?,
        None => match bind(args.listen, next_port(base_url), "--idp-port").await {
            Ok(listener) => listener,
            Err(_) => bind(args.listen, 0, "--idp-port").await?,
        },
    };
    demo_idp::start(Options::demo(listener, base_url.as_str()))
        .await
        .map_err(Error::unavailable)
}

fn next_port(base_url: &Url) -> u16 {
    base_url.port().map_or(0, |port| port.saturating_add(1))
}

/// `localhost` when it can be: it is what people type, and what cookies are remembered for.
fn base_url(listener: &tokio::net::TcpListener) -> Result<Url> {
    let address = listener.local_addr().map_err(Error::internal)?;
    let host = if address.ip() == Ipv4Addr::LOCALHOST {
        format!("localhost:{}", address.port())
    } else {
        address.to_string()
    };
    Url::parse(&format!("http://{host}/")).map_err(Error::internal)
}

fn config(
    listener: &tokio::net::TcpListener,
    base_url: Url,
    provider: &Running,
    folder: &std::path::Path,
) -> Result<Config> {
    let controls = provider.controls();
    let client = controls
        .clients()
        .first()
        .ok_or_else(|| Error::internal("no demo client"))?;
    let op = ProviderConfig::new(
        Url::parse(provider.issuer()).map_err(Error::internal)?,
        client.id.clone(),
        Secret::new(client.secret.clone()),
    );
    Ok(Config {
        site: SiteConfig {
            base_url: Arc::new(base_url),
            listen: listener.local_addr().map_err(Error::internal)?,
            demo: true,
        },
        database: DatabaseConfig {
            url: Secret::new(format!("sqlite:{}", folder.join("rolecall.db").display())),
            key_file: folder.join("rolecall.key"),
            quick_check: false,
            keys: None,
        },
        backup: BackupConfig::default(),
        oidc: OidcConfig::new(vec![op.of_project(controls.project_id().to_owned())]),
        sessions: SessionConfig::default(),
        rate_limit: RateLimitConfig::default(),
        metrics: None,
        trusted_issuers: Vec::new(),
        log_addresses: true,
        unknown: Vec::new(),
    })
}
