//! Charts over HTTP: what is computed, as a picture, at the address of the answer with `.svg`.

use std::str::FromStr;

use actix_web::http::{Method, header};
use actix_web::{HttpRequest, web};

use super::conditional::answer;
use super::endpoint::Endpoint;
use super::extract::{FormReader, app_of};
use super::negotiation::{Format, VARY, require_one};
use super::openapi::{charts as described, overviews};
use super::problem::{Answer, Problem};
use super::query::Parameters;
use super::tracking::asked;
use crate::app::App;
use crate::charts::{self, Chart, Charted, MOST_COLUMNS, MOST_ROWS, Visitor, sheet};
use crate::db::{Lane, Scope};
use crate::domain::{Actor, Date, Error, Fault, Result};
use crate::tracking::{Asked, Overview};
use crate::transfer::words::{Language, Words};

/// The endpoints of all charts.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    struct Endpoints(Vec<Endpoint>);
    impl Visitor for Endpoints {
        fn visit<C: Charted>(&mut self) {
            let endpoint = Endpoint::new(<C as Charted>::PATH);
            self.0.push(endpoint.with(Method::GET, |route| route.to(get::<C>), described::operation::<C>));
        }
    }
    let mut endpoints = Endpoints(Vec::new());
    charts::each(&mut endpoints);
    endpoints.0
}

/// The value of `labels`.
struct InLanguage(Language);

impl FromStr for InLanguage {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        match text {
            "vi" => Ok(Self(Language::Vietnamese)),
            "en" => Ok(Self(Language::English)),
            _ => Err(Fault::new("unknown_code", "is neither vi nor en").allowing(["vi", "en"])),
        }
    }
}

/// A picture as it was asked for.
struct Commission<C: Charted> {
    asked: Asked<C::About>,
    query: C::Query,
    scope: Scope,
    words: Words,
    source: String,
}

impl<C: Charted> Commission<C> {
    fn read(app: &App, request: &HttpRequest, actor: &Actor) -> Result<Self, Problem> {
        require_one(request, "Charts", Format::Svg)?;
        let mut parameters = Parameters::parse(request.query_string())?;
        let language = parameters.take::<InLanguage>("labels")?.map_or_else(Language::default, |named| named.0);
        let (asked, query) = asked::<C>(app, request, parameters, &["labels"])?;
        let words = Words::of(language, C::NAME)?;
        let source = format!("{}: {}", words.say("Nguồn", "Source"), address::<C>(app, request, asked.today));
        Ok(Self { asked, query, scope: Scope::of(actor), words, source })
    }
}

/// The address of the answer that is drawn, with the day that it tells of, so that it can be asked again. Its host is the one
/// that the settings give, since a picture outlives the name by which a request found the service.
fn address<C: Charted>(app: &App, request: &HttpRequest, today: Date) -> String {
    let origin = app.settings.public_url.as_deref().unwrap_or_default();
    let path = request.path().trim_end_matches(".svg");
    let given = request.query_string().split('&').filter(|part| !part.is_empty() && !part.starts_with("labels="));
    let mut query: Vec<String> = given.map(str::to_owned).collect();
    let has_day = overviews::parameters_of::<C>().iter().any(|parameter| parameter.name == "as_of");
    if has_day && !query.iter().any(|part| part.starts_with("as_of=")) {
        query.push(format!("as_of={today}"));
    }
    let separator = if query.is_empty() { "" } else { "?" };
    format!("{origin}{path}{separator}{}", query.join("&"))
}

/// `GET` of a chart
async fn get<C: Charted>(request: HttpRequest, FormReader(actor): FormReader) -> Answer {
    let app = app_of(&request)?;
    let commission = Commission::<C>::read(&app, &request, &actor)?;
    let picture = drawn(&app, commission).await?;
    let mut response = answer(&request, &actor, None, picture.into_bytes());
    response.builder.insert_header((header::VARY, VARY));
    response.builder.insert_header((header::CROSS_ORIGIN_RESOURCE_POLICY, "cross-origin"));
    Ok(response.of_type(Format::Svg.media_type()).finish())
}

async fn drawn<C: Charted>(app: &web::Data<App>, commission: Commission<C>) -> Result<String> {
    let drawn = app.database.read(Lane::Long, move |conn| {
        let Commission { asked, query, scope, words, source } = commission;
        let chart = <C as Overview>::ask(conn, scope, asked, &query)?.chart(&words);
        refuse_large(&chart, C::NARROWED_BY)?;
        Ok(sheet::drawn(&chart, &source))
    });
    drawn.await
}

/// Refuses a picture that nobody could take in.
fn refuse_large(chart: &Chart, narrowed_by: &str) -> Result<()> {
    let (rows, columns) = chart.size();
    if rows <= MOST_ROWS && columns <= MOST_COLUMNS {
        return Ok(());
    }
    let message =
        format!("leaves {rows} rows and {columns} columns; a chart has at most {MOST_ROWS} and {MOST_COLUMNS}");
    Err(Error::parameter(narrowed_by, Fault::new("too_many", message)))
}
