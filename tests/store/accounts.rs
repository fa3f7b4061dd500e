//! What a service knows of accounts, when others write them.

use directive_tracker::accounts::api_key::{Holder, Key, NewKey, store as api_keys};
use directive_tracker::accounts::login::Accounts;
use directive_tracker::accounts::token::Tokens;
use directive_tracker::db::Database;
use directive_tracker::db::conn::Purpose;
use directive_tracker::db::lanes::{Capacity, alone};
use directive_tracker::domain::{Instant, Line, Role};
use directive_tracker::rights::Grant;

use crate::support::Engine;
use crate::support::service::{NOW, Storage};

const SECRET: &[u8] = b"a secret of more than thirty-two bytes";

fn wait<T>(future: impl Future<Output = T>) -> T {
    actix_web::rt::Runtime::new().unwrap().block_on(future)
}

on_both_engines!(service_that_only_reads_hears_of_a_revoked_key_while_others_are_used, |engine| {
    let storage = Storage::migrated(engine);
    let now: Instant = NOW.parse().unwrap();
    let mut conn = storage.connect(Purpose::Write);
    let [kept, revoked] = [(); 2].map(|()| {
        let key = Key::new().unwrap();
        let new = NewKey {
            name: Line::new("nightly import").unwrap(),
            holder: Holder::Partner(Line::new("Văn phòng Tỉnh ủy Thái Bình").unwrap()),
            role: Role::Reader,
            grants: vec![Grant::everywhere(Role::Reader)],
            expires_at: Instant::from_microseconds(now.microseconds() + 1),
            rotated_from: None,
        };
        alone(&mut conn, |conn| api_keys::insert(conn, &key, &new, now)).unwrap();
        key
    });
    let location = storage.location();
    let database = Database::look(&location, Capacity::of(&location, Some(2), 8)).unwrap();
    let (accounts, tokens) = (Accounts::new(SECRET), Tokens::new(SECRET));
    let good = |key: &Key| accounts.identify(key.shown(), &tokens, now).is_ok();
    wait(accounts.keep_up(&database, now)).unwrap();
    assert!(good(&kept) && good(&revoked));
    alone(&mut conn, |conn| api_keys::revoke(conn, revoked.id(), now)).unwrap();
    assert!(good(&kept) && good(&revoked), "it does not know yet");
    wait(accounts.keep_up(&database, now)).unwrap();
    assert!(good(&kept) && !good(&revoked));
});
