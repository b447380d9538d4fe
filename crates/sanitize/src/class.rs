//! Kinds of things that files hold beside what people read.

use model::lang::Text;
use serde::{Deserialize, Serialize};

/// What is done with a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It is not carried over.
    Drop,
    /// It is carried over, built anew.
    Rebuild,
    /// The file that holds it does not cross.
    Refuse,
}

impl Action {
    /// The action in words.
    #[must_use]
    pub const fn words(self) -> Text {
        match self {
            Self::Drop => Text::fixed("取り除いた", "dropped"),
            Self::Rebuild => Text::fixed("作り直した", "rebuilt"),
            Self::Refuse => Text::fixed("受け入れない", "refused"),
        }
    }
}

macro_rules! classes {
    ($($(#[doc = $doc:literal])+ $name:ident, $word:literal, $ja:literal, $en:literal, $default:ident, [$($choice:ident),+];)+) => {
        /// A kind of thing found in a file.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Class {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Class {
            /// All of them, in the order of this list.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The stable word, as it stands in profiles and receipts.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// What people call it.
            #[must_use]
            pub const fn words(self) -> Text {
                match self { $(Self::$name => Text::fixed($ja, $en),)+ }
            }

            /// What is done with it unless a profile says otherwise.
            #[must_use]
            pub const fn default_action(self) -> Action {
                match self { $(Self::$name => Action::$default,)+ }
            }

            /// What a profile may choose for it. What runs by itself can never be carried over.
            #[must_use]
            pub const fn choices(self) -> &'static [Action] {
                match self { $(Self::$name => &[$(Action::$choice),+],)+ }
            }
        }
    };
}

classes! {
    /// A program in an Office file: VBA, and what belongs to it.
    Macro, "macro", "マクロ", "macro", Drop, [Drop, Refuse];
    /// A sheet of Excel 4.0 macros, or a name that runs one.
    MacroSheet, "macro_sheet", "Excel 4.0マクロ", "Excel 4.0 macro", Drop, [Drop, Refuse];
    /// A script: JavaScript, StarBasic, an event handler.
    Script, "script", "スクリプト", "script", Drop, [Drop, Refuse];
    /// What happens by itself or at a click: opening, launching, submitting, importing.
    ActiveAction, "active_action", "自動で動く処理", "action", Drop, [Drop, Refuse];
    /// A file or an object of another program inside the file.
    EmbeddedObject, "embedded_object", "埋め込みオブジェクト", "embedded object", Drop, [Drop, Refuse];
    /// A control of a form that runs code (ActiveX).
    Control, "control", "コントロール", "control", Drop, [Drop, Refuse];
    /// A file attached inside a document.
    Attachment, "attachment", "添付ファイル", "attached file", Drop, [Drop, Refuse];
    /// A document of another format taken in as it is (altChunk).
    ForeignContent, "foreign_content", "取り込まれた別形式の文書", "foreign content", Drop, [Drop, Refuse];
    /// What is fetched from outside when the file is opened: a template, a linked object, a file.
    ExternalTarget, "external_target", "外部参照", "external target", Drop, [Drop, Refuse];
    /// A picture that lies outside and is fetched when the file is opened.
    RemotePicture, "remote_picture", "外部の画像", "remote picture", Drop, [Drop, Refuse];
    /// A link that a person may click.
    Hyperlink, "hyperlink", "ハイパーリンク", "hyperlink", Rebuild, [Drop, Rebuild, Refuse];
    /// A field or formula that fetches or starts something (DDE, INCLUDETEXT, WEBSERVICE …).
    FetchingField, "fetching_field", "外部を呼び出すフィールド・数式", "field or formula that calls outside", Drop, [Drop, Refuse];
    /// A connection to a database, a query, real-time data.
    DataConnection, "data_connection", "外部データ接続", "data connection", Drop, [Drop, Refuse];
    /// Buttons and menus that a file adds to the program.
    UserInterface, "user_interface", "画面の拡張", "user interface extension", Drop, [Drop, Refuse];
    /// An add-in that loads web pages.
    WebExtension, "web_extension", "Webアドイン", "web extension", Drop, [Drop, Refuse];
    /// Sound, film and models of three dimensions.
    Media, "media", "音声・動画・3Dモデル", "media", Drop, [Drop, Refuse];
    /// A picture: decoded and encoded again.
    Picture, "picture", "画像", "picture", Rebuild, [Drop, Rebuild, Refuse];
    /// A picture of a kind that cannot be decoded here (a metafile); a blank one stands in its place.
    UnreadablePicture, "unreadable_picture", "読み取れない画像", "picture that cannot be read", Drop, [Drop, Refuse];
    /// A font inside the file.
    EmbeddedFont, "embedded_font", "埋め込みフォント", "embedded font", Drop, [Drop, Refuse];
    /// Settings of a printer, which hold a block of the driver's own.
    PrinterSettings, "printer_settings", "プリンター設定", "printer settings", Drop, [Drop, Refuse];
    /// Data that belongs to other programs.
    CustomData, "custom_data", "独自データ", "custom data", Drop, [Drop, Refuse];
    /// A signature: it cannot hold for a file that was built anew.
    Signature, "signature", "電子署名", "signature", Drop, [Drop, Refuse];
    /// Who wrote it, when, with what; where a photograph was taken.
    Metadata, "metadata", "属性情報", "metadata", Drop, [Drop, Refuse];
    /// A small picture of the file.
    Thumbnail, "thumbnail", "縮小画像", "thumbnail", Drop, [Drop, Refuse];
    /// A comment that a reader would see.
    Comment, "comment", "コメント", "comment", Rebuild, [Rebuild, Refuse];
    /// A change that is recorded and neither accepted nor rejected.
    TrackedChange, "tracked_change", "変更履歴", "tracked change", Rebuild, [Rebuild, Refuse];
    /// A sheet, slide or text that is there and not shown.
    Hidden, "hidden", "非表示の内容", "hidden content", Rebuild, [Rebuild, Refuse];
    /// A cell of a table that a spreadsheet would take for a formula; an apostrophe is put before it.
    Formula, "formula", "数式とみなされる値", "value taken for a formula", Rebuild, [Rebuild, Refuse];
    /// Characters that no text needs: control characters, changes of direction.
    ControlCharacter, "control_character", "制御文字", "control character", Drop, [Drop, Refuse];
    /// A part of a file that the allow-list does not name.
    UnknownPart, "unknown_part", "未知の部品", "unknown part", Drop, [Drop, Refuse];
    /// An element of a part that the allow-list does not name.
    UnknownElement, "unknown_element", "未知の要素", "unknown element", Drop, [Drop, Refuse];
    /// An attribute that the allow-list does not name.
    UnknownAttribute, "unknown_attribute", "未知の属性", "unknown attribute", Drop, [Drop, Refuse];
    /// A reference to something that is not there, or was dropped.
    Dangling, "dangling", "参照先のない要素", "dangling reference", Drop, [Drop, Refuse];
    /// Bytes before, between or after what belongs to the format.
    StrayBytes, "stray_bytes", "余分なデータ", "stray bytes", Drop, [Drop, Refuse];
    /// A file inside the file that did not cross; a note stands in its place.
    RefusedEntry, "refused_entry", "受け入れなかった中のファイル", "entry that was refused", Refuse, [Drop, Refuse];
    /// A name of an entry that leads out of its folder, or that systems keep for themselves.
    UnsafeName, "unsafe_name", "危険なファイル名", "unsafe name", Drop, [Drop, Refuse];
    /// An entry that is no file: a link, a device.
    SpecialEntry, "special_entry", "リンクなどの特殊な項目", "special entry", Drop, [Drop, Refuse];
}
