//! A finding, and how findings are shown to people and to programs.

use std::fmt;

use serde::Serialize;

use super::Registration;
use crate::search::one_line;

/// How good or bad a finding is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As it should be.
    Ok,
    /// It works, and somebody should look at it.
    Warn,
    /// It does not work.
    Fail,
}

impl Level {
    const fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warn => "WARN",
            Self::Fail => "FAIL",
        }
    }
}

/// What one check has found, each text on one line. Holds no secret.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// Which check; a stable name.
    pub check: &'static str,
    /// How good or bad it is.
    pub level: Level,
    /// What is so.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

impl Finding {
    /// Something that is as it should be.
    pub fn ok(check: &'static str, message: impl Into<String>) -> Self {
        Self {
            check,
            level: Level::Ok,
            message: one_line(&message.into()),
            advice: None,
        }
    }

    /// Something that works and that `advice` would make better.
    pub fn warn(
        check: &'static str,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            level: Level::Warn,
            advice: Some(advice.into()),
            ..Self::ok(check, message)
        }
    }

    /// Something that does not work until `advice` is followed.
    pub fn fail(
        check: &'static str,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            level: Level::Fail,
            ..Self::warn(check, message, advice)
        }
    }
}

/// Findings about one thing.
#[derive(Clone, Debug, Serialize)]
struct Section {
    title: String,
    findings: Vec<Finding>,
}

/// Everything that was found. Shown, it is text for people.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    sections: Vec<Section>,
    registrations: Vec<Registration>,
}

impl Report {
    /// Adds what to enter at a provider.
    pub fn register(&mut self, registration: Registration) {
        self.registrations.push(registration);
    }

    /// Adds findings about one thing, if there are any.
    pub fn section(&mut self, title: impl Into<String>, findings: Vec<Finding>) {
        if !findings.is_empty() {
            let title = title.into();
            self.sections.push(Section { title, findings });
        }
    }

    /// All findings.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.sections.iter().flat_map(|section| &section.findings)
    }

    /// Whether something does not work.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.findings().any(|finding| finding.level == Level::Fail)
    }

    fn count(&self, level: Level) -> usize {
        let counted = self.findings().filter(|finding| finding.level == level);
        counted.count()
    }

    /// The last line: what all of it comes to.
    fn summary(&self) -> String {
        let warnings = match self.count(Level::Warn) {
            0 => String::new(),
            1 => " 1 warning.".to_owned(),
            several => format!(" {several} warnings."),
        };
        match self.count(Level::Fail) {
            0 => format!("Everything needed works.{warnings}"),
            1 => format!("1 problem.{warnings} Mend it and check again."),
            several => {
                format!("{several} problems.{warnings} Mend the first one first and check again.")
            }
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widest = self.findings().map(|finding| finding.check.len()).max();
        let widest = widest.unwrap_or_default();
        for Section { title, findings } in &self.sections {
            writeln!(f, "{title}")?;
            for finding in findings {
                let (word, check) = (finding.level.word(), finding.check);
                write!(f, "  {word:4}  {check:widest$}  {}", finding.message)?;
                if let Some(advice) = &finding.advice {
                    write!(f, " {advice}")?;
                }
                writeln!(f)?;
            }
            writeln!(f)?;
        }
        for registration in &self.registrations {
            writeln!(f, "{registration}")?;
        }
        writeln!(f, "{}", self.summary())
    }
}

#[cfg(test)]
mod tests {
    use super::Finding;

    #[test]
    fn a_message_is_one_line_without_control_sequences() {
        let said = "sub \u{1b}[2J\u{9b}31m\n  OK    roles";
        assert_eq!(
            Finding::ok("claims", said).message,
            "sub [2J31m   OK    roles"
        );
    }
}
