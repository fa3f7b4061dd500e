//! A path with its operations. It serves requests and describes itself, so that neither can be without the other.

use actix_web::http::Method;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, Route, web};
use serde_json::{Map, Value};

use super::problem::Problem;

/// One operation of a path.
pub struct Operation {
    /// The method.
    pub method: Method,
    /// Gives a route its handler.
    pub handle: fn(Route) -> Route,
    /// The Operation Object of the OpenAPI document.
    pub describe: fn() -> Value,
}

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

    /// Makes the server answer at this path. Attribute routes would answer 404 to an undeclared method.
    pub fn register(self, config: &mut web::ServiceConfig) {
        let allowed = self.allowed();
        let mut resource = web::resource(&self.path);
        for operation in &self.operations {
            resource = resource.route((operation.handle)(web::method(operation.method.clone())));
            if operation.method == Method::GET {
                resource = resource.route((operation.handle)(web::head()));
            }
        }
        let options = allowed.clone();
        let resource = resource
            .route(web::method(Method::OPTIONS).to(move || {
                let allowed = options.clone();
                async move { HttpResponse::NoContent().insert_header((header::ALLOW, allowed)).finish() }
            }))
            .default_service(web::to(move |request: HttpRequest| {
                let detail = format!("{} is not offered here.", request.method());
                let problem = Problem::new("method_not_allowed", detail).header(header::ALLOW, allowed.clone());
                async move { Err::<HttpResponse, Problem>(problem) }
            }));
        config.service(resource);
    }

    /// The Path Item Object of the OpenAPI document.
    #[must_use]
    pub fn describe(&self) -> Value {
        let described =
            |operation: &Operation| (operation.method.as_str().to_ascii_lowercase(), (operation.describe)());
        Value::Object(self.operations.iter().map(described).collect::<Map<String, Value>>())
    }
}
