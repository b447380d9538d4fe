//! `[backup]`: a verified backup every night.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Fault;

/// 毎日のバックアップ — a backup every day
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Backup {
    /// 置き場所。データのフォルダとは別の機器にする。空ならバックアップしない — where they go, on another machine than the data; empty makes none
    pub(crate) folder: Option<PathBuf>,
    /// 始める時刻(0から23時) — the hour at which it begins
    pub(crate) hour: i8,
    /// 残す数。確かめた新しいものができてから、古いものを消す — how many are kept; an old one goes only after a newer one was verified
    pub(crate) keep: usize,
}

impl Default for Backup {
    fn default() -> Self {
        Self {
            folder: None,
            hour: 2,
            keep: 14,
        }
    }
}

impl Backup {
    pub(super) fn fault(&self) -> Option<Fault> {
        let fault = |key: &str, ja: &str, en: &str| Some(Fault::new(format!("backup.{key}"), ja, en));
        if !(0..24).contains(&self.hour) {
            return fault("hour", "hour は0から23までの数にする", "hour is from 0 to 23");
        }
        if self.keep == 0 {
            return fault("keep", "keep は1以上にする", "keep is at least 1");
        }
        None
    }
}
