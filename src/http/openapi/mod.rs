//! The OpenAPI document, made from the endpoints that serve requests and the types that they read and write.
//!
//! [`operations`] describes what a path does, `parameters` what it takes, `responses` what it answers, `records`
//! the records of a resource as they are sent and received, `common` what all of them share, [`descriptions`] how each kind
//! of operation is used, [`codes`] what codes mean, [`import`](mod@import) what is imported, [`overviews`] what is computed. What several operations use stands once under `components`.

pub mod accounts;
pub mod calendars;
pub mod charts;
pub mod codes;
mod common;
pub mod descriptions;
mod examples;
pub mod import;
pub mod operations;
pub mod overviews;
mod parameters;
mod records;
mod responses;
mod text;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

pub use self::text::pretty;
use super::endpoint::Endpoint;
use crate::db::Store;
use crate::tracking;

/// Named parts of the document, in the order of their names.
type Named = BTreeMap<String, Value>;

/// What operations refer to.
#[derive(Debug, Default)]
pub struct Components {
    schemas: Named,
    parameters: Named,
    responses: Named,
}

impl Components {
    /// What every document has, whatever its resources.
    #[must_use]
    pub fn new() -> Self {
        let schemas = common::schemas().into_iter().chain(accounts::schemas()).collect();
        Self { schemas, parameters: parameters::common(), responses: responses::common() }
    }

    /// Adds what the operations of the resource `R` refer to.
    pub fn add<R: Store>(&mut self) {
        records::add::<R>(&mut self.schemas);
        parameters::add::<R>(&mut self.parameters);
        responses::add::<R>(&mut self.responses);
    }

    /// Adds what the operations of overviews refer to.
    pub fn add_overviews(&mut self) {
        tracking::each(&mut overviews::Schemas(&mut self.schemas));
    }
}

/// The OpenAPI document of these endpoints.
#[must_use]
pub fn document(endpoints: &[Endpoint], components: Components) -> Value {
    let paths: Map<String, Value> =
        endpoints.iter().map(|endpoint| (endpoint.path.clone(), endpoint.describe())).collect();
    let Components { schemas, parameters, responses } = components;
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Directive tracker",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Who has done what about which guiding document, when, how late, and by which evidence.",
            "description": include_str!("about.md"),
            "license": { "name": "MIT", "identifier": "MIT" },
            "contact": { "name": "The developers of Directive tracker", "url": "https://github.com/directive-tracker/directive-tracker" },
        },
        "servers": [{ "url": "/", "description": "This service." }],
        "tags": tags(),
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": parameters,
            "responses": responses,
            "headers": responses::headers(),
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "An access token of `POST /v1/auth/token`, an API key, or a token made by `directive-tracker token`." },
            },
        },
    })
}

fn tags() -> Value {
    let tags = [
        ("organizations", "Bodies, their committees, administrative units, successions, numbering periods."),
        ("documents", "Guiding documents and how they bear on each other."),
        ("people", "People in public office and their posts."),
        ("conferences", "Conferences, what they did with which document, who took part, what they found."),
        ("tasks", "What was asked of whom, what was reported, more time, evidence, what is expected besides."),
        (overviews::TAG, "What is computed: who has done what about which document, and what is not on record."),
        ("results", "Figures and whether they agree with themselves, initiatives, awards."),
        ("sources", "Publications, and what each says of which record."),
        ("changes", "What changed, in the order of commits."),
        ("import", "Many records in one request."),
        (accounts::TAG, "Signing in, one's own account and, for administrators, those of others."),
        ("system", "Vocabularies, and whether the service is well."),
    ];
    tags.iter().map(|(name, description)| json!({ "name": name, "description": description })).collect()
}

/// A reference to the named part `name` of the components of this `kind`.
fn reference(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

/// A reference to a schema.
fn schema(name: &str) -> Value {
    reference("schemas", name)
}

/// `issued_from` as `IssuedFrom`.
fn camel(name: &str) -> String {
    let capitalized = |word: &str| {
        let mut characters = word.chars();
        characters.next().map_or_else(String::new, |first| format!("{}{}", first.to_uppercase(), characters.as_str()))
    };
    name.split(['_', '-']).map(capitalized).collect()
}
