//! Whether a script asks, and from which page.

use http::{HeaderMap, header};
use url::{Position, Url};

use crate::paths::ReturnPath;

/// Whether a script rather than a person waits for the answer.
#[must_use]
pub fn wants_json(headers: &HeaderMap) -> bool {
    let is = |name: &str, value: &str| {
        headers
            .get(name)
            .is_some_and(|sent| sent.as_bytes().eq_ignore_ascii_case(value.as_bytes()))
    };
    let accepts_html = headers.get(header::ACCEPT).is_none_or(|accept| {
        accept
            .to_str()
            .is_ok_and(|accept| accept.contains("text/html") || accept.contains("*/*"))
    });
    !accepts_html
        || is("x-requested-with", "XMLHttpRequest")
        || is("sec-fetch-mode", "cors")
        || is("sec-fetch-dest", "empty")
}

/// The page of this site that a request comes from, else the home page: a script's own address
/// is nothing to come back to.
pub(super) fn script_page(headers: &HeaderMap, base_url: &Url) -> ReturnPath {
    let referer = headers.get(header::REFERER);
    let referer = referer.and_then(|referer| Url::parse(referer.to_str().ok()?).ok());
    let page = referer.filter(|page| page.origin() == base_url.origin());
    page.map_or_else(ReturnPath::home, |page| {
        ReturnPath::parse(&page[Position::BeforePath..Position::AfterQuery])
    })
}
