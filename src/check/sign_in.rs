//! A test sign-in: whether the person who runs the check would get a role. Nothing is stored.

use super::{Finding, provider::Subject};
use crate::{
    attempts,
    config::ProviderConfig,
    language::Locale,
    oidc::{
        device::{DeviceSignIn, NotSignedIn, Seen},
        http::Outage,
    },
    search::one_line,
};

const CHECK: &str = "sign_in";

/// Signs somebody in at the provider of `subject`, whom `tell` sends to the provider's page.
pub async fn findings(subject: &Subject<'_>, tell: impl Fn(&str)) -> Vec<Finding> {
    let provider = &subject.provider;
    let known = match provider.known().await {
        Ok(known) => known,
        Err(Outage(why)) => return vec![not_possible(&why)],
    };
    let seen = match provider.begin_device(known).await {
        Ok(waiting) => {
            tell(&invitation(&waiting, &provider.config.label));
            waiting.finish().await
        }
        Err(error) => Err(error),
    };
    match seen {
        Ok(seen) => vec![claims(&seen), role(&seen, &provider.config)],
        Err(error) => vec![failure(&error)],
    }
}

fn invitation(waiting: &DeviceSignIn<'_>, label: &str) -> String {
    let page = one_line(waiting.verification_uri());
    let code = one_line(waiting.user_code());
    let complete = waiting.verification_uri_complete().map(one_line);
    let shortcut = complete.map_or_else(String::new, |complete| {
        format!("\nOr open this, which has the code in it: {complete}")
    });
    format!(
        "To sign in at {label}, open {page} in a browser and enter the code {code}{shortcut}\nWaiting …"
    )
}

fn claims(seen: &Seen) -> Finding {
    let subject = seen.evidence.subject.as_deref().unwrap_or_default();
    Finding::ok(
        "claims",
        format!(
            "Subject {subject}. Claims in the ID token: {}. In userinfo: {}.",
            seen.evidence.id_token, seen.evidence.userinfo
        ),
    )
}

fn role(seen: &Seen, config: &ProviderConfig) -> Finding {
    if let Some(role) = seen.role {
        return Finding::ok(CHECK, format!("The role is {}.", role.as_str()));
    }
    let cause = attempts::likely_cause(seen.evidence.no_role());
    let advice = cause.map_or_else(
        || "Give the person a role.".to_owned(),
        |cause| Locale::default().t(cause).plain(),
    );
    let unmapped = &seen.evidence.unmapped_roles;
    Finding::fail(
        CHECK,
        format!(
            "No role of {} arrived. Other roles: {unmapped}.",
            config.label
        ),
        advice,
    )
}

fn failure(error: &NotSignedIn) -> Finding {
    match error {
        NotSignedIn::NotOffered(why) => not_possible(why),
        NotSignedIn::Declined => Finding::fail(
            CHECK,
            "The sign-in was declined.",
            "Try again and agree to it.",
        ),
        NotSignedIn::Expired => Finding::fail(CHECK, "Nobody signed in in time.", "Try again."),
        NotSignedIn::Failed(reason) => Finding::fail(
            CHECK,
            format!("The sign-in failed ({}).", reason.code()),
            "Sign in with a browser: the page says what to do.",
        ),
    }
}

fn not_possible(why: &str) -> Finding {
    Finding::warn(
        CHECK,
        format!("A sign-in from here is not possible: {why}."),
        "Allow the grant \"Device Code\" in the application, or sign in with a browser.",
    )
}
