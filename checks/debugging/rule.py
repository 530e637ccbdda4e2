"""What a rule is: which nodes it looks at, what it says, and how it is mended."""

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from checks.debugging.source.edits import Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where a rule holds.

    `fix` builds the edits when somebody asks for them; None where no fix is sure, and `left` then says why in words
    for a person. `severity` and `confidence` replace the rule's own where the place is better or worse than usual.
    """

    node: ast.AST
    message: str
    fix: Callable[[], Fix | None] | None = None
    left: str = ""
    severity: Severity | None = None
    confidence: Confidence | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Detection and fix of one fault.

    `detect` gets each node of the types in `nodes` once and yields faults; it only reads. `documentation` is the
    rule's docstring with the sections *What it does*, *Why it is bad*, *Example* (must yield the fault) and *Use
    instead* (must not). `aliases` are codes of bandit and ruff for the same fault; findings under them are merged.
    `tests` says whether the rule holds in test files too.
    """

    name: str
    topic: str
    summary: str
    severity: Severity
    confidence: Confidence
    cwe: int | None
    nodes: tuple[type[ast.AST], ...]
    detect: Callable[[Any, Module], Iterable[Fault]]
    documentation: str
    fixes: Literal["always", "sometimes", "never"]
    aliases: tuple[str, ...] = ()
    tests: bool = True
    mentions: tuple[str, ...] = ()
    """Words of which the file's text must hold one; empty: every file is looked at."""
