//! The keys that sign access tokens: Ed25519, a public one for all and a private one that only this service can open.
//!
//! A key is published a day before it is used, so that whoever keeps a copy of the public keys knows it in time, and until
//! the last token that it signed has expired. So a key is exchanged without any token being refused in between.

pub mod store;

use std::fmt;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{DecodingKey, EncodingKey};

use super::access::{LEEWAY, LIFE};
use super::seal::Seal;
use super::secret::random_text;
use crate::domain::{Error, Instant, Result};

/// How long a key is published before it is used, in seconds.
pub const PUBLISHED_BEFORE: i64 = 24 * 3600;

/// One key as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// What tokens name it by.
    pub id: String,
    /// The public key: 32 bytes in base64url, as the member `x` of a JWK.
    pub public_key: String,
    /// The private key in PKCS #8, sealed: nonce, ciphertext and tag in base64url.
    pub sealed_private_key: String,
    /// When it was made.
    pub created_at: Instant,
    /// From when on it signs.
    pub used_from: Instant,
    /// Since when nothing that it signed is good.
    pub retired_at: Option<Instant>,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SigningKey({})", self.id)
    }
}

/// What a key is at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Published, and not used yet.
    Next,
    /// The one that signs.
    Current,
    /// Tokens that it signed are still good.
    Previous,
    /// Nothing that it signed is good.
    Past,
}

impl Standing {
    /// What the command line calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Current => "current",
            Self::Previous => "previous",
            Self::Past => "past",
        }
    }
}

/// What each of the keys is, which stand in the order in which they are used.
#[must_use]
pub fn standings(keys: &[&SigningKey], now: Instant) -> Vec<Standing> {
    let living = |key: &SigningKey| key.retired_at.is_none();
    let begun = |key: &SigningKey| key.used_from <= now;
    let standing = |at: usize, key: &SigningKey| {
        if !living(key) {
            return Standing::Past;
        }
        if !begun(key) {
            return Standing::Next;
        }
        let successor = keys.iter().skip(at.saturating_add(1)).find(|next| living(next) && begun(next));
        match successor {
            None => Standing::Current,
            Some(next) if now < after(next.used_from, LIFE.saturating_add(LEEWAY)) => Standing::Previous,
            Some(_) => Standing::Past,
        }
    };
    keys.iter().enumerate().map(|(at, key)| standing(at, key)).collect()
}

/// The instant so many seconds later.
#[must_use]
pub const fn after(instant: Instant, seconds: i64) -> Instant {
    Instant::from_microseconds(instant.microseconds().saturating_add(seconds.saturating_mul(1_000_000)))
}

/// What seals private keys, with the secret of the service.
#[must_use]
pub fn seal(secret: &[u8]) -> Seal {
    Seal::derived_from(secret, "signing keys")
}

impl SigningKey {
    /// A new key that signs from `used_from` on.
    ///
    /// # Errors
    /// `Internal` if there is no randomness or the library fails.
    pub fn make(seal: &Seal, now: Instant, used_from: Instant) -> Result<Self> {
        let failed = |_| Error::Internal("a signing key cannot be made".to_owned());
        let pair = Ed25519KeyPair::generate().map_err(failed)?;
        let private = pair.to_pkcs8().map_err(failed)?;
        let id = random_text(16)?;
        Ok(Self {
            public_key: URL_SAFE_NO_PAD.encode(pair.public_key().as_ref()),
            sealed_private_key: seal.seal(private.as_ref(), &id)?,
            id,
            created_at: now,
            used_from,
            retired_at: None,
        })
    }

    /// The private key, if it was sealed with this seal.
    #[must_use]
    pub fn open(&self, seal: &Seal) -> Option<EncodingKey> {
        seal.open(&self.sealed_private_key, &self.id).map(|private| EncodingKey::from_ed_der(&private))
    }
}

/// The public key as the library takes it.
///
/// # Errors
/// `Internal`, naming the key, if it is none.
pub fn decoding_key(key: &SigningKey) -> Result<DecodingKey> {
    DecodingKey::from_ed_components(&key.public_key)
        .map_err(|error| Error::Internal(format!("signing_keys.public_key of {}: {error}", key.id)))
}

#[cfg(test)]
mod tests {
    use super::Standing::{Current, Next, Past, Previous};
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn key_is_published_a_day_before_and_until_its_last_token_has_expired() {
        let seal = super::seal(b"a secret");
        let first = at("2026-11-20T00:00:00Z");
        let keys = [
            SigningKey::make(&seal, first, first).unwrap(),
            SigningKey::make(&seal, first, at("2026-11-21T00:00:00Z")).unwrap(),
        ];
        for (now, expected) in [
            ("2026-11-20T23:59:59Z", [Current, Next]),
            ("2026-11-21T00:00:00Z", [Previous, Current]),
            ("2026-11-21T00:15:04Z", [Previous, Current]),
            ("2026-11-21T00:15:05Z", [Past, Current]),
        ] {
            assert_eq!(standings(&[&keys[0], &keys[1]], at(now)), expected, "{now}");
        }
        let retired = [SigningKey { retired_at: Some(first), ..keys[0].clone() }, keys[1].clone()];
        assert_eq!(standings(&[&retired[0], &retired[1]], first), [Past, Next]);
    }

    #[test]
    fn private_key_is_opened_with_its_own_secret_and_id_alone() {
        let seal = super::seal(b"a secret");
        let now = at("2026-11-20T00:00:00Z");
        let key = SigningKey::make(&seal, now, now).unwrap();
        assert!(key.open(&seal).is_some());
        assert!(key.open(&super::seal(b"another")).is_none());
        assert!(SigningKey { id: "other".to_owned(), ..key.clone() }.open(&seal).is_none());
        assert_eq!(format!("{key:?}"), format!("SigningKey({})", key.id));
    }
}
