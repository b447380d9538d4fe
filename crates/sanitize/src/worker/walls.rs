//! What a worker takes away from itself before it reads a byte.

use std::fs;
use std::os::fd::RawFd;

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, LandlockStatus, Ruleset, RulesetAttr, Scope,
};
use nix::sched::{CloneFlags, unshare};
use rustix::mount::{MountFlags, MountPropagationFlags, UnmountFlags, mount, mount_change, unmount};
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, Signal, chdir, pivot_root, set_dumpable_behavior,
    set_parent_process_death_signal, setrlimit,
};
use rustix::thread::{CapabilitySet, CapabilitySets, capabilities, set_capabilities, set_no_new_privs};

use super::serve::Behind;
use super::system_calls;
use crate::isolation::{Isolation, Namespace};

/// What a worker may use at most, whatever a profile says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ceiling {
    /// Address space in MiB.
    pub memory: u64,
    /// Processor seconds.
    pub seconds: u64,
}

/// Raises every wall that this machine has, and says which stand. A wall that cannot be raised is no error here: the parent decides.
///
/// INVARIANT: called in a process of one thread.
pub(super) fn raise(ceiling: Ceiling, behind: Behind) -> Isolation {
    let mut walls = Isolation {
        no_descriptors: only_three_descriptors(),
        no_new_privileges: set_no_new_privs(true).is_ok(),
        ..Isolation::default()
    };
    walls.namespaces = namespaces();
    walls.empty_root = walls.namespaces.contains(&Namespace::Mount) && empty_root().is_ok();
    walls.no_capabilities = drop_capabilities();
    // After the change of credentials, which takes both back.
    let hidden = set_dumpable_behavior(DumpableBehavior::NotDumpable).is_ok();
    let orphaned = set_parent_process_death_signal(Some(Signal::KILL)).is_ok();
    walls.landlock = landlock();
    walls.limits = limits(ceiling) && hidden && orphaned;
    walls.seccomp = behind == Behind::AllWalls && system_calls::close();
    walls
}

/// Closes what the parent did not mean to give, and looks whether it is closed.
fn only_three_descriptors() -> bool {
    let Some(inherited) = other_descriptors() else {
        return false;
    };
    for descriptor in inherited {
        // The folder that was read is among them, and closed already.
        let _ = nix::unistd::close(descriptor);
    }
    // The folder that is being read is one itself.
    other_descriptors().is_some_and(|open| open.len() == 1)
}

/// Descriptors that are neither input, output nor diagnostics.
fn other_descriptors() -> Option<Vec<RawFd>> {
    let open = fs::read_dir("/proc/self/fd").ok()?;
    let numbers = open.map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let numbers = numbers.collect::<Option<Vec<RawFd>>>()?;
    Some(numbers.into_iter().filter(|number| *number > 2).collect())
}

/// Moves into namespaces of its own: as anybody may who may make a namespace of users, or else as root does.
fn namespaces() -> Vec<Namespace> {
    let inner = CloneFlags::CLONE_NEWNET | CloneFlags::CLONE_NEWNS | CloneFlags::CLONE_NEWIPC;
    let names = [Namespace::User, Namespace::Network, Namespace::Mount, Namespace::Ipc];
    if unshare(CloneFlags::CLONE_NEWUSER | inner).is_ok() {
        names.to_vec()
    } else if unshare(inner).is_ok() {
        names.into_iter().skip(1).collect()
    } else {
        Vec::new()
    }
}

/// Puts an empty folder in the place of the whole file system.
fn empty_root() -> rustix::io::Result<()> {
    mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC)?;
    let flags = MountFlags::RDONLY | MountFlags::NOSUID | MountFlags::NODEV | MountFlags::NOEXEC;
    mount("none", "/proc", "tmpfs", flags, Some(c"size=4k,nr_inodes=2"))?;
    chdir("/proc")?;
    pivot_root(".", ".")?;
    unmount(".", UnmountFlags::DETACH)?;
    chdir("/")
}

fn drop_capabilities() -> bool {
    let none = CapabilitySets {
        effective: CapabilitySet::empty(),
        permitted: CapabilitySet::empty(),
        inheritable: CapabilitySet::empty(),
    };
    set_capabilities(None, none).is_ok()
        && capabilities(None).is_ok_and(|held| held.effective.is_empty() && held.permitted.is_empty())
}

/// Takes away every right that this kernel's Landlock knows, and leaves no exception. Gives the version; 0 if nothing was taken away.
fn landlock() -> u32 {
    let restrict = || {
        Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(ABI::V10))?
            .handle_access(AccessNet::from_all(ABI::V10))?
            .scope(Scope::from_all(ABI::V10))?
            .create()?
            .restrict_self()
    };
    match restrict() {
        Ok(status) if status.ruleset != landlock::RulesetStatus::NotEnforced => match status.landlock {
            LandlockStatus::Available { effective_abi, .. } => effective_abi as u32,
            LandlockStatus::NotEnabled | LandlockStatus::NotImplemented => 0,
        },
        Ok(_) | Err(_) => 0,
    }
}

fn limits(ceiling: Ceiling) -> bool {
    let none = [Resource::Fsize, Resource::Core, Resource::Nofile, Resource::Nproc];
    none.into_iter().all(|resource| setrlimit(resource, both(0)).is_ok())
        && setrlimit(Resource::As, address_space(ceiling.memory)).is_ok()
        && setrlimit(Resource::Cpu, processor(ceiling.seconds)).is_ok()
}

/// The limit of address space, of `memory` MiB.
pub(super) const fn address_space(memory: u64) -> Rlimit {
    both(memory.saturating_mul(1 << 20))
}

/// The limit of processor time: a signal that tells what happened comes first, then the end.
pub(super) const fn processor(seconds: u64) -> Rlimit {
    Rlimit {
        current: Some(seconds),
        maximum: Some(seconds.saturating_add(1)),
    }
}

const fn both(limit: u64) -> Rlimit {
    Rlimit {
        current: Some(limit),
        maximum: Some(limit),
    }
}
