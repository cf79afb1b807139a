//! A headless Chromium that a test drives like a person: by what the page shows.
//! Knows chromedriver and nothing of rolecall. Every method waits for what it needs, up to
//! [`PATIENCE`], and panics with the page's address and text when it does not come.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use fantoccini::{
    Client, ClientBuilder, Locator,
    cookies::Cookie,
    elements::Element,
    error::CmdError,
    wd::{Capabilities, WebDriverCompatibleCommand, WindowHandle},
};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use url::Url;

use super::environment;

/// How long a page may take to show what a test looks for.
const PATIENCE: Duration = Duration::from_secs(15);

/// How long from one look at a page to the next.
const GLANCE: Duration = Duration::from_millis(20);

/// What Chromium needs to run unattended, as root, and without calling home.
const FLAGS: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// The reader in front of the screen.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether pages may run scripts.
    pub javascript: bool,
    /// Viewport width in CSS pixels.
    pub width: u32,
    /// Viewport height in CSS pixels.
    pub height: u32,
    /// Whether the reader prefers dark colours.
    pub dark: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            javascript: true,
            width: 1280,
            height: 800,
            dark: false,
        }
    }
}

/// A browser with its own, empty profile; closed when dropped, also by a panic.
pub struct Browser {
    client: Client,
    webdriver: String,
    session: String,
}

impl Browser {
    /// Opens a browser with an empty page.
    pub async fn start(options: Options) -> Self {
        let webdriver = environment("ROLECALL_TEST_WEBDRIVER");
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(options))
            .connect(&webdriver)
            .await
            .expect("chromedriver opens a browser");
        let session = client
            .session_id()
            .await
            .ok()
            .flatten()
            .expect("an open session has an id");
        Self {
            client,
            webdriver,
            session,
        }
    }

    /// Opens a browser that runs no script of any page. The methods below work all the same.
    pub async fn without_javascript() -> Self {
        Self::start(Options {
            javascript: false,
            ..Options::default()
        })
        .await
    }

    /// Opens an address and waits until the page has loaded.
    pub async fn goto(&self, url: impl AsRef<str>) {
        let url = url.as_ref();
        done(self.client.goto(url).await, url);
    }

    /// Goes one page back in the history.
    pub async fn back(&self) {
        done(self.client.back().await, "going back");
    }

    /// Goes one page forward in the history.
    pub async fn forward(&self) {
        done(self.client.forward().await, "going forward");
    }

    /// Loads the page again; a form that was posted is posted again.
    pub async fn reload(&self) {
        done(self.client.refresh().await, "reloading");
    }

    /// Clicks the first element that matches and stays on the page.
    pub async fn click(&self, css: &str) {
        done(self.find(Locator::Css(css)).await.click().await, css);
    }

    /// Clicks the link, button or label with exactly this text and stays on the page.
    pub async fn click_text(&self, text: &str) {
        done(
            self.find(Locator::XPath(&by_text(text)))
                .await
                .click()
                .await,
            text,
        );
    }

    /// Clicks the first element that matches and waits for the page it leads to.
    pub async fn follow(&self, css: &str) {
        self.leave_by(Locator::Css(css)).await;
    }

    /// Clicks the link or button with exactly this text and waits for the page it leads to.
    pub async fn follow_text(&self, text: &str) {
        self.leave_by(Locator::XPath(&by_text(text))).await;
    }

    /// Submits a form with its first submit button and waits for the page that answers.
    pub async fn submit(&self, form: &str) {
        self.follow(&format!("{form} :is([type=submit], button:not([type]))"))
            .await;
    }

    /// Replaces the content of an input or text area.
    pub async fn fill(&self, css: &str, value: &str) {
        let field = self.find(Locator::Css(css)).await;
        done(field.clear().await, css);
        done(field.send_keys(value).await, css);
    }

    /// Chooses the option of a select element by its value.
    pub async fn select(&self, css: &str, value: &str) {
        done(
            self.find(Locator::Css(css))
                .await
                .select_by_value(value)
                .await,
            css,
        );
    }

    /// The visible text of the first element that matches.
    pub async fn text(&self, css: &str) -> String {
        done(self.find(Locator::Css(css)).await.text().await, css)
    }

    /// The visible texts of all elements that match now; none is an answer too.
    pub async fn texts(&self, css: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for element in done(self.client.find_all(Locator::Css(css)).await, css) {
            texts.push(done(element.text().await, css));
        }
        texts
    }

    /// Whether an element matches now.
    pub async fn has(&self, css: &str) -> bool {
        !done(self.client.find_all(Locator::Css(css)).await, css).is_empty()
    }

    /// An attribute of the first element that matches.
    pub async fn attribute(&self, css: &str, name: &str) -> Option<String> {
        done(self.find(Locator::Css(css)).await.attr(name).await, css)
    }

    /// The title of the page.
    pub async fn title(&self) -> String {
        done(self.client.title().await, "title")
    }

    /// The address of the page.
    pub async fn url(&self) -> Url {
        done(self.client.current_url().await, "address")
    }

    /// The path of the page's address, without its query.
    pub async fn path(&self) -> String {
        self.url().await.path().to_owned()
    }

    /// The source of the page as the browser understood it.
    pub async fn source(&self) -> String {
        done(self.client.source().await, "source")
    }

    /// The cookies that the browser would send to this page, also those scripts cannot see.
    pub async fn cookies(&self) -> Vec<Cookie<'static>> {
        done(self.client.get_all_cookies().await, "cookies")
    }

    /// Forgets the cookies of this page's site.
    pub async fn forget_cookies(&self) {
        done(self.client.delete_all_cookies().await, "cookies");
    }

    /// Opens an empty tab and turns to it. Give what it returns to [`Self::turn_to`].
    pub async fn new_tab(&self) -> WindowHandle {
        let tab = done(self.client.new_window(true).await, "new tab").handle;
        self.turn_to(&tab).await;
        tab
    }

    /// The tab that the test looks at.
    pub async fn tab(&self) -> WindowHandle {
        done(self.client.window().await, "tab")
    }

    /// Turns to another tab of this browser.
    pub async fn turn_to(&self, tab: &WindowHandle) {
        done(self.client.switch_to_window(tab.clone()).await, "tab");
    }

    /// Runs a script as developer tools do, beyond the page's policy and setting.
    pub async fn execute(&self, script: &str, arguments: Vec<Value>) -> Value {
        done(self.client.execute(script, arguments).await, script)
    }

    /// Saves a picture of the whole page, also of what lies below the viewport.
    pub async fn screenshot(&self, path: impl AsRef<Path>) {
        let whole = json!({ "format": "png", "captureBeyondViewport": true });
        let body = json!({ "cmd": "Page.captureScreenshot", "params": whole });
        let answer = self.extension("goog/cdp/execute", body).await;
        let png = STANDARD.decode(answer["data"].as_str().unwrap_or_default());
        tokio::fs::write(path, png.expect("a picture in base64"))
            .await
            .expect("a writable path");
    }

    /// What the browser complained about since the last call: blocked by the page's policy, not
    /// found, an error in a script.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.extension("se/log", json!({ "type": "browser" })).await;
        let entries = log.as_array().cloned().unwrap_or_default();
        entries
            .iter()
            .map(|entry| entry["message"].to_string())
            .collect()
    }

    /// What axe-core finds wrong with the page for people with disabilities, a line each. It
    /// uses timers, which a browser without JavaScript does not run.
    pub async fn accessibility_problems(&self) -> Vec<String> {
        let axe = Path::new(&environment("ROLECALL_TEST_NODE_MODULES")).join("axe-core/axe.min.js");
        let axe = tokio::fs::read_to_string(axe)
            .await
            .expect("axe-core is installed");
        self.execute(&axe, vec![]).await;
        let problems = self.client.execute_async(AXE_RUN, vec![]).await;
        serde_json::from_value(done(problems, "axe-core")).expect("axe-core reports lines")
    }

    /// A click only starts a navigation. The old page is gone when its elements are.
    async fn leave_by(&self, wanted: Locator<'_>) {
        let page = self.find(Locator::Css("html")).await;
        done(self.find(wanted).await.click().await, "click");
        let gone = async {
            let mut look = tokio::time::interval(GLANCE);
            while page.tag_name().await.is_ok() {
                look.tick().await;
            }
        };
        if tokio::time::timeout(PATIENCE, gone).await.is_err() {
            self.give_up(&format!("{wanted:?} leads nowhere")).await;
        }
    }

    async fn find(&self, wanted: Locator<'_>) -> Element {
        match self
            .client
            .wait()
            .at_most(PATIENCE)
            .every(GLANCE)
            .for_element(wanted)
            .await
        {
            Ok(element) => element,
            Err(error) => {
                self.give_up(&format!("{wanted:?} is not there ({error})"))
                    .await
            }
        }
    }

    async fn give_up(&self, why: &str) -> ! {
        let (url, text) = (self.url().await, self.texts("body").await.concat());
        panic!("{why}, at {url}. The page says:\n{text}")
    }

    async fn extension(&self, command: &'static str, body: Value) -> Value {
        done(
            self.client.issue_cmd(Extension { command, body }).await,
            command,
        )
    }
}

/// Not left to the client's own background task: the runtime of a test ends before that could
/// close anything.
impl Drop for Browser {
    fn drop(&mut self) {
        let authority = self.webdriver.trim_start_matches("http://");
        let Ok(mut chromedriver) = TcpStream::connect(authority) else {
            return;
        };
        let request = format!(
            "DELETE /session/{} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n",
            self.session
        );
        let _ = chromedriver.set_read_timeout(Some(PATIENCE));
        let _ = chromedriver.write_all(request.as_bytes());
        let _ = chromedriver.read(&mut [0]);
    }
}

/// All settings are the browser's own and so hold for every tab; the equivalents of the
/// developer tools would hold for the first one only.
fn capabilities(options: Options) -> Capabilities {
    let color = format!(
        "--blink-settings=preferredColorScheme={}",
        u8::from(!options.dark)
    );
    let flags: Vec<&str> = FLAGS.iter().copied().chain([color.as_str()]).collect();
    let javascript = if options.javascript { 1 } else { 2 };
    let viewport = json!({
        "width": options.width, "height": options.height,
        "pixelRatio": 1, "touch": false, "mobile": false,
    });
    let settings = json!({
        "goog:chromeOptions": {
            "args": flags,
            "prefs": { "profile.managed_default_content_settings.javascript": javascript },
            "mobileEmulation": { "deviceMetrics": viewport },
        },
        "goog:loggingPrefs": { "browser": "ALL" },
        "timeouts": { "pageLoad": 30_000, "script": 30_000, "implicit": 0 },
    });
    settings.as_object().cloned().unwrap_or_default()
}

const AXE_RUN: &str = "
    const done = arguments[arguments.length - 1];
    const line = (found) => `${found.id}: ${found.help} (${found.nodes.map((node) => node.target).join(', ')})`;
    axe.run().then((result) => done(result.violations.map(line)), (error) => done([String(error)]));
";

/// A command of chromedriver beyond the WebDriver standard.
#[derive(Debug)]
struct Extension {
    command: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.command
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

/// An XPath to whatever a person can click and that says exactly `text`.
fn by_text(text: &str) -> String {
    // XPath 1.0 has no escapes: the quotes are those that the text does not use.
    let quote = if text.contains('"') { '\'' } else { '"' };
    format!(
        "//*[self::a or self::button or self::label or self::summary]\
         [normalize-space()={quote}{text}{quote}] | \
         //input[@type='submit' and @value={quote}{text}{quote}]"
    )
}

fn done<T>(result: Result<T, CmdError>, what: &str) -> T {
    result.unwrap_or_else(|error| panic!("{what}: {error}"))
}
