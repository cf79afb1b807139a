//! The likely cause of each way in which a sign-in ends, for whoever runs the site: what is
//! wrong and what to change. The person is told in words of their own (`oidc/failure.rs`).

/// What is likely behind `reason`, and what to do; `None` when that is not known.
#[must_use]
pub fn likely_cause(reason: &str) -> Option<&'static str> {
    let known = CAUSES.iter().find(|(known, _)| *known == reason);
    let id_token = || reason.starts_with("id_token_").then_some(ID_TOKEN);
    known.map(|(_, cause)| *cause).or_else(id_token)
}

const ID_TOKEN: &str = "The ID token did not pass its checks. Compare the issuer and the client \
    id with the registration at the provider, and the clocks of both servers.";

const CAUSES: [(&str, &str); 21] = [
    (
        "role_claim_missing",
        "The provider sent no role claim. If everybody is refused: in ZITADEL, turn on “Assert \
         Roles on Authentication” in the project, or let this site request the roles scope. If it \
         is this account only: grant it a role of the project.",
    ),
    (
        "role_other_project",
        "The provider sent roles of another project: ZITADEL_PROJECT does not match.",
    ),
    (
        "role_claim_empty",
        "The role claim came, with no role in it. Grant this account a role of the project.",
    ),
    (
        "role_unmapped",
        "The account has roles, and none of them means anything here. Grant it admin, staff or \
         user, or change which names count.",
    ),
    ("deactivated", "An admin has deactivated this person here."),
    (
        "not_known",
        "The person was never here before, and OIDC_CREATE_USER lets nobody new in.",
    ),
    (
        "email_not_verified",
        "The provider has not verified the e-mail address, and OIDC_REQUIRE_VERIFIED_EMAIL asks \
         for that.",
    ),
    (
        "access_denied",
        "The person declined, or a rule of the provider keeps this account out.",
    ),
    (
        "invalid_client",
        "The provider does not accept this site: the client id or the client secret is wrong.",
    ),
    (
        "unauthorized_client",
        "The provider does not let this client use the authorization code flow. Allow it in the \
         client's registration.",
    ),
    (
        "invalid_scope",
        "The provider does not offer one of the requested scopes. Take it out of OIDC_RP_SCOPES.",
    ),
    (
        "unsupported_response_type",
        "The provider does not offer the authorization code flow to this client. Allow it in the \
         client's registration.",
    ),
    (
        "invalid_request",
        "The provider did not understand the request. Its own log says what it missed.",
    ),
    (
        "invalid_grant",
        "The code was used before, has expired, or belongs to another client. If it happens \
         often: does a proxy send requests twice, and do the clocks agree?",
    ),
    (
        "issuer_mismatch",
        "The answer came from another provider than the one that was asked. Somebody may be \
         mixing up two providers, or the issuer has changed.",
    ),
    (
        "userinfo_invalid",
        "The UserInfo response was refused, or was about somebody else.",
    ),
    (
        "state_other_browser",
        "The browser did not keep the cookie of the sign-in, or the address was opened in another \
         browser. If it happens often: is ROLECALL_BASE_URL the address that people use?",
    ),
    (
        "state_expired",
        "The person took more than ten minutes at the provider.",
    ),
    (
        "state_used",
        "The person went back, or opened the same page twice.",
    ),
    (
        "state_sealed",
        "This server's key file is not the one that the sign-in began with. All servers need the \
         same key file.",
    ),
    (
        "provider_unreachable",
        "The provider did not answer in time. The log has the details.",
    ),
];
