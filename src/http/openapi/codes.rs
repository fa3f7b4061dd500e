//! What the codes of faults and of warnings mean: one table of each, for the OpenAPI document and the page `/problems`.

/// A code and the sentence that says what it means.
pub type Meaning = (&'static str, &'static str);

/// The codes of `errors[].code`, all of [`FAULT_CODES`](crate::domain::error::FAULT_CODES) and no other.
pub const FAULTS: &[Meaning] = &[
    ("above_normal_confidentiality", "The document is classified; the service keeps none that is."),
    ("children_not_patched", "The records that are part of this one are changed at their own addresses."),
    ("cycle", "The record would stand below itself, or rows of an import wait for each other."),
    ("does_not_exist", "The link or the parameter points at a record that is not there or was deleted."),
    ("duplicate_parameter", "The parameter is given more than once."),
    ("empty", "There is no value where one is needed."),
    ("forbidden_character", "The text has a character that is invisible, changes direction or controls."),
    ("inconsistent", "The value contradicts another field, a parameter or a record."),
    ("invalid_cursor", "The cursor belongs to another list or other filters; begin again without it."),
    ("invalid_date", "It is not a day of the calendar from 1900 to 2199, written YYYY-MM-DD."),
    ("invalid_id", "It is not the number of a record: a whole number from 1 to 9223372036854775807."),
    ("invalid_instant", "It is not an instant with its offset, such as 2026-11-21T03:00:00Z."),
    ("invalid_key", "It is not a key: 1 to 200 letters, digits and ._~:- that begin with a letter or a digit."),
    ("invalid_link", "It is not a link: a number, or an object with `id`, `external_key` or `pointer`."),
    ("invalid_number", "It is not a number of the kind that is asked for."),
    ("invalid_value", "The value has the right type and not a form that is accepted; the message says which are."),
    ("missing", "The field or the parameter is needed and not given."),
    ("out_of_range", "The number lies outside of its bounds, which the message names."),
    ("outside_numbering_period", "The day of issue lies outside of the numbering period."),
    ("read_only", "The field is set by the service or cannot be changed."),
    (
        "row_failed",
        "The link points at the record of another row of the import, which failed; the message names its line.",
    ),
    ("too_common", "The password is among the first that are guessed: common, made of a name, or a walk along keys."),
    ("too_long", "The text has more characters than are accepted."),
    ("too_many", "There are more values or records than are accepted."),
    ("too_short", "The password has fewer characters than are accepted."),
    ("unknown_code", "It is not one of the codes or names that are accepted, which `allowed` lists."),
    ("unknown_field", "A record of this type has no field of this name."),
    ("unknown_parameter", "The operation takes no parameter of this name."),
    ("wrong_type", "The value is of another JSON type than is asked for."),
];

/// The codes of `warnings[].code`.
pub const WARNINGS: &[Meaning] = &[
    ("completed_without_evidence", "A task is completed, and no evidence of it was accepted."),
    ("counted_twice", "The recipients of an award are counted both together and apart."),
    ("granted_by_nobody", "An extension was granted, and nothing says by whom."),
    (
        "identity_incomplete",
        "The numbering period is not known, so that a second record of the same document would not be noticed.",
    ),
    ("missing_review_period", "A review is recorded without the years or the days that it covers."),
    ("outside_life_span", "A body or a unit did not exist on the day of the record."),
    ("same_symbol", "Another document has the same symbol and the same day or numbering period."),
    ("same_symbol_other_kind", "Another document has the same number and symbol and another kind."),
    ("symbol_differs", "The symbol is not the one that follows from the number, the kind and the body."),
    ("unusual_issuer", "The body does not usually issue documents of this kind."),
];

/// The codes alone.
#[must_use]
pub fn names(table: &[Meaning]) -> Vec<&'static str> {
    table.iter().map(|(code, _)| *code).collect()
}

/// The codes with what they mean, as a list in Markdown.
#[must_use]
pub fn explained(table: &[Meaning]) -> String {
    let lines: Vec<String> = table.iter().map(|(code, meaning)| format!("\n- `{code}`: {meaning}")).collect();
    lines.concat()
}
