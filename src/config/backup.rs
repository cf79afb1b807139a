//! Where backups go, how often they are made, and how many are kept.

use std::{num::NonZeroUsize, path::PathBuf, time::Duration};

use super::{DatabaseConfig, Environment, Problems, reader::Reader};

/// The shortest time between two backups.
const SHORTEST: Duration = Duration::from_mins(1);

/// Backups of a SQLite database.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BackupConfig {
    /// `ROLECALL_BACKUP_DIR`: the folder for them; without it none are made on schedule.
    pub dir: Option<PathBuf>,
    /// `ROLECALL_BACKUP_EVERY`: the time from one to the next; `None` is no schedule.
    pub every: Option<Duration>,
    /// `ROLECALL_BACKUP_KEEP`: how many stay.
    pub keep: NonZeroUsize,
    /// `ROLECALL_BACKUP_BEFORE_MIGRATION`: whether one is made before the schema is changed.
    pub before_migration: bool,
}

impl Default for BackupConfig {
    fn default() -> Self {
        Self {
            dir: None,
            every: Some(Duration::from_hours(24)),
            keep: NonZeroUsize::MIN.saturating_add(13),
            before_migration: true,
        }
    }
}

impl BackupConfig {
    /// Reads what commands need that touch backups.
    ///
    /// # Errors
    /// Every malformed value at once.
    pub fn read(env: &Environment) -> Result<Self, Problems> {
        let mut read = Reader::new(env);
        let backup = read.backup();
        if read.problems.is_empty() {
            Ok(backup)
        } else {
            Err(Problems(read.problems))
        }
    }
}

impl Reader<'_> {
    pub fn backup(&mut self) -> BackupConfig {
        let default = BackupConfig::default();
        BackupConfig {
            dir: self.backup_dir("ROLECALL_BACKUP_DIR"),
            every: self.backup_every("ROLECALL_BACKUP_EVERY", default.every),
            keep: self.backup_keep("ROLECALL_BACKUP_KEEP", default.keep),
            before_migration: self.switch("ROLECALL_BACKUP_BEFORE_MIGRATION"),
        }
    }

    fn backup_dir(&mut self, name: &str) -> Option<PathBuf> {
        let dir = self.text(name).map(PathBuf::from)?;
        if !DatabaseConfig::read(self.env).is_sqlite() {
            self.problem(
                name,
                "is for SQLite; PostgreSQL is backed up with its own tools, such as pg_dump",
            );
        }
        Some(dir)
    }

    fn backup_every(&mut self, name: &str, default: Option<Duration>) -> Option<Duration> {
        let Some(text) = self.env.get(name) else {
            return default;
        };
        if text == "off" {
            return None;
        }
        let every = duration(text).filter(|every| *every >= SHORTEST);
        if every.is_none() {
            self.problem(
                name,
                "is neither off nor a time such as 24h, 90m or 7d, of a minute or more",
            );
        }
        every
    }

    fn backup_keep(&mut self, name: &str, default: NonZeroUsize) -> NonZeroUsize {
        let Some(text) = self.env.get(name) else {
            return default;
        };
        text.parse().unwrap_or_else(|_| {
            self.problem(name, "is not a whole number above 0");
            default
        })
    }
}

/// A whole number of minutes, hours or days: `90m`, `24h`, `7d`.
fn duration(text: &str) -> Option<Duration> {
    let unit = text.chars().last()?;
    let minutes = match unit {
        'm' => 1,
        'h' => 60,
        'd' => 24 * 60,
        _ => return None,
    };
    let digits = text.strip_suffix(unit)?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    let number: u32 = digits.parse().ok().filter(|_| is_number)?;
    Some(Duration::from_mins(u64::from(number).checked_mul(minutes)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_a_number_with_a_unit() {
        for (text, minutes) in [("90m", 90), ("24h", 24 * 60), ("7d", 7 * 24 * 60)] {
            assert_eq!(duration(text), Some(Duration::from_mins(minutes)), "{text}");
        }
        for text in [
            "",
            "24",
            "h",
            "-1h",
            "+1h",
            "1.5h",
            "1 h",
            "1w",
            "24hh",
            "99999999999d",
        ] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn every_problem_is_named() {
        let env = Environment::from([
            ("DATABASE_URL", "postgres://db/polls"),
            ("ROLECALL_BACKUP_DIR", "backups"),
            ("ROLECALL_BACKUP_EVERY", "10s"),
            ("ROLECALL_BACKUP_KEEP", "0"),
            ("ROLECALL_BACKUP_BEFORE_MIGRATION", "yes"),
        ]);
        let Problems(problems) = BackupConfig::read(&env).unwrap_err();
        assert_eq!(problems.len(), 4, "{problems:?}");
        let off = Environment::from([("ROLECALL_BACKUP_EVERY", "off")]);
        assert_eq!(BackupConfig::read(&off).unwrap().every, None);
    }
}
