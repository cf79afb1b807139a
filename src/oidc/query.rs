//! What `/oidc/authenticate/` can be asked for, read from its query and written back into links.

use openidconnect::core::CoreAuthPrompt;
use url::form_urlencoded;

use crate::{
    db::text_enum,
    paths::{self, ReturnPath},
};

/// Longest hint or list of languages that is passed on, in bytes.
const LONGEST: usize = 254;

text_enum! {
    /// What the provider is asked to show (OpenID Connect Core, 3.1.2.1; Prompt Create 1.0).
    pub enum Prompt {
        /// Nothing: answer at once.
        None = "none",
        /// The sign-in, even for somebody whom it knows.
        Login = "login",
        /// The choice of an account.
        SelectAccount = "select_account",
        /// The registration of a new account.
        Create = "create",
    }
}

impl From<Prompt> for CoreAuthPrompt {
    fn from(prompt: Prompt) -> Self {
        match prompt {
            Prompt::None => Self::None,
            Prompt::Login => Self::Login,
            Prompt::SelectAccount => Self::SelectAccount,
            Prompt::Create => Self::Extension("create".to_owned()),
        }
    }
}

/// Where a sign-in is to lead, at which provider, and what that is asked to show.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuthenticateQuery {
    /// Where to go afterwards (`next`).
    pub next: ReturnPath,
    /// What to show (`prompt`, or `signup=1`).
    pub prompt: Option<Prompt>,
    /// Which provider, by its name here (`provider`).
    pub provider: Option<String>,
    /// Who is going to sign in (`login_hint`; OpenID Connect Core, 3.1.2.1).
    pub login_hint: Option<String>,
    /// In which languages (`ui_locales`, separated by blanks; OpenID Connect Core, 3.1.2.1).
    pub ui_locales: Option<String>,
}

impl AuthenticateQuery {
    /// One that leads to `next` and asks for nothing else.
    #[must_use]
    pub fn to(next: ReturnPath) -> Self {
        Self {
            next,
            prompt: None,
            provider: None,
            login_hint: None,
            ui_locales: None,
        }
    }

    /// Reads the query of `/oidc/authenticate/`; what is unknown there is ignored.
    #[must_use]
    pub fn parse(query: &str) -> Self {
        let value = |name: &str| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            pairs.find(|(key, _)| key == name).map(|(_, value)| value)
        };
        let hint = |name: &str| {
            let hint = value(name).filter(|hint| is_bearable(hint));
            hint.map(|hint| hint.trim().to_owned())
        };
        let prompt = match value("signup") {
            Some(signup) if signup == "1" => Some(Prompt::Create),
            _ => value("prompt").and_then(|word| Prompt::from_word(&word)),
        };
        let next = value("next");
        Self {
            next: next.map_or_else(ReturnPath::home, |next| ReturnPath::parse(&next)),
            prompt,
            provider: hint("provider"),
            login_hint: hint("login_hint"),
            ui_locales: hint("ui_locales"),
        }
    }

    /// The same at the provider called `id`.
    #[must_use]
    pub fn at(self, id: Option<String>) -> Self {
        Self {
            provider: id,
            ..self
        }
    }

    /// The same, showing `prompt`.
    #[must_use]
    pub fn with_prompt(self, prompt: Prompt) -> Self {
        Self {
            prompt: Some(prompt),
            ..self
        }
    }

    /// The link that asks for this.
    #[must_use]
    pub fn link(&self) -> String {
        let further = [
            ("prompt", self.prompt.map(Prompt::as_str)),
            ("provider", self.provider.as_deref()),
            ("login_hint", self.login_hint.as_deref()),
            ("ui_locales", self.ui_locales.as_deref()),
        ];
        let further = further
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        let further = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(further)
            .finish();
        if !further.is_empty() {
            format!("{}&{further}", paths::authenticate(&self.next))
        } else if self.next == ReturnPath::home() {
            paths::AUTHENTICATE.to_owned()
        } else {
            paths::authenticate(&self.next)
        }
    }
}

fn is_bearable(hint: &str) -> bool {
    hint.len() <= LONGEST && !hint.trim().is_empty() && !hint.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_query_takes_what_it_knows_and_ignores_the_rest() {
        let query = AuthenticateQuery::parse(
            "next=%2Fpolls%2F1%2F%3Fa%3Db&prompt=login&redirect_uri=//evil&x",
        );
        assert_eq!(query.next.as_str(), "/polls/1/?a=b");
        assert_eq!(query.prompt, Some(Prompt::Login));
        assert_eq!(
            AuthenticateQuery::parse("signup=1").prompt,
            Some(Prompt::Create)
        );
        assert_eq!(
            AuthenticateQuery::parse("prompt=consent&signup=yes").prompt,
            None
        );
        assert_eq!(
            AuthenticateQuery::parse("next=https://evil").next,
            ReturnPath::home()
        );
        assert_eq!(AuthenticateQuery::parse("").next, ReturnPath::home());
    }

    #[test]
    fn hints_that_are_empty_too_long_or_no_text_are_left_out() {
        let long = format!("login_hint={}", "a".repeat(LONGEST + 1));
        for query in ["login_hint=", "login_hint=%0d%0aa", &long] {
            assert_eq!(AuthenticateQuery::parse(query).login_hint, None, "{query}");
        }
    }

    proptest! {
        #[test]
        fn a_link_says_what_its_query_said(query in "((next|prompt|signup|provider|login_hint|ui_locales)=[a-z1%/&=+ é]{0,9}&){0,6}") {
            let asked = AuthenticateQuery::parse(&query);
            let link = asked.link();
            let written = link.split_once('?').map_or("", |(_, query)| query);
            prop_assert_eq!(AuthenticateQuery::parse(written), asked);
        }
    }
}
