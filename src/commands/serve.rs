//! `serve`: the server.

use std::net::TcpListener;

use actix_web::web;
use anyhow::{Context, Result, anyhow};
use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args};
use directive_tracker::accounts::secret;
use directive_tracker::app::App;
use directive_tracker::changes;
use directive_tracker::config::{self, DataSettings, SecretSettings, Settings};
use directive_tracker::db::lanes::Capacity;
use directive_tracker::db::lock::{Hold, Lock};
use directive_tracker::db::{Conn, Database, Location};
use directive_tracker::domain::Clock;
use directive_tracker::http::server::{self, StoppedBy};
use directive_tracker::transfer::load::{self, DataSet};

use super::data::{load_sets, migrated};

/// What `serve` takes.
#[derive(Args)]
pub struct Serve {
    #[command(flatten)]
    data: DataSettings,
    #[command(flatten)]
    secret: SecretSettings,
    #[command(flatten)]
    settings: Settings,
    /// Load the reference and the sample data if the database is empty.
    #[arg(
        long,
        env = "DIRECTIVE_TRACKER_SAMPLE",
        value_parser = BoolishValueParser::new(),
        action = ArgAction::Set,
        num_args = 0..=1,
        require_equals = true,
        default_value = "false",
        default_missing_value = "true"
    )]
    sample: bool,
}

/// Serves until it is told to stop.
pub fn run(arguments: Serve) -> Result<()> {
    actix_web::rt::System::new().block_on(serve(arguments))
}

async fn serve(arguments: Serve) -> Result<()> {
    let Serve { data, secret, mut settings, sample } = arguments;
    settings.cors_origins = config::origins(&settings.cors_origins)?;
    let listener =
        TcpListener::bind(settings.listen).with_context(|| format!("cannot listen on {}", settings.listen))?;
    let _lock = Lock::take(&data.database_url, Hold::Serve)?;
    let mut conn = migrated(&data.database_url)?;
    let shows_sample = sample && sample_is_there(&mut conn, &data.database_url)?;
    drop(conn);
    let secret = secret::obtain(secret.secret.as_deref(), &secret.secret_file)?;
    let capacity = Capacity { readers: usize::from(settings.readers), queue: usize::from(settings.queue) };
    let database = Database::open(&data.database_url, capacity)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let app = web::Data::new(App::new(settings, database, Clock::System, &secret));
    app.tokens.self_test().map_err(|error| anyhow!("tokens cannot be signed and checked: {error}"))?;
    log::info!("serving {} on http://{address}", data.database_url);
    if shows_sample {
        for url in load::suggestions(&format!("http://{address}")) {
            log::info!("try: curl '{url}'");
        }
    }
    server::start(app, listener, StoppedBy::Signals)?.await.context("the server failed")
}

/// Loads the sample data into a database that is empty, and says whether they are there.
fn sample_is_there(conn: &mut Conn, location: &Location) -> Result<bool> {
    if changes::store::last(conn)?.0 == 0 {
        load_sets(conn, DataSet::Sample)?;
        return Ok(true);
    }
    if load::is_loaded(conn, DataSet::Sample)? {
        log::info!("{location} is not empty; the sample data are there already");
        return Ok(true);
    }
    log::warn!("{location} is not empty, so the sample data are not loaded; `load sample` adds them to what is there");
    Ok(false)
}
