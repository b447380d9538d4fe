//! The collections beside the registers: what the hall itself keeps as documents with versions.
//!
//! A register's slug has no dot, so that no register of a city can be taken for one of these.

/// What a city decided for itself: settings, policy, duties, schemas. One document a [source file](crate::sources).
pub const CITY: &str = "hall.city";
/// People who can sign in, without their secrets.
pub const USER: &str = "hall.user";
/// Requests (申請) and how they were decided.
pub const REQUEST: &str = "hall.request";
/// One document a clause: a version each time that its standing changed.
pub const STANDING: &str = "hall.standing";
/// When people are away, and who stands in.
pub const ABSENCE: &str = "hall.absence";
/// Texts that were made public.
pub const PUBLICATION: &str = "hall.publication";
/// Recoveries of people who lost every factor: one document a person, the latest recovery.
pub const RECOVERY: &str = "hall.recovery";
/// Transfers of personnel (人事異動) that were confirmed: one document an announcement.
pub const TRANSFER: &str = "hall.transfer";
/// Tokens of the API, without their secrets.
pub const TOKEN: &str = "hall.token";
/// The texts of the documents of register `document`.
pub const TEXT: &str = "hall.text";

/// In [`CITY`]: which registers the city says it keeps.
pub const KEPT: &str = "kept";

/// Who runs this installation: one document a person.
pub const ADMINISTRATOR: &str = "hall.administrator";

/// Who wants their notices by mail: one document a person.
pub const NOTICE_SETTING: &str = "hall.notices";

/// The retention class of what happens at the entrance.
pub const SIGN_IN_CLASS: &str = "sign-in";
