//! The floor: what somebody would write by hand for just the requests that are measured, and nothing else.
//!
//! actix-web, SQL with the titles of links joined, structs with serde. No rights, no conditions of requests, no other
//! parameters, no cursors that are signed, no checks of what is written. The database file, its settings, the fields of
//! every answer and the columns of every row that is written are those of the service.

mod read;
mod records;
mod write;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Mutex;

use actix_web::{App, HttpServer, web};
use anyhow::{Context, Result};
use rusqlite::Connection;

/// The settings of the service's own connections.
const SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA cache_size = -65536; \
     PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864;";

/// The one connection that writes.
pub type Writer = Mutex<Connection>;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let file = PathBuf::from(arguments.next().context("floor FILE ADDRESS")?);
    let address: SocketAddr = arguments.next().context("floor FILE ADDRESS")?.parse()?;
    let writer = web::Data::new(Mutex::new(connect(&file)?));
    let server = HttpServer::new(move || {
        let reader = connect(&file).map(Rc::new).map_err(|error| error.to_string());
        App::new()
            .app_data(web::Data::clone(&writer))
            .app_data(web::Data::new(file.clone()))
            .app_data(web::PayloadConfig::new(1 << 30))
            .app_data(reader)
            .route("/v1/documents/{id}", web::get().to(read::document))
            .route("/v1/conferences", web::get().to(read::conferences))
            .route("/v1/conferences", web::post().to(write::create))
            .route("/v1/reports/conferences", web::get().to(read::report))
            .route("/v1/import", web::post().to(write::import))
    });
    let server = server.workers(1).tcp_nodelay(true).bind(address)?.run();
    actix_web::rt::System::new().block_on(server).context("the server failed")
}

/// Opens the file as the service does.
fn connect(file: &std::path::Path) -> Result<Connection> {
    let connection = Connection::open(file)?;
    connection.execute_batch(SETTINGS)?;
    Ok(connection)
}
