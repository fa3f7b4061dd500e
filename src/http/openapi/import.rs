//! How the import describes itself.

use serde_json::{Value, json};

use super::operations::Operation;
use super::parameters::{parameter, query};
use super::responses::{IMPORT_FAILURES, text_body};
use crate::http::import::{CSV, NDJSON};
use crate::resources;

/// Rows as they are sent, and what becomes of them where the data sets are loaded.
const ROWS: &str = include_str!("import.ndjson");
/// The same rows.
const TABLE: &str = include_str!("import.csv");
const RESULTS: &str = include_str!("import-results.ndjson");

const ABOUT: &str = "\
Each row is one record: the fields of the body that would create it, with its `type`. `collection` names the type of rows \
that have none.

What names the record decides what happens:

- `external_key` (`{\"system\", \"key\"}`): the record with that key is made, written over, or brought back if it was \
deleted;
- else `id`: the living record of that number is written over. A `url` must be its address here, and a `version` its \
version, unless the record says the same already (`precondition_failed`);
- neither: a new record is made.

`mode=replace`: a row says the whole record, and a field that is absent has its default, as with PUT. `mode=merge`: only the \
fields that are there change, and null clears one, as with PATCH. A row that says what the record says already writes \
nothing, so that an import may be sent again. A row may be a record as it is sent: what the service fills in (`url`, \
`version`, `links` and so on) is left out, and of a link what names its record is kept. A child names its parent and stays \
with it. Nested children are made with their record; sent again, they must be all that it has, in the order in which they \
were made, and say the same (`children_not_patched`).

Decisions are not imported: what was decided on a request for a later due date or on evidence goes to \
`POST /v1/extensions/{id}/decision` and `POST /v1/evidence-documents/{id}/decision` alone. A row of such a record may have \
the fields of its decision where they say what is so, as in a record that is sent back; others are refused (`read_only`).

What is said of a record stands in one row. A later row that names the same record, by the same key or otherwise, is \
`unchanged` if it says nothing else, and else fails (`repeated_key`); `first_line` is the line that names it first. An import \
names up to 1,000,000 records.

Rows may come in any order: one that points by `external_key` at a record that is not there waits for the row that brings \
it, up to 200,000 rows at a time. If that row fails, so do those that wait for it, with its line (`row_failed`); rows that \
wait for each other fail with their lines (`cycle`): send one of them without its link, and the link later with \
`mode=merge`. Otherwise a row that fails leaves the others alone, and is told with the problem that a request of its own \
would have met.

In CSV the header names the fields. A link has columns of its own: `document_id`, or `document_system` and `document_key` \
for an external key, with `document_type` where it may lead to a record of any type; `document_title` and `document_url` are \
left out. Several links are a list in JSON: of numbers in `adopted_by_id`, of links in `adopted_by`. `external_system` and `external_key` are the key of the record itself. A list or an object is JSON. Behind a byte order mark, as spreadsheets write it, the apostrophe that an export for them sets \
before what might be a formula is taken off. An empty cell \
is null with `mode=merge`, and else the default of the field. The pointer of a fault names the field.

The answer has a line for each row, in the order in which they were settled: `line`, `result` (`created`, `updated`, \
`unchanged`, `revived`, `rolled_back` or `failed`), `type`, `id` and `url`, `warnings` if there are any, or the `problem`. \
The last line has the `type` `import_end`, how many rows came to what, and whether that is `committed`. If the import is broken off, it \
has the `problem`; what the lines before it say is so. An answer without that last line is not whole: the import goes on \
all the same.

`atomic=true`: all or nothing. If a row fails, nothing is written: those that were done are taken back and say \
`rolled_back`, without `id` and `url`. The status is 200 all the same, and `committed` is false.

`dry_run=true`: nothing is written, and each line has the `differences` that its row would make: the fields of its record, \
each `from` what it is `to` what it would be. `also` lists the other records that go with it, each with `result`, `type`, \
`id`, `url` and `differences`: those nested in the row, with their place (`pointer`), `created` or `unchanged`; and those \
that change with the record, such as children that get another owner. The numbers of new records are those that they would \
get now. With `atomic=true` besides, the answer is what that would have been.

Both hold up everybody else who writes; without them others write in between, 200 rows at a time.

A file may end with the last line of an export, `{\"type\": \"export_end\", \"count\": N, \"digest\": \
\"sha-256=:BASE64:\"}`. If it does not fit what stands before it, the whole is refused with 422.

With an `Idempotency-Key` an import that was committed is answered again and not done again; of an answer above 1 MiB only \
the last line is kept. If it was broken off by a crash, it may be sent again after a minute, and begins anew: rows with an \
`external_key` or an `id` come to the same, others are made again.";

/// `POST /v1/import`
#[must_use]
pub fn describe() -> Value {
    let rows = "The rows, one a line; empty lines are none. A row may have as many bytes as any other body. CSV begins with a header.";
    let results = "What became of each row, one line each, and a last line with the sums.";
    Operation::writing("import", "import_records", "Import records of any collections")
        .described(ABOUT)
        .taking(parameters())
        .with_text(&[(NDJSON, ROWS), (CSV, TABLE)], rows)
        .answering([("200", text_body(results, NDJSON, RESULTS, &["Idempotent-Replayed"]))], IMPORT_FAILURES)
}

fn parameters() -> [Value; 5] {
    let flag = json!({ "type": "boolean", "default": false });
    let mode = json!({ "type": "string", "enum": ["replace", "merge"], "default": "replace" });
    let names: Vec<&str> = resources::ALL.iter().map(|collection| collection.name()).collect();
    let collection = json!({ "type": "string", "enum": names });
    let about_mode = "What a row says of a record that is there: the whole of it, or what is to change.";
    let rehearse = "Check and answer as if it were written, with all that each row would change, and write nothing.";
    [
        query("mode", about_mode, &mode, &json!("merge")),
        query("atomic", "All rows or none: if one fails, nothing is written.", &flag, &json!(true)),
        query("dry_run", rehearse, &flag, &json!(true)),
        query("collection", "The collection of rows that name no type.", &collection, &json!("documents")),
        parameter("IdempotencyKey"),
    ]
}
