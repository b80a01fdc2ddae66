//! The cookie by which a device is known (`devices`): kept from scripts and from other sites, and, under https, bound to
//! the host.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponseParts, ResponseParts},
};
use tower_sessions::cookie::{Cookie, SameSite};

use super::network;
use crate::{
    devices::{Device, Family, KNOWN_FOR, Visit},
    portal::Portal,
};

/// Has the browser keep what is known of it from now on.
#[derive(Debug, Clone)]
pub struct KeepDevice(Option<HeaderValue>);

impl FromRequestParts<Portal> for Visit {
    type Rejection = Infallible;

    /// A cookie that cannot be read is as good as none.
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Infallible> {
        let name = name(portal);
        let device = cookies(&parts.headers)
            .filter(|cookie| cookie.name() == name)
            .find_map(|cookie| Device::parse(cookie.value()));
        let agent = parts.headers.get(header::USER_AGENT);
        let agent = agent.and_then(|agent| agent.to_str().ok());
        Ok(Self {
            device,
            family: Family::of(agent.unwrap_or_default()),
            network: network::of(parts, portal),
        })
    }
}

impl KeepDevice {
    pub fn new(portal: &Portal, device: &Device) -> Self {
        let cookie = Cookie::build((name(portal), device.write()))
            .http_only(true)
            .secure(portal.settings.is_https())
            // As the session's: people also arrive from their mail.
            .same_site(SameSite::Lax)
            .path("/")
            .max_age(time::Duration::seconds(KNOWN_FOR.num_seconds()));
        Self(HeaderValue::from_str(&cookie.to_string()).ok())
    }
}

impl IntoResponseParts for KeepDevice {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        if let Some(cookie) = self.0 {
            parts.headers_mut().append(header::SET_COOKIE, cookie);
        }
        Ok(parts)
    }
}

fn name(portal: &Portal) -> &'static str {
    if portal.settings.is_https() {
        "__Host-device"
    } else {
        "device"
    }
}

fn cookies(headers: &HeaderMap) -> impl Iterator<Item = Cookie<'_>> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
}
