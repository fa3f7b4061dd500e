//! What is written for each table of records: its row, and by it all that [`Table`](super::Table) asks for.

/// Declares the row of one table of records and what all such tables do. It is a macro because diesel gives each table
/// types of its own, over which no function can be written once.
macro_rules! record_table {
    (
        $(#[$doc:meta])*
        pub struct $row:ident in $table:ident {
            $(parent: $parent:ident in $parents:literal;)?
            title: ($($title_column:ident),*) => $title:expr;
            sorts: [$($sort:ident),*];
            $(made: $made:path;)?
            columns: { $($column:ident: $type:ty,)* }
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, diesel::Queryable, diesel::AsChangeset)]
        #[diesel(table_name = $table, treat_none_as_null = true)]
        #[allow(missing_docs)]
        pub struct $row {
            pub id: $crate::domain::Id,
            pub version: i64,
            pub created_at: $crate::domain::Instant,
            pub updated_at: $crate::domain::Instant,
            pub deleted_at: Option<$crate::domain::Instant>,
            pub visibility: $crate::domain::vocabulary::Visibility,
            pub managed_by_id: Option<$crate::domain::Id>,
            $(pub $parent: $crate::domain::Id,)?
            $(pub $column: $type,)*
        }

        impl $row {
            const PARENT: Option<$crate::db::scope::ParentIn> = $crate::db::record_table::parent_in!($($parent in $parents)?);

            /// The living rows that a caller of this scope may see, for the filters of other resources.
            #[must_use]
            pub fn visible<'a>(scope: $crate::db::Scope) -> $table::BoxedQuery<'a, $crate::db::MultiBackend> {
                Self::living(<Self as $crate::db::Table>::all(), scope)
            }

            /// The living rows of a query that a caller of this scope may see.
            #[must_use]
            pub fn living(query: $table::BoxedQuery<'_, $crate::db::MultiBackend>, scope: $crate::db::Scope)
                -> $table::BoxedQuery<'_, $crate::db::MultiBackend>
            {
                Self::shown(query, scope).filter($table::deleted_at.is_null())
            }

            $(
                #[doc = concat!(
                    "The living rows that a caller of this scope may see of those whose `", stringify!($parent),
                    "` they may see: for a condition of a query among what they may see there, which need not be looked up twice."
                )]
                #[must_use]
                pub fn of_visible_parents<'a>(scope: $crate::db::Scope) -> $table::BoxedQuery<'a, $crate::db::MultiBackend> {
                    Self::shown_in(None, <Self as $crate::db::Table>::all(), scope).filter($table::deleted_at.is_null())
                }
            )?

            /// The rows of a query that a caller of this scope may see, deleted ones too.
            #[must_use]
            pub fn shown(query: $table::BoxedQuery<'_, $crate::db::MultiBackend>, scope: $crate::db::Scope)
                -> $table::BoxedQuery<'_, $crate::db::MultiBackend>
            {
                Self::shown_in(Self::PARENT, query, scope)
            }

            fn shown_in(
                parent: Option<$crate::db::scope::ParentIn>,
                query: $table::BoxedQuery<'_, $crate::db::MultiBackend>,
                scope: $crate::db::Scope,
            ) -> $table::BoxedQuery<'_, $crate::db::MultiBackend> {
                match $crate::db::scope::visible(stringify!($table), parent, scope) {
                    Some(visible) => query.filter(visible),
                    None => query,
                }
            }

            fn narrowed<'a>(
                query: $table::BoxedQuery<'a, $crate::db::MultiBackend>,
                scope: $crate::db::Scope,
                page: &$crate::domain::page::Page,
            ) -> $table::BoxedQuery<'a, $crate::db::MultiBackend> {
                let mut query = Self::living(query, scope);
                if let Some(instant) = page.updated_since {
                    query = query.filter($table::updated_at.ge(instant));
                }
                if let Some(owner) = page.managed_by {
                    query = query.filter($table::managed_by_id.eq(owner));
                }
                query
            }

            fn page_query<'a>(
                query: $table::BoxedQuery<'a, $crate::db::MultiBackend>,
                scope: $crate::db::Scope,
                page: &$crate::domain::page::Page,
            ) -> $table::BoxedQuery<'a, $crate::db::MultiBackend> {
                let mut query = Self::narrowed(query, scope, page);
                let made = None::<$crate::db::dialect::Made>$(.or_else(|| $made(scope, page)))?;
                if let Some(position) = &page.after {
                    let after = $crate::db::dialect::after(stringify!($table), page.sort, made.clone(), position.clone());
                    query = query.filter(after);
                }
                let order = $crate::db::dialect::in_order(stringify!($table), page.sort, made);
                query.order(order).limit(i64::from(page.limit))
            }
        }

        $crate::db::dialect::written_row!(
            $row in $table: id version created_at updated_at deleted_at visibility managed_by_id $($parent)? $($column)*
        );

        impl $crate::db::Table for $row {
            const NAME: &'static str = stringify!($table);
            const COLUMNS: &'static [&'static str] = &[$(stringify!($parent),)? $(stringify!($column)),*];
            type Query<'a> = $table::BoxedQuery<'a, $crate::db::MultiBackend>;

            fn all<'a>() -> Self::Query<'a> {
                $table::table.into_boxed().select($crate::db::dialect::whole_row::<$table::SqlType>(
                    <Self as $crate::db::dialect::Row>::COLUMN_LIST,
                ))
            }

            fn meta(&self) -> $crate::domain::Meta {
                $crate::domain::Meta {
                    id: self.id,
                    version: self.version,
                    created_at: self.created_at,
                    updated_at: self.updated_at,
                    deleted_at: self.deleted_at,
                    visibility: self.visibility,
                    managed_by: self.managed_by_id,
                    parent: None::<$crate::domain::Id>$(.or(Some(self.$parent)))?,
                }
            }

            fn differing(&self, other: &Self) -> Option<&'static str> {
                let columns = [
                    $((stringify!($parent), self.$parent == other.$parent),)?
                    $((stringify!($column), self.$column == other.$column),)*
                ];
                columns.into_iter().find_map(|(column, same)| (!same).then_some(column))
            }

            fn title(&self) -> Option<String> {
                let title: $crate::db::titles::TitleOf = $title;
                title($crate::db::titles::texts([$($crate::db::titles::TitleText::title_text(&self.$title_column)),*])).map(std::borrow::Cow::into_owned)
            }

            fn sort_key(&self, column: &str) -> $crate::domain::page::SortKey {
                match column {
                    $(stringify!($sort) => self.$sort.clone().into(),)*
                    "updated_at" => self.updated_at.microseconds().into(),
                    _ => self.id.into(),
                }
            }

            fn next_id(conn: &mut $crate::db::Conn) -> $crate::domain::Result<$crate::domain::Id> {
                let last = concat!("SELECT \"id\" FROM \"", stringify!($table), "\" ORDER BY \"id\" DESC LIMIT 1");
                let largest: Vec<$crate::domain::Id> =
                    $crate::db::dialect::fixed::<diesel::sql_types::BigInt>(last).load(conn)?;
                $crate::db::table::following(largest.first().copied())
            }

            fn insert(&self, conn: &mut $crate::db::Conn) -> $crate::domain::Result<()> {
                $crate::db::dialect::insert_row(self).execute(conn)?;
                Ok(())
            }

            fn update(&self, conn: &mut $crate::db::Conn) -> $crate::domain::Result<()> {
                diesel::update($table::table.find(self.id)).set(self).execute(conn)?;
                Ok(())
            }

            fn by_ids(
                conn: &mut $crate::db::Conn,
                scope: $crate::db::Scope,
                ids: &[$crate::domain::Id],
            ) -> $crate::domain::Result<Vec<Self>> {
                let columns = <Self as $crate::db::dialect::Row>::COLUMN_LIST;
                let query = $crate::db::dialect::by_ids::<$table::SqlType>(Self::NAME, columns, ids);
                Ok(query.among_visible(Self::PARENT, scope).load(conn)?)
            }

            fn pointing(
                conn: &mut $crate::db::Conn,
                scope: $crate::db::Scope,
                column: &'static str,
                ids: &[$crate::domain::Id],
                limit: i64,
                most: i64,
            ) -> $crate::domain::Result<Vec<Self>> {
                // As long as all of them together are no more than one may have, nothing needs to be ranked.
                let all = $crate::db::dialect::holds_one_of(stringify!($table), column, ids);
                let all = Self::visible(scope).filter(all).order($table::id.asc());
                let few = limit.min(most);
                let rows: Vec<Self> = all.limit(few.saturating_add(1)).load(conn)?;
                if i64::try_from(rows.len()).is_ok_and(|count| count <= few) {
                    return Ok(rows);
                }
                let first = $crate::db::dialect::first_of_each(stringify!($table), column, ids, limit);
                let first = first.among_visible(Self::PARENT, scope);
                let query = Self::all().filter(first).order($table::id.asc()).limit(most);
                Ok(query.load(conn)?)
            }

            fn titled(scope: $crate::db::Scope, ids: &[$crate::domain::Id]) -> $crate::db::Titled {
                let columns = $crate::db::titles::title_columns!($($title_column),*);
                $crate::db::Titled::new(Self::NAME, columns, ids, (Self::PARENT, scope), $title)
            }

            fn page(
                conn: &mut $crate::db::Conn,
                query: Self::Query<'_>,
                scope: $crate::db::Scope,
                page: &$crate::domain::page::Page,
            ) -> $crate::domain::Result<Vec<Self>> {
                Ok(Self::page_query(query, scope, page).load(conn)?)
            }

            fn count(
                conn: &mut $crate::db::Conn,
                query: Self::Query<'_>,
                scope: $crate::db::Scope,
                page: &$crate::domain::page::Page,
            ) -> $crate::domain::Result<i64> {
                Ok(Self::narrowed(query, scope, page).count().get_result(conn)?)
            }

            fn plan(
                conn: &mut $crate::db::Conn,
                query: Self::Query<'_>,
                scope: $crate::db::Scope,
                page: &$crate::domain::page::Page,
            ) -> $crate::domain::Result<Vec<String>> {
                $crate::db::dialect::plan_of(conn, Self::page_query(query, scope, page))
            }
        }
    };
}
pub(crate) use record_table;

/// Where the parents of the rows of a table are found, if they have any.
macro_rules! parent_in {
    () => {
        None
    };
    ($column:ident in $table:literal) => {
        Some($crate::db::scope::ParentIn { column: stringify!($column), table: $table })
    };
}
pub(crate) use parent_in;

/// Makes the row of a record: what all rows have from `$meta`, the rest as given.
macro_rules! row_of {
    ($row:ident, $meta:expr, { $($fields:tt)* }) => {
        $row {
            id: $meta.id,
            version: $meta.version,
            created_at: $meta.created_at,
            updated_at: $meta.updated_at,
            deleted_at: $meta.deleted_at,
            visibility: $meta.visibility,
            managed_by_id: $meta.managed_by,
            $($fields)*
        }
    };
}
pub(crate) use row_of;
