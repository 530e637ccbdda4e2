"""What lies on the host for hostile projects to reach for, and what is seen of it afterwards."""

import ctypes
import hashlib
import os
import secrets
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from checks.sandbox import port

OPEN = ("/tmp", "/var/tmp", "/dev/shm")
"""Folders of the host that everybody may write to."""


@dataclass(frozen=True, slots=True)
class Host:
    """The canaries that all projects share. `top` is a folder that every user may enter, `token` a secret that no
    project knows: only who read it can say it."""

    top: Path
    token: str
    listeners: Mapping[str, socket.socket]
    segment: int

    @property
    def head(self) -> str:
        """The first half of the secret, which projects may know."""
        return self.token[:24]


@dataclass(frozen=True, slots=True)
class Canaries:
    """Those of one run. `marker` stands in the command lines, names and contents that the project leaves."""

    host: Host
    marker: str
    folder: Path
    values: Mapping[str, str]
    victim: subprocess.Popen[bytes]

    @property
    def target(self) -> Path:
        """A folder that every user may write to, and that must stay as it is."""
        return self.folder / "target"

    @property
    def project(self) -> Path:
        """Where the project lies on the host."""
        return self.folder / "beside" / "project"

    @property
    def temporary(self) -> Path:
        """The folder for temporary files of the process that starts the run."""
        return self.folder / "temporary"


@contextmanager
def host() -> Iterator[Host]:
    """Sets the shared canaries up and takes them away."""
    with ExitStack() as stack:
        top = Path(tempfile.mkdtemp(prefix="canaries-", dir="/var/tmp"))
        stack.callback(shutil.rmtree, top, ignore_errors=True)
        top.chmod(0o755)
        token = "selfmod-secret-" + secrets.token_hex(16)
        (top / "secret").write_text(token)
        (top / "home/.ssh").mkdir(parents=True)
        (top / "home/.ssh/id_ed25519").write_text(token)
        (top / "home/.gitconfig").write_text(f"[user]\n\tname = {token}\n")
        (top / "home/test_home.py").write_text(f"# {token}\ndef test_of_the_host():\n    raise ValueError('ESCAPED')\n")
        listeners = {name: stack.enter_context(each) for name, each in _listeners(top).items()}
        segment = secrets.randbits(30) | 1
        number = _libc().shmget(segment, 4096, 0o1666)
        stack.callback(_libc().shmctl, number, 0, None)
        yield Host(top, token, listeners, segment)


def variable(token: str) -> str:
    """The name of the variable of the environment that holds the secret."""
    return "SELFMOD_HOSTILE_" + hashlib.sha256(token.encode()).hexdigest()[:12].upper()


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _listeners(top: Path) -> dict[str, socket.socket]:
    """Sockets that nobody may reach. Nothing accepts: the kernel keeps who came, until it is looked at."""
    found = {"tcp": socket.create_server(("127.0.0.1", 0), backlog=64)}
    with suppress(OSError):
        found["tcp6"] = socket.create_server(("::1", 0), family=socket.AF_INET6, backlog=64)
    found["udp"] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    found["udp"].bind(("127.0.0.1", 0))
    for name, address in (("abstract", "\0selfmod-" + secrets.token_hex(8)), ("unix", str(top / "socket"))):
        found[name] = socket.socket(socket.AF_UNIX)
        found[name].bind(address)
        found[name].listen(64)
    (top / "socket").chmod(0o777)
    return found


@contextmanager
def fresh(host: Host, *, isolated: bool) -> Iterator[Canaries]:
    """The canaries of one run, in folders of its own that are gone afterwards, and a process that waits to be hurt."""
    marker, word = "hostile" + secrets.token_hex(6), "victim-" + secrets.token_hex(8)
    folder = host.top / marker
    for name, mode in (
        ("", 0o755),
        ("target", 0o777),
        ("temporary", 0o777),
        ("beside", 0o755),
        ("beside/project", 0o755),
    ):
        (folder / name).mkdir()
        (folder / name).chmod(mode)
    (folder / "temporary" / f"{marker}-of-the-host").touch()
    (folder / "kept").write_text("kept")
    values = {
        "marker": marker,
        "secret": str(host.top / "secret"),
        "home": str(host.top / "home"),
        "tokenhead": host.head,
        "variable": variable(host.token),
        "victimword": word,
        "sources": str(Path(port.__file__).parent),
        "temporary": str(folder / "temporary"),
        "target": str(folder / "target"),
        "kept": str(folder / "kept"),
        "handle": _handle(host.top / "secret").hex(),
        "segment": str(host.segment),
        "hostname": socket.gethostname(),
        "unix": str(host.top / "socket"),
        "abstract": os.fsdecode(host.listeners["abstract"].getsockname()[1:]),
        "free": str(_free()),
        "isolated": "yes" if isolated else "no",
        "cache": f"{sys.version_info.major}{sys.version_info.minor}",
    }
    values |= {name: str(each.getsockname()[1]) for name, each in host.listeners.items() if name[:3] in ("tcp", "udp")}
    values.setdefault("tcp6", "9")
    line, given = ["/bin/sh", "-c", "read line; :", word], {variable(host.token): host.token}
    with subprocess.Popen(line, env=given, stdin=subprocess.PIPE, start_new_session=True) as victim:
        try:
            yield Canaries(host, marker, folder, values, victim)
        finally:
            victim.kill()
            _remove(folder)


def _remove(folder: Path) -> None:
    """The folders of a run, also where a project took every right from them."""
    for place, folders, _ in folder.walk():
        for name in folders:
            if not (place / name).is_symlink():
                (place / name).chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _handle(path: Path) -> bytes:
    """The kernel's handle of a file as open_by_handle_at(2) takes it; empty where the file system has none."""
    handle = ctypes.create_string_buffer((128).to_bytes(4, sys.byteorder) + bytes(132), 136)
    mount = ctypes.c_int()
    try:
        done = _libc().name_to_handle_at(-100, os.fsencode(path), handle, ctypes.byref(mount), 0)
    except AttributeError:
        return b""
    size = int.from_bytes(handle.raw[:4], sys.byteorder)
    return handle.raw[: 8 + size] if done == 0 else b""


def faults(canaries: Canaries, project_before: Mapping[str, str]) -> list[str]:
    """What a run did to the host, in words; it is undone so that the next run begins clean."""
    found = [f"{name} of the host was reached" for name, each in canaries.host.listeners.items() if _reached(each)]
    if canaries.victim.poll() is not None:
        found.append("a process of the host was ended")
    for process in survivors(canaries.marker):
        found.append("a process is left")
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    if written := sorted(each.name for each in canaries.target.iterdir()):
        found.append(f"written outside: {', '.join(written)[:100]}")
    if (canaries.folder / "kept").read_text() != "kept":
        found.append("a file of the host was changed")
    if (canaries.host.top / "secret").read_text() != canaries.host.token:
        found.append("the secret was changed")
    left = [each.name for each in canaries.temporary.iterdir() if not each.name.endswith("-of-the-host")]
    if left:
        found.append(f"left in the temporary folder: {', '.join(left)[:100]}")
    for folder in OPEN:
        for path in Path(folder).glob(f"*{canaries.marker}*"):
            found.append(f"left in {folder}")
            path.unlink() if not path.is_dir() else shutil.rmtree(path)
    if look(canaries.project) != project_before:
        found.append("the project's folder was changed")
    if canaries.marker in Path("/proc/self/mountinfo").read_text():
        found.append("a mount is left")
    return list(dict.fromkeys(found))


def _reached(listener: socket.socket) -> bool:
    """Whether somebody came; who did is sent away."""
    reached = False
    while select.select([listener], [], [], 0)[0]:
        reached = True
        if listener.type == socket.SOCK_STREAM:
            listener.accept()[0].close()
        else:
            listener.recv(65536)
    return reached


def survivors(marker: str) -> list[int]:
    """Processes that bear the marker in their command line or environment."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            for name in ("cmdline", "environ"):
                with suppress(OSError):
                    if marker.encode() in (entry / name).read_bytes():
                        found.append(int(entry.name))
                        break
    return found


def look(folder: Path) -> dict[str, str]:
    """What stands under a folder: path → kind, mode, and content of small files."""
    found = {}
    for place, folders, names in folder.walk():
        for path in (place / name for name in (*folders, *names)):
            facts = path.lstat()
            seen = f"{facts.st_mode:o} {facts.st_size if not stat.S_ISDIR(facts.st_mode) else ''}"
            if stat.S_ISREG(facts.st_mode) and facts.st_size < 1 << 20 and facts.st_mode & 0o400:
                seen += hashlib.sha256(path.read_bytes()).hexdigest()
            found[str(path.relative_to(folder))] = seen
    return found
