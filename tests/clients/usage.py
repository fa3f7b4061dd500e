"""Uses the generated Python client as a program would: a typed call that is put together and read back, with no server."""

import datetime
import json

import httpx
from directive_tracker_client import AuthenticatedClient
from directive_tracker_client.api.documents import create_document, get_document, list_documents
from directive_tracker_client.models import Document, DocumentInput, DocumentKind, DocumentSystem, Problem, RecordType
from directive_tracker_client.types import UNSET, Unset

RECORD = {
    "id": 12,
    "type": "document",
    "url": "/v1/documents/12",
    "version": 1,
    "created_at": "2026-11-21T03:04:05.123456Z",
    "updated_at": "2026-11-21T03:04:05.123456Z",
    "visibility": "public",
    "managed_by": None,
    "system": "party",
    "kind": "conclusion",
    "numbering_body": {"id": 1, "type": "organization", "url": "/v1/organizations/1", "title": "Trung ương"},
    "adopted_by": [],
    "number": 32,
    "suffix": "",
    "numbering_period": None,
    "symbol": "32-KL/TW",
    "symbol_as_printed": None,
    "title": "Về tình hình an ninh trật tự",
    "issued_on": "2018-07-05",
    "issued_on_precision": None,
    "issued_on_text": None,
    "adopted_on": None,
    "effective_on": None,
    "expires_on": None,
    "place": None,
    "signer": None,
    "signer_text": None,
    "status": "in_force",
    "confidentiality": "normal",
    "urgency": None,
    "review_schedule": [],
    "provenance": "found",
    "note": None,
    "identity_complete": False,
    "links": {
        "document_links": "/v1/document-links?from=12",
        "linked_from": "/v1/document-links?to=12",
        "tasks": "/v1/tasks?origin_document=12",
        "expectations": "/v1/expectations?document=12",
        "initiatives": "/v1/initiatives?document=12",
        "statistics": "/v1/statistics?document=12",
        "conference_documents": "/v1/conference-documents?document=12",
        "history": "/v1/documents/12/history",
    },
}
PROBLEM = {
    "type": "/problems#not_found",
    "title": "There is no such thing here",
    "status": 404,
    "code": "not_found",
    "detail": "There is nothing at this address, or you may not see it.",
}
CONFLICT = {
    "type": "/problems#duplicate_document",
    "title": "The document is already recorded",
    "status": 409,
    "code": "duplicate_document",
    "detail": "This numbering body has a document of this kind and number in this period already.",
    "existing": {"id": 12, "type": "document", "url": "/v1/documents/12", "title": "32-KL/TW Về an ninh"},
}


def answer(request: httpx.Request) -> httpx.Response:
    """Stands in for the server."""
    if request.method == "POST":
        sent = json.loads(request.content)
        if "number" in sent:
            return httpx.Response(409, json=CONFLICT, headers={"content-type": "application/problem+json"})
        assert sent == {"system": "party", "kind": "conclusion", "title": "Về an ninh", "issued_on": "2018-07-05"}, sent
        return httpx.Response(201, json=RECORD)
    if request.url.path == "/v1/documents":
        assert request.url.params["kind"] == "directive", request.url
        links = {"first": "/v1/documents", "next": None}
        return httpx.Response(200, json={"data": [RECORD], "page": {"next": None, "limit": 50}, "links": links})
    if request.url.path == "/v1/documents/12":
        return httpx.Response(200, json=RECORD)
    return httpx.Response(404, json=PROBLEM, headers={"content-type": "application/problem+json"})


client = AuthenticatedClient(
    base_url="http://test", token="TOKEN", httpx_args={"transport": httpx.MockTransport(answer)}
)

created = create_document.sync(
    client=client,
    body=DocumentInput(
        system=DocumentSystem.PARTY,
        kind=DocumentKind.CONCLUSION,
        title="Về an ninh",
        issued_on=datetime.date(2018, 7, 5),
    ),
    dry_run=UNSET,
)
assert isinstance(created, Document)
assert created.issued_on == datetime.date(2018, 7, 5)
assert created.signer is None

read = get_document.sync(12, client=client)
assert isinstance(read, Document)
assert read.symbol == "32-KL/TW"

page = list_documents.sync(client=client, kind=[DocumentKind.DIRECTIVE])
assert page is not None and not isinstance(page, Problem)
assert [document.id for document in page.data] == [12]

missing = get_document.sync(13, client=client)
assert isinstance(missing, Problem)
assert missing.code.value == "not_found"

refused = create_document.sync(
    client=client,
    body=DocumentInput(system=DocumentSystem.PARTY, kind=DocumentKind.CONCLUSION, title="Về an ninh", number=32),
)
assert isinstance(refused, Problem) and not isinstance(refused.existing, Unset)
assert (refused.existing.id, refused.existing.type_) == (12, RecordType.DOCUMENT)
