//! Where a request comes from, when proxies stand between.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;
use ipnet::IpNet;

/// The header in which each proxy writes, at the end, who called it. None but those that are trusted are believed.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address of whoever called the first of the `proxies`, or this service where none of them did.
#[must_use]
pub fn client_of(request: &HttpRequest, proxies: &[IpNet]) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    Some(client(peer, request.headers(), proxies))
}

/// From the last to the first: the first address that is no proxy's, since whatever stands before it the caller may have
/// written.
fn client(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let is_proxy = |address: IpAddr| proxies.iter().any(|network| network.contains(&address));
    let mut address = peer.to_canonical();
    let written: Vec<&str> = headers.get_all(FORWARDED_FOR).map(|value| value.to_str().unwrap_or_default()).collect();
    for hop in written.iter().rev().flat_map(|value| value.rsplit(',')) {
        if !is_proxy(address) {
            break;
        }
        let Ok(before) = hop.trim().parse::<IpAddr>() else { break };
        address = before.to_canonical();
    }
    address
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn seen(peer: &str, written: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in written {
            headers.append(HeaderName::from_static(FORWARDED_FOR), HeaderValue::from_str(value).unwrap());
        }
        let proxies = ["10.0.0.0/8", "2001:db8::/32"].map(|network| network.parse().unwrap());
        client(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn proxies_that_are_trusted_are_believed_about_who_called_them() {
        assert_eq!(seen("10.0.0.1", &["203.0.113.7"]), "203.0.113.7");
        assert_eq!(seen("::ffff:10.0.0.1", &["203.0.113.7, 10.2.0.1"]), "203.0.113.7");
        assert_eq!(seen("10.0.0.1", &["203.0.113.7", "2001:db8::1, 10.2.0.1"]), "203.0.113.7");
        assert_eq!(seen("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn nobody_else_is_believed() {
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", &["198.51.100.1, 203.0.113.7"]), "203.0.113.7");
        assert_eq!(seen("10.0.0.1", &["198.51.100.1, unknown"]), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &["198.51.100.1", "203.0.113.7, "]), "10.0.0.1");
    }
}
