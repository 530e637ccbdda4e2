import ctypes
import os
from pathlib import Path

import pytest

from checks.model.errors import Refusal
from checks.sandbox import host, seccomp
from checks.sandbox.bubblewrap import Bubblewrap
from checks.sandbox.port import Command
from tests.checks.sandbox.bubblewrap.kinds import KINDS, QUICK, ROOT, as_nobody


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("bwrap: setting up uid map: Permission denied", "namespaces are refused"),
        ("bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted", "namespaces are refused"),
        ("bwrap: Creating new namespace failed: Operation not permitted", "namespaces are refused"),
        ("bwrap: No permissions to create new namespace, likely because", "namespaces are refused"),
        ("bwrap: Can't find source path /x: No such file or directory", "bubblewrap says: Can't find source path /x"),
        ("warning\nbwrap: Can't mkdir /x: Read-only file system", "bubblewrap says: Can't mkdir /x"),
    ],
)
def test_what_bubblewrap_says(said, reason):
    assert reason in host.refused(said).reason


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("kernel/apparmor_restrict_unprivileged_userns", "1\n", "bwrap-userns-restrict"),
        ("kernel/apparmor_restrict_unprivileged_userns", "1\n", "kernel.apparmor_restrict_unprivileged_userns=0"),
        ("kernel/unprivileged_userns_clone", "0\n", "kernel.unprivileged_userns_clone=1"),
        ("user/max_user_namespaces", "0\n", "user.max_user_namespaces=16384"),
        ("user/max_user_namespaces", "96364\n", "the container"),
        ("other", "", "the container"),
    ],
)
def test_the_remedy(tmp_path: Path, name, content, expected):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(content)
    switches = [(tmp_path / place.relative_to("/proc/sys"), shut, wide) for place, shut, wide in host.SWITCHES]
    assert expected in host.remedy(False, switches)


def without_namespaces(function):
    """Calls the function where the kernel refuses user namespaces, by a filter as containers have them."""

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))

    def inner():
        steps = seccomp.program(seccomp.machine_of(os.uname().machine), counted=True)
        prctl = ctypes.CDLL(None).prctl
        assert prctl(38, 1, 0, 0, 0) == 0
        assert prctl(22, 2, ctypes.byref(Program(len(steps) // 8, steps)), 0, 0) == 0
        return function()

    return as_nobody(inner)


@pytest.mark.skipif(not ROOT, reason="NOT TRIED: as root only a child process of another user is filtered")
@pytest.mark.parametrize("kind", KINDS[3:], ids=str)
def test_refused_namespaces_are_a_refusal_with_a_remedy(kind):
    with pytest.raises(Refusal, match="namespaces are refused") as refused:
        without_namespaces(lambda: kind.made().run(Command(("/bin/true",)), (), QUICK))
    assert "Allow user namespaces" in refused.value.hint


def test_processes_beside_those_of_the_command():
    assert host.others(root=True) == 0
    assert host.others(root=False) >= 2


@pytest.mark.parametrize("python", ["/usr/bin/python3", None])
def test_only_what_the_interpreter_needs_is_bound(python):
    real, parts = host.interpreter(Path(python) if python else None)
    assert real.is_file()
    if str(real).startswith("/usr/"):
        assert parts == ()
    else:
        assert parts[0] == real
        assert {each.parent for each in parts[1:]} == {real.parent.parent / "lib"}
    assert Bubblewrap(python=real).python == real
