//! Which parts of the file hold what: the device, its virtual systems, and what is shared or comes from a central manager.

use model::lang::Text;

use super::super::braced::Node;
use super::super::braced::reading::{Reading, is_in};
use super::super::statement::unknown_command;
use crate::device::{Affects, Line};

/// The parts of a device.
#[derive(Default)]
pub(super) struct Scope<'n> {
    /// Settings of the network: interfaces, routers.
    pub(super) networks: Vec<&'n Node>,
    /// Objects and rules of the virtual system; names are looked up in these in order.
    pub(super) systems: Vec<&'n Node>,
    /// Those of them that are virtual systems by name.
    named: Vec<&'n Node>,
    /// Objects and rules that are shared or come from a central manager.
    pub(super) shared: Vec<&'n Node>,
    pub(super) line: Option<Line>,
}

/// Parts with objects and rules.
const SYSTEM: &str = "zone address address-group service service-group application application-group application-filter rulebase \
    pre-rulebase post-rulebase external-list region";

/// Parts of a virtual system in which nothing changes what passes.
const BESIDE: &str = "import tag profiles profile-group log-settings schedule certificate ssl-tls-service-profile display-name setting \
    user-id-agent ts-agent group-mapping captive-portal redistribution-agent ocsp-responder certificate-profile authentication-profile \
    authentication-sequence server-profile local-user-database email-scheduler report-group reports application-status \
    dns-proxy vm-info-source user-id-collector response-page botnet content-preview threats pdf-summary-report \
    admin-role ssl-decrypt application-tag device-object global-protect default-security-rules alg-override custom-url-category \
    authentication-object iot dynamic-user-group threat-policy to-sw-version url-admin-override url-content-types";

/// Parts of a device in which nothing changes what passes.
const DEVICE_BESIDE: &str = "deviceconfig mgt-config readonly vsys-import plugins public-key predefined";

impl<'n> Scope<'n> {
    /// Finds the parts.
    pub(super) fn read(reading: &mut Reading<'_, '_>, root: &'n Node) -> Self {
        let mut scope = Self {
            line: root.children().next().map(Node::line),
            ..Self::default()
        };
        scope.device(reading, root);
        let several = scope.active().nth(1).or_else(|| scope.gateways().first().copied());
        if let Some(several) = several.filter(|_| !scope.is_of_systems()) {
            let why = Text::fixed(
                "仮想システムの外にも規則がある",
                "rules stand outside of the virtual systems, too",
            );
            reading.unread(several, why, Affects::Everything);
        }
        scope
    }

    /// Systems with zones or rules.
    fn active(&self) -> impl Iterator<Item = &'n Node> {
        let systems = self.systems.iter().copied();
        systems.filter(|system| ["zone", "rulebase"].iter().any(|word| system.child(word).is_some()))
    }

    /// Whether all zones and rules are those of virtual systems by name.
    pub(super) fn is_of_systems(&self) -> bool {
        let named = |system: &Node| self.named.iter().any(|name| std::ptr::eq(*name, system));
        self.active().all(named)
    }

    /// The virtual systems, each with what is shared; their names are the words of their nodes.
    pub(super) fn virtual_systems(&self) -> Vec<(&'n Node, Self)> {
        let each = self.active().map(|system| {
            let part = Self {
                networks: self.networks.clone(),
                systems: vec![system],
                named: vec![system],
                shared: self.shared.clone(),
                line: Some(system.line()),
            };
            (system, part)
        });
        each.collect()
    }

    /// Gateways that virtual systems share.
    pub(super) fn gateways(&self) -> Vec<&'n Node> {
        let gateways = self
            .networks
            .iter()
            .filter_map(|network| network.child("shared-gateway"));
        gateways.flat_map(Node::children).collect()
    }

    fn device(&mut self, reading: &mut Reading<'_, '_>, node: &'n Node) {
        let mut is_system = false;
        for part in node.children() {
            match &*part.word {
                "network" => {
                    reading.take(part);
                    self.networks.push(part);
                }
                "vsys" => {
                    reading.take(part);
                    for system in part.children() {
                        reading.take(system);
                        self.system(reading, system);
                        self.systems.push(system);
                        self.named.push(system);
                    }
                }
                "shared" => {
                    reading.take(part);
                    self.system(reading, part);
                    self.shared.push(part);
                }
                "policy" => {
                    reading.take(part);
                    for manager in part.children() {
                        reading.take(manager);
                        if manager.word == "panorama" {
                            self.system(reading, manager);
                            self.shared.push(manager);
                        } else {
                            reading.unread(manager, unknown_command(), Affects::Everything);
                        }
                    }
                }
                // A document, and the answer of an interface for programs that holds one.
                "config" | "response" | "result" => {
                    reading.take(part);
                    self.device(reading, part);
                }
                "devices" => {
                    reading.take(part);
                    for device in part.children() {
                        reading.take(device);
                        self.device(reading, device);
                    }
                }
                "deviceconfig" => {
                    reading.take(part);
                    host_name(reading, part);
                }
                "device-group" | "template" | "template-stack" | "panorama" => {
                    reading.take(part);
                    reading.unread(
                        part,
                        Text::fixed(
                            "管理サーバ(Panorama)の設定は読めない。各ファイアウォールの設定を出力して使う",
                            "the configuration of a central manager is not read: export that of each firewall",
                        ),
                        Affects::Everything,
                    );
                }
                word if is_in(DEVICE_BESIDE, word) => reading.take(part),
                word if is_in(SYSTEM, word) => is_system = true,
                word if is_in(BESIDE, word) => reading.take(part),
                _ => reading.unread(part, unknown_command(), Affects::Everything),
            }
        }
        if is_system || node.child("default-security-rules").is_some() {
            self.systems.push(node);
            node.children().for_each(|part| _ = reading.is(part, SYSTEM));
        }
    }

    fn system(&self, reading: &mut Reading<'_, '_>, node: &Node) {
        for part in node.children() {
            if !reading.is(part, SYSTEM) && !reading.is(part, BESIDE) {
                reading.unread(part, unknown_command(), Affects::Everything);
            }
        }
    }

    /// Entries of a kind of object, those of the virtual system first.
    pub(super) fn all<'s>(&'s self, path: &'s str) -> impl Iterator<Item = &'n Node> + 's {
        let places = self.systems.iter().chain(&self.shared).copied();
        places.filter_map(move |place| place.at(path))
    }

    /// Lists of rules of a kind in the order in which they are asked.
    pub(super) fn rules(&self, kind: &str) -> Vec<&'n Node> {
        let at = |places: &[&'n Node], base: &str| -> Vec<&'n Node> {
            places
                .iter()
                .filter_map(|place| place.at(&format!("{base} {kind}")))
                .collect()
        };
        [
            at(&self.shared, "pre-rulebase"),
            at(&self.systems, "pre-rulebase"),
            at(&self.shared, "rulebase"),
            at(&self.systems, "rulebase"),
            at(&self.systems, "post-rulebase"),
            at(&self.shared, "post-rulebase"),
        ]
        .concat()
    }
}

fn host_name(reading: &mut Reading<'_, '_>, part: &Node) {
    let Some(name) = part.at("system hostname") else { return };
    if let Some(system) = part.child("system") {
        reading.take(system);
    }
    reading.take(name);
    if let Some(value) = name.children().next() {
        reading.take(value);
        reading.device().host_name = Some(value.word.clone());
    }
}
