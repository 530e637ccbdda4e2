"""The weaker sandbox, run for real by an ordinary user: what it keeps out, what works inside, how a run ends."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from checks.model.errors import Refusal
from checks.model.trees import File
from checks.sandbox.port import MIB, Binding, Command, Ended, Limits, Result
from checks.sandbox.weaker import rules
from checks.sandbox.weaker.landlock import Landlock, abilities, needs
from tests.checks.sandbox.weaker.unprivileged import USER, as_user, interpreter

pytestmark = pytest.mark.skipif(rules.version() < rules.LEAST, reason="the kernel's Landlock is too old")

FEW = Limits(seconds=20, memory=300 * MIB, disk=40 * MIB, processes=40, output=20_000)
ROOT = Path(__file__).parents[4]


def run(
    script: str, files: tuple[File, ...] = (), limits: Limits = FEW, stdin: bytes = b"", **environment: str
) -> Result:
    python = interpreter()
    prefix = Path(python).resolve().parent.parent
    bindings = tuple(Binding(Path(each), each) for each in {str(prefix), sys.prefix, sys.base_prefix})
    command = Command((python, "-I", "-c", script), stdin=stdin, bindings=bindings, environment=environment)
    return as_user(lambda: Landlock(python=python).run(command, files, limits))


def left() -> list[str]:
    mine = USER if os.geteuid() == 0 else os.geteuid()
    found = []
    for place in Path(tempfile.gettempdir()).glob("selfmod-run-*"):
        with contextlib.suppress(FileNotFoundError):
            found += [str(place)] if place.stat().st_uid == mine else []
    return found


def test_files_descriptors_and_paths() -> None:
    script = """
import os, sys
print(sorted(os.listdir(".")), os.readlink("link"), oct(os.stat("run.sh").st_mode), open("a/b.py").read())
print(sys.stdin.read() == os.getcwd() + "/x", sorted(os.environ), os.environ["HOME"] == os.environ["TMPDIR"] + "/home")
print(os.environ["WHERE"] == os.getcwd(), [n for n in os.listdir("/proc/self/fd") if int(n) < 4], file=sys.stderr)
os.write(3, b"report")
"""
    files = (File("a/b.py", b"text"), File("run.sh", b"", "100755"), File("link", b"/etc/passwd", "120000"))
    result = run(script, files, stdin=b"/project/x", HOME="/tmp/home", WHERE="/project")  # inside
    assert (result.status, result.ended, result.report) == (0, Ended.EXITED, b"report"), result.stderr
    names = "['HOME', 'LC_CTYPE', 'TMPDIR', 'WHERE']"
    assert result.stdout.decode() == f"['a', 'link', 'run.sh'] /etc/passwd 0o100755 text\nTrue {names} True\n"
    assert result.stderr == b"True ['0', '1', '2', '3']\n"
    assert result.started > 0 and result.peak_memory is not None and result.peak_memory > MIB
    assert not left()


WALLS = {
    "read": "open('/etc/shadow-' if os.path.exists('/etc/shadow-') else '/etc/hostname').read()",
    "read selfmod": f"open({str(ROOT / 'pyproject.toml')!r}).read()",
    "list home": "os.listdir('/home')",
    "list the root": "os.listdir('/')",
    "write to tmp": "open('/tmp/escaped', 'w')",
    "write to shared memory": "open('/dev/shm/escaped', 'w')",
    "make a folder": "os.mkdir('../escaped')",
    "rename out": "open('f', 'w').close(); os.rename('f', '/tmp/escaped')",
    "link in": "os.link('/etc/passwd', 'passwd')",
    "mode of another file": "os.chmod('/usr', 0o755)",
    "mode through a link": "os.symlink('/usr', 'l'); os.chmod('l', 0o755)",
    "mode by descriptor": "os.fchmod(os.open('/dev/null', os.O_RDONLY), 0o666)",
    "mode of the keeper's": "os.chmod('/proc/self/cwd', 0o700)",
    "times of another file": "os.utime('/dev/null')",
    "owner": "open('f', 'w').close(); os.chown('f', os.getuid(), os.getgid())",
    "attribute": "open('f', 'w').close(); os.setxattr('f', b'user.x', b'1')",
    "tcp": "socket.socket(socket.AF_INET, socket.SOCK_STREAM)",
    "udp": "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
    "unix": "socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)",
    "netlink": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "unix datagram pair": "socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)",
    "connect a pair": "socket.socketpair()[0].connect('/run/x')",
    "signal the keeper": "os.kill(os.getppid(), 0)",
    "environment of the keeper": "open(f'/proc/{os.getppid()}/environ').read()",
    "memory of the keeper": "open(f'/proc/{os.getppid()}/mem', 'rb').read(1)",
    "limits of another": "resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE)",
    "priority of another": "os.setpriority(os.PRIO_PROCESS, os.getppid(), 5)",
    "priority of the user": "os.setpriority(os.PRIO_USER, 0, 5)",
    "processor of another": "os.sched_setaffinity(os.getppid(), [0])",
    "anonymous file": "os.memfd_create('x')",
    "namespace": "call(272 if x86 else 97, 0x10000000)",
    "namespace by clone": "call(56 if x86 else 220, 0x10000000 | 17, 0, 0, 0, 0)",
    "ptrace": "call(101 if x86 else 117, 16, os.getppid(), 0, 0)",
    "io_uring": "call(425, 1, 0)",
    "shared memory": "call(29 if x86 else 194, 0, 4096, 0o1600)",
    "message queue": "call(240 if x86 else 180, b'x', 0o102, 0o600, 0)",
    "keys": "call(250 if x86 else 219, 0, -3, 0)",
    "typing into a terminal": "fcntl.ioctl(0, 0x5412, b'x')",
    "set-user-id": "open('f', 'w').close(); os.chmod('f', 0o4755); os.stat('f').st_mode & 0o4000 or call(-1)",
}
PREAMBLE = """
import ctypes, fcntl, os, resource, socket
x86 = os.uname().machine == "x86_64"
libc = ctypes.CDLL(None, use_errno=True)
def call(*arguments):
    if libc.syscall(*arguments) < 0:
        raise OSError(ctypes.get_errno(), "refused")
def tried(name, source):
    try:
        exec(source)
    except OSError:
        return
    print("DONE:", name)
"""


def test_the_walls() -> None:
    result = run(
        PREAMBLE + "".join(f"tried({name!r}, {source!r})\n" for name, source in WALLS.items()) + "print('end')"
    )
    assert (result.stdout, result.status) == (b"end\n", 0), result.stderr


def test_the_walls_are_felt(tmp_path: Path) -> None:
    """The same without the sandbox: most of it can be done, so that the table above would notice."""
    expected = ("read selfmod", "list home", "list the root", "write to tmp", "tcp", "udp", "unix", "anonymous file")
    chosen = {name: WALLS[name].replace("/tmp/escaped", str(tmp_path / "escaped")) for name in expected}
    lines = PREAMBLE + "".join(f"tried({name!r}, {source!r})\n" for name, source in chosen.items())
    said = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=True).stdout
    assert said.splitlines() == [f"DONE: {name}" for name in expected]


WORKS = {
    "modes": "open('f', 'w').close(); os.chmod('f', 0o640); assert os.stat('f').st_mode & 0o777 == 0o640",
    "modes by descriptor": "d = os.open('f', 0); os.fchmod(d, 0o600); assert os.fstat(d).st_mode & 0o777 == 0o600",
    "modes in a folder": "os.chmod('f', 0o700, dir_fd=os.open('.', os.O_RDONLY)); assert os.access('f', os.X_OK)",
    "times": "os.utime('f', (5, 6)); assert os.stat('f').st_mtime == 6",
    "times now": "os.utime('f'); assert os.stat('f').st_mtime > 1e9",
    "times by descriptor": "os.utime(os.open('f', os.O_RDONLY), (7, 8)); assert os.stat('f').st_mtime == 8",
    "copies": "import shutil; os.mkdir('d'); shutil.copy2('f', 'd'); shutil.copytree('d', 'e'); shutil.rmtree('e')",
    "temporary files": "import tempfile; tempfile.TemporaryDirectory().cleanup(); tempfile.TemporaryFile().write(b'x')",
    "programs": "import subprocess; assert subprocess.check_output(['/bin/echo', 'x']) == b'x\\n'",
    "a script of its own": (
        "open('s', 'w').write('#!/bin/sh\\necho hi'); os.chmod('s', 0o755); import subprocess; "
        "assert subprocess.check_output(['./s']) == b'hi\\n'"
    ),
    "threads": "import threading; t = threading.Thread(target=print, args=('t',)); t.start(); t.join()",
    "asyncio": "import asyncio; asyncio.run(asyncio.sleep(0))",
    "signals among themselves": "p = os.fork() or __import__('time').sleep(60); os.kill(p, 9); os.wait()",
    "a FIFO": "os.mkfifo('fifo')",
    "links": "os.symlink('f', 'link'); os.utime('link', (1, 1), follow_symlinks=False); os.link('f', 'hard')",
    "no such file": (
        "try: os.chmod('none', 0)\nexcept FileNotFoundError: pass\nelse: raise AssertionError\n"
        "try: os.fchmod(99, 0)\nexcept OSError as e: assert e.errno == 9"
    ),
    "its own priority": "os.nice(1); os.sched_setaffinity(0, os.sched_getaffinity(0))",
    "its own limits": "resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))",
}


def test_what_works() -> None:
    lines = [
        f"try: exec({source!r})\nexcept BaseException as e: print({name!r}, repr(e))\n"
        for name, source in WORKS.items()
    ]
    result = run(PREAMBLE + "".join(lines) + "print('end')")
    assert (result.stdout, result.status) == (b"t\nend\n", 0), result.stderr


@pytest.mark.parametrize(
    ("script", "ended", "limits"),
    [
        ("import sys; sys.exit(7)", Ended.EXITED, FEW),
        ("import os; os.kill(os.getpid(), 11)", Ended.SIGNALLED, FEW),
        ("while True: pass", Ended.TIME, Limits(seconds=0.3)),
        (
            "import os\nwhile True:\n try: os.fork()\n except OSError: pass",
            Ended.TIME,
            Limits(seconds=0.5, processes=50),
        ),
        ("x = bytearray(b'x') * (500 << 20)\nwhile True: pass", Ended.MEMORY, FEW),
        (
            "import os, time\nfor _ in range(6):\n if os.fork() == 0:\n  x = bytearray(b'x') * (70 << 20)\n  break\n"
            "time.sleep(20)",
            Ended.MEMORY,
            FEW,
        ),
        ("for n in range(99): open(str(n), 'wb').write(bytes(1 << 20))\nwhile True: pass", Ended.DISK, FEW),
        (
            "import os\nkept = []\nfor n in range(9):\n f = open('f', 'wb', 0)\n os.unlink('f')\n"
            " f.write(bytes(9 << 20))\n kept.append(f)\nwhile True: pass",
            Ended.DISK,
            FEW,
        ),
        (
            "import os\nos.mkdir('d')\nos.chmod('d', 0o300)\n"
            "for n in range(9): open(f'd/{n}', 'wb').write(bytes(9 << 20))\nwhile True: pass",
            Ended.DISK,
            FEW,
        ),
        (
            "import os, shutil\nshutil.copy('/bin/sleep', 's')\nos.chmod('s', 0o111)\nos.execv('./s', ['s', '20'])",
            Ended.MEMORY,  # it hides what it has open
            FEW,
        ),
        ("while True: print('x' * 1000)", Ended.OUTPUT, FEW),
        ("import sys\nwhile True: print('x' * 1000, file=sys.stderr)", Ended.OUTPUT, FEW),
        ("import os\nwhile True: os.write(3, b'x' * 1000)", Ended.OUTPUT, Limits(seconds=20, report=5000)),
        ("print('x' * 19999)", Ended.EXITED, FEW),
    ],
)
def test_ends(script: str, ended: Ended, limits: Limits) -> None:
    result = run(script, limits=limits)
    assert result.ended is ended, result
    assert result.status == (-11 if ended is Ended.SIGNALLED else -9 if ended is not Ended.EXITED else result.status)
    assert len(result.stdout) <= limits.output and len(result.report) <= limits.report
    assert not left()


def test_shared_pages_count_once() -> None:
    script = (
        "import os, time\nx = bytearray(b'x') * (120 << 20)\nfor _ in range(4):\n if os.fork() == 0:\n"
        "  time.sleep(0.5)\n  os._exit(0)\nfor _ in range(4): os.wait()\nprint('done')"
    )
    result = run(script)
    assert (result.ended, result.stdout) == (Ended.EXITED, b"done\n")


def daemon(marker: str) -> str:
    return (
        f"import os, time\nfor _ in range(3):\n if os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0:\n"
        f"   time.sleep({marker})\n  os._exit(0)\n"
    )


def running(marker: str) -> int:
    count = 0
    for process in Path("/proc").iterdir():
        try:
            count += process.name.isdecimal() and marker in (process / "cmdline").read_text()
        except OSError:
            continue
    return count


def test_daemons_end_with_the_run() -> None:
    result = run(daemon("7711") + "print('left')")
    assert (result.ended, result.stdout, running("7711")) == (Ended.EXITED, b"left\n", 0)


def test_a_killed_selfmod_leaves_nothing() -> None:
    python = interpreter()
    command = Command((python, "-I", "-c", daemon("7722") + "time.sleep(7722)"))

    def killed() -> int:
        child = os.fork()
        if child == 0:
            Landlock(python=python).run(command, (), Limits())
            os._exit(0)
        wait(lambda: running("7722") >= 4)
        os.kill(child, signal.SIGKILL)
        return os.waitpid(child, 0)[0]

    assert as_user(killed)
    wait(lambda: running("7722") == 0 and not left())


def wait(reached: Callable[[], bool]) -> None:
    """Until something holds that another process brings about."""
    end = time.monotonic() + 20
    while not reached():
        assert time.monotonic() < end
        os.sched_yield()


def test_cancelled_and_interrupted() -> None:
    python = interpreter()
    command = Command((python, "-I", "-c", daemon("7733") + "time.sleep(7733)"))
    calls = iter(range(1000))
    landlock = Landlock(python=python)
    assert as_user(lambda: landlock.run(command, (), Limits(), lambda: next(calls) > 9)).ended is Ended.CANCELLED
    assert (running("7733"), left()) == (0, [])

    def files() -> Iterator[File]:
        yield File("a", b"")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        as_user(lambda: landlock.run(command, files(), Limits()))
    assert (running("7733"), left()) == (0, [])


@pytest.mark.parametrize(
    ("argv", "files", "why"),
    [
        (("/nonexistent",), (), "No such file"),
        ((str(ROOT / "pyproject.toml"),), (), "Permission denied"),
        (("/bin/true",), (File("../x", b""),), "leads out of the folder"),
        (("/bin/true",), (File("l", b"/tmp", "120000"), File("l/x", b"")), "leads through a file, a link"),
        (("/bin/true",), (File("x", bytes(41 * MIB)),), "more than the 40 MiB of the sandbox's disk"),
    ],
)
def test_refusals(argv: tuple[str, ...], files: tuple[File, ...], why: str) -> None:
    landlock = Landlock(python=interpreter())
    with pytest.raises(Refusal, match=why):
        as_user(lambda: landlock.run(Command(argv), files, FEW))
    assert not left()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is refused for being root")
def test_never_as_root() -> None:
    with pytest.raises(Refusal, match="selfmod runs as root"):
        Landlock().run(Command(("/bin/true",)), (), FEW)
    assert [each.name for each in needs() if not each.holds] == ["no root"]


def test_abilities() -> None:
    python = interpreter()
    found = as_user(lambda: abilities(python))
    assert all(each.holds and each.seen and not each.remedy for each in found), found
    assert found[-1].name == "a trial"
