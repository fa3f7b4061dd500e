//! How what is computed describes itself in the OpenAPI document.

use serde_json::{Value, json};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};

use super::operations::{Operation, not_modified};
use super::parameters::{fields_of_rows, filter_parameter, parameter};
use super::records::settled;
use super::responses::{READ_FAILURES, json_body};
use super::{Named, schema};
use crate::http::negotiation::Format;
use crate::tracking::{Overview, Visitor, columns_of};

/// The tag under which they stand.
pub const TAG: &str = "tracking";

const CSV: &str = "A table with a header and CRLF (RFC 4180). A link is two columns, `x_id` and `x_title`; one to records of \
                   any type has `x_type` besides.";
const NDJSON: &str = "A row a line, and a last line \
                      `{\"type\": \"export_end\", \"count\": 63, \"digest\": \"sha-256=:...:\"}` with the digest of all \
                      bytes before it.";
const XLSX: &str = "A workbook with the same columns as CSV.";

/// The parameters of an overview, besides those that say in which form it is sent.
#[must_use]
pub fn parameters_of<O: Overview>() -> Vec<Parameter> {
    O::Query::into_params(|| Some(ParameterIn::Query))
}

/// The same as the document has them.
#[must_use]
pub fn own_parameters<O: Overview>() -> Vec<Value> {
    let described = |parameter: &Parameter| {
        let required = O::REQUIRED.contains(&parameter.name.as_str());
        let described = filter_parameter(parameter);
        if required { needed(described) } else { described }
    };
    parameters_of::<O>().iter().map(described).collect()
}

/// `GET` of an overview
#[must_use]
pub fn operation<O: Overview>() -> Value {
    let id = O::PATH.contains("{id}").then(|| parameter("Id"));
    Operation::reading(TAG, O::OPERATION.to_owned(), O::SUMMARY)
        .described(O::ABOUT.trim_end())
        .taking(id)
        .taking(own_parameters::<O>())
        .taking([fields_of_rows(&columns_of::<O>())])
        .taking(["OverviewFormat", "Csv", "Labels", "IfNoneMatch"].map(parameter))
        .answering([("200", response::<O>()), not_modified()], READ_FAILURES)
}

/// A parameter that must be given: its example is its own, and not that of its schema.
fn needed(mut parameter: Value) -> Value {
    let schema = parameter.get_mut("schema").and_then(Value::as_object_mut);
    let example = schema.and_then(|schema| schema.shift_remove("examples")).unwrap_or_default();
    if let Some(object) = parameter.as_object_mut() {
        object.insert("required".to_owned(), true.into());
        object.insert("example".to_owned(), example.get(0).cloned().unwrap_or_default());
    }
    parameter
}

/// What it answers: the whole as JSON, or its rows in another form.
fn response<O: Overview>() -> Value {
    let about = "The whole of it as JSON; in another form its rows.";
    let headers = ["ETag", "Repr-Digest", "Content-Disposition"];
    let mut response = json_body(about, &schema(&O::name()), &headers);
    let forms = [(Format::Csv, CSV), (Format::Ndjson, NDJSON), (Format::Xlsx, XLSX)];
    if let Some(content) = response.get_mut("content").and_then(Value::as_object_mut) {
        content.extend(forms.map(|(format, about)| {
            (format.media_type().to_owned(), json!({ "schema": { "type": "string", "description": about } }))
        }));
    }
    response
}

/// The schemas of every overview, and of all that they hold.
pub struct Schemas<'a>(pub &'a mut Named);

impl Visitor for Schemas<'_> {
    fn visit<O: Overview>(&mut self) {
        let mut nested = vec![(O::name().into_owned(), O::schema())];
        O::schemas(&mut nested);
        for (name, schema) in nested {
            self.0.entry(name).or_insert_with(|| settled(serde_json::to_value(&schema).unwrap_or_default()));
        }
    }
}
