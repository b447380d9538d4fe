//! What stands around every page: the header with its sections, the way back, who is signed in, the other language.

use std::sync::Arc;

use jiff::Timestamp;
use model::lang::{Lang, Text};

use crate::asset::{self, Hrefs};
use crate::lang;
use crate::notice::Notice;

macro_rules! sections {
    ($($(#[$doc:meta])* $name:ident $href:literal $ja:literal $en:literal)*) => {
        /// A section of the service, in the order of the header.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Section {
            $($(#[$doc])* $name,)*
        }

        impl Section {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its first page.
            #[must_use]
            pub const fn href(self) -> &'static str {
                match self { $(Self::$name => $href,)* }
            }

            /// What people call it.
            #[must_use]
            pub const fn label(self) -> Text {
                match self { $(Self::$name => Text::fixed($ja, $en),)* }
            }
        }
    };
}

sections! {
    /// The policy with its standings.
    Policy "/" "基本方針" "Policy"
    /// What waits for the visitor.
    Work "/work" "わたしの仕事" "My work"
    /// The registers.
    Registers "/registers" "台帳" "Registers"
    /// Requests and their approval.
    Requests "/requests" "決裁" "Approvals"
    /// What the devices of the network let through.
    Network "/network" "ネットワーク" "Network"
    /// Documents and their versions.
    Documents "/documents" "文書" "Documents"
    /// The ledger.
    Ledger "/ledger" "証跡" "Ledger"
    /// Settings of the city.
    Admin "/admin" "管理" "Administration"
    /// Help.
    Help "/help" "ヘルプ" "Help"
}

/// Who looks at a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// 見本 花子
    pub name: String,
    /// 情報政策課
    pub section: String,
    /// The national codes of the roles that the visitor holds.
    pub roles: Vec<String>,
    /// The sections that the visitor may open.
    pub sections: Vec<Section>,
    /// How many things wait in "わたしの仕事".
    pub waiting: usize,
    /// How many notices the visitor has not read.
    pub notices: usize,
    /// When the visitor was here before this session.
    pub last_visit: Option<Timestamp>,
    /// What every form sends back, so that no other site sends forms in the visitor's name.
    pub csrf: String,
}

/// A step of the way back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// What the page is called.
    pub label: Text,
    /// Its address.
    pub href: String,
}

/// Everything that the layout shows.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The language of the page.
    pub lang: Lang,
    /// 見本市
    pub city: Text,
    /// What the page is called.
    pub title: Text,
    /// The section that it belongs to.
    pub here: Option<Section>,
    /// The way back, without the page itself.
    pub crumbs: Vec<Crumb>,
    /// Who looks at it; nobody on the pages that need no sign-in.
    pub viewer: Option<Arc<Viewer>>,
    /// What was done just before.
    pub notice: Option<Notice>,
    /// This page in the other language.
    pub switch: String,
    /// What every form sends back, so that no other site sends forms in the visitor's name.
    pub token: String,
}

impl Frame {
    /// `ja`
    #[must_use]
    pub const fn code(&self) -> &'static str {
        lang::code(self.lang)
    }

    /// The code of the other language.
    #[must_use]
    pub const fn other_code(&self) -> &'static str {
        lang::code(lang::other(self.lang))
    }

    /// Whether the visitor may see configurations of the network's devices.
    #[must_use]
    pub fn sees_network(&self) -> bool {
        self.sections().contains(&Section::Network)
    }

    /// Whether the page is in Japanese.
    #[must_use]
    pub fn is_japanese(&self) -> bool {
        self.lang == Lang::Ja
    }

    /// Where the stylesheet and the script are.
    #[must_use]
    pub fn assets(&self) -> &'static Hrefs {
        asset::hrefs()
    }

    /// The sections that the header offers.
    #[must_use]
    pub fn sections(&self) -> &[Section] {
        self.viewer.as_ref().map_or(&[], |viewer| viewer.sections.as_slice())
    }

    /// Whether `section` is the one that the page belongs to.
    #[must_use]
    pub fn is_here(&self, section: &Section) -> bool {
        self.here == Some(*section)
    }

    /// How many things wait in a section.
    #[must_use]
    pub fn waiting(&self, section: &Section) -> usize {
        let viewer = self.viewer.as_ref().filter(|_| *section == Section::Work);
        viewer.map_or(0, |viewer| viewer.waiting)
    }

    /// The frame with the token of a visitor who is not signed in yet.
    #[must_use]
    pub fn with_token(mut self, token: &str) -> Self {
        token.clone_into(&mut self.token);
        self
    }

    /// The frame with one more step on the way back.
    #[must_use]
    pub fn crumb(mut self, label: Text, href: impl Into<String>) -> Self {
        let href = href.into();
        self.crumbs.push(Crumb { label, href });
        self
    }
}
