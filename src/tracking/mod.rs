//! What is computed of the records: who has done what about a document, who is expected to, what it stands on and what
//! stands below it, what happened when; what a text cites of them. Nothing of this is stored.
//!
//! The rule: stores load facts, a few queries for one answer however many bodies acted; pure functions make the answer
//! of them; HTTP sends it. Each answer is an [`Overview`] and stands in [`each`]. [`register`] is which bodies there were when and what became of them, [`acts`] what was done,
//! [`force`] whether a document is in force. Start with [`implementation`].

pub mod acts;
pub mod award_report;
pub mod cascade;
pub mod citations;
pub mod conference_report;
pub mod force;
pub mod implementation;
pub mod lineage;
pub mod matrix;
pub mod person_timeline;
pub mod quality;
pub mod register;
pub mod reviews;
pub mod shown;
pub mod task_report;
pub mod timeline;
pub mod vocabulary;

use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::{IntoParams, ToSchema};

use crate::db::{Conn, Scope};
use crate::domain::{Date, Id, LinkField, Result};
use crate::service::fields;
use crate::transfer::columns::{self, Column};

/// A record, by type and number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordRef {
    /// Its type.
    pub kind: &'static str,
    /// Its number.
    pub id: Id,
}

/// What an overview is about, as its path names it: the record of this number, or all that there is.
pub trait About: Copy + Send + 'static {
    /// Takes what the path names; `id` reads its number, if it has one.
    ///
    /// # Errors
    /// As `id` has them.
    fn read<E>(id: impl FnOnce() -> std::result::Result<Id, E>) -> std::result::Result<Self, E>;
}

impl About for Id {
    fn read<E>(id: impl FnOnce() -> std::result::Result<Id, E>) -> std::result::Result<Self, E> {
        id()
    }
}

impl About for () {
    fn read<E>(_: impl FnOnce() -> std::result::Result<Id, E>) -> std::result::Result<Self, E> {
        Ok(())
    }
}

/// What every question has: about what, and which day it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked<A> {
    /// What it is about.
    pub about: A,
    /// The day it is in Vietnam.
    pub today: Date,
}

/// What is computed of the records: one whole object for programs, rows for tables.
pub trait Overview: Serialize + ToSchema + Send + Sized + 'static {
    /// Its name, its own among all overviews and collections: that of its files and in the table of labels.
    const NAME: &'static str;
    /// Where it is asked for, with `{id}` where it is about one record.
    const PATH: &'static str;
    /// The name of the operation in the OpenAPI document.
    const OPERATION: &'static str;
    /// One line for the OpenAPI document.
    const SUMMARY: &'static str;
    /// What there is to know of it.
    const ABOUT: &'static str;
    /// The parameters without which it cannot be asked for.
    const REQUIRED: &'static [&'static str] = &[];
    /// The parameters that take text of several lines, as long as their type allows.
    const LONG_TEXTS: &'static [&'static str] = &[];
    /// The links that a row holds.
    const LINKS: &'static [LinkField];

    /// What it is about: an [`Id`] if its path has one, and `()` if not.
    type About: About;
    /// What may be asked.
    type Query: DeserializeOwned + IntoParams + Send + 'static;
    /// A row of it.
    type Row: Serialize + ToSchema;

    /// Works it out.
    ///
    /// # Errors
    /// `NotFound` or `Gone` if there is no such record, `Malformed` if a parameter is wrong, and as the database has them.
    fn ask(conn: &mut Conn, scope: Scope, asked: Asked<Self::About>, query: &Self::Query) -> Result<Self>;

    /// How many rows it has.
    fn size(&self) -> usize;

    /// The same as rows.
    fn rows(&self) -> Vec<Self::Row>;
}

/// What is to be done with every overview.
pub trait Visitor {
    /// Does it with this one.
    fn visit<O: Overview>(&mut self);
}

/// Shows every overview to a visitor; the one list of them.
pub fn each(visitor: &mut impl Visitor) {
    visitor.visit::<implementation::Implementation>();
    visitor.visit::<implementation::gaps::Gaps>();
    visitor.visit::<lineage::Lineage>();
    visitor.visit::<cascade::Cascade>();
    visitor.visit::<timeline::Timeline>();
    visitor.visit::<matrix::Matrix>();
    visitor.visit::<award_report::AwardReport>();
    visitor.visit::<conference_report::ConferenceReport>();
    visitor.visit::<person_timeline::PersonTimeline>();
    visitor.visit::<quality::Quality>();
    visitor.visit::<reviews::ReviewsDue>();
    visitor.visit::<task_report::TaskReport>();
    visitor.visit::<citations::Citations>();
}

/// The columns of the rows of an overview, which follow from their declaration.
#[must_use]
pub fn columns_of<O: Overview>() -> Vec<Column> {
    columns::of_fields(&fields::of::<O::Row>(), O::LINKS)
}

/// How many days lie between two.
#[must_use]
pub fn days_between(from: Date, to: Date) -> i64 {
    to.day().signed_duration_since(from.day()).num_days()
}

/// A count as it is sent.
fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
