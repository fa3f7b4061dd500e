//! As which officer then: the posts of a person on a day, and whether a source that names one agrees with them.

use crate::domain::vocabulary::DatePrecision;
use crate::domain::{Date, Id};
use crate::text::fold;
use crate::tracking::vocabulary::PostHeld;

/// A post that a person held, as far as it is dated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Its number.
    pub id: Id,
    /// What it is called.
    pub title: String,
    /// The body that it is in.
    pub organization: Option<Id>,
    /// The first day in office, and how much of it is known.
    pub from: Option<(Date, Option<DatePrecision>)>,
    /// The last day in office, and how much of it is known.
    pub to: Option<(Date, Option<DatePrecision>)>,
    /// A day on which a source shows it held.
    pub stated_on: Option<Date>,
    /// The last day of the body, with which a post ends at the latest.
    pub body_to: Option<Date>,
}

impl Post {
    /// How surely it was held on a day.
    ///
    /// It was held on a day that a source states, and on every day between two that are known. Where no end is recorded,
    /// it had begun and may have ended; where no beginning is, nothing excludes it.
    #[must_use]
    pub fn held_on(&self, day: Date) -> PostHeld {
        let first = self.from.map(|(from, precision)| from.span(precision));
        let last = self.to.map(|(to, precision)| to.span(precision));
        let begins_later = first.is_some_and(|(earliest, _)| day < earliest);
        let has_ended = last.is_some_and(|(_, latest)| latest < day) || self.body_to.is_some_and(|to| to < day);
        if begins_later || has_ended {
            return PostHeld::Excluded;
        }
        let before =
            first.is_some_and(|(_, latest)| latest <= day) || self.stated_on.is_some_and(|stated| stated <= day);
        let after =
            last.is_some_and(|(earliest, _)| day <= earliest) || self.stated_on.is_some_and(|stated| day <= stated);
        match (before, after) {
            (true, true) => PostHeld::Held,
            (true, false) => PostHeld::Begun,
            (false, _) => PostHeld::NotExcluded,
        }
    }
}

/// The posts of a person that a day does not exclude, the surest first.
#[must_use]
pub fn then(posts: &[Post], day: Date) -> Vec<(&Post, PostHeld)> {
    let mut then: Vec<_> = posts.iter().map(|post| (post, post.held_on(day))).collect();
    then.retain(|(_, held)| *held != PostHeld::Excluded);
    then.sort_by_key(|(post, held)| (*held, post.id));
    then
}

/// What a source calls a person on a day: the post that it means, and how surely that was held.
#[must_use]
pub fn stated<'a>(posts: &'a [Post], title: &str, day: Date) -> (Option<&'a Post>, PostHeld) {
    let held = |post: &'a Post| (Some(post), post.held_on(day));
    let meant = meant(posts, title).into_iter().map(held);
    meant.min_by_key(|(_, held)| *held).unwrap_or((None, PostHeld::NotRecorded))
}

/// The posts that a title means: those that are called so or, if none is, those whose title it begins or that begin it, as
/// sources leave out or add the body: "Ủy viên Ban Thường vụ", "Chủ tịch HĐND tỉnh Tiền Giang".
fn meant<'a>(posts: &'a [Post], title: &str) -> Vec<&'a Post> {
    let title = fold(title);
    let same: Vec<&Post> = posts.iter().filter(|post| fold(&post.title) == title).collect();
    if !same.is_empty() {
        return same;
    }
    let near: Vec<&Post> = posts.iter().filter(|post| is_beginning(&fold(&post.title), &title)).collect();
    let titles: std::collections::BTreeSet<String> = near.iter().map(|post| fold(&post.title)).collect();
    if titles.len() == 1 { near } else { Vec::new() }
}

/// Whether one of two titles begins with the whole of the other, which has at least three words.
fn is_beginning(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    short.split(' ').count() >= 3 && long.strip_prefix(short).is_some_and(|rest| rest.starts_with(' '))
}

/// Whether a source agrees with the posts that are recorded: it does if each office that it states may have been held, and
/// does not if one was not; where it states none, or one that is not recorded, nobody can tell.
#[must_use]
pub fn agreement(stated: &[PostHeld]) -> Option<bool> {
    if stated.contains(&PostHeld::Excluded) {
        return Some(false);
    }
    let can_tell = !stated.is_empty() && !stated.contains(&PostHeld::NotRecorded);
    can_tell.then_some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn post(id: Id, title: &str, from: &str, to: &str, stated_on: &str) -> Post {
        Post {
            id,
            title: title.to_owned(),
            organization: None,
            from: from.parse().ok().map(|from| (from, None)),
            to: to.parse().ok().map(|to| (to, None)),
            stated_on: stated_on.parse().ok(),
            body_to: None,
        }
    }

    #[test]
    fn a_post_is_held_on_the_day_that_a_source_states_and_between_known_days() {
        let stated = post(1, "Bí thư Tỉnh ủy", "", "", "2018-07-16");
        let told = |post: &Post, on: &str| post.held_on(day(on)).code();
        assert_eq!(told(&stated, "2018-07-16"), "held");
        assert_eq!(told(&stated, "2020-01-01"), "begun", "no end is recorded");
        assert_eq!(told(&stated, "2017-05-15"), "not_excluded", "no beginning is recorded");
        let dated = post(2, "Chủ tịch", "2016-05-01", "2020-05-08", "");
        let days = ["2016-04-30", "2016-05-01", "2018-07-16", "2020-05-08", "2020-05-09"];
        assert_eq!(days.map(|on| told(&dated, on)), ["excluded", "held", "held", "held", "excluded"]);
        let begun = post(3, "Chủ tịch", "2016-05-01", "", "2017-05-15");
        assert_eq!(["2016-12-31", "2018-07-16"].map(|on| told(&begun, on)), ["held", "begun"]);
    }

    #[test]
    fn a_post_ends_with_its_body() {
        let ended = Post { body_to: Some(day("2025-06-30")), ..post(1, "Bí thư Tỉnh ủy", "", "", "2018-07-16") };
        assert_eq!(["2025-06-30", "2025-07-01"].map(|on| ended.held_on(day(on)).code()), ["begun", "excluded"]);
    }

    #[test]
    fn an_end_known_to_the_month_leaves_its_days_open() {
        let to = Some((day("2020-05-01"), Some(DatePrecision::Month)));
        let post = Post { to, ..post(1, "Bí thư", "2016-05-01", "", "") };
        let told = ["2020-04-30", "2020-05-01", "2020-05-20", "2020-06-01"].map(|on| post.held_on(day(on)).code());
        assert_eq!(told, ["held", "held", "begun", "excluded"]);
    }

    #[test]
    fn what_a_source_calls_somebody_is_held_against_the_posts_of_the_day() {
        let posts = [
            post(1, "Phó Bí thư Tỉnh ủy", "", "2018-03-01", "2017-05-15"),
            post(2, "Bí thư Tỉnh ủy", "", "", "2018-07-16"),
            post(3, "Ủy viên Ban Thường vụ Tỉnh ủy", "", "", "2018-07-16"),
            post(4, "Chủ tịch HĐND tỉnh", "", "", "2020-11-11"),
        ];
        let told = |title: &str, on: &str| {
            let (post, held) = stated(&posts, title, day(on));
            (post.map(|post| post.id), held.code())
        };
        assert_eq!(told("Bí thư Tỉnh uỷ", "2018-07-16"), (Some(2), "held"));
        assert_eq!(told("Phó Bí thư Tỉnh ủy", "2018-07-16"), (Some(1), "excluded"));
        assert_eq!(told("Ủy viên Ban Thường vụ", "2018-07-16"), (Some(3), "held"), "the body is left out");
        assert_eq!(told("Chủ tịch HĐND tỉnh Tiền Giang", "2020-11-11"), (Some(4), "held"), "the body is added");
        assert_eq!(told("Bí thư", "2018-07-16"), (None, "not_recorded"), "two words may mean anybody");
        assert_eq!(told("Giám đốc Công an tỉnh", "2018-07-16"), (None, "not_recorded"));
    }

    #[test]
    fn nobody_can_tell_where_nothing_is_stated_or_recorded() {
        use PostHeld::{Begun, Excluded, Held, NotRecorded};
        assert_eq!(agreement(&[]), None);
        assert_eq!(agreement(&[Held, NotRecorded]), None);
        assert_eq!(agreement(&[Held, Begun]), Some(true));
        assert_eq!(agreement(&[Held, NotRecorded, Excluded]), Some(false));
    }

    #[test]
    fn the_posts_of_a_day_come_the_surest_first() {
        let posts = [
            post(1, "A", "", "", "2020-01-01"),
            post(2, "B", "", "2017-01-01", ""),
            post(3, "C", "", "", "2018-07-16"),
        ];
        let told: Vec<Id> = then(&posts, day("2018-07-16")).into_iter().map(|(post, _)| post.id).collect();
        assert_eq!(told, [3, 1]);
    }
}
