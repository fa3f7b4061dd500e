//! `serve`: the server.

use std::net::TcpListener;
use std::pin::pin;

use actix_web::web;
use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use directive_tracker::accounts::event::Origin;
use directive_tracker::accounts::secret;
use directive_tracker::app::App;
use directive_tracker::changes;
use directive_tracker::config::{self, DataSettings, Misconfigured, SecretSettings, Settings};
use directive_tracker::db::conn::Purpose;
use directive_tracker::db::lanes::Capacity;
use directive_tracker::db::lock::{Hold, Lock};
use directive_tracker::db::{Conn, Database, Location, lanes};
use directive_tracker::domain::Clock;
use directive_tracker::http::server::{self, StoppedBy};
use directive_tracker::transfer::load::{self, DataSet};
use futures_util::future::{Either, select};
use tokio::signal::unix::{SignalKind, signal};

use super::check::up_to_date;
use super::data::{load_sets, migrated};
use super::require_file;

/// What `serve` takes.
#[derive(Args)]
#[command(mut_args(config::switch))]
pub struct Serve {
    #[command(flatten)]
    data: DataSettings,
    #[command(flatten)]
    secret: SecretSettings,
    #[command(flatten)]
    settings: Settings,
    /// Load the reference and the sample data if the database is empty.
    #[arg(long, env = "DIRECTIVE_TRACKER_SAMPLE")]
    sample: bool,
}

/// Serves until it is told to stop.
pub fn run(arguments: Serve) -> Result<()> {
    actix_web::rt::System::new().block_on(serve(arguments))
}

async fn serve(arguments: Serve) -> Result<()> {
    let Serve { data, secret, mut settings, sample } = arguments;
    settings.cors_origins = config::origins(&settings.cors_origins).map_err(Misconfigured)?;
    if sample && settings.read_only {
        return Err(Misconfigured(anyhow!("--sample writes to the database, and --read-only does not")).into());
    }
    // Before anything is made, as far as it can be known.
    let given = secret.secret.as_deref().map(|given| secret::obtain(Some(given), &secret.secret_file)).transpose()?;
    let listener =
        TcpListener::bind(settings.listen).with_context(|| format!("cannot listen on {}", settings.listen))?;
    let location = &data.database_url;
    let (_lock, shows_sample) =
        if settings.read_only { (looked_at(location)?, false) } else { prepared(location, sample)? };
    let secret = given.map_or_else(|| secret::obtain(None, &secret.secret_file), Ok)?;
    let capacity = Capacity::of(location, settings.readers, settings.queue);
    let open = if settings.read_only { Database::look } else { Database::open };
    let database = open(location, capacity)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let app = web::Data::new(App::new(settings, database, Clock::System, &secret));
    app.tokens.self_test().map_err(|error| anyhow!("tokens cannot be signed and checked: {error}"))?;
    prepare_accounts(&app, &data.database_url)?;
    log::info!("serving {} on http://{address}", data.database_url);
    if shows_sample {
        for url in load::suggestions(&format!("http://{address}")) {
            log::info!("try: curl '{url}'");
        }
    }
    let server = server::start(web::Data::clone(&app), listener, StoppedBy::Signals)?;
    match select(server, pin!(told_twice()?)).await {
        Either::Left((ended, _)) => {
            if let Err(error) = app.accounts.tell_refusals(&app.database, app.clock.now(), true).await {
                log::warn!("the last refusals are in no list: {error}");
            }
            ended.context("the server failed")
        }
        Either::Right(_) => bail!("told to stop a second time: requests under way were broken off"),
    }
}

/// Makes the key that signs access tokens, if there is none, and reads the accounts.
fn prepare_accounts(app: &App, location: &Location) -> Result<()> {
    let now = app.clock.now();
    let purpose = if app.settings.read_only { Purpose::Look } else { Purpose::Write };
    let mut conn = Conn::connect(location, purpose)?;
    if !app.settings.read_only {
        lanes::alone(&mut conn, |conn| app.accounts.ensure_key(conn, &Origin::default(), now))?;
    }
    Ok(app.accounts.read(&mut conn, now)?)
}

/// Waits until the process was told to stop twice: who says so again does not want to wait for requests under way. The
/// server heeds the first time by itself.
fn told_twice() -> Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for signals")?;
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for signals")?;
    Ok(async move {
        for _ in 0..2 {
            select(pin!(interrupt.recv()), pin!(terminate.recv())).await;
        }
    })
}

/// Takes a database to serve it, and brings it up to date; says whether the sample data are there.
fn prepared(location: &Location, sample: bool) -> Result<(Lock, bool)> {
    let lock = Lock::take(location, Hold::Serve)?;
    let mut conn = migrated(location)?;
    let shows_sample = sample && sample_is_there(&mut conn, location)?;
    Ok((lock, shows_sample))
}

/// Looks whether a database can be read as it is, beside others who may write to it.
fn looked_at(location: &Location) -> Result<Lock> {
    require_file(location)?;
    // Who may not make a file beside the database goes without the lock, as nobody else has it then.
    let lock = Lock::take(location, Hold::Use).or_else(|_| Lock::respect(location))?;
    up_to_date(location, &mut Conn::connect(location, Purpose::Look)?)?;
    Ok(lock)
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
