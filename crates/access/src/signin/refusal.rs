//! What a person is told who is not let in.

use model::lang::Text;

use crate::elsewhere::Failure;

/// Why somebody is not let in, no more exactly than they may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The name or the password; nobody is told which.
    NotRecognised,
    /// The passkey.
    PasskeyNotRecognised,
    /// The code, after a right first factor.
    CodeWrong,
    /// The sign-in took too long, or too many codes were wrong: from the beginning.
    TooSlow,
    /// Their roles demand a factor that comes by invitation only.
    InvitationNeeded,
    /// A directory or an identity provider does not vouch for them, or not for anybody here.
    Elsewhere(Failure),
    /// Too many attempts: not before a number of seconds.
    Wait(u32),
}

impl Refusal {
    /// For the person in front of the page.
    #[must_use]
    pub fn message(self) -> Text {
        match self {
            Self::NotRecognised => Text::fixed(
                "利用者IDかパスワードが違います",
                "the login name or the password is not right",
            ),
            Self::PasskeyNotRecognised => Text::fixed(
                "このパスキーではサインインできません。別の方法を選んでください",
                "this passkey cannot sign in; choose another way",
            ),
            Self::CodeWrong => Text::fixed(
                "確認コードが違います。新しいコードを入れてください",
                "the code is not right; enter a new one",
            ),
            Self::TooSlow => Text::fixed(
                "時間がたったか、誤りが続いたため、最初からやり直してください",
                "it took too long or too many codes were wrong; begin again",
            ),
            Self::InvitationNeeded => Text::fixed(
                "担当する役割には、認証要素の登録が必要です。管理者に登録用のリンクを頼んでください",
                "your roles need one more factor; ask an administrator for a link to enrol it",
            ),
            Self::Elsewhere(failure) => failure.message(),
            Self::Wait(seconds) => Text::new(
                format!("試行が続いたため、{seconds}秒ほど待ってからお試しください"),
                format!("too many attempts; try again in {seconds} seconds"),
            ),
        }
    }
}
