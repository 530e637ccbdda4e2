"""What an engine is told, as docker's and podman's command lines are documented.

Source: https://docs.docker.com/reference/cli/docker/container/run/ and
https://docs.podman.io/en/latest/markdown/podman-run.1.html
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from checks.model.errors import Refusal
from checks.sandbox import port
from checks.sandbox.port import MIB, OURS, Binding, Limits
from checks.sandbox.stream import START

REPORTER = Path(port.__file__).parent / "reporter"

USER = 65534
START_FOLDER, PIPES = "/selfmod-start", "/selfmod-pipes"
"""Where the start script lies inside, and the three named pipes that lead to it."""
ROOM = 256 * MIB
"""Bytes of /tmp and of /dev/shm, each; they count as memory."""
LABEL = "selfmod.sandbox"
NAMES = ("stream", "status", "report")
_BEGIN = f'exec python3 -I -S {START_FOLDER}/{START.name} 5 6 7 5<"$0/stream" 6>"$0/status" 7>"$0/report"'
"""What the container runs: the start script with the pipes opened for it; the folder is the only argument."""


def run(
    engine: str, image: str, name: str, folder: str, pipes: Path, bindings: Sequence[Binding], limits: Limits
) -> list[str]:
    """The argument list that starts a new container. `folder` is where the files are put, `pipes` a folder of the host
    with the three pipes NAMES (a read-only mount does not keep pipes from being written to); the image is never pulled.
    Raises Refusal for a path that the engine would read as something else."""
    return [
        *(engine, "run", "--interactive", "--pull=never", f"--name={name}", f"--label={LABEL}"),
        *("--network=none", "--ipc=private", "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges"),
        *(f"--user={USER}:{USER}", "--hostname=sandbox", "--log-driver=none", "--oom-score-adj=1000", "--workdir=/"),
        *(f"--pids-limit={limits.processes}", f"--memory={limits.memory}", f"--memory-swap={limits.memory}"),
        *("--ulimit=core=0:0", f"--ulimit=fsize={limits.disk}:{limits.disk}", f"--shm-size={ROOM}"),
        f"--tmpfs={path(folder)}:rw,exec,nosuid,nodev,size={limits.disk},mode=1777",
        f"--tmpfs=/tmp:rw,exec,nosuid,nodev,size={ROOM},mode=1777",
        *mounts((Binding(START.parent, START_FOLDER), Binding(REPORTER, OURS), Binding(pipes, PIPES), *bindings)),
        *("--entrypoint=/bin/sh", image, "-c", _BEGIN, PIPES),
    ]


def mounts(bindings: Sequence[Binding]) -> Iterator[str]:
    """What is seen of the host, read-only."""
    for binding in bindings:
        yield f"--mount=type=bind,source={path(str(binding.host))},target={path(binding.inside)},readonly"


def path(text: str) -> str:
    """The path itself. Raises Refusal where it is not absolute, or holds what parts values in an engine's options."""
    if not Path(text).is_absolute() or set(text) & set(',:"\\\n\0') or ".." in text.split("/"):
        raise Refusal(f"{os.fsencode(text)!r} cannot be bound into a container.", "Rename the folder.")
    return text
