//! The only place that knows there are two databases.
//!
//! [`Conn`] is one connection to either; [`dialect`] has what they spell differently, each under one name;
//! [`table`] what every table of records does alike; [`lanes`] where queries run. Start with [`Database`].

pub mod chain;
pub mod conn;
pub mod dialect;
pub mod errors;
pub mod lanes;
pub mod migrate;
pub mod references;
pub mod schema;
pub mod table;
pub mod types;

pub use conn::{Conn, Location, MultiBackend};
pub use lanes::{Database, Lane};
pub use table::{Scope, Store, Table, TitleRow};
