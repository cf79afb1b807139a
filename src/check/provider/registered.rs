//! Whether the provider's keys can be used, and whether this site is registered there as it is
//! configured here.

use openidconnect::{JsonWebKey as _, JwsSigningAlgorithm, core::CoreJsonWebKeyType};

use super::Subject;
use crate::{
    check::Finding,
    config::Credential,
    oidc::{http::Outage, metadata::Discovered, probe::Answer},
};

/// Of a provider that `serve` would use.
pub async fn findings(known: &Discovered, subject: &Subject<'_>) -> Vec<Finding> {
    vec![
        keys(known),
        client(known, subject).await,
        redirect_uri(known, subject).await,
    ]
}

fn keys(known: &Discovered) -> Finding {
    const CHECK: &str = "keys";
    let metadata = &known.metadata;
    let algorithms = metadata.id_token_signing_alg_values_supported();
    let types: Vec<_> = algorithms
        .iter()
        .filter_map(JwsSigningAlgorithm::key_type)
        .collect();
    if types
        .iter()
        .all(|wanted| *wanted == CoreJsonWebKeyType::Symmetric)
    {
        return Finding::ok(
            CHECK,
            "None is needed: ID tokens are signed with the client secret.",
        );
    }
    let keys = metadata.jwks().keys().iter();
    match keys.filter(|key| types.contains(key.key_type())).count() {
        0 => Finding::fail(
            CHECK,
            format!(
                "None of the keys at {} can be used.",
                metadata.jwks_uri().as_str()
            ),
            "Let the provider sign with an RSA or elliptic curve key of its own.",
        ),
        1 => Finding::ok(CHECK, "1 key can be used."),
        several => Finding::ok(CHECK, format!("{several} keys can be used.")),
    }
}

async fn client(known: &Discovered, subject: &Subject<'_>) -> Finding {
    const CHECK: &str = "client";
    match subject.provider.probe_credentials(known).await {
        Ok(Answer::Fine) => Finding::ok(
            CHECK,
            "Client credentials accepted (probed with a made-up code: invalid_grant).",
        ),
        Ok(Answer::Refused(code)) => Finding::fail(
            CHECK,
            format!("Client credentials refused ({code}; probed with a made-up code)."),
            about_credentials(subject),
        ),
        Ok(Answer::Unclear(code)) => Finding::warn(
            CHECK,
            format!(
                "The answer to a made-up code does not tell whether the credentials are right ({code})."
            ),
            "Sign in once to see.",
        ),
        Err(outage) => no_answer(CHECK, &outage),
    }
}

fn about_credentials(subject: &Subject<'_>) -> String {
    let id = subject.variable("OIDC_RP_CLIENT_ID");
    match subject.provider.config.credential {
        Credential::Secret(_) => format!(
            "Copy {id} and {} from the application at the provider once more.",
            subject.variable("OIDC_RP_CLIENT_SECRET")
        ),
        Credential::PrivateKey(_) => format!(
            "See that {id} is right, and that the provider knows the public key for {} under the \
             same key id.",
            subject.variable("OIDC_RP_PRIVATE_KEY_FILE")
        ),
    }
}

async fn redirect_uri(known: &Discovered, subject: &Subject<'_>) -> Finding {
    const CHECK: &str = "redirect_uri";
    match subject.provider.probe_authorization(known).await {
        Ok(Answer::Fine) => Finding::ok(CHECK, "The authorization endpoint takes our request."),
        Ok(Answer::Refused(code)) => Finding::fail(
            CHECK,
            format!("The authorization endpoint refuses our request ({code})."),
            "Register the redirect URI below at the provider, letter for letter; see that it knows \
             client and scopes as well.",
        ),
        Ok(Answer::Unclear(code)) => Finding::warn(
            CHECK,
            format!("The authorization endpoint gives an unusual answer ({code})."),
            "Sign in once to see.",
        ),
        Err(outage) => no_answer(CHECK, &outage),
    }
}

fn no_answer(check: &'static str, Outage(why): &Outage) -> Finding {
    Finding::fail(
        check,
        format!("{why}."),
        "The discovery document leads there: look whether that address works from here.",
    )
}
