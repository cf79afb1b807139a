//! The API for programs.

mod introspection;
mod introspection_faults;
mod limits;
mod local_jwt;
mod message_routes;
mod people;
mod personal_tokens;
mod reference_curl;
mod without_token;

use demo_idp::{Person as Account, RolesClaim};
use rolecall::config::Config;

use crate::support::{app::TestApp, database::Engine};

/// A machine of the provider, which has no e-mail and never signs in with a browser.
fn robot(roles: &[&str]) -> Account {
    let roles = match roles {
        [] => RolesClaim::Absent,
        roles => RolesClaim::of(roles),
    };
    Account::machine("259000000000000301", "robot", roles)
}

/// An application whose provider knows a [`robot`] with these roles.
async fn app_with_robot(roles: &[&str]) -> TestApp {
    app_with(roles, |_| ()).await
}

/// The same with another configuration.
async fn app_with(roles: &[&str], change: impl FnOnce(&mut Config)) -> TestApp {
    let app = TestApp::start_with(Engine::of_this_run(), change).await;
    app.op().add_person(robot(roles));
    app
}
