//! The system calls that are left to a worker. Any other ends the process at once.

use std::collections::BTreeMap;

use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, apply_filter,
};

/// Calls that are allowed with whatever arguments: reading and writing what is open, memory, waiting for itself, random bytes, the
/// time, its own signals, its end. None opens, connects, starts, or reaches another process; they are the same on x86-64 and AArch64.
const ALLOWED: &[i64] = &[
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_close,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_brk,
    libc::SYS_madvise,
    libc::SYS_futex,
    libc::SYS_sched_yield,
    libc::SYS_clock_gettime,
    libc::SYS_getrandom,
    libc::SYS_gettid,
    libc::SYS_sigaltstack,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_restart_syscall,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// Leaves only the list. `false` where the kernel has no seccomp filters, or not for this architecture.
pub(super) fn close() -> bool {
    filter().is_ok_and(|filter| apply_filter(&filter).is_ok())
}

fn filter() -> Result<BpfProgram, BackendError> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = ALLOWED.iter().map(|call| (*call, Vec::new())).collect();
    // Memory that no file stands behind and that never becomes code.
    let anonymous = bit(3, libc::MAP_ANONYMOUS, true)?;
    let mapped = SeccompRule::new(vec![anonymous, bit(2, libc::PROT_EXEC, false)?])?;
    rules.insert(libc::SYS_mmap, vec![mapped]);
    let protected = SeccompRule::new(vec![bit(2, libc::PROT_EXEC, false)?])?;
    rules.insert(libc::SYS_mprotect, vec![protected]);
    let architecture = std::env::consts::ARCH.try_into()?;
    SeccompFilter::new(rules, SeccompAction::KillProcess, SeccompAction::Allow, architecture)?.try_into()
}

/// The argument at `index` has all of these bits, or none of them.
fn bit(index: u8, bits: i32, set: bool) -> Result<SeccompCondition, BackendError> {
    let bits = u64::from(bits.unsigned_abs());
    let wanted = if set { bits } else { 0 };
    SeccompCondition::new(index, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(bits), wanted)
}
