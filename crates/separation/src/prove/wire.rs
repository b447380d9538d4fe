//! Frames into the far ends of the wires, and out of them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::ErrorKind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use nix::sched::{CloneFlags, setns};
use pnet_datalink::{Channel, Config, DataLinkReceiver, DataLinkSender};

use super::frame::{frame, number_in};
use super::namespace::Site;
use super::{Failed, Probe};

/// Frames that are under way at one time: less than a socket holds.
const AT_ONCE: usize = 64;
/// How long a frame may be under way.
const PATIENCE: Duration = Duration::from_millis(500);

/// The far ends of the wires, open.
pub(super) struct Wires {
    ends: Vec<(Box<dyn DataLinkSender>, Box<dyn DataLinkReceiver>)>,
}

impl Wires {
    /// Opens them. A thread enters the namespace and opens the sockets there: a socket stays in the namespace it was opened in.
    pub(super) fn open(site: &Site) -> Result<Self, Failed> {
        let opened = thread::scope(|scope| scope.spawn(|| open_inside(site)).join());
        let ends = opened.map_err(|_| Failed::new("ソケットを開けない", "cannot open the sockets"))??;
        Ok(Self { ends })
    }

    /// Sends each probe, and tells by which interface it came out, by the number of the probe.
    pub(super) fn send(&mut self, site: &Site, probes: &[Probe]) -> Result<BTreeMap<usize, usize>, Failed> {
        let stop = AtomicBool::new(false);
        let (seen, arrivals) = channel();
        let (mut senders, receivers): (Vec<_>, Vec<_>) = self
            .ends
            .iter_mut()
            .map(|(sender, receiver)| (sender, receiver))
            .unzip();
        thread::scope(|scope| {
            for (wire, receiver) in receivers.into_iter().enumerate() {
                let (seen, stop) = (seen.clone(), &stop);
                scope.spawn(move || listen(site, wire, &mut **receiver, &seen, stop));
            }
            let arrived = send_all(site, probes, &mut senders, &arrivals);
            stop.store(true, Ordering::Relaxed);
            arrived
        })
    }
}

type Ends = Vec<(Box<dyn DataLinkSender>, Box<dyn DataLinkReceiver>)>;

fn open_inside(site: &Site) -> Result<Ends, Failed> {
    let failed = |what: String| {
        Failed::new(
            format!("ソケットを開けない: {what}"),
            format!("cannot open a socket: {what}"),
        )
    };
    let namespace = File::open(format!("/run/netns/{}", site.hosts())).map_err(|error| failed(error.to_string()))?;
    setns(namespace, CloneFlags::CLONE_NEWNET).map_err(|error| failed(error.to_string()))?;
    let interfaces = pnet_datalink::interfaces();
    let config = Config {
        read_timeout: Some(Duration::from_millis(50)),
        ..Config::default()
    };
    let mut ends = Vec::new();
    for wire in site.wires() {
        let interface = interfaces.iter().find(|interface| interface.name == wire.far());
        let interface = interface.ok_or_else(|| failed(wire.far()))?;
        match pnet_datalink::channel(interface, config) {
            Ok(Channel::Ethernet(sender, receiver)) => ends.push((sender, receiver)),
            Ok(_) => return Err(failed(wire.far())),
            Err(error) => return Err(failed(error.to_string())),
        }
    }
    Ok(ends)
}

/// Tells of every probe that comes out of a wire, until it is told to stop.
fn listen(
    site: &Site,
    wire: usize,
    receiver: &mut dyn DataLinkReceiver,
    seen: &Sender<(usize, usize)>,
    stop: &AtomicBool,
) {
    let Some(end) = site.wires().get(wire) else { return };
    while !stop.load(Ordering::Relaxed) {
        match receiver.next() {
            // What was sent here is seen here too: it is addressed to the other end.
            Ok(bytes) if bytes.get(..6) == Some(&end.far_card()) => {
                let number = number_in(bytes).and_then(|number| usize::try_from(number).ok());
                if let (Some(number), Some(interface)) = (number, site.interface_of(wire)) {
                    let _ = seen.send((number, interface));
                }
            }
            Ok(_) => {}
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::TimedOut | ErrorKind::WouldBlock | ErrorKind::Interrupted
                ) => {}
            Err(_) => return,
        }
    }
}

fn send_all(
    site: &Site,
    probes: &[Probe],
    senders: &mut [&mut Box<dyn DataLinkSender>],
    arrivals: &Receiver<(usize, usize)>,
) -> Result<BTreeMap<usize, usize>, Failed> {
    let mut arrived = BTreeMap::new();
    let lost = |wire: usize| {
        Failed::new(
            format!("{wire}番の線へ送れない"),
            format!("cannot send into wire {wire}"),
        )
    };
    let numbered: Vec<(usize, &Probe)> = probes.iter().enumerate().collect();
    for batch in numbered.chunks(AT_ONCE) {
        for (number, probe) in batch {
            let wire = site.wire_of(probe.ingress).ok_or_else(|| lost(probe.ingress))?;
            let (end, sender) = site
                .wires()
                .get(wire)
                .zip(senders.get_mut(wire))
                .ok_or_else(|| lost(wire))?;
            let number = u32::try_from(*number).unwrap_or(u32::MAX);
            let bytes = frame(end.far_card(), end.gate_card(), &probe.packet, probe.flow, number);
            let sent = sender.send_to(&bytes, None).ok_or_else(|| lost(wire))?;
            sent.map_err(|_| lost(wire))?;
        }
        // What was predicted to pass is waited for; what comes beside it is noted whenever it comes.
        let mut waited: usize = batch.iter().filter(|(_, probe)| probe.egress.is_some()).count();
        while waited > 0 {
            let Ok((number, interface)) = arrivals.recv_timeout(PATIENCE) else {
                break;
            };
            let expected = probes.get(number).is_some_and(|probe| probe.egress.is_some());
            if arrived.insert(number, interface).is_none() && expected {
                waited = waited.saturating_sub(1);
            }
        }
    }
    while let Ok((number, interface)) = arrivals.recv_timeout(PATIENCE) {
        arrived.insert(number, interface);
    }
    Ok(arrived)
}
