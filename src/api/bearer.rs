//! The token of a request: in the `Authorization` header (RFC 6750, 2.1), nowhere else.

use http::{HeaderMap, Uri, header};

use super::refusal::Refusal;

/// Longest token looked at, in bytes.
const LONGEST: usize = 16 * 1024;

/// The bearer token of a request, `None` when it carries no credentials.
///
/// # Errors
/// When there is something else in its place, or more than one.
pub fn token<'h>(headers: &'h HeaderMap, uri: &Uri) -> Result<Option<&'h str>, Refusal> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    // A client must not send its token in more than one way (RFC 6750, 2).
    if values.next().is_some() || names_token(uri) {
        return Err(Refusal::InvalidRequest);
    }
    let value = value.to_str().map_err(|_| Refusal::InvalidToken)?;
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Refusal::UnsupportedTokenType);
    }
    let token = token.trim_matches(' ');
    if is_token(token) {
        Ok(Some(token))
    } else {
        Err(Refusal::InvalidToken)
    }
}

/// `b64token` of RFC 6750, 2.1.
fn is_token(text: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-._~+/".contains(c);
    let body = text.trim_end_matches('=');
    text.len() <= LONGEST && !body.is_empty() && body.chars().all(is_allowed)
}

/// Whether there is a token in the query as well, where it is never read (RFC 6750, 2.3).
fn names_token(uri: &Uri) -> bool {
    let query = uri.query().unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "access_token")
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(values: &[&[u8]], uri: &'static str) -> Result<Option<String>, &'static str> {
        let mut headers = HeaderMap::new();
        for value in values {
            let value = HeaderValue::from_bytes(value).unwrap();
            headers.append(header::AUTHORIZATION, value);
        }
        let token = token(&headers, &Uri::from_static(uri));
        token
            .map(|token| token.map(str::to_owned))
            .map_err(|refusal| refusal.code())
    }

    /// F-4, E-69.
    #[test]
    fn the_scheme_is_read_in_any_case() {
        for scheme in ["Bearer", "bearer", "BEARER", "Bearer "] {
            let value = format!("{scheme} a.b-c_d~e+f/g==");
            let token = read(&[value.as_bytes()], "/api/private");
            assert_eq!(token, Ok(Some("a.b-c_d~e+f/g==".to_owned())), "{scheme}");
        }
        assert_eq!(read(&[], "/api/private"), Ok(None));
    }

    /// F-13, SEC-68, SEC-70.
    #[test]
    fn what_is_no_single_token_is_told_apart() {
        let long = format!("Bearer {}", "a".repeat(LONGEST + 1));
        for (value, code) in [
            (&b"Basic YTpi"[..], "unsupported_token_type"),
            (b"", "unsupported_token_type"),
            (b"DPoP abc", "unsupported_token_type"),
            (b"Bearer", "invalid_token"),
            (b"Bearer ", "invalid_token"),
            (b"Bearer %", "invalid_token"),
            (b"Bearer a b", "invalid_token"),
            (b"Bearer ==", "invalid_token"),
            (b"Bearer \xc3\xa4", "invalid_token"),
            (long.as_bytes(), "invalid_token"),
        ] {
            let seen = String::from_utf8_lossy(value);
            assert_eq!(read(&[value], "/api/private"), Err(code), "{seen}");
        }
        let (one, twice) = (&b"Bearer a"[..], [&b"Bearer a"[..], b"Bearer a"]);
        assert_eq!(read(&twice, "/api/private"), Err("invalid_request"));
        let both = read(&[one], "/api/private?access_token=a");
        assert_eq!(both, Err("invalid_request"));
    }
}
