//! The only place that knows there are two databases.
//!
//! [`Conn`] is one connection to either; [`dialect`] has what they spell differently, each under one name;
//! [`table`] what every table of records does alike, [`scope`] what a caller may see of it; [`lanes`] where queries run. Start with [`Database`].
//!
//! [`migrate`] makes the schema, [`belonging`] tells whose it is and [`layout`] looks whether it is still so; [`lock`], [`file`](mod@file), [`backup`] and
//! [`whole_file`] deal with a database as a file.

pub mod backup;
pub mod belonging;
pub mod chain;
pub mod conn;
pub mod dialect;
pub mod errors;
pub mod file;
pub mod lanes;
pub mod layout;
pub mod lock;
pub mod migrate;
pub(crate) mod record_table;
pub mod references;
pub mod schema;
pub mod scope;
pub mod table;
pub mod titles;
pub mod types;
pub mod whole_file;

pub use conn::{Conn, Location, MultiBackend};
pub use lanes::{Database, Lane};
pub use scope::Scope;
pub use table::{Store, Table};
pub use titles::{TitleRow, Titled};
