from pathlib import Path

import pytest

from checks.sandbox.limits import groups
from checks.sandbox.limits.groups import Group, Place
from checks.sandbox.port import MIB, Limits

V1 = """\
24 1 0:22 / /proc rw,relatime - proc proc rw
31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
33 31 0:33 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:5 - cgroup cgroup rw,cpu,cpuacct
39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
"""
V2 = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
DOCKER = "600 599 0:32 /docker/abc /sys/fs/cgroup/memory ro,nosuid master:11 - cgroup cgroup rw,memory\n"


@pytest.mark.parametrize(
    ("mountinfo", "cgroup", "expected"),
    [
        (V1, "4:memory:/a/b\n8:pids:/\n0::/", {"memory": "/sys/fs/cgroup/memory/a/b", "pids": "/sys/fs/cgroup/pids"}),
        (V1, "2:cpu,cpuacct:/x\n", dict.fromkeys(("cpu", "cpuacct"), "/sys/fs/cgroup/cpu,cpuacct/x")),
        (V2, "0::/user.slice/session-1.scope\n", {"": "/sys/fs/cgroup/user.slice/session-1.scope"}),
        (V2, "0::/\n", {"": "/sys/fs/cgroup"}),
        (V2, "0::/../elsewhere\n", {}),
        (V1 + V2, "0::/x\n4:memory:/y\n", {"": "/sys/fs/cgroup/x", "memory": "/sys/fs/cgroup/memory/y"}),
        (DOCKER, "4:memory:/docker/abc\n", {"memory": "/sys/fs/cgroup/memory"}),
        (DOCKER, "4:memory:/docker/abc/in\n", {"memory": "/sys/fs/cgroup/memory/in"}),
        ("", "0::/\n", {}),
    ],
)
def test_own_groups(mountinfo, cgroup, expected):
    found = groups.own(cgroup, groups.mounts(mountinfo))
    assert {name: str(folder) for name, (folder, _) in found.items()} == expected


@pytest.mark.parametrize(
    ("version", "file", "text", "expected"),
    [
        (2, "memory.events", "low 0\noom 3\noom_kill 1\noom_group_kill 0\n", True),
        (2, "memory.events", "oom 3\noom_kill 0\n", False),
        (1, "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n", True),
        (1, "memory.oom_control", "oom_kill_disable 1\nunder_oom 1\n", False),
        (2, "other", "", False),
    ],
)
def test_exhausted(tmp_path: Path, version, file, text, expected):
    (tmp_path / file).write_text(text)
    assert Group(version, tmp_path, (tmp_path,)).exhausted() is expected


@pytest.mark.parametrize(
    ("version", "file", "text", "expected"),
    [(2, "memory.peak", "4096\n", 4096), (1, "memory.max_usage_in_bytes", "8192\n", 8192), (2, "other", "", None)],
)
def test_peak(tmp_path: Path, version, file, text, expected):
    (tmp_path / file).write_text(text)
    assert Group(version, tmp_path, (tmp_path,)).peak() == expected


def test_what_a_dead_process_left_is_swept_and_nothing_else(tmp_path: Path):
    alive = groups._name()
    folders = ["selfmod-4194304-12-00ff", "selfmod-1-1-ab", alive, "selfmod-other", "else"]
    for name in folders:
        (tmp_path / name).mkdir()
    groups.sweep(Place(2, tmp_path, tmp_path))
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted([alive, "selfmod-other", "else"])


def test_a_group_of_this_host():
    place = groups.place()
    if place is None:
        pytest.skip("NOT TRIED: no control group can be made here")
    limits = Limits(memory=64 * MIB, processes=7)
    with groups.group(place, limits) as group:
        name = "memory.max" if group.version == 2 else "memory.limit_in_bytes"
        assert int((group.memory / name).read_text()) == 64 * MIB
        if place.processes:
            assert int((group.folders[-1] / "pids.max").read_text()) == 9
        assert not group.exhausted()
    assert not any(folder.exists() for folder in group.folders)
    with pytest.raises(OSError, match="No such file"), groups.group(Place(1, Path("/not/there"), None), limits):
        pass
