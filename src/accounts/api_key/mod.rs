//! API keys: credentials of programs, of a user or of a partner.
//!
//! A key is `dt_`, 8 letters by which it is looked up, 32 random ones (190 bits) and 6 that check the others, with `_`
//! between: `dt_k7Qm2xYz_…_…`. The beginning lets scanners for secrets find one, and the check lets them be sure. Of so
//! much randomness a fast hash is enough (ASVS 5.0, 6.5.2); the key itself is kept nowhere, and shown once.

pub mod store;

use std::fmt;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::secret::{check, random_text};
use crate::domain::{Grantee, Id, Instant, Line, Result, Role, hex};
use crate::rights::Grant;

/// With what every key begins.
pub const PREFIX: &str = "dt_";
/// How long every key is, in bytes.
pub const LENGTH: usize = PREFIX.len() + 8 + 1 + 32 + 1 + 6;
/// How long a key is good unless told, in days.
pub const USUAL_DAYS: i64 = 90;
/// The longest that a key is good, in days.
pub const MOST_DAYS: i64 = 365;
/// How long the key is good that another takes the place of, in hours, unless told.
pub const USUAL_OVERLAP: i64 = 24;
/// The longest, in hours.
pub const MOST_OVERLAP: i64 = 30 * 24;

/// A key. It is never shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(String);

impl fmt::Debug for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Key({PREFIX}{}_…)", self.id())
    }
}

impl Key {
    /// A new one.
    ///
    /// # Errors
    /// `Internal` if there is no randomness.
    pub fn new() -> Result<Self> {
        let text = format!("{PREFIX}{}_{}", random_text(8)?, random_text(32)?);
        Ok(Self(format!("{text}_{}", check(&text))))
    }

    /// One that somebody offers, if it has the form of one and its check is right.
    #[must_use]
    pub fn offered(text: &str) -> Option<Self> {
        let (rest, given) = text.rsplit_once('_')?;
        let (id, random) = rest.strip_prefix(PREFIX)?.split_once('_')?;
        let letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let well_formed = id.len() == 8 && random.len() == 32 && letters(id) && letters(random);
        (well_formed && given == check(rest)).then(|| Self(text.to_owned()))
    }

    /// By what it is looked up.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.split('_').nth(1).unwrap_or_default()
    }

    /// The key itself, to be shown once.
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

/// A key as it is kept and listed, without its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApiKey {
    /// By what it is looked up.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// The name of the user that it stands for.
    pub user: Option<String>,
    /// The partner that it stands for.
    pub partner: Option<String>,
    /// The most that it allows: no more than its user, or the grants of its partner.
    pub role: Role,
    /// What the partner may do, and with whose records; none of a user, whose own hold.
    pub grants: Vec<Grant>,
    /// When it was made.
    pub created_at: Instant,
    /// Until when it is good.
    pub expires_at: Instant,
    /// When it was last used, to the hour.
    pub last_used_at: Option<Instant>,
    /// The key that it takes the place of.
    pub rotated_from: Option<String>,
    /// Since when it is not good any more.
    pub revoked_at: Option<Instant>,
}

/// A key to be made.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// What it is for.
    pub name: Line<200>,
    /// Whom it stands for.
    pub holder: Holder,
    /// The most that it allows.
    pub role: Role,
    /// What a partner may do, and with whose records.
    pub grants: Vec<Grant>,
    /// Until when it is good.
    pub expires_at: Instant,
    /// The key that it takes the place of.
    pub rotated_from: Option<String>,
}

/// Whom a key stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// A user, by number.
    User(Id),
    /// A partner, who has no account.
    Partner(Line<200>),
}

/// The grantee that the key of a partner is, by its id.
#[must_use]
pub fn grantee(id: &str) -> Option<Grantee> {
    id.as_bytes().try_into().ok().map(Grantee::ApiKey)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_is_read_as_it_was_made_and_in_no_other_form() {
        let key = Key::new().unwrap();
        assert_eq!(Key::offered(key.shown()).as_ref(), Some(&key));
        assert_eq!((key.shown().len(), key.id().len()), (51, 8));
        let text = key.shown();
        for wrong in [
            &text[1..],
            &text[..50],
            &format!("{text}A"),
            &text.to_uppercase(),
            &text.replacen('_', "-", 1),
            "dt_",
            "dt_a_b_c",
            "",
            &format!(" {text}"),
            &format!("{text}\n"),
        ] {
            assert_eq!(Key::offered(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn key_is_never_shown() {
        let key = Key::new().unwrap();
        assert_eq!(format!("{key:?}"), format!("Key(dt_{}_…)", key.id()));
    }
}
