//! Whether the history is as it was written.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::State;

use crate::{
    admin::Editor,
    db::Db,
    error::Result,
    history::{self, Chain},
    page::Page,
};

/// How the check ended.
#[derive(Template, WebTemplate)]
#[template(path = "admin/audit/verify.html")]
pub struct VerifyPage {
    page: Page,
    chain: Chain,
}

/// `GET /admin/audit/verify/`: recomputes the chain.
///
/// # Errors
/// When the database does not answer.
pub async fn show(page: Page, _: Editor, State(db): State<Db>) -> Result<VerifyPage> {
    Ok(VerifyPage {
        page,
        chain: history::verify(&db).await?,
    })
}
