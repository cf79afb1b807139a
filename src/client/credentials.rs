//! What the site has given to this terminal: in a file of its own that nobody else may read.

use std::{
    fs::{DirBuilder, File},
    io::{ErrorKind, Write as _},
    os::unix::fs::DirBuilderExt as _,
    path::PathBuf,
};

use etcetera::base_strategy::{BaseStrategy as _, Xdg};
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;
use url::Url;

use super::Failure;
use crate::clock::Timestamp;

/// The tokens of a sign-in. No `Debug`: they are secrets.
#[derive(Deserialize, Serialize)]
pub struct Credentials {
    /// The site.
    pub server: Url,
    /// What opens the API.
    pub access_token: String,
    /// When that ends.
    pub expires_at: Timestamp,
    /// What the next ones are had for.
    pub refresh_token: String,
}

/// Where they are kept: `rolecall/credentials.json` in the folder for configuration (XDG Base
/// Directory Specification).
pub struct Store(PathBuf);

impl Store {
    /// That of the person at this machine.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn of_this_user() -> Result<Self, Failure> {
        let folders = Xdg::new().map_err(|_| {
            Failure::Refused("There is no home folder to keep the sign-in in.".to_owned())
        })?;
        let folder = folders.config_dir().join("rolecall");
        Ok(Self(folder.join("credentials.json")))
    }

    /// What is kept, if anything is.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn load(&self) -> Result<Option<Credentials>, Failure> {
        match File::open(&self.0) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.unusable(&error)),
            // What cannot be read any more is as good as nothing.
            Ok(file) => Ok(serde_json::from_reader(file).ok()),
        }
    }

    /// Keeps `credentials` in the place of what was there.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self, credentials: &Credentials) -> Result<(), Failure> {
        self.write(credentials)
            .map_err(|error| self.unusable(&error))
    }

    /// The file is for its owner alone from the beginning, and whole whenever it is there.
    fn write(&self, credentials: &Credentials) -> std::io::Result<()> {
        let folder = self.0.parent().ok_or(ErrorKind::InvalidInput)?;
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
        let mut file = NamedTempFile::new_in(folder)?;
        file.write_all(&serde_json::to_vec(credentials)?)?;
        file.as_file().sync_all()?;
        file.persist(&self.0)?;
        Ok(())
    }

    /// Forgets what was kept.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn remove(&self) -> Result<(), Failure> {
        match std::fs::remove_file(&self.0) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(self.unusable(&error)),
            _ => Ok(()),
        }
    }

    fn unusable(&self, error: &std::io::Error) -> Failure {
        Failure::Refused(format!("{}: {error}", self.0.display()))
    }
}
