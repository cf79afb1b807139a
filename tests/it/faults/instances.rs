//! Two instances of the program on one PostgreSQL, each restarted in turn while people vote.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use http::header;
use reqwest::{Client, Response};
use rolecall::{clock::Clock, polls::Secrecy, users::UserId};
use tokio::task::JoinSet;

use super::{Hall, PATIENCE};
use crate::support::{
    app,
    cookies::{self, Cookies},
    crowd::Member,
    database::Engine,
    person::Reply,
    program::{self, Program, free_address},
    proxy::{Backend, Proxy},
    times,
};

/// How often each instance is restarted.
const RESTARTS: usize = 2;
const PEOPLE: usize = 200;
const CONNECTIONS: usize = 8;

/// The same key for both, as the operator's guide says.
const KEY: &str = "ROLECALL_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";

/// A client of the proxy with a connection for each request, so that the instances take turns.
fn client() -> Client {
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .pool_max_idle_per_host(0)
        .timeout(PATIENCE)
        .build()
        .expect("a client")
}

async fn reply(answer: reqwest::Result<Response>) -> Reply {
    let answer = answer.expect("an answer");
    Reply {
        status: answer.status(),
        headers: answer.headers().clone(),
        text: answer.text().await.expect("a text"),
    }
}

/// Uma's browser, before the proxy.
struct Browser {
    client: Client,
    site: String,
    cookies: Cookies,
}

impl Browser {
    async fn get(&mut self, path: &str) -> Reply {
        let request = self.client.get(format!("{}{path}", self.site));
        let request = request
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, cookies::line(&self.cookies));
        let reply = reply(request.send().await).await;
        cookies::keep(&mut self.cookies, &reply.headers);
        reply
    }

    /// Begins at one instance and comes back to the other.
    async fn sign_in(&mut self, hall: &Hall) {
        let start = self.get("/oidc/authenticate/?next=/user").await;
        assert_eq!(start.status, 303, "{}", start.text);
        let mut at_provider = hall.app.anonymous();
        let callback = at_provider
            .pick_at_provider(start.location(), "pick-uma")
            .await;
        let landed = self.get(&callback).await;
        assert_eq!(landed.status, 303, "{}", landed.text);
    }

    async fn sign_out(&mut self) {
        let page = self.get("/user").await;
        let token = page.attributes("input[name=csrf_token]", "value").remove(0);
        let request = self
            .client
            .post(format!("{}/oidc/logout/", self.site))
            .header(header::COOKIE, cookies::line(&self.cookies))
            .form(&[("csrf_token", token)]);
        assert_eq!(reply(request.send().await).await.status, 303);
    }
}

/// People who vote until they are told to stop, once and again, as a second vote changes nothing.
struct Load {
    stop: Arc<AtomicBool>,
    voters: JoinSet<BTreeSet<UserId>>,
}

impl Load {
    fn begin(hall: &Hall, site: &str) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let people: Arc<[(UserId, String)]> = hall
            .people
            .iter()
            .map(|somebody| (somebody.user, somebody.cookie()))
            .collect();
        let url = format!("{site}/polls/{}/vote/", hall.poll);
        let (form, turns) = (
            Member::form(hall.paper[0].id),
            Arc::new(AtomicUsize::new(0)),
        );
        let mut voters = JoinSet::new();
        for _ in 0..CONNECTIONS {
            let (stop, people, turns) =
                (Arc::clone(&stop), Arc::clone(&people), Arc::clone(&turns));
            let (client, url, form) = (client(), url.clone(), form.clone());
            voters.spawn(async move {
                let mut acknowledged = BTreeSet::new();
                while !stop.load(Ordering::Relaxed) {
                    let turn = turns.fetch_add(1, Ordering::Relaxed);
                    let (user, cookie) = &people[turn % people.len()];
                    let request = client
                        .post(&url)
                        .header(header::COOKIE, cookie)
                        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                        .body(form.clone());
                    let answer = request.send().await.expect("no request is lost");
                    assert_eq!(answer.status(), 303, "nobody is signed out");
                    acknowledged.insert(*user);
                }
                acknowledged
            });
        }
        Self { stop, voters }
    }

    async fn end(self) -> BTreeSet<UserId> {
        self.stop.store(true, Ordering::Relaxed);
        let all = tokio::time::timeout(PATIENCE, self.voters.join_all());
        all.await
            .expect("they stop in time")
            .into_iter()
            .flatten()
            .collect()
    }
}

/// FT-22, SEC-46, I1.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_are_restarted_in_turn_and_nobody_notices() {
    let mut hall = Hall::now(Engine::Postgres, Secrecy::Named, PEOPLE).await;
    let addresses: [SocketAddr; 2] = [free_address(), free_address()];
    let proxy = Proxy::before(addresses.map(Backend::Tcp).to_vec()).await;
    let site = format!("http://localhost:{}", proxy.address.port());
    let provider = app::provider(&Clock::System, &site).await;
    let settings = program::settings_with(&provider, hall.app.config.database.url.expose());
    let settings = format!("{settings}{KEY}BASE_URL={site}\n");
    let [one, other] = addresses.map(|address| Program::start(address, &settings));
    let (one, other) = tokio::join!(one, other);
    let mut instances = [one, other];

    let mut uma = Browser {
        client: client(),
        site: site.clone(),
        cookies: Cookies::new(),
    };
    uma.sign_in(&hall).await;
    let load = Load::begin(&hall, &site);
    for turn in 0..2 * RESTARTS * times() {
        let address = addresses[turn % 2];
        let next = async {
            instances[turn % 2].terminate();
            instances[turn % 2].has_ended().await;
            Program::start(address, &settings).await
        };
        let next = tokio::time::timeout(PATIENCE, next).await;
        instances[turn % 2] = next.expect("a restart in time");
        for _ in 0..2 {
            assert_eq!(uma.get("/user").await.status, 200, "Uma is still signed in");
        }
    }
    hall.acknowledged = load.end().await;
    assert!(hall.acknowledged.len() > CONNECTIONS);
    uma.sign_out().await;
    for _ in 0..2 {
        let page = uma.get(&format!("/polls/{}/", hall.poll)).await;
        assert_eq!(page.status, 303, "signed out at both");
    }
    hall.nothing_is_lost().await;
}
