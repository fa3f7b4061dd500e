//! In which form a list is sent: what the parameter `format` says or, without it, what `Accept` prefers (RFC 9110 section
//! 12.5.1). A single record is plain JSON or linked data in the same way, and everything else under `/v1` is JSON.

use std::str::FromStr;

use actix_web::HttpRequest;
use actix_web::http::header;

use super::problem::Problem;
use super::query::Parameters;
use crate::domain::{Error, Fault};

/// By which headers of a request a list differs.
pub const VARY: &str = "Authorization, Accept, Accept-Encoding";

/// A form of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Pages of records.
    Json,
    /// A table as text.
    Csv,
    /// A record a line.
    Ndjson,
    /// A table as a workbook.
    Xlsx,
    /// Pages of records as linked data.
    JsonLd,
    /// A picture.
    Svg,
    /// Entries of a calendar.
    Calendar,
}

impl Format {
    /// Every form of a list; of those that a caller takes equally well the first is sent.
    pub const ALL: &'static [Self] = &[Self::Json, Self::Csv, Self::Ndjson, Self::Xlsx, Self::JsonLd];

    /// Every form of a single record, in the same order.
    pub const OF_RECORD: &'static [Self] = &[Self::Json, Self::JsonLd];

    /// Every form of what is computed, which is no record and has no statements of its own.
    pub const OF_OVERVIEW: &'static [Self] = &[Self::Json, Self::Csv, Self::Ndjson, Self::Xlsx];

    /// Every form of changes, in the same order.
    pub const OF_CHANGES: &'static [Self] = &[Self::Json, Self::Ndjson];

    /// Its name in `format` and at the end of the names of files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Xlsx => "xlsx",
            Self::JsonLd => "jsonld",
            Self::Svg => "svg",
            Self::Calendar => "ics",
        }
    }

    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv",
            Self::Ndjson => "application/x-ndjson",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::JsonLd => "application/ld+json",
            Self::Svg => "image/svg+xml",
            Self::Calendar => "text/calendar",
        }
    }

    /// Whether a list comes in pages, and not as a whole.
    #[must_use]
    pub const fn is_paged(self) -> bool {
        matches!(self, Self::Json | Self::JsonLd)
    }

    fn named(text: &str, offered: &[Self], refusal: &str) -> Result<Self, Fault> {
        let known = offered.iter().copied().find(|format| format.name() == text);
        known.ok_or_else(|| Fault::new("unknown_code", refusal).allowing(offered.iter().map(|format| format.name())))
    }
}

impl FromStr for Format {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        Self::named(text, Self::ALL, "is not a form that lists are sent in")
    }
}

/// Takes `format` from the parameters of a single record, and the form that `Accept` prefers where they name none.
///
/// # Errors
/// `not_acceptable` if no form is one that the caller takes, `invalid_parameter` if there is no such form.
pub fn form_of_record(parameters: &mut Parameters, request: &HttpRequest) -> Result<Format, Problem> {
    form_among(parameters, request, "Records", Format::OF_RECORD)
}

/// The same for changes.
///
/// # Errors
/// As [`form_of_record`].
pub fn form_of_changes(parameters: &mut Parameters, request: &HttpRequest) -> Result<Format, Problem> {
    form_among(parameters, request, "Changes", Format::OF_CHANGES)
}

fn form_among(
    parameters: &mut Parameters,
    request: &HttpRequest,
    what: &str,
    offered: &[Format],
) -> Result<Format, Problem> {
    let refusal = format!("is not a form that {} are sent in", what.to_lowercase());
    match parameters.take_text("format") {
        Some(text) => Format::named(&text, offered, &refusal).map_err(|fault| Error::parameter("format", fault).into()),
        None => preferred(request, offered).ok_or_else(|| not_acceptable(what, offered)),
    }
}

/// A form of a list with what shapes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// The form.
    pub format: Format,
    /// Whether CSV is to be read back by a program.
    pub raw: bool,
    /// Whether a table has Vietnamese headings and labels.
    pub vietnamese: bool,
}

/// A value of `csv`: whether it is `raw`.
struct Raw(bool);

impl FromStr for Raw {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        match text {
            "excel" => Ok(Self(false)),
            "raw" => Ok(Self(true)),
            _ => Err(Fault::new("unknown_code", "is neither excel nor raw").allowing(["excel", "raw"])),
        }
    }
}

/// The value of `labels`.
struct Vietnamese;

impl FromStr for Vietnamese {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        if text == "vi" { Ok(Self) } else { Err(Fault::new("unknown_code", "can only be vi").allowing(["vi"])) }
    }
}

impl Form {
    /// Takes `format`, `csv` and `labels` from the parameters, and the form that `Accept` prefers where they name none.
    ///
    /// # Errors
    /// `not_acceptable` if no form is one that the caller takes, `invalid_parameter` if what shapes one form stands beside
    /// another.
    pub fn take(parameters: &mut Parameters, request: &HttpRequest) -> Result<Self, Problem> {
        let format = match parameters.take::<Format>("format")? {
            Some(format) => format,
            None => preferred(request, Format::ALL).ok_or_else(|| not_acceptable("Lists", Format::ALL))?,
        };
        Self::shaped(parameters, format)
    }

    /// The same for what is computed.
    ///
    /// # Errors
    /// As [`Form::take`].
    pub fn take_of_overview(parameters: &mut Parameters, request: &HttpRequest) -> Result<Self, Problem> {
        let format = form_among(parameters, request, "Answers", Format::OF_OVERVIEW)?;
        Self::shaped(parameters, format)
    }

    /// A form with what else the parameters say of it.
    fn shaped(parameters: &mut Parameters, format: Format) -> Result<Self, Problem> {
        let raw = parameters.take::<Raw>("csv")?.map(|raw| raw.0);
        let vietnamese = parameters.take::<Vietnamese>("labels")?.is_some();
        let refused =
            |name: &str, message: &str| Err(Error::parameter(name, Fault::new("inconsistent", message)).into());
        if raw.is_some() && format != Format::Csv {
            return refused("csv", "shapes CSV alone; format=csv asks for it");
        }
        let form = Self { format, raw: raw.unwrap_or(false), vietnamese };
        if vietnamese && (form.raw || !matches!(format, Format::Csv | Format::Xlsx)) {
            return refused("labels", "labels tables that people read: format=xlsx, or format=csv without csv=raw");
        }
        Ok(form)
    }

    /// Refuses a parameter that shapes the pages of JSON alone.
    ///
    /// # Errors
    /// `inconsistent` if it is there and the form is another.
    pub fn refuse(self, name: &str, there: bool) -> Result<(), Error> {
        if there && !self.format.is_paged() {
            return Err(Error::parameter(name, Fault::new("inconsistent", "is for JSON; no other form shows it")));
        }
        Ok(())
    }
}

/// Refuses a caller who does not take JSON.
///
/// # Errors
/// `not_acceptable`.
pub fn require_json(request: &HttpRequest) -> Result<(), Problem> {
    require_one(request, "Records", Format::Json)
}

/// Refuses a caller of an import who does not take lines.
///
/// # Errors
/// `not_acceptable`.
pub fn require_lines(request: &HttpRequest) -> Result<(), Problem> {
    require_one(request, "Reports of an import", Format::Ndjson)
}

/// Refuses a caller who does not take the one form in which these are sent.
///
/// # Errors
/// `not_acceptable`.
pub fn require_one(request: &HttpRequest, what: &str, offered: Format) -> Result<(), Problem> {
    preferred(request, &[offered]).map(drop).ok_or_else(|| not_acceptable(what, &[offered]))
}

fn not_acceptable(what: &str, offered: &[Format]) -> Problem {
    let names: Vec<&str> = offered.iter().map(|format| format.media_type()).collect();
    Problem::new("not_acceptable", format!("{what} are sent as {}.", names.join(" or ")))
}

/// The form that `Accept` prefers among those that are offered. Of the ranges that a form falls into the narrowest decides.
///
/// Actix's `Accept` drops the ranges that it cannot read, such as `*/*; q=.2` of older Java clients, who would be refused.
pub(super) fn preferred(request: &HttpRequest, offered: &[Format]) -> Option<Format> {
    let mut values = request.headers().get_all(header::ACCEPT).filter_map(|value| value.to_str().ok()).peekable();
    if values.peek().is_none() {
        return offered.first().copied();
    }
    let ranges: Vec<(String, f32)> = values.flat_map(|value| value.split(',')).map(media_range).collect();
    let weighed = offered.iter().map(|format| (*format, weight(*format, &ranges)));
    let taken = weighed.filter(|(_, weight)| *weight > 0.0);
    taken.reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(format, _)| format)
}

/// What the narrowest range that it falls into says of a form, and the first of equally narrow ones.
fn weight(format: Format, ranges: &[(String, f32)]) -> f32 {
    let media_type = format.media_type();
    let kind = media_type.split_once('/').map(|(kind, _)| kind);
    let narrowness = |range: &str| match range {
        "*/*" => Some(0),
        _ if range.strip_suffix("/*") == kind => Some(1),
        _ => (range == media_type).then_some(2),
    };
    let meant = ranges.iter().rev().filter_map(|(range, weight)| Some((narrowness(range)?, *weight)));
    meant.max_by_key(|(narrowness, _)| *narrowness).map_or(0.0, |(_, weight)| weight)
}

/// A range of media types, and how much it weighs; 1 if that cannot be read.
fn media_range(text: &str) -> (String, f32) {
    let mut parts = text.split(';').map(str::trim);
    let range = parts.next().unwrap_or_default().to_ascii_lowercase();
    let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    let weight = weight.and_then(|weight| weight.parse().ok()).filter(|weight| (0.0..=1.0).contains(weight));
    (range, weight.unwrap_or(1.0))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn preferred_by(accept: &str) -> Option<Format> {
        preferred(&TestRequest::get().insert_header((header::ACCEPT, accept)).to_http_request(), Format::ALL)
    }

    #[test]
    fn the_form_that_weighs_most_is_preferred_and_json_of_equals() {
        assert_eq!(preferred(&TestRequest::get().to_http_request(), Format::ALL), Some(Format::Json));
        for (accept, format) in [
            ("*/*", Format::Json),
            ("text/csv", Format::Csv),
            ("text/*", Format::Csv),
            ("TEXT/CSV; header=present", Format::Csv),
            ("text/csv, application/json", Format::Json),
            ("application/json;q=0.5, text/csv;q=0.9", Format::Csv),
            ("application/json; Q=.2, application/x-ndjson;q=0.3", Format::Ndjson),
            ("application/*", Format::Json),
            ("application/*, application/json;q=0", Format::Ndjson),
            ("application/ld+json, application/json;q=0.9", Format::JsonLd),
            (
                "application/ld+json; profile=\"http://www.w3.org/ns/json-ld#compacted\"; q=0.4, text/csv;q=0.3",
                Format::JsonLd,
            ),
            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, */*;q=0.1", Format::Xlsx),
            ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", Format::Json),
            ("*/*;q=0, text/csv;q=0.001", Format::Csv),
            ("text/csv;q=high", Format::Csv),
        ] {
            assert_eq!(preferred_by(accept), Some(format), "{accept}");
        }
        for accept in ["text/html", "*/*;q=0", "text/csv;q=0, text/html", ""] {
            assert_eq!(preferred_by(accept), None, "{accept:?}");
        }
    }
}
