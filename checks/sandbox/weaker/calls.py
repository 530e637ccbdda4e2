"""The second filter of system calls: what the first one (`seccomp`) allows because a namespace bounds it, and here none
does, and what Landlock leaves alone.

That are: sockets (one with a path, a bus's or an engine's, is a way out; UDP is no matter for Landlock), the metadata
of every file of the user's, limits and priorities of the user's other processes, and memory and messages of System V
and POSIX queues, which outlive a run. Some calls go to the keeper for an answer (`metadata.py`).
Sources: https://docs.kernel.org/userspace-api/landlock.html ("Current limitations"), include/uapi/linux/{seccomp,fs}.h.
"""

import errno
from dataclasses import dataclass

from checks.sandbox.seccomp import (
    ALLOW,
    ARCHITECTURE,
    EQUAL,
    IOCTL,
    KILL,
    LOAD,
    NUMBER,
    RETURN,
    SOCKET,
    SOCKETPAIR,
    UNIX,
    Instruction,
    Machine,
    argument,
    fail,
)

NOTIFY = 0x7FC00000
"""SECCOMP_RET_USER_NOTIF."""
MASK = 0x54
"""The instruction that keeps some bits of what is loaded."""

# Numbers on x86-64 and on arm64; -1: the architecture has no such call.
ANSWERED: dict[str, tuple[int, int]] = {
    "chmod": (90, -1),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "utimensat": (280, 88),
}
"""The keeper does these where the file lies in the work folder."""
REFUSED: dict[str, tuple[int, int]] = {
    "socket": SOCKET,
    "connect": (42, 203),
    "chown": (92, -1),
    "lchown": (94, -1),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "semget": (64, 190),
    "semop": (65, 193),
    "semctl": (66, 191),
    "semtimedop": (220, 192),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "process_mrelease": (448, 448),
}
# The C library has another way where a call looks as if the kernel did not have it.
ABSENT: dict[str, tuple[int, int]] = {
    "fchmodat2": (452, 452),
    "utime": (132, -1),
    "utimes": (235, -1),
    "futimesat": (261, -1),
}
# Programs expect that some file systems have no extended attributes.
UNSUPPORTED: dict[str, tuple[int, int]] = {
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "setxattrat": (463, 463),
    "removexattrat": (466, 466),
    "file_setattr": (469, 469),
}


@dataclass(frozen=True, slots=True)
class Only:
    """Allowed where the lower half of an argument, but for bits outside `mask`, is one of `values`."""

    index: int
    values: tuple[int, ...]
    mask: int = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Never:
    """Not allowed where the lower half of an argument is one of `values`; error 0 means that it looks done."""

    index: int
    values: tuple[int, ...]
    error: int = errno.EPERM


_ITSELF = (Only(0, (0,)),)
RULES: tuple[tuple[tuple[int, int], tuple[Only | Never, ...]], ...] = (
    # SOCK_STREAM and SOCK_SEQPACKET: a pair of datagram sockets could be sent elsewhere
    (SOCKETPAIR, (Only(0, (UNIX,)), Only(1, (1, 5), mask=0xF))),
    # FS_IOC_SETFLAGS, in two sizes, and FS_IOC_FSSETXATTR: they change any file of the user's
    (IOCTL, (Never(1, (0x40086602, 0x40046602, 0x401C5820)),)),
    # PR_SET_DUMPABLE: it would hide a process from the keeper
    ((157, 167), (Never(0, (4,), error=0),)),
    # prlimit64, sched_setparam, sched_setscheduler, sched_setaffinity, sched_setattr: of the process itself
    ((302, 261), _ITSELF),
    ((142, 118), _ITSELF),
    ((144, 119), _ITSELF),
    ((203, 122), _ITSELF),
    ((314, 274), _ITSELF),
    # setpriority and ioprio_set: of a process, not of a group or of all of the user's
    ((141, 140), (Only(0, (0,)), Only(1, (0,)))),
    ((251, 30), (Only(0, (1,)), Only(1, (0,)))),
)


def program(machine: Machine) -> bytes:
    """The filter as the kernel takes it: 8 bytes an instruction (struct sock_filter)."""
    return b"".join(each.packed() for each in _instructions(machine))


def _instructions(machine: Machine) -> tuple[Instruction, ...]:
    allowed = Instruction(RETURN, ALLOW)
    simple = [(numbers, Instruction(RETURN, NOTIFY)) for numbers in ANSWERED.values()]
    for table, error in ((REFUSED, errno.EPERM), (ABSENT, errno.ENOSYS), (UNSUPPORTED, errno.ENOTSUP)):
        simple += [(numbers, fail(error)) for numbers in table.values()]
    blocks: list[tuple[tuple[int, int], tuple[Instruction, ...]]] = [(numbers, (then,)) for numbers, then in simple]
    blocks += [(numbers, (*(part for rule in rules for part in _held(rule)), allowed)) for numbers, rules in RULES]
    return (
        Instruction(LOAD, ARCHITECTURE),
        Instruction(EQUAL, machine.audit, 1, 0),
        Instruction(RETURN, KILL),
        Instruction(LOAD, NUMBER),
        *(
            part
            for numbers, inner in blocks
            if numbers[machine.column] >= 0
            for part in (Instruction(EQUAL, numbers[machine.column], 0, len(inner)), *inner)
        ),
        allowed,
    )


def _held(rule: Only | Never) -> tuple[Instruction, ...]:
    """On where the rule holds, else its error."""
    count = len(rule.values)
    if isinstance(rule, Never):
        tests = [Instruction(EQUAL, value, 0, 1) for value in rule.values]
        return (argument(rule.index), *(part for test in tests for part in (test, fail(rule.error))))
    steps = (Instruction(EQUAL, value, count - number, 0) for number, value in enumerate(rule.values))
    return (argument(rule.index), Instruction(MASK, rule.mask), *steps, fail(errno.EPERM))
