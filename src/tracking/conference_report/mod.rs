//! The report on conferences: how many there were, by who convened them, where, at which level, how and when.
//!
//! [`store`] counts, by the filter of the list of conferences itself, so that a count is that of a list; here groups get
//! their order and their links. What is not known is a group of its own.

mod query;
pub mod store;

use std::str::FromStr;

use serde::Serialize;
use utoipa::ToSchema;

pub use self::query::ConferenceReportQuery;
use super::shown::{Links, ListAddress, Numbers};
use super::vocabulary::ConferenceGrouping;
use super::{Asked, Overview, RecordRef};
use crate::conferences::conference::{ConferenceFilter, Conferences};
use crate::conferences::vocabulary::{ConferenceMode, ConferenceWithout};
use crate::db::{Conn, Scope};
use crate::documents::document;
use crate::domain::vocabulary::Level;
use crate::domain::{Date, DocumentChoice, Error, Fault, Id, Link, LinkField, Result};
use crate::service::expand::Expansion;

/// How many groups it has at most.
const MOST_GROUPS: i64 = 30_000;

/// What some conferences have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// The body or the province.
    Record(Id),
    /// The level or the mode.
    Code(String),
    /// The year.
    Year(i32),
    /// That it is not known.
    None,
}

/// How many they are, before anything is shown of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Group {
    /// How many there are.
    pub count: i64,
    /// The day on which the first of them began.
    pub first_on: Option<Date>,
    /// The day on which the last of them began.
    pub last_on: Option<Date>,
}

impl Group {
    /// Takes others in.
    fn add(&mut self, other: &Self) {
        self.count = self.count.saturating_add(other.count);
        self.first_on = self.first_on.into_iter().chain(other.first_on).min();
        self.last_on = self.last_on.max(other.last_on);
    }
}

/// How many conferences there were.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConferenceReport {
    /// By what the groups are made.
    pub group_by: ConferenceGrouping,
    /// How many there are in all.
    #[schema(example = 32)]
    pub conferences: i64,
    /// The list of them.
    #[schema(example = "/v1/conferences?document=5")]
    pub url: String,
    /// The groups, most conferences first, then by number, code or year; what is not known comes last.
    pub groups: Vec<ConferenceGroup>,
}

/// Conferences that have in common what they are grouped by.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "convening_body": null,
    "province": { "id": 1, "type": "admin_unit", "url": "/v1/admin-units/1", "title": "Tỉnh Thái Bình" },
    "level": null, "mode": null, "year": null, "without": null, "conferences": 3,
    "first_on": "2018-07-16", "last_on": "2020-11-02", "url": "/v1/conferences?province=1"
}))]
pub struct ConferenceGroup {
    /// By convening body.
    pub convening_body: Option<Link>,
    /// By province: that of the unit of the conference, as it is recorded.
    pub province: Option<Link>,
    /// By level.
    pub level: Option<Level>,
    /// By mode.
    pub mode: Option<ConferenceMode>,
    /// By year.
    pub year: Option<i32>,
    /// What is not known of them, by which they belong to no other group.
    pub without: Option<ConferenceWithout>,
    /// How many there are.
    pub conferences: i64,
    /// The day on which the first of them began, as far as it is known.
    pub first_on: Option<Date>,
    /// The day on which the last of them began.
    pub last_on: Option<Date>,
    /// The list of them.
    pub url: String,
}

impl Overview for ConferenceReport {
    const NAME: &'static str = "conference_report";
    const PATH: &'static str = "/v1/reports/conferences";
    const OPERATION: &'static str = "get_conference_report";
    const SUMMARY: &'static str = "Count conferences by body, province, level, mode or year";
    const ABOUT: &'static str = include_str!("about.md");
    const REQUIRED: &'static [&'static str] = &["group_by"];
    const LINKS: &'static [LinkField] =
        &[LinkField::one("convening_body", "organization"), LinkField::one("province", "admin_unit")];

    type About = ();
    type Query = ConferenceReportQuery;
    type Row = ConferenceGroup;

    fn ask(conn: &mut Conn, scope: Scope, _: Asked<()>, query: &ConferenceReportQuery) -> Result<Self> {
        let missing = || Error::parameter("group_by", Fault::new("missing", "is required"));
        let group_by = query.group_by.ok_or_else(missing)?;
        let mut filter = query.filter.clone();
        if let Some(choice) = &filter.document {
            filter.document = Some(DocumentChoice::Id(document::store::chosen(conn, scope, "document", choice)?));
        }
        let groups = groups(conn, scope, &filter, group_by)?;
        let none = Expansion::default();
        let mut links = Links::new(&none)?;
        let list = ListAddress::of::<Conferences>(&filter);
        let kind = if group_by == ConferenceGrouping::Province { "admin_unit" } else { "organization" };
        let record = |(key, _): &(Key, Group)| if let Key::Record(id) = key { Some(*id) } else { None };
        let numbers = Numbers::of(conn, scope, kind, groups.iter().filter_map(record))?;
        let named = |key: &Key| if let Key::Record(id) = key { Key::Record(numbers.told(*id)) } else { key.clone() };
        let report = Self {
            group_by,
            // Each conference stands in one group alone.
            conferences: groups.iter().map(|(_, group)| group.count).fold(0, i64::saturating_add),
            url: list.to_string(),
            groups: groups
                .iter()
                .map(|(key, group)| {
                    let url = list.with(&narrowed(&named(key), group_by, &filter));
                    shown(key, *group, group_by, url, &mut links)
                })
                .collect(),
        };
        links.0.fill(conn, scope)?;
        Ok(report)
    }

    fn size(&self) -> usize {
        self.groups.len()
    }

    fn rows(&self) -> Vec<ConferenceGroup> {
        self.groups.clone()
    }
}

/// The groups in their order.
fn groups(
    conn: &mut Conn,
    scope: Scope,
    filter: &ConferenceFilter,
    by: ConferenceGrouping,
) -> Result<Vec<(Key, Group)>> {
    let mut groups = store::counted(conn, scope, filter, by)?;
    if i64::try_from(groups.len()).is_ok_and(|count| count > MOST_GROUPS) {
        let message = format!("would give more than {MOST_GROUPS} groups; narrow the conferences, or group otherwise");
        return Err(Error::parameter("group_by", Fault::new("too_many", message)));
    }
    groups.sort_by_cached_key(|(key, group)| (*key == Key::None, group.count.saturating_neg(), key.clone()));
    Ok(groups)
}

fn shown(key: &Key, group: Group, by: ConferenceGrouping, url: String, links: &mut Links<'_>) -> ConferenceGroup {
    let mut link = |grouping, kind| match key {
        Key::Record(id) if by == grouping => Some(links.to(RecordRef { kind, id: *id })),
        _ => None,
    };
    ConferenceGroup {
        convening_body: link(ConferenceGrouping::ConveningBody, "organization"),
        province: link(ConferenceGrouping::Province, "admin_unit"),
        level: code(key, by, ConferenceGrouping::Level),
        mode: code(key, by, ConferenceGrouping::Mode),
        year: if let Key::Year(year) = key { Some(*year) } else { None },
        without: without(key, by),
        conferences: group.count,
        first_on: group.first_on,
        last_on: group.last_on,
        url,
    }
}

/// The code that the conferences of a group have in common, if they are grouped by that.
fn code<T: FromStr>(key: &Key, by: ConferenceGrouping, grouping: ConferenceGrouping) -> Option<T> {
    match key {
        Key::Code(code) if by == grouping => code.parse().ok(),
        _ => None,
    }
}

/// What is not known of conferences that belong to no other group.
fn without(key: &Key, by: ConferenceGrouping) -> Option<ConferenceWithout> {
    match by {
        _ if *key != Key::None => None,
        ConferenceGrouping::ConveningBody => Some(ConferenceWithout::ConveningBody),
        ConferenceGrouping::Province => Some(ConferenceWithout::Province),
        ConferenceGrouping::Level => Some(ConferenceWithout::Level),
        ConferenceGrouping::Year => Some(ConferenceWithout::HeldFrom),
        // Every conference has one, `unknown` if need be.
        ConferenceGrouping::Mode => None,
    }
}

/// What narrows the list of conferences to those of a group: parameters that take the place of those of `filter`.
fn narrowed(key: &Key, by: ConferenceGrouping, filter: &ConferenceFilter) -> Vec<(&'static str, String)> {
    match key {
        Key::Record(id) if by == ConferenceGrouping::Province => vec![("province", id.to_string())],
        Key::Record(id) => vec![("convening_body", id.to_string())],
        Key::Code(code) if by == ConferenceGrouping::Level => vec![("level", code.clone())],
        Key::Code(code) => vec![("mode", code.clone())],
        Key::Year(year) => {
            let day = |day: &str| format!("{year:04}-{day}").parse::<Date>().ok();
            let from = filter.held_from.max(day("01-01"));
            let to = filter.held_to.into_iter().chain(day("12-31")).min();
            let bounds = [("held_from", from), ("held_to", to)];
            bounds.into_iter().filter_map(|(name, day)| Some((name, day?.to_string()))).collect()
        }
        Key::None => {
            let known = filter.without.iter().flat_map(|without| &without.0).copied();
            let also = without(key, by).filter(|without| !known.clone().any(|known| known == *without));
            let all: Vec<&str> = known.chain(also).map(ConferenceWithout::code).collect();
            vec![("without", all.join(","))]
        }
    }
}
