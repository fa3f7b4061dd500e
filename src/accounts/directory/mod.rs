//! The directory: users, keys and ended sessions in memory, so that no request reads them from the database.
//!
//! It is read again after each write of this process, and when the counter of the database says that another process has
//! written. What an account may do is looked up when its credential is used, so that a change holds at once here, and
//! elsewhere as soon as that process looks at the counter, which it does every few seconds.

pub mod store;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use jsonwebtoken::DecodingKey;
use sha2::{Digest, Sha256};

use super::access;
use super::api_key::{ApiKey, Key, grantee};
use super::signing_key::{SigningKey, Standing, standings};
use super::user::User;
use crate::domain::{Actor, Grantee, Id, Instant, Rights};
use crate::rights::grant::{Grant, rights_of};

/// What was read at one moment.
#[derive(Default)]
pub struct Snapshot {
    /// The counter before it was read.
    pub counter: i64,
    /// The users by name.
    pub users: HashMap<String, User>,
    /// The sessions that have ended lately.
    pub ended: HashSet<String>,
    /// The API keys that are not revoked, by id, with their hashes.
    pub api_keys: HashMap<String, (ApiKey, String)>,
    /// The signing keys in the order in which they are used, with what verifies their tokens.
    pub signing_keys: Vec<(SigningKey, DecodingKey)>,
}

/// By what a caller is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// An access token of a session.
    Session,
    /// An API key.
    ApiKey,
    /// A token of the command line.
    Token,
}

/// Who calls, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The caller, as the rest of the service knows them.
    pub actor: Actor,
    /// The number of the account, where there is one.
    pub user: Option<Id>,
    /// The session, where there is one.
    pub session: Option<String>,
    /// By what the caller is known.
    pub means: Means,
}

impl Identity {
    /// The holder of a token of the command line, which no account stands behind.
    #[must_use]
    pub const fn of_command_line(actor: Actor) -> Self {
        Self { actor, user: None, session: None, means: Means::Token }
    }
}

/// The last snapshot, and which API keys were used since.
#[derive(Default)]
pub struct Directory {
    snapshot: RwLock<Arc<Snapshot>>,
    used: Mutex<HashMap<String, Instant>>,
}

impl Directory {
    /// The last snapshot.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes a snapshot that was read, unless there is a later one already.
    pub fn take(&self, read: Snapshot) {
        let mut snapshot = self.snapshot.write().unwrap_or_else(PoisonError::into_inner);
        if read.counter >= snapshot.counter {
            *snapshot = Arc::new(read);
        }
    }

    /// Who holds an access token.
    ///
    /// # Errors
    /// Why it is not good, for the log alone; so has what follows.
    pub fn bearer(&self, token: &str, now: Instant) -> Result<Identity, String> {
        self.snapshot().bearer(token, now)
    }

    /// Who holds an API key.
    ///
    /// # Errors
    /// As [`Directory::bearer`].
    pub fn holder(&self, key: &str, now: Instant) -> Result<Identity, String> {
        let key = Key::offered(key).ok_or("it is no API key")?;
        let identity = self.snapshot().holder(&key, now)?;
        self.used.lock().unwrap_or_else(PoisonError::into_inner).insert(key.id().to_owned(), now);
        Ok(identity)
    }

    /// The API keys whose use is to be noted: those that were used since an hour after it was last noted.
    #[must_use]
    pub fn take_used(&self) -> Vec<(String, Instant)> {
        let used = std::mem::take(&mut *self.used.lock().unwrap_or_else(PoisonError::into_inner));
        let snapshot = self.snapshot();
        let worth_noting = |id: &str, at: Instant| {
            let noted = snapshot.api_keys.get(id).and_then(|(key, _)| key.last_used_at);
            noted.is_none_or(|noted| at.microseconds().saturating_sub(noted.microseconds()) >= 3_600_000_000)
        };
        used.into_iter().filter(|(id, at)| worth_noting(id, *at)).collect()
    }
}

impl Snapshot {
    /// The grants of a caller, where they have any here.
    #[must_use]
    pub fn granted(&self, actor: &Actor) -> &[Grant] {
        let grants = match actor.rights.grantee {
            Some(Grantee::User(_)) => {
                let user = actor.subject.as_ref().and_then(|name| self.users.get(name));
                user.map(|user| user.grants.as_slice())
            }
            Some(Grantee::ApiKey(id)) => {
                let key = str::from_utf8(&id).ok().and_then(|id| self.api_keys.get(id));
                key.map(|(key, _)| key.grants.as_slice())
            }
            None => None,
        };
        grants.unwrap_or_default()
    }

    fn bearer(&self, token: &str, now: Instant) -> Result<Identity, String> {
        let claims = access::verify(token, |id| self.verifying_key(id, now), now)?;
        let user = self.enabled(&claims.sub)?;
        if user.version != claims.ver {
            return Err("its account was changed".to_owned());
        }
        if self.ended.contains(&claims.sid) {
            return Err("its session has ended".to_owned());
        }
        let actor = Actor { subject: Some(claims.sub), credential: Some(claims.jti), rights: rights_of_user(user) };
        Ok(Identity { actor, user: Some(user.id), session: Some(claims.sid), means: Means::Session })
    }

    /// The key that verifies tokens that name it, while it is published and has begun to sign.
    fn verifying_key(&self, id: &str, now: Instant) -> Option<&DecodingKey> {
        let keys: Vec<&SigningKey> = self.signing_keys.iter().map(|(key, _)| key).collect();
        let mut known = self.signing_keys.iter().zip(standings(&keys, now));
        let good = |standing: Standing| matches!(standing, Standing::Current | Standing::Previous);
        known.find(|((key, _), standing)| key.id == id && good(*standing)).map(|((_, key), _)| key)
    }

    fn holder(&self, key: &Key, now: Instant) -> Result<Identity, String> {
        let (known, hash) = self.api_keys.get(key.id()).ok_or_else(|| format!("there is no API key {}", key.id()))?;
        // Hashes of hashes tell nothing by the time that comparing them takes.
        if Sha256::digest(key.hash()) != Sha256::digest(hash) {
            return Err(format!("it is not the API key {}", known.id));
        }
        if known.expires_at <= now || known.revoked_at.is_some() {
            return Err(format!("the API key {} has ended", known.id));
        }
        let credential = Some(format!("{}{}", super::api_key::PREFIX, known.id));
        if let Some(name) = &known.user {
            let user = self.enabled(name)?;
            let rights = rights_of_user(user).at_most(known.role);
            let actor = Actor { subject: Some(user.name.clone()), credential, rights };
            return Ok(Identity { actor, user: Some(user.id), session: None, means: Means::ApiKey });
        }
        let partner = known.partner.as_ref().map(|partner| format!("partner:{partner}"));
        let grantee = grantee(&known.id).ok_or("it has no id of an API key")?;
        let actor = Actor { subject: partner, credential, rights: rights_of(&known.grants, grantee) };
        Ok(Identity { actor, user: None, session: None, means: Means::ApiKey })
    }

    fn enabled(&self, name: &str) -> Result<&User, String> {
        let user = self.users.get(name).ok_or("there is no such user")?;
        if user.disabled_at.is_some() { Err("its user is disabled".to_owned()) } else { Ok(user) }
    }

    /// The keys to be published, with what each is.
    #[must_use]
    pub fn published(&self, now: Instant) -> Vec<(&SigningKey, Standing)> {
        let keys: Vec<&SigningKey> = self.signing_keys.iter().map(|(key, _)| key).collect();
        let all = self.signing_keys.iter().map(|(key, _)| key).zip(standings(&keys, now));
        all.filter(|(_, standing)| *standing != Standing::Past).collect()
    }
}

/// What a user may do now.
fn rights_of_user(user: &User) -> Rights {
    rights_of(&user.grants, Grantee::User(user.id))
}
