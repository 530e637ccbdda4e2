"""selfmod, bandit and ruff on one tree, one after the other, round for round."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from ruff import find_ruff_bin

from tests.benchmarks import memory
from tests.benchmarks.table import Measured, Round
from tests.complete import sdists

ROOT = Path(__file__).parents[2]
ROUNDS = 3


def bandit(tree: Path) -> list[str]:
    """bandit's command on a tree."""
    return [sys.executable, "-m", "bandit", "-q", "-r", "-f", "json", str(tree)]


def ruff(tree: Path) -> list[str]:
    """ruff's command on a tree."""
    rules = ["--isolated", "--no-cache", "--select", "S,B,PLE,F"]
    return [find_ruff_bin(), "check", *rules, "--output-format", "json", str(tree)]


def selfmod(tree: Path) -> list[str]:
    """selfmod's command on a tree: what the installed `selfmod` does, whether it is installed or not."""
    return [sys.executable, "-c", "from app.cli.main import run; run()", "review", "--format", "json", str(tree)]


def measured(package: sdists.Package, rounds: int = ROUNDS) -> Measured:
    """Unpacks the package into a folder of its own, makes it a git repository as real projects are, and measures."""
    with tempfile.TemporaryDirectory(prefix="selfmod-benchmark-") as folder:
        tree = sdists.unpacked(package, Path(folder) / "sources")
        for arguments in (("init", "--quiet"), ("add", "--all", "--force")):
            subprocess.run(["git", *arguments], cwd=tree, check=True, stdout=subprocess.DEVNULL)
        environment = os.environ | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
        # not counted: modules get compiled and files read into memory, for each tool alike
        environment["XDG_CACHE_HOME"] = f"{folder}/warm"
        found = {
            "bandit": len(json.loads(_output(bandit(tree), environment))["results"]),
            "ruff": len(json.loads(_output(ruff(tree), environment))),
            "selfmod": len(json.loads(_output(selfmod(tree), environment))["findings"]),
        }
        environment["XDG_CACHE_HOME"] = f"{folder}/memory"
        peak = memory.peak(selfmod(tree), environment)
        turns = []
        for turn in range(rounds):
            environment["XDG_CACHE_HOME"] = f"{folder}/cache-{turn}"
            turns.append(_round(tree, environment))
        files = sdists.python_files(tree)
        return Measured(str(package), sdists.lines(tree), len(files), found, tuple(turns), peak)


def _round(tree: Path, environment: dict[str, str]) -> Round:
    by_size = sorted(sdists.python_files(tree), key=lambda path: path.stat().st_size)
    return Round(
        bandit=seconds(bandit(tree), environment),
        ruff=seconds(ruff(tree), environment),
        first=seconds(selfmod(tree), environment),
        again=seconds(selfmod(tree), environment),
        changed=_after_a_change(tree, by_size[len(by_size) // 2], environment),
        largest=_after_a_change(tree, by_size[-1], environment),
    )


def _after_a_change(tree: Path, file: Path, environment: dict[str, str]) -> float:
    """Seconds of a review after one line more in one file, which is then as it was."""
    before = file.read_bytes()
    file.write_bytes(before + b"\nchanged = True\n")
    try:
        return seconds(selfmod(tree), environment)
    finally:
        file.write_bytes(before)


def seconds(command: Sequence[str], environment: dict[str, str]) -> float:
    """How long a command takes, from its start to its end. Raises AssertionError as `_output` does."""
    started = time.perf_counter()
    _output(command, environment)
    return time.perf_counter() - started


def _output(command: Sequence[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    # each of the three exits with 1 where it found something
    assert done.returncode in {0, 1}, f"{command} exited with {done.returncode}:\n{done.stderr[-2000:]}"
    return done.stdout
