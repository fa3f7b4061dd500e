//! Signing in, going on, signing out: from a name and a password to tokens, and from a refresh token to the next.
//!
//! Whatever is wrong, the answer is the same and takes as long: an unknown or disabled user costs a hash as well.

use std::net::IpAddr;

use jsonwebtoken::EncodingKey;

use super::access::{self, Bearer, LIFE};
use super::api_key;
use super::directory::{self, Directory, Identity};
use super::event::{EventKind, Origin, store as events};
use super::password::hasher::Hasher;
use super::password::{NOBODYS, Password, is_outdated};
use super::refusals::{Refusal, Refusals};
use super::seal::Seal;
use super::session::{self, RefreshToken};
use super::signing_key::{self, Standing};
use super::throttle::{Throttle, prefix};
use super::token::Tokens;
use super::user::{self, User, UserName};
use crate::db::{Conn, Database, Lane};
use crate::domain::error::{NOT_GRANTED, Outage};
use crate::domain::{Error, Fault, Id, Instant, Result};
use crate::rights::area;

/// All that is held in memory of accounts.
pub struct Accounts {
    /// Users and keys.
    pub directory: Directory,
    /// Who has tried to sign in.
    throttle: Throttle,
    /// Where passwords are hashed.
    pub hasher: Hasher,
    /// What opens signing keys.
    seal: Seal,
    /// What was refused since the list of events was last written to.
    pub refusals: Refusals,
    /// What seals answers that are kept to be sent again.
    pub answers: Seal,
}

/// From where a request comes.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// The address.
    pub address: Option<IpAddr>,
    /// The id of the request.
    pub request_id: String,
}

impl Caller {
    /// What is kept of it in the list of events.
    #[must_use]
    pub fn origin(&self, credential: Option<String>) -> Origin {
        let request_id = Some(self.request_id.clone());
        Origin { credential, address: self.address.map(prefix), request_id }
    }
}

/// What somebody signs in with.
#[derive(Debug, Clone)]
pub struct Offered {
    /// The name, in any case.
    pub name: String,
    /// The password.
    pub password: Password,
    /// The one to take its place.
    pub new_password: Option<String>,
}

/// What a session goes on with.
pub struct Granted {
    /// The access token.
    pub access_token: String,
    /// The refresh token.
    pub refresh_token: RefreshToken,
}

/// What came of an attempt to sign in.
pub enum Outcome {
    /// Tokens.
    Granted(Granted),
    /// The name or the password is wrong, or the user is disabled.
    Refused,
    /// All is right, but the password is to be changed, and no new one was sent.
    ChangeNeeded,
}

impl Accounts {
    /// What goes with the secret of the service. Nothing is read yet.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        Self {
            directory: Directory::default(),
            throttle: Throttle::default(),
            hasher: Hasher::default(),
            refusals: Refusals::default(),
            seal: signing_key::seal(secret),
            answers: Seal::derived_from(secret, "answers"),
        }
    }

    /// Who holds a credential: an API key, an access token, or a token of the command line, whose header says so.
    ///
    /// # Errors
    /// Why it is not good, for the log alone.
    pub fn identify(&self, credential: &str, tokens: &Tokens, now: Instant) -> Result<Identity, String> {
        if credential.starts_with(api_key::PREFIX) {
            self.directory.holder(credential, now)
        } else if super::token::is_of_command_line(credential) {
            tokens.verify(credential, now).map(Identity::of_command_line)
        } else {
            self.directory.bearer(credential, now)
        }
    }

    /// Reads the directory again.
    ///
    /// # Errors
    /// As the database has them.
    pub fn read(&self, conn: &mut Conn, now: Instant) -> Result<()> {
        self.directory.take(directory::store::read(conn, now)?);
        Ok(())
    }

    async fn refresh(&self, database: &Database, now: Instant) -> Result<()> {
        let read = database.read(Lane::Short, move |conn| directory::store::read(conn, now)).await?;
        self.directory.take(read);
        Ok(())
    }

    /// Reads the directory again if accounts have changed since, here or by another process.
    ///
    /// # Errors
    /// As the database has them.
    pub async fn catch_up(&self, database: &Database, now: Instant) -> Result<()> {
        let counter = database.read(Lane::Short, user::store::counter).await?;
        if counter == self.directory.snapshot().counter { Ok(()) } else { self.refresh(database, now).await }
    }

    /// Catches up, and notes what was refused and which API keys were used here. A service that only reads notes nothing.
    ///
    /// # Errors
    /// As the database has them.
    pub async fn keep_up(&self, database: &Database, now: Instant) -> Result<()> {
        // First, so that nobody stays in because a note cannot be written.
        self.catch_up(database, now).await?;
        self.begin_day(database, now).await?;
        self.tell_refusals(database, now, false).await?;
        let used = self.directory.take_used();
        if used.is_empty() {
            return Ok(());
        }
        match database.write(move |conn| api_key::store::note_use(conn, &used)).await {
            Err(Error::Unavailable(Outage::ReadOnly)) => Ok(()),
            Err(error) => Err(error),
            Ok(()) => self.refresh(database, now).await,
        }
    }

    /// Adds what was refused to the list of events; `all` of it, before the service stops.
    ///
    /// # Errors
    /// As the database has them.
    pub async fn tell_refusals(&self, database: &Database, now: Instant, all: bool) -> Result<()> {
        let due = self.refusals.due(now, all);
        if due.is_empty() {
            return Ok(());
        }
        let write = move |conn: &mut Conn| {
            due.into_iter().try_for_each(|refusal| {
                let Refusal { kind, user, origin, detail, at } = refusal;
                events::add(conn, kind, user.as_deref(), Some(detail), &origin, at)
            })
        };
        match database.write(write).await {
            Err(Error::Unavailable(Outage::ReadOnly)) => Ok(()),
            outcome => outcome,
        }
    }

    /// Has the successions count that came into effect today, where something is granted for an area. A service that only
    /// reads leaves that to the one that writes.
    async fn begin_day(&self, database: &Database, now: Instant) -> Result<()> {
        let known = database.read(Lane::Short, area::store::known_day).await?;
        let Some(today) = now.day_in_vietnam().filter(|today| known.is_some_and(|known| known < *today)) else {
            return Ok(());
        };
        match database.write(move |conn| area::store::begin_day(conn, today)).await {
            Err(Error::Unavailable(Outage::ReadOnly)) => Ok(()),
            outcome => outcome,
        }
    }

    /// Makes the first key that signs, where there is none that this service can open.
    ///
    /// # Errors
    /// As the database has them.
    pub fn ensure_key(&self, conn: &mut Conn, origin: &Origin, now: Instant) -> Result<()> {
        signing_key::store::ensure(conn, &self.seal, origin, now)
    }

    /// Signs in.
    ///
    /// # Errors
    /// `Throttled`; `Invalid` if the new password may not be chosen; `Unavailable` if too many sign in.
    pub async fn sign_in(
        &self,
        database: &Database,
        offered: Offered,
        caller: &Caller,
        now: Instant,
    ) -> Result<Outcome> {
        let name: Option<UserName> = offered.name.parse().ok();
        let tried = name.as_ref().map_or_else(|| offered.name.chars().take(64).collect(), ToString::to_string);
        self.throttle.begin(&tried, caller.address, now).map_err(Error::Throttled)?;
        let known = match name {
            Some(name) => database.read(Lane::Short, move |conn| user::store::find(conn, name.as_str())).await?,
            None => None,
        };
        let hash = known.as_ref().and_then(|(_, hash)| hash.clone());
        let against = hash.clone().unwrap_or_else(|| NOBODYS.to_owned());
        let password = offered.password.clone();
        let right = self.hasher.run(move || password.is_of(&against)).await?;
        let user = known.map(|(user, _)| user).filter(|user| right && hash.is_some() && user.disabled_at.is_none());
        let Some(user) = user else {
            let origin = caller.origin(None);
            database
                .write(move |conn| events::add(conn, EventKind::LoginFailed, Some(&tried), None, &origin, now))
                .await?;
            return Ok(Outcome::Refused);
        };
        self.throttle.forgive(&user.name);
        if user.must_change_password && offered.new_password.is_none() {
            return Ok(Outcome::ChangeNeeded);
        }
        let changed = self.new_hash(&user, &offered, hash.is_some_and(|hash| is_outdated(&hash))).await?;
        self.begin_session(database, user, changed, caller, now).await.map(Outcome::Granted)
    }

    /// The hash to be kept from now on, if it is another, and whether it is of another password.
    async fn new_hash(&self, user: &User, offered: &Offered, outdated: bool) -> Result<Option<(String, bool)>> {
        let (password, another) = match &offered.new_password {
            Some(text) => (chosen(text, user, &offered.password, "/new_password")?, true),
            None if outdated => (offered.password.clone(), false),
            None => return Ok(None),
        };
        let hash = self.hasher.run(move || password.hash()).await??;
        Ok(Some((hash, another)))
    }

    async fn begin_session(
        &self,
        database: &Database,
        user: User,
        changed: Option<(String, bool)>,
        caller: &Caller,
        now: Instant,
    ) -> Result<Granted> {
        let (session, token) = (session::new_id()?, RefreshToken::new()?);
        let (id, first, origin) = (session.clone(), token.clone(), caller.origin(Some(session.clone())));
        let user = database
            .write(move |conn| {
                match changed {
                    Some((hash, true)) => {
                        user::store::set_password(conn, user.id, &hash, false, None, now)?;
                        let kind = EventKind::PasswordChanged;
                        events::add(conn, kind, Some(&user.name), None, &origin, now)?;
                    }
                    Some((hash, false)) => user::store::rehash(conn, user.id, &hash)?,
                    None => {}
                }
                session::store::begin(conn, &id, user.id, &first, now)?;
                events::add(conn, EventKind::Login, Some(&user.name), None, &origin, now)?;
                user::store::get(conn, user.id)
            })
            .await?;
        self.catch_up(database, now).await?;
        let access_token = self.access_token(database, &user, &session, caller, now).await?;
        Ok(Granted { access_token, refresh_token: token })
    }

    /// An access token of a session, signed with the current key, which is made if there is none.
    async fn access_token(
        &self,
        database: &Database,
        user: &User,
        session: &str,
        caller: &Caller,
        now: Instant,
    ) -> Result<String> {
        if self.current_key(now).is_none() {
            let (seal, origin) = (self.seal.clone(), caller.origin(None));
            database.write(move |conn| signing_key::store::ensure(conn, &seal, &origin, now)).await?;
            self.catch_up(database, now).await?;
        }
        let (id, key) =
            self.current_key(now).ok_or_else(|| Error::Internal("there is no key that signs".to_owned()))?;
        access::issue(&id, &key, Bearer { name: &user.name, version: user.version, session }, now)
    }

    fn current_key(&self, now: Instant) -> Option<(String, EncodingKey)> {
        let snapshot = self.directory.snapshot();
        let mut published = snapshot.published(now).into_iter();
        let (key, _) = published.find(|(_, standing)| *standing == Standing::Current)?;
        Some((key.id.clone(), key.open(&self.seal)?))
    }

    /// Goes on with a session.
    ///
    /// # Errors
    /// As the database has them.
    pub async fn go_on(
        &self,
        database: &Database,
        offered: RefreshToken,
        caller: &Caller,
        now: Instant,
    ) -> Result<Outcome> {
        let token = RefreshToken::new()?;
        let (next, origin) = (token.clone(), caller.origin(None));
        let exchanged = database.write(move |conn| exchange(conn, &offered, &next, &origin, now)).await?;
        let Exchanged::Next(session, user) = exchanged else {
            self.catch_up(database, now).await?;
            return Ok(Outcome::Refused);
        };
        let access_token = self.access_token(database, &user, &session, caller, now).await?;
        Ok(Outcome::Granted(Granted { access_token, refresh_token: token }))
    }

    /// Ends the session that a refresh token or an access token belongs to. What is neither is nobody's (RFC 7009 section
    /// 2.2).
    ///
    /// # Errors
    /// As the database has them.
    pub async fn sign_out(&self, database: &Database, token: &str, caller: &Caller, now: Instant) -> Result<()> {
        let of_access = self.directory.bearer(token, now).ok().and_then(|identity| identity.session);
        let (offered, origin) = (RefreshToken::offered(token), caller.origin(None));
        database
            .write(move |conn| {
                let found = session::store::find(conn, &offered)?.map(|found| found.session);
                let Some(session) = of_access.or(found) else { return Ok(()) };
                end_session(conn, &session, EventKind::Logout, origin, now)
            })
            .await?;
        self.catch_up(database, now).await
    }

    /// Changes the password of the user who calls, and ends the other sessions.
    ///
    /// # Errors
    /// `Throttled`; `Invalid` if the current password is wrong or the new one may not be chosen.
    pub async fn change_password(
        &self,
        database: &Database,
        identity: &Identity,
        (current, new): (Password, String),
        caller: &Caller,
        now: Instant,
    ) -> Result<()> {
        let id = identity.user.ok_or(Error::Forbidden(NOT_GRANTED))?;
        let name = identity.actor.subject.clone().unwrap_or_default();
        self.throttle.begin(&name, caller.address, now).map_err(Error::Throttled)?;
        let found = database.read(Lane::Short, move |conn| user::store::find(conn, &name)).await?;
        let (user, hash) = found.ok_or(Error::Unauthenticated)?;
        let (offered, against) = (current.clone(), hash.unwrap_or_else(|| NOBODYS.to_owned()));
        if !self.hasher.run(move || offered.is_of(&against)).await? {
            let (origin, detail) =
                (caller.origin(identity.actor.credential.clone()), "to change the password".to_owned());
            let failed = EventKind::LoginFailed;
            database.write(move |conn| events::add(conn, failed, Some(&user.name), Some(detail), &origin, now)).await?;
            return Err(Error::field("/current_password", Fault::new("invalid_value", "is not the current password")));
        }
        self.throttle.forgive(&user.name);
        let password = chosen(&new, &user, &current, "/new_password")?;
        let hash = self.hasher.run(move || password.hash()).await??;
        let (kept, origin) = (identity.session.clone(), caller.origin(identity.actor.credential.clone()));
        database
            .write(move |conn| {
                user::store::set_password(conn, id, &hash, false, kept.as_deref(), now)?;
                events::add(conn, EventKind::PasswordChanged, Some(&user.name), None, &origin, now)
            })
            .await?;
        self.catch_up(database, now).await
    }
}

/// A password that a user chooses in the place of another.
fn chosen(text: &str, user: &User, current: &Password, pointer: &str) -> Result<Password> {
    let password = Password::chosen(text, &user.context()).map_err(|fault| Error::field(pointer, fault))?;
    if password == *current {
        return Err(Error::field(pointer, Fault::new("inconsistent", "is the current password")));
    }
    Ok(password)
}

/// What came of a refresh token.
enum Exchanged {
    /// The session goes on.
    Next(String, Box<User>),
    /// It does not.
    Refused,
}

/// Takes a refresh token and gives the next. One that was used before ends its session, since two have it.
fn exchange(
    conn: &mut Conn,
    offered: &RefreshToken,
    next: &RefreshToken,
    origin: &Origin,
    now: Instant,
) -> Result<Exchanged> {
    let Some(found) = session::store::find(conn, offered)? else { return Ok(Exchanged::Refused) };
    if found.used_at.is_some() {
        end_session(conn, &found.session, EventKind::RefreshReused, origin.clone(), now)?;
        return Ok(Exchanged::Refused);
    }
    let user = user::store::get(conn, found.user)?;
    if found.ended_at.is_some() || found.expires_at <= now || user.disabled_at.is_some() {
        return Ok(Exchanged::Refused);
    }
    session::store::mark_used(conn, offered, now)?;
    session::store::issue(conn, &found.session, next, now)?;
    Ok(Exchanged::Next(found.session, Box::new(user)))
}

/// Ends one session, and says so in the list of events unless it had ended.
fn end_session(conn: &mut Conn, session: &str, kind: EventKind, origin: Origin, now: Instant) -> Result<()> {
    if !session::store::end(conn, session, kind.code(), now)? {
        return Ok(());
    }
    let user: Id = session::store::user_of(conn, session)?;
    let name = user::store::get(conn, user)?.name;
    let origin = Origin { credential: Some(session.to_owned()), ..origin };
    events::add(conn, kind, Some(&name), None, &origin, now)?;
    user::store::bump(conn)
}

/// How long an access token is good, in seconds, as its holder is told.
pub const EXPIRES_IN: i64 = LIFE;

/// Whoever reads again what has changed, every so many seconds.
pub const KEEPS_UP_EVERY: u64 = 5;
