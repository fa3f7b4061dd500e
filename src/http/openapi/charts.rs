//! How charts describe themselves in the OpenAPI document.

use serde_json::{Value, json};

use super::operations::{Operation, not_modified};
use super::overviews::{TAG, own_parameters};
use super::parameters::{parameter, query};
use super::responses::{READ_FAILURES, text_body};
use crate::charts::Charted;
use crate::http::negotiation::Format;
use crate::tracking::Overview;

const EXAMPLE: &str =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" lang=\"vi\" role=\"img\" viewBox=\"0 0 592 300\">...</svg>";

const PICTURE: &str =
    "An SVG picture that needs nothing from outside, at most 500 rows high, with a `title` on each mark.";

/// `GET` of a chart
#[must_use]
pub fn operation<C: Charted>() -> Value {
    let languages = json!({ "type": "string", "enum": ["vi", "en"], "default": "vi" });
    let about = "The language of headings, labels and days; names and titles stay as they are recorded.";
    let id = <C as Overview>::PATH.contains("{id}").then(|| parameter("Id"));
    Operation::reading(TAG, <C as Charted>::OPERATION.to_owned(), <C as Charted>::SUMMARY)
        .described(<C as Charted>::ABOUT)
        .taking(id)
        .taking(own_parameters::<C>())
        .taking([query("labels", about, &languages, &json!("en")), parameter("IfNoneMatch")])
        .answering(
            [("200", text_body(PICTURE, Format::Svg.media_type(), EXAMPLE, &["ETag"])), not_modified()],
            READ_FAILURES,
        )
}
