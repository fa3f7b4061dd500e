//! The secret that signs tokens: given, or generated once and kept in a file that only its owner may read.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::config::Misconfigured;
use crate::domain::Error;

/// The fewest bytes a secret may have: as many as the hash of HS256 (RFC 7518 section 3.2).
pub const SHORTEST: usize = 32;

/// Takes the secret that is given, or the one in the file.
///
/// # Errors
/// If the secret is too short, or the file cannot be read, or everybody may read it.
pub fn existing(given: Option<&str>, file: &Path) -> Result<Vec<u8>> {
    if given.is_none() && !file.exists() {
        let name = file.display();
        bail!("there is no secret in {name}: start the server first, in this folder, or give the secret that it has");
    }
    obtain(given, file)
}

/// Takes the secret that is given, or the one in the file, or a new one that is put there.
///
/// # Errors
/// If the secret is too short, or the file can be neither read nor made.
pub fn obtain(given: Option<&str>, file: &Path) -> Result<Vec<u8>> {
    if let Some(secret) = given {
        return long_enough(secret.as_bytes().to_vec(), "DIRECTIVE_TRACKER_SECRET");
    }
    let name = file.display().to_string();
    match File::open(file) {
        Ok(mut opened) => {
            refuse_shared(&opened, &name)?;
            let mut secret = Vec::new();
            opened.read_to_end(&mut secret).with_context(|| format!("cannot read {name}"))?;
            long_enough(secret.trim_ascii().to_vec(), &name)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            generate(file).with_context(|| format!("cannot make {name}"))
        }
        Err(error) => Err(error).with_context(|| format!("cannot open {name}")),
    }
}

/// Refuses a file that everybody on the machine may read. A group may: that is how secrets are handed to containers.
#[cfg(unix)]
fn refuse_shared(file: &File, name: &str) -> Result<()> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata()?.permissions());
    if mode & 0o007 != 0 {
        return Err(Misconfigured(anyhow!("everybody may read the secret in {name}: chmod 600 {name}")).into());
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_shared(_: &File, _: &str) -> Result<()> {
    Ok(())
}

fn long_enough(secret: Vec<u8>, place: &str) -> Result<Vec<u8>> {
    if secret.len() < SHORTEST {
        let wrong = anyhow!("the secret in {place} has {} bytes; at least {SHORTEST} are needed", secret.len());
        return Err(Misconfigured(wrong).into());
    }
    Ok(secret)
}

fn generate(file: &Path) -> Result<Vec<u8>> {
    let mut random = [0_u8; 48];
    getrandom::fill(&mut random).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    let secret = STANDARD_NO_PAD.encode(random);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(secret.as_bytes())?;
    log::info!("made a new secret in {}", file.display());
    Ok(secret.into_bytes())
}

/// The characters of random texts: no separators, so that a double click takes all of one.
pub const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A text of so many random letters and digits, each of which is worth 5.95 bits.
///
/// # Errors
/// `Internal` if there is no randomness.
pub fn random_text(length: usize) -> Result<String, Error> {
    let mut text = String::with_capacity(length);
    let mut random = [0_u8; 64];
    while text.len() < length {
        getrandom::fill(&mut random).map_err(|error| Error::Internal(format!("no randomness: {error}")))?;
        // What is above the last multiple of 62 would make some letters likelier than others.
        let letters = random.iter().filter(|byte| **byte < 248).filter_map(|byte| LETTERS.get(usize::from(byte % 62)));
        text.extend(letters.map(|letter| char::from(*letter)).take(length.saturating_sub(text.len())));
    }
    Ok(text)
}

/// Six letters that follow from a text, by which a credential is told from what only looks like one.
#[must_use]
pub fn check(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let letter = |byte: &u8| LETTERS.get(usize::from(byte % 62)).map_or('0', |letter| char::from(*letter));
    digest.iter().take(6).map(letter).collect()
}

/// A key for one purpose, derived from the secret of the service.
#[must_use]
pub fn derived_key(secret: &[u8], purpose: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    if let Ok(mut code) = <Hmac<Sha256> as KeyInit>::new_from_slice(secret) {
        code.update(purpose);
        key.copy_from_slice(&code.finalize().into_bytes());
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_secret_is_refused() {
        let error = obtain(Some("short"), Path::new("unused")).unwrap_err();
        assert_eq!(error.to_string(), "the secret in DIRECTIVE_TRACKER_SECRET has 5 bytes; at least 32 are needed");
    }

    #[test]
    fn a_generated_secret_is_kept() {
        let folder = std::env::temp_dir().join(format!("directive-tracker-secret-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("secret");
        let first = obtain(None, &file).unwrap();
        assert_eq!(obtain(None, &file).unwrap(), first);
        assert!(first.len() >= SHORTEST);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
