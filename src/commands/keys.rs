//! `keys`: the keys that sign access tokens.

use anyhow::Result;
use clap::{Args, Subcommand};
use directive_tracker::accounts::event::Origin;
use directive_tracker::accounts::secret;
use directive_tracker::accounts::signing_key::{SigningKey, seal, standings, store};
use directive_tracker::config::{DataSettings, SecretSettings};
use directive_tracker::db::lanes;
use directive_tracker::db::lock::{Hold, Lock};
use directive_tracker::domain::Clock;

use super::data::migrated;
use super::user::told;
use super::{print, require_file};

/// What `keys` takes.
#[derive(Args)]
pub struct Keys {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    data: DataSettings,
}

#[derive(Subcommand)]
enum Action {
    /// Make the next key. It is published at once and signs from tomorrow on, so that no token is refused in between.
    Rotate {
        /// Sign with the new key at once, and end every token that another one has signed: for when a key or the secret has
        /// got abroad. Whoever has signed in goes on with the refresh token.
        #[arg(long)]
        now: bool,
        #[command(flatten)]
        secret: SecretSettings,
    },
    /// List the keys: id, what it is, from when on it signs.
    List,
}

/// Does what is asked for.
pub fn run(arguments: &Keys) -> Result<()> {
    let location = &arguments.data.database_url;
    require_file(location)?;
    let _lock = Lock::take(location, Hold::Use)?;
    let mut conn = migrated(location)?;
    let now = Clock::System.now();
    match &arguments.action {
        Action::List => {
            let keys = store::all(&mut conn)?;
            let shown: Vec<&SigningKey> = keys.iter().collect();
            for (key, standing) in keys.iter().zip(standings(&shown, now)) {
                print(&format!("{}\t{}\t{}", key.id, standing.name(), key.used_from))?;
            }
        }
        Action::Rotate { now: at_once, secret } => {
            let seal = seal(&secret::existing(secret.secret.as_deref(), &secret.secret_file)?);
            let origin = Origin { credential: Some("command line".to_owned()), ..Origin::default() };
            let make = if *at_once { store::replace_all } else { store::rotate };
            let key = lanes::alone(&mut conn, |conn| make(conn, &seal, &origin, now).map_err(told))?;
            print(&format!("{}\tsigns from {}", key.id, key.used_from))?;
        }
    }
    Ok(())
}
