//! 例外措置.

use jiff::civil::date;

use super::planted::COVERED;
use super::table::{Row, row};
use super::town::Town;

/// Exceptions that have ended: duty, register, subject, reason.
#[rustfmt::skip]
static CLOSED: &[(&str, &str, &str, &str)] = &[
    ("technical.vulnerability.terminal_support", "terminal", "PC-9001", "測量用ソフトウェアが後継の基本ソフトで動かなかったため。令和8年3月に端末を廃棄した。"),
    ("physical.terminal.encryption", "terminal", "PC-9002", "暗号化に対応しない旧型の端末を更新まで使うため。令和8年3月に端末を廃棄した。"),
];

/// The valid ones first, then those that have ended.
pub(crate) fn exceptions(town: &Town) -> Vec<Row> {
    let approver = town.officer("デジタル推進監");
    let valid = COVERED.iter().map(|covered| {
        row! {
            duty: covered.fault.duty, register: covered.fault.register, subject: covered.fault.row,
            reason: covered.reason, measures: covered.measures, applied_by: town.second(covered.section),
            approved_on: date(2026, 6, 19), expires_on: covered.expires, status: "approved",
        }
    });
    let closed = CLOSED.iter().map(|(duty, register, subject, reason)| {
        row! {
            duty: *duty, register: *register, subject: *subject, reason: *reason, measures: "使う人と時間を限り、毎日記録を確かめた。",
            applied_by: town.second("S07"), approved_on: date(2025, 6, 20), expires_on: date(2026, 3, 31),
            status: "closed",
        }
    });
    let rows = valid.chain(closed).enumerate();
    rows.map(|(index, row)| {
        row.with("code", format!("EX-{:02}", index.saturating_add(1)))
            .with("approved_by", approver)
    })
    .collect()
}
