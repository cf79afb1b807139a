//! What is logged of requests that nobody should send: one line of JSON for each event, without
//! control characters, and without anything that came in a query, a header or a form.

use demo_idp::Running;
use http::{HeaderValue, header};
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use reqwest::{Client, RequestBuilder};
use rolecall::{clock::Clock, paths};
use serde_json::Value;
use url::form_urlencoded;

use crate::support::{
    app::provider,
    http_client,
    program::{self, Program, free_address},
};

/// Nothing that the program says of itself has this in it.
const MARK: &str = "SECRET-of-somebody";
const REQUESTS: usize = 150;

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
    fn request(&self, client: &Client, base_url: &str) -> RequestBuilder {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(&self.parameters);
        let (form, address) = (form.finish(), format!("{base_url}{}", self.path));
        let request = if self.is_post {
            client
                .post(address)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form)
        } else {
            client.get(format!("{address}?{form}"))
        };
        // What cannot stand in a header never reaches us in one.
        let visible = self.value.iter().copied();
        let visible = visible.filter(|byte| *byte >= 0x20 && *byte != 0x7f);
        let value = HeaderValue::from_bytes(&visible.collect::<Vec<_>>());
        request.header(self.header, value.expect("a value"))
    }
}

/// A program that logs everything, as JSON. In a process of its own: the threads of the database
/// close spans of requests, and know no log but that of the whole process.
async fn talkative() -> (Program, Running) {
    let address = free_address();
    let provider = provider(&Clock::System, &program::base_url(address)).await;
    let settings = program::settings_with(&provider, "sqlite:rolecall.db");
    let talkative = "ROLECALL_LOG=trace\nROLECALL_LOG_FORMAT=json\n";
    let program = Program::start(address, &format!("{settings}{talkative}")).await;
    (program, provider)
}

/// FZ-12, SEC-23.
#[tokio::test]
async fn whatever_is_sent_the_log_is_lines_of_json_that_do_not_repeat_it() {
    let ((mut program, _provider), client) = (talkative().await, http_client());
    let mut runner = TestRunner::deterministic();
    for _ in 0..REQUESTS {
        let sent = sent().new_tree(&mut runner).expect("something").current();
        let answer = sent.request(&client, &program.base_url).send().await;
        let status = answer.expect("an answer").status();
        assert!(status.as_u16() < 500, "{sent:?}: {status}");
    }
    let log = program.kill().await;
    assert!(log.lines().count() >= REQUESTS, "{log}");
    for line in log.split_terminator('\n') {
        assert!(!line.chars().any(char::is_control), "{line:?}");
        let read: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        assert!(read["level"].is_string(), "{line}");
        assert!(!line.contains(MARK), "{line}");
    }
}
