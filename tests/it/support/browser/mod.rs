//! A headless Chromium that a test drives like a person: by what the page shows.
//! Knows chromedriver and nothing of rolecall. Every method waits for what it needs, up to
//! [`PATIENCE`], and panics with the page's address and text when it does not come.

mod chromium;
mod look;

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use fantoccini::{
    Client, ClientBuilder, Locator, elements::Element, error::CmdError, key::Key, wd::WindowHandle,
};
use hyper_timeout::TimeoutConnector;
use hyper_util::client::legacy::connect::HttpConnector;

pub use self::chromium::Options;
use self::chromium::capabilities;
use super::environment;

/// How long a page may take to show what a test looks for.
const PATIENCE: Duration = Duration::from_mins(1);

/// How long chromedriver may take to answer; longer than it gives a page or a script. A driver
/// that hangs fails the test that asked it, and not the whole run.
const DRIVER_TIMEOUT: Duration = Duration::from_mins(1);

/// How long from one look at a page to the next.
const GLANCE: Duration = Duration::from_millis(20);

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
        let mut connector = TimeoutConnector::new(HttpConnector::new());
        connector.set_connect_timeout(Some(DRIVER_TIMEOUT));
        connector.set_read_timeout(Some(DRIVER_TIMEOUT));
        let client = ClientBuilder::new(connector)
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

    /// Presses a key where the focus is.
    pub async fn press(&self, key: Key) {
        let focused = done(self.client.active_element().await, "focus");
        done(focused.send_keys(&key).await, "key");
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
