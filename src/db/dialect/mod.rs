//! What the two databases spell differently, each under one name, and the conditions whose columns are chosen at run
//! time. Every one of these is an expression that diesel's queries take like its own, and all but the binds is the same
//! text each time, so that the prepared statement is found again.

mod contains;
mod explain;
mod grouped;
mod keyset;
mod members;
mod nested;
mod selected;
mod statements;
mod tallied;

pub use contains::contains;
pub use explain::plan_of;
pub use grouped::{grouped, year_of};
pub use keyset::{Made, after, in_order, push_column};
pub use members::{Members, in_ids, in_texts};
pub use nested::{first_of_each, holds_one_of};
pub use selected::in_selected;
pub use statements::{ByIds, Fixed, OwnId, Row, by_ids, fixed, insert_row, whole_row};
pub(crate) use statements::{column_list, written_row};
pub use tallied::tallied;

/// Declares a generic expression node of SQL type boolean that may stand in any query.
macro_rules! condition {
    ($name:ident $(<$($param:ident),+>)?) => {
        impl $(<$($param),+>)? diesel::expression::Expression for $name $(<$($param),+>)? {
            type SqlType = diesel::sql_types::Bool;
        }

        impl<QuerySource $(, $($param),+)?> diesel::expression::AppearsOnTable<QuerySource> for $name $(<$($param),+>)? {}

        impl<QuerySource $(, $($param),+)?> diesel::expression::SelectableExpression<QuerySource> for $name $(<$($param),+>)? {}

        impl<Clause $(, $($param),+)?> diesel::expression::ValidGrouping<Clause> for $name $(<$($param),+>)? {
            type IsAggregate = diesel::expression::is_aggregate::No;
        }

        impl $(<$($param),+>)? diesel::query_builder::QueryId for $name $(<$($param),+>)? {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }
    };
}
pub(crate) use condition;
