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
    /// Having a form kept that came after its session, by address; more are not kept.
    UnsentForm,
    /// Sending a vote, or having it shown once more before, by person.
    Vote,
    /// Looking up a receipt, by person.
    Receipt,
    /// Asking for tokens of ours, by address.
    Token,
    /// Asking for device codes, by address: each costs a question to the provider.
    Device,
    /// Having a poll checked, which counts all its ballots, by person.
    Check,
    /// Taking results or lists away as a file, by person.
    Export,
    /// Requests to the API with or without a token, by address: each bad token may cost a question
    /// to the provider.
    Api,
    /// Requests to the API with a good token, by whom it speaks for.
    Caller,
}

/// What a limit allows, and what somebody is told who has reached it: the id of a message.
pub(super) struct Allowance {
    pub at_once: u32,
    pub per_minute: u32,
    pub message: &'static str,
}

impl Limit {
    pub(super) fn allowance(self) -> Allowance {
        let (at_once, per_minute, message) = match self {
            Self::SignIn => (30, 60, "limit-sign-in"),
            Self::Callback => (60, 120, "limit-callback"),
            Self::LogoutToken => (30, 60, "limit-logout-token"),
            Self::UnsentForm => (30, 60, "limit-unsent-form"),
            Self::Vote => (30, 60, "limit-vote"),
            Self::Receipt => (10, 20, "limit-receipt"),
            Self::Token => (60, 240, "limit-token"),
            Self::Device => (20, 30, "limit-device"),
            Self::Check => (10, 20, "limit-check"),
            Self::Export => (20, 30, "limit-export"),
            Self::Api => (300, 1200, "limit-api"),
            Self::Caller => (120, 600, "limit-caller"),
        };
        Allowance {
            at_once,
            per_minute,
            message,
        }
    }

    pub(super) fn is_by_address(self) -> bool {
        !matches!(
            self,
            Self::Vote | Self::Receipt | Self::Check | Self::Export | Self::Caller
        )
    }
}
