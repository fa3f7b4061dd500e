//! What one running service has: its settings, its database, its clock, its keys.

use crate::accounts::token::Tokens;
use crate::config::Settings;
use crate::db::Database;
use crate::domain::Clock;
use crate::http::cursor::CursorKey;

/// One running service. It is shared by all threads that serve requests.
pub struct App {
    /// The settings.
    pub settings: Settings,
    /// The database.
    pub database: Database,
    /// The clock.
    pub clock: Clock,
    /// What makes and checks tokens.
    pub tokens: Tokens,
    /// What makes and checks cursors.
    pub cursors: CursorKey,
}

impl App {
    /// Puts a service together.
    #[must_use]
    pub fn new(settings: Settings, database: Database, clock: Clock, secret: &[u8]) -> Self {
        Self { settings, database, clock, tokens: Tokens::new(secret), cursors: CursorKey::derived_from(secret) }
    }
}
