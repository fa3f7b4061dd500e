//! A path with its operations. It serves requests and describes itself, so that neither can be without the other.

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, Resource, Route, Scope, web};
use serde_json::{Map, Value};

use super::address;
use super::problem::Problem;

/// Makes the server answer at the paths of `endpoints`.
///
/// Actix asks one service after the other whether a path is theirs, and those with a parameter find out by a regular
/// expression. So what begins alike stands in a scope, which says no at a glance.
pub fn register(endpoints: &[Endpoint], config: &mut web::ServiceConfig) {
    let mut scopes: BTreeMap<&str, Scope> = BTreeMap::new();
    for endpoint in endpoints {
        let (base, rest) = endpoint.parts();
        let scope = scopes.remove(base).unwrap_or_else(|| web::scope(base));
        scopes.insert(base, scope.service(endpoint.resource(rest)));
    }
    for scope in scopes.into_values() {
        config.service(scope);
    }
}

/// One operation of a path.
pub struct Operation {
    /// The method.
    pub method: Method,
    /// Gives a route its handler.
    pub handle: fn(Route) -> Route,
    /// The Operation Object of the OpenAPI document.
    pub describe: fn() -> Value,
}

/// The path by which a request was routed, as the OpenAPI document has it. Actix could tell it too, by trying all of them
/// again.
#[derive(Debug, Clone)]
pub struct Routed(pub String);

/// A path with its operations.
pub struct Endpoint {
    /// The path, with its parameters between braces.
    pub path: String,
    /// The operations.
    pub operations: Vec<Operation>,
}

impl Endpoint {
    /// A path with no operation yet.
    #[must_use]
    pub fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), operations: Vec::new() }
    }

    /// The same path with one more operation.
    #[must_use]
    pub fn with(mut self, method: Method, handle: fn(Route) -> Route, describe: fn() -> Value) -> Self {
        self.operations.push(Operation { method, handle, describe });
        self
    }

    /// The methods that the path answers, as `Allow` lists them: HEAD goes with GET, OPTIONS is everywhere.
    fn allowed(&self) -> String {
        let mut methods: Vec<&str> = self.operations.iter().map(|operation| operation.method.as_str()).collect();
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        methods.push("OPTIONS");
        methods.join(", ")
    }

    /// Makes the server answer at this path.
    pub fn register(self, config: &mut web::ServiceConfig) {
        config.service(self.resource(&self.path));
    }

    /// What answers at `path`. Attribute routes would answer 404 to an undeclared method.
    fn resource(&self, path: &str) -> Resource {
        let allowed = self.allowed();
        let mut resource = web::resource(path).app_data(Routed(self.path.clone()));
        for operation in &self.operations {
            resource = resource.route((operation.handle)(web::method(operation.method.clone())));
            if operation.method == Method::GET {
                resource = resource.route((operation.handle)(web::head()));
            }
        }
        let options = allowed.clone();
        resource
            .route(web::method(Method::OPTIONS).to(move || {
                let allowed = options.clone();
                async move { HttpResponse::NoContent().insert_header((header::ALLOW, allowed)).finish() }
            }))
            .default_service(web::to(move |request: HttpRequest| {
                let detail = format!("{} is not offered here.", address::shown_method(request.method()));
                let problem = Problem::new("method_not_allowed", detail).header(header::ALLOW, allowed.clone());
                async move { Err::<HttpResponse, Problem>(problem) }
            }))
    }

    /// The two segments with which all paths of a collection begin, and the rest: `/v1/documents` and `/{id}`.
    fn parts(&self) -> (&str, &str) {
        let third = self.path.match_indices('/').nth(2).map_or(self.path.len(), |(at, _)| at);
        self.path.split_at(third)
    }

    /// The Path Item Object of the OpenAPI document.
    #[must_use]
    pub fn describe(&self) -> Value {
        let described =
            |operation: &Operation| (operation.method.as_str().to_ascii_lowercase(), (operation.describe)());
        Value::Object(self.operations.iter().map(described).collect::<Map<String, Value>>())
    }
}
