//! Any combination of parts that are not in order.

use demo_idp::Signing;
use proptest::{
    prelude::*,
    test_runner::{Config as Cases, TestRunner},
};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::{EVENT, deliver, for_session};
use crate::support::app::{MORNING, TestApp};

/// One claim or header of a token: in order, or one of several ways not to be.
fn parts() -> impl Strategy<Value = Vec<(&'static str, Option<Value>)>> {
    let now = MORNING.as_seconds();
    let part = |name: &'static str, bad: Vec<Option<Value>>| {
        let bad = prop::sample::select(bad).prop_map(move |value| vec![(name, value)]);
        prop_oneof![6 => Just(Vec::new()), 1 => bad]
    };
    let junk = || {
        vec![
            None,
            Some(json!(null)),
            Some(json!(true)),
            Some(json!({})),
            Some(json!("")),
        ]
    };
    let times = |bad: [i64; 2]| {
        let mut values = junk();
        values.extend(bad.map(|time| Some(json!(time))));
        values
    };
    let with = |more: Value| {
        let mut values = junk();
        values.push(Some(more));
        values
    };
    let nonces = vec![Some(json!("n")), Some(json!(null)), Some(json!(1))];
    let types = vec![Some(json!("at+jwt")), Some(json!(1)), Some(json!(""))];
    let all = (
        part("iss", with(json!("https://other.example"))),
        part("aud", with(json!(["other"]))),
        part("iat", times([now + 61, now - 601])),
        part("exp", times([now - 61, 0])),
        part("events", with(json!({ EVENT: [] }))),
        part("jti", with(json!("a\nb"))),
        part("sub", with(json!(1)).split_off(1)),
        part("nonce", nonces),
        part("typ", types),
    );
    all.prop_map(|(a, b, c, d, e, f, g, h, i)| [a, b, c, d, e, f, g, h, i].concat())
}

/// FZ-07, SEC-38.
#[test]
fn a_token_is_taken_exactly_when_every_part_of_it_is_in_order() {
    let runtime = Runtime::new().expect("a runtime");
    let app = runtime.block_on(TestApp::start());
    app.op().set(|k| k.jwks.curves = true);
    let mut runner = TestRunner::new(Cases {
        cases: 128,
        failure_persistence: None,
        ..Cases::default()
    });
    let outcome = runner.run(&parts(), |bad| {
        let mut token = for_session(&app, "nobody's");
        token.minting.signing = Signing::EdDsa;
        for (name, value) in &bad {
            let patch = match *name {
                "typ" => &mut token.minting.header,
                _ => &mut token.minting.claims,
            };
            match value {
                Some(value) => patch.set(*name, value.clone()),
                None => patch.remove(*name),
            }
        }
        let reply = runtime.block_on(deliver(&app, &token));
        let expected = if bad.is_empty() { 200 } else { 400 };
        prop_assert_eq!(reply.status.as_u16(), expected, "{:?}", bad);
        Ok(())
    });
    outcome.expect("every case");
}
