//! What a page says at its top after an act: "登録しました".
//!
//! The act answers with a redirection and a cookie that names the notice; the page that follows shows it once. The cookie names
//! one of the notices below and nothing else, so that a forged one says nothing new.
//!
//! To add a notice, add a line to the list.

use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use model::lang::Text;

use crate::lang;

const COOKIE: &str = "notice";

macro_rules! notices {
    ($($(#[$doc:meta])* $name:ident $code:literal $ja:literal $en:literal)*) => {
        /// Something that was done, told on the next page.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Notice {
            $($(#[$doc])* $name,)*
        }

        impl Notice {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The word that the cookie carries.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What people read.
            #[must_use]
            pub const fn text(self) -> Text {
                match self { $(Self::$name => Text::fixed($ja, $en),)* }
            }
        }
    };
}

notices! {
    /// A row was added to a register.
    Added "added" "登録しました。" "Added."
    /// A row was changed.
    Saved "saved" "変更を保存しました。" "Saved."
    /// A row was taken out of use.
    Retired "retired" "廃止しました。記録は残っています。" "Retired. The record remains."
    /// A row is in use again.
    Restored "restored" "使用中に戻しました。" "It is in use again."
    /// A file was taken in.
    Imported "imported" "ファイルの内容を登録しました。" "The file was taken in."
    /// A request was handed in.
    Submitted "submitted" "申請を提出しました。" "The request was submitted."
    /// A request was approved.
    Approved "approved" "承認しました。" "Approved."
    /// A request was sent back.
    Returned "returned" "差し戻しました。" "Sent back."
    /// A request was turned down.
    Rejected "rejected" "却下しました。" "Rejected."
    /// A request was taken back.
    Withdrawn "withdrawn" "取り下げました。" "Withdrawn."
    /// An approval counts, and others follow.
    Counted "counted" "承認を記録しました。" "Your approval was recorded."
    /// Something was said about a request.
    Commented "commented" "意見を書き込みました。" "Your comment was added."
    /// A draft was kept.
    Drafted "drafted" "下書きを保存しました。まだ提出していません。" "The draft was kept. It is not submitted yet."
    /// Notices were read.
    Read "read" "既読にしました。" "Marked as read."
    /// Signed in.
    SignedIn "signed-in" "サインインしました。" "You are signed in."
    /// Signed out.
    SignedOut "signed-out" "サインアウトしました。" "You are signed out."
}

/// The notice that a request carries.
#[must_use]
pub fn carried(headers: &HeaderMap) -> Option<Notice> {
    let code = lang::cookie(headers, COOKIE)?;
    Notice::ALL.iter().copied().find(|notice| notice.code() == code)
}

/// The header that forgets the notice.
#[must_use]
pub const fn forget() -> HeaderValue {
    HeaderValue::from_static("notice=; Path=/; Max-Age=0; SameSite=Lax; HttpOnly")
}

/// Sends the visitor on to `href` with a notice (303, so that going back does not repeat the act).
#[must_use]
pub fn see(href: &str, notice: Notice) -> Response {
    let Ok(location) = HeaderValue::from_str(href) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let cookie = format!("notice={}; Path=/; Max-Age=60; SameSite=Lax; HttpOnly", notice.code());
    let mut response = (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
