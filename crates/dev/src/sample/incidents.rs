//! インシデント, 緊急時対応計画, 緊急連絡先.

use jiff::civil::{Date, date};

use super::AS_OF;
use super::stream::after;
use super::table::{Row, row};
use super::town::Town;

struct Incident {
    title: &'static str,
    kind: &'static str,
    severity: &'static str,
    section: &'static str,
    system: &'static str,
    detected: Date,
    persons: i64,
    cause: &'static str,
    prevention: &'static str,
}

impl Incident {
    /// More than a hundred people, My Number, or a wrongful purpose: the law asks for a report (個人情報保護法第68条, 番号法第29条の4).
    fn is_reportable(&self) -> bool {
        self.persons > 100 || self.mynumber() || self.wrongful()
    }

    /// Somebody meant harm: reported from the first person on, in full within sixty days.
    fn wrongful(&self) -> bool {
        self.kind == "intrusion" && self.persons > 0
    }

    fn mynumber(&self) -> bool {
        self.title.contains("個人番号")
    }
}

#[expect(clippy::too_many_arguments, reason = "one row of the list below")]
const fn incident(
    title: &'static str,
    kind: &'static str,
    severity: &'static str,
    section: &'static str,
    system: &'static str,
    detected: Date,
    persons: i64,
    cause: &'static str,
    prevention: &'static str,
) -> Incident {
    Incident {
        title,
        kind,
        severity,
        section,
        system,
        detected,
        persons,
        cause,
        prevention,
    }
}

#[rustfmt::skip]
static INCIDENTS: &[Incident] = &[
    incident("催し案内メールの宛先を取り違えた送信", "misdelivery", "low", "S20", "", date(2025, 5, 14), 12, "宛先欄の選び間違い。", "送信前に二人で宛先を読み合わせる。"),
    incident("公式ホームページの表示停止", "outage", "medium", "S01", "SYS-051", date(2025, 6, 24), 0, "証明書の更新漏れ。", "更新の期日を台帳で管理する。"),
    incident("不審メールの添付ファイルの開封", "malware", "low", "S16", "", date(2025, 8, 6), 0, "業務連絡を装ったメール。画面転送の中で開いたため、端末への影響はなかった。", "訓練で同じ型のメールを扱う。"),
    incident("納税通知書の封入誤り", "misdelivery", "medium", "S09", "", date(2025, 9, 10), 126, "封入機の設定の誤り。", "抜取り検査の数を増やし、委託先の手順に加えた。"),
    incident("施設予約サイトへの総当たりログイン", "intrusion", "medium", "S27", "SYS-054", date(2025, 12, 3), 0, "同じ番地からの連続した試行。", "試行回数の制限と多要素認証を入れた。"),
    incident("グループウェアの停止", "outage", "medium", "S07", "SYS-030", date(2026, 1, 15), 0, "記憶装置の故障。", "予備機への切替えを自動にした。"),
    incident("貸出用タブレットの一時所在不明", "loss", "low", "S18", "", date(2026, 3, 5), 0, "会場での置き忘れ。当日中に回収し、遠隔ロックを確かめた。", "返却時の員数確認を会場で行う。"),
    incident("個人番号を含む申請書の誤交付", "leak", "high", "S15", "", date(2026, 5, 19), 1, "同姓の申請者の取り違え。", "生年月日まで照合してから渡す。"),
    incident("外部記録媒体の持込み検知", "other", "low", "S21", "", date(2026, 7, 28), 0, "私物媒体の接続。接続は遮断された。", "課内で手順を読み直した。"),
    incident("防災情報配信の遅れ", "outage", "medium", "S08", "SYS-055", date(2026, 8, 25), 0, "配信事業者の回線の混雑。", "二つ目の配信手段を用意した。"),
    incident("健診案内の宛名ずれ", "misdelivery", "high", "S18", "SYS-020", date(2026, 10, 6), 214, "差込み印刷の行のずれ。", "印刷前に照合用の控えと突き合わせる。"),
    incident("学習ドリルへの不正なログイン", "intrusion", "medium", "S26", "SYS-056", date(2026, 10, 14), 3, "使い回しのパスワード。", "対象の利用者のパスワードを改め、多要素認証を必須にした。"),
    incident("個人番号を含む通知書の誤送付", "misdelivery", "high", "S13", "SYS-011", date(2026, 11, 17), 1, "", ""),
];

pub(crate) fn incidents(town: &Town) -> Vec<Row> {
    INCIDENTS
        .iter()
        .enumerate()
        .map(|(index, incident)| incident_row(town, incident, index))
        .collect()
}

fn incident_row(town: &Town, incident: &Incident, index: usize) -> Row {
    let reportable = incident.is_reportable();
    let detected = incident.detected;
    let closed = detected < date(2026, 10, 1);
    let complete = after(detected, if incident.wrongful() { 55 } else { 24 });
    let personal = incident.persons > 0;
    row! {
        code: format!("I-{:03}", index.saturating_add(1)),
        title: incident.title,
        kind: incident.kind,
        severity: incident.severity,
        section: incident.section,
        system: incident.system,
        detected_on: detected,
        reported_by: town.second(incident.section),
        escalated_on: detected,
        persons: incident.persons,
        mynumber: incident.mynumber(),
        sensitive: false,
        wrongful: incident.wrongful(),
        protected: false,
        first_report_on: reportable.then(|| after(detected, 2)),
        final_report_on: (reportable && complete <= AS_OF).then_some(complete),
        notified_on: personal.then(|| after(detected, 3)),
        published_on: (reportable || incident.kind == "outage").then(|| after(detected, 5)),
        recovered_on: after(detected, 1),
        cause: incident.cause,
        prevention: incident.prevention,
        closed_on: closed.then(|| after(detected, 29)),
    }
}

pub(crate) fn contingency_plans(town: &Town) -> Vec<Row> {
    let plan = |code: &str, title: &str, document: &str, tested: Date| {
        row! {
            code: code, title: title, document: document, approved_by: town.officer("副市長"),
            approved_on: date(2026, 3, 24), reviewed_on: date(2026, 3, 24), tested_on: tested,
            aligned_with_bcp: true,
        }
    };
    vec![
        plan("CP-01", "情報セキュリティ緊急時対応計画", "D-106", date(2026, 10, 21)),
        plan("CP-02", "災害時情報システム復旧計画", "D-107", date(2026, 8, 26)),
    ]
}

/// Kind, name: whom to call.
#[rustfmt::skip]
static CONTACTS: &[(&str, &str)] = &[
    ("csirt", "見本市即応班"),
    ("prefecture", "例示県 デジタル政策担当"),
    ("ministry", "総務省 担当窓口"),
    ("cyber_office", "国のサイバー統括組織 担当窓口"),
    ("privacy_commission", "個人情報保護委員会 報告窓口"),
    ("police", "例示県警察 サイバー担当"),
    ("vendor", "見本システムズ株式会社 障害窓口"),
    ("lasdec", "J-LIS 担当窓口"),
];

pub(crate) fn contacts(town: &Town) -> Vec<Row> {
    let pairs = ["CP-01", "CP-02"]
        .into_iter()
        .flat_map(|plan| CONTACTS.iter().map(move |contact| (plan, contact)));
    let rows = pairs.enumerate().map(|(index, (plan, (kind, name)))| {
        let number = index.saturating_add(1);
        row! {
            code: format!("CT-{number:02}"), plan: plan, kind: *kind, name: *name, person: town.second("S07"),
            phone: format!("0000-02-{number:04}"), email: format!("{}@contact.example", kind.replace('_', "-")),
            verified_on: date(2026, 9, 18),
        }
    });
    rows.collect()
}
