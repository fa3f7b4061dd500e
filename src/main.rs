//! The command line of Directive tracker: which commands there are. What they do is in [`commands`].

mod commands;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use directive_tracker::config::{DataSettings, LogFormat};
use directive_tracker::http::{openapi, system};

use self::commands::{backup, check, data, database, exit, health, keys, log_lines, print, serve, token, user};

/// An answer is made of many small pieces, which the allocator of the C library gives and takes back at a fifth of the cost
/// of a read.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Who has done what about which guiding document, when, how late, and by which evidence.
#[derive(Parser)]
#[command(version, about, after_help = exit::HELP)]
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
    Serve(serve::Serve),
    /// Bring the schema of the database up to date.
    Migrate(DataSettings),
    /// Load a data set that the program carries.
    Load(data::Load),
    /// Write the whole database as one file, with ids, versions, history and the chain of the log.
    Export(database::Export),
    /// Read a file that `export` has written into an empty database, all of it or nothing.
    Import(database::Import),
    /// Write a copy of a SQLite database while it is in use, and check it.
    Backup(backup::Backup),
    /// Put a backup in the place of a SQLite database that nobody has open.
    Restore(backup::Restore),
    /// Prove that the change log is as it was written, nothing altered and nothing missing, and that the records are what
    /// it says.
    Verify(DataSettings),
    /// Look for damage: the file, the schema, the change log, the records. Nothing is changed.
    Check(DataSettings),
    /// Make accounts, and change them.
    User(user::Accounts),
    /// List the keys that sign access tokens, and exchange them.
    Keys(keys::Keys),
    /// Make a token.
    Token(token::Token),
    /// Print the OpenAPI document.
    Openapi,
    /// Ask a running server whether it can answer requests; for the health check of a container.
    Health(health::Health),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    log_lines::start(cli.log_format);
    match run(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log::error!("{error:#}");
            exit::status_of(&error).into()
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Serve(arguments) => serve::run(arguments),
        Command::Migrate(data) => data::run_migrate(&data),
        Command::Load(arguments) => data::run_load(&arguments),
        Command::Export(arguments) => database::run_export(&arguments),
        Command::Import(arguments) => database::run_import(&arguments),
        Command::Backup(arguments) => backup::run_backup(&arguments),
        Command::Restore(arguments) => backup::run_restore(&arguments),
        Command::Verify(data) => check::run_verify(&data),
        Command::Check(data) => check::run_check(&data),
        Command::User(arguments) => user::run(&arguments),
        Command::Keys(arguments) => keys::run(&arguments),
        Command::Token(arguments) => token::run(&arguments),
        Command::Health(arguments) => health::run(&arguments),
        Command::Openapi => print(&openapi::pretty(system::document())),
    }
}
