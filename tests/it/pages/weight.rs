//! What a page weighs on its way to a phone.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use rolecall::assets;

use super::{crawl::Seen, hold};
use crate::support::app::TestApp;

/// HTML and styles together, compressed, in bytes.
const HEAVIEST: usize = 30_000;

/// How long it is when compressed.
fn compressed(text: &str) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(text.as_bytes());
    let bytes = written.and_then(|()| encoder.finish());
    bytes.expect("memory to write to").len()
}

/// X7, PF-11.
#[tokio::test]
async fn no_page_weighs_more_than_thirty_kilobytes_with_its_styles() {
    let app = TestApp::start().await;
    let styles = app.anonymous().get(&assets::APP_CSS).await.text;
    let styles = compressed(&styles);
    assert!(styles > 1000, "the styles are there");
    hold(Seen::is_page, |seen| {
        let weight = styles + compressed(&seen.reply.text);
        (weight > HEAVIEST).then(|| format!("{weight} bytes"))
    })
    .await;
}
