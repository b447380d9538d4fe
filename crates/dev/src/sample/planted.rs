//! What is wrong in 見本市 on purpose: the one place where clean data are spoilt.
//!
//! Every other module generates a city that keeps its policy. [`PLANTED`] then changes single cells (or takes rows away), so the list says
//! exactly what `sanmon check sample` has to find; [`COVERED`] does the same to rows that an approved exception (例外措置) covers.

use jiff::civil::{Date, date};

use super::table::{Tables, Value};

/// One fault of the city.
pub(crate) struct Planted {
    /// 見出し in `sample/README.md`.
    pub(crate) id: &'static str,
    /// The register and the row that a finding points at.
    pub(crate) register: &'static str,
    pub(crate) row: &'static str,
    pub(crate) act: Act,
    /// The duty that breaks.
    pub(crate) duty: &'static str,
    /// What happened, in Japanese and English.
    pub(crate) ja: &'static str,
    pub(crate) en: &'static str,
}

/// What is done to the clean rows.
pub(crate) enum Act {
    /// Empties a cell of the row.
    Empty(&'static str),
    No(&'static str),
    Number(&'static str, i64),
    Day(&'static str, Date),
    Choice(&'static str, &'static str),
    /// Takes away every later row with the same value in this field, so that this row is the last of its kind.
    Last(&'static str),
}
use Act::{Choice, Day, Empty, Last, No, Number};

#[rustfmt::skip]
pub(crate) static PLANTED: &[Planted] = &[
    Planted {
        id: "B01", register: "medium", row: "MD-053", act: No("encrypted"), duty: "physical.medium.encrypted",
        ja: "商工観光課のUSBメモリが暗号化されていない", en: "a USB memory is not encrypted",
    },
    Planted {
        id: "B02", register: "permitted_path", row: "PP-15", act: Day("expires_on", date(2026, 9, 30)), duty: "resilience.path.expiry",
        ja: "校務支援から人事給与への特定通信が、期限を過ぎても有効のまま残っている", en: "a permitted path is still active after it expired",
    },
    Planted {
        id: "B03", register: "attendance", row: "AT-00201", act: Last("person"), duty: "human.training.all_staff",
        ja: "建設課の職員が、前年度も今年度も研修を終えていない", en: "somebody has taken no training this year or last year",
    },
    Planted {
        id: "B04", register: "asset", row: "AS-187", act: Empty("owner"), duty: "classification.owner",
        ja: "人事課の服務関係書類に管理責任者がいない", en: "an information asset has no owner",
    },
    Planted {
        id: "B05", register: "terminal", row: "PC-0286", act: Number("factors", 1), duty: "resilience.mynumber.authentication",
        ja: "税務課のマイナンバー利用事務系の端末が、一つの要素だけで使える", en: "a MyNumber terminal takes one factor only",
    },
    Planted {
        id: "B06", register: "cloud_service", row: "CS-11", act: Day("expires_on", date(2026, 10, 31)), duty: "outsourcing.cloud.term",
        ja: "アンケートサービスを、承認の期限を過ぎて使い続けている", en: "a cloud service is in use after its approval ran out",
    },
    Planted {
        id: "B07", register: "sns_account", row: "SNS-03", act: Empty("responsible"), duty: "outsourcing.sns.responsible",
        ja: "観光のSNSアカウントに責任者がいない", en: "a social media account has nobody responsible",
    },
    Planted {
        id: "B08", register: "contract", row: "K-064", act: No("confidentiality"), duty: "outsourcing.contract.confidentiality",
        ja: "納税通知書の印刷・封入の契約に守秘義務の定めがない", en: "a contract has no confidentiality clause",
    },
    Planted {
        id: "B09", register: "corrective_action", row: "CA-034", act: Day("due_on", date(2026, 11, 6)), duty: "evaluation.check.action_overdue",
        ja: "診療所への監査の指摘が、期限を過ぎても是正されていない", en: "a corrective action is overdue",
    },
    Planted {
        id: "B10", register: "incident", row: "I-011", act: Day("first_report_on", date(2026, 10, 19)), duty: "operation.law.first_report",
        ja: "健診案内の宛名ずれの速報が、知った日から14日目になった", en: "the first report of a leak came on day 14",
    },
    Planted {
        id: "B11", register: "adoption", row: "AD-06", act: Empty("published_on"), duty: "publication.published",
        ja: "農業委員会が、定めた方針を公表していない", en: "an organ adopted the policy and has not published it",
    },
    Planted {
        id: "B12", register: "account", row: "ID-0010", act: Empty("disabled_on"), duty: "technical.access.leaver",
        ja: "秘書広報課を離任した職員の利用者IDが止められていない", en: "the account of somebody who left is still enabled",
    },
    Planted {
        id: "B13", register: "equipment", row: "EQ-007", act: Day("supported_until", date(2026, 9, 30)), duty: "technical.vulnerability.equipment_support",
        ja: "職員認証基盤のサーバがサポートの期限を過ぎて動いている", en: "a server runs past the end of its support",
    },
];

/// Faults that an approved exception covers until its date: not broken but excepted.
#[rustfmt::skip]
pub(crate) static COVERED: &[Covered] = &[
    Covered {
        fault: Planted {
            id: "E01", register: "system", row: "SYS-036", act: Day("supported_until", date(2026, 6, 30)), duty: "technical.vulnerability.system_support",
            ja: "公有財産管理システムのサポートが切れている(令和9年3月に入替え)", en: "a system runs past its support until it is replaced in March 2027",
        },
        reason: "後継システムの稼働が令和9年3月となり、サポートの期限に間に合わないため。",
        measures: "ネットワークから切り離して使い、媒体の接続を止め、週に一度ログを点検する。",
        section: "S06",
        expires: date(2027, 3, 31),
    },
    Covered {
        fault: Planted {
            id: "E02", register: "area", row: "A-09", act: No("fire_suppression"), duty: "physical.area.fire",
            ja: "診療所の機器室に消火設備がない(改修まで)", en: "a server room has no fire suppression until it is rebuilt",
        },
        reason: "消火設備の設置は、令和8年度末の診療所改修工事に合わせて行うため。",
        measures: "大型消火器を置き、煙感知器を増やし、控えを本庁に毎日移す。",
        section: "S33",
        expires: date(2027, 3, 31),
    },
    Covered {
        fault: Planted {
            id: "E03", register: "cloud_service", row: "CS-09", act: Choice("data_location", "abroad"), duty: "outsourcing.cloud.data_location",
            ja: "学習ドリルのデータが国外に保存されている(国内移行まで)", en: "a cloud service stores its data abroad until it moves to Japan",
        },
        reason: "国内の保存場所への移行を、事業者が令和9年1月に予定しているため。",
        measures: "氏名を登録せず番号だけで使い、移行の完了を事業者の報告書で確かめる。",
        section: "S26",
        expires: date(2027, 1, 31),
    },
];

/// A fault and the exception that covers it.
pub(crate) struct Covered {
    pub(crate) fault: Planted,
    pub(crate) reason: &'static str,
    pub(crate) measures: &'static str,
    /// Who asked: a section whose second in rank applies.
    pub(crate) section: &'static str,
    pub(crate) expires: Date,
}

/// Every change that is made to the clean city.
pub(crate) fn all() -> impl Iterator<Item = &'static Planted> {
    PLANTED.iter().chain(COVERED.iter().map(|covered| &covered.fault))
}

/// Spoils the clean city.
pub(crate) fn plant(tables: &mut Tables) {
    for planted in all() {
        planted.plant(tables);
    }
}

impl Planted {
    pub(crate) fn plant(&self, tables: &mut Tables) {
        let Some(at) = tables.position(self.register, self.row) else {
            return;
        };
        let Some(rows) = tables.rows_mut(self.register) else {
            return;
        };
        if let Last(field) = self.act {
            let mut later = rows.split_off(at.saturating_add(1));
            let last = rows.last().map(|row| row.text(field).to_owned()).unwrap_or_default();
            later.retain(|row| row.text(field) != last);
            rows.extend(later);
        }
        if let Some(row) = rows.get_mut(at) {
            match self.act {
                Empty(field) => row.set(field, None::<Value>),
                No(field) => row.set(field, false),
                Number(field, number) => row.set(field, number),
                Day(field, day) => row.set(field, day),
                Choice(field, word) => row.set(field, word),
                Last(_) => {}
            }
        }
    }
}
