"""What this host is like: the interpreter for our start script, its count of processes, what it refuses and why."""

import os
import platform
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from checks.model.errors import Refusal
from checks.sandbox import mounts
from checks.sandbox.limits import tree

SWITCHES = (
    (Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"), "1", "0"),  # Ubuntu since 24.04
    (Path("/proc/sys/kernel/unprivileged_userns_clone"), "0", "1"),  # Debian before 11
    (Path("/proc/sys/user/max_user_namespaces"), "0", "16384"),
)


def interpreter(path: Path | None) -> tuple[Path, tuple[Path, ...]]:
    """The real path of the interpreter for the start script, and what of it must be bound: nothing of one below /usr,
    else the binary, its standard library and its shared one, not the prefix. Raises Refusal where there is none."""
    base: str = getattr(sys, "_base_executable", sys.executable)  # not that of a virtual environment
    place = path or Path(base)
    try:
        real = place.resolve(strict=True)
    except OSError as error:
        raise Refusal(f"no sandbox: the interpreter {place} cannot be read: {error.strerror}.") from error
    if mounts.beneath(str(real), "/usr"):
        return real, ()
    library = real.parent.parent / "lib"
    parts = (*sorted(library.glob("python3.*")), *sorted(library.glob("libpython*.so*")))
    if real.parent.name != "bin" or not parts:
        raise Refusal(f"no sandbox: {real} does not lie in an installation of Python.", "Use another interpreter.")
    return real, (real, *parts)


def others(root: bool) -> int:
    """How many processes the kernel counts beside those of the command. Root's sandboxes have a user each; a user
    namespace is counted apart since Linux 5.14, before that all processes of the user are."""
    if root:
        return 0
    release = tuple(int(part) for part in re.findall(r"\d+", platform.release())[:2])
    return 2 if release >= (5, 14) else 2 + tree.threads(os.getuid())


def refused(said: str) -> Refusal:
    """What bubblewrap's own words mean for the person who runs this host."""
    last = said.splitlines()[-1].removeprefix("bwrap: ")
    space = re.search(r"uid map|new namespace|NEWUSER|loopback|namespaces", last, re.IGNORECASE)
    if not space:
        return Refusal(f"no sandbox on this host: bubblewrap says: {last}.", "See 'selfmod sandbox probe'.")
    return Refusal(f"no sandbox on this host: namespaces are refused: {last}.", remedy(os.geteuid() == 0))


def remedy(root: bool, switches: Sequence[tuple[Path, str, str]] = SWITCHES) -> str:
    """How to have namespaces where they are refused: by the first of the host's switches (file, value that closes,
    value that opens) that is closed."""
    if root:
        return "Give the container CAP_SYS_ADMIN, or run selfmod as an ordinary user."
    for switch, closed, wanted in switches:
        try:
            if switch.read_text().strip() == closed:
                name = ".".join(switch.parts[-2:])
                profile = "  (or load AppArmor's profile bwrap-userns-restrict)" if "apparmor" in name else ""
                return f"Allow user namespaces: sudo sysctl -w {name}={wanted}{profile}"
        except OSError:
            continue
    return "Allow user namespaces for this user: the container or its seccomp profile forbids them."
