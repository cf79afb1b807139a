//! The query of a list's address: what is searched, filtered, sorted and shown.

use std::{collections::BTreeMap, convert::Infallible, fmt::Display};

use axum::extract::FromRequestParts;
use http::request::Parts;
use url::form_urlencoded;

/// Longest query taken, in bytes; a longer one asks for nothing.
const LONGEST: usize = 1024;

/// The query of a list's address: what is searched, filtered and shown.
///
/// It takes any text: an unknown name changes nothing, a name without a value is left out, and
/// of a name given twice the last value counts.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Query(BTreeMap<String, String>);

impl Query {
    /// Reads `q=day&state=open`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        if text.len() > LONGEST {
            return Self::default();
        }
        let pairs = form_urlencoded::parse(text.as_bytes()).into_owned();
        Self(pairs.filter(|(_, value)| !value.is_empty()).collect())
    }

    /// The value of `name`, or nothing.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The page asked for, from 1.
    #[must_use]
    pub fn page(&self) -> i64 {
        self.get("page").parse().unwrap_or(1).max(1)
    }

    /// The same list with one thing set, from its first page; an empty value takes it away.
    #[must_use]
    pub fn with(&self, name: &str, value: impl Display) -> Self {
        let mut changed = self.0.clone();
        changed.remove("page");
        changed.insert(name.to_owned(), value.to_string());
        changed.retain(|_, value| !value.is_empty());
        Self(changed)
    }

    /// The pairs of name and value, but for those of `names`.
    pub fn others<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a str)> {
        let pairs = self
            .0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        pairs.filter(|(name, _)| !names.contains(name))
    }

    /// The address of this list at `path`.
    #[must_use]
    pub fn at(&self, path: &str) -> String {
        if self.0.is_empty() {
            return path.to_owned();
        }
        format!("{path}?{self}")
    }

    /// The address of this list at `path` without its number of page, which goes at the end.
    #[must_use]
    pub fn pages_at(&self, path: &str) -> String {
        let joint = |address: &str| if address.contains('?') { '&' } else { '?' };
        let address = self.with("page", "").at(path);
        format!("{address}{}page=", joint(&address))
    }

    /// `path` with this query wrapped up in `list`, so that the page there can lead back here.
    #[must_use]
    pub fn carried_to(&self, path: &str) -> String {
        Self::default().with("list", self).at(path)
    }

    /// The list that [`Query::carried_to`] wrapped up.
    #[must_use]
    pub fn carried(&self) -> Self {
        Self::parse(self.get("list"))
    }
}

impl Display for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = form_urlencoded::Serializer::new(String::new());
        f.write_str(&text.extend_pairs(&self.0).finish())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn filters_stay_when_the_page_is_turned_and_the_page_goes_when_a_filter_is_set() {
        let query = Query::parse("state=open&q=two+words&page=3");
        assert_eq!(query.page(), 3);
        assert_eq!(query.pages_at("/x/"), "/x/?q=two+words&state=open&page=");
        assert_eq!(query.with("state", "").at("/x/"), "/x/?q=two+words");
        assert_eq!(Query::default().pages_at("/x/"), "/x/?page=");
    }

    #[test]
    fn a_list_is_found_again_after_an_edit() {
        let query = Query::parse("q=50%25+%26+more&page=2");
        let there = query.carried_to("/admin/polls/7/");
        let (_, carried) = there.split_once('?').unwrap();
        assert_eq!(Query::parse(carried).carried(), query);
    }

    #[test]
    fn nonsense_asks_for_the_first_page_of_everything() {
        for text in [
            "page=0",
            "page=-4",
            "page=x",
            "page=99999999999999999999",
            "",
            "&&&",
        ] {
            assert_eq!(Query::parse(text).page(), 1, "{text}");
        }
        assert_eq!(Query::parse(&"q=".repeat(LONGEST)), Query::default());
    }

    proptest! {
        #[test]
        fn any_query_survives_being_written_down(text in "\\PC{0,60}") {
            let query = Query::parse(&text);
            prop_assert_eq!(Query::parse(&query.to_string()), query);
        }
    }
}
