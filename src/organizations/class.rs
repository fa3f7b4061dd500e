//! Classes of organizations: "every provincial party committee", which is other bodies on another day.

use crate::db::Store;
use crate::domain::vocabulary::Level;
use crate::domain::{Fault, Faults, Id};
use crate::organizations::vocabulary::OrganizationKind;

/// A class: all organizations of a kind, of a tier, of a unit or below it, as far as each is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OrganizationClass {
    /// Their kind.
    pub kind: Option<OrganizationKind>,
    /// Their tier.
    pub level: Option<Level>,
    /// The administrative unit that they serve, or that theirs stands below.
    pub admin_unit: Option<Id>,
}

impl OrganizationClass {
    /// Whether there is one: a unit alone is none.
    #[must_use]
    pub const fn is_named(&self) -> bool {
        self.kind.is_some() || self.level.is_some()
    }
}

/// A resource whose records may name a class of organizations, in its fields `class_kind`, `class_level` and
/// `class_admin_unit`.
pub trait Classed: Store {
    /// The class that a record names.
    fn class(body: &Self::Body<Id>) -> OrganizationClass;
}

/// Refuses a unit without a class, and a class beside the one organization that is meant.
pub fn check_class(class: &OrganizationClass, organization: Option<Id>, faults: &mut Faults) {
    if class.admin_unit.is_some() && !class.is_named() {
        let fault = Fault::new("missing", "is needed where there is a class_admin_unit and no class_level");
        faults.field("/class_kind", fault);
    }
    if organization.is_some() && class.is_named() {
        let at = if class.kind.is_some() { "/class_kind" } else { "/class_level" };
        faults.field(at, Fault::new("inconsistent", "must be null where an organization is named"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(class: OrganizationClass, organization: Option<Id>) -> Vec<&'static str> {
        let mut faults = Faults::default();
        check_class(&class, organization, &mut faults);
        faults.0.iter().map(|(_, fault)| fault.code).collect()
    }

    #[test]
    fn a_unit_alone_is_no_class() {
        let unit = OrganizationClass { admin_unit: Some(1), ..OrganizationClass::default() };
        assert_eq!(found(unit, None), ["missing"]);
        assert!(found(OrganizationClass { level: Some(Level::Commune), ..unit }, None).is_empty());
    }

    #[test]
    fn a_class_does_not_stand_beside_one_organization() {
        let class = OrganizationClass { kind: Some(OrganizationKind::Police), ..OrganizationClass::default() };
        assert_eq!(found(class, Some(1)), ["inconsistent"]);
        assert!(found(class, None).is_empty());
        assert!(found(OrganizationClass::default(), Some(1)).is_empty());
    }
}
