//! The walls around a worker: which stand, and which must.

use serde::{Deserialize, Serialize};

/// Which walls stand around the worker that treated a file. A part of its receipt.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Isolation {
    /// The version of Landlock's rights all of which are taken away; 0 where the kernel has no Landlock.
    pub landlock: u32,
    /// Only a short list of system calls; any other ends the process.
    pub seccomp: bool,
    /// What the worker has of its own in place of what the machine has.
    pub namespaces: Vec<Namespace>,
    /// Its file system is an empty folder.
    pub empty_root: bool,
    /// Memory, processor time, files and processes are limited.
    pub limits: bool,
    /// It can gain no right, by whatever it starts.
    pub no_new_privileges: bool,
    /// It holds no capability.
    pub no_capabilities: bool,
    /// It holds no descriptor but input, output and diagnostics.
    pub no_descriptors: bool,
    /// The kernel was asked from outside and says the same, as far as it tells.
    pub confirmed: bool,
}

/// A namespace of Linux (namespaces(7)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Namespace {
    /// Users and capabilities.
    User,
    /// Network: without any interface.
    Network,
    /// Mounted file systems.
    Mount,
    /// Shared memory and queues.
    Ipc,
}

/// The walls that must stand before a file is given to a worker. Limits, dropped rights and closed descriptors are always demanded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Floor {
    /// At least this version of Landlock; 0 demands none.
    pub landlock: u32,
    /// The list of system calls.
    pub seccomp: bool,
    /// These namespaces.
    pub namespaces: Vec<Namespace>,
}

impl Default for Floor {
    fn default() -> Self {
        Self {
            landlock: 1,
            seccomp: true,
            namespaces: Vec::new(),
        }
    }
}

impl Namespace {
    /// The word that stands in profiles and receipts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Network => "network",
            Self::Mount => "mount",
            Self::Ipc => "ipc",
        }
    }
}

impl Floor {
    /// The names of the walls that are demanded and do not stand; none if the floor is reached.
    #[must_use]
    pub fn missing(&self, walls: &Isolation) -> Vec<String> {
        let mut missing = Vec::new();
        let mut demand = |stands: bool, name: &str| {
            if !stands {
                missing.push(name.to_owned());
            }
        };
        demand(walls.limits, "rlimits");
        demand(walls.no_new_privileges, "no_new_privs");
        demand(walls.no_capabilities, "capabilities");
        demand(walls.no_descriptors, "descriptors");
        demand(!self.seccomp || walls.seccomp, "seccomp");
        demand(
            walls.landlock >= self.landlock,
            &format!("Landlock {} (< {})", walls.landlock, self.landlock),
        );
        for namespace in &self.namespaces {
            demand(
                walls.namespaces.contains(namespace),
                &format!("namespace {}", namespace.word()),
            );
        }
        missing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing() -> Isolation {
        Isolation {
            landlock: 3,
            seccomp: true,
            limits: true,
            no_new_privileges: true,
            no_capabilities: true,
            no_descriptors: true,
            ..Isolation::default()
        }
    }

    #[test]
    fn each_wall_that_does_not_stand_is_named() {
        assert_eq!(Floor::default().missing(&standing()), Vec::<String>::new());
        assert_eq!(Floor::default().missing(&Isolation::default()).len(), 6);
        let floor = Floor {
            landlock: 4,
            namespaces: vec![Namespace::Network],
            ..Floor::default()
        };
        assert_eq!(floor.missing(&standing()), ["Landlock 3 (< 4)", "namespace network"]);
    }

    #[test]
    fn no_profile_goes_without_limits_and_dropped_rights() {
        let lowest = Floor {
            landlock: 0,
            seccomp: false,
            namespaces: Vec::new(),
        };
        let missing = lowest.missing(&Isolation::default());
        assert_eq!(missing, ["rlimits", "no_new_privs", "capabilities", "descriptors"]);
    }
}
