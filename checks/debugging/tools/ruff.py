"""ruff, as its own process: with our selection of rules and none of the repository's settings."""

import contextlib
import json
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checks.debugging.source.text import Text, read
from checks.model.errors import Refusal

SELECTION = "S,B,PLE,F,E722"
SYNTAX = "invalid-syntax"
SECONDS = 20.0
BYTES_A_SECOND = 1_000_000
"""So long may ruff take for all files, and a second more for so many bytes: it needs a thirtieth of that. Some files
made for it keep it busy without end."""
MOST = 5_000
"""Findings of a file that are taken. No real file has so many; one that was made to would fill the memory."""

SAFE_FIXES = frozenset({"F541", "F632", "F901", "B013", "B014", "B033"})
"""Rules whose fix we take over, where ruff itself calls that fix safe: each keeps the meaning of correct code.

Left out on purpose although safe to ruff: F401 and F811 (a name may be imported from here or patched by tests), B009
and B010 (`getattr` with a constant is no fault, and often there to keep a type checker quiet)."""


_REMEDY = "Install selfmod again: pip install --force-reinstall selfmod"
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

        return str(find_ruff_bin())
    except (ImportError, FileNotFoundError):
        raise Refusal("ruff is not installed.", _REMEDY) from None


def knows(code: str) -> bool:
    """Whether a code is one of those that we have ruff report. Raises Refusal where ruff is missing."""
    if not code.startswith(tuple(SELECTION.split(","))):
        return False
    asked = [executable(), "rule", code, "--output-format", "json"]
    return subprocess.run(asked, env={"PATH": "/usr/bin:/bin"}, capture_output=True, timeout=SECONDS).returncode == 0


class Run:
    """ruff at work in the background on files given as bytes; `diagnostics()` waits for it.

    The files are written into `folder`, each in a folder of its own under its base name (ruff treats `__init__.py`
    differently) and in UTF-8 (ruff reads nothing else): a path of the repository, which may be hostile, is never used.
    Raises Refusal where there is no ruff. `seconds` bounds all of its work. `select` are the rules asked for; SYNTAX
    asks for what `python` does not parse, and for nothing else.
    """

    def __init__(
        self,
        folder: Path,
        contents: Mapping[str, bytes],
        python: tuple[int, int],
        seconds: float | None = None,
        select: str = SELECTION,
    ) -> None:
        self.folder = folder
        self.python = python
        self.select = select
        self._seconds = seconds or SECONDS + sum(map(len, contents.values())) / BYTES_A_SECOND
        self._runs = 0
        self._paths: dict[str, str] = {}
        try:
            for number, (path, content) in enumerate(contents.items()):
                name = path.rpartition("/")[2]
                written = f"{number}/{name if _PLAIN.fullmatch(name) else 'module.py'}"
                (folder / str(number)).mkdir()
                (folder / written).write_bytes(_utf8(path, content))
                self._paths[written] = path
        except OSError as error:
            raise Refusal(
                f"{folder} cannot be written to: {error.strerror}.", "Free space there, or set TMPDIR."
            ) from None
        self._output, self._process = self._start(list(self._paths))

    def _start(self, files: list[str]) -> tuple[Path, "subprocess.Popen[bytes]"]:
        version = f"py{self.python[0]}{min(max(self.python[1], 7), 15)}" if self.python[0] == 3 else "py37"
        self._runs += 1
        # names come from a file, as there may be more of them than a command line holds; what ruff says goes to a file,
        # as there may be more of it than memory holds
        listing, output = self.folder / f"files-{self._runs}", self.folder / f"output-{self._runs}"
        listing.write_text("".join(f"{name}\n" for name in files), encoding="utf-8")
        command = [executable(), "check", "--isolated", "--no-cache", "--no-respect-gitignore", "--exit-zero"]
        command += ["--quiet", "--output-format", "json-lines", "--target-version", version]
        command += ["--select", "F821" if self.select == SYNTAX else self.select]
        # settings come from this command alone; RUFF_* variables of the caller must not change it
        environment = {"PATH": "/usr/bin:/bin", "NO_COLOR": "1"}
        try:
            with output.open("wb") as stdout:
                process = subprocess.Popen(
                    [*command, f"@{listing}"],
                    cwd=self.folder,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=stdout,
                    stderr=subprocess.DEVNULL,
                )
        except OSError as error:
            raise Refusal(f"ruff cannot be run: {command[0]}: {error.strerror}.", _REMEDY) from None
        return output, process

    def diagnostics(self, skip: Container[str] = ()) -> tuple[list[Diagnostic], dict[str, str]]:
        """All diagnostics, at most MOST a file, and for each file that ruff could not be run on, or has more to say
        on, why. Where ruff itself breaks down (a tree nested so deeply that its parser overflows), the files are halved
        until the one is found; files to `skip` (their paths) are not tried again."""
        self._until = time.monotonic() + self._seconds
        return self._collect(self._output, self._process, list(self._paths), skip)

    def stop(self) -> None:
        """Ends ruff at once."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _collect(
        self, output: Path, process: "subprocess.Popen[bytes]", files: list[str], skip: Container[str]
    ) -> tuple[list[Diagnostic], dict[str, str]]:
        self._process = process
        late = False
        try:
            # half of the time is left to look for the file that takes the other half
            process.wait(timeout=max(0.0, self._until - time.monotonic()) / (2 if len(files) > 1 else 1))
        except subprocess.TimeoutExpired:
            late = True
            self.stop()
        if process.returncode == 0:
            return self._read(output)
        output.unlink()
        if len(files) == 1:
            why = "ruff took too long on it" if late else f"ruff broke down on it ({_ending(process.returncode)})"
            return [], {self._paths[files[0]]: why}
        again = [file for file in files if self._paths[file] not in skip]
        middle = (len(again) + 1) // 2
        diagnostics: list[Diagnostic] = []
        broken: dict[str, str] = {}
        for half in (again[:middle], again[middle:]):
            if half and time.monotonic() >= self._until:
                broken |= dict.fromkeys((self._paths[file] for file in half), "ruff took too long on the files with it")
            elif half:
                more, failed = self._collect(*self._start(half), half, skip)
                diagnostics += more
                broken |= failed
        return diagnostics, broken

    def _read(self, output: Path) -> tuple[list[Diagnostic], dict[str, str]]:
        root = str(self.folder.resolve()) + "/"
        counts: Counter[str] = Counter()
        result = []
        with output.open("rb") as lines:
            for line in lines:
                row = json.loads(line)
                code = row["code"]
                # what does not parse is reported by our own parse, once, unless that is what is asked for
                if (not code or code == "invalid-syntax") != (self.select == SYNTAX):
                    continue
                path = self._paths[row["filename"].removeprefix(root)]
                counts[path] += 1
                if counts[path] <= MOST:
                    result.append(_diagnostic(path, code or "invalid-syntax", row))
        output.unlink()
        many = {path: count for path, count in counts.items() if count > MOST}
        return result, {path: f"ruff finds {count:,} faults: {MOST:,} are taken" for path, count in many.items()}


def _utf8(path: str, content: bytes) -> bytes:
    if content.isascii():
        return content
    text = read(path, content)
    return text.data if isinstance(text, Text) else content


def _ending(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit {code}"


def _diagnostic(path: str, code: str, row: dict[str, Any]) -> Diagnostic:
    fix = row.get("fix") or {}
    taken = code in SAFE_FIXES and fix.get("applicability") == "safe"
    return Diagnostic(
        file=path,
        code=code,
        line=row["location"]["row"],
        column=row["location"]["column"],
        end_line=row["end_location"]["row"],
        end_column=row["end_location"]["column"],
        message=row["message"],
        fix=tuple(_replacement(edit) for edit in fix["edits"]) if taken else (),
    )


def _replacement(edit: dict[str, Any]) -> Replacement:
    start, end = edit["location"], edit["end_location"]
    return Replacement(start["row"], start["column"], end["row"], end["column"], edit["content"])
