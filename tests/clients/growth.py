"""Checks that the OpenAPI document has only grown since the last release: what a client was built on is still there.

    growth.py RELEASED CURRENT OASDIFF

RELEASED is the document of the last release, CURRENT that of today, OASDIFF the program that compares them. First the check
itself is checked: each of BROKEN must be found, and none of GROWN. Each finding is a line with the operation and what changed.

severity.txt says where this check differs from oasdiff: a vocabulary may have more codes, which clients are told to expect, and
what generated clients are called by stays, as do operations that were deprecated.
"""

import copy
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import exrex

HERE = pathlib.Path(__file__).parent
# More than any list of names that a pattern stands for has.
MOST_NAMES = 20_000
MOST_LINES = 40


def flattened(document):
    """Merges the parts of a record, `allOf` its fields and what is always there, since oasdiff compares them one by one."""
    document = copy.deepcopy(document)
    schemas = document["components"]["schemas"]
    for schema in [schema for schema in schemas.values() if "allOf" in schema]:
        for part in schema.pop("allOf"):
            if "$ref" in part:
                part = schemas[part["$ref"].removeprefix("#/components/schemas/")]
            schema.update({name: value for name, value in part.items() if name not in schema})
    return document


def takes_more(released, current):
    """Whether a pattern that lists names, such as those to sort by, has all that it had."""
    return exrex.count(released) <= MOST_NAMES and all(re.fullmatch(current, name) for name in exrex.generate(released))


def without_longer_patterns(released, current):
    """The released document with the patterns of today where those take more, which oasdiff cannot know."""
    if isinstance(released, dict) and isinstance(current, dict):
        kept = {name: without_longer_patterns(value, current.get(name)) for name, value in released.items()}
        before, now = kept.get("pattern"), current.get("pattern")
        if isinstance(before, str) and isinstance(now, str) and before != now and takes_more(before, now):
            kept["pattern"] = now
        return kept
    if isinstance(released, list) and isinstance(current, list) and len(released) == len(current):
        return [without_longer_patterns(*pair) for pair in zip(released, current)]
    return released


def broken_promises(released, current, oasdiff):
    """What a client of the released document may stumble over: pairs of a line and the name of the rule."""
    released, current = flattened(released), flattened(current)
    with tempfile.TemporaryDirectory() as folder:
        files = [f"{folder}/released.json", f"{folder}/current.json"]
        for file, document in zip(files, [without_longer_patterns(released, current), current]):
            pathlib.Path(file).write_text(json.dumps(document))
        arguments = ["breaking", "--severity-levels", HERE / "severity.txt", "--format", "json", *files]
        run = subprocess.run([oasdiff, *arguments], stdout=subprocess.PIPE, check=True, text=True)
    changes = json.loads(run.stdout) if run.stdout.strip() else []
    place = lambda change: " ".join(filter(None, [change.get("operation"), change.get("path")])) or "the document"
    return [(f"{place(change)}: {change['text']}", change["id"]) for change in changes]


def response(document, name):
    return document["components"]["responses"][name]


def schema(document, name):
    return document["components"]["schemas"][name]


def break_it(document):
    """Breaks a document in as many places as BROKEN has."""
    paths = document["paths"]
    del paths["/v1/matrix"]
    del paths["/v1/people/{id}"]["patch"]
    del paths["/v1/tasks"]["post"]["responses"]["201"]
    paths["/v1/sources"]["get"]["operationId"] = "list_publications"
    paths["/v1/awards"]["get"]["parameters"].append(
        {"name": "office", "in": "query", "required": True, "schema": {"type": "string"}}
    )
    paths["/v1/holidays"]["get"]["parameters"].pop()
    del schema(document, "FindingSelection")["properties"]["kind"]
    schema(document, "Person")["required"].remove("name")
    schema(document, "PositionSelection")["properties"]["title"] = {"type": "integer"}
    schema(document, "ConferenceMode")["enum"].remove("hybrid")
    schema(document, "PersonInput")["required"].append("note")
    del schema(document, "TaskInput")["properties"]["content"]
    schema(document, "DocumentInput")["properties"]["number"]["maximum"] = 9
    sort = document["components"]["parameters"]["ConferenceSort"]["schema"]
    sort["pattern"] = sort["pattern"].replace("held_on|", "")
    del response(document, "ConferencePage")["content"]["text/csv"]


BROKEN = {
    ("GET /v1/matrix", "api-path-removed-without-deprecation"),
    ("PATCH /v1/people/{id}", "api-removed-without-deprecation"),
    ("POST /v1/tasks", "response-success-status-removed"),
    ("GET /v1/sources", "api-operation-id-removed"),
    ("GET /v1/awards", "new-required-request-parameter"),
    ("GET /v1/holidays", "request-parameter-removed"),
    ("GET /v1/findings/{id}", "response-required-property-removed"),
    ("GET /v1/people/{id}", "response-property-became-optional"),
    ("GET /v1/positions/{id}", "response-property-type-changed"),
    ("POST /v1/conferences", "request-property-enum-value-removed"),
    ("POST /v1/people", "request-property-became-required"),
    ("POST /v1/tasks", "request-property-removed"),
    ("POST /v1/documents", "request-property-max-decreased"),
    ("GET /v1/conferences", "request-parameter-pattern-changed"),
    ("GET /v1/conferences", "response-media-type-removed"),
}


def grow_it(document):
    """Adds to a document what may be added."""
    paths = document["paths"]
    paths["/v1/offices"] = {"get": {**paths["/v1/people"]["get"], "operationId": "list_offices"}}
    paths["/v1/people"]["get"]["parameters"].append({"name": "office", "in": "query", "schema": {"type": "string"}})
    paths["/v1/people"]["post"]["responses"]["451"] = {"$ref": "#/components/responses/Problem410"}
    schema(document, "ConferenceMode")["enum"].append("by_letter")
    for name in ["PersonSelection", "PersonInput", "PersonPatch"]:
        schema(document, name)["properties"]["office"] = {"type": ["string", "null"]}
    schema(document, "Person")["required"].append("office")
    for name, parameter in document["components"]["parameters"].items():
        values = parameter["schema"].get("items", parameter["schema"])
        if name.endswith(("Sort", "Expand")):
            values["pattern"] = re.sub("updated_at|managed_by", r"office|\g<0>", values["pattern"])


def prove(document, oasdiff):
    """Fails if the check misses what breaks clients, or finds what breaks none."""
    broken = copy.deepcopy(document)
    break_it(broken)
    found = {(line.split(": ")[0], rule) for line, rule in broken_promises(document, broken, oasdiff)}
    grown = copy.deepcopy(document)
    grow_it(grown)
    wrong = [f"missed: {place}: {rule}" for place, rule in sorted(BROKEN - found)]
    wrong += [f"no fault: {line} [{rule}]" for line, rule in broken_promises(document, grown, oasdiff)]
    if wrong:
        sys.exit("\n".join(["the check of growth does not work:", *wrong[:MOST_LINES]]))


def main():
    released, current, oasdiff = sys.argv[1:]
    released, current = (json.loads(pathlib.Path(file).read_text()) for file in (released, current))
    prove(released, oasdiff)
    faults = broken_promises(released, current, oasdiff)
    if faults:
        lines = [f"{line} [{rule}]" for line, rule in faults]
        sys.exit("\n".join([f"clients of the last release break, by {len(faults)} changes:", *lines[:MOST_LINES]]))
    print("the document has only grown since the last release")


if __name__ == "__main__":
    main()
