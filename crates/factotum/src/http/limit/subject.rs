//! Whom a limit counts: an address, a person, what a person does with a model.

use std::net::IpAddr;

use factotum_engine::{ModelKey, Principal};

/// An address. Whoever has one of IPv6 has all of its first half's, so they count as one; those that nobody can tell
/// count as one, too.
pub(super) fn address(ip: Option<IpAddr>) -> String {
    match ip.map(|ip| ip.to_canonical()) {
        Some(IpAddr::V4(ip)) => format!("address {ip}"),
        Some(IpAddr::V6(ip)) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("address {a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        None => "address unknown".to_owned(),
    }
}

/// Somebody who is signed in. Accounts of two kinds may share an id, hardly the name as well.
pub(super) fn person(who: &Principal) -> Option<String> {
    (!who.is_anonymous()).then(|| format!("user {} {}", who.id, who.username))
}

/// A model, by whoever asks about it.
pub(super) fn model(key: &ModelKey, who: &Principal, ip: Option<IpAddr>) -> String {
    format!("model {key} {}", person(who).unwrap_or_else(|| address(ip)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(ip: &str) -> String {
        address(Some(ip.parse().expect("an address")))
    }

    #[test]
    fn half_of_an_address_is_a_subscriber() {
        assert_eq!(of("203.0.113.7"), "address 203.0.113.7");
        assert_eq!(of("::ffff:203.0.113.7"), of("203.0.113.7"));
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "address 2001:db8:1:2::/64");
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(address(None), "address unknown");
    }
}
