//! What the answers about a network are called.

use model::lang::Text;
use separation::network::ZoneId;
use separation::question::{Finding, Kind};

use super::CityNetwork;

/// What kind of finding it is, in words.
#[must_use]
pub const fn kind(kind: Kind) -> Text {
    match kind {
        Kind::Crossing => Text::fixed("特定通信にない通信が通る", "flows pass that no permitted path covers"),
        Kind::SecondExit => Text::fixed(
            "自治体情報セキュリティクラウドを通らずにインターネットへ出られる",
            "the Internet is reached other than through the security cloud",
        ),
        Kind::Spoofable => Text::fixed(
            "送信元を偽った通信が通る",
            "flows pass whose source is not an address of their zone",
        ),
        Kind::Wider => Text::fixed(
            "特定通信を通す行が、承認された範囲より広く通す",
            "the line that carries a permitted path lets more pass than was approved",
        ),
        Kind::Expired => Text::fixed(
            "期限の過ぎた特定通信が通る",
            "flows pass of a permitted path whose approval has ended",
        ),
        Kind::NotAllowed => Text::fixed(
            "団体のモデルでは置けない特定通信が通る",
            "flows pass of a permitted path that the city's model does not allow there",
        ),
        Kind::Unused => Text::fixed(
            "特定通信を通す行が、どの機器にもない",
            "no line of any device carries the permitted path",
        ),
    }
}

impl CityNetwork {
    /// `LGWAN接続系 → マイナンバー利用事務系`.
    #[must_use]
    pub fn pair(&self, (from, to): (ZoneId, ZoneId)) -> String {
        format!("{} → {}", self.zone_label(from), self.zone_label(to))
    }

    /// Who or what a finding is about: zones, service, permitted path.
    #[must_use]
    pub fn subject(&self, finding: &Finding) -> Text {
        let mut words = vec![self.pair((finding.from, finding.to))];
        if !finding.service.is_empty() {
            words.push(finding.service.clone());
        }
        words.extend(finding.path.clone());
        Text::same(words.join(" "))
    }

    /// What a finding says: its kind, the first witness, how many packets, what it supposes.
    #[must_use]
    pub fn reason(&self, finding: &Finding) -> Text {
        let kind = kind(finding.kind);
        let (mut ja, mut en) = (kind.ja.into_owned(), kind.en.into_owned());
        if let Some(witness) = finding.witness {
            let (packets, shown) = (grouped(&finding.packets.to_string()), witness.to_string());
            ja.push_str(&format!("。例 {shown}(区別できるパケット{packets}通り)"));
            en.push_str(&format!(", such as {shown} ({packets} packets that can be told apart)"));
        }
        if finding.rule.is_none() && finding.witness.is_some() {
            let devices: Vec<&str> = finding
                .way
                .iter()
                .filter_map(|through| Some(self.fabric.placed(through.node)?.label.as_str()))
                .collect();
            let devices = devices.join(" → ");
            ja.push_str(&format!("。途中の機器({devices})に、これを止めるフィルタがない"));
            en.push_str(&format!("; no filter on the way ({devices}) stops it"));
        }
        for supposed in &finding.supposes {
            ja.push_str(&format!("({}とき)", supposed.ja.trim_end_matches('。')));
            en.push_str(&format!(" (supposing: {})", supposed.en));
        }
        Text::new(ja, en)
    }
}

/// `1234567` as `1,234,567`.
#[must_use]
pub fn grouped(digits: &str) -> String {
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(
            ["1", "123", "1234", "1234567"].map(grouped),
            ["1", "123", "1,234", "1,234,567"]
        );
    }
}
