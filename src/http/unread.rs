//! Bodies that nobody reads to their end, such as those that are too large or come without a token.
//!
//! Where a body of unknown length has no reader any more, actix answers and then reads and throws away what still comes,
//! for as long as the client cares to send. Where it has one when its answer has been sent, actix closes the connection
//! instead, a second later at most. So such a body is kept until then.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpResponse};
use futures_util::Stream;

/// The body of a request, shared by its reader and its answer.
#[derive(Clone)]
pub struct Unread(Rc<RefCell<Payload>>);

impl Unread {
    /// The body of a request that does not say how long it is.
    pub fn of(request: &mut ServiceRequest) -> Option<Self> {
        if !request.headers().contains_key(header::TRANSFER_ENCODING) {
            return None;
        }
        let body = Self(Rc::new(RefCell::new(request.take_payload())));
        request.set_payload(Payload::Stream { payload: Box::pin(body.clone()) });
        Some(body)
    }

    /// An answer that keeps the body until it has been sent.
    pub fn kept_by<B: MessageBody + 'static>(self, mut answer: HttpResponse<B>) -> HttpResponse<BoxBody> {
        // Actix looks when it sends the head of an answer without a body, and else at the end of the body.
        answer.extensions_mut().insert(self.clone());
        answer.map_body(|_, body| BoxBody::new(Keeping { body: BoxBody::new(body), _unread: self }))
    }
}

impl Stream for Unread {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut *self.0.borrow_mut()).poll_next(context)
    }
}

/// The body of an answer, with that of its request.
struct Keeping {
    body: BoxBody,
    _unread: Unread,
}

impl MessageBody for Keeping {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        self.body.as_pin_mut().poll_next(context)
    }
}
