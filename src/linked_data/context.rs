//! The context: what JSON-LD 1.1 readers need to know to read plain answers as linked data.

use serde_json::{Map, Value, json};

use super::table::{Form, LABEL, TITLE, Tables, Term, Terms, tables};
use crate::domain::Result;
use crate::resources;

/// The vocabularies, by the prefixes that the tables use.
const PREFIXES: &[(&str, &str)] = &[
    ("dcat", "http://www.w3.org/ns/dcat#"),
    ("dcterms", "http://purl.org/dc/terms/"),
    ("eli", "http://data.europa.eu/eli/ontology#"),
    ("foaf", "http://xmlns.com/foaf/0.1/"),
    ("org", "http://www.w3.org/ns/org#"),
    ("prov", "http://www.w3.org/ns/prov#"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("schema", "https://schema.org/"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];

/// What a title is that nothing says otherwise of.
const NAME: &str = "schema:name";

/// The context of all answers with records.
///
/// Each type of record has a context of its own, since one name means different things in different records, and no name
/// but those below means anything outside of them: `title` is a name unless the record or the link has it otherwise. The address of a record is its identifier. The records of a list, and
/// those behind a to-many link that is expanded, are included, and say by their own links what they have to do with the
/// record around them.
///
/// # Errors
/// `Internal` if the tables cannot be read.
pub fn context() -> Result<Value> {
    let mut context = Map::new();
    context.insert("@version".to_owned(), json!(1.1));
    let known = PREFIXES.iter().copied().chain([("type", "@type"), ("url", "@id"), ("data", "@included")]);
    context.extend(known.map(|(name, term)| (name.to_owned(), term.into())));
    context.insert(TITLE.to_owned(), text(NAME));
    let types = tables()?;
    for (kind, terms) in types {
        let class = terms.classes.first();
        context.insert(kind.clone(), json!({ "@id": class, "@context": of_type(types, kind, terms) }));
    }
    Ok(json!({ "@context": context }))
}

/// The context of the records of one type.
fn of_type(types: &Tables, kind: &str, terms: &Terms) -> Map<String, Value> {
    // What stands around it says the same, and there the context of a link can say otherwise.
    let own = terms.fields.iter().filter(|term| (term.field.as_str(), term.name.as_str()) != (TITLE, NAME));
    let Some(collection) = resources::by_type(kind) else { return Map::new() };
    let fields = own.map(|term| {
        let target = collection.link(&term.field).map(|link| link.target);
        let titled = target.is_some_and(|target| target == "*" || types.get(target).is_some_and(has_title));
        (term.field.clone(), if titled { titled_link(term) } else { definition(term) })
    });
    let to_many = collection.to_many().iter().map(|link| (link.name.to_owned(), "@nest".into()));
    // A field that is called as a type is would be taken for the class of that type.
    let unsaid =
        collection.fields().filter(|field| types.contains_key(*field)).map(|field| (field.to_owned(), Value::Null));
    unsaid.chain(fields).chain(to_many).collect()
}

/// Whether the records of a type have a title that is another thing than the title of a link to them.
fn has_title(terms: &Terms) -> bool {
    terms.title().is_some()
}

/// A link to records with a title of their own, beside which that of the link, such as symbol and title, is a label. It is
/// so for the record behind the link alone.
fn titled_link(term: &Term) -> Value {
    json!({ "@id": term.name, "@context": { "@propagate": false, TITLE: text(LABEL) } })
}

fn text(term: &str) -> Value {
    json!({ "@id": term, "@language": "vi" })
}

fn definition(term: &Term) -> Value {
    let id = &term.name;
    match term.form {
        Form::Text => text(id),
        Form::Date => json!({ "@id": id, "@type": "xsd:date" }),
        Form::Address => json!({ "@id": id, "@type": "@id" }),
        Form::Reverse => json!({ "@reverse": id }),
        Form::Class | Form::String | Form::Number | Form::Link => json!(id),
    }
}
