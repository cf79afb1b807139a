//! What is limited, and how much is allowed: far more than people do.

/// What is limited, each on its own.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Limit {
    /// Starting to sign in, by address. A whole office can have one: 90 people in the first
    /// minute, and 60 in each that follows.
    SignIn,
    /// Coming back from the provider, by address.
    Callback,
    /// Logout tokens that are refused, by address; one that is accepted clears the account.
    LogoutToken,
    /// Sending a vote, or having it shown once more before, by person.
    Vote,
    /// Looking up a receipt, by person.
    Receipt,
    /// Having a poll checked, which counts all its ballots, by person.
    Check,
    /// Taking results or lists away as a file, by person.
    Export,
}

/// What a limit allows, and what somebody is told who has reached it.
pub(super) struct Allowance {
    pub at_once: u32,
    pub per_minute: u32,
    pub message: &'static str,
}

impl Limit {
    pub(super) fn allowance(self) -> Allowance {
        let (at_once, per_minute, message) = match self {
            Self::SignIn => (30, 60, SIGN_IN),
            Self::Callback => (60, 120, CALLBACK),
            Self::LogoutToken => (30, 60, LOGOUT_TOKEN),
            Self::Vote => (30, 60, VOTE),
            Self::Receipt => (10, 20, RECEIPT),
            Self::Check => (10, 20, CHECK),
            Self::Export => (20, 30, EXPORT),
        };
        Allowance {
            at_once,
            per_minute,
            message,
        }
    }

    pub(super) fn is_by_address(self) -> bool {
        matches!(self, Self::SignIn | Self::Callback | Self::LogoutToken)
    }
}

const SIGN_IN: &str =
    "More sign-ins were started from your network than this site takes in so short a time.";
const CALLBACK: &str = "More sign-ins came back to your network than this site takes in so short a \
    time. Yours is not lost: it goes on when you reload this page.";
const LOGOUT_TOKEN: &str = "Too many logout tokens from this address were refused.";
const VOTE: &str = "You sent more votes than this site takes in so short a time.";
const RECEIPT: &str = "You looked up more receipts than this site answers in so short a time.";
const CHECK: &str = "You had polls checked more often than this site does in so short a time.";
const EXPORT: &str = "You fetched more files than this site hands out in so short a time.";
