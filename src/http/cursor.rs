//! Cursors: where a page begins, opaque to the caller, bound to the list that gave it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::domain::{Error, Fault, Result};

/// The key that cursors are made with: one that was not made with it is refused.
#[derive(Clone)]
pub struct CursorKey([u8; 32]);

#[derive(Serialize, Deserialize)]
struct Envelope<P> {
    /// The version of the form.
    v: u8,
    /// The position.
    p: P,
}

/// The length of the code that ends a cursor, in bytes.
const CODE: usize = 12;

impl CursorKey {
    /// A key derived from the secret of the service.
    #[must_use]
    pub fn derived_from(secret: &[u8]) -> Self {
        let mut key = [0; 32];
        if let Some(code) = mac(secret, &[b"cursor"]) {
            key.copy_from_slice(&code);
        }
        Self(key)
    }

    /// A cursor for the list that `list` describes.
    #[must_use]
    pub fn encode<P: Serialize>(&self, list: &str, position: &P) -> String {
        let mut bytes = serde_json::to_vec(&Envelope { v: 1, p: position }).unwrap_or_default();
        let code = mac(&self.0, &[list.as_bytes(), b"\n", &bytes]).unwrap_or_default();
        bytes.extend(code.iter().take(CODE));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The position in a cursor.
    ///
    /// # Errors
    /// `invalid_cursor` if this service did not make it for the list that `list` describes.
    pub fn decode<P: DeserializeOwned>(&self, list: &str, text: &str) -> Result<P> {
        let refused = || {
            let fault = Fault::new("invalid_cursor", "is not a cursor of this list: begin again without it");
            Error::parameter("cursor", fault)
        };
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| refused())?;
        let (json, code) = bytes.split_at_checked(bytes.len().saturating_sub(CODE)).ok_or_else(refused)?;
        let mut hasher = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.0).map_err(|_| refused())?;
        hasher.update(list.as_bytes());
        hasher.update(b"\n");
        hasher.update(json);
        if code.len() != CODE {
            return Err(refused());
        }
        hasher.verify_truncated_left(code).map_err(|_| refused())?;
        let envelope: Envelope<P> = serde_json::from_slice(json).map_err(|_| refused())?;
        Ok(envelope.p)
    }
}

fn mac(key: &[u8], parts: &[&[u8]]) -> Option<Vec<u8>> {
    let mut hasher = <Hmac<Sha256> as KeyInit>::new_from_slice(key).ok()?;
    for part in parts {
        hasher.update(part);
    }
    Some(hasher.finalize().into_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_good_for_its_own_list_only() {
        let key = CursorKey::derived_from(b"secret");
        let cursor = key.encode("documents?kind=directive", &7_i64);
        assert_eq!(key.decode::<i64>("documents?kind=directive", &cursor).unwrap(), 7);
        assert!(key.decode::<i64>("documents?kind=plan", &cursor).is_err());
        assert!(CursorKey::derived_from(b"other").decode::<i64>("documents?kind=directive", &cursor).is_err());
        for wrong in ["", "AAAA", "!", &format!("{cursor}A")] {
            assert!(key.decode::<i64>("documents?kind=directive", wrong).is_err(), "{wrong}");
        }
    }
}
