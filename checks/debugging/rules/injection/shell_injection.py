"""
## What it does
Reports commands for a shell that are not constant: `subprocess` calls with `shell=True`, `os.system`, `os.popen`,
`subprocess.getoutput` and `asyncio.create_subprocess_shell` with a built text or a variable. Values that are constants,
numbers or quoted by `shlex.quote` are no fault.

## Why it is bad
The shell reads `;`, `|`, `$(…)` and white space in a value as its own language. Whoever chooses the value (a file's
name is enough) can run any command. No fix is offered: a value may be meant as several words, and only the
author knows.

## Example
```python
import subprocess

def count(path):
    return subprocess.check_output(f"wc -l {path}", shell=True)
```

## Use instead
```python
import subprocess

def count(path):
    return subprocess.check_output(["wc", "-l", "--", path])
```

References: Python documentation, "subprocess: Security Considerations"; CWE-78.
"""

import ast
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.injection.text.formatting import Hole
from checks.debugging.rules.injection.text.shells import ALWAYS, WORDS, callee, command
from checks.debugging.rules.injection.text.values import doubtful, from_outside, harmless
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_LAST = frozenset(name.rpartition(".")[2] for name in ALWAYS)


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """Commands of which others may choose a part: built texts are worse than a variable whose maker is not in sight."""
    if not node.keywords and not _named(node.func):
        return
    if callee(node, module) is None:
        return
    given = command(node)
    if given is None or harmless(given, module):
        return
    if isinstance(given, ast.List | ast.Tuple):
        return  # with shell=True on POSIX the first word alone is run
    holes = doubtful(given, module)
    if holes is None and isinstance(given, ast.Name):
        holes = _made(given, module)
    if holes == []:
        return
    if holes is None:
        message = "a command that is not constant is given to a shell"
        severity = Severity.HIGH if from_outside(given, module) else Severity.MEDIUM
        left = "where does the command come from, and does it need a shell?"
    else:
        message = "a value becomes part of a shell's command: signs in it run other commands"
        severity = Severity.HIGH
        left = "is each value one word? then a list without shell=True, or shlex.quote"
    yield Fault(node, message, left=left, severity=Severity.LOW if module.is_test else severity)


def _named(function: ast.expr) -> bool:
    name = (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )
    return name in _LAST or isinstance(function, ast.Name)


def _made(name: ast.Name, module: Module) -> list[Hole] | None:
    """The holes of the texts that a name is given; None where something else is given too."""
    found: list[Hole] = []
    bindings = module.bindings(name)
    if not bindings:
        return None
    for binding in bindings:
        if binding.kind != "assign" or binding.value is None:
            return None
        holes = doubtful(binding.value, module)
        if holes is None:
            if not harmless(binding.value, module):
                return None
            continue
        found += holes
    return found


RULE = Rule(
    name="shell-injection",
    topic="injection",
    summary="Command for a shell that is not constant",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=78,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="never",
    aliases=("B602", "B605", "S602", "S605"),
    mentions=WORDS,
)
