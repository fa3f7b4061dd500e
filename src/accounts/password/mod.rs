//! Passwords: which may be chosen, how they are hashed and held against a hash.
//!
//! The rules are those of OWASP's ASVS 5.0, section 6.2: length and a list of what is common, no rules of composition, no
//! expiry. A password is taken in Unicode NFC, when it is set and when it is offered, since keyboards differ in how they
//! send `ế`.

pub mod hasher;

use std::collections::HashSet;
use std::fmt;
use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::domain::{Error, Fault, Result};
use crate::text::{fold, nfc};

/// The fewest characters of a password (ASVS 6.2.1).
pub const SHORTEST: usize = 8;
/// The most.
pub const LONGEST: usize = 256;

/// The lines of `data/common_passwords.txt`, whose first lines say where it is from.
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("../../../data/common_passwords.txt").lines();
    lines.filter(|line| !line.starts_with('#')).collect()
});

/// Words that are guessed first here: the product, and what people in Vietnamese offices take, without marks and spaces.
const WORDS: &[&str] = &[
    "admin",
    "administrator",
    "anhyeuem",
    "baocao",
    "changeme",
    "chidao",
    "chithi",
    "chuyenvien",
    "congtac",
    "dangbo",
    "directive",
    "directivetracker",
    "emyeuanh",
    "hanoi",
    "hochiminh",
    "hoidongnhandan",
    "huyenuy",
    "lanhdao",
    "letmein",
    "matkhau",
    "nghiquyet",
    "password",
    "quantri",
    "quantrivien",
    "saigon",
    "secret",
    "tinhuy",
    "tracker",
    "trunguong",
    "ubnd",
    "uybannhandan",
    "vanphong",
    "vietnam",
    "welcome",
    "xinchao",
];

/// Rows of keyboards and the alphabet, along which fingers walk.
const WALKS: &[&str] = &[
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "qazwsxedcrfvtgbyhnujmikolp",
];

/// A password. It is never shown, not even by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl fmt::Debug for Password {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Password(…)")
    }
}

impl Password {
    /// A password that somebody offers, to be held against a hash; what is longer than any can be is cut.
    #[must_use]
    pub fn offered(text: &str) -> Self {
        Self(nfc(text).chars().take(LONGEST + 1).collect())
    }

    /// A password that somebody chooses, who is called by the words of `context`.
    ///
    /// # Errors
    /// `too_short`, `too_long` or `too_common`.
    pub fn chosen(text: &str, context: &[&str]) -> Result<Self, Fault> {
        let text = nfc(text);
        let length = text.chars().count();
        if length < SHORTEST {
            return Err(Fault::new("too_short", format!("must have at least {SHORTEST} characters")));
        }
        if length > LONGEST {
            return Err(Fault::new("too_long", format!("may have at most {LONGEST} characters")));
        }
        if is_common(&text, context) {
            return Err(Fault::new("too_common", "is among the first that are guessed"));
        }
        Ok(Self(text))
    }

    /// A password of 20 random letters and digits, to be changed when it is first used.
    ///
    /// # Errors
    /// `Internal` if there is no randomness.
    pub fn random() -> Result<Self> {
        super::secret::random_text(20).map(Self)
    }

    /// The password itself, to be shown once to whoever it was made for.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.0
    }

    /// The hash to be kept, in the form of PHC strings: `$argon2id$v=19$m=19456,t=2,p=1$...`.
    ///
    /// # Errors
    /// `Internal` if there is no randomness or no memory.
    pub fn hash(&self) -> Result<String> {
        let failed = |error: &dyn fmt::Display| Error::Internal(format!("a password cannot be hashed: {error}"));
        let mut salt = [0_u8; 16];
        getrandom::fill(&mut salt).map_err(|error| failed(&error))?;
        let hash: PasswordHash =
            argon2()?.hash_password_with_salt(self.0.as_bytes(), &salt).map_err(|error| failed(&error))?;
        Ok(hash.to_string())
    }

    /// Whether the hash is that of this password. It takes as long with every hash of the same parameters.
    #[must_use]
    pub fn is_of(&self, hash: &str) -> bool {
        PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(self.0.as_bytes(), &hash).is_ok())
    }
}

/// OWASP's least parameters for argon2id, which are also the crate's own: 19 MiB, two passes, one lane.
fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(19_456, 2, 1, None).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Whether a hash was made with other parameters than are used now, so that it is to be made again.
#[must_use]
pub fn is_outdated(hash: &str) -> bool {
    !hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")
}

/// A hash of a password that nobody has: what is offered for an unknown account is held against it, so that the answer
/// takes as long.
pub const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5aGFzdGhpc3B3$yqk6Bsl8kSTOcoXx6sQXEkCJ5zXqdVfg2iKKTcIbZyU";

/// Whether a password would be guessed early: it is one of the common ones, repeats or walks along keys, or is such a
/// password, a word that is at hand or a name of its owner, with a few digits or marks around.
fn is_common(text: &str, context: &[&str]) -> bool {
    let lower = text.to_lowercase();
    let plain: String = fold(&lower).split(' ').collect();
    let core = lower.trim_matches(|character: char| !character.is_alphabetic());
    let word: String = fold(core).split(' ').collect();
    let around = lower.chars().count().saturating_sub(core.chars().count());
    COMMON.contains(lower.as_str())
        || COMMON.contains(plain.as_str())
        || is_walk(&plain)
        || has_few_characters(&lower)
        || (around <= 6 && is_at_hand(&word, context))
        || (around <= 4 && word.len() >= SHORTEST && COMMON.contains(word.as_str()))
}

/// Whether a folded word is one that is guessed first, or made of the words that its owner is called by.
fn is_at_hand(word: &str, context: &[&str]) -> bool {
    let names = context.iter().flat_map(|text| {
        let folded = fold(text);
        let whole: String = folded.split(' ').collect();
        folded.split(' ').map(str::to_owned).chain([whole]).collect::<Vec<_>>()
    });
    WORDS.contains(&word) || names.into_iter().any(|name| name.len() >= 3 && (name == word || word == name.repeat(2)))
}

/// Whether a text goes along keys, there or back.
fn is_walk(text: &str) -> bool {
    let walked = |text: &str| WALKS.iter().any(|walk| walk.repeat(2).contains(text));
    walked(text) || walked(&text.chars().rev().collect::<String>())
}

/// Whether a text has fewer than four different characters.
fn has_few_characters(text: &str) -> bool {
    text.chars().collect::<HashSet<_>>().len() < 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_counted_in_characters() {
        let code = |text: &str| Password::chosen(text, &[]).map_err(|fault| fault.code);
        assert_eq!(code("ngựa xe"), Err("too_short"));
        assert!(code("ngựa xe đò").is_ok());
        assert_eq!(code(&"ngựa xe ".repeat(33)), Err("too_long"));
        assert!(code(&"ngựa xe ".repeat(32)).is_ok());
        assert!(COMMON.len() >= 3000);
    }

    #[test]
    fn what_is_guessed_first_is_refused() {
        let context = ["lan.nguyen", "Nguyễn Thị Lan"];
        for text in [
            "password",
            "PASSWORD",
            "Password1!",
            "12345678",
            "87654321",
            "qwertyuiop",
            "1q2w3e4r5t",
            "aaaaaaaa",
            "abababab",
            "matkhau123",
            "Mật khẩu 1",
            "quantri@2026",
            "Directive-Tracker",
            "directivetracker1",
            "vietnam2026",
            "lan.nguyen1",
            "NguyenThiLan",
            "nguyenthilan2026",
            "liverpool!",
            "trustno1",
            "cdefghijk",
            "UBND2026!",
        ] {
            assert_eq!(Password::chosen(text, &context).map_err(|fault| fault.code), Err("too_common"), "{text}");
        }
        for text in ["cá kho làng Vũ Đại", "xK4-vvQ9-tt", "năm con ngựa trắng", "correct horse battery"] {
            assert!(Password::chosen(text, &context).is_ok(), "{text}");
        }
    }

    #[test]
    fn composed_and_decomposed_letters_are_the_same_password() {
        let composed = Password::chosen("tiếng Việt rất hay", &[]).unwrap();
        let hash = composed.hash().unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && !is_outdated(&hash), "{hash}");
        assert!(Password::offered("tie\u{302}\u{301}ng Vie\u{323}\u{302}t rất hay").is_of(&hash));
        assert!(!Password::offered("tiếng Việt rất hay ").is_of(&hash));
        assert_ne!(hash, composed.hash().unwrap());
    }

    #[test]
    fn hash_of_nobody_is_read_and_matches_nothing() {
        assert!(PasswordHash::new(NOBODYS).is_ok() && !is_outdated(NOBODYS));
        assert!(!Password::offered("").is_of(NOBODYS));
        assert!(is_outdated("$argon2id$v=19$m=9216,t=4,p=1$c2FsdHNhbHQ$aGFzaA"));
    }

    #[test]
    fn password_is_never_shown() {
        let password = Password::offered("cá kho làng Vũ Đại");
        assert_eq!(format!("{password:?}"), "Password(…)");
    }
}
