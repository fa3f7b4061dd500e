//! How the endpoints of accounts describe themselves in the OpenAPI document; `schemas` has what is sent and received.

mod schemas;

use serde_json::{Value, json};

pub use self::schemas::schemas;
use super::operations::{Operation, if_none_match, json_body, not_modified};
use super::parameters::{limit, listed, parameter, query, required};
use super::schema;
use crate::accounts::password::{LONGEST, SHORTEST};
use crate::accounts::user::UserName;
use crate::domain::page::DEFAULT_LIMIT;
use crate::http::accounts::can::ACTIONS;
use crate::http::crud::{JSON, MERGE_PATCH};

/// Under which tag these operations stand.
pub const TAG: &str = "accounts";

/// What can go wrong with reads of accounts.
const READS: &[u16] = &[400, 401, 403, 404, 406, 429, 500, 503];
/// And with writes that take a body.
const WRITES: &[u16] = &[400, 401, 403, 404, 406, 408, 409, 413, 415, 422, 429, 500, 503];
/// And with those that take none.
const ORDERS: &[u16] = &[400, 401, 403, 404, 406, 409, 429, 500, 503];

/// The same, of what is written only if it is as the caller states.
fn with_condition(failures: &[u16]) -> Vec<u16> {
    [failures, &[412]].concat()
}

/// `POST /v1/auth/token`
#[must_use]
pub fn create_token() -> Value {
    Operation::open(TAG, "create_token", "Sign in, or go on with a session")
        .described(
            "With a name and a password: an access token, which is good for 15 minutes, and a refresh token, which is good for \
             30 days and once. With the refresh token: the next two of the same session. A refresh token that comes a second time \
             ends its session, since two have it.\n\n\
             Whatever is wrong, the answer is 401 `login_failed`. A password that an administrator gave is changed when it is \
             first used: without `new_password` beside it the answer is 403 `password_change_required`. Each failure makes the \
             next attempt with that name wait longer, up to the rest of the day, and an address has twenty attempts a minute \
             (429); sessions that have begun are not held up.",
        )
        .with_body(JSON, "TokenRequest", "A name and a password, or a refresh token.")
        .answering([("200", json_body("The tokens.", "TokenAnswer", &[]))], WRITES)
}

/// `POST /v1/auth/revoke`
#[must_use]
pub fn revoke_token() -> Value {
    Operation::open(TAG, "revoke_token", "Sign out")
        .described(
            "Ends the session of a refresh token or of an access token (RFC 7009), at once here and within seconds in other \
             processes. What is no token, or of a session that has ended, is answered in the same way.",
        )
        .with_body(JSON, "Revocation", "The token.")
        .answering([("200", json_body("The session has ended.", "Status", &[]))], WRITES)
}

/// `GET /.well-known/jwks.json`
#[must_use]
pub fn jwks() -> Value {
    Operation::open(TAG, "get_jwks", "Read the keys that verify access tokens")
        .described(
            "The public keys (RFC 7517): the one that signs now, the next one from a day before it is used, and the previous one \
             until its last token has expired.",
        )
        .answering([("200", json_body("The keys, which may be kept for five minutes.", "JwkSet", &[]))], &[406, 500])
}

/// `GET /v1/me`
#[must_use]
pub fn get_me() -> Value {
    Operation::writing(TAG, "get_me", "Read who one is")
        .described(
            "Who calls, with what, and what that allows. `user` is null where no account stands behind the credential.",
        )
        .taking([if_none_match()])
        .answering([("200", json_body("The caller.", "Me", &["ETag"])), not_modified()], &[400, 401, 406, 429, 500])
}

/// `GET /v1/me/can`
#[must_use]
pub fn can() -> Value {
    let actions: Vec<&str> = ACTIONS.iter().map(|(name, _)| *name).collect();
    let action = json!({ "type": "string", "enum": actions  });
    let resource = json!({ "type": "string", "pattern": "^(/v1/)?[a-z-]+(/[1-9][0-9]{0,15})?$" });
    Operation::writing(TAG, "can_i", "Ask what one may do, and why")
        .described(
            "Whether the caller may do something with a record, or with records of a collection that `managed_by` owns, and \
             by which of the grants. A record that the caller may not see is answered with 404, as everywhere.",
        )
        .taking([
            required("action", "What is to be done.", &action, &json!("update")),
            required("resource", "With what: `documents`, `documents/5`.", &resource, &json!("documents/5")),
            query(
                "managed_by",
                "The organization that is to own what is not there yet.",
                &schema("RecordId"),
                &json!(12),
            ),
            if_none_match(),
        ])
        .answering(
            [("200", json_body("What may be done.", "Permitted", &["ETag"])), not_modified()],
            &[400, 401, 404, 406, 410, 429, 500, 503],
        )
}

/// `POST /v1/me/password`
#[must_use]
pub fn change_password() -> Value {
    Operation::writing(TAG, "change_own_password", "Change one's own password")
        .described(format!(
            "Takes the current password, and ends all other sessions of the user. A password has {SHORTEST} to {LONGEST} \
             characters of any kind, and is none of those that are guessed first. Attempts are counted as those to sign in are."
        ))
        .with_body(JSON, "PasswordChange", "Both passwords.")
        .answering([("204", done())], WRITES)
}

fn done() -> Value {
    json!({ "description": "It is done.", "headers": { "X-Request-Id": { "$ref": "#/components/headers/X-Request-Id" } } })
}

fn paging() -> [Value; 3] {
    [limit(DEFAULT_LIMIT), parameter("Cursor"), if_none_match()]
}

/// `GET /v1/users`
#[must_use]
pub fn list_users() -> Value {
    Operation::writing(TAG, "list_users", "List users")
        .described("For administrators: the accounts that they keep, which are granted nothing outside of what theirs is. In the order of their numbers.")
        .taking(paging())
        .answering([("200", json_body("One page.", "UserPage", &["ETag", "Link"])), not_modified()], READS)
}

/// `POST /v1/users`
#[must_use]
pub fn create_user() -> Value {
    Operation::writing(TAG, "create_user", "Create a user")
        .described(
            "For administrators. The answer has a password, which is shown this once and is to be changed at the first login. A \
             name is never given twice. With an `Idempotency-Key` the request may be sent again until it is answered, with the \
             same password.",
        )
        .taking([parameter("IdempotencyKey")])
        .with_body(JSON, "UserInput", "The account.")
        .answering([("201", json_body("The user, who is new.", "UserWithPassword", &["Location"]))], WRITES)
}

/// `GET /v1/users/{id}`
#[must_use]
pub fn get_user() -> Value {
    Operation::writing(TAG, "get_user", "Read a user")
        .described("For administrators.")
        .taking([parameter("Id"), if_none_match()])
        .answering([("200", json_body("The user.", "User", &["ETag"])), not_modified()], READS)
}

/// `PATCH /v1/users/{id}`
#[must_use]
pub fn update_user() -> Value {
    Operation::writing(TAG, "update_user", "Change a user")
        .described(
            "For administrators. A change of the role, and disabling, end all sessions of the user. The last administrator stays \
             one (409 `last_administrator`).",
        )
        .taking([parameter("Id"), parameter("IfMatch")])
        .with_body(MERGE_PATCH, "UserPatch", "A merge patch (RFC 7396).")
        .answering([("200", json_body("The user as it is now.", "User", &["ETag"]))], &with_condition(WRITES))
}

/// `DELETE /v1/users/{id}`
#[must_use]
pub fn delete_user() -> Value {
    Operation::writing(TAG, "delete_user", "Disable a user")
        .described("For administrators. The account stays, since the change log names it; it can be enabled again with a patch.")
        .taking([parameter("Id"), parameter("IfMatch")])
        .answering([("204", done())], &with_condition(ORDERS))
}

/// `POST /v1/users/{id}/password`
#[must_use]
pub fn reset_password() -> Value {
    Operation::writing(TAG, "reset_user_password", "Reset the password of a user")
        .described(
            "For administrators. Ends all sessions of the user. The answer has a password, which is shown this once and is to be \
             changed at the next login.",
        )
        .taking([parameter("Id"), parameter("IdempotencyKey")])
        .answering([("200", json_body("The user.", "UserWithPassword", &[]))], &[ORDERS, &[422]].concat())
}

/// `DELETE /v1/users/{id}/sessions`
#[must_use]
pub fn end_sessions() -> Value {
    Operation::writing(TAG, "delete_user_sessions", "End the sessions of a user")
        .described("For administrators. The user has to sign in again everywhere.")
        .taking([parameter("Id")])
        .answering([("204", done())], ORDERS)
}

fn key_id() -> Value {
    let schema = json!({ "type": "string", "pattern": "^[0-9A-Za-z]{8}$" });
    json!({ "name": "id", "in": "path", "required": true, "description": "The id of the key.", "schema": schema, "example": "k7Qm2xYz" })
}

/// `GET /v1/api-keys`
#[must_use]
pub fn list_api_keys() -> Value {
    Operation::writing(TAG, "list_api_keys", "List API keys")
        .described("One's own and, for administrators, all. The keys themselves are kept nowhere.")
        .taking(paging())
        .answering([("200", json_body("One page.", "ApiKeyPage", &["ETag", "Link"])), not_modified()], READS)
}

/// `POST /v1/api-keys`
#[must_use]
pub fn create_api_key() -> Value {
    Operation::writing(TAG, "create_api_key", "Create an API key")
        .described(
            "The answer has the key, which is shown this once. It stands for the user who makes it or, if an administrator names \
             one, for a partner without an account, and allows at most what its user may do. It is sent as \
             `Authorization: Bearer KEY` and never in an address. A key makes no keys.",
        )
        .taking([parameter("IdempotencyKey")])
        .with_body(JSON, "ApiKeyInput", "What it is for.")
        .answering([("201", json_body("The key, which is new.", "NewApiKey", &[]))], WRITES)
}

/// `POST /v1/api-keys/{id}/rotate`
#[must_use]
pub fn rotate_api_key() -> Value {
    Operation::writing(TAG, "rotate_api_key", "Exchange an API key")
        .described(
            "Makes another key of the same kind. The old one is good beside it for some hours, so that nothing stands still while \
             it is exchanged.",
        )
        .taking([key_id(), parameter("IdempotencyKey")])
        .with_body(JSON, "ApiKeyRotation", "For how long.")
        .answering([("201", json_body("The key, which is new.", "NewApiKey", &[]))], WRITES)
}

/// `DELETE /v1/api-keys/{id}`
#[must_use]
pub fn revoke_api_key() -> Value {
    Operation::writing(TAG, "revoke_api_key", "Revoke an API key")
        .described("It is good no more, at once here and within seconds in other processes.")
        .taking([key_id()])
        .answering([("204", done())], ORDERS)
}

/// `GET /v1/security-events`
#[must_use]
pub fn list_security_events() -> Value {
    let kind = schema("SecurityEventKind");
    let name = json!({ "type": "string", "pattern": UserName::PATTERN });
    Operation::writing(TAG, "list_security_events", "List security events")
        .described(
            "For administrators of all records: what happened to accounts and credentials in the last year, from the newest. Of what \
             is refused to one caller within a minute, the first is in it, and how many came after.",
        )
        .taking([
            listed("kind", "Only events of these kinds.", &kind, None, &json!(["login_failed"])),
            query("user", "Only events of the account of this name.", &name, &json!("lan")),
            query("from", "Only events at or after this instant.", &schema("Instant"), &json!("2026-11-21T00:00:00Z")),
            query("to", "Only events before this instant.", &schema("Instant"), &json!("2026-11-22T00:00:00Z")),
        ])
        .taking(paging())
        .answering([("200", json_body("One page.", "SecurityEventPage", &["ETag", "Link"])), not_modified()], READS)
}
