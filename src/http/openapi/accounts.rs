//! How the endpoints of accounts describe themselves in the OpenAPI document.

use serde_json::{Value, json};
use utoipa::PartialSchema;

use super::common::{described, page_of, text};
use super::operations::{Operation, if_none_match, json_body, not_modified};
use super::parameters::{limit, listed, parameter, query};
use super::records::settled;
use super::{Named, schema};
use crate::accounts::api_key::{MOST_DAYS, MOST_OVERLAP, USUAL_DAYS, USUAL_OVERLAP};
use crate::accounts::event::EventKind;
use crate::accounts::password::{LONGEST, SHORTEST};
use crate::accounts::user::UserName;
use crate::domain::page::DEFAULT_LIMIT;
use crate::domain::{Line, Role};
use crate::http::crud::{JSON, MERGE_PATCH};

/// Under which tag these operations stand.
pub const TAG: &str = "accounts";

/// What can go wrong with reads of accounts.
const READS: &[u16] = &[400, 401, 403, 404, 406, 500, 503];
/// And with writes that take a body.
const WRITES: &[u16] = &[400, 401, 403, 404, 406, 408, 409, 413, 415, 422, 429, 500, 503];
/// And with those that take none.
const ORDERS: &[u16] = &[400, 401, 403, 404, 406, 409, 500, 503];

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
        .answering([("200", json_body("The caller.", "Me", &["ETag"])), not_modified()], &[400, 401, 406, 500])
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
        .described("For administrators. In the order of their numbers.")
        .taking(paging())
        .answering([("200", json_body("One page.", "UserPage", &["ETag", "Link"])), not_modified()], READS)
}

/// `POST /v1/users`
#[must_use]
pub fn create_user() -> Value {
    Operation::writing(TAG, "create_user", "Create a user")
        .described(
            "For administrators. The answer has a password, which is shown this once and is to be changed at the first login. A \
             name is never given twice.",
        )
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
        .taking([parameter("Id")])
        .with_body(MERGE_PATCH, "UserPatch", "A merge patch (RFC 7396).")
        .answering([("200", json_body("The user as it is now.", "User", &[]))], WRITES)
}

/// `DELETE /v1/users/{id}`
#[must_use]
pub fn delete_user() -> Value {
    Operation::writing(TAG, "delete_user", "Disable a user")
        .described("For administrators. The account stays, since the change log names it; it can be enabled again with a patch.")
        .taking([parameter("Id")])
        .answering([("204", done())], ORDERS)
}

/// `POST /v1/users/{id}/password`
#[must_use]
pub fn reset_password() -> Value {
    Operation::writing(TAG, "reset_user_password", "Reset the password of a user")
        .described(
            "For administrators. Ends all sessions of the user. The answer has a password, which is shown this once and is to be \
             changed at the next login.",
        )
        .taking([parameter("Id")])
        .answering([("200", json_body("The user.", "UserWithPassword", &[]))], ORDERS)
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
        .taking([key_id()])
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
            "For administrators: what happened to accounts and credentials in the last year, from the newest. Attempts that were \
             refused because there had been too many are not in it.",
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

/// The schemas of accounts.
#[must_use]
pub fn schemas() -> Named {
    let requests = [
        ("TokenRequest", token_request()),
        ("Revocation", object("A token.", &[("token", secret_text("The token."))], &["token"])),
        ("PasswordChange", password_change()),
        ("UserInput", user_input(true)),
        ("UserPatch", user_input(false)),
        ("ApiKeyInput", api_key_input()),
        ("ApiKeyRotation", api_key_rotation()),
    ];
    let answers = [
        ("TokenAnswer", token_answer()),
        ("JwkSet", jwk_set()),
        ("Me", me()),
        ("Role", settled(serde_json::to_value(Role::schema()).unwrap_or_default())),
        ("SecurityEventKind", settled(serde_json::to_value(EventKind::schema()).unwrap_or_default())),
        ("User", user(None)),
        (
            "UserWithPassword",
            user(Some(("password", secret_text("The password, to be changed when it is first used.")))),
        ),
        ("UserPage", page("User", "Users.", &user_example())),
        ("ApiKey", api_key(None)),
        ("NewApiKey", api_key(Some(("key", secret_text("The key, shown this once."))))),
        ("ApiKeyPage", page("ApiKey", "API keys.", &api_key_example())),
        ("SecurityEvent", event()),
        ("SecurityEventPage", page("SecurityEvent", "Security events.", &event_example())),
    ];
    requests.into_iter().chain(answers).map(|(name, schema)| (name.to_owned(), schema)).collect()
}

fn page(name: &str, about: &str, example: &Value) -> Value {
    page_of(
        &schema(name),
        about,
        &json!({ "data": [example], "page": { "next": null, "limit": 50 }, "links": { "next": null } }),
    )
}

/// A closed object with these properties.
fn object(about: &str, properties: &[(&str, Value)], required: &[&str]) -> Value {
    let properties: serde_json::Map<String, Value> =
        properties.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    json!({
        "type": "object",
        "description": about,
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// A text that is a secret, of which no example is one.
fn secret_text(description: &str) -> Value {
    json!({ "type": "string", "description": description, "examples": ["…"] })
}

fn password(description: &str) -> Value {
    json!({ "type": "string", "format": "password", "description": description, "examples": ["cá kho làng Vũ Đại"] })
}

fn nullable(description: &str, example: &str) -> Value {
    json!({ "type": ["string", "null"], "description": description, "examples": [example] })
}

fn nullable_instant(description: &str) -> Value {
    json!({ "type": ["string", "null"], "format": "date-time", "description": description, "examples": ["2026-11-21T03:00:00.000000Z"] })
}

fn number(description: &str, first: i64, last: i64, example: i64) -> Value {
    json!({ "type": "integer", "format": "int64", "minimum": first, "maximum": last, "description": description, "examples": [example] })
}

fn token_request() -> Value {
    let kind =
        |code: &str| json!({ "type": "string", "enum": [code], "description": "What is offered.", "examples": [code] });
    let by_password = object(
        "Signing in.",
        &[
            ("grant_type", kind("password")),
            ("username", text("The name, in any case.", "lan")),
            ("password", password("The password.")),
            (
                "new_password",
                json!({ "type": ["string", "null"], "description": "The password to take its place.", "examples": ["năm con ngựa trắng"] }),
            ),
        ],
        &["grant_type", "username", "password"],
    );
    let by_token = object(
        "Going on.",
        &[
            ("grant_type", kind("refresh_token")),
            ("refresh_token", secret_text("The last refresh token of the session.")),
        ],
        &["grant_type", "refresh_token"],
    );
    json!({ "description": "What somebody signs in or goes on with.", "oneOf": [by_password, by_token] })
}

fn token_answer() -> Value {
    json!({
        "type": "object",
        "description": "The tokens of a session.",
        "properties": {
            "access_token": secret_text("What is sent as `Authorization: Bearer ACCESS_TOKEN`."),
            "token_type": { "type": "string", "enum": ["Bearer"], "description": "How it is sent.", "examples": ["Bearer"] },
            "expires_in": number("How many seconds the access token is good.", 1, 900, 900),
            "refresh_token": secret_text("What the next tokens are had for, once."),
            "refresh_expires_in": number("How many seconds the refresh token is good.", 1, 2_592_000, 2_592_000),
        },
        "required": ["access_token", "token_type", "expires_in", "refresh_token", "refresh_expires_in"],
    })
}

fn jwk_set() -> Value {
    let fixed = |value: &str, about: &str| json!({ "type": "string", "enum": [value], "description": about, "examples": [value] });
    let jwk = json!({
        "type": "object",
        "description": "One key.",
        "properties": {
            "kty": fixed("OKP", "The type of key."),
            "crv": fixed("Ed25519", "The curve."),
            "use": fixed("sig", "What it is for."),
            "alg": fixed("EdDSA", "The algorithm."),
            "kid": text("What tokens name it by.", "V1StGXR8Z5jdHi6B"),
            "x": text("The public key.", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"),
        },
        "required": ["kty", "crv", "use", "alg", "kid", "x"],
    });
    json!({
        "type": "object",
        "description": "The public keys (RFC 7517).",
        "properties": { "keys": { "type": "array", "description": "The keys.", "items": jwk, "examples": [[{
            "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "V1StGXR8Z5jdHi6B",
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        }]] } },
        "required": ["keys"],
    })
}

fn me() -> Value {
    let credential = json!({
        "type": "object",
        "description": "The credential.",
        "properties": {
            "kind": { "type": "string", "enum": ["session", "api_key", "token"], "description": "What it is: an access token of a session, an API key, or a token of the command line.", "examples": ["session"] },
            "id": nullable("What the change log calls it.", "4b2c"),
            "session": nullable("The session, if it is of one.", "Zm9v"),
        },
        "required": ["kind", "id", "session"],
        "examples": [{ "kind": "session", "id": "4b2c", "session": "Zm9v" }],
    });
    json!({
        "type": "object",
        "description": "Who calls.",
        "properties": {
            "subject": nullable("What the change log calls the caller.", "lan"),
            "role": described("Role", "What the caller may do."),
            "credential": credential,
            "user": { "anyOf": [schema("User"), { "type": "null" }], "description": "The account.", "examples": [user_example()] },
        },
        "required": ["subject", "role", "credential", "user"],
    })
}

fn password_change() -> Value {
    object(
        "A change of password.",
        &[
            ("current_password", password("The password until now.")),
            ("new_password", password("The one from now on.")),
        ],
        &["current_password", "new_password"],
    )
}

fn user_input(new: bool) -> Value {
    let called = json!({ "type": ["string", "null"], "pattern": crate::domain::text::LINE, "maxLength": 200, "description": "What the user is called.", "examples": ["Nguyễn Thị Lan"] });
    let role = described("Role", "What the user may do.");
    if new {
        let name = json!({ "type": "string", "pattern": UserName::PATTERN, "description": "What the user signs in as; kept in small letters.", "examples": ["lan"] });
        return object("An account.", &[("name", name), ("display_name", called), ("role", role)], &["name", "role"]);
    }
    let disabled = json!({ "type": "boolean", "description": "Whether the user may not sign in.", "examples": [true] });
    object(
        "What is to be changed of an account.",
        &[("display_name", called), ("role", role), ("disabled", disabled)],
        &[],
    )
}

fn line(description: &str, example: &str) -> Value {
    let mut value = settled(serde_json::to_value(Line::<200>::schema()).unwrap_or_default());
    if let Some(object) = value.as_object_mut() {
        object.insert("description".to_owned(), description.into());
        object.insert("examples".to_owned(), json!([example]));
    }
    value
}

fn api_key_input() -> Value {
    object(
        "What a key is for.",
        &[
            ("name", line("What it is for.", "nightly import")),
            ("role", described("Role", "What it allows, `reader` unless told.")),
            (
                "partner",
                line(
                    "The partner that it stands for, in place of the user who makes it.",
                    "Văn phòng Tỉnh ủy Thái Bình",
                ),
            ),
            (
                "expires_in_days",
                json!({ "type": "integer", "format": "int64", "minimum": 1, "maximum": MOST_DAYS, "default": USUAL_DAYS, "description": "How many days it is good.", "examples": [90] }),
            ),
        ],
        &["name"],
    )
}

fn api_key_rotation() -> Value {
    let hours = json!({ "type": "integer", "format": "int64", "minimum": 0, "maximum": MOST_OVERLAP, "default": USUAL_OVERLAP, "description": "How many hours the old key is good beside the new one.", "examples": [24] });
    object("An exchange of a key.", &[("overlap_hours", hours)], &[])
}

fn user_example() -> Value {
    json!({
        "id": 2, "name": "lan", "display_name": "Nguyễn Thị Lan", "role": "editor", "disabled_at": null,
        "must_change_password": false, "version": 1, "created_at": "2026-11-21T03:00:00.000000Z",
        "updated_at": "2026-11-21T03:00:00.000000Z",
    })
}

fn user(more: Option<(&str, Value)>) -> Value {
    let mut properties = json!({
        "id": schema("RecordId"),
        "name": text("What the user signs in as.", "lan"),
        "display_name": nullable("What the user is called.", "Nguyễn Thị Lan"),
        "role": described("Role", "What the user may do."),
        "disabled_at": nullable_instant("Since when the user may not sign in; null if that is not so."),
        "must_change_password": { "type": "boolean", "description": "Whether the password is to be changed at the next login.", "examples": [false] },
        "version": number("Rises with each change that ended the sessions.", 1, i64::MAX, 1),
        "created_at": described("Instant", "When the account was made."),
        "updated_at": described("Instant", "When it was last changed."),
    });
    with_more("A user.", &mut properties, more, &user_example())
}

/// An object of which every property is there, and perhaps one more.
fn with_more(about: &str, properties: &mut Value, more: Option<(&str, Value)>, example: &Value) -> Value {
    let mut example = example.clone();
    if let (Some(object), Some(shown), Some((name, value))) =
        (properties.as_object_mut(), example.as_object_mut(), more)
    {
        object.insert(name.to_owned(), value);
        shown.insert(name.to_owned(), "…".into());
    }
    let required: Vec<&String> = properties.as_object().into_iter().flatten().map(|(name, _)| name).collect();
    json!({ "type": "object", "description": about, "properties": properties, "required": required, "examples": [example] })
}

fn api_key_example() -> Value {
    json!({
        "id": "k7Qm2xYz", "name": "nightly import", "user": "lan", "partner": null, "role": "editor",
        "created_at": "2026-11-21T03:00:00.000000Z", "expires_at": "2027-02-19T03:00:00.000000Z", "last_used_at": null,
        "rotated_from": null, "revoked_at": null,
    })
}

fn api_key(more: Option<(&str, Value)>) -> Value {
    let mut properties = json!({
        "id": text("What the key is looked up by.", "k7Qm2xYz"),
        "name": text("What it is for.", "nightly import"),
        "user": nullable("The user that it stands for.", "lan"),
        "partner": nullable("The partner that it stands for.", "Văn phòng Tỉnh ủy Thái Bình"),
        "role": described("Role", "What it allows, at most what its user may do."),
        "created_at": described("Instant", "When it was made."),
        "expires_at": described("Instant", "Until when it is good."),
        "last_used_at": nullable_instant("When it was last used, to the hour."),
        "rotated_from": nullable("The key that it takes the place of.", "a1B2c3D4"),
        "revoked_at": nullable_instant("Since when it is not good any more."),
    });
    with_more("An API key.", &mut properties, more, &api_key_example())
}

fn event_example() -> Value {
    json!({
        "id": 7, "recorded_at": "2026-11-21T03:00:00.000000Z", "kind": "login_failed", "user": "lan", "credential": null,
        "address": "203.0.113.0/24", "request_id": "5f0c21d0a1b2c3d4e5f60718", "detail": null,
    })
}

fn event() -> Value {
    let mut properties = json!({
        "id": number("Its number.", 1, i64::MAX, 7),
        "recorded_at": described("Instant", "When it happened."),
        "kind": described("SecurityEventKind", "What happened."),
        "user": nullable("To whose account.", "lan"),
        "credential": nullable("By whom and by which credential.", "admin 4b2c"),
        "address": nullable("From which network: 24 bits of an IPv4 address, 64 of an IPv6 one.", "203.0.113.0/24"),
        "request_id": nullable("The request that did it.", "5f0c21d0a1b2c3d4e5f60718"),
        "detail": nullable("What there is to know besides.", "editor"),
    });
    with_more("A security event.", &mut properties, None, &event_example())
}
