"""The filter is run here by a small interpreter of the kernel's classic BPF, for both architectures."""

import errno
import struct

import pytest

from checks.model.errors import Refusal
from checks.sandbox import seccomp
from checks.sandbox.seccomp import ALLOW, ERROR, KILL, MACHINES, Machine
from tests.checks.sandbox.bubblewrap.kinds import Kind, every

X86, ARM = MACHINES
MASK = 0xFFFFFFFF


def decide(program: bytes, audit: int, number: int, *arguments: int) -> int:
    """What the kernel would answer: seccomp_data is number, architecture, instruction pointer and six arguments."""
    filled = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("<IIQ6Q", number & MASK, audit, 0, *(value & (1 << 64) - 1 for value in filled))
    steps = list(struct.iter_unpack("=HBBI", program))
    accumulator = place = 0
    while True:
        code, yes, no, value = steps[place]
        place += 1
        if code == 0x06:
            return int(value)
        if code == 0x20:
            (accumulator,) = struct.unpack_from("<I", data, value)
        else:
            holds = {0x15: accumulator == value, 0x35: accumulator >= value, 0x45: bool(accumulator & value)}[code]
            place += yes if holds else no


def asked(machine: Machine, numbers: tuple[int, int], *arguments: int, counted: bool = True) -> int:
    return decide(seccomp.program(machine, counted), machine.audit, numbers[machine.column], *arguments)


both = pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
# Calls that every program makes: read, write, openat, execve, exit_group, futex, mmap, clock_nanosleep, wait4, prctl,
# seccomp, landlock_create_ruleset, pidfd_open, epoll_pwait, getrandom, rseq, socketpair is below.
ORDINARY = (
    ((0, 63), "read"),
    ((1, 64), "write"),
    ((257, 56), "openat"),
    ((59, 221), "execve"),
    ((231, 94), "exit_group"),
    ((202, 98), "futex"),
    ((9, 222), "mmap"),
    ((230, 115), "clock_nanosleep"),
    ((61, 260), "wait4"),
    ((157, 167), "prctl"),
    ((434, 434), "pidfd_open"),
    ((318, 278), "getrandom"),
    ((334, 293), "rseq"),
    ((117, 147), "setresuid"),
    ((439, 439), "faccessat2"),
)


@both
@pytest.mark.parametrize(("numbers", "name"), ORDINARY, ids=lambda value: value if isinstance(value, str) else "")
def test_ordinary_calls_are_allowed(machine, numbers, name):
    assert asked(machine, numbers) == ALLOW, name


@both
@pytest.mark.parametrize("name", seccomp.REFUSED)
def test_refused_calls(machine, name):
    numbers = seccomp.REFUSED[name]
    if numbers[machine.column] < 0:
        assert name in {"iopl", "ioperm", "modify_ldt", "uselib"}
    else:
        assert asked(machine, numbers) == ERROR | errno.EPERM


@both
@pytest.mark.parametrize("name", seccomp.ABSENT)
def test_calls_that_look_absent(machine, name):
    assert asked(machine, seccomp.ABSENT[name]) == ERROR | errno.ENOSYS


@both
@pytest.mark.parametrize("name", seccomp.UNCOUNTED)
def test_memory_of_no_process_only_where_a_group_counts_it(machine, name):
    numbers = seccomp.UNCOUNTED[name]
    assert asked(machine, numbers, counted=True) == ALLOW
    assert asked(machine, numbers, counted=False) == ERROR | errno.ENOSYS


@both
@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (0x01200011, ALLOW),  # fork
        (0x003D0F00, ALLOW),  # a thread
        (0x00004111, ALLOW),  # vfork
        (0x10000011, ERROR | errno.EPERM),  # NEWUSER
        (0x00020011, ERROR | errno.EPERM),  # NEWNS
        (0x40000011, ERROR | errno.EPERM),  # NEWNET
        (0x20000011, ERROR | errno.EPERM),  # NEWPID
        (0x08000011, ERROR | errno.EPERM),  # NEWIPC
        (0x04000011, ERROR | errno.EPERM),  # NEWUTS
        (0x02000011, ERROR | errno.EPERM),  # NEWCGROUP
    ],
)
def test_clone(machine, flags, expected):
    assert asked(machine, seccomp.CLONE, flags) == expected


@both
@pytest.mark.parametrize("call", [seccomp.SOCKET, seccomp.SOCKETPAIR], ids=["socket", "socketpair"])
@pytest.mark.parametrize(
    ("family", "protocol", "expected"),
    [
        (1, 0, ALLOW),
        (2, 0, ALLOW),
        (2, 6, ALLOW),
        (10, 17, ALLOW),
        (10, 58, ALLOW),
        (2, 132, ERROR | errno.EPROTONOSUPPORT),  # SCTP
        (10, 262, ERROR | errno.EPROTONOSUPPORT),  # MPTCP
        (2, 255, ERROR | errno.EPROTONOSUPPORT),  # raw
        (16, 0, ALLOW),  # netlink, route
        (16, 12, ERROR | errno.EPROTONOSUPPORT),  # netlink, netfilter
        (17, 0, ERROR | errno.EAFNOSUPPORT),  # packet
        (40, 0, ERROR | errno.EAFNOSUPPORT),  # virtual machines: no namespace parts it
        (38, 0, ERROR | errno.EAFNOSUPPORT),  # alg
        (44, 0, ERROR | errno.EAFNOSUPPORT),  # xdp
        (31, 0, ERROR | errno.EAFNOSUPPORT),  # bluetooth
        (0, 0, ERROR | errno.EAFNOSUPPORT),
        ((1 << 32) + 40, 0, ERROR | errno.EAFNOSUPPORT),  # the kernel looks at the lower half only
    ],
)
def test_sockets(machine, call, family, protocol, expected):
    assert asked(machine, call, family, 1, protocol) == expected


@both
@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (0x5401, ALLOW),  # TCGETS
        (0x5413, ALLOW),  # TIOCGWINSZ
        (0x5412, ERROR | errno.EPERM),
        (0x541C, ERROR | errno.EPERM),
        (0x5423, ERROR | errno.EPERM),
        ((1 << 32) | 0x5412, ERROR | errno.EPERM),  # a known way around filters that compare all 64 bits
    ],
)
def test_ioctl(machine, request_, expected):
    assert asked(machine, seccomp.IOCTL, 0, request_) == expected


@pytest.mark.parametrize(
    ("machine", "audit", "number", "expected"),
    [
        (X86, ARM.audit, 63, KILL),
        (X86, 0x40000003, 4, KILL),  # 32-bit calls by int 0x80
        (ARM, X86.audit, 0, KILL),
        (ARM, 0x40000028, 4, KILL),  # 32-bit arm
        (X86, X86.audit, 0x40000000 | 1, ERROR | errno.ENOSYS),  # x32
        (X86, X86.audit, 0x40000000 | 520, ERROR | errno.ENOSYS),
        (X86, X86.audit, -1, ERROR | errno.ENOSYS),
    ],
)
def test_foreign_calls(machine, audit, number, expected):
    assert decide(seccomp.program(machine, True), audit, number) == expected


@both
def test_the_program_is_one_that_the_kernel_takes(machine):
    steps = seccomp.instructions(machine, counted=False)
    assert len(steps) < 4096
    for place, step in enumerate(steps):
        if step.code not in {seccomp.LOAD, seccomp.RETURN}:
            assert place + 1 + max(step.yes, step.no) < len(steps)
    assert steps[-1].code == seccomp.RETURN


def test_an_unknown_machine_is_refused():
    with pytest.raises(Refusal, match="riscv64"):
        seccomp.machine_of("riscv64")


REAL = """
import ctypes, errno, json, os, socket
libc = ctypes.CDLL(None, use_errno=True)
def call(*arguments):
    ctypes.set_errno(0)
    return 0 if libc.syscall(*map(ctypes.c_long, arguments)) >= 0 else ctypes.get_errno()
def opened(*arguments):
    try:
        socket.socket(*arguments).close()
    except OSError as error:
        return error.errno
    return 0
arm = os.uname().machine == "aarch64"
pid, failed = os.fork(), None
if pid == 0:
    os._exit(0)
print(json.dumps({
    "ptrace": call(117 if arm else 101, 0, 0, 0, 0),
    "unshare": call(97 if arm else 272, 0x10000000),
    "clone": call(220 if arm else 56, 0x10000011, 0, 0, 0, 0),
    "clone3": call(435, 0, 0),
    "io_uring": call(425, 8, 0),
    "bpf": call(280 if arm else 321, 0, 0, 0),
    "keyctl": call(219 if arm else 250, 0, -3, 0),
    "mount": call(40 if arm else 165, 0, 0, 0, 0, 0),
    "fsopen": call(430, 0, 0),
    "vsock": opened(40, socket.SOCK_STREAM),
    "packet": opened(17, socket.SOCK_RAW),
    "inet": opened(socket.AF_INET, socket.SOCK_STREAM),
    "unix": opened(socket.AF_UNIX, socket.SOCK_STREAM),
    "forked": os.waitpid(pid, 0)[1],
}))
"""


@every
def test_the_filter_is_in_force_inside(kind: Kind):
    assert kind.tells(REAL) == {
        **dict.fromkeys(("ptrace", "unshare", "clone", "bpf", "keyctl", "mount", "fsopen"), errno.EPERM),
        **dict.fromkeys(("clone3", "io_uring"), errno.ENOSYS),
        **dict.fromkeys(("vsock", "packet"), errno.EAFNOSUPPORT),
        **dict.fromkeys(("inet", "unix", "forked"), 0),
    }
