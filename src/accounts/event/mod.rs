//! Security events: what happened to accounts and credentials, for administrators to look through. A year of them is kept.

pub mod store;

use serde::Serialize;

use crate::domain::vocabulary::vocabulary;
use crate::domain::{Id, Instant};

vocabulary! {
    /// What happened.
    pub enum EventKind in "security_event" {
        /// Somebody signed in.
        Login = "login",
        /// Somebody offered a wrong password, or the name of no user or of a disabled one.
        LoginFailed = "login_failed",
        /// A session was ended by its holder.
        Logout = "logout",
        /// A refresh token came a second time, so that somebody else has it: its session was ended.
        RefreshReused = "refresh_reused",
        /// A user changed the password.
        PasswordChanged = "password_changed",
        /// An administrator set another password.
        PasswordReset = "password_reset",
        /// An account was made.
        UserCreated = "user_created",
        /// The role or the name of an account was changed.
        UserChanged = "user_changed",
        /// An account was disabled.
        UserDisabled = "user_disabled",
        /// An account was enabled again.
        UserEnabled = "user_enabled",
        /// An administrator ended the sessions of a user.
        SessionsEnded = "sessions_ended",
        /// An API key was made.
        ApiKeyCreated = "api_key_created",
        /// An API key was made in the place of another.
        ApiKeyRotated = "api_key_rotated",
        /// An API key was revoked.
        ApiKeyRevoked = "api_key_revoked",
        /// A key that signs access tokens was made.
        SigningKeyMade = "signing_key_made",
        /// Somebody asked for what their credential does not allow.
        AccessDenied = "access_denied",
        /// A credential that came with a request was not good.
        CredentialRefused = "credential_refused",
        /// An attempt to sign in came too early after others.
        LoginThrottled = "login_throttled",
        /// A caller had used up the quota.
        QuotaExceeded = "quota_exceeded",
    }
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// Its number.
    pub id: Id,
    /// When it happened.
    pub recorded_at: Instant,
    /// What happened.
    pub kind: EventKind,
    /// To whose account.
    pub user: Option<String>,
    /// By which credential.
    pub credential: Option<String>,
    /// From which network, of an address the first 24 bits (IPv4) or 64 (IPv6).
    pub address: Option<String>,
    /// The request that did it.
    pub request_id: Option<String>,
    /// What there is to know besides.
    pub detail: Option<String>,
}

/// Where an event comes from: the request, or the command line, which has none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// By which credential.
    pub credential: Option<String>,
    /// From which network.
    pub address: Option<String>,
    /// The request that did it.
    pub request_id: Option<String>,
}

/// How long events are kept, in microseconds: a year.
const KEPT: i64 = 366 * 24 * 3600 * 1_000_000;

/// What of the list is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// What happened.
    pub kinds: Option<Vec<EventKind>>,
    /// To whose account.
    pub user: Option<String>,
    /// From when on.
    pub from: Option<Instant>,
    /// Before when.
    pub to: Option<Instant>,
}
