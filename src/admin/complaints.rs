//! What is wrong with a submitted form: once above the form, once beside each field.

use crate::language::Message;

/// One thing that is wrong.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Complaint {
    /// Id of the control that it is about.
    pub field: String,
    /// What is wrong and what to do.
    pub text: Message,
}

impl Complaint {
    /// Something that is wrong with `field`.
    pub fn new(field: impl Into<String>, text: impl Into<Message>) -> Self {
        Self {
            field: field.into(),
            text: text.into(),
        }
    }
}

/// Everything that is wrong, in the order of the form.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Complaints {
    /// The list.
    pub all: Vec<Complaint>,
}

impl Complaints {
    /// Adds one.
    pub fn add(&mut self, field: impl Into<String>, text: impl Into<Message>) {
        self.all.push(Complaint::new(field, text));
    }

    /// What is wrong with one field, or nothing.
    #[must_use]
    pub fn of(&self, field: &str) -> Message {
        let about = self.all.iter().find(|complaint| complaint.field == field);
        about.map_or_else(Message::default, |complaint| complaint.text.clone())
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

impl Extend<Complaint> for Complaints {
    fn extend<I: IntoIterator<Item = Complaint>>(&mut self, more: I) {
        self.all.extend(more);
    }
}

impl FromIterator<Complaint> for Complaints {
    fn from_iter<I: IntoIterator<Item = Complaint>>(all: I) -> Self {
        Self {
            all: all.into_iter().collect(),
        }
    }
}
