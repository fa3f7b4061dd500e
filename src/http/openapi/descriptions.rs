//! What each kind of operation says of itself beyond its summary, written once for all resources.

use crate::db::Store;
use crate::resources;

/// How a list is narrowed, sorted, paged and shaped.
pub const LIST: &str = "\
Filters narrow the list and may be combined; one that is not known is refused. `as_of`, where there is one, gives what was \
so on that day.

`sort` orders it, by `id` unless told. A page has `limit` records; follow `links.next`, which keeps all parameters, until it \
is null. `count=exact` adds the number of records on all pages as `page.count`.

`fields` sends only the fields that it names, `expand` puts the records behind links into the answer.

`format`, or `Accept`, asks for CSV, NDJSON or XLSX instead of JSON: the whole list or, with `limit`, one page; `jsonld` \
(`application/ld+json`) is one page as linked data. Tables and lines are \
whole if they match their digest: the last line of NDJSON has one, the header `Repr-Digest` that of CSV and XLSX.";

/// Listing the bodies that a class of organizations means.
pub const LIST_OF_CLASS: &str = "\
The record names no single body but a class of them, by kind, tier and administrative unit. The class is kept; these are the \
organizations of it today, with `as_of` those of that day: every provincial party committee was 63 bodies on 2018-07-16 and is 34 \
since 2025-07-01. 404 if the record names no class.

All else is as in the list of organizations.";

/// Adding the decision on a record.
pub const DECIDE: &str = "\
What was requested or submitted is never changed; the decision is added to it, once. A second one is refused with 409 \
(`already_decided`). Nobody accepts evidence that they submitted or entered themselves, and who accepts it is named; nobody \
grants the extension that they asked for.

`If-Match` is optional. `dry_run=true` checks and answers, and writes nothing.";

/// Reading one record.
pub const GET: &str = "\
`fields` sends only the fields that it names, `expand` puts the records behind links into the answer. `recorded_at` gives \
the record as it was recorded at that instant. `format=jsonld`, or `Accept: application/ld+json`, asks for linked data.

The `ETag` begins with the version. With it, `If-None-Match` asks for the record only if the answer would differ (304), and \
`If-Match` guards a write. A record that was deleted answers 410.";

/// Reading one record by its external key.
pub const GET_BY_KEY: &str = "\
The record that was written under this key with PUT, or that a data set has under it: the systems of those are `reference` \
and `sample`. All else is as when it is read by its number.";

/// Changing a record.
pub const UPDATE: &str = "\
A merge patch (RFC 7396), sent as `application/merge-patch+json`: a field that is absent stays as it is, null clears it, a \
list is replaced as a whole. A patch that changes nothing writes nothing and leaves the version.

`If-Match` is optional: with the `ETag` that was read, the patch is refused with 412 if somebody wrote in between. Children \
are not patched here (`children_not_patched`); each has its own address. `dry_run=true` checks and answers, and writes \
nothing.";

/// Creating or replacing a record by its external key.
pub const REPLACE: &str = "\
What happens depends on what the key stands for:

- nothing yet: the record is created under it, with the children in the body (201);
- a record: it is replaced by the body, in which a field that is absent has its default (200). This needs a condition: \
`If-Match` with the `ETag` that was read, or with `*`; without one it is refused with 428;
- a deleted record: it is brought back under its old number (201).

`If-None-Match: *` writes only if there is no such living record, else it is refused with 412. Children are made with a new \
record; sent again, they must be all that it has, in the order in which they were made, and say the same \
(`children_not_patched`). `dry_run=true` checks and answers, and writes nothing.";

/// Creating a record by its external key, where it is never changed afterwards.
pub const REPLACE_IMMUTABLE: &str = "\
What happens depends on what the key stands for:

- nothing yet: the record is created under it (201);
- a record: one that says the same is left alone (200), any other is refused with 409 (`immutable`), whatever the condition;
- a deleted record: it is brought back under its old number (201).

`If-Match` is optional. `If-None-Match: *` writes only if there is no such living record, else it is refused with 412. \
`dry_run=true` checks and answers, and writes nothing.";

/// Deleting a record.
pub const DELETE: &str = "\
The record is marked as deleted, with its children: reading it answers 410 from then on, its history stays, and its number \
is never given again. A record that has an external key can be brought back by PUT.

It is refused with 409 while other living records point at it or at one of its children; `referrers` names some of them. \
`If-Match` is optional. `dry_run=true` checks only.";

/// The history of one record.
pub const HISTORY: &str = "\
One entry for each write, from the newest, with what it changed (`differences`) and the whole record afterwards (`after`, \
links as numbers). The history outlives the record: it shows when it was deleted. Who wrote, and the hashes of the log, are \
shown to callers with a token.

`format=ndjson` (`application/x-ndjson`) is an entry a line: the whole history or, with `limit`, one page. It is whole if its \
last line, which has count and digest, is there and agrees.";

/// The feed of changes.
pub const CHANGES: &str = "\
Every write of every record that the caller may see, one entry each, from the oldest, in the order of commits. Without a \
`cursor` the feed begins at the first change.

`links.next` is never null: follow it while `page.more` is true, even past a page without entries, then keep it. Asked again \
later, it gives what has happened since, so that nobody who keeps it misses a change or sees one twice.

`format=ndjson` (`application/x-ndjson`) is a change a line: all that there are by now or, with `limit`, one page. The last line \
has count, digest and the cursor to go on from (`next`), with the same `type` and `since` in either form; an answer that lacks it was broken \
off, and is asked for again from the cursor before.";

/// The vocabularies.
pub const ENUMERATIONS: &str = "\
Every vocabulary that fields of records take their codes from, each code with its Vietnamese label. There is one page.";

/// The context of linked data.
pub const CONTEXT: &str = "\
What the fields of records are called in the vocabularies of schema.org, the W3C and Dublin Core (JSON-LD 1.1). Answers as \
`application/ld+json` name it, and plain JSON has a `Link` to it. It never changes, so that it may be kept for ever; a field \
that it does not name is not said in linked data.";

/// Whether the process is there.
pub const HEALTH: &str = "Answers as long as the process runs, whatever the state of the database.";

/// Whether requests can be answered.
pub const READINESS: &str = "Asks the database; 503 says that it cannot be reached now.";

/// What is counted while the service runs.
pub const METRICS: &str = "\
What has been counted since the process began, in the text format of OpenMetrics 1.0, which Prometheus reads. All names begin \
with `directive_tracker_`.

| Name | What it is |
|---|---|
| `http_requests_total` | requests by `method`, `route` and `status`; the route is the path with names for its parameters, and `none` where nothing is there |
| `http_request_duration_seconds` | how long they took until their answer began |
| `lane_waiting` | reads and writes that wait now; short reads of SQLite never do |
| `lane_wait_seconds` | how long they waited before they began |
| `lane_refused_total` | those that were answered 503 `overloaded` because too many waited |
| `commit_jobs` | how many writes each commit carried |
| `commit_failed_total` | transactions of the writer that failed as a whole |
| `build_info` | the version of the program, and which database it serves |

They tell nothing of any record. A service that needs a token for reading needs one here too.";

/// Creating a record of the resource `R`.
#[must_use]
pub fn create<R: Store>() -> String {
    let children: Vec<String> = resources::children(R::TYPE).map(|child| format!("`{}`", child.json_name())).collect();
    let nested = if children.is_empty() {
        String::new()
    } else {
        format!(
            "\n\nThe records that are part of it may be nested: {}. All are created together or none is, and a fault names \
             its place, such as `/{}/0`. One child points at another of the same request by its place: \
             `{{\"pointer\": \"/bridge_points/0\"}}`.",
            children.join(", "),
            children.first().map_or("", |name| name.trim_matches('`')),
        )
    };
    format!(
        "A link is written as the number of the record or by its external key. What is odd but possible is stored, and \
         comes back in `warnings`.{nested}\n\n`dry_run=true` checks everything and answers with the record as it would be \
         (200), and writes nothing. With an `Idempotency-Key` the request may be sent again until it is answered: it takes effect \
         once. The key is refused with 422 if the request is another one, and with 409 while the first is under way."
    )
}
