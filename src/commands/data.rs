//! `migrate` and `load`: the schema, and the data sets that the program carries.

use anyhow::{Context, Result};
use clap::Args;
use directive_tracker::config::DataSettings;
use directive_tracker::db::belonging::Unfit;
use directive_tracker::db::conn::Purpose;
use directive_tracker::db::lock::{Hold, Lock};
use directive_tracker::db::{Conn, Location, lanes, migrate};
use directive_tracker::domain::{Actor, Clock, Stamp};
use directive_tracker::transfer::load::{self, DataSet};

/// What `load` takes.
#[derive(Args)]
pub struct Load {
    /// The data set. `sample` needs `reference`, which is loaded first.
    #[arg(value_enum)]
    set: DataSet,
    #[command(flatten)]
    data: DataSettings,
}

/// Brings the schema up to date.
pub fn run_migrate(data: &DataSettings) -> Result<()> {
    let _lock = Lock::take(&data.database_url, Hold::Use)?;
    migrated(&data.database_url).map(drop)
}

/// Loads a data set.
pub fn run_load(arguments: &Load) -> Result<()> {
    let _lock = Lock::take(&arguments.data.database_url, Hold::Use)?;
    let mut conn = migrated(&arguments.data.database_url)?;
    load_sets(&mut conn, arguments.set)
}

/// Connects and brings the schema up to date.
pub fn migrated(location: &Location) -> Result<Conn> {
    let cannot_use = || format!("cannot use {location}");
    let mut conn = Conn::connect(location, Purpose::Write)?;
    // What the migrations add is taken from nobody, unless it stands in what is not theirs.
    match migrate::unfit(&mut conn).with_context(cannot_use)? {
        None | Some(Unfit::Older(_) | Unfit::Empty) => {}
        Some(unfit) => return Err(unfit).with_context(cannot_use),
    }
    let applied = migrate::run(&mut conn).with_context(cannot_use)?;
    if applied > 0 {
        log::info!("{location}: applied {applied} migrations");
    }
    Ok(conn)
}

/// Loads a data set with what it needs, all or nothing.
pub fn load_sets(conn: &mut Conn, wanted: DataSet) -> Result<()> {
    let clock = Clock::System;
    let sets: &[DataSet] =
        if wanted == DataSet::Sample { &[DataSet::Reference, DataSet::Sample] } else { &[DataSet::Reference] };
    for set in sets {
        let stamp =
            Stamp { actor: Actor::system("load"), request_id: format!("load-{}", set.name()), now: clock.now() };
        let loaded = lanes::alone(conn, |conn| load::load(conn, &stamp, *set))?;
        log::info!("{} data: {loaded} records are there", set.name());
    }
    Ok(())
}
