//! The fixed verbs.

use model::lang::Text;
use serde::{Deserialize, Serialize};

/// Declares the acts with their words and lists them.
macro_rules! acts {
    ($($(#[$doc:meta])+ $act:ident = $name:literal, $ja:literal / $en:literal;)+) => {
        /// What somebody does.
        ///
        /// One more is a line here and its `appliesTo` in `policies/schema.cedarschema`; a test compares the two.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Act {
            $($(#[$doc])+ $act,)+
        }

        impl Act {
            /// Every act.
            pub const ALL: &[Self] = &[$(Self::$act),+];

            /// Its word in policies.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$act => $name,)+ }
            }

            /// What people call it.
            #[must_use]
            pub const fn title(self) -> Text {
                match self { $(Self::$act => Text::fixed($ja, $en),)+ }
            }
        }
    };
}

acts! {
    /// See it, and find it in lists.
    Read = "read", "閲覧" / "read";
    /// Make a new one.
    Create = "create", "登録" / "create";
    /// Change it.
    Update = "update", "変更" / "update";
    /// Take it out of use, or into use again.
    Retire = "retire", "廃止" / "retire";
    /// Read a table into a register.
    Import = "import", "取込み" / "import";
    /// Take a register or the ledger out as a file.
    Export = "export", "書出し" / "export";
    /// Write, submit and withdraw a request.
    Submit = "submit", "申請" / "submit";
    /// Approve the step that waits.
    Approve = "approve", "承認" / "approve";
    /// Send a request back.
    Return = "return", "差戻し" / "return";
    /// Refuse a request.
    Reject = "reject", "却下" / "reject";
    /// Say something about a request.
    Comment = "comment", "意見" / "comment";
    /// Make a document readable for everybody.
    Publish = "publish", "公開" / "publish";
    /// Attest that a duty is kept.
    Attest = "attest", "証明" / "attest";
    /// Audit a section.
    Audit = "audit", "監査" / "audit";
    /// Invite, stop and recover somebody who signs in.
    AdministerUsers = "administer_users", "利用者の管理" / "administer users";
    /// Give somebody a role.
    AssignRoles = "assign_roles", "役割の割当て" / "assign roles";
    /// Change one's own ways to sign in.
    ManageAccount = "manage_account", "サインインの設定" / "manage account";
    /// Make and revoke tokens.
    ManageTokens = "manage_tokens", "トークンの管理" / "manage tokens";
    /// Load a city where there is none.
    FoundCity = "found_city", "団体の読込み" / "found the city";
    /// Change the city's settings.
    ChangeSettings = "change_settings", "設定の変更" / "change settings";
    /// Change the rules of sign-in, access and approval.
    AdministerRules = "administer_rules", "決まりの変更" / "administer rules";
    /// Change duties, parameters and schemas.
    ChangeStandard = "change_standard", "対策基準の変更" / "change the standard";
    /// Make a text the policy in force.
    AdoptPolicy = "adopt_policy", "方針の決定" / "adopt the policy";
    /// Look after the running of the program: jobs, backups, measurements.
    Operate = "operate", "運用" / "operate";
    /// Verify the ledger.
    Verify = "verify", "検証" / "verify";
    /// Take a proof from the ledger.
    Prove = "prove", "証明書の取得" / "take a proof";
    /// See what a ledger entry only commits to.
    Disclose = "disclose", "本文の開示" / "disclose a body";
    /// Erase what a ledger entry commits to.
    Erase = "erase", "本文の消去" / "erase a body";
}

impl Act {
    /// Whether it grants, decides, releases or administers something: done only by a person who has just proved who they are.
    #[must_use]
    pub const fn is_sensitive(self) -> bool {
        matches!(
            self,
            Self::Approve
                | Self::Return
                | Self::Reject
                | Self::Publish
                | Self::AdministerUsers
                | Self::AssignRoles
                | Self::ManageAccount
                | Self::ManageTokens
                | Self::FoundCity
                | Self::ChangeSettings
                | Self::AdministerRules
                | Self::ChangeStandard
                | Self::AdoptPolicy
                | Self::Operate
                | Self::Disclose
                | Self::Erase
        )
    }
}
