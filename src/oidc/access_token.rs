//! What an access token of a provider is good for: introspected (RFC 7662), or, where the
//! configuration says so, verified here as a JWT (RFC 9068).

use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::Value;

use super::{
    Oidc,
    claims::Documents,
    failure::Reason,
    http::Outage,
    id_token::{self, Claims, Invalid, LEEWAY, is_identifier, seconds},
    jws::{self, Signers, Types},
    metadata::Discovered,
    provider::Provider,
};
use crate::{
    clock::Timestamp,
    config::AccessTokens,
    users::{Identity, Role},
};

/// The type of a JWT that is an access token (RFC 9068, 2.1).
const TYPE: &str = "at+jwt";

/// What an access token is good for.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Whom it speaks for.
    pub identity: Identity,
    /// The strongest of our roles that it gives, by the rules of sign-in.
    pub role: Option<Role>,
    /// The same for somebody who never signed in here: whom a sign-in would refuse has none.
    pub role_of_stranger: Option<Role>,
    /// Every role in the project, by the provider's name.
    pub role_names: BTreeSet<String>,
    /// `exp`; a personal access token of the provider may have none.
    pub expires_at: Option<Timestamp>,
    /// Whether the provider said all this just now, and not when it issued the token.
    pub is_live: bool,
}

/// Why an access token is good for nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Refused {
    /// The provider says that it is not active.
    Inactive,
    /// `exp` is past.
    Expired,
    /// Something about it is wrong, or it is meant for others.
    Invalid,
    /// It cannot be found out at the moment.
    Unknown,
}

impl From<Invalid> for Refused {
    fn from(invalid: Invalid) -> Self {
        tracing::info!(part = invalid.part(), "an access token was refused");
        match invalid {
            Invalid::Expired => Self::Expired,
            _ => Self::Invalid,
        }
    }
}

impl From<Reason> for Refused {
    fn from(reason: Reason) -> Self {
        tracing::warn!(code = %reason.code(), ?reason, "an access token could not be checked");
        Self::Unknown
    }
}

impl From<Outage> for Refused {
    fn from(outage: Outage) -> Self {
        Reason::from(outage).into()
    }
}

impl Oidc {
    /// What `token` is good for, `None` when it is none of our providers': a JWT names its
    /// issuer, and all other tokens are taken to be the first provider's.
    ///
    /// # Errors
    /// Why it is good for nothing.
    pub async fn access_token(&self, token: &str) -> Result<Option<Grant>, Refused> {
        // Only to learn whom to ask; what it says is not believed yet.
        let claims = id_token::payload(token);
        let issuer = claims.as_ref().and_then(|claims| claims.get("iss"));
        let provider = match issuer {
            Some(issuer) => issuer.as_str().and_then(|issuer| self.provider_of(issuer)),
            None => self.providers().first(),
        };
        match provider {
            Some(provider) => provider.access_token(token).await.map(Some),
            None => Ok(None),
        }
    }
}

impl Provider {
    async fn access_token(&self, token: &str) -> Result<Grant, Refused> {
        let known = self.known().await?;
        let is_verified_here = self.config.access_tokens == AccessTokens::VerifiedHere;
        let is_live = !(is_verified_here && is_access_token(token));
        if is_live {
            let answer = self.introspect(&known, token).await?;
            let claims = answer.ok_or(Refused::Inactive)?;
            return Ok(self.grant(&known, &claims, true)?);
        }
        let claims = required_claims(token)?;
        // Claims first: whoever makes up a signature makes us fetch no keys.
        let grant = self.grant(&known, &claims, false)?;
        // A secret of ours would let us sign as the provider does.
        let verify =
            |known: &Discovered| jws::verify(token, Signers::of(known, None), Types::Only(&[TYPE]));
        self.with_keys(&known, verify).await??;
        Ok(grant)
    }

    fn grant(&self, known: &Discovered, claims: &Claims, is_live: bool) -> Result<Grant, Invalid> {
        let issuer = known.metadata.issuer().as_str();
        if claims.get("iss").is_some_and(|iss| iss != issuer) {
            return Err(Invalid::Issuer);
        }
        check_kind(claims)?;
        let expires_at = check_times(claims, self.clock.now())?;
        self.check_audience(claims)?;
        let subject = claims.get("sub").and_then(Value::as_str);
        let subject = subject.filter(|subject| is_identifier(subject));
        let documents = Documents {
            userinfo: Some(claims),
            id_token: None,
        };
        let role = self.rules.read(documents).strongest;
        let role = role.map(|assignment| assignment.role);
        let role = role.filter(|_| !self.disowns(documents));
        Ok(Grant {
            identity: Identity {
                issuer: issuer.to_owned(),
                subject: subject.ok_or(Invalid::Subject)?.to_owned(),
            },
            role,
            role_of_stranger: role.filter(|_| self.takes_strangers(documents)),
            role_names: self.rules.names(documents),
            expires_at,
            is_live,
        })
    }

    /// `aud` names us, or, where a provider says no audience, `client_id` does.
    fn check_audience(&self, claims: &Claims) -> Result<(), Invalid> {
        let is_meant = match claims.get("aud").or(claims.get("client_id")) {
            Some(Value::Array(audiences)) => audiences.iter().any(|one| self.is_audience(one)),
            Some(audience) => self.is_audience(audience),
            None => false,
        };
        is_meant.then_some(()).ok_or(Invalid::Audience)
    }
}

/// The claims of a JWT, whose signature is verified later (RFC 9068, 2.2). Its end is required,
/// because nobody is asked whether it has come.
fn required_claims(token: &str) -> Result<Claims, Invalid> {
    let claims = id_token::payload(token).ok_or(Invalid::Malformed)?;
    let mut required = ["iss", "aud", "exp"].into_iter();
    let has_all = required.all(|name| claims.contains_key(name));
    has_all.then_some(claims).ok_or(Invalid::Malformed)
}

/// A bearer token and no other: one that is bound to a key (RFC 7800, 3.1; RFC 9449, 6) is not
/// for whoever bears it.
fn check_kind(claims: &Claims) -> Result<(), Invalid> {
    let is_bearer = |name| match claims.get(name) {
        Some(kind) => kind
            .as_str()
            .is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")),
        None => true,
    };
    let is_fine = is_bearer("token_type") && is_bearer("typ") && !claims.contains_key("cnf");
    is_fine.then_some(()).ok_or(Invalid::Type)
}

/// Returns `exp`. It has to be in the future by our clock as well, `nbf` not by more than the
/// leeway.
fn check_times(claims: &Claims, now: Timestamp) -> Result<Option<Timestamp>, Invalid> {
    let expires = seconds(claims, "exp")?;
    if expires.is_some_and(|expires| expires <= now.as_seconds()) {
        return Err(Invalid::Expired);
    }
    let not_before = seconds(claims, "nbf")?;
    if not_before.is_some_and(|start| start > now.as_seconds().saturating_add(LEEWAY)) {
        return Err(Invalid::NotBefore);
    }
    let millis = |seconds: i64| Timestamp::from_millis(seconds.saturating_mul(1000));
    Ok(expires.map(millis))
}

/// Whether a token says of itself that it is a JWT access token. An ID token, which names us as
/// its audience as well, does not.
fn is_access_token(token: &str) -> bool {
    #[derive(Deserialize)]
    struct Header {
        typ: String,
    }
    let encoded = token.split('.').next().unwrap_or_default();
    let header = URL_SAFE_NO_PAD.decode(encoded).unwrap_or_default();
    let header = serde_json::from_slice::<Header>(&header);
    header.is_ok_and(|header| {
        let typ = header.typ.to_ascii_lowercase();
        typ.strip_prefix("application/").unwrap_or(&typ) == TYPE
    })
}
