//! nginx in front of the program, as the operator's guide sets it up.

use std::{fs, net::SocketAddr, path::Path, process::Stdio, time::Duration};

use demo_idp::Running;
use http::header;
use reqwest::{Client, Response};
use rolecall::clock::Clock;
use tempfile::TempDir;
use tokio::{
    process::{Child, Command},
    time::{sleep, timeout},
};

use crate::support::{
    app::provider,
    cookies::{self, Cookies},
    database::{self, Engine},
    program::{self, Program, free_address},
    real_op::AtProvider,
};

const PATIENCE: Duration = Duration::from_mins(1);

/// nginx with the block of the guide; it ends when this is dropped.
struct Nginx {
    process: Child,
    folder: TempDir,
}

/// The lines of the guide's block, with our ports and files for those in it.
fn block(folder: &Path, front: SocketAddr, back: SocketAddr) -> String {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/operating.md");
    let guide = fs::read_to_string(guide).expect("a guide");
    let block = guide.split("\nnginx:\n\n").nth(1).expect("a block");
    let lines = block.lines().take_while(|line| line.starts_with("    "));
    let mut block = lines.collect::<Vec<_>>().join("\n");
    let file = |name: &str| folder.join(name).display().to_string();
    for (said, meant) in [
        ("listen 443", format!("listen {front}")),
        ("polls.example.org;", "localhost;".to_owned()),
        ("/etc/ssl/polls.example.org.pem", file("site.pem")),
        ("/etc/ssl/polls.example.org.key", file("site.key")),
        ("http://127.0.0.1:8000", format!("http://{back}")),
    ] {
        assert!(block.contains(said), "{said}: {block}");
        block = block.replace(said, &meant);
    }
    block
}

impl Nginx {
    /// Takes connections at `front` for a program at `back`; and who knows its certificate.
    fn start(front: SocketAddr, back: SocketAddr) -> (Self, Client) {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path();
        let issued = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]);
        let issued = issued.expect("a certificate");
        let write = |name: &str, text: String| fs::write(path.join(name), text).expect("a file");
        write("site.pem", issued.cert.pem());
        write("site.key", issued.signing_key.serialize_pem());
        let places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .iter()
            .map(|kind| format!("{kind}_temp_path {};", path.join(kind).display()))
            .collect::<Vec<_>>()
            .join("\n");
        let server = block(path, front, back);
        let pid = path.join("pid").display().to_string();
        write(
            "nginx.conf",
            format!(
                "daemon off; master_process off; pid {pid}; error_log stderr;\nevents {{}}\n\
                 http {{\naccess_log off;\n{places}\n{server}\n}}\n"
            ),
        );
        let process = Command::new("/usr/sbin/nginx")
            .arg("-p")
            .arg(path)
            .args(["-e", "stderr", "-c", "nginx.conf"])
            .stdin(Stdio::null())
            .stderr(fs::File::create(path.join("said")).expect("a file"))
            .kill_on_drop(true)
            .spawn();
        let process = process.expect("nginx runs: tests/run installs it");
        let certificate = reqwest::Certificate::from_pem(issued.cert.pem().as_bytes());
        let client = Client::builder()
            .tls_certs_only([certificate.expect("a certificate")])
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build();
        let nginx = Self { process, folder };
        (nginx, client.expect("a client"))
    }

    /// What `wanted` comes to; in vain, with nginx's own words, when nginx ends before.
    async fn during<T>(&mut self, wanted: impl Future<Output = T>) -> T {
        tokio::select! {
            come = wanted => come,
            status = self.process.wait() => {
                let said = fs::read_to_string(self.folder.path().join("said"));
                panic!("nginx has ended, {status:?}: {}", said.unwrap_or_default());
            }
        }
    }
}

/// Somebody who comes by way of nginx.
struct Visitor {
    client: Client,
    base_url: String,
    cookies: Cookies,
}

impl Visitor {
    async fn get(&mut self, path: &str) -> Response {
        let request = self.client.get(format!("{}{path}", self.base_url));
        let request = request.header(header::COOKIE, cookies::line(&self.cookies));
        let request = request.header("x-forwarded-for", "192.0.2.66");
        let answer = request.send().await.expect("an answer");
        cookies::keep(&mut self.cookies, answer.headers());
        answer
    }

    /// Asks until the answer has this status: nginx or the program may just be starting.
    async fn comes_to(&mut self, path: &str, status: u16) -> Response {
        let asked = async {
            loop {
                let request = self.client.get(format!("{}{path}", self.base_url));
                let request = request.header(header::COOKIE, cookies::line(&self.cookies));
                match request.send().await {
                    Ok(answer) if answer.status() == status => return answer,
                    _ => sleep(Duration::from_millis(20)).await,
                }
            }
        };
        timeout(PATIENCE, asked).await.expect("an answer in time")
    }

    async fn sign_in(&mut self) {
        let start = self.get("/oidc/authenticate/?next=/user").await;
        let authorize = start.headers()[header::LOCATION].to_str().expect("text");
        let mut provider = AtProvider::open(authorize).await;
        let sub = provider.page.attributes("#pick-uma", "value");
        provider.submit(&[("sub", &sub[0])]).await;
        let landed = self.get(&provider.back()).await;
        assert_eq!(landed.status(), 303);
        assert_eq!(landed.headers()[header::LOCATION], "/user");
    }
}

/// A program that is seen at `base_url`, behind a proxy on this machine.
async fn program(back: SocketAddr, provider: &Running, base_url: &str, database: &str) -> Program {
    let settings = program::settings_with(provider, database);
    let settings = settings.replace("ROLECALL_RATE_LIMIT=off\n", "");
    let behind = format!("{settings}BASE_URL={base_url}\nROLECALL_TRUSTED_PROXIES=127.0.0.1\n");
    Program::start(back, &behind).await
}

/// OP-14, SEC-44, E-33: signing in over TLS with the guide's own words, and a restart behind it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_nginx_as_the_guide_has_it_people_sign_in_and_outlive_a_restart() {
    let (front, back) = (free_address(), free_address());
    let base_url = format!("https://localhost:{}", front.port());
    let provider = provider(&Clock::System, &base_url).await;
    let database = database::new_url(Engine::Sqlite).await;
    let site = program(back, &provider, &base_url, &database).await;
    let (mut nginx, client) = Nginx::start(front, back);
    let mut uma = Visitor {
        client,
        base_url: base_url.clone(),
        cookies: Cookies::new(),
    };
    let page = nginx.during(uma.comes_to("/", 200)).await;
    assert_eq!(page.version(), http::Version::HTTP_2);
    assert!(
        page.headers()
            .contains_key(header::STRICT_TRANSPORT_SECURITY)
    );
    uma.sign_in().await;
    assert!(uma.cookies.keys().all(|name| name.starts_with("__Host-")));
    assert_eq!(uma.get("/user").await.status(), 200);

    site.terminate();
    let (status, log) = site.ended().await;
    assert!(status.success(), "{log}");
    assert!(!log.contains("requests come through a proxy"), "{log}");
    assert_eq!(uma.get("/user").await.status(), 502);
    let _site = program(back, &provider, &base_url, &database).await;
    let user = nginx.during(uma.comes_to("/user", 200)).await;
    assert!(
        user.text()
            .await
            .expect("a page")
            .contains("uma@acme.example")
    );
}
