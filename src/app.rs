//! What one running service has: its settings, its database, its clock, its keys.

use std::num::NonZeroU32;

use crate::accounts::login::Accounts;
use crate::accounts::token::Tokens;
use crate::config::Settings;
use crate::db::Database;
use crate::domain::Clock;
use crate::http::cursor::CursorKey;
use crate::idempotency::InFlight;
use crate::metrics::Metrics;
use crate::quota::Quotas;

/// One running service. It is shared by all threads that serve requests.
pub struct App {
    /// The settings.
    pub settings: Settings,
    /// The database.
    pub database: Database,
    /// The clock.
    pub clock: Clock,
    /// What makes and checks the tokens of the command line.
    pub tokens: Tokens,
    /// The accounts.
    pub accounts: Accounts,
    /// What makes and checks cursors.
    pub cursors: CursorKey,
    /// What is counted while it runs.
    pub metrics: Metrics,
    /// The requests with an idempotency key that it is at work on.
    pub in_flight: InFlight,
    /// How much each caller may still ask of it; `None` if as much as they like.
    pub quotas: Option<Quotas>,
}

impl App {
    /// Puts a service together.
    #[must_use]
    pub fn new(settings: Settings, database: Database, clock: Clock, secret: &[u8]) -> Self {
        let (tokens, cursors) = (Tokens::new(secret), CursorKey::derived_from(secret));
        let metrics = Metrics::of(&database);
        let accounts = Accounts::new(secret);
        let quotas = NonZeroU32::new(settings.requests_per_minute).map(|quota| Quotas::new(quota, clock.clone()));
        Self { settings, database, clock, tokens, accounts, cursors, metrics, in_flight: InFlight::new(), quotas }
    }
}
