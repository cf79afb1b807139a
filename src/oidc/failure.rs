//! Each way in which a sign-in can fail: its status, its name in the log, and what the person is
//! told. A sentence says what happened and what to do; only the code is technical.

use std::borrow::Cow;

use http::StatusCode;

use super::{
    http::Outage,
    id_token::Invalid,
    query::{AuthenticateQuery, Prompt},
};
use crate::{attempts::Evidence, error::Error, paths::ReturnPath};

/// Longest description of a provider that is shown, in characters.
const LONGEST: usize = 200;

/// A sign-in that did not come about.
#[derive(Debug)]
pub struct Failure {
    /// Why.
    pub reason: Reason,
    /// Where it would have led.
    pub next: ReturnPath,
    /// What was seen of it until then.
    pub evidence: Evidence,
    /// What links call the provider that failed, where there are several.
    provider: Option<String>,
}

impl Failure {
    /// A sign-in that would have led to `next`.
    #[must_use]
    pub fn new(reason: Reason, next: ReturnPath) -> Self {
        Self {
            reason,
            next,
            evidence: Evidence::default(),
            provider: None,
        }
    }

    /// The same, of which `evidence` was seen.
    #[must_use]
    pub fn after(self, evidence: Evidence) -> Self {
        Self { evidence, ..self }
    }

    /// The same at the provider that links call `provider`. When the answer came from another
    /// one than was asked, the person chooses again.
    #[must_use]
    pub fn at(self, provider: Option<String>) -> Self {
        let is_clear = !matches!(self.reason, Reason::OtherProvider);
        Self {
            provider: provider.filter(|_| is_clear),
            ..self
        }
    }

    /// The link to start again.
    #[must_use]
    pub fn again(&self) -> String {
        self.query().link()
    }

    /// The link to start again as somebody else.
    #[must_use]
    pub fn other_account(&self) -> String {
        self.query().with_prompt(Prompt::SelectAccount).link()
    }

    fn query(&self) -> AuthenticateQuery {
        AuthenticateQuery::to(self.next.clone()).at(self.provider.clone())
    }
}

/// Why a sign-in did not come about.
#[derive(Debug)]
pub enum Reason {
    /// Nothing of a callback is in the request.
    NotACallback,
    /// A parameter is given twice, or the parameters contradict each other.
    Malformed,
    /// Nothing is known of this `state`.
    UnknownState,
    /// It was begun in another browser, or the cookie is gone.
    OtherBrowser,
    /// It took too long.
    Expired,
    /// Its answer was used before.
    Used,
    /// The provider has ended its session there before it was finished.
    SignedOut,
    /// What was remembered of it was sealed with another key than ours.
    Sealed,
    /// A silent sign-in was tried and the provider has to show something.
    NeedsInteraction,
    /// The provider said no.
    Provider(&'static ProviderError, Option<String>),
    /// The provider said something that no specification knows.
    Unheard(String, Option<String>),
    /// The answer names another provider than the one that was asked.
    OtherProvider,
    /// The provider does not take the code or refresh token (`invalid_grant`).
    Code,
    /// The provider does not take our client (`invalid_client` and the like).
    Client,
    /// The token response does not make sense.
    Answer,
    /// The ID token is not acceptable.
    IdToken(Invalid),
    /// The UserInfo response is not acceptable.
    UserInfo,
    /// The provider does not answer.
    Outage,
    /// Something of ours failed.
    Ours(Error),
}

impl From<Error> for Reason {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

impl From<Invalid> for Reason {
    fn from(invalid: Invalid) -> Self {
        Self::IdToken(invalid)
    }
}

impl From<Outage> for Reason {
    fn from(outage: Outage) -> Self {
        tracing::warn!(%outage, "the OpenID Provider does not answer as it should");
        Self::Outage
    }
}

/// An error that a provider may send the browser back with.
#[derive(Debug)]
pub struct ProviderError {
    code: &'static str,
    status: StatusCode,
    sentence: &'static str,
}

const fn refusal(code: &'static str, sentence: &'static str) -> ProviderError {
    let status = StatusCode::BAD_REQUEST;
    ProviderError {
        code,
        status,
        sentence,
    }
}

/// RFC 6749, 4.1.2.1; OpenID Connect Core, 3.1.2.6.
static PROVIDER_ERRORS: [ProviderError; 14] = [
    ProviderError {
        code: "access_denied",
        status: StatusCode::FORBIDDEN,
        sentence: "provider-access-denied",
    },
    ProviderError {
        code: "server_error",
        status: StatusCode::SERVICE_UNAVAILABLE,
        sentence: "provider-server-error",
    },
    ProviderError {
        code: "temporarily_unavailable",
        status: StatusCode::SERVICE_UNAVAILABLE,
        sentence: "provider-temporarily-unavailable",
    },
    refusal("login_required", "provider-login-required"),
    refusal("interaction_required", "provider-interaction-required"),
    refusal(
        "account_selection_required",
        "provider-account-selection-required",
    ),
    refusal("consent_required", "provider-consent-required"),
    refusal("invalid_request", "provider-invalid-request"),
    refusal("invalid_scope", "provider-invalid-scope"),
    refusal("unauthorized_client", "provider-unauthorized-client"),
    refusal(
        "unsupported_response_type",
        "provider-unsupported-response-type",
    ),
    refusal("invalid_request_uri", "provider-invalid-request-uri"),
    refusal("request_not_supported", "provider-request-not-supported"),
    refusal(
        "registration_not_supported",
        "provider-registration-not-supported",
    ),
];

impl Reason {
    /// The reason for an `error` with its `error_description`.
    #[must_use]
    pub fn provider(error: &str, description: Option<&str>) -> Self {
        let short = |text: &str| -> String {
            text.chars()
                .filter(|c| !c.is_control())
                .take(LONGEST)
                .collect()
        };
        let description = description.map(short).filter(|text| !text.is_empty());
        let mut known = PROVIDER_ERRORS.iter();
        match known.find(|known| known.code == error) {
            Some(known) => Self::Provider(known, description),
            None => Self::Unheard(short(error), description),
        }
    }

    /// A stable name, shown in the details and written to the log.
    #[must_use]
    pub fn code(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::NotACallback => "not_a_callback",
            Self::Malformed => "callback_malformed",
            Self::UnknownState => "state_unknown",
            Self::OtherBrowser => "state_other_browser",
            Self::Expired => "state_expired",
            Self::Used => "state_used",
            Self::SignedOut => "signed_out_meanwhile",
            Self::Sealed => "state_sealed",
            Self::NeedsInteraction => "needs_interaction",
            Self::Provider(error, _) => error.code,
            Self::Unheard(code, _) => return Cow::Owned(code.clone()),
            Self::OtherProvider => "issuer_mismatch",
            Self::Code => "invalid_grant",
            Self::Client => "invalid_client",
            Self::Answer => "token_response_malformed",
            Self::IdToken(invalid) => return Cow::Owned(invalid.code()),
            Self::UserInfo => "userinfo_invalid",
            Self::Outage => "provider_unreachable",
            Self::Ours(_) => "internal",
        })
    }

    /// The status of its page.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Provider(error, _) => error.status,
            Self::Used => StatusCode::CONFLICT,
            Self::Client => StatusCode::BAD_GATEWAY,
            Self::Outage => StatusCode::SERVICE_UNAVAILABLE,
            Self::Sealed | Self::Ours(_) => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// The heading of its page: the id of a message.
    #[must_use]
    pub fn title(&self) -> &'static str {
        match self {
            Self::Used => "sign-in-used-title",
            Self::Expired => "sign-in-expired-title",
            Self::SignedOut => "sign-in-signed-out-title",
            Self::Outage => "sign-in-outage-title",
            Self::NotACallback => "sign-in-not-a-callback-title",
            Self::Provider(error, _) if error.code == "access_denied" => {
                "provider-access-denied-title"
            }
            _ => "sign-in-failed-title",
        }
    }

    /// What happened and what to do: the id of a message.
    #[must_use]
    pub fn message(&self) -> &'static str {
        match self {
            Self::NotACallback => "sign-in-not-a-callback",
            Self::Malformed => "sign-in-malformed",
            Self::UnknownState => "sign-in-unknown-state",
            Self::OtherBrowser => "sign-in-other-browser",
            Self::Expired => "sign-in-expired",
            Self::Used => "sign-in-used",
            Self::SignedOut => "sign-in-signed-out",
            Self::Sealed => "sign-in-sealed",
            Self::NeedsInteraction => "provider-interaction-required",
            Self::Provider(error, _) => error.sentence,
            Self::Unheard(..) => "sign-in-unheard",
            Self::OtherProvider => "sign-in-other-provider",
            Self::Code => "sign-in-code",
            Self::Client => "sign-in-client",
            Self::Answer | Self::IdToken(_) | Self::UserInfo => "sign-in-answer",
            Self::Outage => "sign-in-outage",
            Self::Ours(_) => "sign-in-ours",
        }
    }

    /// The provider's own words, shortened; to be escaped like any text.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        match self {
            Self::Provider(_, description) | Self::Unheard(_, description) => {
                description.as_deref()
            }
            _ => None,
        }
    }

    /// Whether whoever runs the site should hear of it.
    #[must_use]
    pub fn is_for_the_operator(&self) -> bool {
        matches!(
            self,
            Self::Sealed | Self::IdToken(_) | Self::Client | Self::OtherProvider
        )
    }

    /// Whether somebody who is signed in anyway need not hear of it: they went back, restored a
    /// tab, or followed a link that somebody made up.
    #[must_use]
    pub fn is_no_matter_when_signed_in(&self) -> bool {
        matches!(
            self,
            Self::NotACallback
                | Self::UnknownState
                | Self::OtherBrowser
                | Self::Expired
                | Self::Used
        )
    }
}
