//! The command line of Directive tracker.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use actix_web::web;
use anyhow::{Context, Result, anyhow, bail};
use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args, Parser, Subcommand};
use directive_tracker::accounts::{secret, token};
use directive_tracker::app::App;
use directive_tracker::changes::verify;
use directive_tracker::config::{self, DataSettings, LogFormat, SecretSettings, Settings};
use directive_tracker::db::conn::Purpose;
use directive_tracker::db::lanes::Capacity;
use directive_tracker::db::{Conn, Database, Location, migrate};
use directive_tracker::domain::{Actor, Clock, Fault, Line, Role, Stamp};
use directive_tracker::http::server::{self, StoppedBy};
use directive_tracker::http::{openapi, system};
use directive_tracker::transfer::load::{self, DataSet};
use log::Log;

/// Who has done what about which guiding document, when, how late, and by which evidence.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// How the log is written. Its level comes from `RUST_LOG`, `info` by default.
    #[arg(long, env = "DIRECTIVE_TRACKER_LOG_FORMAT", default_value = "text", global = true, value_enum)]
    log_format: LogFormat,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API. The schema is brought up to date first.
    Serve(Serve),
    /// Bring the schema of the database up to date.
    Migrate(DataSettings),
    /// Load a data set that the program carries.
    Load(Load),
    /// Prove that the change log is as it was written: nothing altered, nothing missing.
    Verify(DataSettings),
    /// Make a token.
    Token(Token),
    /// Print the OpenAPI document.
    Openapi,
    /// Ask a running server whether it can answer requests; for the health check of a container.
    Health(Health),
}

#[derive(Args)]
struct Health {
    /// The address or host name that the server listens on, and the port.
    #[arg(
        long,
        env = "DIRECTIVE_TRACKER_LISTEN",
        default_value = "127.0.0.1:8080",
        value_parser = config::socket_address
    )]
    listen: SocketAddr,
}

#[derive(Args)]
struct Serve {
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

#[derive(Args)]
struct Load {
    /// The data set. `sample` needs `reference`, which is loaded first.
    #[arg(value_enum)]
    set: DataSet,
    #[command(flatten)]
    data: DataSettings,
}

#[derive(Args)]
struct Token {
    /// What the token allows: viewer or editor.
    #[arg(long, default_value = "editor", value_parser = role)]
    role: Role,
    /// Whom it stands for, as the change log will name them: one line of at most 200 characters.
    #[arg(long, value_parser = subject)]
    subject: Line<200>,
    /// How long it is good: a number with s, m, h or d, at most 31d.
    #[arg(long, default_value = "8h", value_parser = seconds)]
    expires: i64,
    #[command(flatten)]
    secret: SecretSettings,
}

fn seconds(text: &str) -> Result<i64, String> {
    let wrong = || "a number with s, m, h or d, from 1s to 31d".to_owned();
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    let factor = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return Err(wrong()),
    };
    let seconds = number.parse::<i64>().ok().and_then(|number| number.checked_mul(factor));
    seconds.filter(|seconds| (1..=token::LONGEST_LIFE).contains(seconds)).ok_or_else(wrong)
}

fn role(text: &str) -> Result<Role, String> {
    text.parse().map_err(|fault: Fault| format!("the roles are {}", fault.allowed.join(", ")))
}

fn subject(text: &str) -> Result<Line<200>, String> {
    Line::new(text).map_err(|fault| format!("it {fault}"))
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    start_log(cli.log_format);
    match run(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The level that is logged unless told.
const LOG_LEVEL: &str = "info";

fn start_log(format: LogFormat) {
    let asked = std::env::var("RUST_LOG").ok().filter(|asked| !asked.trim().is_empty());
    let asked = asked.unwrap_or_else(|| LOG_LEVEL.to_owned());
    // A word that is no level is taken for the name of a module, and nothing else is logged then.
    let silent = !silence_is_meant(&asked) && !log_builder(&asked).build().enabled(&own_errors());
    let mut builder = log_builder(&if silent { format!("{LOG_LEVEL},{asked}") } else { asked.clone() });
    if format == LogFormat::Json {
        builder.format(|out, record| {
            let line = serde_json::json!({
                "time": out.timestamp_micros().to_string(),
                "level": record.level().as_str(),
                "target": record.target(),
                "message": record.args().to_string(),
            });
            writeln!(out, "{line}")
        });
    }
    builder.init();
    if silent {
        log::warn!(
            "RUST_LOG={asked:?} would log nothing of this program, so {LOG_LEVEL} is logged: write error, warn, info, debug or off"
        );
    }
}

fn log_builder(filters: &str) -> env_logger::Builder {
    let mut builder = env_logger::Builder::new();
    builder.parse_filters(filters);
    builder
}

fn silence_is_meant(filters: &str) -> bool {
    filters.split(',').any(|part| part.rsplit('=').next().is_some_and(|level| level.trim().eq_ignore_ascii_case("off")))
}

fn own_errors() -> log::Metadata<'static> {
    log::Metadata::builder().target(env!("CARGO_CRATE_NAME")).level(log::Level::Error).build()
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Serve(serve) => actix_web::rt::System::new().block_on(run_server(serve)),
        Command::Migrate(data) => migrated(&data.database_url).map(drop),
        Command::Load(arguments) => {
            let mut conn = migrated(&arguments.data.database_url)?;
            load_sets(&mut conn, arguments.set)
        }
        Command::Verify(data) => verify_log(&data.database_url),
        Command::Token(arguments) => {
            let secret = secret::existing(arguments.secret.secret.as_deref(), &arguments.secret.secret_file)?;
            let tokens = token::Tokens::new(&secret);
            let token =
                tokens.issue(arguments.subject.as_str(), arguments.role, Clock::System.now(), arguments.expires)?;
            print(&token)
        }
        Command::Health(health) => check_health(health.listen),
        Command::Openapi => print(&openapi::pretty(system::document())),
    }
}

fn print(text: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{text}").context("cannot write to the standard output")
}

/// Asks `/readyz`, waiting two seconds at most.
fn check_health(mut address: SocketAddr) -> Result<()> {
    if address.ip().is_unspecified() {
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    let wait = Duration::from_secs(2);
    let mut stream =
        TcpStream::connect_timeout(&address, wait).with_context(|| format!("nobody listens on {address}"))?;
    stream.set_read_timeout(Some(wait))?;
    write!(stream, "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).context("the server does not answer")?;
    let status = answer.lines().next().unwrap_or_default();
    if status.starts_with("HTTP/1.1 200") { Ok(()) } else { bail!("the server is not ready: {status}") }
}

/// Connects and brings the schema up to date.
fn migrated(location: &Location) -> Result<Conn> {
    let mut conn = Conn::open(location, Purpose::Write).with_context(|| format!("cannot open {location}"))?;
    let applied = migrate::run(&mut conn).with_context(|| format!("cannot use {location}"))?;
    migrate::verify(&mut conn)?;
    if applied > 0 {
        log::info!("{location}: applied {applied} migrations");
    }
    Ok(conn)
}

/// Says what the log comes to, for whoever keeps that elsewhere.
fn verify_log(location: &Location) -> Result<()> {
    if let Location::Sqlite(file) = location
        && !Path::new(file).exists()
    {
        bail!("there is no database {location}");
    }
    let mut conn = Conn::open(location, Purpose::Read).with_context(|| format!("cannot open {location}"))?;
    migrate::verify(&mut conn)?;
    match verify::verify(&mut conn)? {
        Ok(proof) => print(&format!("{} changes, the last with the hash {}", proof.rows, proof.last_hash)),
        Err(broken) => bail!("{location}: {broken}"),
    }
}

/// Loads a data set with what it needs, all or nothing.
fn load_sets(conn: &mut Conn, wanted: DataSet) -> Result<()> {
    let clock = Clock::System;
    let sets: &[DataSet] =
        if wanted == DataSet::Sample { &[DataSet::Reference, DataSet::Sample] } else { &[DataSet::Reference] };
    for set in sets {
        let stamp =
            Stamp { actor: Actor::system("load"), request_id: format!("load-{}", set.name()), now: clock.now() };
        let loaded = directive_tracker::db::lanes::alone(conn, |conn| load::load(conn, &stamp, *set))?;
        log::info!("{} data: {loaded} records are there", set.name());
    }
    Ok(())
}

async fn run_server(serve: Serve) -> Result<()> {
    let Serve { data, secret, mut settings, sample } = serve;
    settings.cors_origins = config::origins(&settings.cors_origins)?;
    let listener =
        TcpListener::bind(settings.listen).with_context(|| format!("cannot listen on {}", settings.listen))?;
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
    if directive_tracker::changes::store::last(conn)?.0 == 0 {
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
