//! Headers on every answer. Foundation: knows no feature.

use std::{collections::BTreeMap, sync::Arc};

use arc_swap::ArcSwap;
use axum::{extract::Request, response::Response};
use http::{Extensions, HeaderMap, HeaderName, HeaderValue, header, header::InvalidHeaderValue};
use tower_http::compression::{CompressionLayer, DefaultPredicate, Predicate};

use crate::config::SiteConfig;

/// Origins beside our own that a form's answer may lead to. Browsers apply `form-action` to the
/// redirect after a POST, and signing out leads to the provider.
#[derive(Clone, Debug, Default)]
pub struct FormTargets(Arc<ArcSwap<Targets>>);

#[derive(Debug)]
struct Targets {
    of_providers: BTreeMap<String, String>,
    /// The policy of pages without pictures from elsewhere, which nearly all are.
    usual_policy: HeaderValue,
}

impl FormTargets {
    /// Allows the `origins` of `provider`, separated by blanks, from now on.
    pub fn allow(&self, provider: &str, origins: &str) {
        self.0.rcu(|targets| {
            let mut targets = targets.of_providers.clone();
            targets.insert(provider.to_owned(), origins.to_owned());
            Targets::new(targets)
        });
    }

    fn policy(&self, pictures: &str) -> HeaderValue {
        Targets::policy(&self.0.load().of_providers, pictures)
    }

    fn usual_policy(&self) -> HeaderValue {
        self.0.load().usual_policy.clone()
    }
}

impl Targets {
    fn new(of_providers: BTreeMap<String, String>) -> Self {
        Self {
            usual_policy: Self::policy(&of_providers, ""),
            of_providers,
        }
    }

    /// Without the targets when these are no header text: a form is then stuck, but no page is
    /// ever sent without a policy.
    fn policy(of_providers: &BTreeMap<String, String>, pictures: &str) -> HeaderValue {
        let targets: Vec<_> = of_providers.values().map(String::as_str).collect();
        let allowed = policy(pictures, &targets.join(" "));
        allowed
            .or_else(|_| policy("", ""))
            .unwrap_or(HeaderValue::from_static("default-src 'none'"))
    }
}

impl Default for Targets {
    fn default() -> Self {
        Self::new(BTreeMap::new())
    }
}

/// On an answer: its pictures may come from this origin as well.
#[derive(Clone)]
pub struct PicturesFrom(pub String);

fn policy(pictures: &str, targets: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    HeaderValue::from_str(&format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' {pictures}; \
             connect-src 'self'; font-src 'none'; form-action 'self' {targets}; base-uri 'none'; \
             frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'"
    ))
}

/// The same on every answer.
const ALWAYS: [(HeaderName, HeaderValue); 6] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    ),
    (
        header::VARY,
        HeaderValue::from_static("Accept-Language, Cookie"),
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];

const A_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// Marks an answer to a request without any cookie: the same for everybody.
#[derive(Clone, Copy)]
struct Impersonal;

/// Compresses what is the same for everybody and large enough. A personal page is never
/// compressed: its length would tell about its secrets (the BREACH attack).
#[must_use]
pub fn compression() -> CompressionLayer<impl Predicate> {
    let impersonal =
        |_, _, _: &HeaderMap, extensions: &Extensions| extensions.get::<Impersonal>().is_some();
    CompressionLayer::new().compress_when(DefaultPredicate::new().and(impersonal))
}

/// Whether `request` brings nothing by which one person's answer could differ from another's.
#[must_use]
pub fn is_impersonal(request: &Request) -> bool {
    let has = |name| request.headers().contains_key(name);
    !has(header::COOKIE) && !has(header::AUTHORIZATION)
}

/// Adds the headers. What a handler has set itself stays.
pub fn apply(
    response: &mut Response,
    site: &SiteConfig,
    targets: &FormTargets,
    is_impersonal: bool,
) {
    if is_impersonal {
        response.extensions_mut().insert(Impersonal);
    }
    let pictures = response.extensions_mut().remove();
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(value);
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert_with(|| match pictures {
            Some(PicturesFrom(origin)) => targets.policy(&origin),
            None => targets.usual_policy(),
        });
    if site.base_url.scheme() == "https" {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, A_YEAR);
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
}
