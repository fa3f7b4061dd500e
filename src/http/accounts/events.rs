//! The list of security events, for administrators of all records.

use actix_web::HttpRequest;
use actix_web::http::Method;

use super::Paging;
use crate::accounts::event::{EventFilter, EventKind, store};
use crate::accounts::user::UserName;
use crate::db::Lane;
use crate::domain::error::NOT_GRANTED;
use crate::domain::parameter::List;
use crate::domain::{Error, Id, Instant, Permission};
use crate::http::endpoint::Endpoint;
use crate::http::extract::{Administrator, app_of};
use crate::http::openapi::accounts as described;
use crate::http::problem::Answer;
use crate::http::query::Parameters;

pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new("/v1/security-events").with(
        Method::GET,
        |route| route.to(list_events),
        described::list_security_events,
    )]
}

async fn list_events(request: HttpRequest, Administrator(actor): Administrator) -> Answer {
    // What happened to accounts may be about anybody's.
    if !actor.may_everywhere(Permission::Administer) {
        return Err(Error::Forbidden(NOT_GRANTED).into());
    }
    let app = app_of(&request)?;
    let mut parameters = Parameters::parse(request.query_string())?;
    parameters.refuse_unknown(&["kind", "user", "from", "to", "cursor", "limit"])?;
    let paging = Paging::take(&mut parameters)?;
    let filter = EventFilter {
        kinds: parameters.take::<List<EventKind>>("kind")?.map(|list| list.0),
        user: parameters.take::<UserName>("user")?.map(|name| name.to_string()),
        from: parameters.take::<Instant>("from")?,
        to: parameters.take::<Instant>("to")?,
    };
    let list = format!("security-events {filter:?}");
    let (before, limit) = (paging.after::<Id>(&app, &list)?, paging.limit);
    let (events, more) = app.database.read(Lane::Long, move |conn| store::page(conn, &filter, before, limit)).await?;
    let next = events.last().filter(|_| more).map(|event| app.cursors.encode(&list, &event.id));
    paging.answer(&request, &actor, &events, next)
}
