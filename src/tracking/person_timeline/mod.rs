//! The timeline of a person: what they chaired, spoke at, presented, signed, gave and were given, each time as which
//! officer.
//!
//! [`store`] finds the deeds and the posts; [`posts`] says which posts were held on a day, and whether what a source calls
//! the person agrees. Days and cut-off are those of the timeline of a document.

pub mod posts;
pub mod store;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use self::posts::{Post, agreement, stated, then};
use super::register::Subject;
use super::shown::{Links, Titled};
use super::timeline::span::{Dated, Span};
use super::vocabulary::{PersonEvent, PostHeld};
use super::{Asked, Overview, RecordRef};
use crate::conferences::vocabulary::ParticipationRole;
use crate::db::{Conn, Scope};
use crate::domain::vocabulary::DatePrecision;
use crate::domain::{Date, Id, Line, Link, LinkField, List, Result};
use crate::people::person::People;
use crate::service::expand::Expansion;
use crate::service::read;
use crate::sources::vocabulary::RecordType;

/// What may be asked of the timeline of a person.
#[derive(Debug, Default, Clone, PartialEq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct PersonTimelineQuery {
    /// Any of these events.
    #[param(example = "conference,signed")]
    pub event: Option<List<PersonEvent>>,
    /// Conferences in any of these roles, and nothing else.
    #[param(example = "chair,co_chair")]
    pub role: Option<List<ParticipationRole>>,
    /// From this day on.
    #[param(example = "2018-01-01")]
    pub on_from: Option<Date>,
    /// Up to the end of this day; of today without it.
    #[param(example = "2018-12-31")]
    pub as_of: Option<Date>,
}

impl PersonTimelineQuery {
    fn wants(&self, deed: &Deed) -> bool {
        let roles = deed.part.as_ref().map(|part| part.roles.as_slice()).unwrap_or_default();
        self.event.as_ref().is_none_or(|events| events.0.contains(&deed.event))
            && self.role.as_ref().is_none_or(|wanted| roles.iter().any(|role| wanted.0.contains(role)))
    }
}

/// What a person did, before anything is shown of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// What they did, or became.
    pub event: PersonEvent,
    /// The day.
    pub on: Date,
    /// How much of it is known.
    pub precision: Option<DatePrecision>,
    /// The record that shows it.
    pub record: RecordRef,
    /// Their part in it, where a record of its own says so.
    pub part: Option<Part>,
    /// The body whose conference, document, task or post it was.
    pub organization: Option<Id>,
    /// The document that it was about.
    pub document: Option<Id>,
}

impl Deed {
    fn new(event: PersonEvent, on: Date, record: RecordRef) -> Self {
        Self { event, on, precision: None, record, part: None, organization: None, document: None }
    }
}

impl Dated for Deed {
    type Place = (PersonEvent, RecordRef, Option<RecordRef>);

    fn on(&self) -> Date {
        self.on
    }

    fn precision(&self) -> Option<DatePrecision> {
        self.precision
    }

    fn place(&self) -> Self::Place {
        (self.event, self.record, self.part.as_ref().map(|part| part.record))
    }
}

/// The part of a person in something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The record that says so.
    pub record: RecordRef,
    /// In which roles.
    pub roles: Vec<ParticipationRole>,
    /// What the source calls the person.
    pub stated: Vec<Line>,
}

/// What a person did, and as which officer.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonTimeline {
    /// The person.
    pub person: Link,
    /// The day up to whose end it goes.
    #[schema(example = "2018-12-31")]
    pub as_of: Date,
    /// Whether more follows than the thousand entries that are shown; `on_from` goes on.
    #[schema(example = false)]
    pub truncated: bool,
    /// The entries, from the earliest.
    pub entries: Vec<PersonTimelineEntry>,
}

/// What a person did, or became, on a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "on": "2018-07-16", "precision": "day", "event": "conference",
    "record": { "id": 5, "type": "conference", "url": "/v1/conferences/5", "title": "Hội nghị Ban Chấp hành Đảng bộ tỉnh" },
    "roles": ["chair", "concluding_speaker"],
    "part": { "id": 5, "type": "participation", "url": "/v1/participations/5", "title": null },
    "organization": { "id": 305, "type": "organization", "url": "/v1/organizations/305", "title": "Ban Thường vụ Tỉnh ủy Thái Bình" },
    "document": null, "posts": [], "stated": [], "agrees": true
}))]
pub struct PersonTimelineEntry {
    /// The day.
    pub on: Date,
    /// How much of it is known; null means the whole date.
    pub precision: Option<DatePrecision>,
    /// What they did, or became.
    pub event: PersonEvent,
    /// The record that shows it.
    pub record: Link,
    /// With `conference`: in which roles.
    pub roles: Vec<ParticipationRole>,
    /// The record of their part, where it is one of its own.
    pub part: Option<Link>,
    /// The body that convened, numbered, gave, or that the post or the committee is of.
    pub organization: Option<Link>,
    /// With `presented` and tasks: the document that it was about.
    pub document: Option<Link>,
    /// The posts that they may have held on the day, the surest first.
    pub posts: Vec<PostThen>,
    /// With `conference`: the offices that the source states.
    pub stated: Vec<StatedPost>,
    /// Whether these agree with the posts: false if one of them was not held then; null if nobody can tell.
    pub agrees: Option<bool>,
}

/// A post that somebody may have held on a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "id": 6, "type": "position", "url": "/v1/positions/6", "title": "Bí thư Tỉnh ủy", "held": "held",
    "organization": { "id": 130, "type": "organization", "url": "/v1/organizations/130", "title": "Tỉnh ủy Thái Bình" }
}))]
pub struct PostThen {
    /// The number of the post.
    pub id: Id,
    /// The type of the record.
    #[serde(rename = "type")]
    #[schema(value_type = RecordType)]
    pub kind: &'static str,
    /// Where it is found.
    pub url: String,
    /// What it is called.
    #[schema(value_type = Option<String>)]
    pub title: Titled,
    /// How surely it was held: `held` on a day that a source states or between known days, `begun` before with no end on
    /// record, `not_excluded` where no beginning is on record.
    pub held: PostHeld,
    /// The body that it is in.
    pub organization: Option<Link>,
}

/// What a source calls somebody.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({ "title": "Bí thư Tỉnh ủy", "position": 6, "held": "held" }))]
pub struct StatedPost {
    /// The office, in the words of the source.
    pub title: String,
    /// The number of the post that it means; null if none is recorded.
    pub position: Option<Id>,
    /// How surely that was held on the day: `excluded` if its dates leave the day out, `not_recorded` if there is none.
    pub held: PostHeld,
}

/// An entry as a line of a table.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonTimelineLine {
    person: Link,
    on: Date,
    precision: Option<DatePrecision>,
    event: PersonEvent,
    record: Link,
    roles: Vec<ParticipationRole>,
    part: Option<Link>,
    organization: Option<Link>,
    document: Option<Link>,
    posts: Vec<PostThen>,
    posts_held: Vec<PostHeld>,
    stated: Vec<String>,
    stated_held: Vec<PostHeld>,
    agrees: Option<bool>,
}

impl Overview for PersonTimeline {
    const NAME: &'static str = "person_timeline";
    const PATH: &'static str = "/v1/people/{id}/timeline";
    const OPERATION: &'static str = "get_person_timeline";
    const SUMMARY: &'static str = "Tell what a person did, and as which officer";
    const ABOUT: &'static str = include_str!("about.md");
    const LINKS: &'static [LinkField] = &[
        LinkField::one("person", "person"),
        LinkField::one("record", "*"),
        LinkField::one("part", "*"),
        LinkField::one("organization", "organization"),
        LinkField::one("document", "document"),
        LinkField::one("posts", "position"),
    ];

    type About = Id;
    type Query = PersonTimelineQuery;
    type Row = PersonTimelineLine;

    fn ask(conn: &mut Conn, scope: Scope, asked: Asked<Id>, query: &PersonTimelineQuery) -> Result<Self> {
        read::living::<People>(conn, scope, asked.about)?;
        let as_of = query.as_of.unwrap_or(asked.today);
        let span = Span::new(query.on_from, as_of);
        let posts = store::posts(conn, scope, asked.about)?;
        let mut deeds = deeds(conn, scope, asked.about, &span, &posts)?;
        deeds.retain(|deed| query.wants(deed));
        let (deeds, truncated) = span.ordered(deeds);
        let none = Expansion::default();
        let mut links = Links::new(&none)?;
        let timeline = Self {
            person: links.to(RecordRef { kind: "person", id: asked.about }),
            as_of,
            truncated,
            entries: deeds.into_iter().map(|deed| shown(deed, &posts, &mut links)).collect(),
        };
        links.0.fill(conn, scope)?;
        Ok(timeline)
    }

    fn size(&self) -> usize {
        self.entries.len()
    }

    fn rows(&self) -> Vec<PersonTimelineLine> {
        self.entries.iter().map(|entry| line(&self.person, entry.clone())).collect()
    }
}

/// What a person did in a span of days: a number of queries that does not grow with it.
fn deeds(conn: &mut Conn, scope: Scope, person: Id, span: &Span, posts: &[Post]) -> Result<Vec<Deed>> {
    let mut deeds: Vec<Deed> = posts.iter().flat_map(in_office).collect();
    deeds.extend(store::committees(conn, scope, person)?);
    deeds.extend(store::took_part(conn, scope, person, span)?);
    deeds.extend(store::presented(conn, scope, person, span)?);
    deeds.extend(store::signed(conn, scope, person, span)?);
    deeds.extend(store::tasks(conn, scope, person, span)?);
    deeds.extend(store::awards(conn, scope, person, span)?);
    Ok(deeds)
}

/// What the dates of a post tell.
fn in_office(post: &Post) -> impl Iterator<Item = Deed> + use<> {
    let record = RecordRef { kind: "position", id: post.id };
    let organization = post.organization;
    let deed = move |event, (on, precision)| Deed { precision, organization, ..Deed::new(event, on, record) };
    let deeds = [
        post.from.map(|from| deed(PersonEvent::TookOffice, from)),
        post.stated_on.map(|on| deed(PersonEvent::ShownInOffice, (on, None))),
        post.to.map(|to| deed(PersonEvent::LeftOffice, to)),
    ];
    deeds.into_iter().flatten()
}

fn shown(deed: Deed, posts: &[Post], links: &mut Links<'_>) -> PersonTimelineEntry {
    // Of a month or a year nobody can tell which posts were held then.
    let day = Date::whole(Some(deed.on), deed.precision);
    let then = day.map(|day| then(posts, day)).unwrap_or_default();
    let (part, roles, words) = match deed.part {
        Some(part) => (Some(part.record), part.roles, part.stated),
        None => (None, Vec::new(), Vec::new()),
    };
    let stated: Vec<StatedPost> =
        day.into_iter().flat_map(|day| words.iter().map(move |title| stated_post(posts, title, day))).collect();
    let held: Vec<PostHeld> = stated.iter().map(|stated| stated.held).collect();
    PersonTimelineEntry {
        on: deed.on,
        precision: deed.precision,
        event: deed.event,
        record: links.to(deed.record),
        roles,
        part: part.map(|part| links.to(part)),
        organization: deed.organization.map(|id| links.subject(Subject::Body(id))),
        document: deed.document.map(|id| links.document(id)),
        posts: then.into_iter().map(|(post, held)| post_then(post, held, links)).collect(),
        agrees: agreement(&held),
        stated,
    }
}

fn stated_post(posts: &[Post], title: &str, day: Date) -> StatedPost {
    let (post, held) = stated(posts, title, day);
    StatedPost { title: title.to_owned(), position: post.map(|post| post.id), held }
}

fn post_then(post: &Post, held: PostHeld, links: &mut Links<'_>) -> PostThen {
    let link = links.to(RecordRef { kind: "position", id: post.id });
    PostThen {
        id: post.id,
        kind: link.kind,
        url: Link::url(link.collection, post.id),
        title: Titled::of(link),
        held,
        organization: post.organization.map(|id| links.subject(Subject::Body(id))),
    }
}

fn line(person: &Link, entry: PersonTimelineEntry) -> PersonTimelineLine {
    PersonTimelineLine {
        person: person.clone(),
        on: entry.on,
        precision: entry.precision,
        event: entry.event,
        record: entry.record,
        roles: entry.roles,
        part: entry.part,
        organization: entry.organization,
        document: entry.document,
        posts_held: entry.posts.iter().map(|post| post.held).collect(),
        posts: entry.posts,
        stated_held: entry.stated.iter().map(|stated| stated.held).collect(),
        stated: entry.stated.into_iter().map(|stated| stated.title).collect(),
        agrees: entry.agrees,
    }
}
