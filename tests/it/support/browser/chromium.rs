//! How chromedriver is asked for a Chromium, and for what WebDriver has no command.

use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use http::Method;
use serde_json::{Value, json};
use url::Url;

/// What Chromium needs to run unattended, as root, and without calling home.
const FLAGS: [&str; 10] = [
    "--headless=new",
    // As on a phone: a page has the whole width, and so has its picture.
    "--hide-scrollbars",
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

/// All settings are the browser's own and so hold for every tab; the equivalents of the
/// developer tools would hold for the first one only.
pub(super) fn capabilities(options: Options) -> Capabilities {
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

/// A command of chromedriver beyond the WebDriver standard.
#[derive(Debug)]
pub(super) struct Extension {
    pub(super) command: &'static str,
    pub(super) body: Value,
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
