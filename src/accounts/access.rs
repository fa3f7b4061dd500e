//! Access tokens: JSON Web Tokens in the strict profile of RFC 8725 and RFC 9068, signed with Ed25519.
//!
//! The header has `alg`, `typ` and `kid` and nothing else, the claims are those below and nothing else, each of its JSON
//! type and none twice. The algorithm is that of the key, never that of the header; `kid` is looked up among the published
//! keys in memory. A token lives at most 15 minutes, and what it allows is looked up when it is used.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::session;
use crate::domain::{Error, Instant, Result};
use crate::service::strict_json;

/// Who makes the tokens, and for whom.
const ISSUER: &str = "directive-tracker";
/// The type in the header of an access token (RFC 9068 section 2.1).
const TYPE: &str = "at+jwt";
/// How long a token lives, in seconds.
pub const LIFE: i64 = 15 * 60;
/// The clocks of two machines may differ by so many seconds.
pub const LEEWAY: i64 = 5;
/// The longest token that is looked at, in bytes.
const LONGEST: usize = 4096;

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    iss: String,
    aud: String,
    /// The name of the user.
    pub sub: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    /// What the change log calls the token.
    pub jti: String,
    /// The session.
    pub sid: String,
    /// The version of the account when the token was made.
    pub ver: i64,
}

/// Whom a token is for.
#[derive(Debug, Clone, Copy)]
pub struct Bearer<'a> {
    /// The name of the user.
    pub name: &'a str,
    /// The version of the account.
    pub version: i64,
    /// The session.
    pub session: &'a str,
}

/// Makes a token.
///
/// # Errors
/// `Internal` if there is no randomness or the library fails.
pub fn issue(key_id: &str, key: &EncodingKey, bearer: Bearer<'_>, now: Instant) -> Result<String> {
    let iat = now.microseconds().div_euclid(1_000_000);
    let claims = Claims {
        iss: ISSUER.to_owned(),
        aud: ISSUER.to_owned(),
        sub: bearer.name.to_owned(),
        iat,
        nbf: iat,
        exp: iat.saturating_add(LIFE),
        jti: session::new_id()?,
        sid: bearer.session.to_owned(),
        ver: bearer.version,
    };
    let header = Header { typ: Some(TYPE.to_owned()), kid: Some(key_id.to_owned()), ..Header::new(Algorithm::EdDSA) };
    encode(&header, &claims, key).map_err(|error| Error::Internal(format!("a token cannot be signed: {error}")))
}

/// What a token says, if it is good at `now`. `key_of` finds a published key by its id.
///
/// # Errors
/// Why it is not good, for the log alone.
pub fn verify<'a>(
    token: &str,
    key_of: impl FnOnce(&str) -> Option<&'a DecodingKey>,
    now: Instant,
) -> Result<Claims, String> {
    if token.len() > LONGEST {
        return Err("it is too long".to_owned());
    }
    let [header, body, _] = token.split('.').collect::<Vec<_>>()[..] else {
        return Err("it has not three parts".to_owned());
    };
    let key_id = key_id_of(&part(header)?)?;
    // The library would take the last of two claims of one name.
    part(body)?;
    let key = key_of(&key_id).ok_or("its key is not published")?;
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[ISSUER]);
    // The times are checked below, against the clock of the service.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    let claims = decode::<Claims>(token, key, &validation).map_err(|error| error.to_string())?.claims;
    check_times(&claims, now.microseconds().div_euclid(1_000_000))?;
    Ok(claims)
}

/// One part of a token as JSON in which no name stands twice.
fn part(encoded: &str) -> Result<Value, String> {
    let bytes = URL_SAFE_NO_PAD.decode(encoded).map_err(|error| error.to_string())?;
    let text = std::str::from_utf8(&bytes).map_err(|error| error.to_string())?;
    strict_json::parse(text).map_err(|error| error.to_string())
}

/// The key that a header names, if it is a header that this service writes (RFC 8725 sections 3.1, 3.10 and 3.11).
fn key_id_of(header: &Value) -> Result<String, String> {
    let is = |name: &str, value: &str| header.get(name).and_then(Value::as_str) == Some(value);
    let id = header.get("kid").and_then(Value::as_str).unwrap_or_default();
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    let exact = header.as_object().is_some_and(|header| header.len() == 3)
        && is("alg", "EdDSA")
        && is("typ", TYPE)
        && (1..=32).contains(&id.len())
        && id.bytes().all(harmless);
    if exact { Ok(id.to_owned()) } else { Err("its header is not that of an access token of this service".to_owned()) }
}

fn check_times(claims: &Claims, now: i64) -> Result<(), String> {
    let refused = |reason: &str| Err(reason.to_owned());
    if claims.exp.saturating_add(LEEWAY) < now {
        return refused("it has expired");
    }
    if claims.nbf.saturating_sub(LEEWAY) > now || claims.iat.saturating_sub(LEEWAY) > now {
        return refused("it is not good yet");
    }
    if claims.exp <= claims.iat || claims.exp.saturating_sub(claims.iat) > LIFE {
        return refused("its life is too long or none");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
    use serde_json::json;

    use super::*;

    const KEY: &str = "k1";

    fn now() -> Instant {
        "2026-11-21T03:00:00Z".parse().unwrap()
    }

    fn later(seconds: i64) -> Instant {
        Instant::from_microseconds(now().microseconds() + seconds * 1_000_000)
    }

    struct Keys {
        pair: Ed25519KeyPair,
        encoding: EncodingKey,
        decoding: DecodingKey,
    }

    impl Keys {
        fn new() -> Self {
            let pair = Ed25519KeyPair::generate().unwrap();
            let encoding = EncodingKey::from_ed_der(pair.to_pkcs8().unwrap().as_ref());
            let x = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
            Self { decoding: DecodingKey::from_ed_components(&x).unwrap(), pair, encoding }
        }

        fn issued(&self) -> String {
            issue(KEY, &self.encoding, Bearer { name: "lan", version: 3, session: "s1" }, now()).unwrap()
        }

        /// A token of these texts, well signed.
        fn signed(&self, header: &str, claims: &str) -> String {
            let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
            let signature = URL_SAFE_NO_PAD.encode(self.pair.sign(message.as_bytes()).as_ref());
            format!("{message}.{signature}")
        }

        fn verify(&self, token: &str, now: Instant) -> Result<Claims, String> {
            verify(token, |id| (id == KEY).then_some(&self.decoding), now)
        }
    }

    fn header() -> Value {
        json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": KEY })
    }

    fn claims() -> Value {
        let iat = now().microseconds() / 1_000_000;
        json!({
            "iss": ISSUER, "aud": ISSUER, "sub": "lan", "iat": iat, "nbf": iat, "exp": iat + 900, "jti": "j1", "sid": "s1",
            "ver": 3,
        })
    }

    #[test]
    fn token_is_good_from_its_making_until_it_expires() {
        let keys = Keys::new();
        let token = keys.issued();
        let claims = keys.verify(&token, now()).unwrap();
        assert_eq!((claims.sub.as_str(), claims.sid.as_str(), claims.ver), ("lan", "s1", 3));
        for (seconds, good) in [(-6, false), (-5, true), (905, true), (906, false)] {
            assert_eq!(keys.verify(&token, later(seconds)).is_ok(), good, "{seconds}");
        }
        assert!(Keys::new().verify(&token, now()).is_err(), "another key");
    }

    #[test]
    fn only_the_header_of_an_access_token_is_accepted() {
        let keys = Keys::new();
        let token = |header: &Value| keys.signed(&header.to_string(), &claims().to_string());
        assert!(keys.verify(&token(&header()), now()).is_ok());
        for (name, value) in [
            ("alg", json!("none")),
            ("alg", json!("None")),
            ("alg", json!("nOnE")),
            ("alg", json!("HS256")),
            ("alg", json!("ES256")),
            ("alg", json!("eddsa")),
            ("alg", json!(null)),
            ("alg", json!(["EdDSA"])),
            ("typ", json!("JWT")),
            ("typ", json!("AT+JWT")),
            ("typ", json!("id_token")),
            ("typ", json!(null)),
            ("kid", json!("../../dev/null")),
            ("kid", json!("k1' OR '1'='1")),
            ("kid", json!("")),
            ("kid", json!(1)),
            ("kid", json!("k".repeat(33))),
            ("kid", json!("k2")),
            ("jku", json!("https://evil.example/jwks.json")),
            ("x5u", json!("https://evil.example/")),
            ("jwk", json!({ "kty": "OKP", "crv": "Ed25519", "x": "AA" })),
            ("x5c", json!(["AA"])),
            ("crit", json!(["exp"])),
            ("cty", json!("JWT")),
            ("zip", json!("DEF")),
            ("b64", json!(false)),
        ] {
            let mut header = header();
            header[name] = value.clone();
            assert!(keys.verify(&token(&header), now()).is_err(), "{name}: {value}");
        }
        for name in ["alg", "typ", "kid"] {
            let mut header = header();
            header.as_object_mut().unwrap().remove(name);
            assert!(keys.verify(&token(&header), now()).is_err(), "without {name}");
        }
        let twice = r#"{"alg":"none","alg":"EdDSA","typ":"at+jwt","kid":"k1"}"#;
        assert!(keys.verify(&keys.signed(twice, &claims().to_string()), now()).is_err());
    }

    #[test]
    fn every_claim_is_required_and_of_its_type() {
        let keys = Keys::new();
        let token = |claims: &Value| keys.signed(&header().to_string(), &claims.to_string());
        let names: Vec<String> = claims().as_object().unwrap().keys().cloned().collect();
        for name in &names {
            let mut claims = claims();
            claims.as_object_mut().unwrap().remove(name);
            assert!(keys.verify(&token(&claims), now()).is_err(), "without {name}");
            claims[name] = json!(null);
            assert!(keys.verify(&token(&claims), now()).is_err(), "{name} is null");
        }
        let iat = claims()["iat"].as_i64().unwrap();
        for (name, value) in [
            ("iss", json!("other")),
            ("iss", json!("directive-tracker/")),
            ("iss", json!(["directive-tracker"])),
            ("aud", json!("other")),
            ("aud", json!(["directive-tracker"])),
            ("aud", json!(["directive-tracker", "other"])),
            ("sub", json!(1)),
            ("ver", json!("3")),
            ("ver", json!(3.5)),
            ("exp", json!((iat + 900).to_string())),
            ("exp", json!(900.5)),
            ("exp", json!(-1)),
            ("exp", json!(iat + 901)),
            ("exp", json!(1e300)),
            ("exp", json!(u64::MAX)),
            ("exp", json!(iat)),
            ("exp", json!(iat - 6)),
            ("nbf", json!((iat).to_string())),
            ("nbf", json!(iat + 6)),
            ("nbf", json!(i64::MAX)),
            ("iat", json!(iat + 6)),
            ("iat", json!(i64::MIN)),
            ("iat", json!("now")),
            ("role", json!("administrator")),
            ("nonce", json!("an id token")),
        ] {
            let mut claims = claims();
            claims[name] = value.clone();
            assert!(keys.verify(&token(&claims), now()).is_err(), "{name}: {value}");
        }
        let twice = claims().to_string().replace("\"sub\":\"lan\"", "\"sub\":\"lan\",\"sub\":\"root\"");
        assert!(keys.verify(&keys.signed(&header().to_string(), &twice), now()).is_err());
        for not_an_object in ["[]", "null", "\"lan\"", "{", ""] {
            assert!(keys.verify(&keys.signed(&header().to_string(), not_an_object), now()).is_err(), "{not_an_object}");
        }
    }

    #[test]
    fn token_of_another_form_is_refused() {
        let keys = Keys::new();
        let (good, other) = (keys.issued(), keys.issued());
        let parts: Vec<&str> = good.split('.').collect();
        let [header, claims, signature] = parts[..] else { panic!("{good}") };
        let of_another = other.rsplit('.').next().unwrap();
        let large = "A".repeat(1_048_576);
        for token in [
            "",
            ".",
            "..",
            "...",
            "a.b.c",
            "e30.e30.e30",
            &format!("{header}.{claims}"),
            &format!("{header}.{claims}."),
            &format!("{good}.e30.e30"),
            &format!("{good}="),
            &format!("{header}=.{claims}.{signature}"),
            &format!("{header}.{claims}=.{signature}"),
            &format!(" {good}"),
            &format!("{good}\n"),
            &format!("{header}.{claims}.{of_another}"),
            &format!("{header}.{claims}.{}", "A".repeat(86)),
            &format!("{header}.{large}.{signature}"),
            &large,
        ] {
            let shown: String = token.chars().take(80).collect();
            assert!(keys.verify(token, now()).is_err(), "{shown}");
        }
    }

    #[test]
    fn public_key_is_no_secret_that_signs() {
        let keys = Keys::new();
        let secret = EncodingKey::from_secret(keys.pair.public_key().as_ref());
        for alg in ["HS256", "EdDSA"] {
            let mut header = header();
            header["alg"] = alg.into();
            let message = format!(
                "{}.{}",
                URL_SAFE_NO_PAD.encode(header.to_string()),
                URL_SAFE_NO_PAD.encode(claims().to_string())
            );
            let code = jsonwebtoken::crypto::sign(message.as_bytes(), &secret, Algorithm::HS256).unwrap();
            assert!(keys.verify(&format!("{message}.{code}"), now()).is_err(), "{alg}");
        }
    }
}
