//! Some hundred ID tokens with one or two changes, each judged by rolecall and by an independent
//! implementation: what rolecall accepts, the other one has to accept as well.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use demo_idp::Signing;
use proptest::{
    sample::subsequence,
    strategy::{Strategy as _, ValueTree as _},
    test_runner::TestRunner,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::{
    app::TestApp,
    http_client, oracle,
    token_endpoint::{ACCESS_TOKEN, Attempt, Draft, token_response, without_userinfo},
};

/// How many tokens have two changes, drawn from a fixed seed.
const PAIRS: usize = 250;

/// Signatures that the provider announces, by keys that are for them.
const PROPER: [Signing; 3] = [Signing::Es256, Signing::Es384, Signing::EdDsa];

/// One thing that is done to a proper token.
#[derive(Clone, Debug)]
enum Change {
    Claim(&'static str, Value),
    NoClaim(&'static str),
    Header(&'static str, Value),
    NoHeader(&'static str),
    Signing(Signing),
    /// Another character so many thousandths into the text.
    Flip(usize),
    /// Another text after signing.
    Text(fn(&str) -> String),
}

impl Change {
    fn apply_before_signing(&self, draft: &mut Draft) {
        match self {
            Self::Claim(name, value) => drop(draft.claims.insert((*name).into(), value.clone())),
            Self::NoClaim(name) => drop(draft.claims.remove(*name)),
            Self::Header(name, value) => draft.header.set(*name, value.clone()),
            Self::NoHeader(name) => draft.header.remove(*name),
            Self::Signing(signing) => draft.signing = *signing,
            Self::Flip(_) | Self::Text(_) => {}
        }
    }

    fn apply_after_signing(&self, token: String) -> String {
        match self {
            Self::Flip(thousandths) => {
                let at = token.len() * thousandths / 1000;
                let other = if token[at..].starts_with('A') {
                    "B"
                } else {
                    "A"
                };
                format!("{}{other}{}", &token[..at], &token[at + 1..])
            }
            Self::Text(change) => change(&token),
            _ => token,
        }
    }
}

fn claim_changes(app: &TestApp) -> Vec<Change> {
    let (issuer, now) = (app.provider.issuer(), app.clock.now().as_seconds());
    let (client, project) = (&app.op().clients()[0].id, app.op().project_id());
    let hash = &Sha256::digest(ACCESS_TOKEN)[..16];
    let odd = [
        json!(null),
        json!(true),
        json!(""),
        json!([]),
        json!({}),
        json!(7),
        json!("x"),
    ];
    let mut values = vec![
        ("iss", json!(format!("{issuer}/"))),
        ("iss", json!(issuer.to_uppercase())),
        ("sub", json!("x".repeat(255))),
        ("sub", json!("x".repeat(256))),
        ("sub", json!("é".repeat(128))),
        ("aud", json!(client)),
        ("aud", json!([client])),
        ("aud", json!([client, "other"])),
        ("aud", json!([project])),
        ("aud", json!([client, 1])),
        ("azp", json!(project)),
        ("azp", json!(format!("{client} "))),
        ("exp", json!(1e300)),
        ("iat", json!(-1)),
        ("at_hash", json!(URL_SAFE_NO_PAD.encode(hash))),
        ("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")),
        ("auth_time", json!("yesterday")),
    ];
    for name in [
        "iss", "sub", "aud", "azp", "exp", "iat", "nbf", "nonce", "at_hash",
    ] {
        values.extend(odd.iter().map(|value| (name, value.clone())));
    }
    for name in ["exp", "iat", "nbf"] {
        for offset in [-601, -600, -61, -60, -59, 0, 59, 60, 61, 86_400] {
            values.push((name, json!(now + offset)));
        }
    }
    let changes = values
        .into_iter()
        .map(|(name, value)| Change::Claim(name, value));
    let removals = ["iss", "sub", "aud", "azp", "exp", "iat", "nonce"];
    changes.chain(removals.map(Change::NoClaim)).collect()
}

fn header_changes() -> Vec<Change> {
    let mut changes = Vec::new();
    for alg in [
        "none", "None", "HS256", "RS384", "PS256", "ES256", "EdDSA", "rs256", "",
    ] {
        changes.push(Change::Header("alg", json!(alg)));
    }
    for typ in ["jwt", "at+jwt", "logout+jwt", "application/jwt", "JOSE", ""] {
        changes.push(Change::Header("typ", json!(typ)));
    }
    for (name, value) in [
        ("kid", json!("made-up")),
        ("kid", json!(null)),
        ("kid", json!(1)),
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("b64", json!(false)),
        ("jku", json!("https://example.org/keys")),
        ("jwk", json!({ "kty": "oct", "k": "AAAA" })),
        ("x5u", json!("https://example.org/certificate")),
        ("zip", json!("DEF")),
    ] {
        changes.push(Change::Header(name, value));
    }
    changes.extend(["alg", "kid", "typ"].map(Change::NoHeader));
    changes
}

fn other_changes() -> Vec<Change> {
    let wrong = [
        Signing::Rs384,
        Signing::Rs512,
        Signing::ClientSecret,
        Signing::PublicKeyAsSecret,
        Signing::ForeignKey,
        Signing::EmbeddedKey,
        Signing::Unsigned,
        Signing::Broken,
    ];
    let texts: [fn(&str) -> String; 8] = [
        |token| format!("{token}."),
        |token| format!("{token}="),
        |token| format!(" {token}"),
        |token| format!("{token}\n"),
        |token| {
            token
                .rsplit_once('.')
                .map_or_else(String::new, |(rest, _)| format!("{rest}."))
        },
        |token| token.replacen('.', "..", 1),
        |token| token.chars().rev().collect(),
        |token| token.replace('-', "+").replace('_', "/"),
    ];
    let flips = (0..1000).step_by(40).map(Change::Flip);
    let signings = PROPER.into_iter().chain(wrong).map(Change::Signing);
    signings
        .chain(texts.map(Change::Text))
        .chain(flips)
        .collect()
}

/// No change, each change alone, and pairs.
fn cases(app: &TestApp) -> Vec<Vec<Change>> {
    let changes = [claim_changes(app), header_changes(), other_changes()].concat();
    let mut cases: Vec<_> = changes.iter().map(|change| vec![change.clone()]).collect();
    cases.insert(0, Vec::new());
    let mut runner = TestRunner::deterministic();
    let pair = subsequence(changes, 2);
    for _ in 0..PAIRS {
        cases.push(pair.new_tree(&mut runner).expect("a pair").current());
    }
    cases
}

/// What the oracle has to know.
async fn settings(app: &TestApp) -> Value {
    let fetch = async |path: &str| -> Value {
        let url = format!("{}{path}", app.provider.issuer());
        let answer = http_client().get(url).send().await.expect("an answer");
        answer.json().await.expect("JSON")
    };
    let discovery = fetch("/.well-known/openid-configuration").await;
    json!({
        "jwks": fetch("/oauth/v2/keys").await,
        "issuer": app.provider.issuer(),
        "clientId": app.op().clients()[0].id,
        "project": app.op().project_id(),
        "algorithms": discovery["id_token_signing_alg_values_supported"],
        "accessToken": ACCESS_TOKEN,
        "now": app.clock.now().as_seconds(),
    })
}

/// S-6, SEC-06, SEC-08, SEC-09, SEC-10, FZ-04.
#[tokio::test]
async fn no_id_token_is_accepted_that_another_implementation_refuses() {
    let app = without_userinfo().await;
    app.op().set(|k| k.jwks.curves = true);
    let (mut verdicts, mut questions) = (Vec::new(), Vec::new());
    let cases = cases(&app);
    for changes in &cases {
        let attempt = Attempt::begin(&app).await;
        let mut draft = Draft::proper(&app, &attempt.nonce);
        for change in changes {
            change.apply_before_signing(&mut draft);
        }
        let signed = draft.sign(&app);
        let apply = |token, change: &Change| change.apply_after_signing(token);
        let token = changes.iter().fold(signed, apply);
        questions.push(json!({ "token": token, "nonce": attempt.nonce }));
        let reply = attempt.finish(&token_response(&token).to_string()).await;
        assert!(
            [303, 400].contains(&reply.status.as_u16()),
            "{changes:?}: {}",
            reply.status
        );
        verdicts.push(reply.status == 303);
    }
    let opinions = oracle::ask(&settings(&app).await, &questions).await;
    for ((changes, ours), theirs) in cases.iter().zip(&verdicts).zip(&opinions) {
        assert!(!ours || *theirs == true, "accepted here alone: {changes:?}");
    }
    let is_proper = |changes: &[Change]| match changes {
        [] => true,
        [Change::Signing(signing)] => PROPER.contains(signing),
        _ => false,
    };
    for ((changes, ours), theirs) in cases.iter().zip(&verdicts).zip(&opinions) {
        assert!(
            !is_proper(changes) || (*ours && *theirs == true),
            "refused: {changes:?}"
        );
    }
    let accepted = verdicts.iter().filter(|accepted| **accepted).count();
    assert!(
        verdicts.len() >= 300 && accepted >= 30,
        "{accepted} of {}",
        verdicts.len()
    );
}
