//! Where a request comes from, and by whom: for the lines of the log that tell of an event, and for no
//! others. `docs/operating.md` lists those.
//!
//! Comes along with the task, as the number of the request does with its span: an event is noted deep
//! below the edge. On the way of a vote there is no address, so that no line joins the two.

use std::net::IpAddr;

use crate::vault::SubjectHasher;

/// From where, and how people are named.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The address of the client, where it is known and may be told.
    pub address: Option<IpAddr>,
    /// Names people without telling who they are.
    pub hasher: SubjectHasher,
}

tokio::task_local! {
    static ORIGIN: Origin;
}

impl Origin {
    /// Of a command, which comes from no address.
    #[must_use]
    pub const fn of_nobody(hasher: SubjectHasher) -> Self {
        Self {
            address: None,
            hasher,
        }
    }

    /// Does `work`, whose events come from here.
    pub async fn scope<F: Future>(self, work: F) -> F::Output {
        ORIGIN.scope(self, work).await
    }
}

/// `work` for another task, with events that come from where those of this task do.
pub fn inherited<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let origin = ORIGIN.try_with(Clone::clone).ok();
    async move {
        match origin {
            Some(origin) => origin.scope(work).await,
            None => work.await,
        }
    }
}

/// The field `ip` of an event: the client's address.
#[must_use]
pub fn ip() -> Option<String> {
    let address = ORIGIN.try_with(|origin| origin.address).ok().flatten();
    address.map(|address| address.to_string())
}

/// The field `sub_hash` of an event: whom the provider `issuer` calls `subject`, as a keyed hash. `None`
/// where nobody has said with which key.
#[must_use]
pub fn sub_hash(issuer: &str, subject: &str) -> Option<String> {
    let hash = |origin: &Origin| origin.hasher.hash(issuer, subject);
    ORIGIN.try_with(hash).ok()
}
