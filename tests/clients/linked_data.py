"""Reads the sample data as linked data, as a stranger would: with a processor of JSON-LD and the context, and nothing else.

    linked_data.py BINARY MODULES [--accept]

BINARY is the program, whose sample data are served from a new database; MODULES is the folder node_modules with the packages
that carry the published files of the vocabularies. Checked are:

- every row of data/linked_data: the package that it names has the term, and does not call it superseded;
- every record of the sample data: its triples have terms of those files only, on subjects and objects of the classes that
  the files say a term is for, and their records are those of the service; nothing has two names;
- a few records, triple by triple, against linked_data.nt beside this file, which --accept writes again.
"""

import csv
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import threading

import httpx
from pyld import jsonld
from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef

HERE = pathlib.Path(__file__).resolve().parent
TABLES = HERE.parent.parent / "data" / "linked_data"
EXPECTED = HERE / "linked_data.nt"
ADDRESS = "https://tracker.example"
CONTEXT = f"{ADDRESS}/contexts/v1.jsonld"
LINKED = "application/ld+json"
# What everything is.
ANYTHING = {"http://schema.org/Thing", str(RDFS.Resource), str(OWL.Thing)}
SCHEMA = "http://schema.org/"


class Vocabularies:
    """The published files, each term with what its file says of it."""

    def __init__(self, modules):
        self.graph = Graph()
        self.packages = {}
        for file in sorted(modules.glob("@vocabulary/*/*.nq")):
            version = json.loads((file.parent / "package.json").read_text())["version"]
            graph = Graph()
            # The fourth term of each line is the vocabulary, which a graph does without.
            lines = (re.sub(r"^(.*) <[^>]*> \.$", r"\1 .", line) for line in file.read_text().splitlines())
            graph.parse(data="\n".join(lines), format="nt")
            self.packages[f"@vocabulary/{file.parent.name}@{version}"] = graph
            self.graph += graph

    def term(self, iri, graph=None):
        """The term as its file spells it, or None. schema.org is one vocabulary under both schemes; its file has http."""
        iri = URIRef(str(iri).replace("https://schema.org/", SCHEMA))
        return iri if (iri, RDF.type, None) in (self.graph if graph is None else graph) else None

    def kind(self, term, *kinds):
        """Whether the file declares the term as one of these kinds."""
        return not set(self.graph.objects(term, RDF.type)).isdisjoint(kinds)

    def with_supers(self, classes):
        """The classes and all that they are kinds of."""
        found = set()
        for name in classes:
            found.update(self.graph.transitive_objects(self.term(name), RDFS.subClassOf))
        return found

    def told(self, term, side):
        """The classes that the files give as what a term is for; empty where it is for anything."""
        plain = {"domain": RDFS.domain, "range": RDFS.range}[side]
        names = (plain, URIRef(f"{SCHEMA}{side}Includes"))
        values = {value for name in names for value in self.graph.objects(term, name) if isinstance(value, URIRef)}
        return set() if {str(value) for value in values} & ANYTHING else values


def check_tables(vocabularies, prefixes):
    """Every term stands in the file of the package that its row names."""
    rows = 0
    for table in ("terms", "codes", "relations"):
        for row in csv.DictReader((TABLES / f"{table}.csv").open()):
            graph = vocabularies.packages[row["proof"]]
            for name in (row["term"], row.get("value", "")):
                if not name or name == "@type":
                    continue
                prefix, local = name.split(":")
                term = vocabularies.term(prefixes[prefix] + local)
                assert term is not None, f"no vocabulary has {name}: {row}"
                if name == (row.get("value") or row["term"]):
                    assert vocabularies.term(term, graph) is not None, f"{row['proof']} has no {name}"
                superseded = list(vocabularies.graph.objects(term, URIRef(SCHEMA + "supersededBy")))
                assert not superseded, f"{name} gave way to {superseded}"
            rows += 1
    return rows


def check_triples(vocabularies, graph):
    """Terms of the vocabularies, for what they are for, and records of the service: nothing else."""
    of_node = {node: set(graph.objects(node, RDF.type)) for node in set(graph.subjects())}
    address = URIRef("https://schema.org/url")
    for subject, predicate, value in graph:
        triple = f"{subject} {predicate} {value}"
        assert subject.startswith(f"{ADDRESS}/v1/"), triple
        term = vocabularies.term(predicate)
        properties = (RDF.Property, OWL.ObjectProperty, OWL.DatatypeProperty)
        assert term is not None and vocabularies.kind(term, *properties), f"not a property: {triple}"
        if predicate == RDF.type:
            name = vocabularies.term(value)
            assert name is not None and vocabularies.kind(name, RDFS.Class, OWL.Class), f"not a class: {triple}"
            continue
        domain, range_ = vocabularies.told(term, "domain"), vocabularies.told(term, "range")
        known = vocabularies.with_supers(of_node[subject])
        assert not domain or domain & known, f"not for this subject: {triple}"
        if isinstance(value, Literal):
            assert not value.ill_typed, f"not what its datatype says: {triple}"
            continue
        if predicate == address:
            assert re.match(r"https?://[^/]+", value), triple
        elif value.startswith(f"{ADDRESS}/v1/"):
            known = vocabularies.with_supers(of_node.get(value, ()))
            assert not range_ or range_ & known, f"not for this object: {triple}"
        else:
            assert vocabularies.term(value) is not None, f"neither a record nor a term: {triple}"


def check_names(graph):
    """Nothing is named twice: what a link is called is a label."""
    name = URIRef("https://schema.org/name")
    for subject in set(graph.subjects(name)):
        names = set(graph.objects(subject, name))
        assert len(names) == 1, f"{subject} has the names {names}"


class Service:
    """The program, serving its sample data."""

    def __init__(self, binary, folder):
        arguments = ["serve", "--sample", "--listen", "127.0.0.1:0", "--public-url", ADDRESS]
        arguments += ["--database-url", f"sqlite:{folder}/tracker.db", "--secret-file", f"{folder}/secret"]
        self.process = subprocess.Popen([binary, *arguments], stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if found := re.search(r"serving .* on (http://[0-9.:]+)", line):
                self.url = found.group(1)
                break
        else:
            sys.exit("the server did not start")
        # A log that nobody reads would fill its pipe and stop the server.
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def get(self, path, accept=LINKED):
        answer = httpx.get(self.url + path, headers={"Accept": accept})
        answer.raise_for_status()
        assert answer.headers["content-type"] == accept, answer.headers
        return answer

    def stop(self):
        self.process.terminate()
        self.process.wait()


def quads(answer, load):
    return jsonld.to_rdf(answer, {"documentLoader": load, "format": "application/n-quads"})


def lines(text):
    return sorted(line for line in text.splitlines() if line)


def main(binary, modules, accept):
    vocabularies = Vocabularies(pathlib.Path(modules))
    with tempfile.TemporaryDirectory() as folder:
        service = Service(binary, folder)
        try:
            context = service.get("/contexts/v1.jsonld").json()

            def load(url, options=None):
                assert url == CONTEXT, f"a stranger would have to fetch {url}"
                return {"contextUrl": None, "documentUrl": url, "contentType": LINKED, "document": context}

            rows = check_tables(vocabularies, context["@context"])
            everything = Graph()
            for name, path in service.get("/", "application/json").json()["collections"].items():
                page = f"{path}?limit=200"
                while page:
                    answer = service.get(page).json()
                    everything.parse(data=quads(answer, load), format="nt")
                    page = answer["links"]["next"]
            check_triples(vocabularies, everything)
            check_names(everything)

            found = {path: lines(quads(service.get(path).json(), load)) for path in RECORDS}
            plain(service, load)
        finally:
            service.stop()
    shown = "\n".join(f"# {path}\n" + "\n".join(triples) + "\n" for path, triples in found.items())
    if accept:
        EXPECTED.write_text(shown)
    assert shown == EXPECTED.read_text(), "linked_data.nt is not what the service says: run with --accept, read the difference"
    print(f"{rows} rows, {len(everything)} triples")


def plain(service, load):
    """Plain JSON, read with the context that its header names, says the same but for what no context can say."""
    path = "/v1/documents/1"
    answer = service.get(path, "application/json")
    link = answer.headers["link"]
    assert '</contexts/v1.jsonld>; rel="http://www.w3.org/ns/json-ld#context"' in link, link
    options = {"documentLoader": load, "format": "application/n-quads", "base": ADDRESS + path, "expandContext": CONTEXT}
    less = set(lines(jsonld.to_rdf(answer.json(), options)))
    more = set(lines(quads(service.get(path).json(), load)))
    assert less and less < more, less - more


# A directive, the conference that reviewed it with what it did and who was there, one that was held online from several
# places, the body that issued the directive, a post of a person, and what a plan would be to a conclusion, which as a draft
# it is not.
RECORDS = [
    "/v1/documents/1",
    "/v1/conferences/6?expand=conference_documents,participations",
    "/v1/conferences?mode=online&expand=bridge_points&limit=1",
    "/v1/organizations/1",
    "/v1/positions/1",
    "/v1/document-links?to=5",
]

if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], "--accept" in sys.argv[3:])
