"""The filter of system calls that a sandbox runs under, as a program for the kernel's classic BPF machine.

It refuses what no test needs and what has let programs out of sandboxes; the rest is allowed, for tests are ordinary
programs. Refused calls fail with an error, so that a program sees a plain `OSError`; a call of a foreign architecture
ends the process. Sources: Documentation/userspace-api/seccomp_filter.rst, linux/{audit,filter,sched,socket}.h, the
kernel's tables of system calls for x86-64 and arm64.
"""

import errno
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from checks.model.errors import Refusal

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
NUMBER, ARCHITECTURE = 0, 4
X32 = 0x40000000
"""Calls of the x32 interface carry this bit on x86-64."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction: `yes` and `no` are how many to skip where the comparison holds or does not."""

    code: int
    value: int
    yes: int = 0
    no: int = 0

    def packed(self) -> bytes:
        return struct.pack("=HBBI", self.code, self.yes, self.no, self.value)


@dataclass(frozen=True, slots=True)
class Machine:
    """One architecture: the name that `uname -m` gives it, its AUDIT_ARCH number, its column in the table below."""

    name: str
    audit: int
    column: int


MACHINES = (Machine("x86_64", 0xC000003E, 0), Machine("aarch64", 0xC00000B7, 1))

# Numbers on x86-64 and on arm64; -1: the architecture has no such call.
REFUSED: dict[str, tuple[int, int]] = {
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    # whole machines inside the kernel
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    # mounts, the old interface and the new
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "statmount": (457, 457),
    "listmount": (458, 458),
    "open_tree_attr": (467, 467),
    # namespaces
    "setns": (308, 268),
    "unshare": (272, 97),
    # keys of the kernel, which no namespace parts
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    # files without their path
    "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264),
    "fanotify_init": (300, 262),
    # the machine itself
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "acct": (163, 89),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "syslog": (103, 116),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "iopl": (172, -1),
    "ioperm": (173, -1),
    "modify_ldt": (154, -1),
    "uselib": (134, -1),
    "vhangup": (153, 58),
    "lookup_dcookie": (212, 18),
    "nfsservctl": (180, 42),
}
# These look as if the kernel did not have them, so that a program falls back to something else: the C library to clone,
# whose flags can be seen here (clone3 has them behind a pointer).
ABSENT: dict[str, tuple[int, int]] = {
    "clone3": (435, 435),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "memfd_secret": (447, 447),
}
# Memory that is no process's own. Where no control group counts it, it could be hidden: sent into a socket, detached.
UNCOUNTED: dict[str, tuple[int, int]] = {"memfd_create": (319, 279), "shmget": (29, 194)}
CLONE, SOCKET, SOCKETPAIR, IOCTL = (56, 220), (41, 198), (53, 199), (16, 29)

NAMESPACES = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
"""CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET; clone cannot ask for NEWTIME."""
UNIX, INET, INET6, NETLINK = 1, 2, 10, 16
PLAIN_PROTOCOLS = (0, 1, 6, 17, 58)
"""Of the internet: the default, ICMP, TCP, UDP, ICMPv6. Others load modules of the kernel on demand."""
ROUTE = 0
"""Of netlink: with it the C library lists addresses and interfaces, of this network namespace only."""
TERMINAL = (0x5412, 0x541C, 0x5423)
"""TIOCSTI and TIOCLINUX put input into a terminal, TIOCSETD loads line disciplines."""


def fail(number: int) -> Instruction:
    return Instruction(RETURN, ERROR | number)


def argument(index: int) -> Instruction:
    """Loads the lower half of an argument: what the kernel looks at for those that are tested here."""
    return Instruction(LOAD, 16 + 8 * index)


def one_of(values: tuple[int, ...], then: Instruction) -> Iterator[Instruction]:
    """`then` where the loaded value is one of these, else on."""
    for value in values:
        yield Instruction(EQUAL, value, 0, 1)
        yield then


def sockets() -> tuple[Instruction, ...]:
    internet = (
        argument(2),
        *one_of(PLAIN_PROTOCOLS, Instruction(RETURN, ALLOW)),
        fail(errno.EPROTONOSUPPORT),
    )
    netlink = (argument(2), *one_of((ROUTE,), Instruction(RETURN, ALLOW)), fail(errno.EPROTONOSUPPORT))
    return (
        argument(0),
        *one_of((UNIX,), Instruction(RETURN, ALLOW)),
        Instruction(EQUAL, INET, 1, 0),
        Instruction(EQUAL, INET6, 0, len(internet)),
        *internet,
        Instruction(EQUAL, NETLINK, 0, len(netlink)),
        *netlink,
        fail(errno.EAFNOSUPPORT),
    )


def instructions(machine: Machine, counted: bool) -> tuple[Instruction, ...]:
    """The filter for one architecture. `counted`: a control group bounds the memory of the tree, so that memory which
    belongs to no process may be had too."""

    def block(numbers: tuple[int, int], inner: tuple[Instruction, ...]) -> tuple[Instruction, ...]:
        return (Instruction(EQUAL, numbers[machine.column], 0, len(inner)), *inner)

    allowed = Instruction(RETURN, ALLOW)
    absent = ABSENT if counted else ABSENT | UNCOUNTED
    simple = [(numbers, errno.EPERM) for numbers in REFUSED.values()]
    simple += [(numbers, errno.ENOSYS) for numbers in absent.values()]
    return (
        Instruction(LOAD, ARCHITECTURE),
        Instruction(EQUAL, machine.audit, 1, 0),
        Instruction(RETURN, KILL),
        Instruction(LOAD, NUMBER),
        *((Instruction(AT_LEAST, X32, 0, 1), fail(errno.ENOSYS)) if machine.name == "x86_64" else ()),
        *block(CLONE, (argument(0), Instruction(ANY_BIT, NAMESPACES, 0, 1), fail(errno.EPERM), allowed)),
        *block(SOCKET, sockets()),
        *block(SOCKETPAIR, sockets()),
        *block(IOCTL, (argument(1), *one_of(TERMINAL, fail(errno.EPERM)), allowed)),
        *(part for numbers, why in simple if numbers[machine.column] >= 0 for part in block(numbers, (fail(why),))),
        allowed,
    )


def machine_of(name: str) -> Machine:
    """The architecture of that name (as `uname -m` says it); raises Refusal where there is no filter for it."""
    for machine in MACHINES:
        if machine.name == name:
            return machine
    known = " and ".join(machine.name for machine in MACHINES)
    raise Refusal(f"no sandbox: there is no system call filter for {name}.", f"Use a host of {known}.")


def program(machine: Machine, counted: bool) -> bytes:
    """The filter as the kernel takes it: 8 bytes an instruction (struct sock_filter)."""
    return b"".join(part.packed() for part in instructions(machine, counted))
