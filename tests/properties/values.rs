//! Small values: days, instants, numbers of records, links, keys, cursors, parameters, JSON.

use std::ops::Range;

use directive_tracker::domain::link::{ExternalKey, KeyPart};
use directive_tracker::domain::page::{Sort, SortField};
use directive_tracker::domain::{
    Date, DocumentChoice, Instant, List, Number, RecordId, Reference, SearchText, SymbolText,
};
use directive_tracker::http::cursor::CursorKey;
use directive_tracker::http::query::Parameters;
use directive_tracker::idempotency::Key;
use directive_tracker::people::person::People;
use directive_tracker::service::input;
use directive_tracker::service::strict_json;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::cases;

/// The seconds of the years 1900 to 2199 in UTC, from 1970-01-01.
const SECONDS: Range<i64> = -2_208_988_800..7_258_118_400;

/// The seconds of the day before and after.
fn around(second: i64) -> Range<i64> {
    second - 86_400..second + 86_400
}

/// Any text, and texts that are nearly days, instants, numbers or lists.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[-+0-9T:.Z,/ a-z\"*]{0,40}",
        "[0-9]{3,5}-[0-9]{1,2}-[0-9]{1,2}(T[0-9:.]{4,12}(Z|[-+][0-9:]{4,6}))?"
    ]
}

/// The digits of a cursor.
const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Any JSON.
fn json_values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter("JSON has no infinity", |number| number.is_finite()).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("[a-d/~é]{0,2}", inner, 0..6).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

#[test]
fn every_day_of_three_hundred_years_is_written_as_it_is_read() {
    let mut day = chrono::NaiveDate::from_ymd_opt(1900, 1, 1).unwrap();
    while let Ok(date) = Date::new(day) {
        assert_eq!(date.to_string(), day.to_string());
        assert_eq!(date.to_string().parse::<Date>(), Ok(date));
        day = day.succ_opt().unwrap();
    }
    assert_eq!(day.to_string(), "2200-01-01");
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn any_text_is_read_as_a_value_or_refused(text in texts()) {
        if let Ok(date) = text.parse::<Date>() {
            prop_assert_eq!(date.to_string(), text.as_str());
        }
        if let Ok(id) = text.parse::<RecordId>() {
            prop_assert_eq!(id.to_string(), text.as_str());
        }
        if let Ok(List(ids)) = text.parse::<List<RecordId>>() {
            prop_assert_eq!(ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(","), text.as_str());
        }
        if let Ok(instant) = text.parse::<Instant>() {
            prop_assert_eq!(instant.to_string().parse(), Ok(instant));
        }
        let _ = (text.parse::<DocumentChoice>(), text.parse::<SearchText>(), text.parse::<SymbolText>());
        let _ = (Key::new(&text), KeyPart::new(&text), serde_json::from_str::<Number>(&text));
    }

    #[test]
    fn an_instant_is_read_back_wherever_its_clock_stood(
        seconds in prop_oneof![SECONDS, around(SECONDS.start), around(SECONDS.end)],
        micros in 0_u32..1_000_000,
        minutes in -1439_i32..=1439,
    ) {
        let offset = chrono::FixedOffset::east_opt(minutes * 60).unwrap();
        let moment = chrono::DateTime::from_timestamp(seconds, micros * 1000).unwrap().with_timezone(&offset);
        let read = moment.to_rfc3339().parse::<Instant>();
        prop_assert_eq!(read.is_ok(), SECONDS.contains(&seconds), "{}", moment);
        if let Ok(instant) = read {
            prop_assert_eq!(instant.microseconds(), moment.timestamp_micros());
            prop_assert_eq!(instant.to_string().parse(), Ok(instant));
        }
    }

    #[test]
    fn a_link_is_read_back(id in 1..=i64::MAX, system in "[A-Za-z0-9][A-Za-z0-9._~:-]{0,9}", key in "[A-Za-z0-9]{1,200}") {
        let part = |text: &str| KeyPart::new(text).unwrap();
        let external = Reference::ExternalKey(ExternalKey { system: part(&system), key: part(&key) });
        for link in [Reference::Id(id), external, Reference::Pointer("/bridge_points/0".to_owned())] {
            prop_assert_eq!(Reference::from_json(&serde_json::to_value(&link).unwrap()).ok(), Some(link));
        }
        prop_assert_eq!(Reference::from_json(&json!({ "id": id })).ok(), Some(Reference::Id(id)));
    }

    #[test]
    fn any_json_is_a_link_or_refused(value in json_values()) {
        if let Ok(link) = Reference::from_json(&value) {
            prop_assert_eq!(Reference::from_json(&serde_json::to_value(&link).unwrap()).ok(), Some(link));
        }
    }

    #[test]
    fn a_key_means_the_same_within_quotes(key in "[!#-~][!-~]{0,254}") {
        let quoted = format!("\"{}\"", key.replace('\\', "\\\\").replace('"', "\\\""));
        prop_assert_eq!(Key::new(&quoted), Key::new(&key));
        prop_assert!(Key::new(&key).is_ok());
    }

    #[test]
    fn a_cursor_is_good_for_its_own_list_alone(list in ".{0,40}", other in ".{0,40}", position in ".{0,40}", at: prop::sample::Index, bit in 0_usize..6) {
        let key = CursorKey::derived_from(b"a secret");
        let cursor = key.encode(&list, &position);
        prop_assert_eq!(key.decode::<String>(&list, &cursor).ok(), Some(position));
        prop_assert!(list == other || key.decode::<String>(&other, &cursor).is_err());
        let mut bytes = cursor.into_bytes();
        let byte = at.get_mut(&mut bytes);
        let digit = DIGITS.iter().position(|digit| digit == byte).unwrap();
        *byte = DIGITS[digit ^ (1 << bit)];
        prop_assert!(key.decode::<String>(&list, std::str::from_utf8(&bytes).unwrap()).is_err(), "one bit is another");
    }

    #[test]
    fn any_text_is_a_cursor_of_no_list(text in any::<String>()) {
        prop_assert!(CursorKey::derived_from(b"a secret").decode::<String>("documents", &text).is_err());
    }

    #[test]
    fn parameters_are_read_as_they_were_encoded(given in prop::collection::btree_map(".{1,12}", ".{1,30}", 0..6)) {
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let query: Vec<String> = given.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        let mut read = Parameters::parse(&query.join("&")).unwrap();
        for (name, value) in given {
            prop_assert_eq!(read.take_text(&name), Some(value));
        }
        prop_assert!(read.refuse_unknown(&[]).is_ok(), "nothing else was read");
    }

    #[test]
    fn any_query_is_read_or_refused(query in "[a-c=&%+0-9A-F]{0,60}|.{0,60}") {
        let _ = Parameters::parse(&query);
    }

    #[test]
    fn an_order_is_one_of_the_fields_and_the_id(text in "(-?(name|id|day|x)?,?){0,4}|.{0,20}") {
        let fields = ["name", "day"].map(|name| SortField { name, column: name });
        if let Ok(sort) = Sort::parse(&text, &fields) {
            prop_assert!(["name", "day", "id"].contains(&sort.field.name));
            prop_assert_eq!(text.starts_with('-'), sort.descending);
        }
    }

    #[test]
    fn json_is_read_as_it_was_written(value in json_values()) {
        prop_assert_eq!(strict_json::parse(&value.to_string()).unwrap(), value);
    }

    #[test]
    fn any_text_is_json_where_others_read_the_same(text in prop_oneof![any::<String>(), "[\\[\\]{}\",:0-9eE.+-]{0,30}", "(\\{\"[ab]\":[0-9],?){0,3}\\}*"]) {
        if let Ok(value) = strict_json::parse(&text) {
            prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        }
    }

    #[test]
    fn a_patch_that_says_what_is_there_changes_nothing(record in prop::collection::btree_map("[a-c]", json_values(), 0..4)) {
        let there: Map<String, Value> = record.into_iter().filter(|(_, value)| !value.is_null()).collect();
        let mut patched = there.clone();
        let said = without_nulls(&there);
        input::patch::<People>(&mut patched, said);
        prop_assert_eq!(&patched, &there);
        input::patch::<People>(&mut patched, Map::new());
        prop_assert_eq!(patched, there);
    }
}

/// A patch with what an object says, but for the nulls, which would take members away, and links, which are replaced whole.
fn without_nulls(object: &Map<String, Value>) -> Map<String, Value> {
    let said = object.iter().filter(|(_, value)| !value.is_null());
    said.map(|(name, value)| match value {
        Value::Object(inner) => (name.clone(), Value::Object(without_nulls(inner))),
        other => (name.clone(), other.clone()),
    })
    .collect()
}
