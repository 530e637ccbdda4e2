"""The exact words that an engine is told."""

from pathlib import Path

import pytest

from checks.model.errors import Refusal
from checks.sandbox.container import arguments
from checks.sandbox.port import MIB, Binding, Limits

SANDBOX = Path(arguments.__file__).parents[1]


def test_the_argument_list() -> None:
    bindings = (Binding(Path("/opt/python"), "/opt/python"), Binding(Path("/home/a b/site"), "/packages/site"))
    limits = Limits(memory=64 * MIB, processes=9, disk=32 * MIB)
    said = arguments.run("/usr/bin/podman", "image:tag", "selfmod-1-ab", "/project", Path("/pipes"), bindings, limits)
    assert said == [
        "/usr/bin/podman",
        "run",
        "--interactive",
        "--pull=never",
        "--name=selfmod-1-ab",
        "--label=selfmod.sandbox",
        "--network=none",
        "--ipc=private",
        "--read-only",
        "--cap-drop=ALL",
        "--security-opt=no-new-privileges",
        "--user=65534:65534",
        "--hostname=sandbox",
        "--log-driver=none",
        "--oom-score-adj=1000",
        "--workdir=/",
        "--pids-limit=9",
        "--memory=67108864",
        "--memory-swap=67108864",
        "--ulimit=core=0:0",
        "--ulimit=fsize=33554432:33554432",
        "--shm-size=268435456",
        "--tmpfs=/project:rw,exec,nosuid,nodev,size=33554432,mode=1777",
        "--tmpfs=/tmp:rw,exec,nosuid,nodev,size=268435456,mode=1777",
        f"--mount=type=bind,source={SANDBOX}/inside,target=/selfmod-start,readonly",
        f"--mount=type=bind,source={SANDBOX}/reporter,target=/selfmod,readonly",
        "--mount=type=bind,source=/pipes,target=/selfmod-pipes,readonly",
        "--mount=type=bind,source=/opt/python,target=/opt/python,readonly",
        "--mount=type=bind,source=/home/a b/site,target=/packages/site,readonly",
        "--entrypoint=/bin/sh",
        "image:tag",
        "-c",
        'exec python3 -I -S /selfmod-start/start.py 5 6 7 5<"$0/stream" 6>"$0/status" 7>"$0/report"',
        "/selfmod-pipes",
    ]


@pytest.mark.parametrize(
    "path", ["relative", "/a,readonly=false", "/a:rw", "/a/../b", '/a"b', "/a\nb", "/a\\b", "/a\0b"]
)
def test_paths_that_an_engine_would_misread(path: str) -> None:
    with pytest.raises(Refusal, match="cannot be bound into a container"):
        list(arguments.mounts([Binding(Path("/host"), path)]))
    with pytest.raises(Refusal, match="cannot be bound into a container"):
        arguments.run("docker", "image", "name", path, Path("/pipes"), (), Limits())
