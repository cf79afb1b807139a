//! What a page shows, and what the browser knows about it.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use fantoccini::Locator;
use serde_json::{Value, json};
use url::Url;

use super::{Browser, chromium::Extension, done};
use crate::support::environment;

/// WCAG 2.2, levels A and AA, and what axe-core itself calls best practice. Named one by one:
/// what is new in 2.2 is off by default.
const AXE_RUN: &str = "
    const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const done = arguments[arguments.length - 1];
    const line = (found) => `${found.id}: ${found.help} (${found.nodes.map((node) => node.target).join(', ')})`;
    axe.run({ runOnly: RULES }).then((result) => done(result.violations.map(line)), (error) => done([String(error)]));
";

impl Browser {
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

    /// Forgets a cookie of this page's site.
    pub async fn forget_cookie(&self, name: &str) {
        done(self.client.delete_cookie(name).await, name);
    }

    /// Runs a script as developer tools do, beyond the page's policy and setting.
    pub async fn execute(&self, script: &str, arguments: Vec<Value>) -> Value {
        done(self.client.execute(script, arguments).await, script)
    }

    /// Shows the page as on another screen, `width` CSS pixels wide. For this tab only.
    pub async fn look_as(&self, width: u32, dark: bool) {
        let screen =
            json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false });
        let colors = if dark { "dark" } else { "light" };
        // What moves would be judged on its way from one colour to the other.
        let media = json!({ "features": [
            { "name": "prefers-color-scheme", "value": colors },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]});
        for (cmd, params) in [
            ("Emulation.setDeviceMetricsOverride", screen),
            ("Emulation.setEmulatedMedia", media),
        ] {
            let body = json!({ "cmd": cmd, "params": params });
            self.extension("goog/cdp/execute", body).await;
        }
    }

    /// Waits until an element matches whose text this is; a script puts it there.
    pub async fn await_text(&self, css: &str, text: &str) {
        let condition = format!("//*[normalize-space(.)='{text}']");
        self.find(Locator::XPath(&condition)).await;
        assert_eq!(self.text(css).await, text);
    }

    /// Whether an element that matches can be seen.
    pub async fn is_shown(&self, css: &str) -> bool {
        let found = done(self.client.find_all(Locator::Css(css)).await, css);
        for element in found {
            if done(element.is_displayed().await, css) {
                return true;
            }
        }
        false
    }

    /// Shows the page as on paper.
    pub async fn print_style(&self) {
        let body = json!({ "cmd": "Emulation.setEmulatedMedia", "params": { "media": "print" } });
        self.extension("goog/cdp/execute", body).await;
    }

    /// How far the page can be scrolled sideways, in CSS pixels.
    pub async fn sideways(&self) -> i64 {
        const EXCESS: &str =
            "return document.scrollingElement.scrollWidth - document.documentElement.clientWidth";
        let excess = self.execute(EXCESS, vec![]).await;
        excess.as_i64().expect("a number of pixels")
    }

    /// Saves a picture (WebP) of the whole page, also of what lies below the viewport.
    pub async fn screenshot(&self, path: impl AsRef<Path>) {
        let whole = json!({ "format": "webp", "quality": 85, "captureBeyondViewport": true });
        let body = json!({ "cmd": "Page.captureScreenshot", "params": whole });
        let answer = self.extension("goog/cdp/execute", body).await;
        let picture = STANDARD.decode(answer["data"].as_str().unwrap_or_default());
        tokio::fs::write(path, picture.expect("a picture in base64"))
            .await
            .expect("a writable path");
    }

    /// What the browser warned of since the last call: blocked by the page's policy, not found,
    /// an error in a script. That this page itself is an error page is no complaint.
    pub async fn complaints(&self) -> Vec<String> {
        let page = self.url().await;
        let log = self.extension("se/log", json!({ "type": "browser" })).await;
        let entries = log.as_array().cloned().unwrap_or_default();
        let messages = entries
            .iter()
            .filter(|entry| entry["level"] != "INFO")
            .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned());
        messages
            .filter(|message| !message.starts_with(&format!("{page} - Failed to load resource")))
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

    async fn extension(&self, command: &'static str, body: Value) -> Value {
        done(
            self.client.issue_cmd(Extension { command, body }).await,
            command,
        )
    }
}
