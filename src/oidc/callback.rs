//! The way back: what the browser brings from the provider, and everything that has to hold
//! before it means anything.

use std::{borrow::Cow, time::Duration};

use super::{
    Oidc,
    claims::{Documents, Source},
    exchange::Answers,
    failure::{Failure, Reason},
    id_token::{is_identifier, session_expiry},
    login::CODE_VERIFIER,
    metadata::Discovered,
    occasion::Original,
    provider::{Callback, Provider},
    query::Prompt,
    store::{Claim, Pending, Trace},
    tokens::Tokens,
};
use crate::{
    attempts::Evidence,
    clock::Timestamp,
    paths::ReturnPath,
    random,
    users::{Identity, Profile, RoleAssignment},
};

/// How long all calls for one sign-in, or one re-check, may take together.
pub(super) const PATIENCE: Duration = Duration::from_secs(9);

/// Errors by which a provider says that it cannot go on without showing something.
const WANTS_INTERACTION: [&str; 4] = [
    "login_required",
    "interaction_required",
    "account_selection_required",
    "consent_required",
];

/// The parameters of an authorization response (RFC 6749, 4.1.2; RFC 9207).
#[derive(Debug, Default, Eq, PartialEq)]
struct Parameters<'a> {
    state: Option<Cow<'a, str>>,
    code: Option<Cow<'a, str>>,
    error: Option<Cow<'a, str>>,
    error_description: Option<Cow<'a, str>>,
    iss: Option<Cow<'a, str>>,
}

impl<'a> Parameters<'a> {
    /// Refuses a parameter that is given twice: two readers could take it for two things.
    fn parse(query: &'a str) -> Result<Self, Reason> {
        let mut parameters = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let slot = match name.as_ref() {
                "state" => &mut parameters.state,
                "code" => &mut parameters.code,
                "error" => &mut parameters.error,
                "error_description" => &mut parameters.error_description,
                "iss" => &mut parameters.iss,
                _ => continue,
            };
            if slot.replace(value).is_some() {
                return Err(Reason::Malformed);
            }
        }
        Ok(parameters)
    }
}

/// Somebody for whom the provider vouches (OpenID Connect Core 1.0, 3.1.2).
pub struct Authentication {
    /// Who.
    pub identity: Identity,
    /// What they are called.
    pub profile: Profile,
    /// What they may do, if anything.
    pub role: Option<RoleAssignment>,
    /// `sid` of the ID token, if it can be stored.
    pub sid: Option<String>,
    /// When the provider wants the session to end at the latest.
    pub ends_at: Option<Timestamp>,
    /// The tokens, sealed.
    pub tokens: String,
    /// Where they wanted to go.
    pub next: ReturnPath,
    /// What the provider was asked to show.
    pub prompt: Option<Prompt>,
    /// What was seen of it.
    pub evidence: Evidence,
    /// When the browser was sent to the provider.
    pub begun_at: Timestamp,
}

impl Oidc {
    /// Completes the sign-in whose authorization response is in `query`, which came to the
    /// redirect URI of `provider` at `callback`, for the browser whose login cookie is `browser`.
    ///
    /// # Errors
    /// Why nobody is authenticated. Until `state` and browser fit, nothing is changed by it.
    pub async fn complete(
        &self,
        provider: &Provider,
        callback: Callback,
        query: &str,
        browser: Option<&str>,
    ) -> Result<Authentication, Failure> {
        let nowhere = |reason| Failure::new(reason, ReturnPath::home());
        let parameters = Parameters::parse(query).map_err(nowhere)?;
        let pending = self.claim(&parameters, browser).await?;
        let mut evidence = Evidence::of(&pending.provider);
        let arrival = (provider, callback);
        let authentication = self.authenticate(arrival, parameters, &pending, &mut evidence);
        let authentication = tokio::time::timeout(PATIENCE, authentication).await;
        match authentication.unwrap_or(Err(Reason::Outage)) {
            Ok(authentication) => Ok(Authentication {
                evidence,
                ..authentication
            }),
            Err(reason) => Err(Failure::new(reason, pending.return_path()).after(evidence)),
        }
    }

    async fn claim(
        &self,
        parameters: &Parameters<'_>,
        browser: Option<&str>,
    ) -> Result<Pending, Failure> {
        let nowhere = |reason| Failure::new(reason, ReturnPath::home());
        let state = match &parameters.state {
            Some(state) => random::digest(state),
            None if parameters.code.is_some() || parameters.error.is_some() => {
                return Err(nowhere(Reason::UnknownState));
            }
            None => return Err(nowhere(Reason::NotACallback)),
        };
        let browser = browser.map(random::digest).unwrap_or_default();
        let claim = self.0.logins.claim(state, browser, self.0.clock.now());
        match claim.await.map_err(|error| nowhere(error.into()))? {
            Claim::Granted(pending) => Ok(pending),
            Claim::Unknown => Err(nowhere(Reason::UnknownState)),
            // Where it was to lead is none of this browser's business.
            Claim::OtherBrowser(trace) => {
                Err(nowhere(Reason::OtherBrowser).after(Evidence::of(&trace.provider)))
            }
            Claim::Expired(trace) => Err(gone(Reason::Expired, &trace)),
            Claim::Used(trace) => Err(gone(Reason::Used, &trace)),
        }
    }

    async fn authenticate(
        &self,
        (provider, callback): (&Provider, Callback),
        parameters: Parameters<'_>,
        pending: &Pending,
        evidence: &mut Evidence,
    ) -> Result<Authentication, Reason> {
        if !provider.config.has_issuer(&pending.provider) {
            return Err(Reason::OtherProvider);
        }
        let known = provider.known().await?;
        check_issuer(&parameters, pending, &known)?;
        let code = match (parameters.code, parameters.error) {
            (Some(code), None) if !code.is_empty() => code.into_owned(),
            (None, Some(error)) if is_silent(pending, &error) => {
                return Err(Reason::NeedsInteraction);
            }
            (None, Some(error)) => {
                let description = parameters.error_description.as_deref();
                return Err(Reason::provider(&error, description));
            }
            _ => return Err(Reason::Malformed),
        };
        let code_verifier = self.0.vault.open(CODE_VERIFIER, &pending.code_verifier());
        let code_verifier = code_verifier.ok_or(Reason::Sealed)?;
        let answers = provider
            .redeem(
                &known,
                (code, callback),
                code_verifier,
                &pending.nonce,
                evidence,
            )
            .await?;
        let authentication =
            self.authentication(provider, &answers, pending.created_at, evidence)?;
        Ok(Authentication {
            next: pending.return_path(),
            prompt: pending.prompt,
            ..authentication
        })
    }

    /// What verified `answers` to a sign-in that began at `begun_at` say of its person.
    pub(super) fn authentication(
        &self,
        provider: &Provider,
        answers: &Answers,
        begun_at: Timestamp,
        evidence: &mut Evidence,
    ) -> Result<Authentication, Reason> {
        let documents = Documents {
            userinfo: answers.userinfo.as_ref(),
            id_token: Some(&answers.id_token),
        };
        let roles = provider.rules.read(documents);
        if roles.strongest.is_none() {
            provider.rules.explain_none(documents, evidence);
        }
        let mut tokens = Tokens::new(&answers.tokens, None, self.0.clock.now());
        tokens.original = Original::of(&answers.id_token);
        tokens.role_in_id_token = roles.source == Some(Source::IdToken);
        let text = |name: &str| answers.id_token.get(name).and_then(|value| value.as_str());
        Ok(Authentication {
            identity: Identity {
                issuer: text("iss").unwrap_or_default().to_owned(),
                subject: text("sub").unwrap_or_default().to_owned(),
            },
            profile: documents.profile(),
            role: roles.strongest,
            sid: text("sid")
                .filter(|sid| is_identifier(sid))
                .map(str::to_owned),
            ends_at: session_expiry(&answers.id_token, self.0.clock.now())?,
            tokens: tokens.seal(&self.0.vault)?,
            next: ReturnPath::home(),
            prompt: None,
            evidence: Evidence::default(),
            begun_at,
        })
    }
}

/// A login that cannot be claimed any more.
fn gone(reason: Reason, trace: &Trace) -> Failure {
    Failure::new(reason, trace.return_path()).after(Evidence::of(&trace.provider))
}

/// The answer comes from the provider that was asked (RFC 9207, 2.4).
fn check_issuer(
    parameters: &Parameters<'_>,
    pending: &Pending,
    known: &Discovered,
) -> Result<(), Reason> {
    let issuer = known.metadata.issuer().as_str();
    let names_another = match &parameters.iss {
        Some(iss) => iss != issuer,
        None => known.announces_iss(),
    };
    if names_another || pending.provider != issuer {
        return Err(Reason::OtherProvider);
    }
    Ok(())
}

fn is_silent(pending: &Pending, error: &str) -> bool {
    pending.prompt == Some(Prompt::None) && WANTS_INTERACTION.contains(&error)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// SEC-21.
    #[test]
    fn a_repeated_parameter_is_refused_and_an_unknown_one_ignored() {
        for query in [
            "code=a&code=b&state=s",
            "state=s&state=s",
            "error=a&error=a",
            "iss=a&iss=b",
        ] {
            assert!(
                matches!(Parameters::parse(query), Err(Reason::Malformed)),
                "{query}"
            );
        }
        let parameters = Parameters::parse("code=a%2Bb&state=s&session_state=x&session_state=y");
        assert_eq!(parameters.unwrap().code.as_deref(), Some("a+b"));
    }

    proptest! {
        /// FZ-02.
        #[test]
        fn any_query_can_be_read(query in "\\PC{0,80}|([a-z_=&%0-9]{0,40})") {
            let parameters = Parameters::parse(&query);
            prop_assert!(parameters.is_ok() || matches!(parameters, Err(Reason::Malformed)));
        }
    }
}
