//! How signing keys are kept.

use diesel::prelude::*;

use super::{PUBLISHED_BEFORE, SigningKey, Standing, after, standings};
use crate::accounts::event::{EventKind, Origin, store as events};
use crate::accounts::seal::Seal;
use crate::accounts::user::store::bump;
use crate::db::Conn;
use crate::db::schema::signing_keys;
use crate::domain::error::Refusal;
use crate::domain::{Error, Instant, Result};

/// One row.
#[derive(Queryable, Insertable)]
#[diesel(table_name = signing_keys, treat_none_as_default_value = false)]
struct Row {
    id: String,
    public_key: String,
    sealed_private_key: String,
    created_at: Instant,
    used_from: Instant,
    retired_at: Option<Instant>,
}

/// All keys, in the order in which they are used.
///
/// # Errors
/// As the database has them; so have all that follow.
pub fn all(conn: &mut Conn) -> Result<Vec<SigningKey>> {
    let rows: Vec<Row> =
        signing_keys::table.order((signing_keys::used_from.asc(), signing_keys::id.asc())).load(conn)?;
    let key = |row: Row| SigningKey {
        id: row.id,
        public_key: row.public_key,
        sealed_private_key: row.sealed_private_key,
        created_at: row.created_at,
        used_from: row.used_from,
        retired_at: row.retired_at,
    };
    Ok(rows.into_iter().map(key).collect())
}

fn insert(conn: &mut Conn, key: &SigningKey, origin: &Origin) -> Result<()> {
    let row = Row {
        id: key.id.clone(),
        public_key: key.public_key.clone(),
        sealed_private_key: key.sealed_private_key.clone(),
        created_at: key.created_at,
        used_from: key.used_from,
        retired_at: None,
    };
    diesel::insert_into(signing_keys::table).values(&row).execute(conn)?;
    let detail = Some(format!("{}, used from {}", key.id, key.used_from));
    events::add(conn, EventKind::SigningKeyMade, None, detail, origin, key.created_at)?;
    bump(conn)
}

/// The key that stands so.
fn with_standing(keys: &[SigningKey], standing: Standing, now: Instant) -> Option<&SigningKey> {
    let all: Vec<&SigningKey> = keys.iter().collect();
    keys.iter().zip(standings(&all, now)).find(|(_, found)| *found == standing).map(|(key, _)| key)
}

/// Makes a key that signs at once, unless there is one that signs and can be opened.
pub fn ensure(conn: &mut Conn, seal: &Seal, origin: &Origin, now: Instant) -> Result<()> {
    let keys = all(conn)?;
    if with_standing(&keys, Standing::Current, now).is_some_and(|key| key.open(seal).is_some()) {
        return Ok(());
    }
    insert(conn, &SigningKey::make(seal, now, now)?, origin)
}

/// Makes the next key, which is used in a day.
pub fn rotate(conn: &mut Conn, seal: &Seal, origin: &Origin, now: Instant) -> Result<SigningKey> {
    let keys = all(conn)?;
    if let Some(key) = with_standing(&keys, Standing::Next, now) {
        let detail = format!("The next key is there already: {}, used from {}.", key.id, key.used_from);
        return Err(Error::Conflict(Refusal::new("duplicate", detail)));
    }
    let key = SigningKey::make(seal, now, after(now, PUBLISHED_BEFORE))?;
    insert(conn, &key, origin)?;
    Ok(key)
}

/// Makes a key that signs at once, and ends whatever the others have signed: for when one of them has got abroad.
pub fn replace_all(conn: &mut Conn, seal: &Seal, origin: &Origin, now: Instant) -> Result<SigningKey> {
    diesel::update(signing_keys::table.filter(signing_keys::retired_at.is_null()))
        .set(signing_keys::retired_at.eq(Some(now)))
        .execute(conn)?;
    let key = SigningKey::make(seal, now, now)?;
    insert(conn, &key, origin)?;
    Ok(key)
}
