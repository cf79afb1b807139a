//! Which signature of ID tokens is believed, where that is not left to the provider.

use super::{Credential, reader::Reader};

/// Signatures that are believed when the provider announces them: made with a key that only the
/// provider holds. Never `none`, and never `HS*` unless it is asked for by name.
pub const ASYMMETRIC: [&str; 9] = [
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA",
];

/// Made with the client's secret.
const SYMMETRIC: &str = "HS256";

/// Fewer bytes than the hash has are too few for its key (RFC 7518, 3.2; OpenID Connect Core,
/// 16.19).
const SHORTEST_SECRET: usize = 32;

impl Reader<'_> {
    /// The one algorithm that `name` allows.
    pub(super) fn sign_algo(
        &mut self,
        name: &str,
        credential: Option<&Credential>,
    ) -> Option<String> {
        let algorithm = self.env.get(name)?;
        if algorithm == SYMMETRIC {
            let length = |credential: &Credential| {
                let secret = credential.secret();
                secret.map_or(0, |secret| secret.expose().len())
            };
            if credential.is_some_and(|credential| length(credential) < SHORTEST_SECRET) {
                self.problem(name, "HS256 needs a client secret of 32 bytes or more");
            }
        } else if !ASYMMETRIC.contains(&algorithm) {
            let names = ASYMMETRIC.join(", ");
            self.problem(name, format_args!("is not one of {names} or {SYMMETRIC}"));
        }
        Some(algorithm.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Environment, Secret};

    /// Z-18.
    #[test]
    fn an_algorithm_is_named_exactly_and_the_secret_is_long_enough_for_it() {
        for (algorithm, length, is_fine) in [
            ("RS256", 1, true),
            ("EdDSA", 1, true),
            ("HS256", 32, true),
            ("HS256", 31, false),
            ("HS512", 64, false),
            ("rs256", 1, false),
            ("none", 1, false),
        ] {
            let env = Environment::from([("OIDC_RP_SIGN_ALGO", algorithm)]);
            let mut reader = Reader::new(&env);
            let credential = Secret::new("x".repeat(length)).into();
            reader.sign_algo("OIDC_RP_SIGN_ALGO", Some(&credential));
            assert_eq!(reader.problems.is_empty(), is_fine, "{algorithm}, {length}");
        }
    }
}
