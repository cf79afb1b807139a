//! From which address a request comes. Headers say so only where a proxy that is named in the
//! configuration has written them.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Once,
};

use axum::extract::ConnectInfo;
use http::{Extensions, HeaderMap, HeaderValue};
use ipnet::IpNet;

/// Each proxy adds, at the end, the address from which it was asked.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Finds the addresses of clients.
#[derive(Debug)]
pub(super) struct Clients {
    trusted: Vec<IpNet>,
    /// Whether the site is seen over https, which this program does not speak: a proxy does.
    behind_proxy: bool,
    warned: Once,
}

impl Clients {
    pub fn new(trusted: Vec<IpNet>, behind_proxy: bool) -> Self {
        Self {
            trusted,
            behind_proxy,
            warned: Once::new(),
        }
    }

    /// The address of the client: of the peer, or what trusted proxies say. `None` when the peer
    /// seems to be a proxy that nobody has named: everybody would have its address.
    pub fn address(&self, extensions: &Extensions, headers: &HeaderMap) -> Option<IpAddr> {
        let ConnectInfo(peer) = extensions.get::<ConnectInfo<SocketAddr>>()?;
        let peer = peer.ip().to_canonical();
        if !self.trusts(peer) && self.seems_a_proxy(peer, headers) {
            self.warned.call_once(|| tracing::warn!("{UNNAMED}"));
            return None;
        }
        Some(self.behind(peer, headers))
    }

    /// Whether the peer is a proxy that somebody has named.
    pub fn is_trusted_proxy(&self, extensions: &Extensions) -> bool {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>();
        peer.is_some_and(|ConnectInfo(peer)| self.trusts(peer.ip().to_canonical()))
    }

    /// From the end, the first address that is not a trusted proxy's own. What stands before it
    /// can be made up.
    fn behind(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let lines = headers.get_all(FORWARDED_FOR).iter().rev();
        let mut address = peer;
        for entry in lines.flat_map(entries) {
            match parse(entry).filter(|_| self.trusts(address)) {
                Some(next) => address = next,
                None => break,
            }
        }
        address
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted
            .iter()
            .any(|network| network.contains(&address))
    }

    fn seems_a_proxy(&self, peer: IpAddr, headers: &HeaderMap) -> bool {
        self.behind_proxy && is_near(peer) && headers.contains_key(FORWARDED_FOR)
    }
}

const UNNAMED: &str = "requests come through a proxy that ROLECALL_TRUSTED_PROXIES does not name: \
    nobody's address is known, and no rate limit counts by it";

/// The last one first.
fn entries(line: &HeaderValue) -> impl Iterator<Item = &str> {
    let entries = line.as_bytes().rsplit(|byte| *byte == b',');
    entries.map(|entry| str::from_utf8(entry).unwrap_or_default().trim())
}

/// An address; some proxies add the port.
fn parse(entry: &str) -> Option<IpAddr> {
    let with_port = || entry.parse().map(|socket: SocketAddr| socket.ip());
    let address: Option<IpAddr> = entry.parse().or_else(|_| with_port()).ok();
    address.map(|address| address.to_canonical())
}

/// Whether it is this machine's or in a network of one's own.
fn is_near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(
        trusted: &[&str],
        https: bool,
        peer: &str,
        lines: &[&'static str],
    ) -> Option<String> {
        let trusted = trusted.iter().map(|network| network.parse().unwrap());
        let clients = Clients::new(trusted.collect(), https);
        let mut extensions = Extensions::new();
        let peer = SocketAddr::new(peer.parse().unwrap(), 50_000);
        extensions.insert(ConnectInfo(peer));
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, HeaderValue::from_static(line));
        }
        let address = clients.address(&extensions, &headers);
        address.map(|address| address.to_string())
    }

    /// SEC-44.
    #[test]
    fn without_a_trusted_proxy_the_peer_is_the_client_whatever_headers_say() {
        for lines in [&[][..], &["198.51.100.9"], &["nonsense"]] {
            let found = address(&[], false, "203.0.113.5", lines);
            assert_eq!(found.as_deref(), Some("203.0.113.5"), "{lines:?}");
            let found = address(&["10.0.0.0/8"], true, "203.0.113.5", lines);
            assert_eq!(found.as_deref(), Some("203.0.113.5"), "{lines:?}");
        }
    }

    /// SEC-44, OP-14.
    #[test]
    fn a_trusted_proxy_says_who_asked_it_and_nothing_before_that_counts() {
        let trusted = ["10.0.0.0/8", "fd00::/8"];
        for (lines, client) in [
            (&["198.51.100.9"][..], "198.51.100.9"),
            (&["6.6.6.6, 198.51.100.9"], "198.51.100.9"),
            (&["6.6.6.6", "198.51.100.9"], "198.51.100.9"),
            (&["198.51.100.9, 10.0.0.8"], "198.51.100.9"),
            (&["198.51.100.9:4711"], "198.51.100.9"),
            (&["[2001:db8::1]:4711"], "2001:db8::1"),
            (&["::ffff:198.51.100.9"], "198.51.100.9"),
            (&["6.6.6.6, unknown"], "10.0.0.7"),
            (&["6.6.6.6, 198.51.100.9, "], "10.0.0.7"),
            (&[], "10.0.0.7"),
        ] {
            let found = address(&trusted, true, "10.0.0.7", lines);
            assert_eq!(found.as_deref(), Some(client), "{lines:?}");
        }
    }

    /// SEC-44: the proxy adds its word to a line that the client began with whatever it likes.
    #[test]
    fn bytes_that_are_no_text_hide_nobody() {
        let clients = Clients::new(vec!["10.0.0.0/8".parse().unwrap()], true);
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 7], 50_000))));
        let mut headers = HeaderMap::new();
        let line = HeaderValue::from_bytes(b"\xff\xfe, 198.51.100.9").unwrap();
        headers.insert(FORWARDED_FOR, line);
        let found = clients.address(&extensions, &headers).unwrap();
        assert_eq!(found.to_string(), "198.51.100.9");
    }

    #[test]
    fn behind_a_proxy_that_is_not_named_nobody_has_an_address() {
        for peer in [
            "127.0.0.1",
            "10.0.0.7",
            "::1",
            "::ffff:192.168.1.1",
            "fd00::1",
        ] {
            assert_eq!(address(&[], true, peer, &["198.51.100.9"]), None, "{peer}");
            assert_ne!(
                address(&[], true, peer, &[]),
                None,
                "{peer} without a header"
            );
            let found = address(&[], false, peer, &["198.51.100.9"]);
            assert_ne!(found, None, "{peer} without https");
        }
    }
}
