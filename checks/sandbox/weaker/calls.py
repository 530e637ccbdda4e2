"""Which system calls the weaker sandbox refuses, fakes, or lets its keeper answer, and their numbers.

Landlock bounds what files are opened and made, signals, and abstract sockets. It leaves alone what is listed here:
sockets that have a path (a bus or an engine's socket is a way out), UDP, the metadata of any file of the user's, limits
and priorities of other processes of the user, memory and messages of System V and POSIX queues, which outlive a run.
Source: https://docs.kernel.org/userspace-api/landlock.html, "Current limitations". Numbers: the kernel's
arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
"""

import errno
from dataclasses import dataclass

X86_64, AARCH64 = 0xC000003E, 0xC00000B7
"""AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64 (include/uapi/linux/audit.h)."""
ARCHITECTURES = {"x86_64": X86_64, "aarch64": AARCH64}
"""By the machine's name as `uname` gives it."""

_BOTH = (
    {"io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428, "move_mount": 429}
    | {"fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "clone3": 435, "pidfd_getfd": 438}
    | {"process_madvise": 440, "mount_setattr": 442, "quotactl_fd": 443, "memfd_secret": 447, "process_mrelease": 448}
    | {"fchmodat2": 452, "setxattrat": 463, "removexattrat": 466, "open_tree_attr": 467, "file_setattr": 469}
)
NUMBERS: dict[int, dict[str, int]] = {
    X86_64: _BOTH
    | {"ioctl": 16, "shmget": 29, "shmat": 30, "shmctl": 31, "shmdt": 67, "semget": 64, "semop": 65, "semctl": 66}
    | {"semtimedop": 220, "msgget": 68, "msgsnd": 69, "msgrcv": 70, "msgctl": 71, "mq_open": 240, "mq_unlink": 241}
    | {"socket": 41, "connect": 42, "socketpair": 53, "clone": 56, "unshare": 272, "setns": 308, "prctl": 157}
    | {"chmod": 90, "fchmod": 91, "fchmodat": 268, "utimensat": 280, "utime": 132, "utimes": 235, "futimesat": 261}
    | {"chown": 92, "fchown": 93, "lchown": 94, "fchownat": 260, "setxattr": 188, "lsetxattr": 189, "fsetxattr": 190}
    | {"removexattr": 197, "lremovexattr": 198, "fremovexattr": 199, "ptrace": 101, "process_vm_readv": 310}
    | {"process_vm_writev": 311, "kcmp": 312, "bpf": 321, "perf_event_open": 298, "userfaultfd": 323}
    | {"fanotify_init": 300, "memfd_create": 319, "migrate_pages": 256, "move_pages": 279, "add_key": 248}
    | {"request_key": 249, "keyctl": 250, "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161}
    | {"open_by_handle_at": 304, "prlimit64": 302, "setpriority": 141, "ioprio_set": 251, "sched_setparam": 142}
    | {"sched_setscheduler": 144, "sched_setaffinity": 203, "sched_setattr": 314, "syslog": 103, "quotactl": 179}
    | {"init_module": 175, "finit_module": 313, "delete_module": 176, "kexec_load": 246, "kexec_file_load": 320}
    | {"modify_ldt": 154},
    AARCH64: _BOTH
    | {"ioctl": 29, "shmget": 194, "shmctl": 195, "shmat": 196, "shmdt": 197, "semget": 190, "semctl": 191}
    | {"semtimedop": 192, "semop": 193, "msgget": 186, "msgctl": 187, "msgrcv": 188, "msgsnd": 189, "mq_open": 180}
    | {"mq_unlink": 181, "socket": 198, "socketpair": 199, "connect": 203, "clone": 220, "unshare": 97, "setns": 268}
    | {"prctl": 167, "fchmod": 52, "fchmodat": 53, "utimensat": 88, "fchown": 55, "fchownat": 54, "setxattr": 5}
    | {"lsetxattr": 6, "fsetxattr": 7, "removexattr": 14, "lremovexattr": 15, "fremovexattr": 16, "ptrace": 117}
    | {"process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272, "bpf": 280, "perf_event_open": 241}
    | {"userfaultfd": 282, "fanotify_init": 262, "memfd_create": 279, "migrate_pages": 238, "move_pages": 239}
    | {"add_key": 217, "request_key": 218, "keyctl": 219, "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51}
    | {"open_by_handle_at": 265, "prlimit64": 261, "setpriority": 140, "ioprio_set": 30, "sched_setparam": 118}
    | {"sched_setscheduler": 119, "sched_setaffinity": 122, "sched_setattr": 274, "syslog": 116, "quotactl": 60}
    | {"init_module": 105, "finit_module": 273, "delete_module": 106, "kexec_load": 104, "kexec_file_load": 294},
}

ANSWERED = ("chmod", "fchmod", "fchmodat", "utimensat")
"""The keeper does these where the file lies in the work folder (`metadata.py`)."""

# ENOSYS where the C library has an older way, ENOTSUP where programs expect that some file systems cannot.
_ERRNO = {
    errno.ENOSYS: ("clone3", "fchmodat2", "utime", "utimes", "futimesat", "memfd_secret"),
    errno.ENOTSUP: (
        *("setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr"),
        *("setxattrat", "removexattrat", "file_setattr"),
    ),
}
REFUSED: dict[str, int] = {name: number for number, names in _ERRNO.items() for name in names}
"""Refused whatever their arguments, and with which error; EPERM for every other one of NUMBERS that has no rule."""


@dataclass(frozen=True, slots=True)
class Only:
    """Allowed only where argument `argument`, of which the bits `mask` are looked at, is one of `values` (or none of
    them: `other`); else `error`, where 0 stands for done and has no effect."""

    argument: int
    values: tuple[int, ...]
    mask: int = 0xFFFFFFFF
    other: bool = False
    error: int = errno.EPERM


_NEW_NAMESPACES = 0x7E020080
"""CLONE_NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET."""
_ITSELF = (Only(0, (0,)),)
RULES: dict[str, tuple[Only, ...]] = {
    # a stream cannot be sent elsewhere later, a datagram socket could (SOCK_STREAM and SOCK_SEQPACKET of AF_UNIX)
    "socketpair": (Only(0, (1,)), Only(1, (1, 5), mask=0xF)),
    # this bit of the flags of clone shares its place with the signal's number only where none is so large
    "clone": (Only(0, (0,), mask=_NEW_NAMESPACES),),
    # TIOCSTI and TIOCLINUX type into a terminal; FS_IOC_SETFLAGS (two sizes) and FS_IOC_FSSETXATTR change any own file
    "ioctl": (Only(1, (0x5412, 0x541C, 0x40086602, 0x40046602, 0x401C5820), other=True),),
    # PR_SET_DUMPABLE would hide a process from the keeper
    "prctl": (Only(0, (4,), other=True, error=0),),
    "prlimit64": _ITSELF,
    "sched_setparam": _ITSELF,
    "sched_setscheduler": _ITSELF,
    "sched_setaffinity": _ITSELF,
    "sched_setattr": _ITSELF,
    # PRIO_PROCESS and IOPRIO_WHO_PROCESS: groups and users have processes that are not of the run
    "setpriority": (Only(0, (0,)), Only(1, (0,))),
    "ioprio_set": (Only(0, (1,)), Only(1, (0,))),
}
