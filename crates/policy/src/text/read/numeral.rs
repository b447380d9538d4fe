//! Automatic numbers as Word and web pages show them.

/// A way to write an ordinal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numeral {
    /// 1 2 3
    Decimal,
    /// 01 02 03
    DecimalZero,
    /// １ ２ ３
    FullWidth,
    /// ① ② ③
    Circled,
    /// ⑴ ⑵ ⑶
    Parenthesised,
    /// ⒈ ⒉ ⒊
    Dotted,
    /// ア イ ウ
    Aiueo,
    /// イ ロ ハ
    Iroha,
    /// 一 二 三 … 十 十一
    Kanji,
    /// 一 二 三 … 一〇 一一
    KanjiDigits,
    /// 壱 弐 参
    KanjiLegal,
    /// 甲 乙 丙
    Stems,
    /// 子 丑 寅
    Branches,
    /// a b c
    LowerLetter,
    /// A B C
    UpperLetter,
    /// i ii iii
    LowerRoman,
    /// I II III
    UpperRoman,
    /// A bullet: no number at all.
    Bullet,
    /// Nothing.
    None,
}

const AIUEO: &str = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン";
const IROHA: &str = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセスン";
const STEMS: &str = "甲乙丙丁戊己庚辛壬癸";
const BRANCHES: &str = "子丑寅卯辰巳午未申酉戌亥";
const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const LEGAL: [char; 10] = ['零', '壱', '弐', '参', '四', '伍', '六', '七', '八', '九'];

impl Numeral {
    /// The numeral that Word's `w:numFmt` names; plain digits for those that Japanese documents do not use.
    ///
    /// Word's `aiueo` and `iroha` are half-width katakana; they are written full-width here, as every text cites them.
    pub(super) fn word(name: &str) -> Self {
        match name {
            "decimalZero" => Self::DecimalZero,
            "decimalFullWidth" | "decimalFullWidth2" => Self::FullWidth,
            "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => Self::Circled,
            "decimalEnclosedParen" => Self::Parenthesised,
            "decimalEnclosedFullstop" => Self::Dotted,
            "aiueo" | "aiueoFullWidth" => Self::Aiueo,
            "iroha" | "irohaFullWidth" => Self::Iroha,
            "japaneseCounting"
            | "chineseCounting"
            | "chineseCountingThousand"
            | "taiwaneseCounting"
            | "ideographEnclosedCircle" => Self::Kanji,
            "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" => Self::KanjiDigits,
            "japaneseLegal" => Self::KanjiLegal,
            "ideographTraditional" => Self::Stems,
            "ideographZodiac" => Self::Branches,
            "lowerLetter" => Self::LowerLetter,
            "upperLetter" => Self::UpperLetter,
            "lowerRoman" => Self::LowerRoman,
            "upperRoman" => Self::UpperRoman,
            "bullet" => Self::Bullet,
            "none" => Self::None,
            _ => Self::Decimal,
        }
    }

    /// The numeral of an HTML list: its `type` or CSS `list-style-type`.
    pub(super) fn html(name: &str) -> Option<Self> {
        Some(match name {
            "1" | "decimal" => Self::Decimal,
            "decimal-leading-zero" => Self::DecimalZero,
            "a" | "lower-alpha" | "lower-latin" => Self::LowerLetter,
            "A" | "upper-alpha" | "upper-latin" => Self::UpperLetter,
            "i" | "lower-roman" => Self::LowerRoman,
            "I" | "upper-roman" => Self::UpperRoman,
            "katakana" => Self::Aiueo,
            "katakana-iroha" => Self::Iroha,
            "cjk-ideographic" | "japanese-informal" => Self::Kanji,
            "cjk-decimal" => Self::KanjiDigits,
            "japanese-formal" => Self::KanjiLegal,
            "cjk-heavenly-stem" => Self::Stems,
            "cjk-earthly-branch" => Self::Branches,
            "disc" | "circle" | "square" => Self::Bullet,
            "none" => Self::None,
            _ => return None,
        })
    }

    /// `number` written this way; plain digits where the signs run out.
    pub(super) fn write(self, number: u32) -> String {
        match self {
            Self::Decimal => number.to_string(),
            Self::DecimalZero => format!("{number:02}"),
            Self::FullWidth => number.to_string().chars().map(full_width).collect(),
            Self::Circled => sign(number, &[(1, 20, '①'), (21, 35, '㉑'), (36, 50, '㊱')]),
            Self::Parenthesised => sign(number, &[(1, 20, '⑴')]),
            Self::Dotted => sign(number, &[(1, 20, '⒈')]),
            Self::Aiueo => cycle(number, AIUEO),
            Self::Iroha => cycle(number, IROHA),
            Self::Kanji => kanji(number),
            Self::KanjiDigits => number.to_string().chars().map(|c| digit(c, DIGITS)).collect(),
            Self::KanjiLegal => number.to_string().chars().map(|c| digit(c, LEGAL)).collect(),
            Self::Stems => cycle(number, STEMS),
            Self::Branches => cycle(number, BRANCHES),
            Self::LowerLetter => letter(number).to_ascii_lowercase(),
            Self::UpperLetter => letter(number),
            Self::LowerRoman => roman(number).to_ascii_lowercase(),
            Self::UpperRoman => roman(number),
            Self::Bullet => "・".to_owned(),
            Self::None => String::new(),
        }
    }
}

fn full_width(c: char) -> char {
    char::from_u32(u32::from(c).saturating_add(0xfee0)).unwrap_or(c)
}

fn digit(c: char, digits: [char; 10]) -> char {
    let value = c.to_digit(10).and_then(|value| usize::try_from(value).ok());
    value.and_then(|value| digits.get(value).copied()).unwrap_or(c)
}

/// The sign in the run (first number, last number, first sign) that holds the number.
fn sign(number: u32, runs: &[(u32, u32, char)]) -> String {
    let run = runs.iter().find(|(first, last, _)| (*first..=*last).contains(&number));
    run.and_then(|(first, _, sign)| char::from_u32(u32::from(*sign) + (number - first)))
        .map_or_else(|| number.to_string(), String::from)
}

/// One sign after another, from the start again at the end.
fn cycle(number: u32, signs: &str) -> String {
    let place = number.checked_sub(1).and_then(|place| usize::try_from(place).ok());
    place
        .and_then(|place| signs.chars().cycle().nth(place % signs.chars().count()))
        .map_or_else(|| number.to_string(), String::from)
}

/// 二千二十六; plain digits from ten thousand on.
fn kanji(number: u32) -> String {
    if !(1..10_000).contains(&number) {
        return number.to_string();
    }
    let mut out = String::new();
    for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let count = number / unit % 10;
        if count > 1 || (count == 1 && unit == 1) {
            out.extend(char::from_digit(count, 10).map(|c| digit(c, DIGITS)));
        }
        if count > 0 {
            out.push_str(name);
        }
    }
    out
}

/// A … Z, then AA, BB, as Word counts.
fn letter(number: u32) -> String {
    let Some(place) = number.checked_sub(1).filter(|place| *place < 26 * 8) else {
        return number.to_string();
    };
    let sign = char::from_u32(u32::from('A') + place % 26).unwrap_or('A');
    (0..=place / 26).map(|_| sign).collect()
}

fn roman(number: u32) -> String {
    if !(1..4000).contains(&number) {
        return number.to_string();
    }
    let mut rest = number;
    let mut out = String::new();
    let units = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    for (unit, sign) in units {
        while rest >= unit {
            out.push_str(sign);
            rest -= unit;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_numeral_counts_as_word_does() {
        let cases = [
            ("decimal", 12, "12"),
            ("decimalZero", 3, "03"),
            ("decimalFullWidth", 10, "１０"),
            ("decimalEnclosedCircle", 20, "⑳"),
            ("decimalEnclosedCircle", 21, "㉑"),
            ("decimalEnclosedCircle", 50, "㊿"),
            ("decimalEnclosedCircle", 51, "51"),
            ("decimalEnclosedParen", 2, "⑵"),
            ("aiueo", 6, "カ"),
            ("aiueoFullWidth", 46, "ン"),
            ("iroha", 2, "ロ"),
            ("irohaFullWidth", 7, "ト"),
            ("japaneseCounting", 10, "十"),
            ("japaneseCounting", 111, "百十一"),
            ("japaneseCounting", 2026, "二千二十六"),
            ("ideographDigital", 10, "一〇"),
            ("ideographTraditional", 3, "丙"),
            ("lowerLetter", 28, "bb"),
            ("upperRoman", 14, "XIV"),
            ("ordinal", 4, "4"),
            ("none", 4, ""),
        ];
        for (name, number, shown) in cases {
            assert_eq!(Numeral::word(name).write(number), shown, "{name} {number}");
        }
    }

    #[test]
    fn no_number_panics() {
        for name in [
            "decimalEnclosedCircle",
            "aiueo",
            "japaneseCounting",
            "lowerLetter",
            "upperRoman",
            "ideographZodiac",
        ] {
            for number in [0, u32::MAX] {
                let _ = Numeral::word(name).write(number);
            }
        }
    }
}
