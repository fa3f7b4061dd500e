//! Idempotency keys: a request that is sent again under its key takes effect once and is answered as the first time
//! (draft-ietf-httpapi-idempotency-key-header).
//!
//! The rule: the answer is kept in the transaction of its effect, so that there is both or neither, for 24 hours and for
//! each caller and route. A refused request keeps nothing and may be tried again.
//!
//! A request that writes in several transactions leaves a mark in the first and renews it in each. Another process takes
//! a mark that is a minute old for that of a process that ended; this one knows from [`InFlight`] what it is at work on.

pub mod store;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use self::store::Entry;
use crate::db::Conn;
use crate::domain::{Error, Fault, Instant, Result, hex};

/// How long an answer is kept, in microseconds: 24 hours.
const KEPT: i64 = 24 * 3600 * 1_000_000;

/// How long the mark of another process stands for a request under way, in microseconds: a minute, within which each of
/// its transactions ends and renews the mark.
const MARK_STANDS: i64 = 60 * 1_000_000;

/// How many old answers are removed when one is kept: more than come, so that they become fewer.
const SWEPT: i64 = 8;

/// A key that a caller made up: 1 to 255 visible characters of ASCII.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// The pattern of a key as it is mostly sent: what begins with a quote is read as a string of a structured field.
    pub const PATTERN: &'static str = "^[!#-~][!-~]{0,254}$";

    /// Reads a key, as it is or as a string of a structured field (RFC 9651 section 3.3.3): `k-1` or `"k-1"`.
    ///
    /// # Errors
    /// `invalid_value` if it is no key.
    pub fn new(text: &str) -> Result<Self, Fault> {
        let bare = if text.starts_with('"') { unquoted(text) } else { Some(text.to_owned()) };
        let is_key = |key: &String| (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
        bare.filter(is_key).map(Self).ok_or_else(|| {
            Fault::new("invalid_value", "is not 1 to 255 visible characters of ASCII, with or without quotes")
        })
    }
}

/// The text within the quotes of a string of a structured field.
fn unquoted(text: &str) -> Option<String> {
    let mut characters = text.strip_prefix('"')?.strip_suffix('"')?.chars();
    let mut bare = String::new();
    while let Some(character) = characters.next() {
        match character {
            '\\' => bare.push(characters.next().filter(|next| matches!(next, '"' | '\\'))?),
            '"' => return None,
            other => bare.push(other),
        }
    }
    Some(bare)
}

/// What a request says by its key: that it is the one that the caller sent under it before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Who sends it.
    pub subject: String,
    /// The method and the path.
    pub route: String,
    /// The key.
    pub key: Key,
    /// A hash over all that makes it the same request.
    pub fingerprint: String,
}

/// An answer, as it is kept and sent again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Where the new record is.
    pub location: Option<String>,
    /// The entity tag, with its quotes.
    pub etag: Option<String>,
    /// The type of its body.
    pub content_type: String,
    /// Its body.
    pub body: String,
}

/// What became of a request with a key.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It took effect, and this is its answer.
    First(Answer),
    /// It took effect before, and this was its answer.
    Again(Answer),
    /// The key was used for another request.
    Reused,
    /// A process is at work on it.
    Running,
}

impl Claim {
    /// Does the work, unless it was done under this key before, and keeps its answer. The work may be refused, of which
    /// nothing is kept.
    ///
    /// # Errors
    /// What the work gives; nothing is kept then.
    pub fn once<P>(
        &self,
        conn: &mut Conn,
        now: Instant,
        instance: &str,
        work: impl FnOnce(&mut Conn) -> Result<Result<Answer, P>>,
    ) -> Result<Result<Outcome, P>> {
        if let Some(known) = self.known(conn, now, instance)? {
            return Ok(Ok(known));
        }
        match work(conn)? {
            Ok(answer) => {
                self.keep(conn, now, instance, &answer)?;
                Ok(Ok(Outcome::First(answer)))
            }
            Err(refused) => Ok(Err(refused)),
        }
    }

    /// What is known of the request, to the process `instance`, which is not at work on it.
    ///
    /// # Errors
    /// As the database has them; so have all that follow.
    pub fn known(&self, conn: &mut Conn, now: Instant, instance: &str) -> Result<Option<Outcome>> {
        let Some(entry) = store::find(conn, self)? else { return Ok(None) };
        let age = now.microseconds().saturating_sub(entry.recorded_at.microseconds());
        match entry.answer {
            _ if age >= KEPT => Ok(None),
            Some(_) if entry.fingerprint != self.fingerprint => Ok(Some(Outcome::Reused)),
            Some(answer) => {
                let unreadable = |error| Error::Internal(format!("idempotency_keys.answer of {}: {error}", self.route));
                serde_json::from_str(&answer).map(|answer| Some(Outcome::Again(answer))).map_err(unreadable)
            }
            None if entry.instance == instance || age >= MARK_STANDS => Ok(None),
            None => Ok(Some(Outcome::Running)),
        }
    }

    /// Keeps the answer, and removes some that are too old.
    pub fn keep(&self, conn: &mut Conn, now: Instant, instance: &str, answer: &Answer) -> Result<()> {
        let text = serde_json::to_string(answer).map_err(|error| Error::Internal(error.to_string()))?;
        self.put(conn, now, instance, Some(text))?;
        store::sweep(conn, Instant::from_microseconds(now.microseconds().saturating_sub(KEPT)), SWEPT)
    }

    /// Marks the request as one on which the process `instance` is at work.
    pub fn mark(&self, conn: &mut Conn, now: Instant, instance: &str) -> Result<()> {
        self.put(conn, now, instance, None)
    }

    /// Takes the mark or the answer back.
    pub fn forget(&self, conn: &mut Conn) -> Result<()> {
        store::remove(conn, self)
    }

    fn put(&self, conn: &mut Conn, now: Instant, instance: &str, answer: Option<String>) -> Result<()> {
        store::remove(conn, self)?;
        let entry = Entry {
            subject: self.subject.clone(),
            route: self.route.clone(),
            key: self.key.0.clone(),
            fingerprint: self.fingerprint.clone(),
            recorded_at: now,
            instance: instance.to_owned(),
            answer,
        };
        store::insert(conn, &entry)
    }
}

/// A key as it is told apart: caller, route, key.
type Name = (String, String, String);

/// The requests with a key that this run of the program is at work on.
#[derive(Debug, Clone)]
pub struct InFlight {
    instance: String,
    names: Arc<Mutex<HashSet<Name>>>,
}

/// A request that this run of the program is at work on, until this is dropped.
#[derive(Debug)]
pub struct Running {
    name: Name,
    all: InFlight,
}

impl InFlight {
    /// Those of a run of the program that begins.
    #[must_use]
    pub fn new() -> Self {
        let mut random = [0_u8; 12];
        // Two runs of the same name would take the marks of each other for their own, which only crashes leave.
        let _ = getrandom::fill(&mut random);
        Self { instance: hex(&random), names: Arc::default() }
    }

    /// What tells this run of the program from others.
    #[must_use]
    pub fn instance(&self) -> &str {
        &self.instance
    }

    /// Begins the work on a request, unless it is begun already.
    #[must_use]
    pub fn begin(&self, claim: &Claim) -> Option<Running> {
        let name = (claim.subject.clone(), claim.route.clone(), claim.key.0.clone());
        self.names().insert(name.clone()).then(|| Running { name, all: self.clone() })
    }

    fn names(&self) -> MutexGuard<'_, HashSet<Name>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for InFlight {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.all.names().remove(&self.name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_same_with_and_without_quotes() {
        let longest = "k".repeat(255);
        for (sent, key) in
            [("k-1", "k-1"), ("\"k-1\"", "k-1"), ("\"a\\\"b\\\\\"", "a\"b\\"), ("a\"b", "a\"b"), (&longest, &longest)]
        {
            assert_eq!(Key::new(sent), Ok(Key(key.to_owned())), "{sent}");
        }
        for wrong in ["", "\"\"", "\"", "a b", "\"a b\"", "\"a\"b\"", "\"a\\b\"", "\"a", "khóa", &"k".repeat(256)] {
            assert!(Key::new(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_request_is_begun_once_until_it_ends() {
        let claim = |key: &str| Claim {
            subject: "an".to_owned(),
            route: "POST /v1/people".to_owned(),
            key: Key::new(key).unwrap(),
            fingerprint: String::new(),
        };
        let all = InFlight::new();
        let first = all.begin(&claim("1"));
        assert!(first.is_some() && all.begin(&claim("1")).is_none() && all.begin(&claim("2")).is_some());
        drop(first);
        assert!(all.begin(&claim("1")).is_some());
    }
}
