//! The registers (台帳) that a municipal policy calls for: one file a register, listed in the policy's order.
//!
//! A register is a struct. Its doc headings are the Japanese labels, the rest of each doc is the help that an officer reads,
//! its field names spelled out are the English labels, its `garde` rules are the rules of the form, of the API and of an import.
//! The [`register`] crate derives everything else from the struct's JSON Schema.
//!
//! What a duty judges is optional here: a terminal without a recorded second factor is a *finding*, not an unreadable row.
//! Required are only the fields without which a row names nothing.
//!
//! `docs/add-a-register.md` shows how to add one: a file, a line in the list below.

#[macro_use]
mod choice;
mod order;
mod prelude;
mod reference;
pub mod transfer;

pub use reference::Ref;
use register::Kind;

/// Declares each module, exports its struct and lists it, so that the list reads as a table of contents of the policy.
macro_rules! registers {
    ($($(#[$clause:meta])+ $module:ident::$entry:ident,)+) => {
        $($(#[$clause])+ pub mod $module;)+
        $(pub use $module::$entry;)+

        /// Every register, in the policy's order.
        #[must_use]
        pub fn all() -> Vec<Kind> {
            vec![$(Kind::of::<$entry>()),+]
        }
    };
}

registers! {
    /// 4(1) 行政機関等の範囲
    organ::Organ,
    /// 4(2) 情報資産の範囲
    system::System,
    /// 5 職員等の遵守義務
    acknowledgement::Acknowledgement,
    /// 6(1) 組織体制: 課・室
    section::Section,
    /// 6(1) 組織体制: 職員等
    person::Person,
    /// 6(1) 組織体制: 役割
    role_assignment::RoleAssignment,
    /// 6(1) 組織体制: 委員会
    committee::Committee,
    /// 6(1) 組織体制: 会議
    meeting::Meeting,
    /// 6(2) 情報資産の分類と管理
    asset::Asset,
    /// 6(3) 情報システム全体の強靱性の向上: 領域
    zone::Zone,
    /// 6(3) 情報システム全体の強靱性の向上: セグメント
    segment::Segment,
    /// 6(3) 情報システム全体の強靱性の向上: 特定通信
    permitted_path::PermittedPath,
    /// 6(4) 物理的セキュリティ: 管理区域
    area::Area,
    /// 6(4) 物理的セキュリティ: 入退室
    entry_record::EntryRecord,
    /// 6(4) 物理的セキュリティ: サーバ、通信回線、設備
    equipment::Equipment,
    /// 6(4) 物理的セキュリティ: パソコン等
    terminal::Terminal,
    /// 6(4) 物理的セキュリティ: 電磁的記録媒体
    medium::Medium,
    /// 6(4) 物理的セキュリティ: 持出し
    take_out::TakeOut,
    /// 6(4) 物理的セキュリティ: 廃棄
    disposal::Disposal,
    /// 6(5) 人的セキュリティ: 研修
    course::Course,
    /// 6(5) 人的セキュリティ: 受講
    attendance::Attendance,
    /// 6(6) 技術的セキュリティ: ソフトウェア
    software::Software,
    /// 6(6) 技術的セキュリティ: 利用者ID
    account::Account,
    /// 6(7) 運用: 緊急時対応計画
    contingency_plan::ContingencyPlan,
    /// 6(7) 運用: 緊急連絡先
    contact::Contact,
    /// 6(7) 運用: 訓練
    drill::Drill,
    /// 6(7) 運用: インシデント
    incident::Incident,
    /// 6(7) 運用: 例外措置
    exception::Exception,
    /// 6(7) 運用: 遵守状況の確認
    attestation::Attestation,
    /// 6(8) 業務委託: 事業者
    vendor::Vendor,
    /// 6(8) 業務委託: 契約
    contract::Contract,
    /// 6(8) 業務委託: 委託先の確認
    vendor_check::VendorCheck,
    /// 6(8) 外部サービス: クラウドサービス
    cloud_service::CloudService,
    /// 6(8) 外部サービス: ソーシャルメディアサービス
    sns_account::SnsAccount,
    /// 6(9), 7 監査
    audit::Audit,
    /// 6(9), 7 自己点検
    inspection_campaign::InspectionCampaign,
    /// 6(9), 7 自己点検の回答
    inspection_answer::InspectionAnswer,
    /// 6(9), 7 指摘と是正
    corrective_action::CorrectiveAction,
    /// 8 見直し: リスク
    risk::Risk,
    /// 9, 10 対策基準と実施手順の策定
    document::Document,
    /// 地方自治法第244条の6 方針の策定と公表
    adoption::Adoption,
}
