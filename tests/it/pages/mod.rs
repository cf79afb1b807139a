//! What holds for every page and every answer, whoever asks: read off all pages that can be
//! reached by links and forms, and those that mistakes lead to.

mod console;
mod crawl;
mod languages;
mod rare;
mod templates;
mod usual;
mod voters;
mod weight;

use std::sync::Arc;

use scraper::Html;

use self::crawl::{Seen, everything};
use crate::support::app::TestApp;

/// The headers of every answer; a poll's page may say more, never less.
const ALWAYS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    ("vary", "Accept-Language, Cookie"),
];

/// The directives of the content security policy, but for `form-action` and `img-src`.
const POLICY: [&str; 8] = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
];

/// Fails with one line for each answer that breaks the rule.
async fn hold(applies: impl Fn(&Seen) -> bool, rule: impl Fn(&Seen) -> Option<String>) {
    let seen: Vec<_> = everything()
        .await
        .iter()
        .filter(|seen| applies(seen))
        .collect();
    assert!(seen.len() > 5, "only {} answers to look at", seen.len());
    let breaches = seen
        .iter()
        .filter_map(|seen| rule(seen).map(|breach| format!("{seen}: {breach}")));
    let breaches: Vec<_> = breaches.collect();
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

/// The elements that match, as text.
fn elements(seen: &Seen, css: &str) -> Vec<String> {
    let selector = scraper::Selector::parse(css).expect("a selector");
    let page = Html::parse_document(&seen.reply.text);
    page.select(&selector)
        .map(|element| element.html())
        .collect()
}

/// X5.
#[tokio::test]
async fn every_page_has_one_heading_a_language_and_a_title_of_its_own() {
    hold(Seen::is_page, |seen| {
        let title = seen.reply.text_of("title");
        let own = title.strip_suffix(" – Rolecall").unwrap_or_default();
        let headings = seen.reply.texts("h1");
        let language = ["lang", "dir"].map(|name| seen.reply.attributes("html", name));
        let fits = matches!(&headings[..], [heading] if !heading.is_empty()) && !own.is_empty();
        let is_english = language == [["en"], ["ltr"]];
        (!fits || !is_english)
            .then(|| format!("title {title:?}, h1 {headings:?}, language {language:?}"))
    })
    .await;
}

/// A37.
#[tokio::test]
async fn no_page_holds_a_style_or_a_script_but_for_files_of_ours() {
    let attribute = |seen: &Seen| {
        let page = Html::parse_document(&seen.reply.text);
        let attributes = page
            .root_element()
            .descendent_elements()
            .flat_map(|element| {
                element
                    .value()
                    .attrs()
                    .map(|(name, _)| name)
                    .collect::<Vec<_>>()
            });
        attributes
            .filter(|name| *name == "style" || name.starts_with("on"))
            .map(str::to_owned)
            .next()
    };
    hold(Seen::is_page, |seen| {
        let of_ours = r#"script[src^="/static/"][defer]:empty"#;
        let forbidden = format!("style, script:not({of_ours}), base, iframe, object");
        let element = elements(seen, &forbidden).pop();
        element.or_else(|| attribute(seen))
    })
    .await;
}

#[tokio::test]
async fn no_id_occurs_twice_on_a_page() {
    hold(Seen::is_page, |seen| {
        let mut ids = seen.reply.attributes("[id]", "id");
        ids.sort();
        let twice = ids.windows(2).find(|pair| pair[0] == pair[1]);
        twice.map(|pair| pair[0].clone())
    })
    .await;
}

#[tokio::test]
async fn every_reference_from_one_element_to_another_finds_it() {
    hold(Seen::is_page, |seen| {
        let ids = seen.reply.attributes("[id]", "id");
        let references = ["for", "aria-labelledby", "aria-describedby"]
            .into_iter()
            .flat_map(|name| seen.reply.attributes(&format!("[{name}]"), name));
        let references: Vec<_> = references.collect();
        let mut words = references.iter().flat_map(|ids| ids.split_whitespace());
        let lost = words.find(|word| !ids.iter().any(|id| id == word));
        lost.map(str::to_owned)
    })
    .await;
}

/// Z-27, A-5.
#[tokio::test]
async fn every_form_that_changes_something_carries_the_token() {
    hold(
        |seen| !elements(seen, "form[method=post]").is_empty(),
        |seen| {
            let bare = elements(seen, "form[method=post]:not(:has(input[name=csrf_token]))");
            bare.into_iter().next()
        },
    )
    .await;
}

/// A-19.
#[tokio::test]
async fn every_link_and_form_leads_somewhere() {
    hold(Seen::was_linked, |seen| {
        let status = seen.reply.status;
        let lost = status.is_server_error() || [404, 405].contains(&status.as_u16());
        lost.then(|| status.to_string())
    })
    .await;
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect_it() {
    hold(
        |_| true,
        |seen| {
            let policy = seen.reply.header("content-security-policy");
            let directives: Vec<_> = policy.split(';').map(str::trim).collect();
            let missing = POLICY.iter().find(|wanted| !directives.contains(wanted));
            let wrong = ALWAYS
                .iter()
                .find(|(name, value)| !seen.reply.header(name).contains(value));
            let chatty = ["server", "x-powered-by"]
                .into_iter()
                .find(|name| !seen.reply.header(name).is_empty());
            let form_action = directives
                .iter()
                .any(|directive| directive.starts_with("form-action 'self'"));
            // A portrait is at the provider.
            let has_portrait = seen.reply.text.contains("class=\"portrait\"");
            let images = directives.contains(&"img-src 'self'") != has_portrait;
            missing
                .copied()
                .or((!images).then_some("img-src"))
                .or(wrong.map(|(name, _)| *name))
                .or(chatty)
                .or((!form_action).then_some("form-action"))
                .map(str::to_owned)
        },
    )
    .await;
}

/// X8, K-9.
#[tokio::test]
async fn nothing_but_static_files_is_kept_by_browsers_or_caches() {
    hold(
        |_| true,
        |seen| {
            let cached = seen.reply.header("cache-control");
            let is_file = seen.path.starts_with("/static/") && seen.reply.status == 200;
            let fits = if is_file {
                cached.contains("immutable")
            } else {
                cached == "no-store"
            };
            (!fits).then(|| format!("{cached:?}"))
        },
    )
    .await;
}

#[tokio::test]
async fn every_answer_with_a_body_says_what_it_is() {
    hold(
        |seen| !seen.reply.text.is_empty(),
        |seen| {
            let kind = seen.reply.header("content-type");
            let known = [
                "text/html; charset=utf-8",
                "text/plain; charset=utf-8",
                "text/css; charset=utf-8",
                "text/csv; charset=utf-8",
                "text/javascript; charset=utf-8",
                "image/svg+xml",
                "application/json",
                "application/problem+json",
            ];
            (!known.contains(&kind)).then(|| format!("{kind:?}"))
        },
    )
    .await;
}

#[tokio::test]
async fn over_https_every_answer_asks_for_https_from_now_on() {
    use crate::support::database::Engine;
    let app = TestApp::start_with(Engine::of_this_run(), |config| {
        let address = "https://polls.example.org";
        config.site.base_url = Arc::new(address.parse().expect("an address"));
    })
    .await;
    for path in ["/", "/polls", "/nowhere/", "/polls/1/", "/user"] {
        let reply = app.anonymous().get(path).await;
        let policy = reply.header("strict-transport-security");
        assert_eq!(policy, "max-age=31536000; includeSubDomains", "{path}");
    }
}
