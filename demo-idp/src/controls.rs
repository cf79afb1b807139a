//! The handle with which tests turn the knobs and see what happened.

use std::{fmt, sync::Arc};

use crate::{
    backchannel::{self, Delivery, LogoutToken},
    endpoint::Endpoint,
    error::Error,
    grants::Grant,
    knobs::Knobs,
    options::Client,
    people::{Person, RolesClaim},
    provider::{Provider, lock},
    random,
    record::RecordedRequest,
    scopes::Scopes,
    store::AccessToken,
};

/// A handle to a running provider, cheap to clone. It holds every secret: for tests only.
#[derive(Clone)]
pub struct Controls {
    op: Arc<Provider>,
}

impl fmt::Debug for Controls {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Controls")
            .field("issuer", &self.op.issuer)
            .finish_non_exhaustive()
    }
}

impl Controls {
    pub(crate) fn new(op: Arc<Provider>) -> Self {
        Self { op }
    }

    /// Turns knobs; the next request sees all changes of one call together.
    pub fn set(&self, change: impl FnOnce(&mut Knobs)) {
        change(&mut lock(&self.op.knobs));
    }

    /// The clients, in the order they were given.
    #[must_use]
    pub fn clients(&self) -> &[Client] {
        &self.op.clients
    }

    /// The project id.
    #[must_use]
    pub fn project_id(&self) -> &str {
        &self.op.project_id
    }

    /// The name of the project's role claim.
    #[must_use]
    pub fn roles_claim(&self) -> String {
        crate::claims::project_roles(&self.op.project_id)
    }

    /// Changes a person, as an administrator of the provider would.
    ///
    /// # Errors
    /// When nobody has this subject.
    pub fn person(&self, sub: &str, change: impl FnOnce(&mut Person)) -> Result<(), Error> {
        let mut people = lock(&self.op.people);
        let person = people.iter_mut().find(|person| person.sub == sub);
        person
            .map(change)
            .ok_or(Error::Unknown("person of this subject"))
    }

    /// Gives a person these roles.
    ///
    /// # Errors
    /// When nobody has this subject.
    pub fn roles(&self, sub: &str, roles: RolesClaim) -> Result<(), Error> {
        self.person(sub, |person| person.roles = roles)
    }

    /// Adds a person or machine user.
    pub fn add_person(&self, person: Person) {
        lock(&self.op.people).push(person);
    }

    /// Deletes a person, whose tokens and sessions lead nowhere from then on.
    pub fn remove_person(&self, sub: &str) {
        lock(&self.op.people).retain(|person| person.sub != sub);
    }

    /// A personal access token; without an end when `lifetime_secs` is none.
    #[must_use]
    pub fn personal_access_token(&self, sub: &str, lifetime_secs: Option<i64>) -> String {
        let now = self.op.now();
        let client_id = self.op.clients.first().map_or("", |client| &client.id);
        let scopes = Scopes::parse("openid profile email");
        let access = AccessToken {
            grant: Grant::new(client_id, sub, scopes, now),
            issued_at: now,
            expires_at: lifetime_secs.map(|lifetime| now + lifetime),
            jti: random::id(),
        };
        let token = random::token();
        self.op.store().add_access(token.clone(), access);
        token
    }

    /// Revokes every access and refresh token of a person.
    pub fn revoke_tokens(&self, sub: &str) {
        self.op.store().revoke_person(sub);
    }

    /// Signs with a new key under a new id from now on; the earlier keys stay published.
    /// Making a key takes a moment.
    ///
    /// # Errors
    /// When no key can be made.
    pub fn rotate_keys(&self) -> Result<(), Error> {
        self.op.keys().rotate(false)
    }

    /// Signs with a new key under the old id; the old key is not published any more.
    ///
    /// # Errors
    /// When no key can be made.
    pub fn replace_key(&self) -> Result<(), Error> {
        self.op.keys().rotate(true)
    }

    /// Publishes the signing key only.
    pub fn withdraw_earlier_keys(&self) {
        self.op.keys().withdraw_earlier();
    }

    /// The id of the signing key.
    #[must_use]
    pub fn kid(&self) -> String {
        self.op.keys().kid().to_owned()
    }

    /// All requests so far, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.op.log).iter().cloned().collect()
    }

    /// The newest request to an endpoint.
    #[must_use]
    pub fn last(&self, endpoint: Endpoint) -> Option<RecordedRequest> {
        lock(&self.op.log)
            .iter()
            .rev()
            .find(|request| request.endpoint == endpoint)
            .cloned()
    }

    /// How often an endpoint was called.
    #[must_use]
    pub fn count(&self, endpoint: Endpoint) -> usize {
        lock(&self.op.log)
            .iter()
            .filter(|request| request.endpoint == endpoint)
            .count()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        lock(&self.op.log).clear();
    }

    /// The `sid` of each live session of a person.
    #[must_use]
    pub fn op_sessions(&self, sub: &str) -> Vec<String> {
        self.op.store().sids(sub)
    }

    /// Ends every session of a person, as an administrator would; the clients are told.
    pub fn end_op_session(&self, sub: &str) {
        let ended = self.op.store().end_sessions(|session| session.sub == sub);
        for session in &ended {
            backchannel::announce(&self.op, session);
        }
    }

    /// The logout token itself, for tests that post it in their own way.
    ///
    /// # Errors
    /// When the client is unknown, or the key does not sign.
    pub fn logout_token(&self, token: &LogoutToken) -> Result<String, Error> {
        token.mint(&self.op)
    }

    /// Posts a logout token to its client; gives the status, none when there was no answer.
    ///
    /// # Errors
    /// When the client is unknown or has no address for it, or the key does not sign.
    pub async fn send_backchannel_logout(&self, token: &LogoutToken) -> Result<Option<u16>, Error> {
        let compact = token.mint(&self.op)?;
        let client = self.op.client(&token.client_id);
        let uri = client.and_then(|client| client.backchannel_logout_uri.as_deref());
        let uri = uri.ok_or(Error::Unknown("logout address of this client"))?;
        Ok(self.op.courier.post(uri, &compact).await)
    }

    /// Comes back when no logout token is under way any more.
    pub async fn settled(&self) {
        self.op.courier.settled().await;
    }

    /// The logout tokens that were sent because sessions ended, in the order of completion.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.op.courier.deliveries()
    }
}
