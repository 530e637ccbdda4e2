"""Tries what a sandbox promises, in the sandbox itself."""

import json
from pathlib import Path
from typing import Protocol

from checks.sandbox.limits.groups import Place
from checks.sandbox.port import MIB, Ability, Command, Ended, Limits, Sandbox

LIMITS = Limits(seconds=20.0, memory=128 * MIB, processes=16, disk=16 * MIB)
WALLS = r"""
import errno, json, os, socket

def tried(family, kind, address):
    try:
        with socket.socket(family, kind) as it:
            it.settimeout(2)
            it.connect(address)
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error))
    return ""

status = dict(line.split(":", 1) for line in open("/proc/self/status") if ":" in line)
print(json.dumps({
    "processes": sum(name.isdigit() for name in os.listdir("/proc")),
    "interfaces": [name for _, name in socket.if_nameindex()],
    "outside": tried(socket.AF_INET, socket.SOCK_STREAM, ("192.0.2.1", 9)),
    "machine": tried(40, socket.SOCK_STREAM, (2, 9)),
    "uid": os.getuid(),
    "groups": os.getgroups(),
    "capabilities": sorted({int(status[name], 16) for name in status if name.startswith("Cap")}),
    "seccomp": status["Seccomp"].strip(),
    "privileges": status["NoNewPrivs"].strip(),
    "kernel": os.access("/proc/sys/kernel/core_pattern", os.W_OK),
    "homes": sorted(os.listdir("/root")) if os.path.isdir("/root") and os.access("/root", os.R_OK) else [],
}))
"""
HUNGRY = """
import time
held = bytearray(256 * 1024 * 1024)
held[::4096] = bytes([1]) * len(held[::4096])
time.sleep(10)
"""


class Fitted(Sandbox, Protocol):
    """A sandbox that names an interpreter which is there inside."""

    python: Path


def walls(sandbox: Fitted) -> tuple[Ability, ...]:
    """Namespaces, network, filter and user; raises Refusal where the sandbox cannot be set up at all."""
    result = sandbox.run(Command((str(sandbox.python), "-I", "-S", "-c", WALLS)), (), LIMITS)
    if result.status != 0:
        said = result.stderr.decode("utf-8", "replace").strip().splitlines()
        return (Ability("namespaces", False, f"the trial failed: {said[-1] if said else result.ended}"),)
    seen = json.loads(result.stdout)
    filtered = seen["seccomp"] == "2" and seen["machine"] == "EAFNOSUPPORT"
    bare = seen["capabilities"] == [0] and seen["privileges"] == "1" and seen["uid"] != 0
    return (
        Ability(
            "namespaces",
            seen["processes"] <= 4 and not seen["kernel"],
            f"{seen['processes']} processes are seen inside, the kernel's settings "
            f"{'can' if seen['kernel'] else 'cannot'} be written",
        ),
        Ability(
            "network",
            seen["interfaces"] == ["lo"] and seen["outside"] in {"ENETUNREACH", "EHOSTUNREACH"},
            f"interfaces: {', '.join(seen['interfaces'])}; a connection to the outside: {seen['outside'] or 'made'}",
        ),
        Ability(
            "system call filter",
            filtered,
            "loaded; a virtual machine's socket is refused" if filtered else f"not in force: {seen['machine']}",
            "" if filtered else "Use a kernel with CONFIG_SECCOMP_FILTER.",
        ),
        Ability(
            "user",
            bare,
            f"user {seen['uid']}, {'no' if bare else 'some'} capabilities, begun in {result.started * 1000:.0f} ms",
        ),
    )


def limits(sandbox: Fitted, place: Place | None) -> Ability:
    """Whether the tree's memory is bounded: a command that takes twice its share must be ended for it."""
    how = f"by control groups, version {place.version}" if place else "sampled: no control group can be made"
    result = sandbox.run(Command((str(sandbox.python), "-I", "-S", "-c", HUNGRY)), (), LIMITS)
    holds = result.ended is Ended.MEMORY
    seen = f"memory is bounded {how}" if holds else f"a command passed its memory and {result.ended}"
    return Ability("limits", holds, seen, "" if holds else "Please report this host: it should be bounded by sampling.")
