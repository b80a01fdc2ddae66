//! The network that a request comes from, as far as a limit can tell people apart by it: an IPv4 address, or the /64 of
//! an IPv6 one, which is the least that a provider gives to one customer (RFC 6177; BCP 157).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::IpNet;

/// `Debug` shows nothing: addresses are personal data.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Network(IpAddr);

impl std::fmt::Debug for Network {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Network")
    }
}

impl Network {
    /// This machine.
    pub const LOCAL: Self = Self(IpAddr::V4(Ipv4Addr::LOCALHOST));

    /// Where a request comes from that arrived from `peer` with these values of `X-Forwarded-For`. Each proxy adds whom it
    /// was asked by at the right end, so an entry is believed as long as everything right of it is a trusted proxy, and
    /// what a client made up stands further left.
    pub fn of<'a>(
        peer: IpAddr,
        forwarded: impl DoubleEndedIterator<Item = &'a str>,
        trusted: &[IpNet],
    ) -> Self {
        let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
        let mut from = peer.to_canonical();
        let mut entries = forwarded.flat_map(|value| value.split(',')).rev();
        while is_trusted(from) {
            let Some(before) = entries.next().and_then(parse) else {
                break;
            };
            from = before;
        }
        Self::containing(from)
    }

    fn containing(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
        })
    }

    /// The same bytes for the same network: 4 or 16.
    pub fn bytes(self) -> Vec<u8> {
        match self.0 {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        }
    }
}

/// An address as proxies write it, with a port or without.
fn parse(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim();
    let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let address = bare
        .unwrap_or(entry)
        .parse()
        .or_else(|_| entry.parse::<SocketAddr>().map(|socket| socket.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn seen(peer: &str, forwarded: &[&str], trusted: &[&str]) -> Network {
        let trusted: Vec<IpNet> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        Network::of(peer.parse().unwrap(), forwarded.iter().copied(), &trusted)
    }

    fn network(address: &str) -> Network {
        Network::containing(address.parse().unwrap())
    }

    #[test]
    fn nobody_is_believed_who_is_no_trusted_proxy() {
        assert_eq!(seen("192.0.2.7", &["198.51.100.1"], &[]), network("192.0.2.7"));
        assert_eq!(
            seen("192.0.2.7", &["198.51.100.1"], &["10.0.0.0/8"]),
            network("192.0.2.7")
        );
    }

    #[test]
    fn the_right_most_address_that_is_no_proxy_counts() {
        let trusted = ["10.0.0.0/8", "127.0.0.1/32"];
        assert_eq!(seen("10.0.0.1", &["192.0.2.7"], &trusted), network("192.0.2.7"));
        assert_eq!(
            seen("10.0.0.1", &["203.0.113.9, 192.0.2.7 , 10.1.2.3"], &trusted),
            network("192.0.2.7")
        );
        // Several headers are one list.
        assert_eq!(
            seen("127.0.0.1", &["203.0.113.9", "192.0.2.7", "10.1.2.3"], &trusted),
            network("192.0.2.7")
        );
    }

    #[test]
    fn what_is_no_address_ends_the_list() {
        for made_up in [
            "",
            "unknown",
            "192.0.2",
            "192.0.2.7.8",
            "_hidden",
            ",",
            "1.2.3.4 5",
        ] {
            assert_eq!(seen("10.0.0.1", &[made_up], &["10.0.0.0/8"]), network("10.0.0.1"));
        }
        assert_eq!(seen("10.0.0.1", &[], &["10.0.0.0/8"]), network("10.0.0.1"));
    }

    #[test]
    fn ports_and_brackets_are_left_out() {
        for written in ["2001:db8::7", "[2001:db8::7]", "[2001:db8::7]:443"] {
            assert_eq!(
                seen("10.0.0.1", &[written], &["10.0.0.0/8"]),
                network("2001:db8::7")
            );
        }
        assert_eq!(
            seen("10.0.0.1", &["192.0.2.7:5044"], &["10.0.0.0/8"]),
            network("192.0.2.7")
        );
    }

    #[test]
    fn of_an_ipv6_address_the_first_half_counts_and_an_ipv4_one_in_it_is_one() {
        assert_eq!(network("2001:db8:1:2::3"), network("2001:db8:1:2:ffff::4"));
        assert_ne!(network("2001:db8:1:2::3"), network("2001:db8:1:3::3"));
        assert_eq!(network("::ffff:192.0.2.7"), network("192.0.2.7"));
        assert_ne!(network("192.0.2.7"), network("192.0.2.8"));
    }

    proptest! {
        #[test]
        fn an_address_is_read_however_a_proxy_writes_it(v4: u32, v6: u128, port: u16) {
            let v4 = Ipv4Addr::from_bits(v4);
            let v6 = Ipv6Addr::from_bits(v6);
            for written in [format!("{v4}"), format!(" {v4}\t"), format!("{v4}:{port}")] {
                prop_assert_eq!(parse(&written), Some(IpAddr::V4(v4)), "{}", written);
            }
            for written in [format!("{v6}"), format!("[{v6}]"), format!("[{v6}]:{port}")] {
                prop_assert_eq!(parse(&written), Some(IpAddr::V6(v6).to_canonical()), "{}", written);
            }
        }

        #[test]
        fn whatever_else_is_read_is_nothing_or_reads_the_same_again(entry in ".{0,60}|[0-9a-f.:\\[\\]]{0,40}") {
            if let Some(address) = parse(&entry) {
                prop_assert_eq!(parse(&address.to_string()), Some(address));
            }
        }

        #[test]
        fn whatever_a_client_sends_it_comes_from_where_the_proxy_says(made_up in ".{0,60}", last: [u8; 4]) {
            prop_assume!(last[0] != 10);
            let last = IpAddr::from(last);
            let header = format!("{made_up}, {last}");
            let trusted = ["10.0.0.0/8".parse().unwrap()];
            let found = Network::of("10.0.0.1".parse().unwrap(), [header.as_str()].into_iter(), &trusted);
            prop_assert_eq!(found, Network::containing(last));
        }
    }
}
