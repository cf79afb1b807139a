//! A text that is the same for many readers, kept beside what it was made of: it is old exactly
//! when that is.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    error::Result,
    language::{Locale, Preferences},
};

/// A text, in UTF-8.
type Text = Arc<[u8]>;

/// The text by what its readers have chosen; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Written(Arc<Mutex<HashMap<(Locale, Preferences), Text>>>);

impl Written {
    /// Readers can choose among hundreds of time zones: few texts are kept at a time.
    const MANY: usize = 32;

    /// The text for readers who have chosen this: the one at hand, or what `write` makes of it.
    ///
    /// # Errors
    /// Those of `write`.
    pub fn get_or<F>(&self, reader: (Locale, Preferences), write: F) -> Result<Text>
    where
        F: FnOnce() -> Result<String>,
    {
        if let Some(text) = self.texts().get(&reader) {
            return Ok(text.clone());
        }
        let text = Text::from(write()?.into_bytes());
        let mut texts = self.texts();
        if texts.len() >= Self::MANY {
            texts.clear();
        }
        texts.insert(reader, text.clone());
        Ok(text)
    }

    fn texts(&self) -> std::sync::MutexGuard<'_, HashMap<(Locale, Preferences), Text>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
