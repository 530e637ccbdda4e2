"""The system call filter as the kernel takes it: classic BPF, built from `calls`.

Formats: https://docs.kernel.org/userspace-api/seccomp_filter.html, include/uapi/linux/{seccomp,bpf_common,filter}.h.
"""

import errno
import struct

from checks.sandbox.weaker.calls import ANSWERED, NUMBERS, REFUSED, RULES, X86_64, Only

KILL, NOTIFY, ALLOW, ERRNO = 0x80000000, 0x7FC00000, 0x7FFF0000, 0x00050000
"""SECCOMP_RET_KILL_PROCESS, _USER_NOTIF, _ALLOW and _ERRNO (its number in the low half)."""
_LOAD, _AND, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
"""Where these lie in struct seccomp_data; arguments have eight bytes, the low half first on both machines."""
_X32 = 0x40000000
"""The bit of the numbers of x86-64's second set of system calls."""


def program(architecture: int) -> bytes:
    """The filter for one of NUMBERS, as an array of struct sock_filter. What it does not name is allowed; another
    architecture than this one ends the process."""
    numbers = NUMBERS[architecture]
    lines = [_load(_ARCHITECTURE), _line(_EQUAL, architecture, 1, 0), _line(_RETURN, KILL), _load(_NUMBER)]
    if architecture == X86_64:
        lines += [_line(_AT_LEAST, _X32, 0, 1), _line(_RETURN, ERRNO | errno.ENOSYS)]
    for name, number in sorted(numbers.items()):
        block = _block(name)
        lines += [_line(_EQUAL, number, 0, len(block)), *block]
    return b"".join([*lines, _line(_RETURN, ALLOW)])


def _block(name: str) -> list[bytes]:
    """What is done about one call; every way through it returns."""
    if name in ANSWERED:
        return [_line(_RETURN, NOTIFY)]
    if name not in RULES:
        return [_line(_RETURN, ERRNO | REFUSED.get(name, errno.EPERM))]
    return [line for rule in RULES[name] for line in _only(rule)] + [_line(_RETURN, ALLOW)]


def _only(rule: Only) -> list[bytes]:
    """Falls through to the next where the rule holds, else returns its error."""
    count = len(rule.values)
    lines = [_load(_ARGUMENTS + 8 * rule.argument), _line(_AND, rule.mask)]
    for number, value in enumerate(rule.values):
        last = number == count - 1
        if rule.other:
            # a hit goes to the error, which is the last line; no hit at all goes over it
            lines.append(_line(_EQUAL, value, count - 1 - number, 1 if last else 0))
        else:
            lines.append(_line(_EQUAL, value, count - number, 0))
    return [*lines, _line(_RETURN, ERRNO | rule.error)]


def _load(offset: int) -> bytes:
    return _line(_LOAD, offset)


def _line(code: int, value: int, hit: int = 0, miss: int = 0) -> bytes:
    return struct.pack("=HBBI", code, hit, miss, value)
