//! garde's messages as Sanmon words them; the machine's own bounds speak through them too.

use std::borrow::Cow;
use std::fmt::Display;

use garde::i18n::{I18n, InvalidCreditCard, InvalidEmail, InvalidPhoneNumber, InvalidUrl, IpKind};
use model::lang::Text;

/// Plain Japanese that says what to do; give it to [`garde::i18n::with_i18n`].
#[derive(Debug, Clone, Copy)]
pub struct Japanese;

type Message = Cow<'static, str>;

impl I18n for Japanese {
    fn length_lower_than(&self, min: usize) -> Message {
        format!("{min}文字以上で入力してください").into()
    }

    fn length_greater_than(&self, max: usize) -> Message {
        format!("{max}文字以内で入力してください").into()
    }

    fn range_lower_than(&self, min: &dyn Display) -> Message {
        format!("{min}以上の値を入力してください").into()
    }

    fn range_greater_than(&self, max: &dyn Display) -> Message {
        format!("{max}以下の値を入力してください").into()
    }

    fn credit_card_invalid(&self, _: InvalidCreditCard) -> Message {
        "カード番号の形で入力してください".into()
    }

    fn pattern_no_match(&self, pattern: &dyn Display) -> Message {
        format!("決められた形({pattern})で入力してください").into()
    }

    fn contains_missing(&self, pattern: &dyn Display) -> Message {
        format!("「{pattern}」を含めてください").into()
    }

    fn url_invalid(&self, _: InvalidUrl) -> Message {
        "URLの形(https://… など)で入力してください".into()
    }

    fn prefix_missing(&self, pattern: &dyn Display) -> Message {
        format!("「{pattern}」で始めてください").into()
    }

    fn suffix_missing(&self, pattern: &dyn Display) -> Message {
        format!("「{pattern}」で終えてください").into()
    }

    fn phone_number_invalid(&self, _: InvalidPhoneNumber) -> Message {
        "電話番号の形で入力してください".into()
    }

    fn ip_invalid(&self, kind: IpKind) -> Message {
        match kind {
            IpKind::Any => "IPアドレスの形で入力してください".into(),
            IpKind::V4 => "IPv4アドレスの形で入力してください".into(),
            IpKind::V6 => "IPv6アドレスの形で入力してください".into(),
        }
    }

    fn matches_field_mismatch(&self, field: &dyn Display) -> Message {
        format!("「{field}」と同じ値を入力してください").into()
    }

    fn email_invalid(&self, _: InvalidEmail) -> Message {
        "メールアドレスの形(name@example.jp など)で入力してください".into()
    }

    fn ascii_invalid(&self) -> Message {
        "半角の英数字と記号だけで入力してください".into()
    }

    fn alphanumeric_invalid(&self) -> Message {
        "英数字だけで入力してください".into()
    }

    fn required_not_set(&self) -> Message {
        "入力してください".into()
    }
}

/// English: lower case, no full stop; give it to [`garde::i18n::with_i18n`].
#[derive(Debug, Clone, Copy)]
pub struct English;

impl I18n for English {
    fn length_lower_than(&self, min: usize) -> Message {
        format!("must have at least {min} characters").into()
    }

    fn length_greater_than(&self, max: usize) -> Message {
        format!("must have at most {max} characters").into()
    }

    fn range_lower_than(&self, min: &dyn Display) -> Message {
        format!("must be {min} or more").into()
    }

    fn range_greater_than(&self, max: &dyn Display) -> Message {
        format!("must be {max} or less").into()
    }

    fn credit_card_invalid(&self, _: InvalidCreditCard) -> Message {
        "must be a card number".into()
    }

    fn pattern_no_match(&self, pattern: &dyn Display) -> Message {
        format!("must match `{pattern}`").into()
    }

    fn contains_missing(&self, pattern: &dyn Display) -> Message {
        format!("must contain `{pattern}`").into()
    }

    fn url_invalid(&self, _: InvalidUrl) -> Message {
        "must be a URL, such as https://example.jp/".into()
    }

    fn prefix_missing(&self, pattern: &dyn Display) -> Message {
        format!("must begin with `{pattern}`").into()
    }

    fn suffix_missing(&self, pattern: &dyn Display) -> Message {
        format!("must end with `{pattern}`").into()
    }

    fn phone_number_invalid(&self, _: InvalidPhoneNumber) -> Message {
        "must be a telephone number".into()
    }

    fn ip_invalid(&self, kind: IpKind) -> Message {
        match kind {
            IpKind::Any => "must be an IP address".into(),
            IpKind::V4 => "must be an IPv4 address".into(),
            IpKind::V6 => "must be an IPv6 address".into(),
        }
    }

    fn matches_field_mismatch(&self, field: &dyn Display) -> Message {
        format!("must be the same as `{field}`").into()
    }

    fn email_invalid(&self, _: InvalidEmail) -> Message {
        "must be a mail address, such as name@example.jp".into()
    }

    fn ascii_invalid(&self) -> Message {
        "must be ASCII letters, digits and signs".into()
    }

    fn alphanumeric_invalid(&self) -> Message {
        "must be letters and digits".into()
    }

    fn required_not_set(&self) -> Message {
        "must not be empty".into()
    }
}

/// The same message in both languages.
pub(crate) fn both(message: impl Fn(&dyn I18n) -> Message) -> Text {
    Text {
        ja: message(&Japanese),
        en: message(&English),
    }
}
