"""A backend of the sandbox's port that isolates nothing: for tests, which bring their own projects, and to show that
the hostile suite would notice."""

import contextlib
import os
import re
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from checks.model.trees import File
from checks.sandbox import port
from checks.sandbox.mounts import TEMPORARY
from checks.sandbox.port import Binding, Command, Ended, Limits, Result

REPORTER = Path(port.__file__).parent / "reporter"
"""Our own scripts, which lie under port.OURS inside."""


class Bare:
    """Runs the command as an ordinary process in a temporary folder. Of the limits only time, output and report hold.

    Nothing can be bound without a mount, so that paths in `argv`, the environment and standard input are rewritten:
    the command's folder, port.OURS, and bindings that lie elsewhere inside than on the host. A variable that names the
    folder for temporary files names one of this run's own: pytest removes what earlier sessions left in the shared one,
    which can take minutes."""

    name = "bare"
    weaker = "nothing is isolated"

    def run(
        self, command: Command, files: Iterable[File], limits: Limits, cancelled: Callable[[], bool] = lambda: False
    ) -> Result:
        """Runs the command on a copy of the files, which is gone afterwards. Raises OSError if it cannot be started."""
        begun = time.monotonic()
        top = Path(tempfile.mkdtemp(prefix="bare-"))
        try:
            folder = top / "project"
            folder.mkdir()
            (top / "temporary").mkdir()
            write(folder, files)
            places = {command.folder: str(folder), port.OURS: str(REPORTER), **_bound(top, command.bindings)}
            return _Running(command, limits, cancelled, folder, places, begun).finish()
        finally:
            shutil.rmtree(top, ignore_errors=True)


def write(folder: Path, files: Iterable[File]) -> None:
    """Puts the files under the folder, links as links."""
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if file.mode == "120000":
            path.symlink_to(os.fsdecode(file.content))
        else:
            path.write_bytes(file.content)
            path.chmod(0o755 if file.mode == "100755" else 0o644)


def tree(**contents: str) -> tuple[File, ...]:
    """Files from keyword arguments or a mapping's items: `tree(**{"a/b.py": "text"})`."""
    return tuple(File(path, text.encode()) for path, text in contents.items())


def read(folder: Path) -> tuple[File, ...]:
    """The regular files under a folder, sorted."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return tuple(
        File(path.relative_to(folder).as_posix(), path.read_bytes(), "100755" if os.access(path, os.X_OK) else "100644")
        for path in paths
    )


def _bound(top: Path, bindings: Iterable[Binding]) -> dict[str, str]:
    """What stands for each binding that lies elsewhere inside: links in one folder, named after where they lie."""
    places = {}
    for binding in bindings:
        if binding.inside == str(binding.host):
            continue
        first, *rest = binding.inside.strip("/").split("/")
        place = top.joinpath("bound", first, *rest)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(binding.host)
        places[f"/{first}"] = str(top / "bound" / first)
    return places


@dataclass(slots=True)
class _Running:
    command: Command
    limits: Limits
    cancelled: Callable[[], bool]
    folder: Path
    places: dict[str, str]
    begun: float
    seen: dict[str, bytearray] = field(default_factory=dict)
    ended: Ended | None = None

    def placed(self, text: str) -> str:
        """The text with the paths that are only there inside replaced by those that stand for them."""
        inside = sorted((name for name, place in self.places.items() if name != place), key=len, reverse=True)
        if not inside:
            return text
        pattern = rf"(?<![\w./-])({'|'.join(map(re.escape, inside))})(?![\w.-])"
        return re.sub(pattern, lambda found: self.places[found[1]], text)

    def finish(self) -> Result:
        report, write_end = os.pipe()
        given = {self.placed(name): self.placed(value) for name, value in self.command.environment.items()}
        own = str(self.folder.with_name("temporary"))
        given |= {name: own for name, value in given.items() if value == TEMPORARY}
        try:
            # Whichever number the pipe has, 3 is taken in this process, so that nothing of subprocess's own has it.
            process = subprocess.Popen(
                tuple(self.placed(each) for each in self.command.argv),
                cwd=self.folder,
                env=given,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                pass_fds=(port.REPORT,),
                preexec_fn=lambda: os.dup2(write_end, port.REPORT),
            )
        except BaseException:
            os.close(report)
            raise
        finally:
            os.close(write_end)
        started = time.monotonic()
        try:
            self.follow(process, report, started)
        finally:
            os.close(report)
            _kill(process)
        status = process.wait()
        if self.ended is None:
            self.ended = Ended.SIGNALLED if status < 0 else Ended.EXITED
        return Result(
            status,
            self.ended,
            bytes(self.seen["stdout"]),
            bytes(self.seen["stderr"]),
            bytes(self.seen["report"]),
            started - self.begun,
            time.monotonic() - started,
        )

    def follow(self, process: subprocess.Popen[bytes], report: int, started: float) -> None:
        """Feeds standard input and reads all three pipes until the command has ended or has to."""
        assert process.stdin and process.stdout and process.stderr
        waiting = memoryview(
            self.placed(self.command.stdin.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
        )
        pipes = {process.stdout.fileno(): "stdout", process.stderr.fileno(): "stderr", report: "report"}
        self.seen = {name: bytearray() for name in pipes.values()}
        with selectors.DefaultSelector() as selector:
            for each in pipes:
                selector.register(each, selectors.EVENT_READ)
            os.set_blocking(process.stdin.fileno(), False)
            selector.register(process.stdin, selectors.EVENT_WRITE)
            while self.ended is None and (len(selector.get_map()) or process.poll() is None):
                for key, _ in selector.select(0.05):
                    if key.fileobj is process.stdin:
                        with contextlib.suppress(BrokenPipeError, BlockingIOError):
                            waiting = waiting[os.write(key.fd, waiting[:65536]) if waiting else 0 :]
                            if waiting:
                                continue
                        selector.unregister(process.stdin)
                        process.stdin.close()
                    else:
                        self.take(selector, key.fd, pipes[key.fd])
                if time.monotonic() - started > self.limits.seconds:
                    self.ended = Ended.TIME
                elif self.cancelled():
                    self.ended = Ended.CANCELLED
                elif process.poll() is not None and not selector.select(0):
                    break  # a grandchild may hold the pipes for longer than the command lives

    def take(self, selector: selectors.BaseSelector, descriptor: int, name: str) -> None:
        chunk = os.read(descriptor, 65536)
        if not chunk:
            selector.unregister(descriptor)
            return
        seen = self.seen[name]
        room = (self.limits.report if name == "report" else self.limits.output) - len(seen)
        seen += chunk[: max(room, 0)]
        if len(chunk) > room:
            self.ended = Ended.OUTPUT


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe and not pipe.closed:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
