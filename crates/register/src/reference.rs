//! Words that name rows of another register.

use std::borrow::Cow;

use model::lang::Text;
use serde_json::Value;

use crate::fault::Fault;
use crate::field::Field;
use crate::read::{Reading, shortened};
use crate::rules;
use crate::words::{Found, Name, Words};

impl Field {
    pub(crate) fn read_list(&self, target: &str, list: &str, words: &Words) -> Reading {
        if let Found::One(key) = words.find(target, list) {
            return Ok(Value::Array(vec![Value::from(key)]));
        }
        let mut keys: Vec<Value> = Vec::new();
        for word in list
            .split(rules::SEPARATORS)
            .map(str::trim)
            .filter(|word| !word.is_empty())
        {
            let key = Value::from(self.resolve(target, word, words)?);
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        Ok(Value::Array(keys))
    }

    /// The key of the row that `word` names.
    pub(crate) fn resolve<'w>(
        &self,
        target: &str,
        word: &'w str,
        words: &'w Words,
    ) -> Result<Cow<'w, str>, Box<Fault>> {
        let register = words.label(target);
        match words.find(target, word) {
            Found::One(key) => Ok(Cow::Borrowed(key)),
            Found::Unknown => Ok(Cow::Borrowed(word)),
            Found::Several(rows) => Err(self.fault(
                "ambiguous-reference",
                Text::new(
                    format!(
                        "台帳「{}」に「{word}」が二つ以上ある。コードで入力してください: {}",
                        register.ja,
                        listed(&rows, "、")
                    ),
                    format!(
                        "`{word}` names several rows of {}; enter the code: {}",
                        register.en,
                        listed(&rows, ", ")
                    ),
                ),
            )),
            Found::Nothing(near) => Err(self.fault("unknown-reference", unknown(word, &register, &near))),
        }
    }
}

fn unknown(word: &str, register: &Text, near: &[&Name]) -> Text {
    let (ja, en) = match near {
        [] => (String::new(), String::new()),
        near => (
            format!("(近いもの: {})", listed(near, "、")),
            format!(" (near: {})", listed(near, ", ")),
        ),
    };
    let word = shortened(word);
    Text::new(
        format!(
            "台帳「{}」に「{word}」がない。あるコードか名称を入力してください{ja}",
            register.ja
        ),
        format!("`{word}` is not in {}{en}", register.en),
    )
}

/// `100 情報政策課、200 総務課`
fn listed(rows: &[&Name], separator: &str) -> String {
    let rows = rows.iter().map(|row| match row.key == row.title {
        true => row.key.to_string(),
        false => format!("{} {}", row.key, row.title),
    });
    rows.collect::<Vec<_>>().join(separator)
}
