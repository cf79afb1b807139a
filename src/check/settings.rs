//! Whether the settings make sense together.

use super::Finding;
use crate::config::{Config, Environment, ProviderConfig, is_loopback};

/// Of a configuration that can be read.
pub fn findings(env: &Environment, config: &Config) -> Vec<Finding> {
    let mut findings = vec![base_url(config), proxy(env, config)];
    findings.extend(config.unknown.iter().map(|name| unknown(name)));
    findings
}

fn base_url(config: &Config) -> Finding {
    const CHECK: &str = "base_url";
    let (url, listen) = (&config.site.base_url, config.site.listen);
    let shown = url.as_str().trim_end_matches('/');
    if !is_loopback(url) {
        return Finding::ok(CHECK, format!("The site is at {shown}."));
    }
    if url.port_or_known_default() != Some(listen.port()) {
        return Finding::warn(
            CHECK,
            format!("BASE_URL is {shown}, but LISTEN_ADDR is {listen}."),
            "Give both the same port, unless something in between changes it.",
        );
    }
    Finding::ok(
        CHECK,
        format!("The site is at {shown}, for this machine only."),
    )
}

/// A proxy's address may hold a password: only its host is told.
fn proxy(env: &Environment, config: &Config) -> Finding {
    const CHECK: &str = "proxy";
    let direct = || Finding::ok(CHECK, "None is used.");
    let is_local = |provider: &ProviderConfig| is_loopback(&provider.op_base_url);
    if config.oidc.providers.iter().all(is_local) {
        return direct();
    }
    match env.proxies().first() {
        Some((name, host)) => Finding::ok(
            CHECK,
            format!("Calls to the provider go through {host} ({name}), unless NO_PROXY names it."),
        ),
        None => direct(),
    }
}

fn unknown(name: &str) -> Finding {
    Finding::warn(
        "unknown_name",
        format!("{name} is not one of our names and has no effect."),
        "Correct or remove it; .env.example lists every name.",
    )
}
