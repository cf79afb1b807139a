//! What the discovery document says, and the clock of whoever sent it.

use super::Subject;
use crate::{
    check::Finding,
    clock::Timestamp,
    config::is_loopback,
    oidc::{
        http::Outage,
        metadata::{self, Metadata},
    },
};

/// The name of the clock's check.
pub const CLOCK: &str = "clock";

/// How far the provider's clock may be off before its tokens are refused, in seconds.
const LEEWAY: u64 = 60;

/// `exp`, `iat` and `nbf` are believed with a minute's leeway only. A provider that sends no
/// `Date` says nothing about its clock.
pub fn clock(date: Option<Timestamp>, now: Timestamp) -> Option<Finding> {
    let date = date?;
    let (ahead, behind) = (now.since(date).as_secs(), date.since(now).as_secs());
    let offset = ahead.max(behind);
    if offset <= LEEWAY {
        let fine = format!("This machine and the provider agree within {LEEWAY} s.");
        return Some(Finding::ok(CLOCK, fine));
    }
    let side = if ahead > behind { "ahead of" } else { "behind" };
    Some(Finding::fail(
        CLOCK,
        format!("This machine's clock is {offset} s {side} the provider's."),
        "Set both by NTP: until then ID tokens are refused.",
    ))
}

/// Of a document that could be read.
pub fn findings(metadata: &Metadata, subject: &Subject<'_>) -> Vec<Finding> {
    vec![
        issuer(metadata, subject),
        verdict(
            "endpoints",
            metadata::check_endpoints(metadata),
            "All are protected.",
            "Give the provider https, and tell it its own public address.",
        ),
        verdict(
            "algorithms",
            metadata::usable_algorithms(metadata, &subject.provider.config).map(drop),
            "ID tokens are signed in a way that is believed.",
            "Let the provider sign ID tokens with RS256 or ES256.",
        ),
        pkce(metadata),
        sign_out(metadata),
        backchannel_logout(metadata, subject),
    ]
}

fn issuer(metadata: &Metadata, subject: &Subject<'_>) -> Finding {
    verdict(
        "issuer",
        metadata::check_issuer(metadata, &subject.provider.config),
        &format!("It is {}.", metadata.issuer().as_str()),
        &format!(
            "If that is the provider you mean, set {} to it.",
            subject.variable("OIDC_OP_BASE_URL")
        ),
    )
}

fn verdict(check: &'static str, outcome: Result<(), Outage>, fine: &str, advice: &str) -> Finding {
    match outcome {
        Ok(()) => Finding::ok(check, fine),
        Err(Outage(why)) => Finding::fail(check, format!("{why}."), advice),
    }
}

fn pkce(metadata: &Metadata) -> Finding {
    const CHECK: &str = "pkce";
    if metadata.additional_metadata().announces_s256() {
        return Finding::ok(CHECK, "S256 is announced.");
    }
    Finding::warn(
        CHECK,
        "S256 is not announced, and used all the same.",
        "If signing in fails there, allow PKCE with S256 for this application.",
    )
}

fn sign_out(metadata: &Metadata) -> Finding {
    const CHECK: &str = "sign_out";
    if metadata
        .additional_metadata()
        .end_session_endpoint()
        .is_some()
    {
        return Finding::ok(CHECK, "There is an end-session endpoint.");
    }
    Finding::warn(
        CHECK,
        "There is no end-session endpoint.",
        "Tell people that they stay signed in at the provider when they sign out here.",
    )
}

/// The provider calls this site, and so has to reach it.
fn backchannel_logout(metadata: &Metadata, subject: &Subject<'_>) -> Finding {
    const CHECK: &str = "backchannel_logout";
    let (site, provider) = (
        &subject.config.site.base_url,
        &subject.provider.config.op_base_url,
    );
    if !metadata
        .additional_metadata()
        .announces_backchannel_logout()
    {
        return Finding::ok(
            CHECK,
            "The provider does not offer it: the role check ends sessions instead.",
        );
    }
    if is_loopback(site) && !is_loopback(provider) {
        return Finding::ok(
            CHECK,
            "The provider offers it, but cannot reach a site that is on this machine only.",
        );
    }
    Finding::ok(
        CHECK,
        "The provider offers it; it must be able to reach this site.",
    )
}
