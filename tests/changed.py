"""Changes and evidence for tests, from the files of both sides."""

from collections.abc import Mapping

from checks.model.findings import Confidence, Finding, Severity
from checks.model.safety import Level, Proposer
from checks.model.verdicts import LineCoverage, Outcome, StageResult, State, SuiteRun, TestResult, Tests, Verdict
from checks.repository.change import Change, Touched
from checks.repository.snapshot import of_memory
from checks.risk.evidence import Evidence

STAGES = ("syntax", "security", "dangerous", "imports", "sandbox")
BASE = {
    "src/shop/__init__.py": "from shop.cart import Cart\n",
    "src/shop/cart.py": "class Cart:\n    def total(self, tax=0):\n        return 1 + tax\n",
    "tests/test_cart.py": "from shop.cart import Cart\n\n\ndef test_total():\n    assert Cart().total() == 1\n",
    "README.md": "# Shop\n",
    "pyproject.toml": '[project]\nname = "shop"\n',
}
"""A small project."""


def change(base: Mapping[str, str], head: Mapping[str, str], renamed: Mapping[str, str] | None = None) -> Change:
    """The change from one set of files to another; `renamed` maps new names to old ones."""
    renamed = renamed or {}
    touched = []
    for path in sorted(base.keys() | head.keys()):
        if path in renamed:
            touched.append(Touched(path, "renamed", renamed[path]))
        elif path not in base:
            touched.append(Touched(path, "added", None, None))
        elif path not in head and path not in renamed.values():
            touched.append(Touched(path, "deleted", new_mode=None))
        elif path in head and base[path] != head[path]:
            touched.append(Touched(path, "modified"))
    sides = [{path: text.encode("utf-8", "surrogateescape") for path, text in side.items()} for side in (base, head)]
    return Change(of_memory(sides[0]), of_memory(sides[1]), tuple(touched))


def edited(**files: str | None) -> Change:
    """BASE with files written, or removed where the text is None; `__` stands for `/`, a last `_` part for the ending:
    `src__shop__cart_py`."""
    head: dict[str, str] = dict(BASE)
    for name, text in files.items():
        stem, _, ending = name.replace("__", "/").rpartition("_")
        if text is None:
            del head[f"{stem}.{ending}"]
        else:
            head[f"{stem}.{ending}"] = text
    return change(BASE, head)


def run(trusted: bool = True, weaker: str = "") -> SuiteRun:
    """A run of one passed test."""
    return SuiteRun(
        (TestResult("tests/test_cart.py::test_total", Outcome.PASSED),), trusted, "", 1.0, "bubblewrap", weaker
    )


def coverage(file: str, covered: int, uncovered: int) -> LineCoverage:
    """So many lines of each kind."""
    return LineCoverage(file, tuple(range(1, covered + 1)), tuple(range(1000, 1000 + uncovered)))


def verdict(
    *lines: LineCoverage,
    states: Mapping[str, State] | None = None,
    findings: Mapping[str, tuple[Finding, ...]] | None = None,
    tests: bool = True,
    trusted: bool = True,
) -> Verdict:
    """Every stage passed but for `states`, and the tests ran."""
    states, findings = states or {}, findings or {}
    stages = tuple(
        StageResult(name, states.get(name, State.PASSED), findings=findings.get(name, ())) for name in STAGES
    )
    return Verdict(stages, Tests(run(trusted), run(), coverage=lines) if tests else None)


def finding(severity: Severity, rule: str = "some-rule", line: int = 3) -> Finding:
    """A finding in the cart."""
    place = ("src/shop/cart.py", line, 1, line, 2)
    return Finding(*place, rule, severity, Confidence.HIGH, "bad", None, "selfmod", ("selfmod",), False)


def evidence(
    of: Change,
    seen: Verdict | None = None,
    proposer: Proposer = Proposer.PERSON,
    fixes: tuple[str, ...] = (),
    demanded: tuple[tuple[str, Level], ...] = (),
    sensitive: tuple[tuple[str, Level], ...] = (),
) -> Evidence:
    """Evidence of a change; the cart's lines are covered unless `seen` says otherwise."""
    seen = seen or verdict(coverage("src/shop/cart.py", 3, 0), coverage("src/shop/__init__.py", 1, 0))
    return Evidence(of, seen, proposer, fixes, sensitive, demanded)
