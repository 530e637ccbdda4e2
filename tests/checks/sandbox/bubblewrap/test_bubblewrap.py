import os
import re
import signal
import socket
from pathlib import Path

import pytest

from checks.model.errors import Refusal
from checks.model.trees import File
from checks.sandbox.bubblewrap import Bubblewrap, abilities
from checks.sandbox.port import MIB, Binding, Command, Ended, Limits
from tests.checks.sandbox.bubblewrap.kinds import KINDS, QUICK, ROOT, Kind, every, open_folder

FILES = (
    File("a.txt", b"one\n"),
    File("deep/er/run", b"#!/bin/sh\necho ran\n", "100755"),
    File("link", b"a.txt", "120000"),
    File("na\udcffme", b"bytes"),
    File("empty", b""),
)


@every
def test_the_command_runs_on_a_copy_of_the_files(kind: Kind):
    result = kind.run(
        ("/bin/sh", "-c", "pwd; cat a.txt link; ./deep/er/run; stat -c %a a.txt deep/er/run deep; ls | wc -l"), FILES
    )
    assert (result.ended, result.status, result.stderr) == (Ended.EXITED, 0, b"")
    assert result.stdout.decode().split() == ["/project", "one", "one", "ran", "644", "755", "755", "5"]


@every
def test_streams_report_and_environment(kind: Kind):
    result = kind.run(
        ("/bin/sh", "-c", "cat; echo err >&2; echo told >&3; exec env -0"),
        environment={"HOME": "/tmp/home", "ODD": "a\nb"},
        stdin=b"in\0put" * 40_000,
    )
    given = b"in\0put" * 40_000
    assert result.stdout.startswith(given)
    assert {b"HOME=/tmp/home", b"ODD=a\nb"} <= set(result.stdout[len(given) :].split(b"\0"))
    assert set(result.stdout[len(given) :].rstrip(b"\0").split(b"\0")) <= {
        b"HOME=/tmp/home",
        b"ODD=a\nb",
        b"PWD=/project",
    }
    assert (result.stderr, result.report) == (b"err\n", b"told\n")


@every
def test_only_four_descriptors_are_open(kind: Kind):
    one, two = socket.socketpair()
    for each in (one, two):
        each.set_inheritable(True)
    script = "import json, os\nprint(json.dumps(sorted(os.listdir('/proc/self/fd'), key=int)))"
    assert kind.tells(script) == ["0", "1", "2", "3", "4"]  # the last one is the listing itself
    one.close()
    two.close()


@every
@pytest.mark.parametrize(
    ("script", "status", "ended"),
    [
        ("exit 0", 0, Ended.EXITED),
        ("exit 7", 7, Ended.EXITED),
        ("exit 126", 126, Ended.EXITED),
        ("kill -SEGV $$", -signal.SIGSEGV, Ended.SIGNALLED),
        ("kill -KILL $$", -signal.SIGKILL, Ended.SIGNALLED),
    ],
)
def test_status(kind: Kind, script, status, ended):
    result = kind.run(("/bin/sh", "-c", script))
    assert (result.status, result.ended) == (status, ended)
    assert result.started > 0
    assert result.seconds >= 0


@every
def test_signals_are_as_a_program_expects_them(kind: Kind):
    result = kind.run(("/bin/sh", "-c", "grep -E 'Sig(Blk|Ign)' /proc/self/status"))
    masks = [int(each, 16) for each in re.findall(r"\t(\w+)", result.stdout.decode())]
    # 32 and above are the C library's own, which nobody can set: they are as our own parent had them
    assert [mask & 0x7FFFFFFF for mask in masks] == [0, 0]


@every
@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("../x", "leads out"),
        ("/x", "leads out"),
        ("a/../../x", "leads out"),
        ("a//x", "leads out"),
        ("./x", "leads out"),
        ("a\0b", "leads out"),
        ("", "leads out"),
        ("link/x", "leads through"),
        ("file/x", "leads through"),
        ("file", "comes twice"),
        ("link", "comes twice"),
    ],
)
def test_hostile_paths_are_refused(kind: Kind, path, said):
    files = (File("file", b"1"), File("link", b"/tmp", "120000"), File(path, b"2"))
    with pytest.raises(Refusal, match=said):
        kind.run(("/bin/true",), files)


@every
@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("/bin/not-there",), "No such file"),
        (("/etc/passwd",), "Permission denied"),
        (("/project",), "Permission denied"),
        (("relative",), "No such file"),
        (("/bin/echo", "a\0b"), "null byte"),
    ],
)
def test_a_command_that_cannot_begin_is_refused(kind: Kind, argv, said):
    with pytest.raises(Refusal, match=said):
        kind.run(argv)


@every
def test_bindings_are_seen_and_cannot_be_written(kind: Kind):
    places = ("/opt/deep/er", "/project/.env", "/tmp/x")
    script = (
        f"cat {' '.join(each + '/file' for each in places)}; echo no >/opt/deep/er/file || stat -c %a /opt /opt/deep"
    )
    with open_folder() as host:
        (host / "file").write_text("bound\n")
        command = Command(("/bin/sh", "-c", script), bindings=tuple(Binding(host, inside) for inside in places))
        result = kind.call(lambda sandbox: sandbox.run(command, FILES, QUICK))
        assert (host / "file").read_text() == "bound\n"
    assert result.stdout.split() == [b"bound"] * 3 + [b"755"] * 2


@pytest.mark.parametrize(
    ("folder", "inside"),
    [
        ("relative", "/opt"),
        ("/", "/opt"),
        ("/usr/lib/x", "/opt"),
        ("/proc/x", "/opt"),
        ("/tmp", "/opt"),
        ("/a/../b", "/opt"),
        ("/lib/x", "/opt"),
        ("/selfmod/x", "/opt"),
        ("/project", "opt"),
        ("/project", "/"),
        ("/project", "/usr"),
        ("/project", "/etc"),
        ("/project", "/proc/x"),
        ("/project", "/dev/shm"),
        ("/project", "/selfmod"),
        ("/project", "/selfmod/inside"),
        ("/project", "/a//b"),
        ("/project", "/a\0b"),
        ("/project", "/project"),
    ],
)
def test_places_that_are_taken_are_refused(folder, inside):
    command = Command(("/bin/true",), folder=folder, bindings=(Binding(Path("/usr"), inside),))
    with pytest.raises(Refusal, match="cannot be"):
        KINDS[0 if ROOT else 3].call(lambda sandbox: sandbox.run(command, (), QUICK))


def test_a_missing_binding_is_refused():
    command = Command(("/bin/true",), bindings=(Binding(Path("/not/there"), "/opt"),))
    with pytest.raises(Refusal, match="/not/there"):
        KINDS[0 if ROOT else 3].call(lambda sandbox: sandbox.run(command, (), QUICK))


@every
def test_other_folders_for_the_files(kind: Kind):
    command = Command(("/bin/sh", "-c", "pwd; cat a.txt; stat -c %a /root /root/code"), folder="/root/code/project")
    result = kind.call(lambda sandbox: sandbox.run(command, FILES, QUICK))
    assert result.stdout.split() == [b"/root/code/project", b"one", b"755", b"755"]


def test_an_interpreter_of_ones_own_below_a_home():
    sandbox = Bubblewrap()
    result = sandbox.run(Command((str(sandbox.python), "-I", "-c", "import json, ssl; print('up')")), (), QUICK)
    assert (result.stdout, result.stderr) == (b"up\n", b"")


@pytest.mark.parametrize("python", ["/not/there", "/etc/passwd"])
def test_an_interpreter_that_is_none_is_refused(python):
    with pytest.raises(Refusal, match=python):
        Bubblewrap(python=Path(python))


@every
def test_many_files(kind: Kind):
    files = tuple(File(f"p{number % 20}/m{number}.bin", os.urandom(16) * 300) for number in range(2000))
    result = kind.run(("/bin/sh", "-c", "find . -type f | wc -l; cat */m1999.bin | wc -c"), files)
    assert result.stdout.split() == [b"2000", b"4800"]


@every
def test_more_files_than_the_disk_holds_are_refused(kind: Kind):
    files = (File(f"{number}", bytes(MIB)) for number in range(20))
    with pytest.raises(Refusal, match="No space left"):
        kind.run(("/bin/true",), files, Limits(seconds=20, disk=16 * MIB))


def test_abilities_all_hold_here():
    assert [(each.name, each.seen) for each in abilities() if not each.holds] == []
    assert {"bubblewrap", "namespaces", "network", "system call filter", "user", "limits"} == {
        each.name for each in abilities()
    }
