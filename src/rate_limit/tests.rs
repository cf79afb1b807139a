//! What is counted together, and for how long.

use std::{num::NonZeroU32, sync::Arc};

use super::*;
use crate::{clock::Timestamp, error::Error};

fn limits(config: &RateLimitConfig) -> (RateLimits, Clock) {
    let clock = Clock::fixed(Timestamp::from_millis(1_772_442_000_000));
    let site = SiteConfig {
        base_url: Arc::new("http://localhost:8000".parse().unwrap()),
        listen: ([127, 0, 0, 1], 8000).into(),
        demo: false,
    };
    (RateLimits::new(config, &site, &clock), clock)
}

fn address(text: &str) -> Sender {
    Sender::from(text.parse::<IpAddr>().unwrap())
}

/// How many requests are taken before one is refused.
fn taken(limits: &RateLimits, limit: Limit, sender: Sender) -> usize {
    (0..10_000)
        .take_while(|_| limits.take(limit, sender).is_ok())
        .count()
}

/// SEC-66.
#[test]
fn what_is_used_up_comes_back_with_time() {
    let (limits, clock) = limits(&RateLimitConfig::default());
    let office = address("198.51.100.9");
    assert_eq!(taken(&limits, Limit::SignIn, office), 30);
    clock.advance(Duration::from_secs(1));
    assert_eq!(taken(&limits, Limit::SignIn, office), 1);
    clock.advance(Duration::from_mins(1));
    assert_eq!(taken(&limits, Limit::SignIn, office), 30);
}

/// SEC-66.
#[test]
fn who_has_reached_a_limit_is_told_when_to_come_back_and_may_then() {
    let (limits, clock) = limits(&RateLimitConfig::default());
    for limit in [Limit::Callback, Limit::Vote, Limit::Receipt] {
        let sender = Sender::Person(7);
        taken(&limits, limit, sender);
        let Err(Error::TooManyRequests { wait, .. }) = limits.take(limit, sender) else {
            panic!("the limit is reached");
        };
        assert!(
            wait > Duration::ZERO && wait <= Duration::from_secs(3),
            "{wait:?}"
        );
        clock.advance(wait + Duration::from_millis(1));
        assert!(limits.take(limit, sender).is_ok(), "{limit:?}");
    }
}

#[test]
fn limits_and_senders_are_counted_apart() {
    let (limits, _) = limits(&RateLimitConfig::default());
    taken(&limits, Limit::Vote, Sender::Person(1));
    assert_eq!(taken(&limits, Limit::Receipt, Sender::Person(1)), 10);
    assert_eq!(taken(&limits, Limit::Check, Sender::Person(1)), 10);
    assert_eq!(taken(&limits, Limit::Export, Sender::Person(1)), 20);
    assert_eq!(taken(&limits, Limit::Vote, Sender::Person(2)), 30);
}

#[test]
fn addresses_of_one_ipv6_network_are_one_sender() {
    assert_eq!(address("2001:db8:0:1::1"), address("2001:db8:0:1:ffff::2"));
    assert_ne!(address("2001:db8:0:1::1"), address("2001:db8:0:2::1"));
    assert_ne!(address("198.51.100.1"), address("198.51.100.2"));
}

#[test]
fn who_is_forgiven_begins_anew() {
    let (limits, _) = limits(&RateLimitConfig::default());
    let provider = address("203.0.113.1");
    taken(&limits, Limit::LogoutToken, provider);
    limits.forgive(Limit::LogoutToken, provider);
    assert_eq!(taken(&limits, Limit::LogoutToken, provider), 30);
}

/// OP-14.
#[test]
fn a_factor_widens_what_an_address_may_and_off_ends_all_limits() {
    let mut config = RateLimitConfig {
        factor: NonZeroU32::new(4),
        ..RateLimitConfig::default()
    };
    let (wide, _) = limits(&config);
    assert_eq!(taken(&wide, Limit::SignIn, address("198.51.100.9")), 120);
    assert_eq!(taken(&wide, Limit::Vote, Sender::Person(1)), 30);
    config.factor = None;
    let (none, _) = limits(&config);
    assert_eq!(taken(&none, Limit::Vote, Sender::Person(1)), 10_000);
}

/// SEC-66: the memory is that of a table whose size is fixed.
#[test]
fn a_million_senders_leave_the_others_their_share() {
    let (limits, _) = limits(&RateLimitConfig::default());
    for network in 0..1_000_000_u128 {
        let address = Ipv6Addr::from_bits((0x2001_0db8 << 96) | (network << 64));
        limits
            .take(Limit::SignIn, IpAddr::from(address).into())
            .ok();
    }
    assert!(limits.take(Limit::SignIn, address("198.51.100.9")).is_ok());
}
