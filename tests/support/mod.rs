//! What the tests stand on: a running service on either database, callers of it, records to begin with.
//!
//! [`on_both!`] makes one test for each database; [`Service`] is the service that it is given; [`given`] makes records.

#![allow(dead_code, unused_imports, reason = "each test binary uses a part")]

pub mod client;
pub mod given;
pub mod postgres;
pub mod service;

pub use client::{Client, Response};
pub use service::{Engine, Service, small_settings};

/// Makes the tests `NAME::sqlite` and `NAME::postgres`, each with a running service and a database of its own.
///
/// ```ignore
/// on_both!(deleted_document_is_gone, |service| {
///     let editor = service.editor();
///     let document = given::document(&editor, json!({}));
///     editor.delete(&document.url()).expect(204);
///     assert_snapshot!(editor.get(&document.url()), @"");
/// });
/// on_both!(private_service_asks_for_a_token, Settings { private: true, ..small_settings() }, |service| { ... });
/// ```
#[macro_export]
macro_rules! on_both {
    ($name:ident, |$service:ident| $body:block) => {
        $crate::on_both!($name, $crate::support::small_settings(), |$service| $body);
    };
    ($name:ident, $settings:expr, |$service:ident| $body:block) => {
        mod $name {
            use super::*;

            fn rule($service: &$crate::support::Service) $body

            #[test]
            fn sqlite() {
                let service = $crate::support::Service::start($crate::support::Engine::Sqlite, $settings);
                // The same snapshots hold on both.
                ::insta::allow_duplicates! { rule(&service) }
            }

            #[test]
            fn postgres() {
                let service = $crate::support::Service::start($crate::support::Engine::Postgres, $settings);
                // The same snapshots hold on both.
                ::insta::allow_duplicates! { rule(&service) }
            }
        }
    };
}
