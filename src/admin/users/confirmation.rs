//! The page that asks before something is done to people.

use askama::Template;
use askama_web::WebTemplate;
use serde::Deserialize;

use crate::{language::Message, page::Page};

/// What will happen, to whom, and whether it can be undone.
#[derive(Template, WebTemplate)]
#[template(path = "admin/users/confirmation.html")]
pub struct ConfirmationPage {
    pub(super) page: Page,
    pub(super) title: Message,
    /// The pages above this one, with their addresses; the last is where "Cancel" leads.
    pub(super) trail: Vec<(String, String)>,
    pub(super) what: Message,
    pub(super) whom: Message,
    /// The id of a message.
    pub(super) undo: &'static str,
    /// The words on the button: the id of a message.
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
