//! Goes to every page that can be reached, as everybody, and makes the usual mistakes.

use std::{
    collections::{BTreeSet, VecDeque},
    fmt,
};

use demo_idp::Person as Account;
use tokio::sync::OnceCell;
use url::Url;

use super::{rare, usual};
use crate::support::{
    app::TestApp,
    person::{ACCEPT_LANGUAGE, Person, Reply},
};

/// An answer, and how it came to be.
pub struct Seen {
    /// Who asked.
    pub who: &'static str,
    /// For what, with the query.
    pub path: String,
    /// The page that led here; nothing when it was typed or is a mistake.
    from: Option<String>,
    /// What came back.
    pub reply: Reply,
}

impl Seen {
    /// Whether it is a page for people.
    pub fn is_page(&self) -> bool {
        self.reply.header("content-type").starts_with("text/html")
    }

    /// Whether a link or a form of ours led here.
    pub fn was_linked(&self) -> bool {
        self.from.is_some()
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {} ({})", self.who, self.path, self.reply.status)?;
        self.from
            .as_ref()
            .map_or(Ok(()), |from| write!(f, ", from {from}"))
    }
}

/// All answers, asked for once.
pub async fn everything() -> &'static [Seen] {
    static SEEN: OnceCell<Vec<Seen>> = OnceCell::const_new();
    SEEN.get_or_init(look_around).await
}

/// The same for people whose browsers ask for German.
pub async fn everything_in_german() -> &'static [Seen] {
    static SEEN: OnceCell<Vec<Seen>> = OnceCell::const_new();
    SEEN.get_or_init(|| ACCEPT_LANGUAGE.scope("de", look_around()))
        .await
}

async fn look_around() -> Vec<Seen> {
    let mut seen = Vec::new();
    rare::visit(&mut seen).await;
    let app = TestApp::start().await;
    app.op()
        .person(&Account::stan().sub, |stan| stan.email_verified = false)
        .expect("Stan");
    usual::fill(&app).await;
    usual::visit(&app, &mut seen).await;
    for (who, person) in [
        ("anonymous", app.anonymous()),
        ("Uma", app.uma().await),
        ("Stan", app.stan().await),
        ("Ada", app.ada().await),
    ] {
        crawl(who, person, &mut seen).await;
    }
    seen
}

/// Opens an address that nobody had to lead to.
pub async fn open_page(
    who: &'static str,
    person: &mut Person<'_>,
    path: &str,
    seen: &mut Vec<Seen>,
) {
    let reply = person.get(path).await;
    note(who, path, reply, seen);
}

/// Keeps an answer that no link led to.
pub fn note(who: &'static str, path: &str, reply: Reply, seen: &mut Vec<Seen>) {
    seen.push(Seen {
        who,
        path: path.to_owned(),
        from: None,
        reply,
    });
}

/// Follows every link and sends every form, without its token, so that nothing changes.
async fn crawl(who: &'static str, mut person: Person<'_>, seen: &mut Vec<Seen>) {
    let mut known = BTreeSet::new();
    let mut ahead = VecDeque::new();
    for start in ["/", "/user", "/logout", "/login", "/signup"] {
        ahead.push_back((start.to_owned(), None, false));
    }
    while let Some((path, from, is_post)) = ahead.pop_front() {
        if !known.insert((path.clone(), is_post)) {
            continue;
        }
        let reply = if is_post {
            person.post_without_token(&path, &[]).await
        } else {
            person.get(&path).await
        };
        let led = |target, is_post| (target, Some(path.clone()), is_post);
        let local = |page: &str, href: &str| local(page, href).filter(|target| is_new(target));
        if reply.status.is_redirection() {
            ahead.extend(local(&path, reply.location()).map(|target| led(target, false)));
        }
        for href in reply.attributes("a, link", "href") {
            ahead.extend(local(&path, &href).map(|target| led(target, false)));
        }
        for file in reply.attributes("script", "src") {
            ahead.extend(local(&path, &file).map(|target| led(target, false)));
        }
        for action in reply.attributes("form[method=post]", "action") {
            ahead.extend(local(&path, &action).map(|target| led(target, true)));
        }
        seen.push(Seen {
            who,
            path,
            from,
            reply,
        });
    }
}

/// Whether a list is not merely sorted, sized or narrowed in one more way: each of these is seen
/// by itself, and all combinations would be very many.
fn is_new(target: &str) -> bool {
    const VARIATIONS: [&str; 7] = [
        "sort=", "size=", "facets=", "date=", "actor=", "page=", "id=",
    ];
    let decoded = percent_encoding::percent_decode_str(target).decode_utf8_lossy();
    let query = decoded.split_once('?').map_or("", |(_, query)| query);
    let names = VARIATIONS.iter().map(|name| query.matches(name).count());
    let carries = query.starts_with("list=") && VARIATIONS.iter().any(|name| query.contains(name));
    names.sum::<usize>() + query.matches("sort=-").count() + query.matches(',').count() <= 1
        && !carries
}

/// Path and query of a link that stays on the site.
fn local(page: &str, href: &str) -> Option<String> {
    let base = Url::parse("http://localhost:8000").and_then(|base| base.join(page));
    let target = base.expect("an address").join(href).expect("an address");
    let is_here = target.port() == Some(8000) && target.scheme() == "http";
    is_here.then(|| match target.query() {
        Some(query) => format!("{}?{query}", target.path()),
        None => target.path().to_owned(),
    })
}
