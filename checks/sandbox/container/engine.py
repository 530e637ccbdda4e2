"""A container engine (podman, docker) as a sandbox: *unverified*. It is written to what the engines' documentation says
of their command lines; no engine was at hand to try it with, so that nobody is given it without asking for it.

What is checked all the same, by the start script inside: no capability is left, no privilege can be had, a filter of
system calls is in force. Files, verdict and status go through named pipes, for docker hands on no descriptors.
"""

import os
import secrets
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from checks.model.errors import Refusal
from checks.model.trees import File
from checks.sandbox.binary import FOLDERS
from checks.sandbox.container import arguments
from checks.sandbox.limits.watch import Ends, Seen, Watch
from checks.sandbox.port import Ability, Command, Ended, Limits, Result
from checks.sandbox.stream import stream

ENGINES = ("podman", "docker")
IMAGE = "docker.io/library/python:3-slim"
"""Has the C library, a shell and a Python for the start script; what the tests need is bound."""
_BACK = ("status", "report")
ANSWER = 20.0
"""Seconds for the engine's answer to a question."""
_HINT = "Install bubblewrap instead: apt-get install bubblewrap"


class Container:
    """`program` is the engine's (None: the first of ENGINES that this host has); the image must be there already.

    Raises Refusal where there is no engine."""

    name = "container"
    weaker = "the container engine is trusted, and this way of using it was never tried for real"

    def __init__(self, program: Path | None = None, image: str = IMAGE) -> None:
        found = program or installed()
        if found is None:
            raise Refusal("no sandbox: neither podman nor docker is installed.", _HINT)
        self.program, self.image = str(found), image

    def run(
        self, command: Command, files: Iterable[File], limits: Limits, cancelled: Callable[[], bool] = lambda: False
    ) -> Result:
        """As `port.Sandbox.run`."""
        begun = time.monotonic()
        self._sweep()
        name = f"selfmod-{os.getpid()}-{secrets.token_hex(8)}"
        settings = {"folder": command.folder, "bare": "1", "filtered": "1"}
        sent = stream(command, files, settings=settings, limits={"RLIMIT_CORE": 0})
        with ExitStack() as stack:
            pipes = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="selfmod-pipes-")))
            argv = arguments.run(self.program, self.image, name, command.folder, pipes, command.bindings, limits)
            process, ends = stack.enter_context(_started(argv, pipes))
            stack.callback(self._asked, "rm", "--force", "--volumes", name)
            with Watch(ends, sent, command.stdin, limits) as watch:
                watch.follow(cancelled, lambda: None)
                if process.poll() is None:
                    self._asked("kill", name)
                    process.wait(ANSWER)
                watch.drain()
            starved = self._asked("inspect", "--format={{.State.OOMKilled}}", name).strip() == b"true"
            return _result(watch.seen, process.wait(ANSWER), starved, begun)

    def _sweep(self) -> None:
        """Removes the containers of runs that were killed."""
        listed = self._asked("ps", "--all", f"--filter=label={arguments.LABEL}", "--format={{.Names}}")
        for name in listed.decode("utf-8", "replace").split():
            words = name.split("-")
            if len(words) == 3 and words[1].isdecimal() and not Path("/proc", words[1]).exists():
                self._asked("rm", "--force", "--volumes", name)

    def _asked(self, *words: str) -> bytes:
        return asked((self.program, *words))[1]


def installed() -> Path | None:
    """The engine of this host; never the PATH's, which a repository's environment may have changed."""
    places = (folder / name for name in ENGINES for folder in FOLDERS)
    return next((place for place in places if place.is_file() and os.access(place, os.X_OK)), None)


def asked(words: Sequence[str]) -> tuple[int, bytes]:
    """The exit code and the output of a question to the engine; -1 where it does not answer."""
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=ANSWER, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return -1, b""
    return done.returncode, done.stdout


@contextmanager
def _started(argv: Sequence[str], pipes: Path) -> Iterator[tuple["subprocess.Popen[bytes]", Ends]]:
    """The engine's own program, attached to the container, and our ends of the pipes, which Watch closes."""
    for name in arguments.NAMES:
        os.mkfifo(pipes / name)
        (pipes / name).chmod(0o666)
    pipes.chmod(0o755)
    try:
        process = subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        )
    except OSError as error:
        raise Refusal(f"no sandbox: {argv[0]} cannot be started: {error.strerror}.", _HINT) from None
    # open for both it waits for nobody, and held it keeps what was written until somebody reads
    held = os.open(pipes / "stream", os.O_RDWR | os.O_CLOEXEC)
    try:
        stream_end = os.open(pipes / "stream", os.O_RDWR | os.O_CLOEXEC)
        status, report = (os.open(pipes / name, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC) for name in _BACK)
        stdin, stdout, stderr = (
            os.dup(pipe.fileno()) for pipe in (process.stdin, process.stdout, process.stderr) if pipe is not None
        )
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
        yield process, Ends(process.pid, stream_end, stdin, stdout, stderr, report, status)
    finally:
        os.close(held)
        if process.poll() is None:
            process.kill()
        process.wait()


def _result(seen: Seen, status: int, starved: bool, begun: float) -> Result:
    """What came of it. Raises Refusal where the command never began."""
    ended = seen.ended or (Ended.MEMORY if starved else None)
    if seen.began is None and ended is None:
        said = seen.stderr.decode("utf-8", "replace").strip().splitlines() or [f"it ended with {status}"]
        raise Refusal(f"no sandbox: the container engine says: {said[-1][:300]}.", _HINT)
    if ended is not None:
        status = -signal.SIGKILL
    elif 128 < status <= 192:
        status = 128 - status
    began = seen.began or seen.over
    return Result(
        status=status,
        ended=ended or (Ended.EXITED if status >= 0 else Ended.SIGNALLED),
        stdout=bytes(seen.stdout),
        stderr=bytes(seen.stderr),
        report=bytes(seen.report),
        started=began - begun,
        seconds=max(0.0, seen.over - began),
    )


def abilities(program: Path | None = None, image: str = IMAGE) -> tuple[Ability, ...]:
    """What this host has of it. The last never holds: nobody has seen it isolate."""
    found = program or installed()
    if found is None:
        return (Ability("an engine", False, "neither podman nor docker is installed", _HINT),)
    engine = Ability("an engine", True, str(found))
    if asked((str(found), "version"))[0] != 0:
        return (engine, Ability("its service", False, f"{found.name} does not answer", f"Start it. {_HINT}"))
    there = asked((str(found), "image", "inspect", image))[0] == 0
    return (
        engine,
        Ability("its service", True, f"{found.name} answers"),
        Ability("an image", there, image, "" if there else f"Fetch it: {found.name} pull {image}"),
        Ability("verified", False, "this backend was never tried with an engine", _HINT),
    )
