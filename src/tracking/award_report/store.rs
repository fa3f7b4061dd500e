//! How awards are counted: by the database, however many there are.

use diesel::dsl::{count_star, sum};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};

use super::{Group, MOST_GROUPS};
use crate::db::dialect::{grouped, in_selected, year_of};
use crate::db::schema::{award_documents, awards};
use crate::db::{Conn, Scope, Store};
use crate::domain::{Id, Result};
use crate::results::award::store::AwardRow;
use crate::results::award::{AwardFilter, Awards};
use crate::results::vocabulary::AwardKind;
use crate::service::read::leads_nowhere;
use crate::tracking::vocabulary::AwardGrouping;

type Who = (Option<Id>, Option<Id>, Option<String>);
type What = (Option<AwardKind>, Option<i32>, Option<Id>);
type Counted = (i64, Option<i64>, Option<i64>, Option<i64>, i64);

/// What the awards that `filter` lets through come to, for each group in which there are any; in no order.
///
/// # Errors
/// As the filter has them, and the database.
pub fn counted(conn: &mut Conn, scope: Scope, filter: &AwardFilter, by: &[AwardGrouping]) -> Result<Vec<Group>> {
    if leads_nowhere::<Awards>(conn, scope, filter, None)? {
        return Ok(Vec::new());
    }
    let found = AwardRow::living(Awards::narrow(conn, filter, scope)?, scope);
    let by = |what: AwardGrouping| by.contains(&what);
    // Who is known as an organization is one giver, whatever words the sources use.
    let person = "CASE WHEN awards.giver_id IS NULL THEN awards.giver_person_id END";
    let words = "CASE WHEN awards.giver_id IS NULL AND awards.giver_person_id IS NULL THEN awards.giver_text END";
    let literal = diesel::dsl::sql::<Nullable<Text>>;
    let who = (
        grouped::<Nullable<BigInt>, _>(by(AwardGrouping::Giver), awards::giver_id),
        grouped::<Nullable<BigInt>, _>(by(AwardGrouping::Giver), literal(person)),
        grouped::<Nullable<Text>, _>(by(AwardGrouping::Giver), literal(words)),
    );
    let what = (
        grouped::<Nullable<Text>, _>(by(AwardGrouping::Kind), awards::kind),
        grouped::<Nullable<Integer>, _>(by(AwardGrouping::Year), year_of(awards::awarded_on)),
        grouped::<Nullable<BigInt>, _>(by(AwardGrouping::Document), award_documents::document_id),
    );
    let uncounted = "COUNT(*) - COUNT(COALESCE(awards.collectives, awards.individuals, awards.undivided_count))";
    let counts = (
        count_star(),
        sum(awards::collectives),
        sum(awards::individuals),
        sum(awards::undivided_count),
        diesel::dsl::sql::<BigInt>(uncounted),
    );
    let is_by_document = diesel::dsl::sql::<Bool>(if by(AwardGrouping::Document) { "1 = 1" } else { "1 = 0" });
    let rows: Vec<(Who, What, Counted)> = awards::table
        .left_join(award_documents::table.on(award_documents::award_id.eq(awards::id).and(is_by_document)))
        .filter(in_selected(awards::id, found.select(awards::id)))
        .group_by((who.clone(), what))
        .select((who, what, counts))
        .limit(MOST_GROUPS.saturating_add(1))
        .load(conn)?;
    Ok(rows.into_iter().map(group).collect())
}

fn group(((giver, giver_person, giver_text), (kind, year, document), counts): (Who, What, Counted)) -> Group {
    let (awards, collectives, individuals, undivided, uncounted) = counts;
    Group {
        giver,
        giver_person,
        giver_text,
        kind,
        year,
        document,
        awards,
        collectives,
        individuals,
        undivided,
        uncounted,
    }
}
