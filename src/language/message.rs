//! Something to say, before it is known to whom.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::moment::Moment;

/// A sentence of the catalogue, by its id, with what is to be filled in.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Message {
    pub(super) id: Cow<'static, str>,
    pub(super) arguments: Vec<(Cow<'static, str>, Value)>,
}

/// Something to be filled in.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Value {
    /// A number, with the digits after its point that are to be shown.
    Number(String),
    /// Text that was typed by somebody.
    Text(String),
    /// A time.
    Moment(Moment),
    /// Another message.
    Message(Message),
    /// Several, with commas between.
    Series(Vec<Value>),
    /// Several, the last after "and".
    All(Vec<Value>),
    /// Several, the last after "or".
    Any(Vec<Value>),
}

impl Message {
    /// The message of the catalogue with this id.
    #[must_use]
    pub const fn new(id: &'static str) -> Self {
        Self {
            id: Cow::Borrowed(id),
            arguments: Vec::new(),
        }
    }

    /// Text that somebody has typed, as it is.
    #[must_use]
    pub fn verbatim(text: impl Into<String>) -> Self {
        Self::of(Value::Text(text.into()))
    }

    /// A value by itself.
    #[must_use]
    pub fn of(value: impl Into<Value>) -> Self {
        Self::new("value").with("value", value)
    }

    /// The same with `value` filled in for `name`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.arguments.push((Cow::Borrowed(name), value.into()));
        self
    }

    /// This, and `next` after it.
    #[must_use]
    pub fn and(self, next: Self) -> Self {
        Self::new("sentences")
            .with("first", self)
            .with("second", next)
    }

    /// Its id in the catalogue.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.id.is_empty()
    }
}

impl From<&'static str> for Message {
    fn from(id: &'static str) -> Self {
        Self::new(id)
    }
}

/// Loops and bindings of templates hand over references to references.
macro_rules! from_references {
    ($whole:ty: $($reference:ty),+) => { $(
        impl From<$reference> for $whole {
            fn from(value: $reference) -> Self {
                Self::from(*value)
            }
        }
    )+ };
}

from_references!(Message: &&'static str, &&&'static str, &&Message, &&Moment);
from_references!(Value: &&str, &&&str, &&String, &&Message, &&Moment, &&usize, &&u64, &&i64);

impl From<&Self> for Message {
    fn from(message: &Self) -> Self {
        message.clone()
    }
}

impl From<Moment> for Message {
    fn from(moment: Moment) -> Self {
        Self::of(moment)
    }
}

impl From<&Moment> for Message {
    fn from(moment: &Moment) -> Self {
        Self::of(moment.clone())
    }
}

impl Value {
    /// A number that is written out already, such as `53.7`.
    #[must_use]
    pub fn decimal(digits: impl Into<String>) -> Self {
        Self::Number(digits.into())
    }
}

/// Templates hand over references; handlers values.
macro_rules! from_numbers {
    ($($number:ty),+) => { $(
        impl From<$number> for Value {
            fn from(number: $number) -> Self {
                Self::Number(number.to_string())
            }
        }

        impl From<&$number> for Value {
            fn from(number: &$number) -> Self {
                Self::Number(number.to_string())
            }
        }
    )+ };
}

macro_rules! from_kinds {
    ($($variant:ident: $kind:ty),+) => { $(
        impl From<$kind> for Value {
            fn from(value: $kind) -> Self {
                Self::$variant(value)
            }
        }

        impl From<&$kind> for Value {
            fn from(value: &$kind) -> Self {
                Self::$variant(value.clone())
            }
        }
    )+ };
}

from_numbers!(i64, u64, u32, u16, usize);
from_kinds!(Text: String, Moment: Moment, Message: Message);

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
