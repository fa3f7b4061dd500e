//! What the caller of a query may see, as a condition in the query itself.
//!
//! A row may be seen if it is public, and its parent too; or if the body that owns it lies within an area that something
//! is granted for. Children have the owner of their parent, so that nobody has to look further.

use diesel::QueryResult;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{BigInt, Text};

use super::MultiBackend;
use super::dialect::{condition, push_column};
use crate::domain::{Actor, Grantee, Id, Permission};

/// What the caller of a query may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Public records only.
    Public,
    /// Those, and the internal ones of the bodies that something is granted for.
    Granted(Grantee),
    /// Everything; so does the service for its own checks.
    All,
}

impl Scope {
    /// What `actor` may see.
    #[must_use]
    pub fn of(actor: &Actor) -> Self {
        match actor.rights.grantee {
            _ if actor.may_everywhere(Permission::Read) => Self::All,
            Some(grantee) if actor.may(Permission::Read) => Self::Granted(grantee),
            _ => Self::Public,
        }
    }

    /// Whether nothing is hidden.
    #[must_use]
    pub fn is_all(self) -> bool {
        self == Self::All
    }
}

/// Where the parent of a row is found.
#[derive(Debug, Clone, Copy)]
pub struct ParentIn {
    /// The column that points at it.
    pub column: &'static str,
    /// Its table.
    pub table: &'static str,
}

/// A row of `table`, by that name in the query, may be seen; of a child, whose parent may be.
///
/// `None` where all may be.
#[must_use]
pub fn visible(table: &'static str, parent: Option<ParentIn>, scope: Scope) -> Option<Visible> {
    (!scope.is_all()).then_some(Visible { table, parent, public: "public", scope })
}

/// The condition made by [`visible`].
#[derive(Debug, Clone)]
pub struct Visible {
    table: &'static str,
    parent: Option<ParentIn>,
    public: &'static str,
    scope: Scope,
}

condition!(Visible);

impl QueryFragment<MultiBackend> for Visible {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql("(");
        push_column(&mut out, self.table, "visibility")?;
        out.push_sql(" = ");
        out.push_bind_param::<Text, str>(self.public)?;
        if let Some(parent) = self.parent {
            out.push_sql(" AND EXISTS (SELECT 1 FROM ");
            out.push_identifier(parent.table)?;
            out.push_sql(" AS \"parent\" WHERE \"parent\".\"visibility\" = ");
            out.push_bind_param::<Text, str>(self.public)?;
            out.push_sql(" AND \"parent\".\"id\" = ");
            push_column(&mut out, self.table, parent.column)?;
            out.push_sql(")");
        }
        if let Scope::Granted(grantee) = &self.scope {
            out.push_sql(" OR ");
            push_column(&mut out, self.table, "managed_by_id")?;
            out.push_sql(" IN (");
            push_bodies(&mut out, grantee)?;
            out.push_sql(")");
        }
        out.push_sql(")");
        Ok(())
    }
}

/// Pushes the query of the bodies within the areas that something is granted for.
fn push_bodies<'b>(out: &mut AstPass<'_, 'b, MultiBackend>, grantee: &'b Grantee) -> QueryResult<()> {
    out.push_sql(
        "SELECT \"within\".\"organization_id\" FROM \"grants\" JOIN \"area_organizations\" AS \"within\" \
         ON \"within\".\"area_id\" = \"grants\".\"area_id\" WHERE \"grants\".",
    );
    match grantee {
        Grantee::User(id) => {
            out.push_sql("\"user_id\" = ");
            out.push_bind_param::<BigInt, Id>(id)
        }
        Grantee::ApiKey(id) => {
            out.push_sql("\"api_key_id\" = ");
            out.push_bind_param::<Text, str>(str::from_utf8(id).unwrap_or_default())
        }
    }
}

/// What stands for the bodies of [`push_text`] in a text.
const BODIES: &str = ":bodies";

impl Scope {
    /// The condition that a row may be seen, for statements that are put together as texts and pushed by [`push_text`],
    /// given the condition that it is public and how its columns are named: `tasks.`. `None` where all may be.
    #[must_use]
    pub fn text(self, columns: &str, public: &str) -> Option<String> {
        match self {
            Self::All => None,
            Self::Public => Some(public.to_owned()),
            Self::Granted(_) => Some(format!("({public} OR {columns}managed_by_id IN ({BODIES}))")),
        }
    }
}

/// Pushes a text in which conditions of [`Scope::text`] stand.
///
/// # Errors
/// If a value cannot be written.
pub fn push_text<'b>(out: &mut AstPass<'_, 'b, MultiBackend>, text: &str, scope: &'b Scope) -> QueryResult<()> {
    for (at, part) in text.split(BODIES).enumerate() {
        if let (1.., Scope::Granted(grantee)) = (at, scope) {
            push_bodies(out, grantee)?;
        }
        out.push_sql(part);
    }
    Ok(())
}
