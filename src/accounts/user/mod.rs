//! Users: the people, and programs of people, who sign in with a password.

pub mod store;

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::password::Password;
use crate::domain::{Fault, Id, Instant, Line, Role};
use crate::rights::Grant;

/// What a user signs in as, and is called in the change log: small letters, digits and `. _ @ -`. It is never given twice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserName(String);

impl UserName {
    /// What a name matches, in any case.
    pub const PATTERN: &'static str = "^[A-Za-z0-9][A-Za-z0-9._@-]{1,63}$";

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for UserName {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let name = text.to_ascii_lowercase();
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._@-".contains(&byte);
        let first = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
        if first && (2..=64).contains(&name.len()) && name.bytes().all(allowed) {
            return Ok(Self(name));
        }
        let what = "must be 2 to 64 letters a to z, digits and . _ @ -, and begin with a letter or a digit";
        Err(Fault::new("invalid_value", what))
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl Serialize for UserName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// A user as administrators see it. The hash of the password is not part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct User {
    /// The number.
    pub id: Id,
    /// What the user signs in as.
    pub name: String,
    /// What the user is called.
    pub display_name: Option<String>,
    /// The most that one of the grants allows.
    pub role: Role,
    /// What the user may do, and with whose records.
    pub grants: Vec<Grant>,
    /// Since when the user may not sign in.
    pub disabled_at: Option<Instant>,
    /// Whether the password is to be changed at the next login.
    pub must_change_password: bool,
    /// How many times the account has been changed so that its sessions ended, and one.
    pub version: i64,
    /// When the account was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl User {
    /// The words that the user is called by, which a password is not to be made of.
    #[must_use]
    pub fn context(&self) -> Vec<&str> {
        [Some(self.name.as_str()), self.display_name.as_deref()].into_iter().flatten().collect()
    }
}

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// What the user signs in as.
    pub name: UserName,
    /// What the user is called.
    pub display_name: Option<Line<200>>,
    /// What the user may do, and with whose records.
    pub grants: Vec<Grant>,
    /// The hash of the password.
    pub password_hash: String,
    /// Whether the password is to be changed at the first login.
    pub must_change_password: bool,
}

/// The password that somebody chooses for an account, whoever it is.
///
/// # Errors
/// As [`Password::chosen`].
pub fn chosen_password(text: &str, name: &UserName, display_name: Option<&Line<200>>) -> Result<Password, Fault> {
    let context: Vec<&str> = [Some(name.as_str()), display_name.map(Line::as_str)].into_iter().flatten().collect();
    Password::chosen(text, &context)
}

/// What is to be changed of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserPatch {
    /// What the user may do, and with whose records.
    pub grants: Option<Vec<Grant>>,
    /// What the user is called; `Some(None)` takes it away.
    pub display_name: Option<Option<Line<200>>>,
    /// Whether the user may not sign in.
    pub disabled: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_is_kept_in_small_letters() {
        assert_eq!("Lan.Nguyen@vp".parse::<UserName>().unwrap().as_str(), "lan.nguyen@vp");
        for wrong in ["", "l", ".lan", "lân", "lan nguyen", "lan\n", "lan/x", &"l".repeat(65)] {
            assert_eq!(wrong.parse::<UserName>().unwrap_err().code, "invalid_value", "{wrong}");
        }
    }
}
