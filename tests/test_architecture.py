"""The table of the house: which room may import which, and which library may be used where.

Rooms that do not exist yet stand in the table already, so that they are held from their first file on.
"""

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# From the bottom to the top. A room imports rooms of rows below its own and itself: nothing above, nothing beside it.
# A `*` stands for the rest of a module's name.
ROWS: tuple[tuple[str, ...], ...] = (
    ("checks.model",),
    ("checks.repository", "checks.sandbox"),
    ("checks.configuration", "checks.inputs", "checks.language_model", "checks.reports", "checks.risk"),
    ("checks.debugging", "checks.testing"),
    ("checks.coding",),
    ("checks.validation",),
    ("checks.fix", "checks.review", "checks.settings"),
    ("checks.judge",),
    ("checks.propose",),
    # ─── the wall: checks never imports app ───
    ("app.model", "app.operations", "app.settings"),
    ("app.orchestrator", "app.views"),
    ("app.github", "app.local", "app.store"),
    ("app.workflows",),
    ("app.commands", "app.management"),
    ("app.workflows.durable*",),
    ("app.action", "app.api", "app.dashboard", "app.webhooks"),
    ("app.standin",),
    ("app.cli",),
)
# Rooms that are held tighter than their row: all that they import of the house.
ONLY: dict[str, tuple[str, ...]] = {
    "checks.reports": ("checks.model",),
    "app.standin": (),
}
# Rooms that only these rooms may import.
BY: dict[str, tuple[str, ...]] = {"app.standin": ("app.cli",)}

FENCES: dict[str, tuple[str, ...]] = {
    "githubkit": ("app.github", "app.webhooks"),
    "dbos": ("app.workflows.durable*",),
    "sqlmodel": ("app.store",),
    "sqlalchemy": ("app.store",),
    "alembic": ("app.store",),
    "starlette": ("app.webhooks", "app.api", "app.dashboard", "app.cli.serving", "app.standin"),
    "fastapi": ("app.webhooks", "app.api", "app.dashboard", "app.cli.serving", "app.standin"),
    "structlog": ("app.operations",),
    "prometheus_client": ("app.operations",),
    "uvicorn": ("app.cli", "app.standin"),
    "typer": ("app.cli",),
    "libcst": ("checks",),
    "bandit": ("checks",),
    "anthropic": ("checks.language_model",),
    "openai": ("checks.language_model",),
    "subprocess": ("checks.sandbox", "checks.repository", "checks.debugging.tools", "app.standin.git", "app.cli"),
}
FORBIDDEN_CLASS = re.compile(r"(?:^|.*[a-z0-9_])(?:Manager|Helper|Utils?|Context|Service|Check)s?$")
FORBIDDEN_FILE = re.compile(r"(?:^|.*_)(?:manager|helper|util|context|service)s?$")
MOST_LINES = 400
MOST_FILES = 15
TOPS = ("app", "checks", "tests")


@dataclass(frozen=True, slots=True)
class Import:
    """One import in a source: `module` is the longest name that it can mean (`a.b.c` for `from a.b import c`)."""

    line: int
    module: str


def module_name(path: Path) -> str:
    """`checks.model.findings` for checks/model/findings.py; a package is named without __init__."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path, source: str) -> Iterator[Import]:
    """Every import at any depth, under TYPE_CHECKING too, and dynamic ones whose name is written out."""
    package = module_name(path).split(".") if path.name == "__init__.py" else module_name(path).split(".")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (Import(node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else []
            base = [*above, *([node.module] if node.module else [])]
            for alias in node.names:
                yield Import(node.lineno, ".".join(base if alias.name == "*" else [*base, alias.name]))
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in {"import_module", "__import__"} and isinstance(node.args[0].value, str):
                yield Import(node.lineno, node.args[0].value)


def is_in(module: str, room: str) -> bool:
    return module.startswith(room[:-1]) if room.endswith("*") else f"{module}.".startswith(f"{room}.")


def room_of(module: str) -> str | None:
    """The room of the table that a module lies in: the longest that fits."""
    return max((room for row in ROWS for room in row if is_in(module, room)), key=len, default=None)


def row_of(room: str) -> int:
    return next(number for number, row in enumerate(ROWS) if room in row)


def why_not(module: str, target: str) -> str | None:
    """What the table has against `module` importing `target`; None where it has nothing."""
    library = target.split(".")[0]
    if library not in {"app", "checks"}:
        allowed = FENCES.get(library)
        if allowed is None or any(is_in(module, room) for room in allowed):
            return None
        return f"{library} only in {', '.join(allowed)}"
    if module.startswith("checks") and library == "app":
        return "the wall: checks never imports app"
    here, there = room_of(module), room_of(target)
    if there is None:
        return f"{target} lies in no room of the table"
    if here is None:
        return "the roots app and checks import no room" if module in {"app", "checks"} else f"{module} lies in no room"
    if here == there:
        return None
    if here in ONLY and there not in ONLY[here]:
        return f"{here} imports only {', '.join(ONLY[here]) or 'nothing of the house'}"
    if there in BY and here not in BY[there]:
        return f"only {', '.join(BY[there])} may import {there}"
    if row_of(there) > row_of(here):
        return f"{there} lies above {here}"
    if row_of(there) == row_of(here):
        return f"{there} lies beside {here}"
    return None


def sources(root: Path, *tops: str) -> list[Path]:
    """All Python files of these top-level folders, but for what npm installed for the tests."""
    found = (path for top in tops for path in (root / top).rglob("*.py"))
    return sorted(path for path in found if "node_modules" not in path.parts)


def faults(root: Path) -> list[str]:
    """Everything under `root` that breaks the house, a line each: `file:line: what: why`."""
    result = []
    for path in sources(root, "app", "checks"):
        relative = path.relative_to(root)
        module, source = module_name(relative), path.read_text("utf-8")
        if room_of(module) is None and module not in {"app", "checks"}:
            result.append(f"{relative}: lies in no room of the table")
        for found in imports(relative, source):
            if why := why_not(module, found.module):
                result.append(f"{relative}:{found.line}: imports {found.module}: {why}")
    return result + shape_faults(root)


def shape_faults(root: Path) -> list[str]:
    """Files that are too long, folders that are too full, and names that say nothing; tests are held to them too."""
    result = []
    for path in sources(root, *TOPS):
        relative, source = path.relative_to(root), path.read_text("utf-8")
        if FORBIDDEN_FILE.match(path.stem):
            result.append(f"{relative}: a file is named after what it does")
        if (lines := len(source.splitlines())) > MOST_LINES:
            result.append(f"{relative}: {lines} lines, {MOST_LINES} at most")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ClassDef) and FORBIDDEN_CLASS.match(node.name):
                result.append(f"{relative}:{node.lineno}: class {node.name}: the name says nothing")
    folders = Counter(path.parent for path in sources(root, *TOPS) if path.name != "__init__.py")
    for folder, count in folders.items():
        if count > MOST_FILES:
            result.append(f"{folder.relative_to(root)}: {count} files, {MOST_FILES} at most")
    return result


def test_the_house_stands() -> None:
    assert not faults(ROOT), "\n".join(faults(ROOT))


def test_checks_imports_without_app() -> None:
    """Every module of checks is imported by an interpreter in which app cannot be imported."""
    modules = [module_name(path.relative_to(ROOT)) for path in sources(ROOT, "checks")]
    modules = [module for module in modules if not module.endswith("__main__")]
    program = (
        "import importlib, sys\n"
        "sys.modules['app'] = None\n"  # the import system raises ImportError for a name that is None here
        "for name in sys.argv[1:]: importlib.import_module(name)\n"
        "print(sum(name.split('.')[0] == 'checks' for name in sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *modules], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= len(modules) > 3


@pytest.mark.parametrize(
    ("file", "source", "why"),
    [
        ("checks/review.py", "import app.settings", "the wall"),
        ("checks/review.py", "def f():\n    from app import settings", "the wall"),
        (
            "checks/review.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import app.model.job",
            "the wall",
        ),
        ("checks/review.py", "import importlib\nimportlib.import_module('app.views')", "the wall"),
        ("checks/model/findings.py", "from checks.debugging import detect", "above"),
        ("checks/model/findings.py", "from ..repository import git", "above"),
        ("checks/model/__init__.py", "from ..repository import git", "above"),
        ("checks/repository/git.py", "from checks.sandbox.port import run", "beside"),
        ("checks/review.py", "from checks import settings", "beside"),
        ("checks/review.py", "from checks import propose", "above"),
        ("checks/reports/text.py", "from checks.repository.snapshot import *", "imports only checks.model"),
        ("checks/review.py", "import checks.nowhere", "in no room"),
        ("checks/nowhere.py", "", "in no room"),
        ("app/views/pull.py", "import app.github.pulls", "above"),
        ("app/workflows/gate.py", "from app.workflows import durable", "above"),
        ("app/commands/fix.py", "import app.standin.server", "only app.cli"),
        ("app/standin/server.py", "import checks.model.findings", "nothing of the house"),
        ("app/__init__.py", "import checks.model.findings", "import no room"),
        ("app/api/routes.py", "import libcst.matchers", "libcst only in checks"),
        ("app/api/routes.py", "from typer import Typer", "typer only in app.cli"),
        ("checks/debugging/detect.py", "def f():\n    import subprocess", "subprocess only in"),
        ("app/github/pulls.py", "import subprocess as s", "subprocess only in"),
        ("app/workflows/gate.py", "from dbos import DBOS", "dbos only in"),
        ("checks/risk/assess.py", "class Check: ...", "says nothing"),
        ("checks/risk/assess.py", "def f():\n    class FixManager: ...", "says nothing"),
        ("tests/test_x.py", "class Utils: ...", "says nothing"),
        ("checks/risk/utils.py", "", "named after what it does"),
        ("tests/test_long.py", "\n" * 401, "401 lines"),
    ],
)
def test_a_violation_is_found(tmp_path: Path, file: str, source: str, why: str) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(source)
    found = faults(tmp_path)
    assert len(found) == 1
    assert found[0].startswith(file)
    assert why in found[0]


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("checks/debugging/tools/bandit.py", "import subprocess\nimport bandit\nfrom checks.model import findings"),
        ("checks/debugging/rules/bugs/nan.py", "from . import names\nfrom ...detect import walk\nimport libcst"),
        ("app/workflows/durable_jobs.py", "import dbos\nfrom app.commands import fix\nimport app.workflows.gate"),
        (
            "app/cli/serving/application.py",
            "import typer, subprocess, starlette\nimport app.standin.server\nfrom app import settings",
        ),
        ("app/standin/git.py", "import subprocess"),
        ("app/github/checks.py", "class CheckRun: ...\nclass Checkout: ...\nclass Contextual: ..."),
        ("checks/risk/assess.py", "\n" * 400),
    ],
)
def test_what_is_allowed_passes(tmp_path: Path, file: str, source: str) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(source)
    assert faults(tmp_path) == []


@pytest.mark.parametrize(("count", "expected"), [(15, []), (16, ["checks/risk: 16 files, 15 at most"])])
def test_full_folders_are_found(tmp_path: Path, count: int, expected: list[str]) -> None:
    folder = tmp_path / "checks" / "risk"
    folder.mkdir(parents=True)
    for name in ["__init__", *(f"factor_{number}" for number in range(count))]:
        (folder / f"{name}.py").touch()
    assert faults(tmp_path) == expected


def test_every_special_case_names_a_room_of_the_table() -> None:
    rooms = {room for row in ROWS for room in row}
    for room, others in (*ONLY.items(), *BY.items()):
        assert {room, *others} <= rooms
    for allowed in FENCES.values():
        assert all(room == "checks" or room_of(room.rstrip("*")) for room in allowed)
