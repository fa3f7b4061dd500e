//! Whether a figure agrees with itself.

use serde_json::json;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};

use super::Statistic;
use crate::domain::check::check_span;
use crate::domain::number::LARGEST;
use crate::domain::{Fault, Faults, LinkForm, Number};
use crate::results::vocabulary::{QuantityQualifier, StatisticCheck};

/// What is wrong with a statistic by itself. That its figures contradict each other is nothing wrong with it.
pub fn check<L: LinkForm>(body: &Statistic<L>, faults: &mut Faults) {
    check_span("/period_to", body.period_from, body.period_to, faults);
    if body.denominator.is_some_and(|denominator| denominator.value() == 0.0) {
        faults.field("/denominator", Fault::new("out_of_range", "must be more than 0"));
    }
    let stated = body.numerator.is_some() || body.stated_rate.is_some() || body.raw_text.is_some();
    let in_words = matches!(body.qualifier, QuantityQualifier::All | QuantityQualifier::Many);
    if body.denominator.is_some() && body.numerator.is_none() {
        faults.field("/numerator", Fault::new("missing", "is needed where there is a denominator"));
    } else if !stated && !in_words {
        let message = "is needed where there is no stated_rate, no raw_text and no qualifier that is a quantity";
        faults.field("/numerator", Fault::new("missing", message));
    }
}

/// The schema of a denominator, or null.
pub fn denominator_schema() -> Schema {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::Number, Type::Null]))
        .exclusive_minimum(Some(0.0))
        .maximum(Some(LARGEST))
        .description(Some("The whole. It is never 0."))
        .examples([json!(778)])
        .into()
}

/// The rate that numerator and denominator come to.
#[must_use]
pub fn computed_rate<L: LinkForm>(body: &Statistic<L>) -> Option<Number> {
    body.numerator?.percent_of(body.denominator?)
}

/// What a check of the figures says.
///
/// A stated rate agrees if it is off by no more than one in its last decimal: sources round and cut. "More than 90%" agrees
/// with anything from 90 up, and what is stated roughly cannot be checked.
#[must_use]
pub fn checked<L: LinkForm>(body: &Statistic<L>) -> StatisticCheck {
    if body.correction_text.is_some() {
        return StatisticCheck::Corrected;
    }
    let Some(computed) = computed_rate(body) else { return StatisticCheck::NotCheckable };
    let whole = Number::new(100.0).ok();
    let stated = body.stated_rate.or(whole.filter(|_| body.qualifier == QuantityQualifier::All));
    let Some(stated) = stated else { return StatisticCheck::AsStated };
    match body.qualifier {
        QuantityQualifier::Exact | QuantityQualifier::All => agreement(within_last_decimal(stated, computed)),
        QuantityQualifier::AtLeast => agreement(computed >= stated),
        QuantityQualifier::About | QuantityQualifier::Many | QuantityQualifier::Unknown => StatisticCheck::NotCheckable,
    }
}

const fn agreement(agrees: bool) -> StatisticCheck {
    if agrees { StatisticCheck::Consistent } else { StatisticCheck::Inconsistent }
}

fn within_last_decimal(stated: Number, computed: Number) -> bool {
    // The computed rate has two decimals, so no more of the stated ones are compared.
    let unit = match stated.decimals() {
        0 => 1.0,
        1 => 0.1,
        _ => 0.01,
    };
    // A tenth of the smallest step is far above what doubles are off by, and far below what could matter.
    (stated.value() - computed.value()).abs() <= unit + 0.001
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::Id;

    fn statistic(fields: Value) -> Statistic<Id> {
        let mut whole = json!({ "measure": "Vụ án được khám phá" });
        whole.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        serde_json::from_value(whole).unwrap()
    }

    fn outcome(fields: Value) -> (Option<f64>, &'static str) {
        let statistic = statistic(fields);
        (computed_rate(&statistic).map(Number::value), checked(&statistic).code())
    }

    #[test]
    fn published_figures_are_checked() {
        for (numerator, denominator, stated, computed, check) in [
            (771, 778, json!(92.2), 99.1, "inconsistent"),
            (717, 778, json!(92.2), 92.16, "consistent"),
            (62, 63, json!(null), 98.41, "as_stated"),
            (35_599, 35_900, json!(99.16), 99.16, "consistent"),
            (2501, 2723, json!(91.8), 91.85, "consistent"),
            (16_051, 16_274, json!(98.62), 98.63, "consistent"),
            (223, 16_274, json!(1.38), 1.37, "consistent"),
            (7892, 9831, json!(80.3), 80.28, "consistent"),
            (1602, 9831, json!(16.47), 16.3, "inconsistent"),
            (1620, 9831, json!(16.47), 16.48, "consistent"),
            (319, 9831, json!(3.23), 3.24, "consistent"),
            (522, 722, json!(66), 72.3, "inconsistent"),
        ] {
            let fields = json!({ "numerator": numerator, "denominator": denominator, "stated_rate": stated });
            assert_eq!(outcome(fields), (Some(computed), check), "{numerator}/{denominator}");
        }
    }

    #[test]
    fn more_than_a_rate_agrees_from_there_up() {
        let more =
            |stated| json!({ "numerator": 703, "denominator": 775, "stated_rate": stated, "qualifier": "at_least" });
        assert_eq!(outcome(more(90)), (Some(90.71), "consistent"));
        assert_eq!(outcome(more(91)), (Some(90.71), "inconsistent"));
    }

    #[test]
    fn all_means_a_hundred_in_a_hundred() {
        let all = |numerator| json!({ "numerator": numerator, "denominator": 63, "qualifier": "all" });
        assert_eq!(outcome(all(63)), (Some(100.0), "consistent"));
        assert_eq!(outcome(all(62)), (Some(98.41), "inconsistent"));
        assert_eq!(outcome(json!({ "qualifier": "all" })), (None, "not_checkable"));
    }

    #[test]
    fn what_is_stated_roughly_or_alone_cannot_be_checked() {
        assert_eq!(outcome(json!({ "stated_rate": 98.3 })), (None, "not_checkable"));
        assert_eq!(outcome(json!({ "numerator": 1315 })), (None, "not_checkable"));
        let about = json!({ "numerator": 1, "denominator": 2, "stated_rate": 60, "qualifier": "about" });
        assert_eq!(outcome(about), (Some(50.0), "not_checkable"));
    }

    #[test]
    fn a_corrected_figure_says_so() {
        let fields = json!({ "numerator": 771, "denominator": 778, "stated_rate": 92.2, "correction_text": "717/778" });
        assert_eq!(outcome(fields), (Some(99.1), "corrected"));
    }

    #[test]
    fn a_figure_states_something() {
        let found = |fields| {
            let mut faults = Faults::default();
            check(&statistic(fields), &mut faults);
            faults
        };
        let message = "is needed where there is no stated_rate, no raw_text and no qualifier that is a quantity";
        assert_eq!(found(json!({})), Faults::at("/numerator", Fault::new("missing", message)));
        assert!(found(json!({ "qualifier": "many" })).is_empty());
        let fault = Fault::new("missing", "is needed where there is a denominator");
        assert_eq!(found(json!({ "denominator": 63, "stated_rate": 98 })), Faults::at("/numerator", fault));
        let fault = Fault::new("out_of_range", "must be more than 0");
        assert_eq!(found(json!({ "numerator": 0, "denominator": 0 })), Faults::at("/denominator", fault));
    }
}
