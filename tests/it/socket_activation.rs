//! A service manager keeps the socket while the program is restarted, and is told how it is.

use std::{
    collections::BTreeSet,
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::header;
use rolecall::{clock::Clock, paths, polls::PollId};
use tokio::{
    net::UnixDatagram,
    sync::{Mutex, mpsc},
    task::JoinSet,
    time::timeout,
};

use crate::support::{
    app::{MORNING, TestApp},
    cookies,
    database::Engine,
    polls::{draft, open, paper, roll_equals_box},
    program::{Program, settings},
};

const RESTARTS: usize = 3;
/// Votes that are sent while the program is restarted once.
const VOTES: usize = 16;
const CLIENTS: usize = 8;

type Vote = (PollId, String);

/// What all clients share.
struct Crowd {
    base_url: String,
    cookies: String,
    token: String,
    votes: Mutex<mpsc::Receiver<Vote>>,
    is_over: AtomicBool,
    pages: AtomicUsize,
}

impl Crowd {
    /// Opens pages, each over a connection of its own, and votes where there is something to vote
    /// on, until all is over. Anything but the usual answer ends the test.
    async fn visit(self: Arc<Self>) -> BTreeSet<PollId> {
        let browser = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .pool_max_idle_per_host(0)
            .timeout(Duration::from_mins(1))
            .build()
            .expect("a client");
        let mut recorded = BTreeSet::new();
        loop {
            let vote = self.votes.lock().await.try_recv().ok();
            if let Some((poll, choice)) = vote {
                let address = format!("{}{}", self.base_url, paths::with_id(paths::VOTE, poll));
                let form = [("csrf_token", &self.token), ("choice", &choice)];
                let request = browser.post(address).header(header::COOKIE, &self.cookies);
                let answer = request
                    .form(&form)
                    .send()
                    .await
                    .expect("no vote is refused");
                let told = answer
                    .headers()
                    .get(header::LOCATION)
                    .expect("a confirmation");
                assert_eq!(
                    told.to_str().ok(),
                    Some(&*paths::with_id(paths::VOTED, poll))
                );
                recorded.insert(poll);
            } else if self.is_over.load(Ordering::Relaxed) {
                return recorded;
            } else {
                let page = browser
                    .get(format!("{}/healthz", self.base_url))
                    .send()
                    .await;
                assert_eq!(page.expect("no page is refused").status(), 200);
                self.pages.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

async fn fresh_poll(app: &TestApp) -> Vote {
    let tea = draft("Tea or coffee?", &["Tea", "Coffee"]);
    let poll = open(&app.state.polls, tea, app.clock.now()).await;
    let paper = paper(&app.state.polls, poll).await;
    (poll, paper[0].id.to_string())
}

/// FT-21, OP-11.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_refuses_nobody_and_loses_no_vote() {
    let app = TestApp::start_on(Engine::Sqlite).await;
    app.advance(Clock::System.now().since(MORNING)).await;
    let mut uma = app.uma().await;
    let socket = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let mut program = Program::on_socket(&socket, &settings(&app), &[]).await;
    let (sender, votes) = mpsc::channel(RESTARTS * VOTES);
    let crowd = Arc::new(Crowd {
        base_url: program.base_url.clone(),
        token: uma.csrf_token().await,
        cookies: cookies::line(uma.cookies()),
        votes: Mutex::new(votes),
        is_over: AtomicBool::new(false),
        pages: AtomicUsize::new(0),
    });
    let mut clients: JoinSet<_> = (0..CLIENTS).map(|_| Arc::clone(&crowd).visit()).collect();
    let mut polls = BTreeSet::new();
    for _ in 0..RESTARTS {
        for _ in 0..VOTES {
            let vote = fresh_poll(&app).await;
            polls.insert(vote.0);
            sender.send(vote).await.expect("somebody votes");
        }
        program.terminate();
        assert!(program.has_ended().await.success());
        program = Program::on_socket(&socket, &settings(&app), &[]).await;
    }
    crowd.is_over.store(true, Ordering::Relaxed);
    let mut recorded = BTreeSet::new();
    while let Some(client) = clients.join_next().await {
        recorded.extend(client.expect("nobody was refused"));
    }
    assert_eq!(recorded, polls);
    assert_eq!(
        app.number("SELECT COUNT(*) FROM ballots").await,
        i64::try_from(RESTARTS * VOTES).expect("few")
    );
    assert!(crowd.pages.load(Ordering::Relaxed) > RESTARTS * CLIENTS);
    roll_equals_box(&app).await;
}

/// OP-11.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_service_manager_is_told_when_it_serves_lives_and_stops() {
    let app = TestApp::start_on(Engine::Sqlite).await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("notify");
    let manager = UnixDatagram::bind(&path).expect("a socket");
    let socket = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let variables = [
        ("NOTIFY_SOCKET", path.to_str().expect("a path")),
        ("WATCHDOG_USEC", "200000"),
    ];
    let mut program = Program::on_socket(&socket, &settings(&app), &variables).await;
    let hear = async || {
        let mut message = vec![0; 4096];
        let length = timeout(Duration::from_mins(1), manager.recv(&mut message)).await;
        message.truncate(length.expect("a message in time").expect("a message"));
        String::from_utf8(message).expect("a text")
    };
    assert!(hear().await.starts_with("READY=1\nSTATUS="));
    for _ in 0..3 {
        assert_eq!(hear().await.trim_end(), "WATCHDOG=1");
    }
    program.terminate();
    assert!(program.has_ended().await.success());
    let mut last = hear().await;
    while last.starts_with("WATCHDOG=1") {
        last = hear().await;
    }
    assert!(last.starts_with("STOPPING=1\nSTATUS="), "{last}");
}
