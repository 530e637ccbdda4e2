"""Values to show, and the texts that are expected of them, in files beside this one."""

from pathlib import Path

from app.model.approval import Seen, Weighed
from app.model.decision import Decision, Merge
from app.model.forge import CheckRun
from app.model.gate import Standing, Stands
from app.views.gate import Gate
from checks.configuration.approvals import Mode
from checks.model.findings import Severity
from checks.model.judged import Judged
from checks.model.safety import Level
from checks.model.verdicts import Outcome, TestResult
from tests.pulls.judgements import HEAD, finding, judged

GOLDEN = Path(__file__).parent / "golden"
URL = "https://selfmod.example/details/mod_4be1f00dcafe?key=k"
HOSTILE = "\x1b[2J @everybody #12 ![x](https://e.example/x.png) <img src=x> </details>\n```\n| \u202e `"
WAITING = Standing(Stands.WAITS, "1 of 1 approval: anybody with write access")


def expected(name: str) -> str:
    """The text of a file, as a person reads it on GitHub."""
    return (GOLDEN / f"{name}.md").read_text("utf-8")


def told(run: CheckRun) -> str:
    """All of a check run in one text."""
    notes = "".join(
        f"\n@ {each.path}:{each.start_line}-{each.end_line} {each.level}: {each.title}\n{each.message}\n"
        for each in run.annotations
    )
    state = run.conclusion or "in progress"
    buttons = ", ".join(each.label for each in run.buttons)
    return f"{run.name}: {run.title}\n{state}; buttons: {buttons or 'none'}\n\n{run.summary}{run.text}{notes}"


def gate(
    standing: Standing = WAITING,
    mode: Mode = Mode.ENFORCE,
    value: Judged | None = None,
    decision: Decision | None = None,
    weighed: Weighed | None = None,
    details: str = URL,
    configuration: str = "main@a81d000000",
) -> Gate:
    one = Decision(Level.MEDIUM_RISK, Merge.BY_PERSON, 1, reasons=("MEDIUM_RISK is merged by a person.",))
    seen = Seen("eve", "review", HEAD, False, "has read access; write is needed")
    waits = Weighed(1, (), 1, "anybody with write access", (seen,), excluded=(("bob", "opened this pull request"),))
    return Gate(
        value or judged(), decision or one, weighed or waits, standing, mode, HEAD, configuration, "mod_4be1f00dcafe",
        details,
    )  # fmt: skip


def bad() -> Judged:
    """A change with findings and a test that fails now."""
    fails = TestResult("tests/test_a.py::test_x", Outcome.FAILED, 0.1, "assert 1 == 2", "tests/test_a.py")
    low = finding("mutable-default-argument", Severity.LOW, "The default is shared.", fixable=True, lines=(7, 9))
    return judged(findings=[finding(), low], failing=[fails])


def hostile() -> Judged:
    """A change whose every text tries something."""
    fails = TestResult(f"tests/test_a.py::test_x[{HOSTILE}]", Outcome.FAILED, 0.1, HOSTILE, "tests/test_a.py")
    return judged(findings=[finding(message=HOSTILE)], failing=[fails], hostile=HOSTILE)
