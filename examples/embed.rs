//! Another application with rolecall's sign-in: a shop whose stock only staff may see.
//!
//! It takes the same `.env` and the same registration at the provider as rolecall:
//! `cargo run --example embed`, then open <http://localhost:8000>.

use axum::{Router, extract::FromRef, middleware, response::Html, routing::get};
use rolecall::{
    app, assets,
    clock::Clock,
    config::{Config, Environment, SiteConfig},
    db::Db,
    error::Result,
    headers::FormTargets,
    oidc::{Oidc, mount, recheck},
    paths,
    random::Random,
    server,
    session::Sessions,
    users::{
        Users,
        access::{SignedIn, Staff},
    },
    vault::Vault,
};

/// The shop's own state. Beside what the shop itself needs it holds the parts of sign-in.
#[derive(Clone, FromRef)]
pub struct Shop {
    stock: Stock,
    oidc: Oidc,
    users: Users,
    sessions: Sessions,
    site: SiteConfig,
    db: Db,
    targets: FormTargets,
    random: Random,
}

/// What the shop has.
#[derive(Clone, Copy)]
struct Stock {
    pears: u32,
}

impl Shop {
    /// Puts the parts together; contacts nobody but the database.
    ///
    /// # Errors
    /// When the database or the key file cannot be used.
    pub async fn open(config: &Config, clock: Clock, random: Random) -> Result<Self> {
        let db = Db::connect(config.database.url.expose()).await?;
        db.migrate().await?;
        let vault = Vault::configured(&config.database, random.clone())?;
        let targets = FormTargets::default();
        let (its_db, its_clock, its_random) = (db.clone(), clock.clone(), random.clone());
        Ok(Self {
            stock: Stock { pears: 12 },
            oidc: Oidc::new(config, vault, its_db, its_clock, its_random, &targets)?,
            users: Users::new(db.clone()),
            sessions: Sessions::new(db.clone(), clock, config.sessions),
            site: config.site.clone(),
            db,
            targets,
            random,
        })
    }

    /// The shop's pages beside those of sign-in. The guard asks the provider again when a role
    /// was not confirmed for a while; it belongs around the pages that only some may open.
    pub fn router(self) -> Router {
        let guard = middleware::from_fn_with_state(self.clone(), recheck::keep_roles_fresh);
        let guarded = Router::new()
            .route("/stock/", get(stock))
            .route_layer(guard);
        let routes = Router::new()
            .route("/", get(home))
            .route(paths::STATIC, get(assets::serve))
            .merge(guarded)
            .merge(mount::router());
        app::layers(routes, mount::for_the_provider(), &self).with_state(self)
    }
}

/// `GET /`: for everybody.
async fn home(person: Option<SignedIn>) -> Html<&'static str> {
    Html(if person.is_some() {
        "<p>Good to see you. <a href=/stock/>The stock</a> <a href=/logout>Sign out</a></p>"
    } else {
        "<p>Good to see you. <a href=/login>Sign in</a></p>"
    })
}

/// `GET /stock/`: the argument lets staff and admins in, and nobody else.
async fn stock(
    Staff(_person): Staff,
    axum::extract::State(stock): axum::extract::State<Stock>,
) -> Html<String> {
    Html(format!("<p>{} pears are left.</p>", stock.pears))
}

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let config = Config::read(&Environment::load()?)?;
    let shop = Shop::open(&config, Clock::System, Random::System).await?;
    tokio::spawn(shop.oidc.clone().keep_ready());
    let listener = server::bind(config.site.listen).await?;
    Ok(axum::serve(listener, shop.router()).await?)
}
