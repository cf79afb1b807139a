//! `rolecall healthcheck`: asks the site on this machine, for containers without a shell or curl.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use clap::Args;

use super::Failure;
use crate::{error::chain, paths};

/// How long the site may take; what asks counts the failures.
const PATIENCE: Duration = Duration::from_secs(4);

/// What to ask.
#[derive(Args, Clone, Copy, Debug)]
pub struct HealthcheckArgs {
    /// Whether it can work, the database included, and not only whether it answers
    #[arg(long)]
    ready: bool,
}

/// Asks the site that listens at `listen`.
///
/// # Errors
/// When it does not answer, or not well.
pub async fn run(listen: SocketAddr, args: HealthcheckArgs) -> Result<&'static str, Failure> {
    let path = if args.ready {
        paths::READYZ
    } else {
        paths::HEALTHZ
    };
    let address = SocketAddr::new(reachable(listen.ip()), listen.port());
    // The client wants one, though it is not used here.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .build()
        .map_err(|error| Failure::Refused(chain(&error)))?;
    let answer = client.get(format!("http://{address}{path}")).send().await;
    let answer = answer.map_err(|error| {
        let why = chain(&error.without_url());
        Failure::Refused(format!("http://{address}{path} does not answer: {why}"))
    })?;
    match answer.status() {
        status if status.is_success() => Ok("ok"),
        status => Err(Failure::Refused(format!(
            "http://{address}{path} answers with {status}"
        ))),
    }
}

/// Where somebody on this machine finds what listens everywhere.
fn reachable(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        named => named,
    }
}
