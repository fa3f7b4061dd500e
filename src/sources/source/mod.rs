//! Sources: articles, official records and other publications.

pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::vocabulary::{RecordType, SourceKind};
use crate::domain::check::{check_web_address, web_address_schema};
use crate::domain::page::SortField;
use crate::domain::{
    Date, Fault, Faults, Id, Line, LinkField, LinkForm, List, Prose, RecordId, Resource, SearchText, ShortList, Title,
    ToMany,
};

/// A publication. One event may have several, and one publication may tell of several events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, bound = "L: LinkForm")]
pub struct Source<L> {
    /// The title.
    #[schema(example = "Quán triệt, triển khai thực hiện Kết luận số 32-KL/TW của Bộ Chính trị")]
    pub title: Title,
    /// What sort of publication it is.
    #[schema(example = "reprint")]
    pub kind: SourceKind,
    /// Where it was found.
    #[serde(default)]
    #[schema(schema_with = web_address_schema)]
    pub web_url: Option<Line<2000>>,
    /// Who published it, as it names itself.
    #[serde(default)]
    #[schema(example = "Báo Thái Bình")]
    pub publisher: Option<Line>,
    /// The organization that published it.
    #[serde(default)]
    pub publisher_organization: Option<L>,
    /// The day of publication.
    #[serde(default)]
    #[schema(example = "2018-07-17")]
    pub published_on: Option<Date>,
    /// The time of publication in Viet Nam (UTC+7), `HH:MM`.
    #[serde(default)]
    #[schema(example = "19:09", pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub published_time: Option<String>,
    /// The publication that it says it was taken from.
    #[serde(default)]
    #[schema(example = "baothaibinh.com.vn")]
    pub reprinted_from: Option<Line>,
    /// Who wrote it.
    #[serde(default)]
    #[schema(example = "Trọng Hiếu")]
    pub author: Option<Line>,
    /// The day on which it was last seen at `web_url`.
    #[serde(default)]
    #[schema(example = "2026-03-01")]
    pub retrieved_on: Option<Date>,
    /// The text as received, with whatever stands around it; where it may be kept.
    #[serde(default)]
    #[schema(example = "Chiều ngày 16/7, Ban Thường vụ Tỉnh ủy triệu tập hội nghị.")]
    pub raw_text: Option<Prose<200_000>>,
    /// Remarks.
    #[serde(default)]
    #[schema(example = "The site that reprinted it does not name itself.")]
    pub note: Option<Prose>,
}

/// What a list of sources may be narrowed by.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct SourceFilter {
    /// Any of these kinds.
    #[param(example = "original,official_record")]
    pub kind: Option<List<SourceKind>>,
    /// Published by this, spelled as it is there.
    #[param(example = "Báo Thái Bình")]
    pub publisher: Option<Line>,
    /// Published on or after this day.
    #[param(example = "2018-01-01")]
    pub published_from: Option<Date>,
    /// Published on or before this day.
    #[param(example = "2018-12-31")]
    pub published_to: Option<Date>,
    /// With a claim about a record of this type; together with `about_id`.
    #[param(example = "conference")]
    pub about_type: Option<RecordType>,
    /// With a claim about the record with this number; together with `about_type`.
    #[param(example = 1)]
    pub about_id: Option<RecordId>,
    /// Published by this day.
    #[param(example = "2018-12-31")]
    pub as_of: Option<Date>,
    /// Whose title contains this, whatever the marks and the case.
    #[param(example = "quan triet")]
    pub q: Option<SearchText>,
}

/// The collection of sources.
pub enum Sources {}

impl Resource for Sources {
    const TYPE: &'static str = "source";
    const COLLECTION: &'static str = "sources";
    const SCHEMA: &'static str = "Source";
    const TAG: &'static str = "sources";
    const ABOUT: &'static str = "The articles, official records and other publications that the records rest on.";
    const LINKS: &'static [LinkField] = &[LinkField::one("publisher_organization", "organization")];
    const TO_MANY: &'static [ToMany] = &[ToMany::new("claims", "claim", "source")];
    const SORTS: &'static [SortField] = &[
        SortField { name: "published_on", column: "published_on_key" },
        SortField { name: "title", column: "title_sort" },
        SortField { name: "updated_at", column: "updated_at" },
    ];
    const SHORT: &'static [ShortList] =
        &[ShortList::sorted(&[], &["published_on"]).bounded(&["published_from", "published_to"])];

    type Body<L: LinkForm> = Source<L>;
    type Filter = SourceFilter;

    fn check(body: &Source<Id>, faults: &mut Faults) {
        check_web_address("/web_url", body.web_url.as_deref(), faults);
        if let Some(time) = &body.published_time {
            if !is_time_of_day(time) {
                let fault = Fault::new("invalid_value", "is not a time between 00:00 and 23:59, written HH:MM");
                faults.field("/published_time", fault);
            }
            if body.published_on.is_none() {
                let fault = Fault::new("inconsistent", "must be null where there is no published_on");
                faults.field("/published_time", fault);
            }
        }
    }
}

/// Whether `text` is a time of day, `HH:MM`.
fn is_time_of_day(text: &str) -> bool {
    matches!(
        text.as_bytes(),
        [b'0' | b'1', b'0'..=b'9', b':', b'0'..=b'5', b'0'..=b'9']
            | [b'2', b'0'..=b'3', b':', b'0'..=b'5', b'0'..=b'9']
    )
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn found(fields: Value) -> Faults {
        let mut whole = json!({ "title": "Bài", "kind": "original" });
        whole.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let mut faults = Faults::default();
        Sources::check(&serde_json::from_value(whole).unwrap(), &mut faults);
        faults
    }

    #[test]
    fn an_address_is_on_the_web_and_names_a_host() {
        for url in [
            "https://baothaibinh.com.vn/tin-tuc/0/67821",
            "http://thaibinh.gov.vn?ItemID=37445",
            "https://báo.vn:8443/#a",
            "https://web.archive.org/web/2018/http://thaibinh.gov.vn/",
        ] {
            assert!(found(json!({ "web_url": url })).is_empty(), "{url}");
        }
        for url in [
            "baothaibinh.com.vn",
            "ftp://baothaibinh.com.vn",
            "javascript:alert(1)",
            "https://",
            "https:///tin-tuc",
            "https://:443/",
            "https://user:secret@baothaibinh.com.vn/",
            "https://baothaibinh.com.vn\\@elsewhere.vn/",
            "https://bao thaibinh.vn/",
            "https://user@baothaibinh.com.vn/",
            "https://thaibinh.gov.vn:/",
            "https://thaibinh.gov.vn:999999/",
            "http://[2001:db8::1]/",
        ] {
            let faults = found(json!({ "web_url": url }));
            let codes: Vec<&str> = faults.0.iter().map(|(_, fault)| fault.code).collect();
            assert_eq!(codes, ["invalid_value"], "{url}");
        }
    }

    #[test]
    fn a_time_of_publication_is_a_time_and_has_its_day() {
        assert!(found(json!({ "published_on": "2017-02-20", "published_time": "19:09" })).is_empty());
        for time in ["24:00", "19:60", "9:09", "19h09", "19:09:00", "", "1９:09"] {
            let fault = Fault::new("invalid_value", "is not a time between 00:00 and 23:59, written HH:MM");
            let fields = json!({ "published_on": "2017-02-20", "published_time": time });
            assert_eq!(found(fields), Faults::at("/published_time", fault), "{time}");
        }
        let fault = Fault::new("inconsistent", "must be null where there is no published_on");
        assert_eq!(found(json!({ "published_time": "19:09" })), Faults::at("/published_time", fault));
    }
}
