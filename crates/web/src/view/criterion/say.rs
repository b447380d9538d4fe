//! Expressions in words, in both languages at once.

use model::lang::{Lang, Text};
use model::scheme::SchemeKind;
use register::{Choice, Field, FieldKind, Kind};
use service::city::City;
use service::folder::field_path;

use super::read::Node;

/// Says expressions about a row of one register.
pub(super) struct Speaker<'c> {
    city: &'c City,
    /// What names without a receiver are fields of.
    subject: Option<&'c Kind>,
    /// A row of another register that `exists` looks at, under its name.
    inner: Option<(String, &'c Kind)>,
}

/// A value: how it is said, and what is known of it.
struct Value<'c> {
    text: Text,
    field: Option<&'c Field>,
    /// The register of the row that it is, where it is one.
    row: Option<&'c Kind>,
    is_day: bool,
}

impl Value<'_> {
    const fn plain(text: Text, is_day: bool) -> Self {
        Self {
            text,
            field: None,
            row: None,
            is_day,
        }
    }
}

impl<'c> Speaker<'c> {
    pub(super) fn new(city: &'c City, register: &str) -> Self {
        Self {
            city,
            subject: city.kind(register),
            inner: None,
        }
    }

    /// The label of a field of the subject.
    pub(super) fn field(&self, name: &str) -> Text {
        let field = self.subject.and_then(|kind| kind.field(&field_path(name)));
        field.map_or_else(|| Text::same(name), |field| field.label.clone())
    }

    /// A condition, in Japanese as it stands before a noun.
    pub(super) fn condition(&self, node: &Node) -> Option<Text> {
        match node {
            Node::Two("&&", left, right) => self.joined(left, right, "&&"),
            Node::Two("||", left, right) => self.joined(left, right, "||"),
            Node::Two("in", left, right) => self.among(left, right),
            Node::Two(sign, left, right) => self.compared(sign, left, right),
            Node::Not(inner) => self.denied(inner),
            Node::Call(receiver, name, arguments) => self.called(receiver.as_deref(), name, arguments),
            _ => None,
        }
    }

    /// Two conditions; a part that is joined the other way is put in brackets.
    fn joined(&self, left: &Node, right: &Node, by: &str) -> Option<Text> {
        let part = |node: &Node| {
            let said = self.condition(node)?;
            Some(match node {
                Node::Two(sign @ ("&&" | "||"), ..) if *sign != by => bracketed(&said),
                _ => said,
            })
        };
        let (left, right) = (part(left)?, part(right)?);
        Some(if by == "&&" {
            let ja = format!("{}、かつ{}", going_on(&left.ja), right.ja);
            Text::new(ja, format!("{} and {}", left.en, right.en))
        } else {
            let ja = format!("{}か、又は{}", left.ja, right.ja);
            Text::new(ja, format!("{} or {}", left.en, right.en))
        })
    }

    fn denied(&self, inner: &Node) -> Option<Text> {
        if let Node::Call(Some(receiver), name, arguments) = inner
            && name == "exists"
        {
            let rows = self.exists(receiver, arguments)?;
            return Some(Text::new(
                format!("{}がない", rows.ja),
                format!("there is no {}", rows.en),
            ));
        }
        let said = bracketed(&self.condition(inner)?);
        Some(Text::new(
            format!("{}に当たらない", said.ja),
            format!("not {}", said.en),
        ))
    }

    fn compared(&self, sign: &str, left: &Node, right: &Node) -> Option<Text> {
        if matches!(right, Node::Null) {
            let (value, empty) = (self.value(left)?.text, sign == "==");
            return match (sign, empty) {
                ("==", _) => Some(says(&value, "が空欄である", "is empty")),
                ("!=", _) => Some(says(&value, "が記入されている", "is filled in")),
                _ => None,
            };
        }
        if let Some(said) = self
            .counted(sign, left, right)
            .or_else(|| self.within(sign, left, right))
        {
            return Some(said);
        }
        let (left, right) = self.keys(left, right).or_else(|| {
            let left = self.value(left)?;
            let right = self.constant(right, &left).or_else(|| self.value(right))?;
            Some((left, right))
        })?;
        let day = left.is_day || right.is_day;
        let (ja, en) = match (sign, day) {
            ("==", _) => ("である", "is"),
            ("!=", _) => ("でない", "is not"),
            ("<=", true) => ("以前である", "is on or before"),
            ("<", true) => ("より前である", "is before"),
            (">=", true) => ("以後である", "is on or after"),
            (">", true) => ("より後である", "is after"),
            ("<=", false) => ("以下である", "is at most"),
            ("<", false) => ("未満である", "is less than"),
            (">=", false) => ("以上である", "is at least"),
            (">", false) => ("を超える", "is more than"),
            _ => return None,
        };
        Some(Text::new(
            format!("{}が{}{ja}", left.text.ja, right.text.ja),
            format!("{} {en} {}", left.text.en, right.text.en),
        ))
    }

    /// `members.size() >= 3`
    fn counted(&self, sign: &str, left: &Node, right: &Node) -> Option<Text> {
        let (Node::Call(Some(receiver), name, _), Node::Number(number)) = (left, right) else {
            return None;
        };
        if name != "size" {
            return None;
        }
        let rows = self.rows(receiver)?.0;
        match (sign, number) {
            (">", 0) => Some(says(&rows, "がある", "exists")),
            ("==", 0) => Some(says(&rows, "がない", "does not exist")),
            (">=", _) => Some(Text::new(
                format!("{}が{number}件以上ある", rows.ja),
                format!("there are at least {number} of {}", rows.en),
            )),
            _ => None,
        }
    }

    /// `patched_on >= today - days(90)`
    fn within(&self, sign: &str, left: &Node, right: &Node) -> Option<Text> {
        let Node::Two("-", from, days) = right else {
            return None;
        };
        let Node::Call(None, name, arguments) = days.as_ref() else {
            return None;
        };
        if name != "days" || !matches!(from.as_ref(), Node::Name(from) if from == "today") {
            return None;
        }
        let (value, days) = (self.value(left)?.text, self.value(arguments.first()?)?.text);
        let (ja, en) = match sign {
            ">=" => ("日以内である", "is at most"),
            "<=" => ("日以上前である", "is at least"),
            _ => return None,
        };
        Some(Text::new(
            format!("{}が基準日から{}{ja}", value.ja, days.ja),
            format!("{} {en} {} days before the date of judgement", value.en, days.en),
        ))
    }

    /// Rows are compared by their keys; people compare the rows.
    fn keys(&self, left: &Node, right: &Node) -> Option<(Value<'c>, Value<'c>)> {
        let row = |node: &Node| match node {
            Node::Member(row, key) if key == register::KEY => self.value(row),
            _ => None,
        };
        Some((row(left)?, row(right)?))
    }

    fn among(&self, left: &Node, right: &Node) -> Option<Text> {
        let Node::List(options) = right else {
            return None;
        };
        let left = self.value(left)?;
        let options = options.iter().map(|option| Some(self.constant(option, &left)?.text));
        let options: Vec<Text> = options.collect::<Option<_>>()?;
        let side = |lang: Lang, between: &str| {
            let words: Vec<&str> = options.iter().map(|option| option.get(lang)).collect();
            words.join(between)
        };
        Some(Text::new(
            format!("{}が{}のいずれかである", left.text.ja, side(Lang::Ja, "・")),
            format!("{} is one of {}", left.text.en, side(Lang::En, ", ")),
        ))
    }

    fn called(&self, receiver: Option<&Node>, name: &str, arguments: &[Node]) -> Option<Text> {
        match (receiver, name, arguments) {
            (None, "has_text", [text]) => Some(says(&self.value(text)?.text, "が記入されている", "is filled in")),
            (None, "in_effect", [from, to]) => {
                let (from, to) = (self.value(from)?.text, self.value(to)?.text);
                Some(Text::new(
                    format!("基準日が{}から{}までの間にある", from.ja, to.ja),
                    format!("the date of judgement lies between {} and {}", from.en, to.en),
                ))
            }
            (Some(receiver), "exists", arguments) => {
                let rows = self.exists(receiver, arguments)?;
                Some(Text::new(
                    format!("{}がある", rows.ja),
                    format!("there is a {}", rows.en),
                ))
            }
            (Some(receiver), "startsWith", [Node::Text(start)]) => {
                let value = self.value(receiver)?.text;
                Some(Text::new(
                    format!("{}が「{start}」で始まる", value.ja),
                    format!("{} begins with “{start}”", value.en),
                ))
            }
            (Some(receiver), "matches", [Node::Text(pattern)]) => {
                let value = self.value(receiver)?.text;
                Some(Text::new(
                    format!("{}が正規表現 {pattern} に合う", value.ja),
                    format!("{} matches {pattern}", value.en),
                ))
            }
            (Some(receiver), "contains", [Node::Text(part)]) => {
                let value = self.value(receiver)?.text;
                Some(Text::new(
                    format!("{}が「{part}」を含む", value.ja),
                    format!("{} contains “{part}”", value.en),
                ))
            }
            _ => None,
        }
    }

    /// The rows that `exists` asks for.
    fn exists(&self, receiver: &Node, arguments: &[Node]) -> Option<Text> {
        let [Node::Name(name), condition] = arguments else {
            return None;
        };
        let (rows, kind) = self.rows(receiver)?;
        let speaker = Speaker {
            city: self.city,
            subject: self.subject,
            inner: Some((name.clone(), kind)),
        };
        let condition = speaker.condition(condition)?;
        Some(Text::new(
            format!("{}で、{}もの", rows.ja, condition.ja),
            format!("{} where {}", rows.en, condition.en),
        ))
    }

    /// Many rows: those of a register that refer to this one, or those that a field names.
    fn rows(&self, node: &Node) -> Option<(Text, &'c Kind)> {
        if let Node::Member(register, field) = node
            && let Node::Member(referring, slug) = register.as_ref()
            && let Node::Name(word) = referring.as_ref()
            && word == "referring"
        {
            let kind = self.city.kind(slug)?;
            let field = &kind.field(&field_path(field))?.label;
            let label = &kind.label;
            let text = Text::new(
                format!("これを「{}」とする台帳「{}」の行", field.ja, label.ja),
                format!("row of the register of {} with this as {}", label.en, field.en),
            );
            return Some((text, kind));
        }
        let value = self.value(node)?;
        let kind = self.city.kind(value.field?.target()?)?;
        Some((value.text, kind))
    }

    fn value(&self, node: &Node) -> Option<Value<'c>> {
        match node {
            Node::Name(name) => self.name(name),
            Node::Member(receiver, name) => self.member(receiver, name),
            Node::Number(number) => Some(Value::plain(Text::same(number.to_string()), false)),
            Node::Two(sign @ ("+" | "-"), left, right) => self.sum(sign, left, right),
            Node::Call(None, name, arguments) => match (name.as_str(), arguments.as_slice()) {
                ("fiscal_year_of", [date]) => {
                    let date = self.value(date)?.text;
                    let text = Text::new(format!("{}の年度", date.ja), format!("the fiscal year of {}", date.en));
                    Some(Value::plain(text, true))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn name(&self, name: &str) -> Option<Value<'c>> {
        match name {
            "today" => Some(Value::plain(Text::fixed("基準日", "the date of judgement"), true)),
            "fiscal_year" => Some(Value::plain(Text::fixed("今年度", "this fiscal year"), true)),
            _ => {
                if let Some((_, kind)) = self.inner.as_ref().filter(|(inner, _)| inner == name) {
                    let mut value = Value::plain(Text::default(), false);
                    value.row = Some(kind);
                    return Some(value);
                }
                self.of_field(self.subject?.field(&field_path(name))?, None)
            }
        }
    }

    fn member(&self, receiver: &Node, name: &str) -> Option<Value<'c>> {
        if matches!(receiver, Node::Name(city) if city == "city") {
            return self.of_city(name);
        }
        let row = self.value(receiver)?;
        let field = row.row?.field(&field_path(name))?;
        self.of_field(field, Some(&row.text).filter(|text| !text.ja.is_empty()))
    }

    fn of_city(&self, name: &str) -> Option<Value<'c>> {
        if name == "model" {
            return Some(Value::plain(Text::fixed("団体のモデル", "the city's model"), false));
        }
        let value = self.city.settings.city.parameters.get(name);
        let text = value.map(|value| Text::same(value.to_string())).or_else(|| {
            let known = self.city.standard.parameters.iter();
            let parameter = known.into_iter().find(|parameter| parameter.name == name)?;
            let (ja, en) = (&parameter.label.ja, &parameter.label.en);
            Some(Text::new(format!("「{ja}」"), format!("“{en}”")))
        });
        text.map(|text| Value::plain(text, false))
    }

    fn of_field(&self, field: &'c Field, of: Option<&Text>) -> Option<Value<'c>> {
        let label = &field.label;
        let text = match of {
            None => Text::new(format!("「{}」", label.ja), format!("“{}”", label.en)),
            Some(of) => Text::new(
                format!("{}の「{}」", of.ja, label.ja),
                format!("“{}” of {}", label.en, of.en),
            ),
        };
        let row = match &field.kind {
            FieldKind::Reference(target) => Some(self.city.kind(target)?),
            _ => None,
        };
        Some(Value {
            text,
            field: Some(field),
            row,
            is_day: field.kind == FieldKind::Date,
        })
    }

    /// `today - days(30)`, `fiscal_year - 1`
    fn sum(&self, sign: &str, left: &Node, right: &Node) -> Option<Value<'c>> {
        if let (Node::Name(name), "-", Node::Number(years)) = (left, sign, right)
            && name == "fiscal_year"
        {
            return Some(Value::plain(years_ago(*years), true));
        }
        let value = self.value(left)?;
        let (amount, days) = match right {
            Node::Call(None, name, arguments) if name == "days" => (self.value(arguments.first()?)?.text, true),
            other => (self.value(other)?.text, false),
        };
        let text = match (sign, days) {
            ("+", true) => Text::new(
                format!("{}の{}日後", value.text.ja, amount.ja),
                format!("{} days after {}", amount.en, value.text.en),
            ),
            ("-", true) => Text::new(
                format!("{}の{}日前", value.text.ja, amount.ja),
                format!("{} days before {}", amount.en, value.text.en),
            ),
            ("+", false) => Text::new(
                format!("{}と{}の和", value.text.ja, amount.ja),
                format!("{} plus {}", value.text.en, amount.en),
            ),
            _ => Text::new(
                format!("{}から{}を引いた値", value.text.ja, amount.ja),
                format!("{} minus {}", value.text.en, amount.en),
            ),
        };
        Some(Value::plain(text, value.is_day))
    }

    /// A constant in the words of the field that it is compared with.
    fn constant(&self, node: &Node, with: &Value<'c>) -> Option<Value<'c>> {
        let text = match node {
            Node::Bool(true) => Text::fixed("「はい」", "“yes”"),
            Node::Bool(false) => Text::fixed("「いいえ」", "“no”"),
            Node::Text(word) => quoted(&self.word(word, with.field)),
            _ => return None,
        };
        Some(Value::plain(text, with.is_day))
    }

    fn word(&self, word: &str, field: Option<&Field>) -> Text {
        match field.map(|field| &field.kind) {
            Some(FieldKind::Choice(choices)) => label(choices, word),
            Some(FieldKind::Scheme(kind)) => self.scheme(*kind, word),
            _ => model_name(word),
        }
    }

    /// The city's own word for a national code.
    fn scheme(&self, kind: SchemeKind, code: &str) -> Text {
        let own = self.city.settings.schemes.words(kind);
        let own = own.into_iter().find(|(_, national)| *national == code);
        let national = kind.national(code);
        let ja = own.map(|(word, _)| word).or(national.map(|national| national.ja));
        Text::new(ja.unwrap_or(code), national.map_or(code, |national| national.en))
    }
}

fn years_ago(years: i64) -> Text {
    match years {
        1 => Text::fixed("前年度", "the last fiscal year"),
        2 => Text::fixed("前々年度", "the last fiscal year but one"),
        _ => Text::new(
            format!("{years}年度前の年度"),
            format!("the fiscal year {years} years ago"),
        ),
    }
}

/// A condition that another one follows: …であり、かつ….
fn going_on(condition: &str) -> String {
    const ENDINGS: [(&str, &str); 7] = [
        ("である", "であり"),
        ("ている", "ており"),
        ("でない", "でなく"),
        ("がある", "があり"),
        ("がない", "がなく"),
        ("超える", "超え"),
        ("当たらない", "当たらず"),
    ];
    let found = ENDINGS.iter().find_map(|(ending, other)| {
        let stem = condition.strip_suffix(ending)?;
        Some(format!("{stem}{other}"))
    });
    found.unwrap_or_else(|| condition.to_owned())
}

fn label(choices: &[Choice], word: &str) -> Text {
    let choice = choices.iter().find(|choice| choice.value == word);
    choice.map_or_else(|| Text::same(word), |choice| choice.label.clone())
}

fn model_name(word: &str) -> Text {
    match word {
        "alpha" => Text::fixed("αモデル", "α"),
        "alpha_prime" => Text::fixed("α'モデル", "α'"),
        "beta" => Text::fixed("βモデル", "β"),
        "beta_prime" => Text::fixed("β'モデル", "β'"),
        _ => Text::same(word),
    }
}

fn quoted(text: &Text) -> Text {
    Text::new(format!("「{}」", text.ja), format!("“{}”", text.en))
}

fn bracketed(text: &Text) -> Text {
    Text::new(format!("({})", text.ja), format!("({})", text.en))
}

fn says(value: &Text, ja: &str, en: &str) -> Text {
    Text::new(format!("{}{ja}", value.ja), format!("{} {en}", value.en))
}
