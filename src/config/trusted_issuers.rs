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
