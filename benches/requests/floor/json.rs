//! JSON, written a field at a time.

use std::io::Write;

use actix_web::HttpRequest;
use chrono::{DateTime, Datelike, Timelike, Utc};

/// A body that is being written. Writing to memory does not fail, so nobody looks at what it returns.
pub struct Json(Vec<u8>);

impl Json {
    /// An empty body.
    pub fn new() -> Self {
        Self(Vec::with_capacity(4096))
    }

    /// The body with its last newline.
    pub fn finish(mut self) -> Vec<u8> {
        self.0.push(b'\n');
        self.0
    }

    /// Text as it stands.
    pub fn raw(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }

    /// A number as it stands.
    pub fn digits(&mut self, number: i64) {
        let _ = write!(self.0, "{number}");
    }

    fn string(&mut self, text: &str) {
        let _ = serde_json::to_writer(&mut self.0, text);
    }

    /// Begins a field that is not the first.
    pub fn name(&mut self, name: &str) {
        self.raw(",\"");
        self.raw(name);
        self.raw("\":");
    }

    /// Begins one more field of an object that was finished.
    pub fn insert(&mut self, name: &str) {
        self.0.pop();
        self.name(name);
    }

    /// A field with a text or null.
    pub fn text<'a>(&mut self, name: &str, text: impl Into<Option<&'a str>>) {
        self.name(name);
        match text.into() {
            Some(text) => self.string(text),
            None => self.raw("null"),
        }
    }

    /// A field with a number or null.
    pub fn number(&mut self, name: &str, number: Option<i32>) {
        self.name(name);
        match number {
            Some(number) => self.digits(i64::from(number)),
            None => self.raw("null"),
        }
    }

    /// A field with a truth value or null.
    pub fn truth(&mut self, name: &str, truth: Option<bool>) {
        self.name(name);
        self.raw(truth.map_or("null", |truth| if truth { "true" } else { "false" }));
    }

    /// A field with an instant.
    pub fn instant(&mut self, name: &str, microseconds: i64) {
        self.name(name);
        let Some(at) = DateTime::<Utc>::from_timestamp_micros(microseconds) else { return self.raw("null") };
        let (year, month, day) = (at.year(), at.month(), at.day());
        let (hour, minute, second, micros) = (at.hour(), at.minute(), at.second(), at.timestamp_subsec_micros());
        let _ = write!(self.0, "\"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}Z\"");
    }

    /// Begins a record or a link.
    pub fn begin(&mut self, id: i64, kind: &str, collection: &str) {
        let _ = write!(self.0, "{{\"id\":{id},\"type\":\"{kind}\",\"url\":\"/v1/{collection}/{id}\"");
    }

    /// A link.
    pub fn target(&mut self, id: i64, kind: &str, collection: &str, title: Option<&str>) {
        self.begin(id, kind, collection);
        self.text("title", title);
        self.raw("}");
    }

    /// A field with a link or null.
    pub fn link(&mut self, name: &str, kind: &str, collection: &str, link: &(Option<i64>, Option<String>)) {
        self.name(name);
        match link {
            (Some(id), title) => self.target(*id, kind, collection, title.as_deref()),
            (None, _) => self.raw("null"),
        }
    }

    /// The links of a record, and its end.
    pub fn links(&mut self, id: i64, collection: &str, to_many: &[(&str, &str)]) {
        self.name("links");
        self.raw("{");
        for (name, url) in to_many {
            let _ = write!(self.0, "\"{name}\":\"/v1/{url}={id}\",");
        }
        let _ = write!(self.0, "\"history\":\"/v1/{collection}/{id}/history\"}}}}");
    }

    /// A first field with a list.
    pub fn array<T>(&mut self, name: &str, values: impl Iterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        self.raw("\"");
        self.raw(name);
        self.raw("\":[");
        for (at, value) in values.enumerate() {
            if at > 0 {
                self.raw(",");
            }
            write(self, value);
        }
        self.raw("]");
    }

    /// The records of a list.
    pub fn list<T>(&mut self, rows: &[T], write: impl FnMut(&mut Self, &T)) {
        let mut write = write;
        self.raw("{");
        self.array("data", rows.iter(), |out, row| write(out, row));
    }

    /// Where a list is and goes on, and its end.
    pub fn page(&mut self, request: &HttpRequest, limit: usize, next: Option<&str>) {
        let (path, query) = (request.path(), request.query_string());
        self.raw(",\"page\":{\"next\":");
        match next {
            Some(next) => self.string(next),
            None => self.raw("null"),
        }
        let _ = write!(self.0, ",\"limit\":{limit}}},\"links\":{{\"first\":");
        self.string(&format!("{path}?{query}"));
        self.text("next", next.map(|next| format!("{path}?{query}&cursor={next}")).as_deref());
        self.raw("}}");
    }
}
