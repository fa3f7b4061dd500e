//! What only this service can open: AES-256-GCM under a key derived from its secret.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::secret::derived_key;
use crate::domain::{Error, Result};

/// What seals for one purpose.
#[derive(Clone)]
pub struct Seal([u8; 32]);

impl Seal {
    /// The seal for `purpose` that goes with `secret`: what was sealed for another is not opened.
    #[must_use]
    pub fn derived_from(secret: &[u8], purpose: &str) -> Self {
        Self(derived_key(secret, purpose.as_bytes()))
    }

    fn key(&self) -> Option<LessSafeKey> {
        UnboundKey::new(&AES_256_GCM, &self.0).ok().map(LessSafeKey::new)
    }

    /// Nonce, ciphertext and tag in base64url, which is opened under `name` alone.
    ///
    /// # Errors
    /// `Internal` if there is no randomness or the library fails.
    pub fn seal(&self, plain: &[u8], name: &str) -> Result<String> {
        let mut nonce = [0_u8; NONCE_LEN];
        getrandom::fill(&mut nonce).map_err(|error| Error::Internal(format!("no randomness: {error}")))?;
        let key = self.key().ok_or_else(|| Error::Internal("there is no AES-256-GCM".to_owned()))?;
        let mut sealed = plain.to_vec();
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(name.as_bytes()), &mut sealed)
            .map_err(|_| Error::Internal("AES-256-GCM failed".to_owned()))?;
        Ok(URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat()))
    }

    /// What was sealed with this seal under this name.
    #[must_use]
    pub fn open(&self, sealed: &str, name: &str) -> Option<Vec<u8>> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
        let (nonce, mut sealed) = (Nonce::try_assume_unique_for_key(nonce).ok()?, sealed.to_vec());
        self.key()?.open_in_place(nonce, Aad::from(name.as_bytes()), &mut sealed).ok().map(|plain| plain.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_opened_with_its_own_secret_purpose_and_name_alone() {
        let seal = Seal::derived_from(b"a secret", "tests");
        let sealed = seal.seal(b"plain", "one").unwrap();
        assert_eq!(seal.open(&sealed, "one").as_deref(), Some(&b"plain"[..]));
        assert_eq!(seal.open(&sealed, "other"), None);
        assert_eq!(Seal::derived_from(b"another", "tests").open(&sealed, "one"), None);
        assert_eq!(Seal::derived_from(b"a secret", "others").open(&sealed, "one"), None);
        assert_eq!(seal.open("", "one"), None);
        assert_ne!(seal.seal(b"plain", "one").unwrap(), sealed, "nothing shows that it is the same");
    }
}
