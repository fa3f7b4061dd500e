//! Calendars over HTTP: a list as entries to subscribe to, at the address of the list with `.ics`.
//!
//! A calendar is made as a whole, within a bound, since programs fetch all of it again and again and are told by its entity
//! tag that nothing has changed.

use std::str::FromStr;

use actix_web::http::{Method, header};
use actix_web::{HttpRequest, HttpResponse, Route, web};
use chrono::Days;
use utoipa::IntoParams;

use super::conditional::answer;
use super::endpoint::Endpoint;
use super::extract::{FormReader, app_of};
use super::linked_data::origin_of;
use super::list::stay_with_a_day;
use super::negotiation::{Format, VARY, require_one};
use super::openapi::calendars as described;
use super::problem::{Answer, Problem};
use super::query::Parameters;
use super::tracking::asked;
use crate::app::App;
use crate::calendar::{
    self, Asked, Calendar, ComputedCalendar, ComputedVisitor, DAYS_CANCELLED, InCalendar, Visitor, gather,
};
use crate::changes;
use crate::db::{Conn, Lane, Scope};
use crate::domain::{Actor, Date, Error, Fault, Instant, Result};
use crate::service::read::leads_nowhere;
use crate::tracking::Overview;
use crate::transfer::words::{Language, Words};

/// The most days back that may be asked for.
pub const PAST_DAYS: u16 = 3650;
/// The most days before which an entry may remind of itself.
pub const ALARM_DAYS: u16 = 60;

/// The first day there is: as a filter it lets through whatever has a day.
const FIRST_DAY: &str = "1900-01-01";
const MICROSECONDS_A_DAY: i64 = 86_400_000_000;

/// The endpoints of all calendars.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    struct Endpoints(Vec<Endpoint>);
    impl Visitor for Endpoints {
        fn visit<R: InCalendar>(&mut self) {
            let endpoint = Endpoint::new(R::PATH);
            self.0.push(endpoint.with(Method::GET, |route| route.to(get::<R>), described::operation::<R>));
        }
    }
    impl ComputedVisitor for Endpoints {
        fn visit<O: ComputedCalendar>(&mut self) {
            let endpoint = Endpoint::new(<O as ComputedCalendar>::PATH);
            let get = |route: Route| route.to(get_computed::<O>);
            self.0.push(endpoint.with(Method::GET, get, described::computed::<O>));
        }
    }
    let mut endpoints = Endpoints(Vec::new());
    calendar::each(&mut endpoints);
    calendar::each_computed(&mut endpoints);
    endpoints.0
}

/// A number of days, from none to `MOST`.
struct UpTo<const MOST: u16>(u16);

impl<const MOST: u16> FromStr for UpTo<MOST> {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let days = if digits { text.parse().ok().filter(|days| *days <= MOST) } else { None };
        days.map(Self).ok_or_else(|| Fault::new("out_of_range", format!("must be a whole number from 0 to {MOST}")))
    }
}

/// The value of `entries`: whether they are events.
struct AsEvents(bool);

impl FromStr for AsEvents {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        match text {
            "todo" => Ok(Self(false)),
            "event" => Ok(Self(true)),
            _ => Err(Fault::new("unknown_code", "is neither todo nor event").allowing(["todo", "event"])),
        }
    }
}

/// A calendar as it was asked for.
struct Subscription<R: InCalendar> {
    filter: R::Filter,
    scope: Scope,
    asked: Asked,
    /// From when on what was deleted is shown.
    since: Instant,
    origin: String,
    source: String,
}

impl<R: InCalendar> Subscription<R> {
    fn read(app: &App, request: &HttpRequest, actor: &Actor) -> Result<Self, Problem> {
        require_one(request, "Calendars", Format::Calendar)?;
        let mut parameters = Parameters::parse(request.query_string())?;
        let own = R::Filter::into_params(|| None);
        let entries = R::TO_DO.then_some("entries");
        let filters = own.iter().map(|parameter| parameter.name.as_str()).filter(|name| is_filter::<R>(name));
        parameters.refuse_unknown(&filters.chain(["past_days", "alarm_days"]).chain(entries).collect::<Vec<_>>())?;
        let now = app.clock.now();
        let no_day = || Error::Internal("the clock is outside of the years that are known".to_owned());
        let today = now.day_in_vietnam().ok_or_else(no_day)?;
        begin_with_a_day(&mut parameters, R::FROM, today)?;
        stay_with_a_day::<R>(&mut parameters, Some(today));
        let (alarm_days, as_events) = shape(&mut parameters)?;
        let words = Words::of(Language::Vietnamese, R::COLLECTION)?;
        let kept = DAYS_CANCELLED.saturating_mul(MICROSECONDS_A_DAY);
        Ok(Self {
            filter: parameters.into_filter()?,
            scope: Scope::of(actor),
            asked: Asked { today, alarm_days, as_events, words },
            since: Instant::from_microseconds(now.microseconds().saturating_sub(kept)),
            origin: origin_of(request, app),
            source: source_of(request),
        })
    }

    /// The whole calendar.
    fn calendar(&self, conn: &mut Conn) -> Result<Calendar> {
        let entries = if leads_nowhere::<R>(conn, self.scope, &self.filter, None)? {
            Vec::new()
        } else {
            gather::entries::<R>(conn, self.scope, &self.filter, &self.asked, self.since)?
        };
        Ok(Calendar {
            name: R::NAME.to_owned(),
            origin: self.origin.clone(),
            source: self.source.clone(),
            identity: changes::store::identity(conn)?,
            entries,
        })
    }
}

/// Whether a filter of the list is one of the calendar: entries whose fields depend on the day are those of today.
#[must_use]
pub fn is_filter<R: InCalendar>(name: &str) -> bool {
    !(R::DATED && name == "as_of")
}

/// Makes a list begin with a day, the one that is asked for or the first there is, so that what has none is left out.
fn begin_with_a_day(parameters: &mut Parameters, from: &str, today: Date) -> Result<()> {
    let past = parameters.take::<UpTo<PAST_DAYS>>("past_days")?;
    let given = parameters.take_text(from);
    let day = match (past, given) {
        (Some(_), Some(_)) => {
            let message = format!("stands in place of {from} and cannot stand beside it");
            return Err(Error::parameter("past_days", Fault::new("inconsistent", message)));
        }
        (Some(UpTo(days)), None) => {
            let day = today.day().checked_sub_days(Days::new(days.into())).and_then(|day| Date::new(day).ok());
            day.map_or_else(|| FIRST_DAY.to_owned(), |day| day.to_string())
        }
        (None, given) => given.unwrap_or_else(|| FIRST_DAY.to_owned()),
    };
    parameters.set(from, &day);
    Ok(())
}

/// `GET` of a calendar
async fn get<R: InCalendar>(request: HttpRequest, FormReader(actor): FormReader) -> Answer {
    let app = app_of(&request)?;
    let subscription = Subscription::<R>::read(&app, &request, &actor)?;
    let calendar = written(&app, subscription).await?;
    Ok(sent(&request, &actor, calendar))
}

async fn written<R: InCalendar>(app: &web::Data<App>, subscription: Subscription<R>) -> Result<String> {
    app.database.read(Lane::Long, move |conn| Ok(subscription.calendar(conn)?.written())).await
}

/// `GET` of a calendar of what is computed
async fn get_computed<O: ComputedCalendar>(request: HttpRequest, FormReader(actor): FormReader) -> Answer {
    require_one(&request, "Calendars", Format::Calendar)?;
    let app = app_of(&request)?;
    let mut parameters = Parameters::parse(request.query_string())?;
    let (alarm_days, as_events) = shape(&mut parameters)?;
    let (question, query) = asked::<O>(&app, &request, parameters, &["alarm_days", "entries"])?;
    let asked = Asked {
        today: question.today,
        alarm_days,
        as_events,
        words: Words::of(Language::Vietnamese, <O as Overview>::NAME)?,
    };
    let (scope, stamp) = (Scope::of(&actor), midnight(question.today)?);
    let (origin, source) = (origin_of(&request, &app), source_of(&request));
    let calendar = app.database.read(Lane::Long, move |conn| {
        let entries = gather::computed::<O>(conn, scope, &query, &asked, stamp)?;
        let (name, identity) = (<O as ComputedCalendar>::NAME.to_owned(), changes::store::identity(conn)?);
        Ok(Calendar { name, origin, source, identity, entries }.written())
    });
    Ok(sent(&request, &actor, calendar.await?))
}

/// The instant at which a day begins in Vietnam.
fn midnight(day: Date) -> Result<Instant> {
    format!("{day}T00:00:00+07:00").parse().map_err(|_| Error::Internal(format!("{day} does not begin")))
}

fn source_of(request: &HttpRequest) -> String {
    request.uri().path_and_query().map(ToString::to_string).unwrap_or_default()
}

/// What shapes the entries: how many days before they remind of themselves, and whether they are events.
fn shape(parameters: &mut Parameters) -> Result<(Option<u16>, bool)> {
    let alarm_days = parameters.take::<UpTo<ALARM_DAYS>>("alarm_days")?.map(|days| days.0);
    Ok((alarm_days, parameters.take::<AsEvents>("entries")?.is_some_and(|entries| entries.0)))
}

fn sent(request: &HttpRequest, actor: &Actor, calendar: String) -> HttpResponse {
    let mut response = answer(request, actor, None, calendar.into_bytes());
    response.builder.insert_header((header::VARY, VARY));
    response.of_type("text/calendar; charset=utf-8").finish()
}
