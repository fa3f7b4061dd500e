//! The only place that knows HTTP: status codes, headers, content types.
//!
//! [`endpoint`] is a path with its operations, which serve requests and describe themselves for the OpenAPI document;
//! [`crud`] makes the endpoints of any resource; [`code`] has the one table of error codes, [`problem`] what every error
//! becomes. Start with [`server`].

pub mod accounts;
pub mod address;
pub mod body;
pub mod calendars;
pub mod charts;
pub mod class;
pub mod code;
pub mod conditional;
pub mod crud;
pub mod cursor;
pub mod endpoint;
pub mod export;
pub mod extract;
pub mod feed;
mod forwarded;
pub mod history;
pub mod idempotency;
pub mod import;
pub mod layers;
pub mod lines;
pub mod linked_data;
pub mod list;
pub mod negotiation;
pub mod openapi;
pub mod page;
pub mod problem;
pub mod query;
pub mod quota;
pub mod refusals;
pub mod server;
pub mod shape;
pub mod system;
pub mod tracking;
pub mod unread;
