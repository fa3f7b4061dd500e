//! The statements, and how they are sent.

use std::fmt::Write;
use std::marker::PhantomData;

use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};
use diesel::sqlite::Sqlite;
use diesel::{QueryResult, RunQueryDsl, SqliteConnection};

/// A statement written by hand, with a `?` for each bind. Unlike `diesel::sql_query` it is prepared once and found again
/// by its text.
pub struct Sql<ST> {
    text: &'static str,
    binds: Vec<Bind>,
    row: PhantomData<ST>,
}

/// A value in a statement.
pub enum Bind {
    /// A number.
    Number(i64),
    /// A text.
    Text(String),
}

impl Bind {
    /// Several ids, as a JSON array.
    pub fn ids(ids: impl IntoIterator<Item = i64>) -> Self {
        let mut text = String::from("[");
        for id in ids {
            let separator = if text.len() > 1 { "," } else { "" };
            // Writing to memory does not fail.
            let _ = write!(text, "{separator}{id}");
        }
        text.push(']');
        Self::Text(text)
    }
}

impl<ST> Sql<ST> {
    /// The statement `text` with its binds.
    pub fn new(text: &Statement<ST>, binds: impl Into<Vec<Bind>>) -> Self {
        Self { text: text.0, binds: binds.into(), row: PhantomData }
    }
}

impl<ST> Query for Sql<ST> {
    type SqlType = ST;
}

impl<ST> QueryId for Sql<ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> RunQueryDsl<SqliteConnection> for Sql<ST> {}

impl<ST> QueryFragment<Sqlite> for Sql<ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let mut parts = self.text.split('?');
        out.push_sql(parts.next().unwrap_or_default());
        for (bind, part) in self.binds.iter().zip(parts) {
            match bind {
                Bind::Number(number) => out.push_bind_param::<BigInt, i64>(number)?,
                Bind::Text(text) => out.push_bind_param::<Text, String>(text)?,
            }
            out.push_sql(part);
        }
        Ok(())
    }
}

/// A statement with the types of its columns.
pub struct Statement<ST>(&'static str, PhantomData<ST>);

impl<ST> Statement<ST> {
    const fn new(text: &'static str) -> Self {
        Self(text, PhantomData)
    }
}

type OptText = Nullable<Text>;
type LinkSql = (Nullable<BigInt>, OptText);
type MetaSql = (BigInt, BigInt, BigInt, BigInt, Text, LinkSql);
type DocumentSql = (
    MetaSql,
    (Text, Text, LinkSql, Text, Nullable<Integer>, Text, LinkSql),
    (OptText, OptText, Text, OptText, OptText, OptText, OptText, OptText, OptText),
    (OptText, LinkSql, OptText, Text, OptText, Text, OptText, OptText, Bool),
    Text,
);
type ConferenceSql = (
    MetaSql,
    (Text, OptText, Text, Text, OptText, OptText, OptText, OptText, OptText, Bool, OptText, OptText),
    (LinkSql, LinkSql, OptText, Nullable<Bool>, Nullable<Integer>, OptText, OptText, LinkSql, OptText),
    Text,
);
type ConferenceDocumentSql = (
    MetaSql,
    (BigInt, OptText),
    (
        LinkSql,
        LinkSql,
        OptText,
        OptText,
        OptText,
        Nullable<Integer>,
        OptText,
        OptText,
        LinkSql,
        OptText,
        OptText,
        OptText,
    ),
);

macro_rules! documents {
    ($($rest:literal),+) => {
        Statement::new(concat!(
            "SELECT d.id, d.version, d.created_at, d.updated_at, d.visibility, d.managed_by_id, owner.name, \
             d.system, d.kind, d.numbering_body_id, body.name, d.adopted_by, d.number, d.suffix, \
             d.numbering_period_id, period.label, \
             d.symbol, d.symbol_as_printed, d.title, d.issued_on, d.issued_on_precision, d.issued_on_text, \
             d.adopted_on, d.effective_on, d.expires_on, \
             d.place, d.signer_id, signer.name, d.signer_text, d.status, d.urgency, d.review_schedule, d.provenance, \
             d.note, d.identity_complete, d.issued_on_key \
             FROM documents AS d \
             LEFT JOIN organizations AS owner ON owner.id = d.managed_by_id AND owner.visibility = 'public' \
             LEFT JOIN organizations AS body ON body.id = d.numbering_body_id AND body.visibility = 'public' \
             LEFT JOIN numbering_periods AS period ON period.id = d.numbering_period_id \
               AND period.visibility = 'public' AND EXISTS (SELECT 1 FROM organizations AS parent \
                 WHERE parent.id = period.organization_id AND parent.visibility = 'public') \
             LEFT JOIN people AS signer ON signer.id = d.signer_id AND signer.visibility = 'public' \
             WHERE d.deleted_at IS NULL AND d.visibility = 'public' AND ",
            $($rest),+
        ))
    };
}

/// One document.
pub const DOCUMENT: Statement<DocumentSql> = documents!("d.id = ?");
/// Several documents.
pub const DOCUMENTS: Statement<DocumentSql> = documents!("d.id IN (SELECT value FROM json_each(?))");
/// A page of documents of one kind.
pub const DOCUMENTS_OF_KIND: Statement<DocumentSql> =
    documents!("d.kind = ? ORDER BY d.issued_on_key DESC, d.id DESC LIMIT ?");

/// A page of conferences that one organization convened.
pub const CONFERENCES_OF_BODY: Statement<ConferenceSql> = Statement::new(
    "SELECT c.id, c.version, c.created_at, c.updated_at, c.visibility, c.managed_by_id, owner.name, \
     c.name, c.topic, c.formats, c.mode, c.level, c.held_from, c.held_to, c.part_of_day, c.date_precision, \
     c.year_inferred, c.held_text, c.place, \
     c.admin_unit_id, COALESCE(unit.full_name, unit.name), c.convening_body_id, body.name, c.convening_text, \
     c.participants_complete, c.participant_count, c.period_reviewed_from, c.period_reviewed_to, \
     c.parent_id, parent.name, c.note, c.held_from_key \
     FROM conferences AS c \
     LEFT JOIN organizations AS owner ON owner.id = c.managed_by_id AND owner.visibility = 'public' \
     LEFT JOIN admin_units AS unit ON unit.id = c.admin_unit_id AND unit.visibility = 'public' \
     LEFT JOIN organizations AS body ON body.id = c.convening_body_id AND body.visibility = 'public' \
     LEFT JOIN conferences AS parent ON parent.id = c.parent_id AND parent.visibility = 'public' \
     WHERE c.deleted_at IS NULL AND c.visibility = 'public' AND c.convening_body_id = ? \
     ORDER BY c.held_from_key DESC, c.id DESC LIMIT ?",
);

/// What several conferences dealt with.
pub const OF_CONFERENCES: Statement<ConferenceDocumentSql> = Statement::new(
    "SELECT cd.id, cd.version, cd.created_at, cd.updated_at, cd.visibility, cd.managed_by_id, owner.name, \
     cd.conference_id, conference.name, \
     cd.document_id, COALESCE(document.symbol || ' ', '') || document.title, cd.organization_id, subject.name, \
     cd.subject_text, cd.activity, cd.citation_role, cd.review_years, cd.review_from, cd.review_to, \
     cd.presenter_id, presenter.name, cd.title_as_cited, cd.symbol_as_cited, cd.note \
     FROM conference_documents AS cd \
     JOIN conferences AS conference ON conference.id = cd.conference_id AND conference.visibility = 'public' \
     LEFT JOIN organizations AS owner ON owner.id = cd.managed_by_id AND owner.visibility = 'public' \
     LEFT JOIN documents AS document ON document.id = cd.document_id AND document.visibility = 'public' \
     LEFT JOIN organizations AS subject ON subject.id = cd.organization_id AND subject.visibility = 'public' \
     LEFT JOIN people AS presenter ON presenter.id = cd.presenter_id AND presenter.visibility = 'public' \
     WHERE cd.deleted_at IS NULL AND cd.visibility = 'public' \
     AND cd.conference_id IN (SELECT value FROM json_each(?)) ORDER BY cd.id",
);

/// The names of organizations.
pub const NAMES: Statement<(BigInt, Text)> = Statement::new(
    "SELECT id, name FROM organizations WHERE visibility = 'public' AND id IN (SELECT value FROM json_each(?))",
);
