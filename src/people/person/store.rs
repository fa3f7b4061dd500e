//! How people are kept.

use diesel::prelude::*;

use super::{People, Person, PersonFilter};
use crate::db::dialect::{contains, in_selected};
use crate::db::record_table::{record_table, row_of};
use crate::db::schema::{people, positions};
use crate::db::types::{list_column, read_list};
use crate::db::{Conn, Scope, Store, Table};
use crate::domain::{Line, LinkForm, Linker, Meta, Prose, Result};
use crate::people::position::store::{PositionRow, held_on};
use crate::text::{fold, sort_key};

record_table! {
    /// A row of `people`.
    pub struct PersonRow in people {
        title: (name) => |[name, ..]| name;
        sorts: [name_sort];
        columns: {
            name: Line,
            other_names: String,
            note: Option<Prose>,
            name_folded: String,
            name_sort: String,
        }
    }
}

impl Store for People {
    type Row = PersonRow;

    fn row(meta: &Meta, body: &Person) -> Result<PersonRow> {
        let body = body.clone();
        let names = [&body.name].into_iter().chain(&body.other_names);
        Ok(row_of!(PersonRow, meta, {
            name_folded: names.map(|name| fold(name)).collect::<Vec<_>>().join(" | "),
            name_sort: sort_key(&body.name),
            name: body.name,
            other_names: list_column(&body.other_names),
            note: body.note,
        }))
    }

    fn body<L: LinkForm>(row: PersonRow, _: &mut impl Linker<L>) -> Result<Person> {
        Ok(Person {
            other_names: read_list(&row.other_names, "people", "other_names", row.id)?,
            name: row.name,
            note: row.note,
        })
    }

    fn narrow<'a>(_: &mut Conn, filter: &'a PersonFilter, scope: Scope) -> Result<<PersonRow as Table>::Query<'a>> {
        let mut query = PersonRow::all();
        if filter.organization.is_some() || filter.as_of.is_some() {
            // A position that the caller may not see must not show in whom the list holds.
            let mut positions = PositionRow::of_visible_parents(scope);
            if let Some(organization) = filter.organization {
                positions = positions.filter(positions::organization_id.eq(organization.0));
            }
            if let Some(day) = filter.as_of {
                positions = held_on(positions, scope, day);
            }
            query = query.filter(in_selected(people::id, positions.select(positions::person_id)));
        }
        if let Some(text) = &filter.q {
            query = query.filter(contains(people::name_folded, text));
        }
        Ok(query)
    }
}
