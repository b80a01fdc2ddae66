//! Which network a request comes from: the connection's other end, or whom a trusted proxy says it was asked by
//! (`server.trusted_proxies`).

use std::{
    borrow::Cow,
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::request::Parts,
};

use crate::{network::Network, portal::Portal};

/// One without a connection is made by this process.
pub(super) fn of(parts: &Parts, portal: &Portal) -> Network {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip());
    let forwarded = parts.headers.get_all("x-forwarded-for").iter();
    let forwarded: Vec<Cow<str>> = forwarded
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    Network::of(
        peer,
        forwarded.iter().map(AsRef::as_ref),
        &portal.settings.server.trusted_proxies,
    )
}

impl FromRequestParts<Portal> for Network {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Infallible> {
        Ok(of(parts, portal))
    }
}
