//! How often the same sender may ask, and whose word on the sender is believed.

use std::{net::IpAddr, num::NonZeroU32};

use ipnet::IpNet;

use super::{Environment, reader::Reader};

/// How often the same sender may ask, and whose word on the sender is believed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RateLimitConfig {
    /// `ROLECALL_RATE_LIMIT`: how many times the usual number of requests an address may send;
    /// `None` is no limit at all.
    pub factor: Option<NonZeroU32>,
    /// `ROLECALL_TRUSTED_PROXIES`: whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
}

impl RateLimitConfig {
    /// The largest factor, which is as good as no limit.
    const MOST: u32 = 1000;

    /// No limits.
    #[must_use]
    pub const fn off() -> Self {
        Self {
            factor: None,
            trusted_proxies: Vec::new(),
        }
    }

    /// Reads what `rolecall demo` heeds as well; whatever is malformed is as if it were absent.
    #[must_use]
    pub fn read(env: &Environment) -> Self {
        Reader {
            env,
            problems: Vec::new(),
        }
        .rate_limit()
    }
}

impl Default for RateLimitConfig {
    fn default() -> Self {
        Self {
            factor: Some(NonZeroU32::MIN),
            trusted_proxies: Vec::new(),
        }
    }
}

impl Reader<'_> {
    pub fn rate_limit(&mut self) -> RateLimitConfig {
        RateLimitConfig {
            factor: self.factor("ROLECALL_RATE_LIMIT"),
            trusted_proxies: self.networks("ROLECALL_TRUSTED_PROXIES"),
        }
    }

    fn factor(&mut self, name: &str) -> Option<NonZeroU32> {
        match self.env.get(name) {
            None | Some("on") => RateLimitConfig::default().factor,
            Some("off") => None,
            Some(number) => {
                let factor = number.parse().ok();
                let factor = factor.filter(|n: &NonZeroU32| n.get() <= RateLimitConfig::MOST);
                if factor.is_none() {
                    self.problem(name, "is neither on nor off nor a whole number up to 1000");
                }
                factor.or(RateLimitConfig::default().factor)
            }
        }
    }

    fn networks(&mut self, name: &str) -> Vec<IpNet> {
        let words = self.list(name).unwrap_or_default();
        let networks: Option<_> = words.iter().map(|word| network(word)).collect();
        networks.unwrap_or_else(|| {
            self.problem(
                name,
                "holds something that is not like 10.0.0.7 or 10.0.0.0/8",
            );
            Vec::new()
        })
    }
}

/// A network, or an address as the network that holds nothing else.
fn network(word: &str) -> Option<IpNet> {
    let address = word.parse::<IpAddr>().map(IpNet::from);
    word.parse().or(address).ok()
}
