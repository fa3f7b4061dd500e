//! What is sent to accounts and received of them, as schemas.

use serde_json::{Value, json};
use utoipa::PartialSchema;

use super::super::common::{described, page_of, text};
use super::super::records::settled;
use super::super::{Named, schema};
use crate::accounts::api_key::{MOST_DAYS, MOST_OVERLAP, USUAL_DAYS, USUAL_OVERLAP};
use crate::accounts::event::EventKind;
use crate::accounts::user::UserName;
use crate::domain::{Line, Role};
use crate::http::accounts::can::PUBLIC;
use crate::http::accounts::grants::MOST_GRANTS;
use crate::rights::Decision;

/// The schemas of accounts.
#[must_use]
pub fn schemas() -> Named {
    let requests = [
        ("TokenRequest", token_request()),
        ("Revocation", object("A token.", &[("token", secret_text("The token."))], &["token"])),
        ("PasswordChange", password_change()),
        ("GrantInput", grant(&nullable_link, &["role"])),
        ("UserInput", user_input(true)),
        ("UserPatch", user_input(false)),
        ("ApiKeyInput", api_key_input()),
        ("ApiKeyRotation", api_key_rotation()),
    ];
    let answers = [
        ("TokenAnswer", token_answer()),
        ("JwkSet", jwk_set()),
        ("Me", me()),
        ("Permitted", permitted()),
        ("Grant", grant(&nullable_id, &["role", "organization", "admin_unit"])),
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
            "role": { "anyOf": [schema("Role"), { "type": "null" }], "description": "The most that the caller may do, with some records at least.", "examples": ["editor"] },
            "grants": grants("What the caller may do, and with whose records."),
            "credential": credential,
            "user": { "anyOf": [schema("User"), { "type": "null" }], "description": "The account.", "examples": [user_example()] },
        },
        "required": ["subject", "role", "grants", "credential", "user"],
    })
}

fn grant_example() -> Value {
    json!({ "role": "editor", "organization": 12, "admin_unit": null })
}

/// A grant, with the links to its place as `link` has them.
fn grant(link: &dyn Fn(&str) -> Value, required: &[&str]) -> Value {
    let mut grant = object(
        "A role, and for whose records it is granted: those of an organization and what lies below it, those of the \
         organizations of an administrative unit and what lies below it, or every record if neither is named. What became \
         part of another (`successions`) lies below that one.",
        &[
            ("role", described("Role", "What may be done.")),
            ("organization", link("The organization.")),
            ("admin_unit", link("The administrative unit.")),
        ],
        required,
    );
    if let Some(object) = grant.as_object_mut() {
        object.insert("examples".to_owned(), json!([grant_example()]));
    }
    grant
}

fn nullable_id(description: &str) -> Value {
    json!({ "anyOf": [schema("RecordId"), { "type": "null" }], "description": description, "examples": [12] })
}

fn nullable_link(description: &str) -> Value {
    json!({ "anyOf": [schema("Reference"), { "type": "null" }], "description": description, "examples": [12] })
}

fn grants(description: &str) -> Value {
    json!({ "type": "array", "items": schema("Grant"), "description": description, "examples": [[grant_example()]] })
}

fn grants_input(description: &str) -> Value {
    json!({
        "type": "array", "items": schema("GrantInput"), "minItems": 1, "maxItems": MOST_GRANTS,
        "description": description, "examples": [[grant_example()]],
    })
}

fn permitted() -> Value {
    let reasons: Vec<&str> = Decision::CODES.iter().copied().chain([PUBLIC]).collect();
    json!({
        "type": "object",
        "description": "Whether the caller may do something, and why.",
        "properties": {
            "action": text("What is to be done.", "update"),
            "resource": text("With what.", "documents/5"),
            "allowed": { "type": "boolean", "description": "Whether it is allowed.", "examples": [true] },
            "reason": { "type": "string", "enum": reasons, "description": "Why.", "examples": ["granted_within"] },
            "detail": text("The same as a sentence.", "It is granted for the records of the organization that owns this one."),
            "grant": { "anyOf": [schema("Grant"), { "type": "null" }], "description": "The grant for an area that allows it.", "examples": [grant_example()] },
        },
        "required": ["action", "resource", "allowed", "reason", "detail", "grant"],
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
    let role = described("Role", "What the user may do with every record, in place of `grants`.");
    let grants = grants_input("What the user may do, and with whose records.");
    if new {
        let name = json!({ "type": "string", "pattern": UserName::PATTERN, "description": "What the user signs in as; kept in small letters.", "examples": ["lan"] });
        return object(
            "An account.",
            &[("name", name), ("display_name", called), ("role", role), ("grants", grants)],
            &["name"],
        );
    }
    let disabled = json!({ "type": "boolean", "description": "Whether the user may not sign in.", "examples": [true] });
    object(
        "What is to be changed of an account.",
        &[("display_name", called), ("role", role), ("grants", grants), ("disabled", disabled)],
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
            ("role", described("Role", "The most that it allows, `reader` unless told.")),
            ("grants", grants_input("What the partner may do, and with whose records, in place of `role`.")),
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
        "id": 2, "name": "lan", "display_name": "Nguyễn Thị Lan", "role": "editor",
        "grants": [grant_example()], "disabled_at": null,
        "must_change_password": false, "version": 1, "created_at": "2026-11-21T03:00:00.000000Z",
        "updated_at": "2026-11-21T03:00:00.000000Z",
    })
}

fn user(more: Option<(&str, Value)>) -> Value {
    let mut properties = json!({
        "id": schema("RecordId"),
        "name": text("What the user signs in as.", "lan"),
        "display_name": nullable("What the user is called.", "Nguyễn Thị Lan"),
        "role": described("Role", "The most that one of the grants allows."),
        "grants": grants("What the user may do, and with whose records."),
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
        "id": "k7Qm2xYz", "name": "nightly import", "user": "lan", "partner": null, "role": "editor", "grants": [],
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
        "role": described("Role", "The most that it allows, and never more than its user may do."),
        "grants": grants("What its partner may do, and with whose records; none for the key of a user."),
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
