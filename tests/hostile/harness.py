"""Runs one hostile project in a sandbox, and says whether everything held."""

import os
import re
import socket
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from checks.model.errors import Refusal
from checks.model.trees import File
from checks.model.verdicts import Outcome, SuiteRun
from checks.repository import contents
from checks.sandbox.environment import find
from checks.sandbox.port import Sandbox
from checks.sandbox.suite import run_tests
from tests.hostile import canaries
from tests.hostile.project import ESCAPED, Content, Hostile, Link, Odd, Repeated, Verdict

SLACK = 10.0
"""Seconds that a run may take beyond its limit, to be set up and taken down on a busy machine."""
OVERSHOOT = 2.0
"""How far over its limit of memory a tree may be where it is looked at every now and then only."""
_PLACE = re.compile("<<([a-z0-9]+)>>")


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one project. `faults` are what did not hold, in words; `verdict` is the run's own."""

    project: Hostile
    verdict: str
    faults: tuple[str, ...]
    seconds: float
    why: str = ""

    @property
    def held(self) -> bool:
        """Whether everything that must hold did."""
        return not self.faults


def tried(project: Hostile, sandbox: Sandbox, host: canaries.Host) -> Seen:
    """Lays the project out on the host, runs its tests as `selfmod sandbox run` does, and looks what came of it."""
    begun = time.monotonic()
    with canaries.fresh(host, isolated=not sandbox.weaker.startswith("nothing")) as mine:
        lay_out(project.files, mine)
        before = canaries.look(mine.project)
        with _surroundings(mine):
            run = _run(project, sandbox, mine)
            seconds = time.monotonic() - begun
            verdict, faults = _judged(project, run, mine)
            faults += canaries.faults(mine, before)
        if seconds > project.limits.seconds + SLACK:
            faults.append(f"took {seconds:.0f} s where {project.limits.seconds:.0f} s are allowed")
        why = run.reason if isinstance(run, Refusal) else run.why
        return Seen(project, verdict, tuple(faults), seconds, why)


def _run(project: Hostile, sandbox: Sandbox, mine: canaries.Canaries) -> SuiteRun | Refusal:
    try:
        environment = find(mine.project, variables={})
        files: Iterable[File] = contents.of_folder(mine.project, project.limits.disk)
        if project.committed:
            files = _committed(project.files, mine)
        return run_tests(sandbox, environment, tuple(files), project.limits)
    except Refusal as refusal:
        return refusal


def _judged(project: Hostile, run: SuiteRun | Refusal, mine: canaries.Canaries) -> tuple[str, list[str]]:
    """The run's verdict in a word, and what is wrong with it and with all that came back."""
    if isinstance(run, Refusal):
        return "refused", [] if project.expects in (Verdict.REFUSED, Verdict.EITHER) else [f"refused: {run.reason}"]
    verdict = "passed" if run.passed else "failed" if run.trusted else "untrusted"
    faults = [] if run.framework else [f"the tests were never started: {run.why}"]
    if project.expects in (Verdict.PASSES, Verdict.EITHER) and not run.passed:
        faults.append("the attempt was not refused, or broke the run: " + _reason(run))
    if project.expects in (Verdict.FAILS, Verdict.REFUSED) and run.passed:
        faults.append("the run counts as passed")
    if any("test_must_fail" in each.id and each.outcome is Outcome.PASSED for each in run.results) and run.trusted:
        faults.append("the failing test counts as passed")
    if run.passed and len(run.results) < project.cases:
        faults.append(f"only {len(run.results)} of {project.cases} tests were seen")
    said = [run.output, run.why, *(each.message for each in run.results), *(each.id for each in run.results)]
    if any(ESCAPED in each for each in said) and project.topic not in ("forged", "channel", "output"):
        faults.append(ESCAPED.lower() + ": " + _reason(run))
    if any(mine.host.token in each for each in said):
        faults.append("the secret came back")
    if len(run.output) > 4 * project.limits.output:
        faults.append(f"{len(run.output)} characters of output came back")
    if any(len(each.message) > 65536 for each in run.results):
        faults.append("a message of more than 64 KiB came back")
    if run.peak_memory is not None and run.peak_memory > OVERSHOOT * project.limits.memory:
        faults.append(f"{run.peak_memory >> 20} MiB were held")
    return verdict, faults


def _reason(run: SuiteRun) -> str:
    """The first thing that tells of a failure."""
    told = next((each.message for each in run.results if not each.outcome.good), "") or run.why or run.output[-300:]
    return " ".join(told.split())[:300]


def lay_out(files: Mapping[str, Content], mine: canaries.Canaries) -> None:
    """Writes the files of a project below its folder, and those that begin with `../` beside it."""
    here = os.open(mine.project, os.O_RDONLY)
    try:
        for path, content in files.items():
            _put(here, filled(path, mine), content, mine)
    finally:
        os.close(here)


def filled(text: str, mine: canaries.Canaries) -> str:
    """The text with the canaries in their places. KeyError for a name that there is not."""
    return _PLACE.sub(lambda found: mine.values[found[1]], text)


def _put(root: int, path: str, content: Content, mine: canaries.Canaries) -> None:
    """One file, by steps from folder to folder: a path may be longer than the system takes at once."""
    *folders, name = path.split("/")
    here = os.dup(root)
    try:
        for folder in folders:
            if folder != "..":
                with suppress(FileExistsError):
                    os.mkdir(folder, 0o755, dir_fd=here)
            below = os.open(folder, os.O_RDONLY | os.O_DIRECTORY, dir_fd=here)
            os.close(here)
            here = below
        if isinstance(content, Link):
            os.symlink(filled(content.target, mine), name, dir_fd=here)
        elif isinstance(content, Odd):
            _odd(here, name, content, mine)
        else:
            mode = 0o755 if isinstance(content, str) and content.startswith("#!") else 0o644
            file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode, dir_fd=here)
            with os.fdopen(file, "wb") as written:
                written.write(as_bytes(content, mine))
    finally:
        os.close(here)


def as_bytes(content: str | bytes | Repeated, mine: canaries.Canaries) -> bytes:
    """What a file holds."""
    if isinstance(content, bytes):
        return content
    if isinstance(content, Repeated):
        return (content.head + content.piece * content.times + content.tail).encode()
    return filled(content, mine).encode("utf-8", "surrogateescape")


def _odd(here: int, name: str, content: Odd, mine: canaries.Canaries) -> None:
    """What is no regular file. Where this user may not make one, or the system has none, the project goes without."""
    if content.kind == "fifo":
        os.mkfifo(name, dir_fd=here)
    elif content.kind == "socket":
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(f"/proc/self/fd/{here}/{name}")
    elif content.kind == "device":
        try:
            os.mknod(name, 0o666 | stat.S_IFCHR, os.makedev(1, 5), dir_fd=here)
        except PermissionError:
            return
    elif content.kind == "hard":
        os.link(filled(content.target, mine), name, dst_dir_fd=here)
    else:
        mode = {"setuid": 0o6755, "shut": 0}[content.kind]
        file = os.open(name, os.O_WRONLY | os.O_CREAT, 0o644, dir_fd=here)
        os.write(file, b"x")
        os.fchmod(file, mode)
        os.close(file)


def _committed(files: Mapping[str, Content], mine: canaries.Canaries) -> Iterator[File]:
    """The files as a commit would hold them."""
    for path, content in sorted(files.items()):
        if isinstance(content, Link):
            yield File(filled(path, mine), filled(content.target, mine).encode(), "120000")
        elif not isinstance(content, Odd):
            yield File(filled(path, mine), as_bytes(content, mine))


@contextmanager
def _surroundings(mine: canaries.Canaries) -> Iterator[None]:
    """The environment of this process while the run lasts: a home and a secret that it must not see."""
    name = canaries.variable(mine.host.token)
    put = {"HOME": mine.values["home"], "TMPDIR": str(mine.temporary), name: mine.host.token}
    before, temporary = {key: os.environ.get(key) for key in put}, tempfile.tempdir
    os.environ.update(put)
    tempfile.tempdir = str(mine.temporary)
    try:
        yield
    finally:
        tempfile.tempdir = temporary
        for key, value in before.items():
            if value is None:
                del os.environ[key]
            else:
                os.environ[key] = value
