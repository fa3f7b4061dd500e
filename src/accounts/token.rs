//! Bearer tokens: JSON Web Tokens in the strict profile of RFC 8725 and RFC 9068.
//!
//! One algorithm (HS256) whatever the header says; `exp`, `nbf`, `iat`, `aud`, `iss`, `sub` and `jti` required; `typ` is
//! `at+jwt`; headers that bring or name a key of their own are refused; no token lives longer than 31 days.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::{Actor, Error, Instant, Line, Result, Rights, Role};

/// Who makes the tokens, and for whom.
const ISSUER: &str = "directive-tracker";
/// The type in the header of an access token (RFC 9068 section 2.1).
const TYPE: &str = "at+jwt";
/// The longest life of a token, in seconds.
pub const LONGEST_LIFE: i64 = 31 * 24 * 3600;
/// The longest token that is looked at, in bytes.
const LONGEST: usize = 4096;
/// The clocks of two machines may differ by so many seconds.
const LEEWAY: i64 = 5;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    jti: String,
    role: Role,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// What makes and checks tokens.
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl Tokens {
    /// Tokens signed with `secret`.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        Self { encoding: EncodingKey::from_secret(secret), decoding: DecodingKey::from_secret(secret) }
    }

    /// Makes a token that is good from `now` for `seconds`.
    ///
    /// # Errors
    /// `Internal` if there is no randomness or the library fails.
    pub fn issue(&self, subject: &str, role: Role, now: Instant, seconds: i64) -> Result<String> {
        let mut random = [0_u8; 16];
        getrandom::fill(&mut random).map_err(|error| Error::Internal(format!("no randomness: {error}")))?;
        let iat = now.microseconds().div_euclid(1_000_000);
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: ISSUER.to_owned(),
            sub: subject.to_owned(),
            jti: URL_SAFE_NO_PAD.encode(random),
            role,
            iat,
            nbf: iat,
            exp: iat.saturating_add(seconds.clamp(1, LONGEST_LIFE)),
        };
        let header = Header { typ: Some(TYPE.to_owned()), ..Header::new(Algorithm::HS256) };
        encode(&header, &claims, &self.encoding)
            .map_err(|error| Error::Internal(format!("a token cannot be signed: {error}")))
    }

    /// Signs a token and checks it, so that a build without its cryptography is noticed at the start.
    ///
    /// # Errors
    /// What signing or checking gives.
    pub fn self_test(&self) -> Result<()> {
        let now = Instant::from_microseconds(1_800_000_000_000_000);
        let token = self.issue("self-test", Role::Reader, now, 60)?;
        self.verify(&token, now).map(drop).map_err(|reason| Error::Internal(format!("a token is not good: {reason}")))
    }

    /// The caller that a token stands for.
    ///
    /// # Errors
    /// Why it is not good, for the log alone.
    pub fn verify(&self, token: &str, now: Instant) -> Result<Actor, String> {
        let Claims { sub, jti, role, .. } = self.claims(token, now)?;
        Ok(Actor { subject: Some(sub), credential: Some(jti), rights: Rights::everywhere(role) })
    }

    fn claims(&self, token: &str, now: Instant) -> Result<Claims, String> {
        if token.len() > LONGEST {
            return Err("it is too long".to_owned());
        }
        check_header(token)?;
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[ISSUER]);
        // The times are checked below, against the clock of the service.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let claims = decode::<Claims>(token, &self.decoding, &validation).map_err(|error| error.to_string())?.claims;
        let now = now.microseconds().div_euclid(1_000_000);
        let refused = |reason: &str| Err(reason.to_owned());
        if claims.exp.saturating_add(LEEWAY) < now {
            return refused("it has expired");
        }
        if claims.nbf.saturating_sub(LEEWAY) > now || claims.iat.saturating_sub(LEEWAY) > now {
            return refused("it is not good yet");
        }
        if claims.exp.saturating_sub(claims.iat) > LONGEST_LIFE || claims.exp <= claims.iat {
            return refused("its life is too long or none");
        }
        // Both go into the log of changes, where they must be text as everywhere else.
        for name in [&claims.sub, &claims.jti] {
            if Line::<200>::new(name).is_ok_and(|line| line.as_str() == name) {
                continue;
            }
            return refused("its sub or jti is not one line of 1 to 200 characters");
        }
        Ok(claims)
    }
}

/// Whether a token says that it is one of these, which is then all that it may be.
#[must_use]
pub fn is_of_command_line(token: &str) -> bool {
    let encoded = token.split('.').next().unwrap_or_default();
    let header = URL_SAFE_NO_PAD.decode(encoded).ok().and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    header.is_some_and(|header| header.get("alg").and_then(Value::as_str) == Some("HS256"))
}

/// Allows exactly the two headers that this service writes (RFC 8725 sections 3.1, 3.10 and 3.11).
fn check_header(token: &str) -> Result<(), String> {
    let encoded = token.split('.').next().unwrap_or_default();
    let bytes = URL_SAFE_NO_PAD.decode(encoded).map_err(|error| error.to_string())?;
    let header: Map<String, Value> = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
    let expected = [("alg", "HS256"), ("typ", TYPE)];
    let exact = header.len() == expected.len()
        && expected.iter().all(|(name, value)| header.get(*name).and_then(Value::as_str) == Some(value));
    if exact { Ok(()) } else { Err("its header is not the one of an access token of this service".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"a secret of at least thirty-two bytes";

    fn now() -> Instant {
        "2026-11-21T03:00:00Z".parse().unwrap()
    }

    fn later(seconds: i64) -> Instant {
        Instant::from_microseconds(now().microseconds() + seconds * 1_000_000)
    }

    fn signed(header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let key = EncodingKey::from_secret(SECRET);
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).unwrap();
        format!("{message}.{signature}")
    }

    fn good_claims() -> Value {
        let iat = now().microseconds() / 1_000_000;
        serde_json::json!({
            "iss": ISSUER, "aud": ISSUER, "sub": "lan", "jti": "x", "role": "editor", "iat": iat, "nbf": iat, "exp": iat + 60,
        })
    }

    #[test]
    fn a_token_is_good_from_its_making_until_it_expires() {
        let tokens = Tokens::new(SECRET);
        let token = tokens.issue("lan", Role::Editor, now(), 60).unwrap();
        assert_eq!(tokens.verify(&token, now()).unwrap().subject.as_deref(), Some("lan"));
        assert!(tokens.verify(&token, later(65)).is_ok());
        assert!(tokens.verify(&token, later(66)).is_err());
        assert!(tokens.verify(&token, later(-6)).is_err());
        assert!(Tokens::new(b"another secret of thirty-two bytes!").verify(&token, now()).is_err());
    }

    #[test]
    fn only_the_header_of_an_access_token_is_accepted() {
        let tokens = Tokens::new(SECRET);
        let good = serde_json::json!({ "alg": "HS256", "typ": TYPE });
        assert!(tokens.verify(&signed(&good, &good_claims()), now()).is_ok());
        for (name, value) in [
            ("alg", "none"),
            ("alg", "HS384"),
            ("typ", "JWT"),
            ("kid", "../../dev/null"),
            ("jku", "https://evil.example/"),
        ] {
            let mut header = good.clone();
            header[name] = value.into();
            assert!(tokens.verify(&signed(&header, &good_claims()), now()).is_err(), "{name}: {value}");
        }
        for token in ["", ".", "..", "a.b.c", "e30.e30.e30"] {
            assert!(tokens.verify(token, now()).is_err(), "{token}");
        }
    }

    #[test]
    fn every_claim_is_required_and_of_its_type() {
        let tokens = Tokens::new(SECRET);
        let header = serde_json::json!({ "alg": "HS256", "typ": TYPE });
        for name in ["iss", "aud", "sub", "jti", "role", "iat", "nbf", "exp"] {
            let mut claims = good_claims();
            claims.as_object_mut().unwrap().remove(name);
            assert!(tokens.verify(&signed(&header, &claims), now()).is_err(), "without {name}");
        }
        for (name, value) in [
            ("iss", Value::from("other")),
            ("aud", Value::from("other")),
            ("role", Value::from("emperor")),
            ("exp", Value::from("4102444800")),
            ("exp", Value::from(4_102_444_800_i64)),
            ("sub", Value::from("")),
            ("extra", Value::from(1)),
        ] {
            let mut claims = good_claims();
            claims[name] = value.clone();
            assert!(tokens.verify(&signed(&header, &claims), now()).is_err(), "{name}: {value}");
        }
    }
}
