//! What a browser calls itself (RFC 9110, 10.1.5), in words. Only a label: anybody can send any.

use crate::language::Message;

/// Names as they stand in the header, and as people know them. The first that is found counts,
/// because most browsers claim to be the older ones as well.
const BROWSERS: [(&str, &str); 11] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];

/// As [`BROWSERS`], for what it runs on.
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// A short name, such as "Firefox on Linux".
#[must_use]
pub fn in_words(user_agent: Option<&str>) -> Message {
    let user_agent = user_agent.unwrap_or_default();
    let find = |names: &[(&str, &'static str)]| {
        let mut names = names.iter();
        names
            .find(|(sent, _)| user_agent.contains(sent))
            .map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => Message::new("browser-on")
            .with("browser", browser)
            .with("system", system),
        (Some(browser), None) => Message::verbatim(browser),
        (None, Some(system)) => Message::new("browser-unknown-on").with("system", system),
        (None, None) => Message::new("browser-unknown"),
    }
}

/// Longest name of a program shown, in characters.
const LONGEST: usize = 40;

/// A program that was signed in, by the first name that it gives itself.
#[must_use]
pub fn program_in_words(user_agent: Option<&str>) -> Message {
    let name = user_agent.unwrap_or_default().split(['/', ' ']).next();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    match name.filter(|name| (1..=LONGEST).contains(&name.len()) && name.chars().all(is_plain)) {
        Some(name) => Message::new("program-called").with("name", name),
        None => Message::new("program-unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Locale;

    #[test]
    fn a_program_has_the_name_that_it_gives_itself_when_that_is_plain() {
        for (user_agent, words) in [
            (Some("rolecall/0.1.0"), "The program rolecall"),
            (Some("python-requests/2.32"), "The program python-requests"),
            (Some("<b>x</b>"), "A program"),
            (Some(""), "A program"),
            (None, "A program"),
        ] {
            let said = Locale::default().t(program_in_words(user_agent));
            assert_eq!(said.plain(), words, "{user_agent:?}");
        }
    }

    #[test]
    fn common_browsers_are_told_apart() {
        for (user_agent, words) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0",
                "Firefox on Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Safari/537.36 Edg/145.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Safari/605.1.15",
                "Safari on macOS",
            ),
            ("curl/8.12.1", "curl"),
            ("Something (Linux)", "A browser on Linux"),
            ("<script>alert(1)</script>", "An unknown browser"),
        ] {
            let said = Locale::default().t(in_words(Some(user_agent)));
            assert_eq!(said.plain(), words, "{user_agent}");
        }
        assert_eq!(in_words(None), Message::new("browser-unknown"));
    }
}
