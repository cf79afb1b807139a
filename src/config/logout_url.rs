//! A way of signing out that no specification knows.

use url::Url;

/// A provider's own way of signing out: an address whose query has places to fill in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LogoutUrl(Url);

impl LogoutUrl {
    /// What the query can hold.
    pub const PLACES: [&str; 2] = ["{client_id}", "{post_logout_redirect_uri}"];

    /// Takes `url` when nothing but its query has places, and only those that are known.
    #[must_use]
    pub fn new(url: Url) -> Option<Self> {
        let strange = |text: &str| text.contains(['{', '}']) || text.contains("%7B");
        let is_known = |value: &str| {
            let [id, back] = Self::PLACES;
            !strange(&value.replace(id, "").replace(back, ""))
        };
        let known = url
            .query_pairs()
            .all(|(name, value)| !strange(&name) && is_known(&value));
        (known && !strange(url.path()) && url.fragment().is_none()).then_some(Self(url))
    }

    /// Its origin.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The address for the client `client_id`, which wants the browser back at `back`.
    #[must_use]
    pub fn fill(&self, client_id: &str, back: &str) -> Url {
        let places = Self::PLACES;
        let fill = |value: &str| {
            let filled = places.iter().zip([client_id, back]);
            filled.fold(value.to_owned(), |value, (place, with)| {
                value.replace(place, with)
            })
        };
        let mut url = self.0.clone();
        let pairs = self.0.query_pairs();
        url.query_pairs_mut()
            .clear()
            .extend_pairs(pairs.map(|(name, value)| (name.into_owned(), fill(&value))));
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<LogoutUrl> {
        LogoutUrl::new(Url::parse(text).unwrap())
    }

    #[test]
    fn the_places_in_the_query_are_filled_in_and_the_rest_stays() {
        let url = "https://id.example/v2/logout?x=a%20b&client_id={client_id}&returnTo={post_logout_redirect_uri}";
        let filled = parse(url)
            .unwrap()
            .fill("a&b", "https://polls.example/oidc/logout/");
        assert_eq!(
            filled.as_str(),
            "https://id.example/v2/logout?x=a+b&client_id=a%26b\
             &returnTo=https%3A%2F%2Fpolls.example%2Foidc%2Flogout%2F"
        );
    }

    #[test]
    fn other_places_are_refused() {
        for url in [
            "https://id.example/{client_id}/logout",
            "https://id.example/logout?hint={id_token}",
            "https://id.example/logout?{client_id}=1",
            "https://id.example/logout?a={client_id",
            "https://id.example/logout#{client_id}",
        ] {
            assert_eq!(parse(url), None, "{url}");
        }
    }
}
