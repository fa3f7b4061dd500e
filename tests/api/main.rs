//! The API as callers meet it, over HTTP, on both databases: one module for each subject.

#[path = "../support/mod.rs"]
#[macro_use]
mod support;

mod collections;
mod conference_lists;
mod conferences;
mod crud;
mod document_fields;
mod document_links;
mod documents;
mod organizations;
mod people;
mod reading;
mod sources;
mod successions;
