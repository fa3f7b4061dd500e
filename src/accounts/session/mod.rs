//! Sessions: what a login begins. Each is a family of refresh tokens, of which one at a time is good, once.
//! A token that has expired is forgotten, and its session with the last of them.

pub mod store;

use std::fmt;

use sha2::{Digest, Sha256};

use super::secret::{check, random_text};
use crate::domain::{Result, hex};

/// How long a refresh token is good, in seconds.
pub const REFRESH_LIFE: i64 = 30 * 24 * 3600;
/// With what every refresh token begins.
pub const PREFIX: &str = "dtr_";
/// How long every refresh token is, in bytes.
pub const LENGTH: usize = PREFIX.len() + RANDOM + 1 + 6;

/// The random letters of a refresh token, of 256 bits together.
const RANDOM: usize = 43;

/// A token with which a session goes on: `dtr_`, 43 random letters, `_` and 6 that check the others, so that it is found
/// where it may not stand, as an API key is. It is never shown by `Debug`, and kept as its hash alone.
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
        let text = format!("{PREFIX}{}", random_text(RANDOM)?);
        Ok(Self(format!("{text}_{}", check(&text))))
    }

    /// Whether a text is one, good or not.
    #[must_use]
    pub fn is_one(text: &str) -> bool {
        let parts = text.rsplit_once('_').filter(|(rest, given)| rest.starts_with(PREFIX) && *given == check(rest));
        parts.is_some() && text.len() == LENGTH
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
    random_text(22)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refresh_token_is_never_shown() {
        let token = RefreshToken::new().unwrap();
        assert_eq!(format!("{token:?}"), "RefreshToken(…)");
        assert_eq!(token.hash().len(), 64);
    }

    #[test]
    fn refresh_token_is_told_from_what_only_looks_like_one() {
        let token = RefreshToken::new().unwrap();
        assert!(RefreshToken::is_one(token.shown()));
        let altered = token.shown().replacen(PREFIX, "dts_", 1);
        for wrong in [&altered, &token.shown()[..LENGTH - 1], "dtr__", ""] {
            assert!(!RefreshToken::is_one(wrong), "{wrong}");
        }
        assert!(!RefreshToken::is_one(&format!("dtr_{}_000000", "0".repeat(RANDOM))));
    }
}
