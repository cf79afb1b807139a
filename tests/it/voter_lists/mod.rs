//! Polls whose voters are named on a list: from the file that Ada sends to the vote of somebody
//! who had never signed in.

mod editing;
mod listing;
mod names;
mod uploads;
mod voting;

use axum::body::Body;
use http::{Request, header};

use crate::{
    console,
    support::person::{Person, Reply},
};

const BOUNDARY: &str = "end-of-field";

/// Ada saves a new poll for people on a list; the address of its page in the console.
async fn listed_poll(ada: &mut Person<'_>, changes: &[(&str, &str)]) -> String {
    console::add(ada, &[&[("roll_mode", "list")], changes].concat()).await
}

/// Ada sends a file.
pub async fn send(ada: &mut Person<'_>, path: &str, file: &str) -> Reply {
    let token = ada.csrf_token().await;
    send_with(ada, path, &[("csrf_token", &token), ("file", file)]).await
}

/// A form with these fields, as a browser sends it that holds a file.
async fn send_with(ada: &mut Person<'_>, path: &str, fields: &[(&str, &str)]) -> Reply {
    let field = |(name, content): &(&str, &str)| {
        let file = if *name == "file" {
            "; filename=\"voters.csv\""
        } else {
            ""
        };
        format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n"
        )
    };
    let body: String = fields.iter().map(field).collect();
    let request = Request::post(format!("{path}voters/upload/"))
        .header(header::ACCEPT, "text/html")
        .header(
            header::CONTENT_TYPE,
            format!("multipart/form-data; boundary={BOUNDARY}"),
        );
    ada.send(request, Body::from(format!("{body}--{BOUNDARY}--\r\n")))
        .await
}

/// Ada sends a file and saves it.
pub async fn upload(ada: &mut Person<'_>, path: &str, file: &str) {
    let sent = send(ada, path, file).await;
    let preview = format!("{path}voters/preview/");
    assert_eq!(
        (sent.status.as_u16(), sent.location()),
        (303, preview.as_str()),
        "{}",
        sent.text
    );
    let shown = ada.get(&preview).await;
    assert_eq!(shown.status, 200, "{}", shown.text);
    let saved = ada.post(&preview, &[]).await;
    let voters = format!("{path}voters/");
    assert_eq!(
        (saved.status.as_u16(), saved.location()),
        (303, voters.as_str()),
        "{}",
        saved.text
    );
}

/// The names on the list, as its page shows them.
async fn names(ada: &mut Person<'_>, path: &str) -> Vec<String> {
    ada.get(&format!("{path}voters/")).await.texts("tbody th")
}
