use crate::prelude::*;
use crate::{CloudService, Person, Zone};

choice! { Protocol "プロトコル" { Tcp = "TCP" / "TCP", Udp = "UDP" / "UDP", Icmp = "ICMP" / "ICMP", Other = "その他" } }
choice! { Status "状態" { Active = "有効", Closed = "廃止" } }

/// # 特定通信
/// 領域をまたぐことを認めた通信。ここにない通信は、あってはならない。
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct PermittedPath {
    /// # 番号
    #[garde(length(chars, min = 1, max = 40))]
    pub code: String,
    /// # 名称
    #[garde(length(chars, min = 1, max = 200))]
    pub name: String,
    /// # 送信元の領域
    pub from_zone: Ref<Zone>,
    /// # 宛先の領域
    pub to_zone: Ref<Zone>,
    /// # 送信元
    /// アドレスか範囲。
    #[garde(length(chars, min = 1))]
    #[schemars(extend("x-help-en" = "an address or a range"))]
    pub source: String,
    /// # 宛先
    /// アドレスか範囲。クラウドの場合はホスト名でもよい。
    #[garde(length(chars, min = 1))]
    #[schemars(extend("x-help-en" = "an address or a range; for a cloud a host name will do"))]
    pub destination: String,
    /// # MACアドレス
    #[schemars(extend("x-en" = "MAC address"))]
    pub mac: Option<String>,
    /// # プロトコル
    pub protocol: Protocol,
    /// # ポート
    /// 443、8000-8010 の形。TCPとUDPで使う。
    #[schemars(extend("x-help-en" = "as 443 or 8000-8010, for TCP and UDP"))]
    pub port: Option<String>,
    /// # 無害化
    /// 無害化した通信に限っている。
    #[schemars(extend("x-help-en" = "only sanitised traffic passes"))]
    pub sanitised: Option<bool>,
    /// # クラウドサービス
    pub cloud_service: Option<Ref<CloudService>>,
    /// # テナント
    /// クラウドを使うときの、市が契約した区画の名称。
    #[schemars(extend("x-help-en" = "for a cloud: the city's own tenant"))]
    pub tenant: Option<String>,
    /// # 理由
    #[schemars(extend("x-widget" = "textarea"))]
    pub reason: Option<String>,
    /// # 申請者
    pub requested_by: Option<Ref<Person>>,
    /// # 承認者
    pub approved_by: Option<Ref<Person>>,
    /// # 承認日
    pub approved_on: Option<Date>,
    /// # 期限
    #[garde(custom(not_before(self.approved_on)))]
    pub expires_on: Option<Date>,
    /// # 状態
    pub status: Status,
    /// # 確認日
    pub confirmed_on: Option<Date>,
}

impl Register for PermittedPath {
    const SLUG: &'static str = "permitted_path";
    const LABEL: Text = Text::fixed("特定通信", "permitted paths");
    const CONCEPTS: &'static [&'static str] = &["resilience"];
    const TITLE: &'static str = "name";
    const COLUMNS: &'static [&'static str] = &["code", "name", "from_zone", "to_zone", "status", "expires_on"];
    const DATED_BY: Option<&'static str> = Some("confirmed_on");
    const SAMPLE: &'static str = r#"{ "code": "PP-01", "name": "証明書交付センターへの接続", "from_zone": "Z-MN",
        "to_zone": "Z-EX", "source": "10.10.20.15", "destination": "192.0.2.10", "mac": "00:00:5e:00:53:0f",
        "protocol": "tcp", "port": "443", "sanitised": true, "reason": "コンビニ交付", "requested_by": "P0120",
        "approved_by": "P0005", "approved_on": "2026-04-01", "expires_on": "2027-03-31", "status": "active",
        "confirmed_on": "2026-06-30" }"#;
}
