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
    /// Asking for tokens of ours, by address.
    Token,
    /// Asking for device codes, by address: each costs a question to the provider.
    Device,
    /// Requests to the API with or without a token, by address: each bad token may cost a question
    /// to the provider.
    Api,
    /// Requests to the API with a good token, by whom it speaks for.
    Caller,
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
            Self::Token => (60, 240, TOKEN),
            Self::Device => (20, 30, DEVICE),
            Self::Api => (300, 1200, API),
            Self::Caller => (120, 600, CALLER),
        };
        Allowance {
            at_once,
            per_minute,
            message,
        }
    }

    pub(super) fn is_by_address(self) -> bool {
        matches!(
            self,
            Self::SignIn
                | Self::Callback
                | Self::LogoutToken
                | Self::Token
                | Self::Device
                | Self::Api
        )
    }
}

const SIGN_IN: &str =
    "More sign-ins were started from your network than this site takes in so short a time.";
const CALLBACK: &str = "More sign-ins came back to your network than this site takes in so short a \
    time. Yours is not lost: it goes on when you reload this page.";
const LOGOUT_TOKEN: &str = "Too many logout tokens from this address were refused.";
const VOTE: &str = "You sent more votes than this site takes in so short a time.";
const TOKEN: &str =
    "More tokens were asked for from your address than this site gives in so short a time.";
const DEVICE: &str =
    "More device codes were asked for from your address than this site gives in so short a time.";
const API: &str = "More requests came from your address than the API answers in so short a time.";
const CALLER: &str = "You sent more requests than the API answers in so short a time.";
const RECEIPT: &str = "You looked up more receipts than this site answers in so short a time.";
