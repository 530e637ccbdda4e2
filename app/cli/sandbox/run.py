"""`selfmod sandbox run`."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.group import say
from app.cli.output import put
from app.cli.progress import steps
from checks.model.verdicts import Lacking, Outcome, SuiteRun, TestResult
from checks.reports.safe import for_terminal, shortened
from checks.sandbox.port import MIB, Limits

if TYPE_CHECKING:
    from checks.sandbox.port import Sandbox

FAILED, ENVIRONMENT = 1, 2
DEFAULT = Limits()
SHOWN, LINES, WIDTH = 20, 5, 200
"""Failing tests that are listed; lines of each one's reason; characters of such a line."""
_REMEDY = "Install what they need into the project's .venv, or name an environment: --python PATH"


def run(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder with a project and its tests.")],
    timeout: Annotated[
        float, typer.Option(metavar="S", min=0.1, max=86_400, help="Seconds that the tests may take.")
    ] = DEFAULT.seconds,
    memory: Annotated[
        int, typer.Option(metavar="MB", min=64, max=1 << 20, help="Memory of all their processes together.")
    ] = DEFAULT.memory // MIB,
    python: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="The interpreter or virtual environment that the tests run with."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Run the tests of a folder in the sandbox. It gets a copy: nothing of the folder is changed, and none of its code
    runs outside.

    Exit code 0: every test really ran, and none failed. 1: not so. 2: it could not be tried: no sandbox on this host,
    no such folder, or packages are missing that the tests need.

    Examples:

        selfmod sandbox run .

        selfmod sandbox run --timeout 60 --memory 512 --python .venv path/to/project
    """
    from checks.repository.contents import of_folder
    from checks.sandbox.choose import choose
    from checks.sandbox.environment import find
    from checks.sandbox.suite import run_tests

    limits = Limits(seconds=timeout, memory=memory * MIB)
    with steps("testing") as told:
        told("copying the files")
        files = tuple(of_folder(folder, limits.disk))
        environment = find(folder, str(python) if python else None, shipped=_tracked(folder))
        told("looking for a sandbox")
        sandbox: Sandbox = choose()
        told(f"running the tests in {sandbox.name}")
        suite = run_tests(sandbox, environment, files, limits)
    code = exit_code(suite)
    if as_json:
        from checks.reports.judged.json import run as document

        put(json.dumps({"exit_code": code, "folder": str(folder), **document(suite)}, indent=2))
    else:
        put("\n".join(_lines(suite)))
    if code == ENVIRONMENT:
        say(f"selfmod: {suite.why}.  {_REMEDY}")
    raise typer.Exit(code)


def exit_code(suite: SuiteRun) -> int:
    """0 where all ran and passed, 2 where the environment alone kept them from it, else 1."""
    if suite.passed and suite.lacking is Lacking.NOTHING:
        return 0
    return ENVIRONMENT if suite.lacking is Lacking.ENVIRONMENT and not suite.count(Outcome.FAILED) else FAILED


def _tracked(folder: Path) -> Callable[[str], bool]:
    """Whether a folder in the project is one of its repository's: an environment that comes with it is nobody's."""
    from checks.repository import git, objects

    root = git.find_root(folder)
    if root is None:
        return lambda inner: False
    prefix = folder.resolve().relative_to(root)
    return lambda inner: bool(objects.index(root, ((prefix / inner).as_posix(),)))


def _lines(suite: SuiteRun) -> Iterator[str]:
    counts = [f"{suite.count(outcome)} {outcome.value}" for outcome in Outcome if suite.count(outcome)]
    head = f"{len(suite.results)} {'test' if len(suite.results) == 1 else 'tests'} in {suite.seconds:.1f} s"
    where = ", ".join(each for each in (suite.framework, _python(suite), suite.backend) if each)
    yield for_terminal(f"{head}: {', '.join(counts) or 'none ran'}   ({where})")
    bad = [each for each in suite.results if not each.outcome.good]
    for each in bad[:SHOWN]:
        yield from _test(each)
    if len(bad) > SHOWN:
        yield f"  and {len(bad) - SHOWN} more"
    if suite.deselected:
        yield f"  {suite.deselected} deselected by the project's own settings"
    if suite.why:
        yield f"not passed: {for_terminal(suite.why)}" if suite.trusted else f"no verdict: {for_terminal(suite.why)}"
    if not suite.results and suite.output.strip():
        yield from (f"  | {for_terminal(shortened(line, WIDTH))}" for line in suite.output.splitlines()[-LINES:])
    yield f"environment: {for_terminal(suite.environment)}"
    if suite.weaker:
        yield f"a weaker sandbox: {for_terminal(suite.weaker)}"


def _python(suite: SuiteRun) -> str:
    return f"Python {suite.python}" if suite.python else ""


def _test(test: TestResult) -> Iterator[str]:
    yield f"  {test.outcome.value:8} {for_terminal(test.id)}"
    lines = [line for line in test.message.splitlines() if line.strip()]
    # what was raised stands at the end of a traceback
    for line in lines if len(lines) <= LINES else (*lines[: LINES - 1], lines[-1]):
        yield f"{'':11}{for_terminal(shortened(line, WIDTH))}"
