//! One entry of the history.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::State;
use http::request::Parts;

use super::rows::Row;
use crate::{
    admin::{Editor, path},
    db::Db,
    error::{Error, Result},
    history::{self, Entry},
    page::Page,
};

/// The entry that the path names by `{id}`.
pub struct Found(Entry);

impl<S> axum::extract::FromRequestParts<S> for Found
where
    S: Send + Sync,
    Db: axum::extract::FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let seq = path::key(parts, state).await?;
        let db = <Db as axum::extract::FromRef<S>>::from_ref(state);
        let entry = history::find(&db, seq).await?;
        entry.map(Self).ok_or(Error::NotFound)
    }
}

/// An entry.
#[derive(Template, WebTemplate)]
#[template(path = "admin/audit/detail.html")]
pub struct DetailPage {
    page: Page,
    entry: Entry,
    row: Row,
}

/// `GET /admin/audit/{id}/`: an entry, field by field.
///
/// # Errors
/// 404 when there is none with this number.
pub async fn show(page: Page, _: Editor, State(_): State<Db>, Found(entry): Found) -> DetailPage {
    DetailPage {
        row: Row::new(&entry, page.zone),
        page,
        entry,
    }
}
