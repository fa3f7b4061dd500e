//! What is said in headers: which form is preferred, which tags are known, by which token one comes.

use actix_web::http::header::{self, EntityTag};
use actix_web::test::TestRequest;
use directive_tracker::accounts::token::Tokens;
use directive_tracker::domain::{Instant, Role};
use directive_tracker::http::conditional::is_known;
use directive_tracker::http::extract::precondition;
use directive_tracker::http::negotiation::{Form, Format};
use directive_tracker::http::query::Parameters;
use directive_tracker::service::write::Precondition;
use proptest::prelude::*;

use crate::cases;

/// Any values that a header may have, and those that are nearly lists of media types or of tags.
fn headers() -> impl Strategy<Value = Vec<u8>> {
    let any_bytes = prop::collection::vec(prop_oneof![Just(b'\t'), 0x20_u8..0x7F, 0x80_u8..=0xFF], 0..60);
    prop_oneof![any_bytes, "[a-z*/+;=q0-9., \"W-]{0,60}".prop_map(String::into_bytes)]
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn any_accept_is_answered_with_a_form_or_406(value in headers(), weight in 0_u32..=1000) {
        let of = |accept: &[u8]| {
            let request = TestRequest::get().insert_header((header::ACCEPT, accept)).to_http_request();
            Form::take(&mut Parameters::parse("").unwrap(), &request).map(|form| form.format)
        };
        if let Ok(format) = of(&value) {
            prop_assert!(Format::ALL.contains(&format));
        }
        for format in Format::ALL {
            let asked = format!("{};q={}.{:03}, */*;q=0", format.media_type(), weight / 1000, weight % 1000);
            prop_assert_eq!(of(asked.as_bytes()).ok(), (weight > 0).then_some(*format), "{}", asked);
        }
    }

    #[test]
    fn a_tag_is_known_wherever_it_stands_in_the_list(tags in prop::collection::vec("[!#-+.-~-]{0,20}", 1..5), at: prop::sample::Index, weak: bool) {
        let list: Vec<String> = tags.iter().map(|tag| format!("{}\"{tag}\"", if weak { "W/" } else { "" })).collect();
        let request = TestRequest::get().insert_header((header::IF_NONE_MATCH, list.join(", "))).to_http_request();
        prop_assert!(is_known(&request, &EntityTag::new_strong(at.get(&tags).clone())));
        prop_assert!(!is_known(&request, &EntityTag::new_strong("a tag that nobody has drawn".replace(' ', "_"))));
    }

    #[test]
    fn any_if_none_match_is_read_or_passed_over(value in headers()) {
        let request = TestRequest::get().insert_header((header::IF_NONE_MATCH, &value[..])).to_http_request();
        let _ = is_known(&request, &EntityTag::new_strong("1-5f0c21d0a1b2c3d4".to_owned()));
    }

    #[test]
    fn any_if_match_is_versions_or_refused(value in headers(), versions in prop::collection::vec(1_i64..=i64::MAX, 1..4)) {
        let of = |tags: &[u8]| precondition(&TestRequest::patch().insert_header((header::IF_MATCH, tags)).to_http_request());
        let _ = of(&value);
        let tags: Vec<String> = versions.iter().map(|version| format!("\"{version}-5f0c21d0a1b2c3d4\"")).collect();
        prop_assert!(matches!(of(tags.join(" , ").as_bytes()), Ok(Precondition::Version(read)) if read == versions));
    }

    #[test]
    fn no_text_is_a_token_but_one_that_was_issued(text in "[A-Za-z0-9_.-]{0,80}|.{0,40}", at: prop::sample::Index, seconds in 1_i64..2_678_400) {
        let now = Instant::from_microseconds(1_800_000_000_000_000);
        let tokens = Tokens::new(b"a secret of the tests, of more than thirty-two bytes");
        prop_assert!(tokens.verify(&text, now).is_err());
        let token = tokens.issue("an", Role::Editor, now, seconds).unwrap();
        prop_assert_eq!(tokens.verify(&token, now).ok().and_then(|actor| actor.rights.role()), Some(Role::Editor));
        let mut cut = token.clone();
        cut.remove(at.index(token.len()));
        prop_assert!(tokens.verify(&cut, now).is_err(), "a character is missing");
    }
}
