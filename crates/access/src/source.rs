//! The address that a request comes from, where proxies stand between.
//!
//! A proxy writes for whom it speaks into `Forwarded` (RFC 7239) or `X-Forwarded-For`; so can anybody else. The headers
//! therefore count only on a connection from a proxy that the operator names, and are read from the right, where the
//! nearest proxy wrote: the first address that is no such proxy is the source. Whatever stands left of it somebody
//! could have made up.
//!
//! Most proxies write one of the two headers and hand on the other as it came. Where both are there they have to
//! agree; else the source is the proxy itself, which nobody can choose.

use std::net::{IpAddr, SocketAddr};

/// How many proxies in a row are followed.
const LONGEST: usize = 32;

/// The proxies that are believed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proxies(Vec<Prefix>);

/// Addresses that begin with the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Prefix {
    address: IpAddr,
    bits: u8,
}

/// The headers of a request that tell for whom a proxy speaks: the lines of each, in their order.
#[derive(Debug, Clone, Copy, Default)]
pub struct Told<'h> {
    /// `Forwarded` (RFC 7239).
    pub forwarded: &'h [&'h str],
    /// `X-Forwarded-For`.
    pub forwarded_for: &'h [&'h str],
}

/// Neither an address nor a prefix such as `10.1.0.0/16`, or one that holds every address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address or a prefix of addresses, or one that holds all of them")]
pub struct NotProxies;

impl Proxies {
    /// The proxies of a list of addresses and prefixes.
    ///
    /// # Errors
    /// [`NotProxies`]: with the first that is none.
    pub fn parse<'l>(list: impl IntoIterator<Item = &'l str>) -> Result<Self, NotProxies> {
        list.into_iter().map(Prefix::parse).collect::<Result<_, _>>().map(Self)
    }

    /// Where a request comes from that arrived over a connection from `connected`.
    #[must_use]
    pub fn source(&self, connected: IpAddr, told: Told<'_>) -> IpAddr {
        let connected = connected.to_canonical();
        if !self.trust(connected) {
            return connected;
        }
        let forwarded = elements(told.forwarded).map(|element| node(parameter_for(element)?));
        let forwarded_for = elements(told.forwarded_for).map(node);
        match (told.forwarded.is_empty(), told.forwarded_for.is_empty()) {
            (true, true) => connected,
            (false, true) => self.first_stranger(connected, forwarded),
            (true, false) => self.first_stranger(connected, forwarded_for),
            (false, false) => {
                let one = self.first_stranger(connected, forwarded);
                let other = self.first_stranger(connected, forwarded_for);
                if one == other { one } else { connected }
            }
        }
    }

    /// The first address that is no proxy of ours, from the nearest on; where a name is not told, or is no address, the
    /// proxy that does not tell.
    fn first_stranger(&self, connected: IpAddr, told: impl Iterator<Item = Option<IpAddr>>) -> IpAddr {
        let mut nearest = connected;
        for address in told.take(LONGEST) {
            match address {
                Some(address) if self.trust(address) => nearest = address,
                Some(address) => return address,
                None => return nearest,
            }
        }
        nearest
    }

    fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|prefix| prefix.holds(address))
    }
}

impl Prefix {
    fn parse(text: &str) -> Result<Self, NotProxies> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u8>().map_err(|_| NotProxies)?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NotProxies)?;
        let all = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(all);
        if (1..=all).contains(&bits) {
            Ok(Self { address, bits })
        } else {
            Err(NotProxies)
        }
    }

    fn holds(&self, address: IpAddr) -> bool {
        let differ = match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => (own.to_bits() ^ other.to_bits()).leading_zeros(),
            (IpAddr::V6(own), IpAddr::V6(other)) => (own.to_bits() ^ other.to_bits()).leading_zeros(),
            _ => return false,
        };
        differ >= u32::from(self.bits)
    }
}

/// The elements of a header's lines, the last one first.
fn elements<'h>(lines: &'h [&'h str]) -> impl Iterator<Item = &'h str> {
    lines.iter().rev().flat_map(|line| line.rsplit(','))
}

/// The value of `for` in an element of `Forwarded`; quoted values hold no comma and no semicolon where they are nodes.
fn parameter_for(element: &str) -> Option<&str> {
    element.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then(|| value.trim())
    })
}

/// The address of a node: with or without a port, quoted or not, in brackets or not.
fn node(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let text = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .unwrap_or(text);
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let address = bare.unwrap_or(text).parse::<IpAddr>();
    let address = address.or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip()));
    address.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn proxies() -> Proxies {
        Proxies::parse(["10.1.0.0/16", "192.0.2.7", "2001:db8:1::/48"]).unwrap()
    }

    fn source(connected: &str, forwarded: &[&str], forwarded_for: &[&str]) -> String {
        let told = Told {
            forwarded,
            forwarded_for,
        };
        proxies().source(connected.parse().unwrap(), told).to_string()
    }

    #[test]
    fn a_stranger_who_speaks_for_others_is_not_believed() {
        assert_eq!(
            source("203.0.113.9", &["for=198.51.100.1"], &["198.51.100.1"]),
            "203.0.113.9"
        );
        assert_eq!(source("10.2.0.1", &[], &["198.51.100.1"]), "10.2.0.1");
        let nobody = Proxies::default();
        let told = Told {
            forwarded: &[],
            forwarded_for: &["198.51.100.1"],
        };
        assert_eq!(
            nobody.source("127.0.0.1".parse().unwrap(), told).to_string(),
            "127.0.0.1"
        );
    }

    #[test]
    fn the_right_most_stranger_is_the_source() {
        for (line, expected) in [
            ("198.51.100.1", "198.51.100.1"),
            ("8.8.8.8, 198.51.100.1", "198.51.100.1"),
            ("8.8.8.8, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
            ("8.8.8.8,198.51.100.1:4711 ,192.0.2.7", "198.51.100.1"),
            ("[2001:db8:2::5]:443", "2001:db8:2::5"),
            ("2001:db8:2::5, 2001:db8:1:9::1", "2001:db8:2::5"),
            ("::ffff:198.51.100.1", "198.51.100.1"),
            ("10.1.9.9, 10.1.8.8", "10.1.9.9"),
        ] {
            assert_eq!(source("10.1.0.1", &[], &[line]), expected, "{line}");
        }
        assert_eq!(source("::ffff:10.1.0.1", &[], &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(source("10.1.0.1", &[], &["8.8.8.8", "198.51.100.1"]), "198.51.100.1");
    }

    #[test]
    fn the_standard_header_is_read_too() {
        for (line, expected) in [
            ("for=198.51.100.1;proto=https;by=10.1.0.1", "198.51.100.1"),
            ("For=\"[2001:db8:2::5]:4711\"", "2001:db8:2::5"),
            ("for=8.8.8.8, proto=https; for=\"198.51.100.1:80\"", "198.51.100.1"),
            ("for=198.51.100.1, for=_hidden", "10.1.0.1"),
            ("for=198.51.100.1, for=unknown, for=10.1.7.7", "10.1.7.7"),
            ("for=198.51.100.1, proto=https", "10.1.0.1"),
        ] {
            assert_eq!(source("10.1.0.1", &[line], &[]), expected, "{line}");
        }
    }

    #[test]
    fn a_header_that_the_proxy_only_hands_on_changes_nothing() {
        assert_eq!(source("10.1.0.1", &["for=8.8.8.8"], &["198.51.100.1"]), "10.1.0.1");
        assert_eq!(
            source("10.1.0.1", &["for=198.51.100.1"], &["198.51.100.1"]),
            "198.51.100.1"
        );
    }

    #[test]
    fn a_list_that_would_believe_everybody_is_refused() {
        for wrong in [
            "0.0.0.0/0",
            "::/0",
            "10.0.0.0/33",
            "proxy.example",
            "10.0.0.0/",
            "10.0.0.0/-1",
            "",
            "10.0.0.1:80",
        ] {
            assert_eq!(Proxies::parse([wrong]), Err(NotProxies), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_sent_the_source_is_a_stranger_or_a_proxy_in_the_way(
            forwarded in prop::collection::vec(".{0,60}", 0..3),
            forwarded_for in prop::collection::vec("[0-9a-f:., \\[\\]\"x]{0,60}", 0..3),
        ) {
            let forwarded: Vec<&str> = forwarded.iter().map(String::as_str).collect();
            let forwarded_for: Vec<&str> = forwarded_for.iter().map(String::as_str).collect();
            let _ = source("10.1.0.1", &forwarded, &forwarded_for);
            prop_assert_eq!(source("203.0.113.9", &forwarded, &forwarded_for), "203.0.113.9");
        }

        #[test]
        fn whatever_stands_left_of_what_the_proxy_wrote_does_not_matter(left in "[^\r\n]{0,60}") {
            let line = format!("{left}, 198.51.100.1");
            prop_assert_eq!(source("10.1.0.1", &[], &[&line]), "198.51.100.1");
        }
    }
}
