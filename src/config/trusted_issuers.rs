//! Other sites whose access tokens are believed here.

use url::Url;

use super::reader::Reader;

const NAME: &str = "ROLECALL_TRUSTED_ISSUERS";

/// What every issuer ends with: it is an instance of this program.
const PATH: &str = "/api/auth/v2";

impl Reader<'_> {
    /// Issuers between commas, each as it stands in `iss`; none is our own.
    pub fn trusted_issuers(&mut self) -> Vec<Url> {
        let mut issuers = Vec::new();
        for text in self.list(NAME).unwrap_or_default() {
            let Some(issuer) = self.url(NAME, &text) else {
                continue;
            };
            if issuer.path() != PATH || issuer.as_str() != text {
                self.problem(NAME, "is not like https://polls.example.org/api/auth/v2");
            } else if issuers.contains(&issuer) {
                self.problem(NAME, "names an issuer twice");
            } else {
                issuers.push(issuer);
            }
        }
        let base = self
            .env
            .get("BASE_URL")
            .unwrap_or_default()
            .trim_end_matches('/');
        if issuers
            .iter()
            .any(|issuer| issuer.as_str() == format!("{base}{PATH}"))
        {
            self.problem(NAME, "names this site itself");
        }
        issuers
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Environment;

    fn read(issuers: &str) -> Result<Vec<String>, Vec<String>> {
        let mut env = Environment::default();
        env.0.insert(NAME.to_owned(), issuers.into());
        env.0
            .insert("BASE_URL".to_owned(), "https://us.example".into());
        let mut read = Reader::new(&env);
        let issuers = read.trusted_issuers();
        let issuers = issuers.iter().map(Url::to_string).collect();
        if read.problems.is_empty() {
            Ok(issuers)
        } else {
            Err(read.problems)
        }
    }

    /// P-23, P-26: a malformed name is a problem at the start.
    #[test]
    fn issuers_are_read_strictly() {
        let (one, two) = (
            "https://a.example/api/auth/v2",
            "http://localhost:8001/api/auth/v2",
        );
        assert_eq!(read(""), Ok(Vec::new()));
        let both = Ok(vec![one.to_owned(), two.to_owned()]);
        assert_eq!(read(&format!("{one}, {two}")), both);
        for wrong in [
            "https://a.example",
            "https://a.example/",
            "https://a.example/api/auth/v2/",
            "http://a.example/api/auth/v2",
            "https://a.example/api/auth/v2?x",
            "https://us.example/api/auth/v2",
            "https://a.example/api/auth/v2,https://a.example/api/auth/v2",
            "a.example",
        ] {
            let problems = read(wrong).unwrap_err();
            assert!(problems[0].starts_with(NAME), "{wrong}: {problems:?}");
        }
    }
}
