//! `verify` and `check`: whether a database is what its log says, and whether it is sound altogether.

use anyhow::{Context, Result, bail};
use directive_tracker::config::DataSettings;
use directive_tracker::db::conn::Purpose;
use directive_tracker::db::lock::{Hold, Lock};
use directive_tracker::db::{Conn, Location, file, lanes, migrate};
use directive_tracker::transfer::database::check;

use super::{print, require_file};

/// Says what the log comes to, for whoever keeps that elsewhere, once it is proven and the records are as it says.
pub fn run_verify(data: &DataSettings) -> Result<()> {
    let location = &data.database_url;
    require_file(location)?;
    let _lock = Lock::take(location, Hold::Use)?;
    let mut conn = Conn::connect(location, Purpose::Read)?;
    up_to_date(location, &mut conn)?;
    conn.take_all_the_time_it_needs()?;
    let sound = judged(location, |found| lanes::snapshot(&mut conn, |conn| check::log_is_sound(conn, found)))?;
    print(&format!("{} changes, the last with the hash {}", sound.proof.rows, sound.proof.last_hash))
}

/// Refuses a database that is not of this program, or of another schema than its own.
pub fn up_to_date(location: &Location, conn: &mut Conn) -> Result<()> {
    migrate::unfit(conn)?.map_or(Ok(()), Err).with_context(|| format!("cannot use {location}"))
}

/// Looks at everything, and changes nothing.
pub fn run_check(data: &DataSettings) -> Result<()> {
    let location = &data.database_url;
    let _lock = Lock::respect(location)?;
    let mut conn = match location.file() {
        Some(path) => file::open_unchanged(path)?,
        None => Conn::connect(location, Purpose::Read)?,
    };
    let sound = judged(location, |found| check::everything(&mut conn, found))?;
    print(&format!(
        "{location} is sound: {} changes of {} records, the last with the hash {}",
        sound.proof.rows, sound.records, sound.proof.last_hash
    ))
}

/// Logs a line for each thing that is found, and fails if there is any.
pub fn judged<T>(location: &Location, look: impl FnOnce(check::Found<'_>) -> Result<Option<T>>) -> Result<T> {
    let mut count = 0_u64;
    let outcome = look(&mut |what| {
        count = count.saturating_add(1);
        log::error!("{location}: {what}");
    })?;
    match outcome {
        Some(outcome) => Ok(outcome),
        None if count == 1 => bail!("{location} is not sound"),
        None => bail!("{location} is not sound, for {count} reasons"),
    }
}
