//! What a service knows of accounts, when others write them.

use directive_tracker::accounts::api_key::{Holder, Key, NewKey, store as api_keys};
use directive_tracker::accounts::login::Accounts;
use directive_tracker::accounts::session::{RefreshToken, store as sessions};
use directive_tracker::accounts::token::Tokens;
use directive_tracker::accounts::user::{NewUser, store as users};
use directive_tracker::db::conn::Purpose;
use directive_tracker::db::lanes::{Capacity, alone};
use directive_tracker::db::{Conn, Database, migrate};
use directive_tracker::domain::{Instant, Line, Role};
use directive_tracker::rights::Grant;

use crate::keys::reverted_to_before;
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

on_both_engines!(roles_of_accounts_go_to_grants_and_back, |engine| {
    let storage = Storage::migrated(engine);
    let now: Instant = NOW.parse().unwrap();
    let mut conn = storage.connect(Purpose::Write);
    alone(&mut conn, |conn| {
        for (name, role) in [("lan", Role::Administrator), ("an", Role::Reviewer)] {
            let new = NewUser {
                name: name.parse().unwrap(),
                display_name: None,
                grants: vec![Grant::everywhere(role)],
                password_hash: "hash".to_owned(),
                must_change_password: false,
            };
            let user = users::insert(conn, &new, now)?;
            sessions::begin(conn, name, user.id, &RefreshToken::new()?, now)?;
        }
        let new = NewKey {
            name: Line::new("nightly import").unwrap(),
            holder: Holder::Partner(Line::new("Báo Thái Bình").unwrap()),
            role: Role::Editor,
            grants: vec![Grant::everywhere(Role::Editor)],
            expires_at: now,
            rotated_from: None,
        };
        api_keys::insert(conn, &Key::new()?, &new, now)
    })
    .unwrap();
    let roles = |conn: &mut Conn| {
        let keys = api_keys::living(conn).unwrap().into_iter().flat_map(|(key, _)| key.grants);
        let users = users::all(conn).unwrap().into_iter().flat_map(|user| user.grants);
        users.chain(keys).map(|grant| grant.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(roles(&mut conn), ["administrator", "reviewer", "editor"]);
    reverted_to_before(&mut conn, "20261125000071");
    migrate::run(&mut conn).unwrap();
    // There was no reviewer before.
    assert_eq!(roles(&mut conn), ["administrator", "reader", "editor"]);
    assert_eq!(sessions::user_of(&mut conn, "lan").unwrap(), 1);
});
