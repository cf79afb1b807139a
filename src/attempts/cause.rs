//! The likely cause of each way in which a sign-in ends, for whoever runs the site: what is
//! wrong and what to change. The person is told in words of their own (`oidc/failure.rs`).

/// What is likely behind `reason`, and what to do: the id of a message; `None` when that is not
/// known.
#[must_use]
pub fn likely_cause(reason: &str) -> Option<&'static str> {
    let known = CAUSES.iter().find(|(known, _)| *known == reason);
    let id_token = || reason.starts_with("id_token_").then_some(ID_TOKEN);
    known.map(|(_, cause)| *cause).or_else(id_token)
}

const ID_TOKEN: &str = "cause-id-token";

const CAUSES: [(&str, &str); 21] = [
    ("role_claim_missing", "cause-role-claim-missing"),
    ("role_other_project", "cause-role-other-project"),
    ("role_claim_empty", "cause-role-claim-empty"),
    ("role_unmapped", "cause-role-unmapped"),
    ("deactivated", "cause-deactivated"),
    ("not_known", "cause-not-known"),
    ("email_not_verified", "cause-email-not-verified"),
    ("access_denied", "cause-access-denied"),
    ("invalid_client", "cause-invalid-client"),
    ("unauthorized_client", "cause-unauthorized-client"),
    ("invalid_scope", "cause-invalid-scope"),
    (
        "unsupported_response_type",
        "cause-unsupported-response-type",
    ),
    ("invalid_request", "cause-invalid-request"),
    ("invalid_grant", "cause-invalid-grant"),
    ("issuer_mismatch", "cause-issuer-mismatch"),
    ("userinfo_invalid", "cause-userinfo-invalid"),
    ("state_other_browser", "cause-state-other-browser"),
    ("state_expired", "cause-state-expired"),
    ("state_used", "cause-state-used"),
    ("state_sealed", "cause-state-sealed"),
    ("provider_unreachable", "cause-provider-unreachable"),
];
