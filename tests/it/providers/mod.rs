//! Several providers side by side, providers of other makers, and what can be set for each.

mod documented;
mod presets;
mod settings;
mod side_by_side;
mod userinfo;

use std::sync::Arc;

use demo_idp::{Knobs, Options, Running, start_with};
use rolecall::{
    clock::Clock,
    config::{Config, ProviderConfig},
};
use url::Url;

use crate::support::{
    app::{BASE_URL, MORNING, TestApp, provider_config},
    database::Engine,
    person::{Person, Reply},
};

/// A provider with other habits, below `path`, that sends people back to `callback`.
async fn provider_like(clock: &Clock, knobs: Knobs, path: &str, callback: &str) -> Running {
    let clock = clock.clone();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await;
    let mut options = Options::demo(listener.expect("a free port"), BASE_URL);
    options.base_path = path.to_owned();
    options.clients[0].redirect_uris = vec![format!("{BASE_URL}{callback}")];
    options.clock = Arc::new(move || clock.now().as_seconds());
    let started = start_with(options, knobs).await;
    started.expect("the provider starts")
}

/// A second provider, which the application calls `partner`.
async fn partner() -> Running {
    let clock = Clock::fixed(MORNING);
    provider_like(&clock, Knobs::default(), "", "/oidc/callback/partner/").await
}

/// The application with both its own provider and `partner`.
async fn side_by_side(partner: &Running) -> TestApp {
    let partner = ProviderConfig {
        id: "partner".to_owned(),
        label: "Our partner".to_owned(),
        ..provider_config(partner)
    };
    start(|config| config.oidc.providers.push(partner)).await
}

async fn start(change: impl FnOnce(&mut Config)) -> TestApp {
    TestApp::start_with(Engine::of_this_run(), change).await
}

/// The application with a change to its one provider.
async fn start_set(change: impl FnOnce(&mut ProviderConfig)) -> TestApp {
    start(|config| change(&mut config.oidc.providers[0])).await
}

/// Signs in at the provider to which `start` leads.
async fn sign_in_from(person: &mut Person<'_>, start: &str, pick: &str) -> Reply {
    let callback = person.ask_provider_at(start, pick).await;
    person.get(&callback).await
}

const AT_PARTNER: &str = "/oidc/authenticate/?provider=partner&next=%2Fuser";
const AT_DEFAULT: &str = "/oidc/authenticate/?provider=default&next=%2Fuser";

/// A parameter of the address that `reply` leads to; empty when it is not there.
fn parameter(reply: &Reply, name: &str) -> String {
    let url = Url::parse(reply.location()).expect("a URL");
    let mut pairs = url.query_pairs();
    let found = pairs.find(|(key, _)| key == name);
    found.map_or_else(String::new, |(_, value)| value.into_owned())
}
