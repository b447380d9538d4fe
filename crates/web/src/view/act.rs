//! What the kinds of acts in the ledger are called.

use model::lang::Text;
use service::city::City;
use service::hall::collection;

macro_rules! acts {
    ($($kind:literal $ja:literal $en:literal)*) => {
        /// The kinds, each with what people call it.
        const ACTS: &[(&str, Text)] = &[$(($kind, Text::fixed($ja, $en))),*];
    };
}

acts! {
    "entry.create" "台帳に登録" "added to a register"
    "entry.update" "台帳を変更" "changed in a register"
    "entry.retire" "台帳の行を廃止" "retired from a register"
    "entry.restore" "廃止を取消し" "taken into use again"
    "register.import" "ファイルから取込み" "imported from a file"
    "register.bulk" "一括で変更" "changed in bulk"
    "register.export" "ファイルに書出し" "taken out as a file"
    "request.draft" "申請を起案" "request drafted"
    "request.edit" "申請を修正" "request changed"
    "request.submit" "申請を提出" "request submitted"
    "request.agree" "申請を承認(途中)" "request approved, others follow"
    "request.approve" "申請を承認" "request approved"
    "request.return" "申請を差戻し" "request returned"
    "request.reject" "申請を却下" "request rejected"
    "request.withdraw" "申請を取下げ" "request withdrawn"
    "request.expire" "申請が期限切れ" "request expired"
    "request.comment" "申請への意見" "comment on a request"
    "standing.change" "状況の変化" "standing changed"
    "city.found" "団体の読込み" "city loaded"
    "standard.set" "対策基準の変更" "standard changed"
    "document.text" "文書の本文" "text of a document"
    "absence.set" "不在の登録" "absence entered"
    "absence.cancel" "不在の取消し" "absence taken back"
    "retention.erase" "保存期間を過ぎた内容の消去" "contents erased after their term"
    "ledger.disclose" "記録を開示" "entry disclosed"
    "notices.choose" "お知らせの受取り方" "how notices are received"
    "account.invite" "利用者の招待" "person invited"
    "account.unlink" "ほかの仕組みとの結び付きの取外し" "let go of another system's word"
    "administrator.set" "管理者の変更" "administrator changed"
    "recovery.ask" "サインインの手段の回復の開始" "recovery asked for"
    "recovery.approve" "回復を承認" "recovery agreed to"
    "recovery.decline" "回復を認めず" "recovery declined"
    "recovery.use" "回復のリンクを使用" "recovery used"
    "transfer.confirm" "人事異動の登録" "transfers entered"
    "transfer.carry" "人事異動の実施" "transfers carried out"
    "transfer.cancel" "人事異動の取消し" "transfers cancelled"
    "rules.set" "決まりの変更" "rules changed"
    "rules.withdraw" "市の決まりの取下げ" "rules of the city withdrawn"
    "register.keep" "該当なしの台帳として登録" "register kept, and empty"
    "register.unkeep" "該当なしの取消し" "register no longer kept"
    "token.make" "トークンの作成" "token made"
    "token.revoke" "トークンの取消し" "token taken back"
    "sign-in.signed-in" "サインイン" "signed in"
    "sign-in.signed-out" "サインアウト" "signed out"
    "sign-in.password-right" "パスワードを確認" "password proved"
    "sign-in.password-wrong" "パスワードの誤り" "wrong password"
    "sign-in.unknown-account" "知らない利用者ID" "unknown login name"
    "sign-in.proved-elsewhere" "外部の認証で本人を確認" "proved by a directory or provider"
    "sign-in.refused-elsewhere" "外部の認証で確認できず" "not proved by a directory or provider"
    "sign-in.elsewhere-unavailable" "外部の認証が応答せず" "a directory or provider did not answer"
    "sign-in.not-linked" "外部の認証と職員が結び付かず" "known elsewhere, but nobody here"
    "sign-in.linked" "外部の認証と職員を結び付け" "linked with a directory or provider"
    "sign-in.code-right" "認証アプリを確認" "code proved"
    "sign-in.code-wrong" "確認コードの誤り" "wrong code"
    "sign-in.passkey-right" "パスキーを確認" "passkey proved"
    "sign-in.passkey-refused" "パスキーを拒否" "passkey refused"
    "sign-in.slowed-down" "試行を制限" "attempts slowed down"
    "sign-in.password-set" "パスワードを設定" "password set"
    "sign-in.authenticator-enrolled" "認証アプリを登録" "authenticator enrolled"
    "sign-in.passkey-enrolled" "パスキーを登録" "passkey enrolled"
    "sign-in.passkey-removed" "パスキーを削除" "passkey removed"
    "sign-in.recovery-codes-drawn" "回復コードを作成" "recovery codes drawn"
    "sign-in.recovery-code-used" "回復コードを使用" "recovery code used"
    "sign-in.sessions-revoked" "サインインを終了" "sessions ended"
    "sign-in.link-used" "一回だけのリンクを使用" "one-time link used"
}

/// What an act is called.
#[must_use]
pub fn title(kind: &str) -> Text {
    if let Some((_, title)) = ACTS.iter().find(|(known, _)| *known == kind) {
        return title.clone();
    }
    if kind.starts_with("sign-in.") {
        return Text::new("サインインの記録", "sign-in");
    }
    Text::same(kind)
}

/// What a register or a collection of the hall is called.
#[must_use]
pub fn register(city: &City, slug: &str) -> Text {
    if let Some(kind) = city.kind(slug) {
        return kind.label.clone();
    }
    match slug {
        collection::CITY => Text::fixed("団体の設定", "settings of the city"),
        collection::USER => Text::fixed("利用者", "people who sign in"),
        collection::REQUEST => Text::fixed("申請", "requests"),
        collection::STANDING => Text::fixed("状況", "standings"),
        collection::ABSENCE => Text::fixed("不在", "absences"),
        collection::PUBLICATION => Text::fixed("公表", "publications"),
        collection::TOKEN => Text::fixed("APIの鍵", "API tokens"),
        collection::TEXT => Text::fixed("文書の本文", "texts of documents"),
        collection::NOTICE_SETTING => Text::fixed("お知らせの受取り方", "how notices are received"),
        collection::RECOVERY => Text::fixed("サインインの手段の回復", "recoveries"),
        collection::TRANSFER => Text::fixed("人事異動", "transfers"),
        collection::ADMINISTRATOR => Text::fixed("管理者", "administrators"),
        other => Text::same(other),
    }
}
