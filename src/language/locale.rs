//! Messages as text, for one reader.

use std::{
    borrow::Cow,
    fmt,
    sync::{Arc, LazyLock},
};

use askama::filters::{Html, HtmlSafe, escape};
use fluent_bundle::{FluentArgs, FluentValue};
use moka::sync::Cache;

use super::{Language, Message, Value, Zone, catalogue};
use crate::moment::Moment;

/// What a reader speaks and where their clocks stand.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Locale {
    /// The language.
    pub language: Language,
    /// The time zone, when one was chosen.
    pub zone: Option<Zone>,
}

/// A message for this reader: in a template it comes out as HTML, in which only the catalogue's
/// own markup is markup.
#[derive(Clone, Debug)]
pub struct Text {
    locale: Locale,
    message: Message,
}

/// What the text is for.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
enum Medium {
    Html,
    Plain,
}

/// Times as they were told; what they depend on is in the key.
static TOLD: LazyLock<Cache<(Locale, Moment, Medium), Arc<str>>> =
    LazyLock::new(|| Cache::new(4_096));

impl Locale {
    /// The message for this reader.
    #[must_use]
    pub fn t(self, message: impl Into<Message>) -> Text {
        Text {
            locale: self,
            message: message.into(),
        }
    }

    fn format(self, message: &Message, medium: Medium) -> Cow<'static, str> {
        if message.is_empty() {
            return Cow::Borrowed("");
        }
        if message.arguments.is_empty()
            && let Some(text) = catalogue::fixed(self.language, &message.id)
        {
            return Cow::Borrowed(text);
        }
        let mut arguments = FluentArgs::with_capacity(message.arguments.len());
        for (name, value) in &message.arguments {
            arguments.set(name.clone(), self.fill_in(value, medium));
        }
        catalogue::format(self.language, &message.id, &arguments).into()
    }

    fn fill_in(self, value: &Value, medium: Medium) -> FluentValue<'static> {
        let text = match value {
            Value::Number(digits) => return FluentValue::try_number(digits).into_owned(),
            Value::Text(text) if medium == Medium::Html => escaped(text),
            Value::Text(text) => text.clone(),
            Value::Moment(moment) => self.moment(moment, medium),
            Value::Message(message) => self.format(message, medium).into_owned(),
            Value::Series(values) => self.each(values, medium).join(", "),
            Value::All(values) => self.list(values, "list-and", medium),
            Value::Any(values) => self.list(values, "list-or", medium),
        };
        FluentValue::from(text)
    }

    fn each(self, values: &[Value], medium: Medium) -> Vec<String> {
        let format = |value: &Value| {
            let text = self.format(&Message::of(value.clone()), medium);
            text.into_owned()
        };
        values.iter().map(format).collect()
    }

    /// `A, B and C`: the last two are joined by the message `id`.
    fn list(self, values: &[Value], id: &'static str, medium: Medium) -> String {
        let mut texts = self.each(values, medium);
        match texts.pop() {
            Some(last) if !texts.is_empty() => {
                let mut arguments = FluentArgs::new();
                arguments.set("most", texts.join(", "));
                arguments.set("last", last);
                catalogue::format(self.language, id, &arguments)
            }
            only => only.unwrap_or_default(),
        }
    }

    /// The time where it belongs, and beside it the reader's own where that is another one. Lists
    /// tell the same times to everybody: those told last are at hand.
    fn moment(self, moment: &Moment, medium: Medium) -> String {
        let key = (self, moment.clone(), medium);
        TOLD.get_with(key, || self.tell(moment, medium).into())
            .to_string()
    }

    fn tell(self, moment: &Moment, medium: Medium) -> String {
        let there = self.moment_in(moment, medium);
        let own = self.zone.map(|zone| moment.in_zone(zone));
        match own.filter(|own| !own.reads_as(moment)) {
            Some(own) => {
                let mut arguments = FluentArgs::new();
                arguments.set("there", there);
                arguments.set("here", self.moment_in(&own, medium));
                catalogue::format(self.language, "moment-elsewhere", &arguments)
            }
            None => there,
        }
    }

    fn moment_in(self, moment: &Moment, medium: Medium) -> String {
        let machine = moment.rfc3339();
        let Some(written) = moment.written() else {
            return machine;
        };
        let text = self.format(&written, Medium::Plain);
        match medium {
            Medium::Plain => text.into_owned(),
            Medium::Html => format!(r#"<time datetime="{machine}">{text}</time>"#),
        }
    }
}

fn escaped(text: &str) -> String {
    let Ok(escaped) = escape(text, Html);
    escaped.to_string()
}

impl Text {
    /// The same with `value` filled in for `name`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.message = self.message.with(name, value);
        self
    }

    /// Without any markup, for JSON and for the terminal.
    #[must_use]
    pub fn plain(&self) -> String {
        self.locale
            .format(&self.message, Medium::Plain)
            .into_owned()
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.message.is_empty()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.locale.format(&self.message, Medium::Html))
    }
}

/// What was filled in is escaped, and the catalogue is ours.
impl HtmlSafe for Text {}
