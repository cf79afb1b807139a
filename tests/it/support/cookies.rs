//! A cookie jar that is as simple as the sites in these tests.

use std::collections::BTreeMap;

use http::{HeaderMap, header};

/// The cookies of one site, by name.
pub type Cookies = BTreeMap<String, String>;

/// What goes into the `Cookie` header; empty when there is none.
pub fn line(cookies: &Cookies) -> String {
    let pairs = cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"));
    pairs.collect::<Vec<_>>().join("; ")
}

/// Takes over what an answer sets and removes.
pub fn keep(cookies: &mut Cookies, headers: &HeaderMap) {
    for line in headers.get_all(header::SET_COOKIE) {
        let line = line.to_str().expect("text");
        let (name, rest) = line.split_once('=').expect("a cookie");
        let value = rest.split(';').next().unwrap_or_default();
        let gone = value.is_empty() || rest.contains("Max-Age=0") || rest.contains("1970");
        if gone {
            cookies.remove(name);
        } else {
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}
