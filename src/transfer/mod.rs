//! Records that come in or go out many at once: the data sets that the program carries ([`load`]), those that somebody
//! sends ([`mod@import`]), and lists as tables and lines. What comes in goes the way of every other write.
//!
//! [`database`] is the whole database as one file of lines, with ids, versions and the log.
//!
//! What leaves as a table: [`columns`] says which columns the records of a collection have, from their declaration;
//! [`table`] writes the rows, as [`csv`] or as [`xlsx`], into a [`spool`], which is read once all of it is there.
//! [`labels`] has what columns and codes are called in Vietnamese, [`words`] what charts and calendars say of them. What leaves as lines is written by [`ndjson`].

pub mod columns;
pub mod csv;
pub mod database;
pub mod import;
pub mod labels;
pub mod load;
pub mod ndjson;
pub mod spool;
pub mod table;
pub mod words;
pub mod xlsx;
