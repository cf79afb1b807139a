//! The UserInfo endpoint (OpenID Connect Core 1.0, 5.3): claims as JSON, or as a JWT that the
//! provider has signed for us.

use std::sync::Arc;

use openidconnect::{
    AccessToken, AdditionalClaims, SubjectIdentifier, UserInfoClaims, UserInfoError,
    core::CoreGenderClaim,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    failure::Reason,
    http::Outage,
    id_token::{Claims, Invalid},
    metadata::Discovered,
    provider::Provider,
};
use crate::metrics::Step;

/// Why userinfo did not answer.
pub enum NoUserInfo {
    /// The access token is not taken any more.
    Refused,
    /// Something else.
    Other(Reason),
}

/// All claims that are not standard ones, whatever they look like.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Further(Claims);

impl AdditionalClaims for Further {}

type UserInfo = UserInfoClaims<Further, CoreGenderClaim>;

impl Provider {
    /// Fetches userinfo for `subject` and no other; `None` when there is no such endpoint. When a
    /// key is missing, fetches the keys and asks once more.
    ///
    /// # Errors
    /// Whether the access token was refused, or what else is wrong.
    pub(super) async fn userinfo(
        &self,
        known: &Arc<Discovered>,
        access_token: &AccessToken,
        subject: &str,
    ) -> Result<Option<Claims>, NoUserInfo> {
        // The library panics over a token that does not fit into a header.
        ::http::HeaderValue::from_str(access_token.secret())
            .map_err(|_| NoUserInfo::Other(Reason::Answer))?;
        let asked = match self.ask_userinfo(known, access_token, subject).await {
            Err(error) if may_be_a_new_key(&error) => {
                let newer = self.refetch_keys(known).await;
                let newer = newer.map_err(|outage| NoUserInfo::Other(outage.into()))?;
                self.ask_userinfo(&newer, access_token, subject).await
            }
            asked => asked,
        };
        let claims = asked.map_err(refusal)?;
        match claims.map(serde_json::to_value).transpose() {
            Ok(None) => Ok(None),
            Ok(Some(Value::Object(claims))) => Ok(Some(claims)),
            _ => Err(NoUserInfo::Other(Reason::UserInfo)),
        }
    }

    async fn ask_userinfo(
        &self,
        known: &Discovered,
        access_token: &AccessToken,
        subject: &str,
    ) -> Result<Option<UserInfo>, UserInfoError<Outage>> {
        let subject = SubjectIdentifier::new(subject.to_owned());
        match known.client.user_info(access_token.clone(), Some(subject)) {
            Ok(request) => request
                .request_async(&self.http.at(Step::UserInfo))
                .await
                .map(Some),
            Err(_) => Ok(None),
        }
    }
}

fn may_be_a_new_key(error: &UserInfoError<Outage>) -> bool {
    match error {
        UserInfoError::ClaimsVerification(error) => Invalid::from(error.clone()).may_be_a_new_key(),
        _ => false,
    }
}

/// What is no UserInfo response at all comes from a provider that is unwell, and says nothing of
/// the person; one that does not hold what it should, does. The library's errors hold whole
/// answers: none of their text goes further.
fn refusal(error: UserInfoError<Outage>) -> NoUserInfo {
    NoUserInfo::Other(match error {
        UserInfoError::Request(outage) => outage.into(),
        UserInfoError::Response(status, ..) if status == ::http::StatusCode::UNAUTHORIZED => {
            return NoUserInfo::Refused;
        }
        UserInfoError::Response(status, ..) => Outage(format!("userinfo: status {status}")).into(),
        UserInfoError::Parse(error) if !error.inner().is_data() => {
            Outage("userinfo: not a UserInfo response".to_owned()).into()
        }
        _ => Reason::UserInfo,
    })
}
