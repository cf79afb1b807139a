//! The labels of the metrics: closed lists, so that no request can make a new series.

/// A closed list of values of one label.
pub(crate) trait Label: Copy + 'static {
    /// Every value.
    const ALL: &'static [Self];

    /// The value as it is exposed.
    fn as_str(self) -> &'static str;
}

macro_rules! label {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $( $(#[$variant_meta:meta])* $variant:ident = $word:literal ),+ $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub enum $name { $( $(#[$variant_meta])* $variant ),+ }

        impl Label for $name {
            const ALL: &'static [Self] = &[$( Self::$variant ),+];

            fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $word ),+ }
            }
        }
    };
}

label! {
    /// Whom the route of a request is for. Coarser than a path on purpose: a series per path would
    /// be hundreds, and would tell who looks at what.
    pub enum Audience {
        /// Anybody, signed in or not.
        People = "people",
        /// Staff, with results and lists of voters.
        Staff = "staff",
        /// The console.
        Admins = "admins",
        /// The API and the provider itself.
        Programs = "programs",
        /// No route at all.
        Nobody = "nobody",
    }
}

label! {
    /// The class of a status.
    pub enum Status {
        /// 100 to 199
        Informational = "1xx",
        /// 200 to 299
        Success = "2xx",
        /// 300 to 399
        Redirection = "3xx",
        /// 400 to 499
        ClientError = "4xx",
        /// 500 to 599
        ServerError = "5xx",
    }
}

impl From<http::StatusCode> for Status {
    fn from(status: http::StatusCode) -> Self {
        match status.as_u16() {
            ..200 => Self::Informational,
            200..300 => Self::Success,
            300..400 => Self::Redirection,
            400..500 => Self::ClientError,
            _ => Self::ServerError,
        }
    }
}

label! {
    /// How a sign-in ended.
    pub enum SignIn {
        /// Somebody was let in.
        Ok = "ok",
        /// The provider vouched for somebody who has no business here.
        Refused = "refused",
        /// It did not come that far.
        Failed = "failed",
        /// The provider, or something else that it takes, did not answer.
        Unavailable = "unavailable",
    }
}

label! {
    /// What became of a vote that was sent.
    pub enum Vote {
        /// It is in the box.
        Recorded = "recorded",
        /// It has taken the place of the voter's earlier one.
        Changed = "changed",
        /// It came before; nothing was done.
        Repeated = "repeated",
        /// It was not taken, and the voter was told why.
        Refused = "refused",
        /// It could not be written.
        Failed = "failed",
    }
}

label! {
    /// What a provider was asked.
    pub enum Step {
        /// Its discovery document.
        Discovery = "discovery",
        /// Its signing keys.
        Jwks = "jwks",
        /// The token endpoint.
        Token = "token",
        /// The UserInfo endpoint.
        UserInfo = "userinfo",
        /// The introspection endpoint (RFC 7662).
        Introspection = "introspection",
        /// The revocation endpoint (RFC 7009).
        Revocation = "revocation",
        /// The device authorization endpoint (RFC 8628).
        Device = "device",
    }
}

label! {
    /// Whether a provider answered.
    pub enum Answer {
        /// It did, with whatever status of its own.
        Ok = "ok",
        /// It did not, or said that it cannot.
        Unavailable = "unavailable",
    }
}

label! {
    /// What became of a logout token.
    pub enum LogoutToken {
        /// It ended what sessions there were.
        Accepted = "accepted",
        /// It came again.
        Repeated = "repeated",
        /// It is not acceptable.
        Refused = "refused",
        /// It could not be checked, or not be carried out.
        Unavailable = "unavailable",
    }
}

label! {
    /// What was wrong with a statement.
    pub enum DbError {
        /// The database does not answer, or cannot write.
        Unavailable = "unavailable",
        /// Another transaction was in the way (PostgreSQL); it is tried again where that helps.
        Collision = "collision",
        /// Anything else: rules of the schema that refuse a change, and defects of ours.
        Refused = "refused",
    }
}
