//! Checks of one record that the rules of several resources are made of.

use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};

use super::text::WEB_ADDRESS;
use super::{Date, Fault, Faults, Id};

/// Refuses a list that is longer than `limit` or has one of its members, which `what` says what they are, twice.
pub fn check_list<T: PartialEq>(pointer: &str, members: &[T], limit: usize, what: &str, faults: &mut Faults) {
    if members.len() > limit {
        faults.field(pointer, Fault::new("too_many", format!("takes at most {limit}")));
    }
    for (at, member) in members.iter().enumerate().take(limit) {
        if members.iter().take(at).any(|earlier| earlier == member) {
            faults.field(format!("{pointer}/{at}"), Fault::new("inconsistent", format!("names {what} twice")));
        }
    }
}

/// Refuses a list of codes that is longer than `limit` or names a code twice.
pub fn check_codes<T: PartialEq>(pointer: &str, codes: &[T], limit: usize, faults: &mut Faults) {
    check_list(pointer, codes, limit, "a code", faults);
}

/// The most links that one field holds.
pub const MOST_LINKS: usize = 50;

/// Refuses a list of links that is too long or names a record twice.
pub fn check_links(pointer: &str, links: &[Id], faults: &mut Faults) {
    check_list(pointer, links, MOST_LINKS, "a record", faults);
}

/// Refuses a number outside `first` to `last`.
pub fn check_range(pointer: &str, number: Option<i32>, first: i32, last: i32, faults: &mut Faults) {
    if number.is_some_and(|number| !(first..=last).contains(&number)) {
        faults.field(pointer, Fault::new("out_of_range", format!("must be from {first} to {last}")));
    }
}

/// Refuses a record that has none of several fields, at the first of them.
pub fn check_any(fields: &[(&str, bool)], faults: &mut Faults) {
    let Some(((first, _), others)) = fields.split_first() else { return };
    if !fields.iter().any(|(_, is_there)| *is_there) {
        let others: Vec<String> = others.iter().map(|(name, _)| format!("no {name}")).collect();
        let message = match others.split_last() {
            Some((last, [])) => format!("is needed where there is {last}"),
            Some((last, before)) => format!("is needed where there is {} and {last}", before.join(", ")),
            None => "is required".to_owned(),
        };
        faults.field(format!("/{first}"), Fault::new("missing", message));
    }
}

/// Refuses a span of days that ends before it begins, at the field of the end.
pub fn check_span(pointer: &str, from: Option<Date>, to: Option<Date>, faults: &mut Faults) {
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        faults.field(pointer, Fault::new("inconsistent", format!("must not be before {from}")));
    }
}

/// The schema of a field with an address on the web, or null.
#[must_use]
pub fn web_address_schema() -> Schema {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .max_length(Some(2000))
        .pattern(Some(WEB_ADDRESS))
        .description(Some("Where it is found: an absolute address on the web."))
        .examples(["https://baothaibinh.com.vn/tin-tuc/0/67821"])
        .into()
}

/// Refuses what is no absolute address on the web, as [`web_address_schema`] says.
///
/// Following it can then neither run a script nor hand over a password, and all readers of addresses see one host in it:
/// some take `\` for `/`, and what stands before `@` is easily taken for the host (RFC 3986, section 7.6).
pub fn check_web_address(pointer: &str, address: Option<&str>, faults: &mut Faults) {
    if address.is_some_and(|address| !is_web_address(address)) {
        let message = "must begin with http:// or https:// and name a host, without a user or spaces";
        faults.field(pointer, Fault::new("invalid_value", message));
    }
}

fn is_web_address(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.split_once(':').unwrap_or((authority, "0"));
    !host.is_empty()
        && !host.contains(['@', '[', ']'])
        && (1..=5).contains(&port.len())
        && port.bytes().all(|byte| byte.is_ascii_digit())
        && !rest.contains(|character: char| character.is_whitespace() || character == '\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(check: impl FnOnce(&mut Faults)) -> Faults {
        let mut faults = Faults::default();
        check(&mut faults);
        faults
    }

    #[test]
    fn a_list_names_each_code_once_and_is_bounded() {
        assert!(found(|faults| check_codes("/roles", &["chair", "speaker"], 2, faults)).is_empty());
        let twice = found(|faults| check_codes("/roles", &["chair", "speaker", "chair"], 3, faults));
        assert_eq!(twice, Faults::at("/roles/2", Fault::new("inconsistent", "names a code twice")));
        let long = found(|faults| check_codes("/roles", &["chair", "speaker"], 1, faults));
        assert_eq!(long, Faults::at("/roles", Fault::new("too_many", "takes at most 1")));
    }

    #[test]
    fn a_number_stays_in_its_range() {
        for number in [None, Some(1), Some(100)] {
            assert!(found(|faults| check_range("/review_years", number, 1, 100, faults)).is_empty(), "{number:?}");
        }
        for number in [0, 101, -1, i32::MIN] {
            let faults = found(|faults| check_range("/review_years", Some(number), 1, 100, faults));
            let fault = Fault::new("out_of_range", "must be from 1 to 100");
            assert_eq!(faults, Faults::at("/review_years", fault), "{number}");
        }
    }

    #[test]
    fn one_of_several_fields_is_enough() {
        let fields = |second| [("person", false), ("organization", second), ("group_text", false)];
        assert!(found(|faults| check_any(&fields(true), faults)).is_empty());
        let fault = Fault::new("missing", "is needed where there is no organization and no group_text");
        assert_eq!(found(|faults| check_any(&fields(false), faults)), Faults::at("/person", fault));
    }

    #[test]
    fn a_span_does_not_end_before_it_begins() {
        let day = |text: &str| text.parse::<Date>().ok();
        let faults = found(|faults| check_span("/valid_to", day("2025-07-01"), day("2025-06-30"), faults));
        assert_eq!(faults, Faults::at("/valid_to", Fault::new("inconsistent", "must not be before 2025-07-01")));
    }
}
