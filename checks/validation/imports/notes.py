"""What is said of an import, a requirement or a name: findings with their words."""

from checks.model.findings import Confidence, Finding, Severity
from checks.repository.declarations import pythons
from checks.repository.history import shown
from checks.validation.imports.found import Import
from checks.validation.imports.resolve import Missing
from checks.validation.known import distributions, lookalikes, standard

HINT = Severity.LOW
FAILS = Severity.HIGH


def finding(
    file: str, place: tuple[int, int, int], rule: str, severity: Severity, message: str, *, scope: str = "",
    text: str = "", tools: tuple[str, ...] = ("selfmod",), sure: Confidence = Confidence.HIGH,
) -> Finding:  # fmt: skip
    """A finding on one line: `place` is line, column and end column, from 1."""
    return Finding(
        file=shown(file),
        line=place[0],
        column=place[1],
        end_line=place[0],
        end_column=max(place[2], place[1] + 1),
        rule=rule,
        severity=severity,
        confidence=sure,
        message=message,
        cwe=None,
        tool="selfmod",
        tools=tools,
        fixable=False,
        scope=scope,
        text=text,
    )


def of_import(file: str, each: Import, rule: str, severity: Severity, message: str) -> Finding:
    """A finding at an import."""
    place = (each.line, each.column, each.end_column)
    return finding(file, place, rule, severity, message, scope=each.scope, text=each.text)


def missing(file: str, each: Import, lack: Missing, *, taken: bool) -> Finding:
    """A module or a name of the repository's own that is not there; `taken`: the change takes it away."""
    why = "the change takes it away" if taken else "it is not there"
    near = f" Did you mean {lack.near}?" if lack.near else ""
    if lack.kind == "module":
        message = f"No module {lack.where} in the repository: {why}.{near}"
        return of_import(file, each, "import-missing-module", FAILS, message)
    message = f"{lack.where} has no {lack.what}: {why}.{near}"
    return of_import(file, each, "import-missing-name", FAILS, message)


def not_standard(file: str, each: Import, lacking: tuple[tuple[int, int], ...]) -> Finding:
    """A module of the standard library that some declared Python lacks."""
    first, last = standard.span(each.dotted)
    when = f"gone after {_python(last)}" if last is not None and last < lacking[-1] else f"new in {_python(first)}"
    message = (
        f"{each.module or each.name} is not in the standard library of Python {pythons.shown(lacking)} ({when}), "
        "which the project declares. Guard the import (`except ImportError`, `sys.version_info`), or raise "
        "`requires-python`."
    )
    return of_import(file, each, "import-not-in-python", FAILS, message)


def _python(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def undeclared(file: str, each: Import, names: frozenset[str]) -> Finding:
    """A module that nothing declared brings. `names` are what could have been meant: modules of the repository and of
    what it declares."""
    top = each.module.partition(".")[0]
    brought = [name for name in distributions.of_import(each.module) if distributions.fits(name, each.module)]
    if not brought and distributions.is_shared(top):
        message = f"{each.module} is not declared, and no well-known distribution of the namespace {top} has its name."
        return of_import(file, each, "import-undeclared", FAILS, message)
    if brought:
        message = f"{top} is not declared: it is in the distribution {brought[0]}. Declare it, or take the import out."
        return of_import(file, each, "import-undeclared", FAILS, message)
    near = nearest(top, names)
    meant = f" Did you mean {near}?" if near else ""
    message = f"{top} is no module of the standard library, of the repository or of a well-known distribution.{meant}"
    return of_import(file, each, "import-unknown", FAILS, message)


def nearest(top: str, names: frozenset[str]) -> str | None:
    """The name that was probably meant: one of the repository's world first, else a well-known one."""
    close = lookalikes.nearest(top, sorted(names))
    if close is None:
        close = lookalikes.nearest(top, sorted(standard.names()))
    if close is None:
        close = lookalikes.nearest(top, sorted(distributions.import_names()), 1)
    mistaken = lookalikes.mistaken_for(top.lower().replace("_", "-")) if close is None else None
    return close or mistaken
