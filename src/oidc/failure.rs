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
        sentence: "You declined at the sign-in provider, or it did not let you in. You are not signed in.",
    },
    ProviderError {
        code: "server_error",
        status: StatusCode::SERVICE_UNAVAILABLE,
        sentence: "The sign-in provider had a problem of its own. Please try again in a moment.",
    },
    ProviderError {
        code: "temporarily_unavailable",
        status: StatusCode::SERVICE_UNAVAILABLE,
        sentence: "The sign-in provider is busy at the moment. Please try again in a moment.",
    },
    refusal(
        "login_required",
        "The sign-in provider wants you to sign in there first. Start again to do so.",
    ),
    refusal(
        "interaction_required",
        "The sign-in provider has something to ask you first. Start again to see it.",
    ),
    refusal(
        "account_selection_required",
        "The sign-in provider wants to know which of your accounts to use. Start again to choose.",
    ),
    refusal(
        "consent_required",
        "The sign-in provider needs your consent first. Start again to give it.",
    ),
    refusal(
        "invalid_request",
        "The sign-in provider did not understand the request of this site. Whoever runs this site can find out why.",
    ),
    refusal(
        "invalid_scope",
        "The sign-in provider does not offer what this site asks for. Whoever runs this site has to change its scopes.",
    ),
    refusal(
        "unauthorized_client",
        "The sign-in provider does not let this site sign people in. Whoever runs this site has to register it there.",
    ),
    refusal(
        "unsupported_response_type",
        "The sign-in provider does not offer the kind of sign-in that this site uses. Whoever runs this site has to allow the code flow there.",
    ),
    refusal(
        "invalid_request_uri",
        "The sign-in provider could not fetch a part of the request. Please try again.",
    ),
    refusal(
        "request_not_supported",
        "The sign-in provider does not take requests of this form. Whoever runs this site can find out why.",
    ),
    refusal(
        "registration_not_supported",
        "The sign-in provider does not take new accounts this way. Sign in with an account that you have.",
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

    /// The heading of its page.
    #[must_use]
    pub fn title(&self) -> &'static str {
        match self {
            Self::Used => "This sign-in was already used",
            Self::Expired => "The sign-in took too long",
            Self::SignedOut => "You were signed out meanwhile",
            Self::Outage => "Sign-in is unavailable at the moment",
            Self::NotACallback => "There is nothing to see here",
            Self::Provider(error, _) if error.code == "access_denied" => "You were not signed in",
            _ => "The sign-in did not work",
        }
    }

    /// What happened and what to do.
    #[must_use]
    pub fn message(&self) -> &'static str {
        match self {
            Self::NotACallback => {
                "This address is only for the sign-in provider to send you back to."
            }
            Self::Malformed => {
                "The answer of the sign-in provider is not in order. Nothing was changed. Please start again."
            }
            Self::UnknownState => {
                "This answer does not belong to any sign-in that this site knows of. Nothing was changed. Please start again."
            }
            Self::OtherBrowser => {
                "This sign-in was begun in another browser, or your browser did not keep the cookie for it. Nothing was changed. Please start again, here."
            }
            Self::Expired => "A sign-in has to be finished within ten minutes. Please start again.",
            Self::Used => {
                "Each sign-in works once. Perhaps you went back, or opened the page twice. Please start again."
            }
            Self::SignedOut => {
                "You were signed out at the sign-in provider before this sign-in was finished. You are not signed in. Please start again."
            }
            Self::Sealed => {
                "This site cannot read what it remembered of this sign-in, because its key is another one now. Please start again. If that does not help, whoever runs this site has to give all its servers the same key file."
            }
            Self::NeedsInteraction => {
                "The sign-in provider has something to ask you first. Start again to see it."
            }
            Self::Provider(error, _) => error.sentence,
            Self::Unheard(..) => {
                "The sign-in provider gave an answer that this site does not know. Please start again."
            }
            Self::OtherProvider => {
                "The answer came from another sign-in provider than the one that was asked. You are not signed in. Please start again."
            }
            Self::Code => {
                "The sign-in provider does not accept this sign-in any more. Please start again."
            }
            Self::Client => {
                "The sign-in provider does not accept this site. Whoever runs this site has to correct its registration."
            }
            Self::Answer | Self::IdToken(_) | Self::UserInfo => {
                "What the sign-in provider said about you could not be confirmed. You are not signed in. Please start again."
            }
            Self::Outage => {
                "The sign-in provider does not answer. Everything that needs no sign-in still works. Please try again in a moment."
            }
            Self::Ours(_) => "Please try again later.",
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
