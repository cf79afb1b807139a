//! The page that asks before something is done to people.

use askama::Template;
use askama_web::WebTemplate;
use serde::Deserialize;

use crate::page::Page;

/// What will happen, to whom, and whether it can be undone.
#[derive(Template, WebTemplate)]
#[template(path = "admin/users/confirmation.html")]
pub struct ConfirmationPage {
    pub(super) page: Page,
    pub(super) title: String,
    /// The pages above this one, with their addresses; the last is where "Cancel" leads.
    pub(super) trail: Vec<(String, String)>,
    pub(super) what: String,
    pub(super) whom: String,
    pub(super) undo: &'static str,
    /// The words on the button.
    pub(super) button: &'static str,
    /// The look of the button: `danger`, or empty.
    pub(super) kind: &'static str,
    /// Where the form goes.
    pub(super) action: String,
}

impl ConfirmationPage {
    fn back(&self) -> &str {
        self.trail.last().map_or("", |(address, _)| address)
    }
}

/// The form of a [`ConfirmationPage`]: nothing but the button, whatever else is sent.
#[derive(Debug, Deserialize)]
pub struct Confirmed {}
