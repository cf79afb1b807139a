//! What is logged of requests that nobody should send: one line of JSON for each event, without
//! control characters, and without anything that came in a query, a header or a form.

use std::{
    io,
    sync::{Arc, Mutex},
};

use axum::body::Body;
use http::{Request, header};
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use rolecall::{config::Environment, paths, telemetry};
use serde_json::Value;
use tracing_subscriber::layer::SubscriberExt as _;
use url::form_urlencoded;

use crate::support::app::TestApp;

/// Nothing that the program says of itself has this in it.
const MARK: &str = "SECRET-of-somebody";
const REQUESTS: usize = 150;

/// The log, where it is written.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What somebody sends who looks for trouble.
#[derive(Clone, Debug)]
struct Sent {
    path: String,
    parameters: Vec<(&'static str, String)>,
    header: &'static str,
    value: Vec<u8>,
    is_post: bool,
}

/// A text with the mark in it, among whatever a terminal or a log would stumble over.
fn trouble() -> impl Strategy<Value = String> {
    let around = || r#"[\x00-\x1f\x7f-\x9f\u{2028}\u{202e}"\\\[{};ma-z%]{0,12}"#;
    (around(), around()).prop_map(|(before, after)| format!("{before}{MARK}{after}"))
}

fn sent() -> impl Strategy<Value = Sent> {
    let path = prop::sample::select(vec![
        paths::CALLBACK,
        paths::AUTHENTICATE,
        paths::LOGOUT,
        paths::BACKCHANNEL_LOGOUT,
        paths::POLLS,
        paths::API_TOKEN,
        paths::API_CALLBACK,
        paths::API_PRIVATE,
        paths::USER,
        "/polls/7/vote/",
        "/nowhere/%1b%5b2J%0aWARN%20/",
    ]);
    let name = prop::sample::select(vec![
        "code",
        "state",
        "error",
        "error_description",
        "iss",
        "next",
        "csrf_token",
        "logout_token",
        "grant_type",
        "choice",
        "provider",
    ]);
    let header = prop::sample::select(vec![
        "cookie",
        "authorization",
        "user-agent",
        "referer",
        "origin",
        "x-forwarded-for",
        "x-request-id",
        "accept-language",
        "traceparent",
        "content-type",
        "sec-fetch-site",
    ]);
    let parameters = prop::collection::vec((name, trouble()), 0..4);
    let value = (trouble(), any::<bool>()).prop_map(|(text, is_session)| {
        let text = if is_session {
            format!("rolecall={text}; Bearer {text}")
        } else {
            text
        };
        text.into_bytes()
    });
    (path, parameters, header, value, any::<bool>()).prop_map(
        |(path, parameters, header, value, is_post)| Sent {
            path: path.to_owned(),
            parameters,
            header,
            value,
            is_post,
        },
    )
}

impl Sent {
    fn request(&self) -> Request<Body> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(&self.parameters);
        let form = form.finish();
        let request = if self.is_post {
            Request::post(&self.path)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        } else {
            Request::get(format!("{}?{form}", self.path))
        };
        // What cannot stand in a header never reaches us in one.
        let visible = self
            .value
            .iter()
            .copied()
            .filter(|byte| *byte >= 0x20 && *byte != 0x7f);
        let value = header::HeaderValue::from_bytes(&visible.collect::<Vec<_>>());
        let request = request.header(self.header, value.expect("a value"));
        request.body(Body::from(form)).expect("a request")
    }
}

/// FZ-12, SEC-23.
#[tokio::test]
async fn whatever_is_sent_the_log_is_lines_of_json_that_do_not_repeat_it() {
    let app = TestApp::start().await;
    let kept = Kept::default();
    let env = Environment::from([("ROLECALL_LOG", "trace"), ("ROLECALL_LOG_FORMAT", "json")]);
    let writer = kept.clone();
    let log = telemetry::log(&env, move || writer.clone());
    let _logged = tracing::subscriber::set_default(tracing_subscriber::registry().with(log));
    let mut runner = TestRunner::deterministic();
    for _ in 0..REQUESTS {
        let sent = sent().new_tree(&mut runner).expect("something").current();
        let answer = app.send(sent.request()).await;
        assert!(
            answer.status().as_u16() < 500,
            "{sent:?}: {}",
            answer.status()
        );
    }
    let log = String::from_utf8(kept.0.lock().expect("no panic").clone()).expect("text");
    assert!(log.lines().count() >= REQUESTS, "{log}");
    for line in log.split_terminator('\n') {
        assert!(!line.chars().any(char::is_control), "{line:?}");
        let read: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        assert!(read["level"].is_string(), "{line}");
        assert!(!line.contains(MARK), "{line}");
    }
}
