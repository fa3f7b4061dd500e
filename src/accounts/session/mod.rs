//! Sessions: what a login begins. Each is a family of refresh tokens, of which one at a time is good, once.
//! A token that has expired is forgotten, and its session with the last of them.

pub mod store;

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::domain::{Error, Result, hex};

/// How long a refresh token is good, in seconds.
pub const REFRESH_LIFE: i64 = 30 * 24 * 3600;

/// A token of 256 random bits with which a session goes on. It is never shown by `Debug`, and kept as its hash alone.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken(String);

impl fmt::Debug for RefreshToken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("RefreshToken(…)")
    }
}

impl RefreshToken {
    /// A new one.
    ///
    /// # Errors
    /// `Internal` if there is no randomness.
    pub fn new() -> Result<Self> {
        random(32).map(Self)
    }

    /// One that somebody offers.
    #[must_use]
    pub fn offered(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The token itself, to be given to its holder.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self) -> String {
        hex(&Sha256::digest(self.0.as_bytes()))
    }
}

/// The id of a new session.
///
/// # Errors
/// `Internal` if there is no randomness.
pub fn new_id() -> Result<String> {
    random(16)
}

/// So many random bytes, as text.
fn random(length: usize) -> Result<String> {
    let mut bytes = vec![0_u8; length];
    getrandom::fill(&mut bytes).map_err(|error| Error::Internal(format!("no randomness: {error}")))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refresh_token_is_never_shown() {
        let token = RefreshToken::new().unwrap();
        assert_eq!(format!("{token:?}"), "RefreshToken(…)");
        assert_eq!((token.shown().len(), token.hash().len()), (43, 64));
    }
}
