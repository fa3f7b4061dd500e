//! The plans of list queries: what runs on a server thread reads an index in the order of the list, and no list asks
//! once for each of its records.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::connection::{Connection, InstrumentationEvent, SimpleConnection};
use directive_tracker::conferences::bridge_point::BridgePoints;
use directive_tracker::conferences::conference::Conferences;
use directive_tracker::conferences::conference_document::ConferenceDocuments;
use directive_tracker::conferences::finding::Findings;
use directive_tracker::conferences::participation::Participations;
use directive_tracker::db::conn::Purpose;
use directive_tracker::db::lanes::alone;
use directive_tracker::db::{Conn, Scope, Store, Table, TitleRow, Titled, titles};
use directive_tracker::documents::document::Documents;
use directive_tracker::documents::document_link::DocumentLinks;
use directive_tracker::domain::page::{ID, Page, Position, Sort, SortField, SortKey};
use directive_tracker::domain::resource::{Order, is_short};
use directive_tracker::domain::{Actor, Grantee, Id, Result, Stamp};
use directive_tracker::organizations::admin_unit::AdminUnits;
use directive_tracker::organizations::committee_member::CommitteeMembers;
use directive_tracker::organizations::numbering_period::NumberingPeriods;
use directive_tracker::organizations::organization::Organizations;
use directive_tracker::organizations::succession::Successions;
use directive_tracker::people::person::People;
use directive_tracker::people::position::Positions;
use directive_tracker::resources;
use directive_tracker::results::award::Awards;
use directive_tracker::results::initiative::Initiatives;
use directive_tracker::results::statistic::Statistics;
use directive_tracker::service::expand::{self, Expansion};
use directive_tracker::service::{read, write};
use directive_tracker::sources::claim::Claims;
use directive_tracker::sources::source::Sources;
use directive_tracker::tasks::assignment::Assignments;
use directive_tracker::tasks::evidence_document::EvidenceDocuments;
use directive_tracker::tasks::expectation::Expectations;
use directive_tracker::tasks::extension::Extensions;
use directive_tracker::tasks::holiday::Holidays;
use directive_tracker::tasks::task::{TaskFilter, Tasks};
use directive_tracker::tasks::task_update::TaskUpdates;
use directive_tracker::transfer::load::{self, DataSet};
use serde_json::{Map, Value, json};
use utoipa::IntoParams;

use crate::support::Engine;
use crate::support::service::{NOW, Storage};

/// Something that is done for the resource of every collection.
trait ForEach {
    fn visit<R: Store>(&mut self);
}

fn each(visitor: &mut impl ForEach) {
    macro_rules! visit {
        ($($resource:ty),+ $(,)?) => {
            $(visitor.visit::<$resource>();)+
            let visited = [$(<$resource as directive_tracker::domain::Resource>::COLLECTION),+];
            let all: Vec<&str> = resources::ALL.iter().map(|collection| collection.name()).collect();
            assert_eq!(visited.as_slice(), all, "a collection is missing here");
        };
    }
    visit!(
        Organizations,
        AdminUnits,
        NumberingPeriods,
        CommitteeMembers,
        Successions,
        Documents,
        DocumentLinks,
        People,
        Positions,
        Initiatives,
        Conferences,
        ConferenceDocuments,
        BridgePoints,
        Participations,
        Findings,
        Tasks,
        Assignments,
        TaskUpdates,
        Extensions,
        EvidenceDocuments,
        Expectations,
        Holidays,
        Statistics,
        Awards,
        Sources,
        Claims,
    );
}

/// What the data sets have none of: reports, requests and evidence.
fn follow_up(conn: &mut Conn, stamp: &Stamp) -> Result<()> {
    for task in [1, 2] {
        let update = json!({ "task": task, "reported_on": "2020-12-31", "text": "Đã rà soát." });
        write::create::<TaskUpdates>(conn, stamp, update, None)?;
        let extension = json!({ "task": task, "requested_on": "2020-12-31", "requested_due_on": "2021-06-30" });
        write::create::<Extensions>(conn, stamp, extension, None)?;
        let evidence = json!({ "task": task, "symbol": "125-BC/TU", "submitted_on": "2020-12-31" });
        write::create::<EvidenceDocuments>(conn, stamp, evidence, None)?;
    }
    Ok(())
}

/// A database with the data sets of the program, so that the planner has something to plan for.
fn loaded(engine: Engine) -> (Storage, Conn) {
    let storage = Storage::migrated(engine);
    let mut conn = storage.connect(Purpose::Write);
    let stamp = Stamp { actor: Actor::system("load"), request_id: "load".to_owned(), now: NOW.parse().unwrap() };
    for set in [DataSet::Reference, DataSet::Sample] {
        alone(&mut conn, |conn| load::load(conn, &stamp, set)).unwrap();
    }
    alone(&mut conn, |conn| follow_up(conn, &stamp)).unwrap();
    if engine == Engine::Postgres {
        // The tables are so small that reading all of one is cheapest; with these the planner does so only if it must.
        let settings = "SET enable_seqscan = off; SET enable_sort = off; SET enable_bitmapscan = off;";
        conn.batch_execute(settings).unwrap();
    }
    (storage, conn)
}

/// A place in the order of a field.
fn position(field: SortField) -> Position {
    let key = match field.column {
        "number_key" => SortKey::Integer(10),
        "updated_at" | "id" => SortKey::Long(10),
        column
            if column == "day"
                || column.ends_with("_on")
                || column.ends_with("_on_key")
                || column.contains("_from") =>
        {
            SortKey::Date(chrono::NaiveDate::from_ymd_opt(2018, 7, 5).unwrap())
        }
        _ => SortKey::Text("an ninh".to_owned()),
    };
    Position { key, id: 10 }
}

/// The first page and a later one, by every field that `sorts` names, up and down.
fn pages<R: Store>(sorts: impl Fn(&str) -> bool) -> Vec<Page> {
    let fields = R::SORTS.iter().copied().chain([ID]).filter(|field| sorts(field.name));
    let sorts =
        fields.flat_map(|field| [false, true].map(|descending| Sort { field, descending, id_descending: descending }));
    let page = |sort, after| Page { sort, after, limit: 51, updated_since: None, managed_by: None, as_of: None };
    sorts.flat_map(|sort| [page(sort, None), page(sort, Some(position(sort.field)))]).collect()
}

/// What is wrong with a plan: a table that is read whole, or rows that are sorted after they are read, unless they are
/// few.
fn faults<'a>(plan: &'a [String], page: &Page, few: bool) -> Vec<&'a str> {
    // Without a position a list by id begins with the first row of the table and stops when the page is full.
    let from_the_first = page.sort.field == ID && page.after.is_none() && !few;
    let whole = |step: &str| {
        let step = step.trim();
        let scans = step.starts_with("SCAN ") && (few || !step.contains(" INDEX "));
        step.contains("Seq Scan") || (scans && !from_the_first)
    };
    let sorted = |step: &str| {
        let step = step.trim_start_matches([' ', '-', '>']);
        (step.contains("TEMP B-TREE") || step.starts_with("Sort") || step.starts_with("Incremental Sort")) && !few
    };
    plan.iter().map(String::as_str).filter(|step| whole(step) || sorted(step)).collect()
}

/// Explains the lists of each collection and notes the plans that are not as they should be.
struct Explain<'a> {
    conn: &'a mut Conn,
    bad: Vec<String>,
    explained: usize,
}

impl Explain<'_> {
    fn explain<R: Store>(&mut self, filter: &R::Filter, pages: Vec<Page>, few: bool, scope: Scope, about: &str) {
        for page in pages {
            let query = R::narrow(self.conn, filter, scope).unwrap();
            let plan = R::Row::plan(self.conn, query, scope, &page).unwrap();
            self.explained += 1;
            assert!(!plan.is_empty(), "{}", R::COLLECTION);
            if !faults(&plan, &page, few).is_empty() {
                let Sort { field, descending, .. } = page.sort;
                let sign = if descending { "-" } else { "" };
                let place = if page.after.is_some() { "a later page" } else { "the first page" };
                self.bad.push(format!(
                    "{} {about} sort={sign}{} ({place}, {scope:?}):\n    {}",
                    R::COLLECTION,
                    field.name,
                    plan.join("\n    "),
                ));
            }
        }
    }
}

const SCOPES: [Scope; 3] = [Scope::Public, Scope::Granted(Grantee::User(1)), Scope::All];

struct Unnarrowed<'a>(Explain<'a>);

impl ForEach for Unnarrowed<'_> {
    fn visit<R: Store>(&mut self) {
        for scope in SCOPES {
            self.0.explain::<R>(&R::Filter::default(), pages::<R>(|_| true), false, scope, "");
            for page in pages::<R>(|name| name == "updated_at") {
                let since = Page { updated_since: NOW.parse().ok(), ..page };
                assert!(is_short::<R>(&serde_json::to_value(R::Filter::default()).unwrap(), &since));
                self.0.explain::<R>(&R::Filter::default(), vec![since], false, scope, "updated_since");
            }
        }
    }
}

struct Narrowed<'a>(Explain<'a>);

impl ForEach for Narrowed<'_> {
    fn visit<R: Store>(&mut self) {
        for list in R::SHORT {
            let (few, sorts, bounds): (bool, Option<&[&str]>, &[&str]) = match list.order {
                Order::Any => (true, None, &[]),
                Order::By { sorts, bounds } => (false, Some(sorts), bounds),
            };
            let bounded = (!bounds.is_empty()).then(|| [list.filters, bounds].concat());
            let plain = (!list.filters.is_empty()).then(|| list.filters.to_vec());
            for names in plain.into_iter().chain(bounded) {
                let filter = filter_of::<R>(&names);
                let described = serde_json::to_value(&filter).unwrap();
                let pages = pages::<R>(|name| sorts.is_none_or(|sorts| sorts.contains(&name)));
                assert!(!pages.is_empty() && pages.iter().all(|page| is_short::<R>(&described, page)), "{names:?}");
                for scope in SCOPES {
                    self.0.explain::<R>(&filter, pages.clone(), few, scope, &described.to_string());
                }
            }
        }
    }
}

/// A filter with these parameters, each with the value of its example, or the first of several.
fn filter_of<R: Store>(names: &[&str]) -> R::Filter {
    let parameters = R::Filter::into_params(|| None);
    let mut filter = Map::new();
    for name in names {
        let parameter = parameters.iter().find(|parameter| parameter.name == *name);
        let parameter = serde_json::to_value(parameter.unwrap_or_else(|| panic!("no parameter {name}"))).unwrap();
        let text = match &parameter["example"] {
            Value::String(text) => text.split(',').next().unwrap().to_owned(),
            other => other.to_string(),
        };
        filter.insert((*name).to_owned(), Value::String(text));
    }
    serde_json::from_value(filter.clone().into())
        .unwrap_or_else(|error| panic!("{} {filter:?}: {error}", R::COLLECTION))
}

fn short_lists_read_an_index_in_order(engine: Engine) {
    let (_storage, mut conn) = loaded(engine);
    let mut visitor = Unnarrowed(Explain { conn: &mut conn, bad: Vec::new(), explained: 0 });
    each(&mut visitor);
    assert!(visitor.0.explained > 200);
    assert!(visitor.0.bad.is_empty(), "{} plans:\n{}", visitor.0.bad.len(), visitor.0.bad.join("\n"));
}

#[test]
fn lists_read_an_index_in_order_on_sqlite() {
    short_lists_read_an_index_in_order(Engine::Sqlite);
}

#[test]
fn lists_read_an_index_in_order_on_postgres() {
    short_lists_read_an_index_in_order(Engine::Postgres);
}

fn short_narrowed_lists_read_an_index(engine: Engine) {
    let (_storage, mut conn) = loaded(engine);
    let mut visitor = Narrowed(Explain { conn: &mut conn, bad: Vec::new(), explained: 0 });
    each(&mut visitor);
    assert!(visitor.0.explained > 100);
    assert!(visitor.0.bad.is_empty(), "{} plans:\n{}", visitor.0.bad.len(), visitor.0.bad.join("\n"));
}

#[test]
fn short_narrowed_lists_read_an_index_on_sqlite() {
    short_narrowed_lists_read_an_index(Engine::Sqlite);
}

#[test]
fn short_narrowed_lists_read_an_index_on_postgres() {
    short_narrowed_lists_read_an_index(Engine::Postgres);
}

/// Counts the statements of a page of one record and of a page of many, plain and with every link expanded.
struct Statements<'a> {
    conn: &'a mut Conn,
    counted: Arc<AtomicUsize>,
    compared: usize,
}

impl Statements<'_> {
    /// How many statements a page of `limit` records takes, and how many records it has.
    fn of<R: Store>(&mut self, limit: u16, expand: &str) -> (usize, usize) {
        let sort = Sort { field: ID, descending: false, id_descending: false };
        let page = Page { sort, after: None, limit, updated_since: None, managed_by: None, as_of: None };
        let collection = resources::by_type(R::TYPE).unwrap();
        let before = self.counted.load(Ordering::Relaxed);
        let expansion = match expand {
            "" => Expansion::default(),
            names => Expansion::parse(names, collection).unwrap(),
        };
        let filter = R::Filter::default();
        let listing = read::list::<R>(self.conn, Scope::All, &filter, &page, false, &expansion).unwrap();
        (self.counted.load(Ordering::Relaxed) - before, listing.records.len())
    }
}

impl ForEach for Statements<'_> {
    fn visit<R: Store>(&mut self) {
        let collection = resources::by_type(R::TYPE).unwrap();
        let (plain, records) = self.of::<R>(200, "");
        assert!(records > 1, "{} has {records} records", R::COLLECTION);
        // The page itself, and the titles of all that it links to, whatever their types; how tasks stand takes two more.
        let most = if R::COLLECTION == "tasks" { 4 } else { 2 };
        assert!((1..=most).contains(&plain), "{}: {plain} statements", R::COLLECTION);
        for name in expand::names(collection) {
            let (few, _) = self.of::<R>(20, name);
            let (many, records) = self.of::<R>(200, name);
            // What is expanded may be of more types, each of which is read by itself.
            let targets =
                collection.link(name).map_or(1, |link| if link.target == "*" { resources::ALL.len() } else { 1 });
            assert!(many <= few + 2 * targets, "{} {name}: {few}, then {many} for {records}", R::COLLECTION);
            if records > 60 {
                assert!(many < records, "{} {name}: {many} statements for {records} records", R::COLLECTION);
            }
            self.compared += 1;
        }
    }
}

/// Counts the statements from now on.
fn counting(conn: &mut Conn) -> Arc<AtomicUsize> {
    let counted = Arc::new(AtomicUsize::new(0));
    let tally = Arc::clone(&counted);
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { .. } = event {
            tally.fetch_add(1, Ordering::Relaxed);
        }
    });
    counted
}

fn no_list_asks_once_for_each_record(engine: Engine) {
    let (_storage, mut conn) = loaded(engine);
    let counted = counting(&mut conn);
    let mut visitor = Statements { conn: &mut conn, counted, compared: 0 };
    each(&mut visitor);
    assert!(visitor.compared > 50, "{} expansions", visitor.compared);
    assert!(visitor.counted.load(Ordering::Relaxed) > 100, "nothing was counted");
}

#[test]
fn no_list_asks_once_for_each_record_on_sqlite() {
    no_list_asks_once_for_each_record(Engine::Sqlite);
}

#[test]
fn no_list_asks_once_for_each_record_on_postgres() {
    no_list_asks_once_for_each_record(Engine::Postgres);
}

/// The titles of the first records of each type, asked for alone and together with those of all others.
struct Titles<'c> {
    conn: &'c mut Conn,
    asked: Vec<Titled>,
    expected: Vec<(usize, TitleRow)>,
}

impl ForEach for Titles<'_> {
    fn visit<R: Store>(&mut self) {
        let ids: Vec<Id> = (1..=20).collect();
        let rows = <R::Row as Table>::by_ids(self.conn, Scope::All, &ids).unwrap();
        assert!(rows.len() > 1, "{} has {} records", R::COLLECTION, rows.len());
        let mut expected: Vec<TitleRow> = rows
            .iter()
            .map(|row| TitleRow { id: row.meta().id, title: row.title(), deleted: row.meta().deleted_at.is_some() })
            .collect();
        expected.sort_by_key(|row| row.id);
        let mut titles = <R::Row as Table>::titles(self.conn, Scope::All, &ids).unwrap();
        titles.sort_by_key(|row| row.id);
        assert_eq!(titles, expected, "{}", R::COLLECTION);
        let place = self.asked.len();
        self.asked.push(<R::Row as Table>::titled(Scope::All, &ids));
        self.expected.extend(expected.into_iter().map(|row| (place, row)));
    }
}

fn titles_of_all_types_are_read_by_one_statement_and_are_those_of_the_rows(engine: Engine) {
    let (_storage, mut conn) = loaded(engine);
    conn.batch_execute("UPDATE documents SET deleted_at = 1 WHERE id = 2").unwrap();
    let mut visitor = Titles { conn: &mut conn, asked: Vec::new(), expected: Vec::new() };
    each(&mut visitor);
    let Titles { asked, expected, .. } = visitor;
    assert_eq!(asked.len(), resources::ALL.len());
    assert_eq!(expected.iter().filter(|(_, row)| row.deleted).count(), 1);
    let counted = counting(&mut conn);
    let mut found = titles::of(&mut conn, &asked).unwrap();
    assert_eq!(counted.load(Ordering::Relaxed), 1);
    found.sort_by_key(|(place, row)| (*place, row.id));
    assert_eq!(found, expected);
}

#[test]
fn titles_of_all_types_are_read_by_one_statement_and_are_those_of_the_rows_on_sqlite() {
    titles_of_all_types_are_read_by_one_statement_and_are_those_of_the_rows(Engine::Sqlite);
}

#[test]
fn titles_of_all_types_are_read_by_one_statement_and_are_those_of_the_rows_on_postgres() {
    titles_of_all_types_are_read_by_one_statement_and_are_those_of_the_rows(Engine::Postgres);
}

/// What tells how a task stands is looked up for each task of the list: that must not read a table from end to end.
fn how_tasks_stand_is_looked_up_by_an_index(engine: Engine) {
    let (_storage, mut conn) = loaded(engine);
    let tables =
        ["extensions", "task_updates", "assignments", "organizations", "task_documents", "conferences", "documents"];
    let sort = |column, name| Sort { field: SortField { name, column }, descending: false, id_descending: false };
    let sorts = [sort("id", "id"), sort("due_on_key", "due_on"), sort("effective_due_on", "effective_due_on")];
    let parameters = [
        json!({ "timeliness": "open_overdue" }),
        json!({ "lacks": "lead" }),
        json!({ "lacks": "responsibility" }),
        json!({ "lacks": "deadline" }),
        json!({ "without": "lead" }),
        json!({ "without": "lead_unit" }),
        json!({ "without": "document" }),
        json!({ "without": "due_on" }),
        json!({ "lead": "1", "units": "2026-11-01" }),
        json!({ "lead_unit": "1" }),
    ];
    for (parameter, sort) in parameters.iter().flat_map(|parameter| sorts.map(|sort| (parameter, sort))) {
        let mut asked = parameter.clone();
        asked["as_of"] = json!("2026-11-21");
        let filter: TaskFilter = serde_json::from_value(asked).unwrap();
        let page = Page { sort, after: None, limit: 51, updated_since: None, managed_by: None, as_of: filter.as_of };
        for scope in SCOPES {
            let query = Tasks::narrow(&mut conn, &filter, scope).unwrap();
            let plan = <Tasks as Store>::Row::plan(&mut conn, query, scope, &page).unwrap();
            let reads_whole = |step: &&String| {
                tables.iter().any(|table| {
                    let step = step.trim();
                    (step.starts_with(&format!("SCAN {table}")) && !step.contains(" INDEX "))
                        || step.contains(&format!("Seq Scan on {table}"))
                })
            };
            let whole: Vec<&String> = plan.iter().filter(reads_whole).collect();
            assert!(whole.is_empty(), "{parameter} sort={}:\n{}", sort.field.name, plan.join("\n"));
        }
    }
}

#[test]
fn how_tasks_stand_is_looked_up_by_an_index_on_sqlite() {
    how_tasks_stand_is_looked_up_by_an_index(Engine::Sqlite);
}

#[test]
fn how_tasks_stand_is_looked_up_by_an_index_on_postgres() {
    how_tasks_stand_is_looked_up_by_an_index(Engine::Postgres);
}
