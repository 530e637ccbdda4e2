"""ruff, as its own process: with our selection of rules and none of the repository's settings."""

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checks.model.errors import Refusal

SELECTION = "S,B,PLE,F,E722"
SECONDS = 120

SAFE_FIXES = frozenset({"F541", "F632", "F901", "B013", "B014", "B033"})
"""Rules whose fix we take over, where ruff itself calls that fix safe: each keeps the meaning of correct code.

Left out on purpose although safe to ruff: F401 and F811 (a name may be imported from here or patched by tests), B009
and B010 (`getattr` with a constant is no fault, and often there to keep a type checker quiet)."""


_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,100}\.pyi?w?")


@dataclass(frozen=True, slots=True)
class Replacement:
    """One edit of a fix: lines and columns from 1, columns in characters."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What ruff says: lines and columns from 1, columns in characters. `fix` is there only where we would take it."""

    file: str
    code: str
    line: int
    column: int
    end_line: int
    end_column: int
    message: str
    fix: tuple[Replacement, ...] = ()


def executable() -> str:
    """The ruff that is installed beside this interpreter. Refusal where there is none."""
    try:
        from ruff import find_ruff_bin
    except ImportError:
        raise Refusal(
            "ruff is not installed.", "Install selfmod again: pip install --force-reinstall selfmod"
        ) from None
    try:
        return str(find_ruff_bin())
    except FileNotFoundError:
        raise Refusal(
            "ruff is not installed.", "Install selfmod again: pip install --force-reinstall selfmod"
        ) from None


class Run:
    """ruff at work in the background on files given as bytes; `diagnostics()` waits for it.

    The files are written into `folder`, each in a folder of its own under its base name (ruff treats `__init__.py`
    differently): a path of the repository, which may be hostile, is never used.
    """

    def __init__(self, folder: Path, contents: Mapping[str, bytes], python: tuple[int, int]) -> None:
        self.folder = folder
        self.python = python
        self._paths: dict[str, str] = {}
        for number, (path, content) in enumerate(contents.items()):
            name = path.rpartition("/")[2]
            written = f"{number}/{name if _PLAIN.fullmatch(name) else 'module.py'}"
            (folder / str(number)).mkdir()
            (folder / written).write_bytes(content)
            self._paths[written] = path
        self._process = self._start(list(self._paths))

    def _start(self, files: list[str]) -> "subprocess.Popen[bytes]":
        version = f"py{self.python[0]}{min(max(self.python[1], 7), 14)}" if self.python[0] == 3 else "py37"
        # names come from a file: there may be more of them than a command line holds
        listing = self.folder / f"files-{len(files)}-{files[0].partition('/')[0] if files else ''}.txt"
        listing.write_text("".join(f"{name}\n" for name in files), encoding="utf-8")
        command = [
            executable(),
            "check",
            "--isolated",
            "--no-cache",
            "--no-respect-gitignore",
            "--exit-zero",
            "--quiet",
        ]
        command += ["--output-format", "json", "--select", SELECTION, "--target-version", version]
        # settings come from this command alone; RUFF_* variables of the caller must not change it
        environment = {"PATH": "/usr/bin:/bin", "NO_COLOR": "1"}
        return subprocess.Popen(
            [*command, f"@{listing}"],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def diagnostics(self) -> tuple[list[Diagnostic], dict[str, str]]:
        """All diagnostics, and for each file that ruff could not be run on why. Where ruff itself breaks down (a tree
        nested so deeply that its parser overflows), the files are halved until the one is found."""
        return self._collect(self._process, list(self._paths))

    def stop(self) -> None:
        """Ends ruff at once."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()

    def _collect(self, process: "subprocess.Popen[bytes]", files: list[str]) -> tuple[list[Diagnostic], dict[str, str]]:
        try:
            output, _ = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            output, _ = process.communicate()
        if process.returncode == 0:
            return self._read(output), {}
        if len(files) == 1:
            return [], {self._paths[files[0]]: "ruff broke down on it"}
        middle = len(files) // 2
        diagnostics: list[Diagnostic] = []
        broken: dict[str, str] = {}
        for half in (files[:middle], files[middle:]):
            more, why = self._collect(self._start(half), half)
            diagnostics += more
            broken |= why
        return diagnostics, broken

    def _read(self, output: bytes) -> list[Diagnostic]:
        root = str(self.folder.resolve()) + "/"
        result = []
        for row in json.loads(output or b"[]"):
            code = row["code"]
            if not code or code == "invalid-syntax":
                continue  # what does not parse is reported by our own parse, once
            fix = row.get("fix") or {}
            taken = code in SAFE_FIXES and fix.get("applicability") == "safe"
            result.append(
                Diagnostic(
                    file=self._paths[row["filename"].removeprefix(root)],
                    code=code,
                    line=row["location"]["row"],
                    column=row["location"]["column"],
                    end_line=row["end_location"]["row"],
                    end_column=row["end_location"]["column"],
                    message=row["message"],
                    fix=tuple(_replacement(edit) for edit in fix["edits"]) if taken else (),
                )
            )
        return result


def _replacement(edit: dict[str, Any]) -> Replacement:
    start, end = edit["location"], edit["end_location"]
    return Replacement(start["row"], start["column"], end["row"], end["column"], edit["content"])
