"""What a sandbox sees: the options for bubblewrap that lay out its file systems."""

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from checks.model.errors import Refusal
from checks.sandbox.port import OURS, Binding

SYSTEM = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
"""Folders of the root beside /usr; on most hosts links into it."""
CONFIGURATION = (
    "alternatives",
    "ld.so.cache",
    "mime.types",
    "protocols",
    "services",
    "ssl/certs",
    "ssl/openssl.cnf",
)
"""What programs need of /etc and what tells nothing of the host but which system it is."""
INSIDE = f"{OURS}/inside"
"""Where checks/sandbox/inside lies inside."""
HOME = "/tmp/home"  # noqa: S108  # in the sandbox (a path inside)
"""The home of the user inside: empty, and gone with the run."""
SHARED = "/dev/shm"  # noqa: S108  # in the sandbox
TEMPORARY = "/tmp"  # noqa: S108  # in the sandbox
TAKEN = ("/", "/proc", "/dev", "/sys", "/etc", "/usr", TEMPORARY, OURS, INSIDE)
CLOSED = ("/proc", "/dev", "/sys", INSIDE)


@dataclass(frozen=True, slots=True)
class Share:
    """A tmpfs: where it is and how many bytes it can hold. `mode` as for chmod."""

    inside: str
    size: int
    mode: int


def shares(folder: str, disk: int) -> tuple[Share, ...]:
    """The writable folders. bubblewrap cannot show one tmpfs in two places, so the allowance is split: half for the
    work copy, three eighths for /tmp with the home, an eighth for shared memory."""
    return (
        Share(folder, disk // 2, 0o755),
        Share(TEMPORARY, disk * 3 // 8, 0o1777),
        Share(SHARED, disk // 8, 0o1777),
    )


def accounts(uid: int) -> dict[str, bytes]:
    """The files of /etc that say who is who: nobody of the host's."""
    return {
        "/etc/passwd": b"root:x:0:0:root:/:/bin/false\nsandbox:x:%d:%d:sandbox:%s:/bin/sh\n"
        % (uid, uid, HOME.encode()),
        "/etc/group": b"root:x:0:\nsandbox:x:%d:\n" % uid,
        "/etc/hosts": b"127.0.0.1 localhost sandbox\n::1 localhost\n",
        "/etc/nsswitch.conf": b"passwd: files\ngroup: files\nhosts: files\nservices: files\nprotocols: files\n",
    }


def beneath(path: str, above: str) -> bool:
    return path == above or path.startswith(above.rstrip("/") + "/")


def checked(path: str, *, folder: bool = False) -> str:
    """The path where it may be used inside; raises Refusal where it is not absolute and plain, or taken."""
    plain = path.startswith("/") and not path.startswith("//") and posixpath.normpath(path) == path and "\0" not in path
    closed = (*CLOSED, "/etc", "/usr", OURS, *(f"/{name}" for name in SYSTEM)) if folder else CLOSED
    if not plain or path in TAKEN or any(beneath(path, above) for above in closed):
        raise Refusal(f"no sandbox: {path!r} cannot be a {'working folder' if folder else 'binding'} inside.")
    return path


def layout(
    bindings: Iterable[Binding], writable: Sequence[Share], files: Iterable[tuple[int, str]], inside: Path
) -> Iterator[str]:
    """The options, parents before what lies in them. `files` are (descriptor, path inside), `inside` is the folder of
    our scripts on the host. Every folder that bubblewrap would make by itself is made here, for it makes them 0700."""
    seals: dict[str, tuple[str, ...]] = {"/usr": ("--ro-bind", "/usr", "/usr")}
    for name in SYSTEM:
        place = Path("/") / name
        if place.is_symlink():
            seals[f"/{name}"] = ("--symlink", str(place.readlink()), f"/{name}")
        elif place.is_dir():
            seals[f"/{name}"] = ("--ro-bind", f"/{name}", f"/{name}")
    for name in CONFIGURATION:
        if (Path("/etc") / name).exists():
            seals[f"/etc/{name}"] = ("--ro-bind", f"/etc/{name}", f"/etc/{name}")
    for number, path in files:
        seals[path] = ("--perms", "0444", "--file", str(number), path)
    seals["/proc"] = ("--proc", "/proc")
    # with a user namespace root's own settings of the kernel could be written (core_pattern: a way to the host)
    seals["/proc/sys"] = ("--ro-bind", "/proc/sys", "/proc/sys")
    seals["/dev"] = ("--dev", "/dev")
    seals["/var/tmp"] = ("--symlink", "../tmp", "/var/tmp")  # noqa: S108  # in the sandbox
    for binding in bindings:
        if any(binding.inside == share.inside for share in writable):
            raise Refusal(f"no sandbox: {binding.inside!r} cannot be both bound and written.")
        seals[checked(binding.inside)] = ("--ro-bind", str(binding.host), binding.inside)
    seals[INSIDE] = ("--ro-bind", str(inside), INSIDE)
    for share in writable:
        seals[share.inside] = ("--perms", f"{share.mode:04o}", "--size", str(share.size), "--tmpfs", share.inside)
    made = {"/"}
    bound = {path for path, options in seals.items() if options[0] in {"--ro-bind", "--dev", "--proc"}}
    for path in sorted(seals, key=lambda path: path.count("/")):
        yield from _parents(path, made, bound)
        yield from seals[path]
        made.add(path)
    yield from ("--remount-ro", "/dev", "--remount-ro", "/")


def _parents(path: str, made: set[str], bound: set[str]) -> Iterator[str]:
    above = posixpath.dirname(path)
    if above in made or any(beneath(above, folder) for folder in bound):
        return
    yield from _parents(above, made, bound)
    yield from ("--perms", "0755", "--dir", above)
    made.add(above)
