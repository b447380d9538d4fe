//! What the audit notes of a sign-in: a kind and whom it concerns, never what was typed.

use model::lang::Text;
use serde::Serialize;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// What happened.
    pub kind: Kind,
    /// Whose account it was, by the person's code; the ledger puts a pseudonym in its place. `None` where no account
    /// was meant.
    pub person: Option<String>,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the label says what each is")]
pub enum Kind {
    PasswordRight,
    PasswordWrong,
    UnknownAccount,
    AccountSuspended,
    OtherPerson,
    ProvedElsewhere,
    RefusedElsewhere,
    ElsewhereUnavailable,
    NotLinked,
    Linked,
    CodeRight,
    CodeWrong,
    CodeUsedAgain,
    RecoveryCodeUsed,
    PasskeyRight,
    PasskeyRefused,
    PasskeyCounterWentBack,
    TooSlow,
    SlowedDown,
    EnrolmentDemanded,
    InvitationNeeded,
    SignedIn,
    SignedOut,
    SessionsRevoked,
    PasswordSet,
    AuthenticatorEnrolled,
    PasskeyEnrolled,
    PasskeyRemoved,
    RecoveryCodesDrawn,
    LinkUsed,
}

impl Event {
    pub(crate) fn of(kind: Kind, person: Option<&str>) -> Self {
        Self {
            kind,
            person: person.map(str::to_owned),
        }
    }
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 30] = [
        Self::PasswordRight,
        Self::PasswordWrong,
        Self::UnknownAccount,
        Self::AccountSuspended,
        Self::OtherPerson,
        Self::ProvedElsewhere,
        Self::RefusedElsewhere,
        Self::ElsewhereUnavailable,
        Self::NotLinked,
        Self::Linked,
        Self::CodeRight,
        Self::CodeWrong,
        Self::CodeUsedAgain,
        Self::RecoveryCodeUsed,
        Self::PasskeyRight,
        Self::PasskeyRefused,
        Self::PasskeyCounterWentBack,
        Self::TooSlow,
        Self::SlowedDown,
        Self::EnrolmentDemanded,
        Self::InvitationNeeded,
        Self::SignedIn,
        Self::SignedOut,
        Self::SessionsRevoked,
        Self::PasswordSet,
        Self::AuthenticatorEnrolled,
        Self::PasskeyEnrolled,
        Self::PasskeyRemoved,
        Self::RecoveryCodesDrawn,
        Self::LinkUsed,
    ];

    /// The kind in words.
    #[must_use]
    pub const fn label(self) -> Text {
        let (ja, en) = match self {
            Self::PasswordRight => ("パスワードで本人を確認", "right password"),
            Self::PasswordWrong => ("パスワードの誤り", "wrong password"),
            Self::UnknownAccount => ("登録のない利用者ID", "no such account"),
            Self::AccountSuspended => ("停止中の利用者ID", "suspended account"),
            Self::OtherPerson => ("別の人の利用者ID", "another person's account"),
            Self::ProvedElsewhere => ("外部の認証で本人を確認", "proved by a directory or provider"),
            Self::RefusedElsewhere => (
                "外部の認証で本人を確認できず",
                "not proved by the directory or provider",
            ),
            Self::ElsewhereUnavailable => (
                "外部の認証サーバーが応答せず",
                "the directory or provider did not answer",
            ),
            Self::NotLinked => ("外部の認証と職員の登録が結び付かず", "known elsewhere, but nobody here"),
            Self::Linked => (
                "外部の認証と職員の登録を結び付け",
                "linked with a directory or provider",
            ),
            Self::CodeRight => ("確認コードで本人を確認", "right code"),
            Self::CodeWrong => ("確認コードの誤り", "wrong code"),
            Self::CodeUsedAgain => ("使用済みの確認コード", "code used again"),
            Self::RecoveryCodeUsed => ("回復コードを使用", "recovery code used"),
            Self::PasskeyRight => ("パスキーで本人を確認", "right passkey"),
            Self::PasskeyRefused => ("パスキーを受け付けず", "passkey refused"),
            Self::PasskeyCounterWentBack => ("パスキーの複製の疑い", "counter of a passkey went back"),
            Self::TooSlow => ("時間切れ", "took too long"),
            Self::SlowedDown => ("試行が多いため待機", "slowed down"),
            Self::EnrolmentDemanded => ("認証要素の登録を要求", "asked to enrol a factor"),
            Self::InvitationNeeded => ("認証要素の登録に招待が必要", "needs an invitation to enrol a factor"),
            Self::SignedIn => ("サインイン", "signed in"),
            Self::SignedOut => ("サインアウト", "signed out"),
            Self::SessionsRevoked => ("サインイン中の端末をすべて終了", "sessions ended"),
            Self::PasswordSet => ("パスワードを設定", "password set"),
            Self::AuthenticatorEnrolled => ("認証アプリを登録", "authenticator app enrolled"),
            Self::PasskeyEnrolled => ("パスキーを登録", "passkey enrolled"),
            Self::PasskeyRemoved => ("パスキーを削除", "passkey removed"),
            Self::RecoveryCodesDrawn => ("回復コードを発行", "recovery codes drawn"),
            Self::LinkUsed => ("招待・回復のリンクを使用", "link used"),
        };
        Text::fixed(ja, en)
    }
}
