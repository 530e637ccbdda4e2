"""Runs a project's tests in a sandbox and decides on the host what of the report is to be believed."""

import json
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from checks.model.trees import File
from checks.model.verdicts import Lacking, Outcome, SuiteRun, TestResult
from checks.sandbox import port
from checks.sandbox.environment import Environment
from checks.sandbox.port import Binding, Command, Ended, Limits, Result, Sandbox
from checks.sandbox.session import records, replayed

REPORTER = f"{port.OURS}/reporter"
"""Where what runs inside lies inside."""
NO_TESTS = "there are no tests"
RUNNERS = ("pytest", "unittest")
"""What can run tests, the first choice first."""
OLDEST = (3, 9)
"""The oldest Python that tests are run with."""
MESSAGE_LIMIT = 2000
OUTPUT_LIMIT = 20_000
"""Characters of one message, and of the output that is kept (its end)."""
NAMES = 5
_HARMFUL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
_ENDED = {
    Ended.TIME: "the tests did not end within {limits.seconds:g} s",
    Ended.MEMORY: "the tests took more than {memory} MiB of memory",
    Ended.DISK: "the tests wrote more than {disk} MiB",
    Ended.OUTPUT: "the tests printed more than is kept",
    Ended.CANCELLED: "the run was cancelled",
}


def run_tests(
    sandbox: Sandbox,
    environment: Environment,
    files: Iterable[File],
    limits: Limits,
    *,
    paths: tuple[str, ...] = (),
    only: tuple[str, ...] = (),
    traced: tuple[str, ...] = (),
    runners: tuple[str, ...] = RUNNERS,
    cancelled: Callable[[], bool] = lambda: False,
) -> SuiteRun:
    """One run of the tests of these files.

    `paths` are files or folders with tests (empty: as the project says), `only` ids of tests to run, `traced` files
    whose executed lines are wanted, `runners` those of RUNNERS that are allowed. Nothing that the tests do raises;
    Refusal comes from the sandbox alone."""
    project = tuple(files)
    if environment.version < OLDEST:
        version = ".".join(map(str, environment.version))
        why = f"Python {version} is older than {'.'.join(map(str, OLDEST))}, the oldest that tests are run with"
        return _nothing(sandbox, environment, why, Lacking.ENVIRONMENT)
    chosen = _existing(paths or tuple(each.partition("::")[0] for each in only), project)
    if (paths or only) and not chosen:
        return _nothing(sandbox, environment, NO_TESTS, Lacking.TESTS)
    key = records.new_key()
    settings = replayed.of(project)
    asked = {
        "key": key.hex(),
        "arguments": [*settings.arguments, *(f"-o{name}={value}" for name, value in settings.settings), *chosen],
        "plugins": settings.plugins,
        "unwanted": settings.unwanted,
        "packages": environment.paths,
        "roots": settings.roots,
        "files": sorted(file.path for file in project if file.path.endswith(".py") and _beneath(file.path, chosen)),
        "hashes": {file.path: sha256(file.content).hexdigest() for file in project if file.path.endswith(".py")},
        "only": only,
        "runners": runners,
        "traced": traced,
    }
    command = Command(
        (environment.python, "-I", "-B", "--check-hash-based-pycs", "always", f"{REPORTER}/run.py"),
        environment.folder,
        _variables(environment, settings.roots),
        json.dumps(asked).encode("ascii"),
        (*environment.bindings, Binding(Path(__file__).parent / "reporter", REPORTER)),
    )
    result = sandbox.run(command, project, limits, cancelled)
    return _judged(sandbox, environment, result, records.read(result.report, key), limits, project, settings.roots)


def _existing(paths: Iterable[str], files: Iterable[File]) -> list[str]:
    """The paths at which there is a file or a folder, each such that it cannot be taken for an option."""
    known = {file.path for file in files}
    folders = {"."} | {folder for path in known for folder in _folders(path)}
    plain = dict.fromkeys(posixpath.normpath(each) for each in paths)
    return [f"./{each}" if each.startswith("-") else each for each in plain if each in known or each in folders]


def _folders(path: str) -> Iterable[str]:
    while path := posixpath.dirname(path):
        yield path


def _beneath(path: str, chosen: list[str]) -> bool:
    return not chosen or any(each in (".", path) or path.startswith(f"{each}/") for each in chosen)


def _variables(environment: Environment, roots: tuple[str, ...]) -> Mapping[str, str]:
    """All that the tests find in their environment. The path is for programs that they start themselves."""
    folders = [posixpath.join(environment.folder, each).rstrip("/") for each in roots]
    return {
        "PATH": f"{posixpath.dirname(environment.python)}:/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": ":".join([*folders, *environment.paths]),
        "HOME": "/tmp",  # noqa: S108  # in the sandbox  the sandbox's own
        "TMPDIR": "/tmp",  # noqa: S108  # in the sandbox
        "LANG": "C.UTF-8",
        "TZ": "UTC",
    }


def _nothing(sandbox: Sandbox, environment: Environment, why: str, lacking: Lacking) -> SuiteRun:
    """A run that did not take place."""
    return SuiteRun((), False, why, 0.0, sandbox.name, sandbox.weaker, environment=environment.origin, lacking=lacking)


def _judged(
    sandbox: Sandbox,
    environment: Environment,
    result: Result,
    report: records.Report,
    limits: Limits,
    files: tuple[File, ...],
    roots: tuple[str, ...],
) -> SuiteRun:
    try:
        seen = _Seen(report)
    except (ValueError, TypeError, KeyError, IndexError):
        seen = _Seen(records.Report((), "the records of the session make no sense"))
    why, lacking = _limit(result, limits), Lacking.NOTHING
    if why:
        lacking = Lacking.LIMIT
    elif not seen.begin:
        words = plain(result.stderr.decode("utf-8", "replace"))[-300:].strip().replace("\n", " ")
        why, lacking = f"the tests could not be started: {words or report.fault}", Lacking.ENVIRONMENT
    absent = _absent(seen, files, roots)
    doubt = seen.doubt()
    if not why and absent:
        lacking, why = Lacking.ENVIRONMENT, f"the environment lacks {', '.join(absent)}"
    elif not why and not doubt and not seen.results:
        why, lacking = NO_TESTS, Lacking.TESTS
    return SuiteRun(
        tuple(seen.results),
        not doubt and lacking in (Lacking.NOTHING, Lacking.ENVIRONMENT) and bool(seen.results),
        why or doubt,
        result.seconds,
        sandbox.name,
        sandbox.weaker,
        plain(str(seen.begin.get("framework", ""))),
        plain(str(seen.begin.get("python", ""))),
        environment.origin,
        seen.deselected,
        plain((result.stdout + result.stderr).decode("utf-8", "replace"))[-OUTPUT_LIMIT:],
        seen.lines,
        result.peak_memory,
        lacking,
        seen.executable,
    )


def _limit(result: Result, limits: Limits) -> str:
    words = _ENDED.get(result.ended, "")
    return words.format(limits=limits, memory=limits.memory // port.MIB, disk=limits.disk // port.MIB)


def _absent(seen: "_Seen", files: tuple[File, ...], roots: tuple[str, ...]) -> list[str]:
    """The modules that collection did not find and that the project does not define itself."""
    own = set()
    for file in files:
        for root in roots:
            if file.path.startswith(f"{root}/" if root else ""):
                own.add(file.path[len(root) + 1 if root else 0 :].partition("/")[0].removesuffix(".py"))
    return [plain(name) for name in dict.fromkeys(seen.missing) if name and name not in own][:NAMES]


class _Seen:
    """What the records say, checked for sense. Raises ValueError, TypeError, KeyError or IndexError without any."""

    def __init__(self, report: records.Report) -> None:
        self.fault = report.fault
        self.begin: dict[str, Any] = next(iter(report.of("begin")), {})
        self.why = [plain(str(each)) for each in report.of("why")]
        self.refused = [plain(str(each)) for each in report.of("refused")]
        self.session: dict[str, Any] | None = next(iter(report.of("session")), None)
        self.end = next(iter(report.of("end")), None)
        self.ids = [plain(str(each)) for chunk in report.of("collected") for each in chunk]
        self.deselected = sum(int(each) for each in report.of("deselected"))
        self.missing = [str(each["missing"]) for each in report.of("broken")]
        self.broken = [self._outside(each, Outcome.ERROR) for each in report.of("broken")]
        self.skipped = [self._outside(each, Outcome.SKIPPED) for each in report.of("skipped")]
        self.tested: dict[int, TestResult] = {}
        self.twice = False
        for number, outcome, seconds, message, why in report.of("test"):
            self.twice |= number in self.tested
            self.tested[number] = _result(self.ids[number], Outcome(outcome), float(seconds), message)
            if why:
                self.why.append(f"{self.ids[number]}: {plain(str(why))}")
        self.results = [*self.broken, *self.skipped, *(self.tested[number] for number in sorted(self.tested))]
        self.lines: dict[str, dict[int, tuple[str, ...]]] = {}
        self.executable: dict[str, tuple[int, ...]] = {}
        for each in report.of("lines"):
            seen = {int(line): tuple(self.ids[test] for test in tests[:NAMES]) for line, tests in each["seen"]}
            self.lines[str(each["file"])] = dict(sorted(seen.items()))
            self.executable[str(each["file"])] = tuple(int(line) for line in each["all"])

    @staticmethod
    def _outside(value: Any, outcome: Outcome) -> TestResult:
        return _result(plain(str(value["id"])), outcome, 0.0, value["message"])

    def doubt(self) -> str:
        """Why the outcomes are not to be believed, in words; empty where they are."""
        found = list(self.why[:NAMES])
        if len(self.why) > NAMES:
            found.append(f"and {len(self.why) - NAMES} more")
        left = len(self.ids) - len(self.tested)
        if self.fault:
            found.append(self.fault)
        elif self.refused:
            found.append(f"pytest refused to start: {self.refused[0]}"[:MESSAGE_LIMIT])
        elif self.session is None:
            first = self.broken[0] if self.broken else None
            found.append(f"{first.id} cannot be loaded: {first.message}" if first else "the session was replaced")
        elif self.session["status"] not in (0, 1, 5):
            found.append("pytest stopped before the end of the session")
        if left and not self.fault and self.session is not None:
            found.append(f"{left} of {len(self.ids)} collected tests gave no outcome")
        if self.twice:
            found.append("a test gave two outcomes")
        return "; ".join(found)


def _result(name: str, outcome: Outcome, seconds: float, message: object) -> TestResult:
    file = name.partition("::")[0]
    return TestResult(name, outcome, seconds, plain(str(message))[:MESSAGE_LIMIT], file)


def plain(text: str) -> str:
    """The text with control, bidirectional and invisible characters and lone surrogates shown by their code."""
    return _HARMFUL.sub(_code, text)


def _code(found: re.Match[str]) -> str:
    number = ord(found[0])
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"
