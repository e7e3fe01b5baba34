//! Edge: what stands between a site and its callers. Proxies, hosts, how much is read for how long, and how often.

use std::net::IpAddr;
use std::time::Duration;

use http::HeaderMap;

use crate::http::limit::Limiter;

/// What stands between a site and its callers. The default fits a site behind a proxy on the same machine or network.
#[derive(Debug, Clone)]
pub struct Edge {
    /// Whose `X-Forwarded-*` headers are believed.
    pub proxies: Proxies,
    /// Whether `X-Forwarded-Host` is believed of them too; proxies often pass on what a client sent.
    pub forwarded_host: bool,
    /// The hosts that the site answers to, `.example` with all below it; any when empty.
    pub hosts: Vec<String>,
    /// The most bytes of a body that is not multipart.
    pub most_body: usize,
    /// The most bytes of a multipart body.
    pub most_upload: usize,
    /// The most bytes of a body that is kept on the disk while it is worked on: a file of rows.
    pub most_spool: usize,
    /// How long a body may take to arrive; of one that is kept on the disk, each part of it.
    pub body_time: Duration,
    /// How often something may be asked; without, as often as anybody likes.
    pub limiter: Option<Limiter>,
}

/// Whose headers about the client are believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proxies {
    /// Peers on this machine and in private networks.
    Private,
    /// Exactly these peers; none when empty.
    Only(Vec<IpAddr>),
}

impl Default for Edge {
    fn default() -> Edge {
        Edge {
            proxies: Proxies::Private,
            forwarded_host: false,
            hosts: Vec::new(),
            most_body: 2_621_440,
            most_upload: 32 * 1024 * 1024,
            most_spool: 512 * 1024 * 1024,
            body_time: Duration::from_secs(60),
            limiter: None,
        }
    }
}

/// How the client sees the site, and where it is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) ip: Option<IpAddr>,
    pub(crate) scheme: &'static str,
    pub(crate) host: String,
}

impl Edge {
    /// How the client sees the site. `None` when it names no host that the site answers to.
    pub(crate) fn look(&self, headers: &HeaderMap, peer: Option<IpAddr>, authority: Option<&str>) -> Option<Seen> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let believed = |name: &str| peer.filter(|peer| self.trusts(*peer)).and_then(|_| text(name));
        let secure = believed("x-forwarded-proto").is_some_and(|scheme| first(scheme).eq_ignore_ascii_case("https"));
        let forwarded = believed("x-forwarded-host").filter(|_| self.forwarded_host).map(first);
        if headers.get_all(http::header::HOST).iter().count() > 1 {
            return None;
        }
        let host = match (forwarded, headers.get(http::header::HOST)) {
            (Some(host), _) => host,
            (None, Some(host)) => host.to_str().ok()?,
            (None, None) => authority?,
        };
        if !is_host(host) || !self.answers_to(host) {
            return None;
        }
        let scheme = if secure { "https" } else { "http" };
        let ip = match (believed("x-forwarded-for"), believed("x-real-ip")) {
            (Some(list), _) => self.client(list),
            (None, Some(one)) => one.trim().parse().ok(),
            (None, None) => peer,
        };
        Some(Seen { ip, scheme, host: host.to_owned() })
    }

    /// The nearest address that is not a proxy of ours; the farthest when all are. `None` if it is no address.
    fn client(&self, list: &str) -> Option<IpAddr> {
        let mut addresses = list.rsplit(',').map(|part| part.trim().parse::<IpAddr>().ok());
        let mut last = None;
        for address in addresses.by_ref() {
            last = address;
            if address.is_none_or(|address| !self.trusts(address)) {
                break;
            }
        }
        last
    }

    fn trusts(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        match &self.proxies {
            Proxies::Only(peers) => peers.iter().any(|known| known.to_canonical() == peer),
            Proxies::Private => match peer {
                IpAddr::V4(peer) => peer.is_loopback() || peer.is_private() || peer.is_link_local(),
                IpAddr::V6(peer) => peer.is_loopback() || peer.is_unique_local() || peer.is_unicast_link_local(),
            },
        }
    }

    fn answers_to(&self, host: &str) -> bool {
        let name = without_port(host).trim_end_matches('.').to_ascii_lowercase();
        self.hosts.is_empty()
            || self.hosts.iter().map(|known| known.to_ascii_lowercase()).any(|known| match known.strip_prefix('.') {
                Some(domain) => name == domain || name.ends_with(&known),
                None => known == "*" || known == name,
            })
    }
}

fn first(list: &str) -> &str {
    list.split(',').next().unwrap_or("").trim()
}

/// Whether a text is a name or an address with an optional port, as a `Host` header must be.
fn is_host(host: &str) -> bool {
    let name = without_port(host);
    let port = host[name.len()..].strip_prefix(':');
    let is_name = match name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => address.bytes().all(|byte| byte.is_ascii_hexdigit() || b":.".contains(&byte)),
        None => name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte)),
    };
    let is_port = port.is_none_or(|port| port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit()));
    !name.is_empty() && is_name && is_port
}

fn without_port(host: &str) -> &str {
    match host.rfind(':') {
        Some(at) if !host[at..].contains(']') => &host[..at],
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(edge: &Edge, peer: &str, headers: &[(&'static str, &str)]) -> Option<Seen> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().expect("a header"));
        }
        edge.look(&map, Some(peer.parse().expect("an address")), None)
    }

    fn ip(edge: &Edge, peer: &str, list: &str) -> Option<String> {
        let seen = seen(edge, peer, &[("host", "shop.test"), ("x-forwarded-for", list)]);
        seen.expect("a host").ip.map(|ip| ip.to_string())
    }

    #[test]
    fn the_client_is_the_nearest_who_is_no_proxy() {
        let edge = Edge::default();
        assert_eq!(ip(&edge, "127.0.0.1", "203.0.113.7, 10.0.0.1").as_deref(), Some("203.0.113.7"));
        assert_eq!(ip(&edge, "127.0.0.1", "1.1.1.1, 203.0.113.7, 10.0.0.1").as_deref(), Some("203.0.113.7"));
        assert_eq!(ip(&edge, "::1", " 10.0.0.3 , 10.0.0.1").as_deref(), Some("10.0.0.3"));
        assert_eq!(ip(&edge, "127.0.0.1", "nonsense"), None);
        assert_eq!(ip(&edge, "198.51.100.1", "203.0.113.7").as_deref(), Some("198.51.100.1"));
    }

    #[test]
    fn a_proxy_may_name_the_client_alone() {
        let real = |peer, headers: &[(&'static str, &str)]| seen(&Edge::default(), peer, headers).expect("a host").ip;
        let [one, other] = ["203.0.113.9", "203.0.113.7"].map(|ip| ip.parse().ok());
        let headers = [("host", "shop.test"), ("x-real-ip", "203.0.113.9"), ("x-forwarded-for", "203.0.113.7")];
        assert_eq!(real("127.0.0.1", &headers[..2]), one);
        assert_eq!(real("127.0.0.1", &headers), other, "the list goes first");
        assert_ne!(real("198.51.100.1", &headers[..2]), one, "not everybody is believed");
    }

    #[test]
    fn only_proxies_say_what_the_client_sees() {
        let headers = [("host", "shop.test"), ("x-forwarded-proto", "https"), ("x-forwarded-host", "a.test")];
        let near = seen(&Edge::default(), "10.1.2.3", &headers).expect("a host");
        assert_eq!((near.scheme, near.host.as_str()), ("https", "shop.test"));
        let open = Edge { forwarded_host: true, ..Edge::default() };
        assert_eq!(seen(&open, "10.1.2.3", &headers).expect("a host").host, "a.test");
        let far = seen(&open, "8.8.8.8", &headers).expect("a host");
        assert_eq!((far.scheme, far.host.as_str()), ("http", "shop.test"));
        let none = Edge { proxies: Proxies::Only(Vec::new()), ..open };
        assert_eq!(seen(&none, "127.0.0.1", &headers).expect("a host").scheme, "http");
    }

    #[test]
    fn a_host_is_a_name_or_an_address() {
        for good in ["shop.test", "shop.test:8000", "127.0.0.1:80", "[::1]:8000", "[::1]", "a_b"] {
            assert!(seen(&Edge::default(), "127.0.0.1", &[("host", good)]).is_some(), "{good}");
        }
        for bad in ["", ":80", "a b", "a/b", "a@b", "a:b", "a,b", "<x>", "[::1", "é", "a:123456"] {
            assert!(!is_host(bad), "{bad}");
        }
        assert!(seen(&Edge::default(), "127.0.0.1", &[("host", "a"), ("host", "b")]).is_none());
    }

    #[test]
    fn a_site_may_name_its_hosts() {
        let edge = Edge { hosts: vec!["shop.test".into(), ".example".into()], ..Edge::default() };
        let known = |host| seen(&edge, "127.0.0.1", &[("host", host)]).is_some();
        assert!(known("shop.test") && known("SHOP.test:80") && known("example") && known("a.b.example"));
        assert!(!known("a.shop.test") && !known("badexample"));
    }
}
