//! The command line, and nothing else.

mod arguments;

use std::{io::Write as _, process::ExitCode};

use clap::Parser as _;
use rolecall::{
    api::auth::signing_keys::SigningKeys,
    app::AppState,
    backup, check, client,
    clock::Clock,
    commands::{self, Operator},
    config::{
        self, BackupConfig, Config, DatabaseConfig, Environment, Problems, SessionConfig, Settings,
        SiteConfig,
    },
    db::{self, Db},
    error::Error,
    paths,
    polls::Polls,
    random::Random,
    seed::{self, Seeded},
    server::{self, Limits, Phase},
    telemetry::{self, origin::Origin},
    users::Users,
    vault::{SubjectHasher, Vault, key_file},
};
use rustix::{
    fs::Mode,
    process::{geteuid, umask},
};
use tokio::sync::watch;

use arguments::{Cli, Command, ConfigCommand, KeyCommand};

/// Requests allocate a lot of small things on several threads, which this one is made for.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Why a command ended early.
enum Failure {
    /// Exit status 2: the configuration needs changing.
    Configuration(Problems),
    /// Exit status 1: it may not or cannot be done.
    Refused(String),
    /// Exit status 1: something did not work.
    Failed(Error),
    /// What the site has answered, or has not, with an exit status of its own.
    Client(client::Failure),
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self::Configuration(problems)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<commands::Failure> for Failure {
    fn from(failure: commands::Failure) -> Self {
        match failure {
            commands::Failure::Refused(why) => Self::Refused(why),
            commands::Failure::Failed(error) => Self::Failed(error),
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    // Whatever is written is for its owner's eyes: database, key file, backups.
    umask(Mode::RWXG | Mode::RWXO);
    let command = Cli::parse().command.unwrap_or(Command::Serve);
    // The log of a server is read by programs; what is typed is answered to people.
    let for_programs = matches!(command, Command::Serve) && config::wants_json_log();
    match run(command).await {
        Ok(code) => code,
        Err(failure) => explain(failure, for_programs),
    }
}

/// Says why a command ended early, and with which exit status.
fn explain(failure: Failure, for_programs: bool) -> ExitCode {
    match failure {
        Failure::Configuration(problems) if for_programs => {
            telemetry::tell_as_json(|| {
                for problem in &problems.0 {
                    tracing::error!(problem, "configuration error");
                }
            });
            ExitCode::from(2)
        }
        Failure::Configuration(problems) => {
            complain("The configuration needs a change:");
            problems
                .0
                .iter()
                .for_each(|line| complain(&format!("  {line}")));
            complain("See .env.example for every name and its meaning.");
            ExitCode::from(2)
        }
        Failure::Refused(why) => {
            complain(&why);
            ExitCode::FAILURE
        }
        Failure::Client(failure) => {
            complain(failure.message());
            failure.code()
        }
        Failure::Failed(error) if for_programs => {
            let error = error.explained();
            telemetry::tell_as_json(|| tracing::error!(%error, "cannot serve"));
            ExitCode::FAILURE
        }
        Failure::Failed(error) => {
            complain(&format!("rolecall: {}", error.explained()));
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Serve => serve_traced().await?,
        #[cfg(feature = "demo")]
        Command::Demo(args) => {
            // Needs no configuration, so a broken one does not stop it.
            telemetry::start(&Environment::default());
            let limit = config::RateLimitConfig::read(&Environment::load().unwrap_or_default());
            rolecall::demo::run(args, limit, say).await?;
        }
        Command::Migrate => {
            migrated(&environment()?).await?;
            say("The schema is up to date.");
        }
        Command::Healthcheck(args) => {
            let site = SiteConfig::read(&Environment::load()?)?;
            say(commands::healthcheck::run(site.listen, args).await?);
        }
        Command::Backup(args) => {
            let env = environment()?;
            let (database, config) = (DatabaseConfig::read(&env), BackupConfig::read(&env)?);
            let made = commands::backups::back_up(args, &database, &config, &Clock::System);
            say(&made.await?);
        }
        Command::Verify(args) => {
            environment()?;
            let (said, is_sound) = commands::backups::verify(&args, &Clock::System).await?;
            say(&said);
            return Ok(if is_sound {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            });
        }
        Command::Restore(args) => {
            let database = DatabaseConfig::read(&environment()?);
            say(&commands::backups::restore(&args, &database, &Clock::System).await?);
        }
        Command::MigrateTo(args) => {
            let env = environment()?;
            let (database, to) = (DatabaseConfig::read(&env), env.get("ROLECALL_MIGRATE_TO"));
            say(&commands::transfer::run(args, to, &database, &Clock::System).await?);
        }
        Command::Config { command } => configuration(command)?,
        Command::Check { json, sign_in } => return check(json, sign_in.as_deref()).await,
        Command::Key(KeyCommand::Rotate) => say(&rotate_key(&environment()?)?),
        Command::Key(KeyCommand::RotateSigning) => {
            say(rotate_signing_key(&environment()?).await?);
        }
        Command::User(args) => say(&users(args).await?),
        Command::Session(args) => {
            let operator = operator(&environment()?).await?;
            say(&commands::sessions::run(&operator, args).await?);
        }
        Command::Token(args) => {
            let operator = operator(&environment()?).await?;
            say(&commands::tokens::run(&operator, args).await?);
        }
        Command::Poll(args) => {
            let operator = operator(&environment()?).await?;
            say(&commands::polls::run(&operator, args).await?);
        }
        Command::Audit(args) => {
            let operator = operator(&environment()?).await?;
            say(&commands::audit::run(&operator, args).await?);
        }
        Command::Client(command) => {
            let said = client::run(command, complain).await;
            say(&said.map_err(Failure::Client)?);
        }
        Command::Seed => say(seed(&migrated(&environment()?).await?).await?),
    }
    Ok(ExitCode::SUCCESS)
}

fn environment() -> Result<Environment, Problems> {
    let env = Environment::load()?;
    telemetry::start(&env);
    Ok(env)
}

/// Whatever it ended with, what was traced until then is sent, unless a second signal comes.
async fn serve_traced() -> Result<(), Failure> {
    let env = Environment::load()?;
    let config = Config::read(&env)?;
    let traces = telemetry::start_with_traces(&env)?;
    let phase = server::on_signals();
    let served = serve(&config, phase.clone()).await;
    traces.stop(server::ended(phase)).await;
    Ok(served?)
}

async fn serve(config: &Config, phase: watch::Receiver<Phase>) -> Result<(), Error> {
    for warning in warnings(config) {
        tracing::warn!("{warning}");
    }
    if geteuid().is_root() {
        tracing::warn!("runs as root, which nothing here needs: give it a user of its own");
    }
    let listener = match server::inherited()? {
        Some(listener) => listener,
        None => server::bind(config.site.listen).await?,
    };
    let metrics = match config.metrics {
        Some(address) => Some(server::bind(address).await?),
        None => None,
    };
    let mut stopped = phase.clone();
    let state = tokio::select! {
        built = AppState::build(config, Clock::System, Random::System) => built?,
        () = server::stopped(&mut stopped) => return Ok(()),
    };
    let address = |path| config.site.base_url.join(path).map_err(Error::internal);
    let (signed_out, told) = (address(paths::LOGOUT)?, address(paths::BACKCHANNEL_LOGOUT)?);
    for provider in state.oidc.providers() {
        tracing::info!(
            base_url = %config.site.base_url,
            provider = provider.config.id,
            redirect_uri = provider.redirect_uri(),
            post_logout_redirect_uri = %signed_out,
            backchannel_logout_uri = %told,
            "serving; these URIs must be registered at the provider"
        );
    }
    let limits = Limits::of_this_process();
    tokio::spawn(server::keep_informed(phase.clone()));
    if let Some(listener) = metrics {
        let looked = (state.sessions.clone(), state.db.clone());
        let expose = server::expose_metrics(looked, listener, limits, phase.clone());
        tokio::spawn(expose);
    }
    server::serve(state, listener, limits, phase).await;
    Ok(())
}

fn configuration(command: ConfigCommand) -> Result<(), Problems> {
    let env = Environment::load()?;
    match command {
        ConfigCommand::Show => say(Settings::of(&env).to_string().trim_end()),
        ConfigCommand::Check => {
            for warning in warnings(&Config::read(&env)?) {
                complain(&warning);
            }
            say("The configuration is in order.");
        }
    }
    Ok(())
}

/// What does not hinder, and should be looked at.
fn warnings(config: &Config) -> Vec<String> {
    let unknown = config.unknown.iter();
    let mut warnings: Vec<_> = unknown
        .map(|name| format!("{name} is not one of our names and has no effect"))
        .collect();
    if config::env_file_is_open() {
        warnings.push("others on this machine may read .env: chmod 600 .env".to_owned());
    }
    let key_file = &config.database.key_file;
    if config.database.keys.is_none() && config::others_may_read(key_file) {
        let file = key_file.display();
        warnings.push(format!(
            "others on this machine may read {file}, which opens stored tokens: chmod 600 {file}"
        ));
    }
    if let Some(address) = config
        .metrics
        .filter(|address| address.ip().is_unspecified())
    {
        warnings.push(format!(
            "ROLECALL_METRICS_ADDR={address} answers anybody on every address of this machine: let \
             only your monitoring reach it"
        ));
    }
    let database = db::sqlite_file(config.database.url.expose());
    if let Some(file) = database.filter(|file| config::others_may_read(file)) {
        let file = file.display();
        warnings.push(format!(
            "others on this machine may read {file}, the database: chmod 600 {file}"
        ));
    }
    warnings
}

async fn check(json: bool, sign_in: Option<&str>) -> Result<ExitCode, Failure> {
    let sign_in = sign_in.map(|provider| check::SignIn {
        provider,
        // Not among the findings, which a program may read.
        tell: complain,
    });
    let report = check::run(&Environment::load()?, &Clock::System, sign_in).await?;
    if json {
        say(&serde_json::to_string_pretty(&report).map_err(Error::internal)?);
    } else {
        say(report.to_string().trim_end());
    }
    Ok(if report.has_failed() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Needs no provider, so that a database can be prepared anywhere.
async fn migrated(env: &Environment) -> Result<Db, Failure> {
    let (database, config) = (DatabaseConfig::read(env), BackupConfig::read(env)?);
    let db = Db::connect(database.url.expose()).await?;
    backup::migrate(&db, &database, &config, &Clock::System).await?;
    Ok(db)
}

/// Of a site that is there: in the wrong folder a command would make an empty database, and tell
/// of nothing in it.
async fn operator(env: &Environment) -> Result<Operator, Failure> {
    let limits = SessionConfig::read(env)?;
    let file = db::sqlite_file(DatabaseConfig::read(env).url.expose());
    if let Some(file) = file.filter(|file| !file.exists()) {
        return Err(Failure::Refused(format!(
            "There is no database {}: this is not the folder of the site, or DATABASE_URL is not its.",
            file.display()
        )));
    }
    Ok(Operator::new(
        migrated(env).await?,
        Clock::System,
        Random::System,
        limits,
    ))
}

async fn users(args: commands::users::UserArgs) -> Result<String, Failure> {
    let env = environment()?;
    let (operator, hasher) = (operator(&env).await?, subject_hasher(&env)?);
    let done = commands::users::run(&operator, args);
    Ok(match hasher {
        Some(hasher) => Origin::of_nobody(hasher).scope(done).await?,
        None => done.await?,
    })
}

/// Names people as the log of the site does, where its keys are.
fn subject_hasher(env: &Environment) -> Result<Option<SubjectHasher>, Error> {
    let config = DatabaseConfig::read(env);
    if config.keys.is_none() && !config.key_file.exists() {
        return Ok(None);
    }
    let vault = Vault::configured(&config, Random::System)?;
    Ok(Some(vault.subject_hasher()))
}

fn rotate_key(env: &Environment) -> Result<String, Failure> {
    let config = DatabaseConfig::read(env);
    if env.get("ROLECALL_KEY").is_some() {
        return Err(Failure::Configuration(Problems(vec![
            "ROLECALL_KEY: holds the keys, not a file. Put a new key in front of them yourself, \
             such as `openssl rand -base64 32` prints."
                .to_owned(),
        ])));
    }
    let count = key_file::rotate(&config.key_file, &Random::System)?;
    Ok(format!(
        "{} holds {count} keys now. Restart every instance: the new key then seals, and all open.",
        config.key_file.display()
    ))
}

/// With the keys of the site and no others: what they seal is for every instance.
async fn rotate_signing_key(env: &Environment) -> Result<&'static str, Failure> {
    let config = DatabaseConfig::read(env);
    if config.keys.is_none() && (env.get("ROLECALL_KEY").is_some() || !config.key_file.exists()) {
        return Err(Failure::Refused(
            "The keys of the site are not here: neither ROLECALL_KEY nor the key file.".to_owned(),
        ));
    }
    let vault = Vault::configured(&config, Random::System)?;
    let keys = SigningKeys::new(migrated(env).await?, vault, Clock::System);
    keys.rotate().await?;
    Ok(
        "Every instance signs with the new key within a minute; the old one is believed for another hour.",
    )
}

async fn seed(db: &Db) -> Result<&'static str, Error> {
    let (polls, users) = (
        Polls::new(db.clone(), Random::System),
        Users::new(db.clone()),
    );
    let seeded = seed::seed(&polls, &users, Clock::System.now()).await?;
    Ok(match seeded {
        Seeded::Done => "Ten sample polls and twelve sample voters are in the database.",
        Seeded::NotEmpty => "The database holds polls already: nothing was added.",
    })
}

/// A closed pipe is no reason to fail.
fn say(line: &str) {
    writeln!(std::io::stdout(), "{line}").ok();
}

fn complain(line: &str) {
    writeln!(std::io::stderr(), "{line}").ok();
}
