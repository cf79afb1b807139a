//! Signing in by device code (RFC 8628), and what follows from it: fresh tokens, signing out.

use std::time::Duration;

use http::StatusCode;
use tokio::time::{Instant, sleep};
use url::Url;

use super::{
    Failure, Terminal,
    credentials::Credentials,
    server::{Answer, Server},
};
use crate::paths;

/// RFC 8628, 3.2: when the site does not say how often to ask.
const INTERVAL: Duration = Duration::from_secs(5);
/// RFC 8628, 3.5: how much longer to wait for each time that it was too often.
const SLOWER: Duration = Duration::from_secs(5);
/// An access token that ends within this time is not used any more.
const SPARE: Duration = Duration::from_secs(30);

/// Somebody who is signed in.
pub struct SignedIn {
    /// Where.
    pub server: Server,
    /// What opens the API.
    pub token: String,
}

/// Seconds of an answer, if they are a time to wait.
fn seconds(answer: &Answer, name: &str) -> Option<Duration> {
    let seconds = u64::try_from(answer.number(name)?).ok()?;
    Some(Duration::from_secs(seconds))
}

/// What the authorization server says of why there are no tokens.
fn refusal(answer: &Answer) -> Failure {
    match answer.text("error_description") {
        "" => Failure::Unreachable(format!("The site answers with {}.", answer.status)),
        why => Failure::Refused(why.to_owned()),
    }
}

impl<T: Fn(&str)> Terminal<T> {
    /// `rolecall login`
    pub(super) async fn login(&self, url: Url) -> Result<String, Failure> {
        let server = Server::at(&url)?;
        let device = server.post_form(paths::API_DEVICE, &[]).await?;
        let code = device.text("device_code");
        if device.status != StatusCode::OK || code.is_empty() {
            return Err(refusal(&device));
        }
        (self.tell)(&instruction(&device));
        let answer = wait(&server, &device, code).await?;
        let credentials = self.credentials(url, &answer)?;
        self.store.save(&credentials)?;
        let person = server.get(paths::API_USERINFO, &credentials.access_token);
        let person = person.await?;
        let name = crate::search::one_line(person.text("name"));
        Ok(format!(
            "You are signed in to {} as {name}.",
            credentials.server
        ))
    }

    /// `rolecall logout`
    pub(super) async fn logout(&self) -> Result<String, Failure> {
        let Some(known) = self.store.load()? else {
            return Ok("Nobody was signed in here.".to_owned());
        };
        self.store.remove()?;
        let fields = [("refresh_token", known.refresh_token.as_str())];
        let answer = Server::at(&known.server)?
            .post_form(paths::API_LOGOUT, &fields)
            .await;
        match answer {
            Ok(answer) if answer.status.is_success() => Ok("You are signed out.".to_owned()),
            _ => Err(Failure::Unreachable(
                "This terminal has forgotten its tokens. The site could not be told: end the \
                 session on your profile page there."
                    .to_owned(),
            )),
        }
    }

    /// Whoever is signed in, with a token that still lives a while.
    pub(super) async fn signed_in(&self) -> Result<SignedIn, Failure> {
        let known = self.store.load()?.ok_or(Failure::SignInFirst)?;
        let server = Server::at(&known.server)?;
        if known.expires_at > self.clock.now().plus(SPARE) {
            let token = known.access_token;
            return Ok(SignedIn { server, token });
        }
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", known.refresh_token.as_str()),
        ];
        let answer = server.post_form(paths::API_TOKEN, &fields).await?;
        if answer.text("error") == "invalid_grant" {
            self.store.remove()?;
            return Err(Failure::SignInFirst);
        }
        if answer.status != StatusCode::OK {
            return Err(refusal(&answer));
        }
        let fresh = self.credentials(known.server, &answer)?;
        self.store.save(&fresh)?;
        let token = fresh.access_token;
        Ok(SignedIn { server, token })
    }

    /// What a token response holds (RFC 6749, 5.1).
    fn credentials(&self, server: Url, answer: &Answer) -> Result<Credentials, Failure> {
        let life = seconds(answer, "expires_in").unwrap_or_default();
        let credentials = Credentials {
            server,
            access_token: answer.text("access_token").to_owned(),
            expires_at: self.clock.now().plus(life),
            refresh_token: answer.text("refresh_token").to_owned(),
        };
        if credentials.access_token.is_empty() || credentials.refresh_token.is_empty() {
            let why = "The site answers without tokens.".to_owned();
            return Err(Failure::Unreachable(why));
        }
        Ok(credentials)
    }
}

/// What the person has to do.
fn instruction(device: &Answer) -> String {
    let line = |name| crate::search::one_line(device.text(name));
    let (address, code) = (line("verification_uri"), line("user_code"));
    let whole = line("verification_uri_complete");
    let shortcut = match whole.as_str() {
        "" => String::new(),
        whole => format!("\nOr open {whole}"),
    };
    format!("Open {address} in a browser and enter the code {code}{shortcut}")
}

/// Asks until the person has decided, never more often than the site wants (RFC 8628, 3.5).
async fn wait(server: &Server, device: &Answer, code: &str) -> Result<Answer, Failure> {
    let mut interval = seconds(device, "interval").unwrap_or(INTERVAL);
    let life = seconds(device, "expires_in").unwrap_or_default();
    let fields = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("device_code", code),
    ];
    let end = Instant::now() + life;
    while Instant::now() + interval < end {
        sleep(interval).await;
        let Ok(answer) = server.post_form(paths::API_TOKEN, &fields).await else {
            // The connection may be there next time.
            interval += SLOWER;
            continue;
        };
        match answer.text("error") {
            "" if answer.status == StatusCode::OK => return Ok(answer),
            "authorization_pending" | "temporarily_unavailable" => {}
            "slow_down" => interval += SLOWER,
            _ => return Err(refusal(&answer)),
        }
    }
    let why = "The code has expired before anybody entered it. Sign in again.";
    Err(Failure::Refused(why.to_owned()))
}
