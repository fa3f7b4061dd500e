//! What is computed of the records, over HTTP: a whole object as JSON, or its rows as a table or as lines.

use actix_web::http::{Method, header};
use actix_web::{HttpRequest, web};
use serde_json::{Value, to_value};

use super::conditional::{answer, json_bytes};
use super::endpoint::Endpoint;
use super::export;
use super::extract::{FormReader, app_of, record_id};
use super::negotiation::{Form, Format, VARY};
use super::openapi::overviews;
use super::problem::{Answer, Problem};
use super::query::Parameters;
use crate::app::App;
use crate::db::{Conn, Lane, Scope};
use crate::domain::{Actor, Error, Fault, Result};
use crate::tracking::{self, About, Asked, Overview, Visitor, columns_of};
use crate::transfer::columns::{self, Column};
use crate::transfer::ndjson::Lines;

/// How many rows an answer has at most as JSON, which is put together in memory.
const MOST_ROWS: usize = 30_000;

/// The endpoints of all that is computed.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    struct Endpoints(Vec<Endpoint>);
    impl Visitor for Endpoints {
        fn visit<O: Overview>(&mut self) {
            self.0.push(endpoint::<O>());
        }
    }
    let mut endpoints = Endpoints(Vec::new());
    tracking::each(&mut endpoints);
    endpoints.0
}

fn endpoint<O: Overview>() -> Endpoint {
    Endpoint::new(O::PATH).with(Method::GET, |route| route.to(get::<O>), overviews::operation::<O>)
}

/// A question as it was sent.
struct Question<O: Overview> {
    asked: Asked<O::About>,
    query: O::Query,
    scope: Scope,
    form: Form,
    /// The columns of its rows, in a form that has rows.
    columns: Vec<Column>,
}

impl<O: Overview> Question<O> {
    fn read(app: &App, request: &HttpRequest, actor: &Actor) -> Result<Self, Problem> {
        let mut parameters = Parameters::parse(request.query_string())?;
        let form = Form::take_of_overview(&mut parameters, request)?;
        let columns = columns::<O>(parameters.take_text("fields"), form)?;
        let (asked, query) = asked::<O>(app, request, parameters, &["fields", "format", "csv", "labels"])?;
        Ok(Self { asked, query, scope: Scope::of(actor), form, columns })
    }

    fn answered(&self, conn: &mut Conn) -> Result<O> {
        O::ask(conn, self.scope, self.asked, &self.query)
    }

    /// A row with the fields that are asked for.
    fn shaped(&self, row: O::Row) -> Result<Value> {
        let mut row = to_value(row).map_err(|error| Error::Internal(error.to_string()))?;
        if let Some(fields) = row.as_object_mut() {
            fields.retain(|name, _| self.columns.iter().any(|column| column.field == *name));
        }
        Ok(row)
    }
}

/// The columns of the rows, of which an object has none: all of them, or those of the fields that are asked for.
fn columns<O: Overview>(fields: Option<String>, form: Form) -> Result<Vec<Column>> {
    let columns = if form.format == Format::Json { Vec::new() } else { columns_of::<O>() };
    let Some(fields) = fields else { return Ok(columns) };
    let refused = |fault| Error::parameter("fields", fault);
    if form.format == Format::Json {
        let message = "chooses the fields of rows; format=csv, ndjson or xlsx asks for rows";
        return Err(refused(Fault::new("inconsistent", message)));
    }
    let fields: Vec<String> = fields.split(',').map(str::to_owned).collect();
    columns::only(columns, &fields).map_err(refused)
}

/// What is asked of an overview by the path and the parameters that are left, when those that `shape` the answer are taken.
///
/// # Errors
/// `Malformed` if there is no such parameter, or one is not of its type.
pub fn asked<O: Overview>(
    app: &App,
    request: &HttpRequest,
    parameters: Parameters,
    shape: &[&str],
) -> Result<(Asked<O::About>, O::Query), Problem> {
    let about = O::About::read(|| record_id(request))?;
    let known = overviews::parameters_of::<O>();
    let known = known.iter().map(|parameter| parameter.name.as_str()).chain(shape.iter().copied());
    parameters.refuse_unknown(&known.collect::<Vec<_>>())?;
    let no_day = || Error::Internal("the clock is outside of the years that are known".to_owned());
    let asked = Asked { about, today: app.clock.today().ok_or_else(no_day)? };
    Ok((asked, parameters.into_query(O::LONG_TEXTS)?))
}

/// `GET` of an overview
async fn get<O: Overview>(request: HttpRequest, FormReader(actor): FormReader) -> Answer {
    let app = app_of(&request)?;
    let question = Question::<O>::read(&app, &request, &actor)?;
    match question.form.format {
        Format::Csv | Format::Xlsx => as_table(&request, &actor, &app, question).await,
        Format::Ndjson => as_lines(&actor, &app, question).await,
        _ => as_object(&request, &actor, &app, question).await,
    }
}

async fn as_object<O: Overview>(
    request: &HttpRequest,
    actor: &Actor,
    app: &web::Data<App>,
    question: Question<O>,
) -> Answer {
    let body = app.database.read(Lane::Long, move |conn| {
        let overview = question.answered(conn)?;
        refuse_long(&overview)?;
        json_bytes(&overview)
    });
    let mut response = answer(request, actor, None, body.await?);
    response.builder.insert_header((header::VARY, VARY));
    Ok(response.finish())
}

/// Refuses an answer that is too long for one object.
fn refuse_long<O: Overview>(overview: &O) -> Result<()> {
    if overview.size() <= MOST_ROWS {
        return Ok(());
    }
    let message = format!("would have more than {MOST_ROWS} rows as JSON; ask for fewer, or in another form");
    let fault = Fault::new("too_many", message).allowing(["csv", "ndjson", "xlsx"]);
    Err(Error::parameter("format", fault))
}

async fn as_lines<O: Overview>(actor: &Actor, app: &web::Data<App>, question: Question<O>) -> Answer {
    let mut head = export::head(actor, O::NAME, question.form.format);
    let lines = app.database.read(Lane::Long, move |conn| {
        let (rows, mut lines) = (question.answered(conn)?.rows(), Lines::default());
        let mut bytes = lines.of(rows.into_iter().map(|row| question.shaped(row)))?;
        bytes.extend(lines.end());
        Ok(bytes)
    });
    Ok(head.body(lines.await?))
}

async fn as_table<O: Overview>(
    request: &HttpRequest,
    actor: &Actor,
    app: &web::Data<App>,
    question: Question<O>,
) -> Answer {
    let head = export::head(actor, O::NAME, question.form.format);
    let table = app.database.read(Lane::Long, move |conn| {
        let rows = question.answered(conn)?.rows();
        let mut table = export::begun(question.columns.clone(), question.form, O::NAME)?;
        for row in rows {
            table.add(&question.shaped(row)?)?;
        }
        Ok(table)
    });
    let finished = export::finished(table.await?).await?;
    Ok(export::whole(request, head, finished))
}
