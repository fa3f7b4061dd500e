//! Which line of an import names which record first, so that no file says two things of one record: they would be written in
//! turn, again each time that it is sent.
//!
//! Memory holds a digest and a line for each row that names a record, 32 bytes: some 4 MB for 100,000 rows.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::db::Conn;
use crate::domain::link::ExternalKey;
use crate::domain::{Id, Result};
use crate::keys;
use crate::service::upsert::Target;
use crate::service::write::{Outcome, Saved};

/// How many records an import may name. The table for so many takes some 70 MB, and half of that more while it grows.
pub const MOST_NAMES: usize = 1_000_000;

/// What names a record, by half of its SHA-256: no two names are met that share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(u128);

impl Name {
    /// The external key of a record of this type.
    #[must_use]
    pub fn of_key(kind: &str, key: &ExternalKey) -> Self {
        // None of these has a character that separates them.
        Self::of(&format!("{kind}\0{}\0{}", key.system.as_str(), key.key.as_str()))
    }

    /// The number of a record of this type.
    #[must_use]
    pub fn of_id(kind: &str, id: Id) -> Self {
        Self::of(&format!("{kind}\0{id}"))
    }

    fn of(text: &str) -> Self {
        let digest: [u8; 32] = Sha256::digest(text).into();
        Self(digest.iter().take(16).fold(0, |name, byte| (name << 8) | u128::from(*byte)))
    }
}

/// The names that stand in an import, each with the line that has it first.
#[derive(Debug, Default)]
pub struct Names(HashMap<Name, u64>);

impl Names {
    /// Notes what a row calls its record, unless a row before it does too. Says whether there was room for it.
    pub fn note(&mut self, kind: &str, target: &Target, line: u64) -> bool {
        let name = match target {
            Target::New => return true,
            Target::Id { id, .. } => Name::of_id(kind, *id),
            Target::Key(key) => Name::of_key(kind, key),
        };
        let is_room = self.0.len() < MOST_NAMES || self.0.contains_key(&name);
        if is_room {
            self.0.entry(name).or_insert(line);
        }
        is_room
    }

    /// The first line that has this name.
    #[must_use]
    pub fn line(&self, name: Name) -> Option<u64> {
        self.0.get(&name).copied()
    }

    /// The first line before `line` that names the record which that line has named, in the same or in the other way.
    ///
    /// # Errors
    /// As the database has them.
    pub fn earlier(
        &self,
        conn: &mut Conn,
        (kind, target): (&str, &Target),
        saved: &Saved,
        line: u64,
    ) -> Result<Option<u64>> {
        let keys = match target {
            Target::New => return Ok(None),
            Target::Key(key) => vec![key.clone()],
            Target::Id { .. } => {
                keys::store::of_records(conn, kind, &[saved.id])?.remove(&saved.id).unwrap_or_default()
            }
        };
        // The number of a record that was not there could not name it.
        let id = Some(Name::of_id(kind, saved.id)).filter(|_| saved.outcome != Outcome::Created);
        let names = keys.iter().map(|key| Name::of_key(kind, key)).chain(id);
        Ok(names.filter_map(|name| self.line(name)).filter(|first| *first < line).min())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::link::KeyPart;

    fn key(system: &str, key: &str) -> ExternalKey {
        ExternalKey { system: KeyPart::new(system).unwrap(), key: KeyPart::new(key).unwrap() }
    }

    #[test]
    fn names_of_other_records_are_others() {
        let names = [
            Name::of_key("person", &key("partner", "1")),
            Name::of_key("person", &key("partner1", "1")),
            Name::of_key("position", &key("partner", "1")),
            Name::of_id("person", 1),
            Name::of_id("position", 1),
        ];
        for (at, name) in names.iter().enumerate() {
            assert!(!names[..at].contains(name), "{at}");
        }
        assert_eq!(names[0], Name::of_key("person", &key("partner", "1")));
    }

    #[test]
    fn a_name_stays_with_the_line_that_has_it_first() {
        let mut names = Names::default();
        let target = Target::Key(key("partner", "1"));
        assert!(names.note("person", &target, 3) && names.note("person", &target, 5));
        assert!(names.note("person", &Target::New, 6));
        assert_eq!(names.line(Name::of_key("person", &key("partner", "1"))), Some(3));
        assert_eq!(names.line(Name::of_id("person", 1)), None);
    }

    #[test]
    fn names_beyond_a_million_are_refused() {
        let mut names = Names::default();
        let target = |id| Target::Id { id, version: None };
        let million = i64::try_from(MOST_NAMES).unwrap();
        names.0 = (1..=million).map(|id| (Name(u128::try_from(id).unwrap()), 1)).collect();
        assert!(!names.note("person", &target(1), 2));
        names.0.remove(&Name(1));
        assert!(names.note("person", &target(1), 2));
        assert!(names.note("person", &target(1), 3), "it is there already");
        assert!(!names.note("person", &target(2), 4));
    }
}
