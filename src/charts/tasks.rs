//! The picture of the report on tasks: a bar for each group, with the rates that its counts come to.

use super::bars::{Bar, Bars, Part};
use super::mark::{Fill, Texture};
use super::{Chart, Charted, Figure, Sign};
use crate::domain::vocabulary::DatePrecision;
use crate::tasks::vocabulary::{TaskTimeliness, TaskWithout};
use crate::tracking::task_report::{TaskGroup, TaskRate, TaskReport};
use crate::tracking::vocabulary::{TaskDay, TaskGrouping};
use crate::transfer::words::Words;

impl Charted for TaskReport {
    const PATH: &'static str = "/v1/reports/tasks.svg";
    const OPERATION: &'static str = "draw_task_report";
    const SUMMARY: &'static str = "Draw how tasks stand";
    const ABOUT: &'static str = "\
The groups of `/v1/reports/tasks` as a picture to be pasted into a report, from the same parameters: a bar for each group, \
with a part for each way in which its tasks stand, and behind it how many they are and the rates, each with what it is a share \
of. The first bar is all of them, each task counted once, at its own scale. Below it what the parts mean, and the address that was asked.";
    const NARROWED_BY: &'static str = "group_by";

    fn chart(&self, words: &Words) -> Chart {
        let groups = || std::iter::once(&self.total).chain(&self.groups);
        let there = |way: &TaskTimeliness| groups().any(|group| count(group, *way) > 0);
        let legend = TaskTimeliness::ALL.iter().copied().filter(|way| there(way));
        Chart {
            language: words.tag(),
            title: words.say("Tình hình thực hiện nhiệm vụ", "How tasks stand").to_owned(),
            subtitle: subtitle(self, words),
            about: about(&self.total, words),
            figure: Figure::Bars(Bars {
                corner: words.code(TaskGrouping::ENUMERATION, self.group_by.code()),
                columns: vec![
                    words.say("Nhiệm vụ", "Tasks").to_owned(),
                    words.say("Đúng hạn / đến hạn", "On time / due").to_owned(),
                    words.say("Hoàn thành / được giao", "Done / assigned").to_owned(),
                ],
                rows: std::iter::once(bar(&self.total, true, words))
                    .chain(self.groups.iter().map(|group| bar(group, false, words)))
                    .collect(),
            }),
            legend: legend.map(|way| (Sign::Fill(fill(way)), meaning(way, words))).collect(),
            notes: notes(self, words),
        }
    }
}

fn meaning(way: TaskTimeliness, words: &Words) -> String {
    words.code(TaskTimeliness::ENUMERATION, way.code())
}

/// How many tasks of a group stand in a way.
const fn count(group: &TaskGroup, way: TaskTimeliness) -> i64 {
    match way {
        TaskTimeliness::DoneOnTime => group.done_on_time,
        TaskTimeliness::DoneLate => group.done_late,
        TaskTimeliness::OpenInTime => group.open_in_time,
        TaskTimeliness::OpenDueSoon => group.open_due_soon,
        TaskTimeliness::OpenOverdue => group.open_overdue,
        TaskTimeliness::OpenNoDeadline => group.open_no_deadline,
        TaskTimeliness::DoneNoDeadline => group.done_no_deadline,
        TaskTimeliness::Excluded => group.excluded,
    }
}

/// How the part of a bar looks: by lightness and texture, so that those beside each other differ in grey too.
const fn fill(way: TaskTimeliness) -> Fill {
    const DARK: &str = "#1a1a1a";
    const LIGHT: &str = "#ffffff";
    let (colour, ink, texture) = match way {
        TaskTimeliness::DoneOnTime => ("#14532d", LIGHT, Texture::Plain),
        TaskTimeliness::DoneLate => ("#a6cf9d", DARK, Texture::Upright),
        TaskTimeliness::OpenInTime => ("#dbe8f4", DARK, Texture::Plain),
        TaskTimeliness::OpenDueSoon => ("#f7d774", DARK, Texture::Level),
        TaskTimeliness::OpenOverdue => ("#a11212", LIGHT, Texture::Upright),
        TaskTimeliness::OpenNoDeadline => ("#ffffff", DARK, Texture::Plain),
        TaskTimeliness::DoneNoDeadline => ("#6aa56b", DARK, Texture::Plain),
        TaskTimeliness::Excluded => ("#d5d5d5", DARK, Texture::Level),
    };
    Fill { colour, ink, texture }
}

fn bar(group: &TaskGroup, own_scale: bool, words: &Words) -> Bar {
    let label = label(group, words);
    let part = |way: TaskTimeliness| {
        let tasks = count(group, way);
        let about = format!("{label} – {}: {tasks}", meaning(way, words));
        Part { fill: fill(way), count: u32::try_from(tasks).unwrap_or(u32::MAX), about }
    };
    let parts = TaskTimeliness::ALL.iter().map(|way| part(*way)).collect();
    let shares = [("on_time", "due"), ("done", "assigned")].map(|(name, of)| share(group, name, of, words));
    let behind = std::iter::once(group.tasks.to_string()).chain(shares).collect();
    Bar { label, parts, behind, own_scale }
}

fn label(group: &TaskGroup, words: &Words) -> String {
    let record = group.lead.as_ref().or(group.admin_unit.as_ref()).or(group.document.as_ref());
    let without = |without: TaskWithout| {
        let code = words.code(TaskWithout::ENUMERATION, without.code());
        // The Vietnamese name says that it is not there; the code alone does not.
        format!("{}{code}", words.say("", "Without: "))
    };
    let record = record
        .map(|link| words.title(link))
        .or_else(|| group.month.as_deref().map(|month| named(month, words)))
        .or(group.without.map(without));
    let label = record.unwrap_or_else(|| words.say("Tổng số", "All").to_owned());
    // Another body may have the name of one that has ended.
    let ended_on = group.ended_on.map(|day| format!(" ({} {})", words.say("đến", "until"), words.day(day, None)));
    format!("{label}{}", ended_on.unwrap_or_default())
}

/// A month, `2026-09`, as the language writes it.
fn named(month: &str, words: &Words) -> String {
    let first = format!("{month}-01").parse();
    first.map_or_else(|_| month.to_owned(), |first| words.day(first, Some(DatePrecision::Month)))
}

fn share(group: &TaskGroup, name: &str, of: &str, words: &Words) -> String {
    let is_it = |rate: &&TaskRate| rate.name == name && rate.of == of;
    let rate = group.rates.iter().find(is_it);
    rate.map_or_else(String::new, |rate| words.share(rate.numerator, rate.denominator, rate.percent))
}

fn subtitle(report: &TaskReport, words: &Words) -> String {
    let period = words.code(TaskDay::ENUMERATION, report.period_by.code());
    let from = report.from.map(|day| format!("{} {}", words.say("từ ngày", "from"), words.day(day, None)));
    let to = report.to.map(|day| format!("{} {}", words.say("đến ngày", "to"), words.day(day, None)));
    let span: Vec<String> = [from, to].into_iter().flatten().collect();
    let span = (!span.is_empty()).then(|| format!("{period} {}", span.join(" ")));
    let as_of = format!("{} {}", words.say("Tính đến hết ngày", "Up to the end of"), words.day(report.as_of, None));
    let units = report.units.filter(|units| *units != report.as_of).map(|units| {
        let within = words.say("theo các đơn vị, tổ chức của ngày", "in the units and bodies of");
        format!("{within} {}", words.day(units, None))
    });
    [Some(as_of), span, units].into_iter().flatten().collect::<Vec<_>>().join("; ") + "."
}

fn about(total: &TaskGroup, words: &Words) -> String {
    let tasks = format!("{}: {}", words.say("Nhiệm vụ", "Tasks"), total.tasks);
    let there = TaskTimeliness::ALL.iter().filter(|way| count(total, **way) > 0);
    let ways = there.map(|way| format!("{}: {}", meaning(*way, words), count(total, *way)));
    std::iter::once(tasks).chain(ways).collect::<Vec<_>>().join("; ")
}

fn notes(report: &TaskReport, words: &Words) -> Vec<String> {
    let due = words.say(
        "Đến hạn: nhiệm vụ có hạn đã hoàn thành, hoặc đã quá hạn. Được giao: tất cả, trừ tạm dừng, hủy, chuyển.",
        "Due: done with a due date, or past one. Assigned: all but what is paused, cancelled or transferred.",
    );
    let nothing = words.say("Không có nhiệm vụ nào.", "There are no tasks.");
    let scale = words.say("Thanh tổng số có tỷ lệ riêng.", "The bar of all has its own scale.");
    let notes = [
        (report.total.tasks == 0, nothing),
        (report.total.tasks > 0, due),
        (report.total.tasks > 0 && !report.groups.is_empty(), scale),
    ];
    notes.into_iter().filter(|(holds, _)| *holds).map(|(_, note)| note.to_owned()).collect()
}
