"""Test suites of real packages, beside themselves: bare, and in the sandbox."""

import os
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from checks.repository.contents import of_folder
from checks.sandbox.choose import choose
from checks.sandbox.environment import find
from checks.sandbox.port import Command, Limits
from checks.sandbox.suite import run_tests
from tests.complete import sdists

ROUNDS = 3
STARTS = 30


@dataclass(frozen=True, slots=True)
class Suite:
    """A package, what its tests need beside its own dependencies, and where they lie."""

    package: sdists.Package
    needs: tuple[str, ...]
    paths: tuple[str, ...]
    source: str = "src"


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of each round, bare and in the sandbox, and the number of tests that passed in each."""

    suite: Suite
    bare: tuple[float, ...]
    sandboxed: tuple[float, ...]
    passed: tuple[int, int]

    @property
    def ratios(self) -> list[float]:
        """In the sandbox ÷ bare, within each round."""
        return [inside / outside for inside, outside in zip(self.sandboxed, self.bare, strict=True)]


def environment(suite: Suite) -> Path:
    """A virtual environment with all that the suite needs, made once. Raises CalledProcessError where pip fails."""
    place = (
        sdists.CACHE / f"venv-{suite.package.name}-{suite.package.version}-{sys.version_info[0]}{sys.version_info[1]}"
    )
    if not (place / ".ready").exists():
        venv.create(place, with_pip=True, clear=True)
        command = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*command, "pytest", *suite.needs, str(suite.package).replace(" ", "==")], check=True)
        (place / ".ready").touch()
    return place


def measured(suite: Suite) -> Measured:
    """Both in turn, so that a busy minute weighs on both sides."""
    place = environment(suite)
    sandbox, target = choose(), find(None, str(place))
    alone, sandboxed, passed = [], [], (0, 0)
    with tempfile.TemporaryDirectory(prefix="selfmod-benchmark-") as folder:
        tree = sdists.unpacked(suite.package, Path(folder) / "sources")
        for _ in range(ROUNDS):
            started = time.monotonic()
            outside = bare(tree, place, suite)
            alone.append(time.monotonic() - started)
            started = time.monotonic()
            files = list(of_folder(tree, Limits().disk))
            inside = run_tests(sandbox, target, files, Limits(), paths=suite.paths)
            sandboxed.append(time.monotonic() - started)
            passed = (outside, sum(each.outcome == "passed" for each in inside.results))
    return Measured(suite, tuple(alone), tuple(sandboxed), passed)


def bare(tree: Path, place: Path, suite: Suite) -> int:
    """The suite as its authors run it; the number of tests that passed."""
    variables = {
        "PYTHONPATH": str(tree / suite.source),
        "PATH": os.environ["PATH"],
        "HOME": str(tree),
        "LANG": "C.UTF-8",
    }
    command = [str(place / "bin" / "python"), "-m", "pytest", "-q", "-p", "no:cacheprovider", *suite.paths]
    ran = subprocess.run(command, cwd=tree, env=variables, capture_output=True, text=True, check=False)
    words = ran.stdout.strip().splitlines()[-1].split()
    return int(words[words.index("passed") - 1] if "passed" in words else words[words.index("passed,") - 1])


def starts() -> list[float]:
    """Seconds until a command begins in the sandbox, and is over: of programs that do nothing."""
    sandbox = choose()
    return [sandbox.run(Command(("/usr/bin/true",)), (), Limits()).started for _ in range(STARTS)]


def render(results: list[Measured], started: list[float]) -> str:
    """The table in Markdown."""
    lines = [
        "| suite | tests passed, bare and inside | bare (s) | in the sandbox (s) | ratio |",
        "|---|---|---|---|---|",
    ]
    for each in results:
        ratios = each.ratios
        lines.append(
            f"| {each.suite.package} | {each.passed[0]}, {each.passed[1]} | {median(each.bare):.2f} | "
            f"{median(each.sandboxed):.2f} | {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) |"
        )
    milliseconds = sorted(round(each * 1000) for each in started)
    lines += [
        "",
        f"start of the sandbox: median {median(milliseconds):.0f} ms ({milliseconds[0]} to {milliseconds[-1]} ms)",
    ]
    return "\n".join(lines)
