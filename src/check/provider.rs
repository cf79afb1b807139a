//! Whether sign-in can work: what `serve` needs of the provider, one step after the other. What
//! depends on a step that failed is left out, because it would only repeat the failure.

use http::StatusCode;
use openidconnect::{
    JsonWebKey as _, JwsSigningAlgorithm as _,
    core::{CoreJsonWebKeySet, CoreJwsSigningAlgorithm},
};

use super::{Finding, store};
use crate::{
    clock::{Clock, Timestamp},
    config::{Config, is_loopback},
    db::Db,
    oidc::{
        http::{Document, Http, Outage},
        metadata::{self, Discovered, Metadata},
        probe::{self, Answer},
        transport::{TransportError, TransportErrorKind as Kind},
    },
};

/// How far the provider's clock may be off before its tokens are refused, in seconds.
const LEEWAY: u64 = 60;

/// Of the configured provider.
pub async fn findings(config: &Config, clock: &Clock, db: Option<&Db>) -> Vec<Finding> {
    let http = match Http::new(&config.oidc.op_base_url, config.oidc.timeout) {
        Ok(http) => http,
        Err(error) => return vec![no_client(&error.explained())],
    };
    let url = metadata::discovery_url(&config.oidc);
    let found = match http.document::<Metadata>(&url).await {
        Ok(found) => found,
        Err(error) => return vec![unreachable("discovery", &error, config)],
    };
    let answered_at = clock.now();
    let mut findings = vec![Finding::ok("discovery", format!("{url} answers."))];
    findings.extend(clock_offset(&found, answered_at));
    findings.extend(document(&found.content, config));
    findings.push(role_claim(config, db).await);
    findings.extend(registration(found.content, config, &http, answered_at).await);
    findings
}

fn no_client(why: &str) -> Finding {
    Finding::fail(
        "discovery",
        format!("The certificates of this machine cannot be used: {why}."),
        "Install the package ca-certificates.",
    )
}

fn unreachable(check: &'static str, error: &TransportError, config: &Config) -> Finding {
    let advice = match &error.kind {
        Kind::Dns => "Correct the host in OIDC_OP_BASE_URL, or this machine's name service.".into(),
        Kind::Refused => "Start the provider, or correct host and port in OIDC_OP_BASE_URL.".into(),
        Kind::Tls(_) => "Give the provider a certificate that this machine trusts; if it comes \
            from your own authority, point SSL_CERT_FILE to that authority's certificate."
            .into(),
        Kind::Timeout => format!(
            "Look for a firewall or proxy in between. OIDC_HTTP_TIMEOUT allows {} s.",
            config.oidc.timeout.as_secs()
        ),
        Kind::Redirect(_) => "Redirects are not followed: set OIDC_OP_BASE_URL to the address \
            that it leads to."
            .into(),
        Kind::Status(status) if status.is_server_error() => {
            "The provider has a problem of its own: look into its log.".into()
        }
        Kind::Status(StatusCode::TOO_MANY_REQUESTS) => {
            "The provider was asked too often: wait a little.".into()
        }
        Kind::Status(_) | Kind::WebPage | Kind::Unreadable(_) | Kind::TooLarge => {
            "Correct OIDC_OP_BASE_URL: it is the address to which \
             /.well-known/openid-configuration is added."
                .into()
        }
        Kind::Broken(_) => "Look whether the provider is well, and what is in between.".to_owned(),
    };
    Finding::fail(check, format!("{error}."), advice)
}

/// `exp`, `iat` and `nbf` are believed with a minute's leeway only.
fn clock_offset(found: &Document<Metadata>, now: Timestamp) -> Option<Finding> {
    const CHECK: &str = "clock";
    let date = found.date?;
    let (ahead, behind) = (now.since(date).as_secs(), date.since(now).as_secs());
    let offset = ahead.max(behind);
    if offset <= LEEWAY {
        return Some(Finding::ok(
            CHECK,
            format!("This machine and the provider agree within {LEEWAY} s."),
        ));
    }
    let side = if ahead > behind { "ahead of" } else { "behind" };
    Some(Finding::fail(
        CHECK,
        format!("This machine's clock is {offset} s {side} the provider's."),
        "Synchronise both with NTP: every ID token would be refused.",
    ))
}

/// What the discovery document says.
fn document(metadata: &Metadata, config: &Config) -> Vec<Finding> {
    let further = metadata.additional_metadata();
    vec![
        verdict(
            "issuer",
            metadata::check_issuer(metadata, &config.oidc),
            format!("It is {}.", metadata.issuer().as_str()),
            "Set OIDC_OP_BASE_URL to that issuer, if it is the provider that you mean.",
        ),
        verdict(
            "endpoints",
            metadata::check_endpoints(metadata),
            "All are protected.",
            "Give the provider https, and tell it its own public address.",
        ),
        verdict(
            "algorithms",
            metadata::usable_algorithms(metadata).map(drop),
            "ID tokens are signed in a way that is believed.",
            "Let the provider sign ID tokens with RS256 or ES256.",
        ),
        announced(
            "pkce",
            further.announces_s256(),
            "S256 is announced.",
            "S256 is not announced, and used all the same.",
            "If signing in fails there, allow PKCE with S256 for this application.",
        ),
        announced(
            "sign_out",
            further.end_session_endpoint().is_some(),
            "There is an end-session endpoint.",
            "There is no end-session endpoint.",
            "People stay signed in at the provider after they signed out here: tell them.",
        ),
        backchannel_logout(metadata, config),
    ]
}

fn verdict(
    check: &'static str,
    outcome: Result<(), Outage>,
    fine: impl Into<String>,
    advice: &str,
) -> Finding {
    match outcome {
        Ok(()) => Finding::ok(check, fine),
        Err(Outage(why)) => Finding::fail(check, format!("{why}."), advice),
    }
}

fn announced(
    check: &'static str,
    is_announced: bool,
    fine: &str,
    otherwise: &str,
    advice: &str,
) -> Finding {
    if is_announced {
        Finding::ok(check, fine)
    } else {
        Finding::warn(check, otherwise, advice)
    }
}

/// The provider calls this site: it has to reach it.
fn backchannel_logout(metadata: &Metadata, config: &Config) -> Finding {
    const CHECK: &str = "backchannel_logout";
    if !metadata
        .additional_metadata()
        .announces_backchannel_logout()
    {
        return Finding::ok(
            CHECK,
            "The provider does not offer it: sessions end here by time and by the role check.",
        );
    }
    if is_loopback(&config.site.base_url) && !is_loopback(&config.oidc.op_base_url) {
        return Finding::ok(
            CHECK,
            "The provider offers it, but cannot reach a site that is on this machine only.",
        );
    }
    Finding::ok(CHECK, "The provider offers it; it must reach this site.")
}

/// Whether the roles arrive can be seen in a sign-in only: the last one is looked at.
async fn role_claim(config: &Config, db: Option<&Db>) -> Finding {
    const CHECK: &str = "role_claim";
    let names = match db {
        Some(db) => store::claim_names_of_last_sign_in(db).await,
        None => None,
    };
    let wanted = config.oidc.project.as_ref().map_or_else(
        || "urn:zitadel:iam:org:project:roles".to_owned(),
        |project| format!("urn:zitadel:iam:org:project:{project}:roles"),
    );
    match names {
        Some(names) if names.iter().any(|name| name.ends_with(":roles")) => {
            Finding::ok(CHECK, "The last sign-in brought roles.")
        }
        Some(_) => Finding::warn(
            CHECK,
            format!("The last sign-in brought no roles; looked for {wanted}."),
            "Give the person a role in the project, and see that ZITADEL_PROJECT is its id.",
        ),
        None => Finding::ok(
            CHECK,
            "Nobody has signed in yet: do so once and check again to see whether roles arrive.",
        ),
    }
}

/// Keys, and how we are registered: what needs further calls.
async fn registration(
    metadata: Metadata,
    config: &Config,
    http: &Http,
    now: Timestamp,
) -> Vec<Finding> {
    let Ok(metadata) = metadata::checked(metadata, &config.oidc) else {
        return Vec::new();
    };
    let mut findings = vec![keys(&metadata, http, config).await];
    match Discovered::new(metadata, &config.oidc, &config.site, now) {
        Ok(known) => {
            findings.push(client(&known, http).await);
            findings.push(redirect_uri(&known, http, config).await);
        }
        Err(Outage(why)) => findings.push(Finding::fail(
            "client",
            format!("{why}."),
            "This provider does not offer the authorization code flow.",
        )),
    }
    findings
}

async fn keys(metadata: &Metadata, http: &Http, config: &Config) -> Finding {
    const CHECK: &str = "keys";
    let found = http.document::<CoreJsonWebKeySet>(metadata.jwks_uri().url());
    let keys = match found.await {
        Ok(found) => found.content,
        Err(error) => return unreachable(CHECK, &error, config),
    };
    let algorithms = metadata.id_token_signing_alg_values_supported();
    let fits = |key_type| {
        let mut types = algorithms
            .iter()
            .filter_map(CoreJwsSigningAlgorithm::key_type);
        types.any(|wanted| &wanted == key_type)
    };
    let usable = keys
        .keys()
        .iter()
        .filter(|key| fits(key.key_type()))
        .count();
    match usable {
        0 => Finding::fail(
            CHECK,
            format!(
                "None of the keys at {} can be used.",
                metadata.jwks_uri().as_str()
            ),
            "Let the provider sign with a key of its own (RSA or elliptic curve), not with the client secret.",
        ),
        1 => Finding::ok(CHECK, "1 key can be used."),
        several => Finding::ok(CHECK, format!("{several} keys can be used.")),
    }
}

/// Asked with a made-up code.
async fn client(known: &Discovered, http: &Http) -> Finding {
    const CHECK: &str = "client";
    match probe::credentials(known, http).await {
        Ok(Answer::Fine) => Finding::ok(
            CHECK,
            "Client credentials accepted (probed with a made-up code: invalid_grant).",
        ),
        Ok(Answer::Refused(code)) => Finding::fail(
            CHECK,
            format!("Client credentials refused ({code})."),
            "Copy OIDC_RP_CLIENT_ID and OIDC_RP_CLIENT_SECRET from the application at the provider \
             again; it must be of type Web with the method CODE.",
        ),
        Ok(Answer::Unclear(code)) => Finding::warn(
            CHECK,
            format!(
                "The answer to a made-up code does not tell whether the credentials are right ({code})."
            ),
            "Sign in once to see.",
        ),
        Err(Outage(why)) => no_endpoint(CHECK, &why),
    }
}

/// Asked without anybody being signed in.
async fn redirect_uri(known: &Discovered, http: &Http, config: &Config) -> Finding {
    const CHECK: &str = "redirect_uri";
    match probe::authorization(known, http, &config.oidc.scopes).await {
        Ok(Answer::Fine) => Finding::ok(CHECK, "The authorization endpoint takes our request."),
        Ok(Answer::Refused(code)) => Finding::fail(
            CHECK,
            format!("The authorization endpoint refuses our request ({code})."),
            "Register the redirect URI below at the provider, letter for letter; see also that it \
             knows the client and the scopes.",
        ),
        Ok(Answer::Unclear(code)) => Finding::warn(
            CHECK,
            format!("The authorization endpoint gives an unusual answer ({code})."),
            "Sign in once to see.",
        ),
        Err(Outage(why)) => no_endpoint(CHECK, &why),
    }
}

fn no_endpoint(check: &'static str, why: &str) -> Finding {
    Finding::fail(
        check,
        format!("{why}."),
        "The discovery document leads there: look whether that address can be reached from here.",
    )
}
