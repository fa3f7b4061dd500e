//! What is computed about a document: who has done what about it, who is expected to, what it stands on and what stands
//! below it, what happened when. Nothing of this is stored.
//!
//! The rule: stores load facts, a few queries for one document however many bodies acted; pure functions make the answer
//! of them; HTTP sends it. [`register`] is which bodies there were when and what became of them, [`acts`] what was done,
//! [`force`] whether a document is in force. Start with [`implementation`].

pub mod acts;
pub mod cascade;
pub mod force;
pub mod implementation;
pub mod lineage;
pub mod register;
pub mod shown;
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

/// What every question has: about which document, and which day it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// The document.
    pub document: Id,
    /// The day it is in Vietnam.
    pub today: Date,
}

/// What is computed about a document: one whole object for programs, rows for tables.
pub trait Overview: Serialize + ToSchema + Send + Sized + 'static {
    /// Its name in paths, in the names of files and in the table of labels.
    const NAME: &'static str;
    /// One line for the OpenAPI document.
    const SUMMARY: &'static str;
    /// What there is to know of it.
    const ABOUT: &'static str;
    /// The parameters without which it cannot be asked for.
    const REQUIRED: &'static [&'static str] = &[];
    /// The links that a row holds.
    const LINKS: &'static [LinkField];

    /// What may be asked.
    type Query: DeserializeOwned + IntoParams + Send + 'static;
    /// A row of it.
    type Row: Serialize + ToSchema;

    /// Works it out.
    ///
    /// # Errors
    /// `NotFound` or `Gone` if there is no such document, `Malformed` if a parameter is wrong, and as the database has them.
    fn ask(conn: &mut Conn, scope: Scope, asked: Asked, query: &Self::Query) -> Result<Self>;

    /// How many rows it has.
    fn size(&self) -> usize;

    /// The same as rows.
    fn rows(&self) -> Vec<Self::Row>;
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
