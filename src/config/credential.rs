//! How we prove to a provider who we are (OpenID Connect Core 1.0, section 9).

use std::path::Path;

use super::{Secret, reader::Reader};
use crate::private_key::PrivateKey;

/// What proves to a provider who we are.
#[derive(Clone, Debug)]
pub enum Credential {
    /// `OIDC_RP_CLIENT_SECRET`: shown to it (`client_secret_basic` or `client_secret_post`).
    Secret(Secret),
    /// `OIDC_RP_PRIVATE_KEY_FILE`: signs an assertion for it (`private_key_jwt`).
    PrivateKey(PrivateKey),
}

impl From<Secret> for Credential {
    fn from(secret: Secret) -> Self {
        Self::Secret(secret)
    }
}

impl Credential {
    /// The secret, if it is one.
    #[must_use]
    pub fn secret(&self) -> Option<&Secret> {
        match self {
            Self::Secret(secret) => Some(secret),
            Self::PrivateKey(_) => None,
        }
    }
}

impl Reader<'_> {
    /// The one credential of the client whose names begin with `prefix`, such as `OIDC_RP_`.
    pub(super) fn credential(
        &mut self,
        prefix: &str,
        client_id: Option<&str>,
    ) -> Option<Credential> {
        let name = |name: &str| format!("{prefix}{name}");
        let (secret, file) = (name("CLIENT_SECRET"), name("PRIVATE_KEY_FILE"));
        let Some(path) = self.env.get(&file) else {
            let secret = self.required(&secret)?;
            return Some(Credential::Secret(Secret::new(secret)));
        };
        if self.env.get(&secret).is_some() {
            self.problem(
                &file,
                format!("cannot be used beside {secret}: remove one of them"),
            );
        }
        let kid = self.env.get(&name("PRIVATE_KEY_ID"));
        let loaded = PrivateKey::load(Path::new(path), kid);
        let loaded = loaded.map_err(|what| self.problem(&file, what)).ok()?;
        if loaded.client_id.is_some() && loaded.client_id.as_deref() != client_id {
            self.problem(
                &file,
                format!("belongs to another client than {}", name("CLIENT_ID")),
            );
        }
        if loaded.is_world_readable {
            tracing::warn!(
                file,
                path,
                "everybody on this machine can read this private key: chmod 600"
            );
        }
        Some(Credential::PrivateKey(loaded.key))
    }
}

#[cfg(test)]
mod tests {
    use demo_idp::{ClientKey, KeyFormat};
    use serde_json::json;

    use super::*;
    use crate::config::Environment;

    /// What these values come to, with a key file that holds `text`.
    fn read(text: &str, values: &[(&str, &str)]) -> (Option<Credential>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, text).unwrap();
        let mut env = Environment::from([("LAB_OIDC_RP_PRIVATE_KEY_FILE", path.to_str().unwrap())]);
        let values = values.iter().copied();
        env.0
            .extend(values.map(|(name, value)| (name.into(), value.into())));
        let mut reader = Reader::new(&env);
        (
            reader.credential("LAB_OIDC_RP_", Some("rolecall")),
            reader.problems,
        )
    }

    fn pem(format: KeyFormat) -> String {
        ClientKey::generate("key-1", format).unwrap().1
    }

    const KID: (&str, &str) = ("LAB_OIDC_RP_PRIVATE_KEY_ID", "key-1");

    /// S-12, F-11.
    #[test]
    fn a_key_comes_as_pem_with_its_id_or_as_the_file_of_zitadel() {
        let formats = [KeyFormat::RsaPkcs1, KeyFormat::RsaPkcs8, KeyFormat::P256];
        for format in formats {
            let (credential, problems) = read(&pem(format), &[KID]);
            assert_eq!(problems, [""; 0]);
            let shown = format!("{:?}", credential.unwrap());
            assert_eq!(shown, "PrivateKey(PrivateKey(key-1))");
        }
        let file = json!({
            "type": "application", "keyId": "key-1", "key": pem(KeyFormat::RsaPkcs1),
            "appId": "1", "clientId": "rolecall",
        });
        let (credential, problems) = read(&file.to_string(), &[]);
        assert_eq!((credential.is_some(), problems), (true, Vec::new()));
    }

    #[test]
    fn what_is_wrong_with_a_key_is_told_without_a_word_of_it() {
        let key = pem(KeyFormat::P256);
        let of_another = json!({ "keyId": "key-1", "key": key, "clientId": "somebody" });
        let secret = ("LAB_OIDC_RP_CLIENT_SECRET", "s3cret");
        for (text, values, what) in [
            (key.as_str(), &[][..], "needs OIDC_RP_PRIVATE_KEY_ID"),
            (key.as_str(), &[KID, secret], "cannot be used beside"),
            ("no key", &[KID], "without an RSA key"),
            (
                "-----BEGIN PRIVATE KEY-----\nMDA=\n-----END PRIVATE KEY-----\n",
                &[KID],
                "without an RSA key",
            ),
            ("{}", &[], "without keyId and key"),
            (&of_another.to_string(), &[], "belongs to another client"),
            (
                &of_another.to_string(),
                &[("LAB_OIDC_RP_PRIVATE_KEY_ID", "key-2")],
                "another key id",
            ),
        ] {
            let (_, problems) = read(text, values);
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert!(
                problems[0].starts_with("LAB_OIDC_RP_PRIVATE_KEY_FILE: "),
                "{problems:?}"
            );
            assert!(problems[0].contains(what), "{problems:?}");
        }
    }

    #[test]
    fn one_credential_is_required() {
        let env = Environment::default();
        let mut reader = Reader::new(&env);
        assert!(reader.credential("OIDC_RP_", Some("rolecall")).is_none());
        assert_eq!(reader.problems, ["OIDC_RP_CLIENT_SECRET: is missing"]);
    }
}
