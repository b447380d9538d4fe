//! Fields that take one of a few words.

/// Declares the words of a choice, each with its Japanese label; the document stores the word in snake case.
///
/// The English label is the word spelled out, unless another stands after a slash.
///
/// ```text
/// choice! { Protocol "プロトコル" { Tcp = "TCP" / "TCP", Other = "その他" } }
/// ```
macro_rules! choice {
    ($name:ident $label:literal { $($word:ident = $ja:literal $(/ $en:literal)?),+ $(,)? }) => {
        #[doc = concat!("# ", $label)]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        #[schemars(inline)]
        pub enum $name {
            $(
                #[doc = concat!("# ", $ja)]
                $(#[schemars(extend("x-en" = $en))])?
                $word,
            )+
        }
    };
}
