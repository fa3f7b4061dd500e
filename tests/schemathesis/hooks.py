"""What schemathesis has to be told about the service beyond its OpenAPI document."""

import datetime

import schemathesis
from hypothesis import strategies as st

# Days and instants of the years that the service knows. The document says so by a pattern; drawing from all years and
# throwing away what does not match would leave next to nothing.
DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2199, 12, 31))
INSTANTS = st.datetimes(datetime.datetime(1900, 1, 2), datetime.datetime(2199, 12, 30))
OFFSETS = st.sampled_from(["Z", "+07:00", "-03:30", "+00:00"])

# Header values are drawn from letters and digits alone, unless their format is known.
ENTITY_TAGS = st.sampled_from(["*", '"1-5f0c21d0a1b2c3d4"', 'W/"1-5f0c21d0a1b2c3d4"', '"", "2"'])

schemathesis.openapi.format("entity-tags", ENTITY_TAGS)
schemathesis.openapi.format("date", DAYS.map(str))
schemathesis.openapi.format("date-time", st.builds(lambda at, offset: at.isoformat() + offset, INSTANTS, OFFSETS))


@schemathesis.serializer("application/x-ndjson", "text/csv")
def rows(context, value):
    """What is imported is sent as it is."""
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.hook
def before_call(context, case, kwargs):
    """Takes out of well-formed requests what only the service can make, and what excludes another parameter."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    # A cursor is opaque and signed: one that was drawn is well-formed and wrong.
    query = case.query
    if query and "cursor" in query:
        del query["cursor"]
    # `about_id` is the number of a record of the type `about_type`: neither means anything without the other.
    if query and ("about_id" in query) != ("about_type" in query):
        query.update({"about_type": "conference", "about_id": 1})
    # A symbol that no document has, or several, cannot stand for a document: the service says which there are.
    names = ["document", "decision_document", "origin_document"]
    if case.path.endswith("/document-links"):
        names += ["from", "to"]
    for name in names:
        if query and not str(query.get(name, "1")).isdigit():
            query[name] = "32-KL/TW"
    if query and "symbol" in query and case.path == "/v1/documents":
        query["symbol"] = "28-NQ/TW"
    # What stands behind links is not recorded with a record, and long pages of it are more than an answer may hold.
    if query and "expand" in query:
        query.pop("recorded_at", None)
        if "limit" in query:
            query["limit"] = 20
    # What shapes one form of a list excludes the others.
    form = (query or {}).get("format", "json")
    if query and form != "csv":
        query.pop("csv", None)
    if query and (form not in ("csv", "xlsx") or query.get("csv") == "raw"):
        query.pop("labels", None)
    if query and form not in ("json", "jsonld"):
        query.pop("expand", None)
        query.pop("count", None)
    # What is computed about a unit that is not there would be nothing: the service says so.
    if query and "admin_unit" in query:
        query["admin_unit"] = 1
    # `after` goes on with the records of one check.
    if query and "after" in query and case.path == "/v1/quality":
        query.pop("collection", None)
        query["check"] = "task_without_lead"
    # More documents than one matrix shows are refused, and other requests make many.
    if case.path in ("/v1/matrix", "/v1/matrix.svg") and "documents" not in (query or {}):
        case.query = {**(query or {}), "documents": "1,2"}
        query = case.query
    # The tasks of one document are not counted by document.
    if query and query.get("group_by") == "document" and case.path.startswith("/v1/reports/tasks"):
        query.pop("document", None)
    # What is computed has rows in the other forms alone.
    if query and form == "json" and "tracking" in case.operation.definition.raw.get("tags", []):
        query.pop("fields", None)
    # A calendar begins with a day or some days ago, not both.
    if query and "past_days" in query:
        query.pop("held_from", None)
        query.pop("due_from", None)
    # `links` and what is expanded have no column.
    if query and form in ("csv", "xlsx"):
        query.pop("fields", None)
    # A record says itself whose it is, and what is no collection is refused by its name.
    if query and case.path == "/v1/me/can":
        query["resource"] = "documents/5"
        query.pop("managed_by", None)
    # If-Match and If-None-Match on one write contradict each other.
    headers = case.headers
    if headers and "If-Match" in headers and "If-None-Match" in headers:
        del headers["If-None-Match"]
    # A deletion that is only rehearsed leaves the record there, as it should; `use_after_free` cannot know.
    if query and case.method.upper() == "DELETE":
        query.pop("dry_run", None)
