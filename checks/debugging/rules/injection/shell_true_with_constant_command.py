"""
## What it does
Reports `subprocess` calls with `shell=True` whose command is a constant. Where the command holds nothing that a shell
is needed for, it becomes a list of words and `shell=True` goes; pipes, variables, globs and builtins are reported only.

## Why it is bad
The shell does nothing here but start the program: it costs a process, hides the program's exit by a signal, receives
the signals meant for it, and turns into an injection on the day when somebody puts a value into the command.

## Example
```python
import subprocess

def revision():
    return subprocess.check_output("git rev-parse HEAD", shell=True)
```

## Use instead
```python
import subprocess

def revision():
    return subprocess.check_output(["git", "rev-parse", "HEAD"])
```

References: Python documentation, "subprocess: Security Considerations"; CWE-78.
"""

import ast
import re
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.injection.text.shells import STANDARD, SUBPROCESS, command, uses_shell, words
from checks.debugging.rules.injection.text.values import constant
from checks.debugging.source.calls import rewritten
from checks.debugging.source.edits import Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_PROBES = re.compile(r"(^(which|where|command|type)\b)|(\s(--version|-version|-v|-V|--help)\s*$)")


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """Calls of subprocess with a constant command, or with a list of constants."""
    if not node.keywords or not uses_shell(node) or module.resolve(node.func) not in SUBPROCESS:
        return
    given = command(node)
    if isinstance(given, ast.List | ast.Tuple) and len(given.elts) > 1:
        if all(isinstance(item, ast.Constant) for item in given.elts):
            yield Fault(node, "with shell=True a POSIX shell runs the first word and drops the others", left=_DROPPED)
        return
    text = constant(given, module) if given is not None else None
    if text is None or given is None:
        return
    parts = words(text)
    left = parts if isinstance(parts, str) else _obstacle(node, given, text, module)
    if not left and not isinstance(parts, str) and _fix(node, parts, module) is None:
        left = "a comment belongs to the argument"
    message = "a shell is started for a constant command"
    if left or isinstance(parts, str):
        yield Fault(node, message, left=left)
    else:
        yield Fault(node, message, partial(_fix, node, parts, module))


_DROPPED = "the words after the first have no effect on POSIX today: were they meant?"


def _obstacle(call: ast.Call, given: ast.expr, text: str, module: Module) -> str:
    if not isinstance(given, ast.Constant) or not call.args:
        return "the command stands in a variable or is given by keyword"
    if given.lineno != given.end_lineno:
        return "the command is written over several lines"
    if len(call.args) > 1 or any(keyword.arg in (None, "executable") for keyword in call.keywords):
        return "the other arguments of the call may depend on the shell"
    if _PROBES.search(text) or (
        _result_used(call, module) and not _checked(call, module) and text.split()[0] not in STANDARD
    ):
        return "a missing program is no exception today: without a shell it raises FileNotFoundError"
    for ancestor in module.ancestors(call):
        if isinstance(ancestor, ast.Compare | ast.UnaryOp | ast.BoolOp | ast.If | ast.While | ast.IfExp):
            if not isinstance(ancestor, ast.If | ast.While) or _within(ancestor.test, call):
                return "the exit status is asked for: without a shell a missing program raises FileNotFoundError"
        if isinstance(ancestor, ast.Try | ast.With | ast.FunctionDef | ast.AsyncFunctionDef):
            if isinstance(ancestor, ast.Try) and _within_all(ancestor.body, call) and not _catches(ancestor):
                return "a missing program would raise FileNotFoundError, which is not caught here"
            if isinstance(ancestor, ast.FunctionDef | ast.AsyncFunctionDef):
                break
    if any(isinstance(ancestor, ast.JoinedStr) for ancestor in module.ancestors(call)):
        return "the call stands in an f-string"
    return ""


def _checked(call: ast.Call, module: Module) -> bool:
    """Whether the call raises anyway where the program is missing."""
    return module.resolve(call.func) in ("subprocess.check_call", "subprocess.check_output") or any(
        keyword.arg == "check" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True
        for keyword in call.keywords
    )


def _result_used(call: ast.Call, module: Module) -> bool:
    return not isinstance(module.parent(call), ast.Expr)


def _within(tree: ast.AST, node: ast.AST) -> bool:
    return any(inner is node for inner in ast.walk(tree))


def _within_all(body: list[ast.stmt], node: ast.AST) -> bool:
    return any(_within(statement, node) for statement in body)


def _catches(statement: ast.Try) -> bool:
    """Whether FileNotFoundError is caught, or nothing of the call's failing is."""
    if not statement.handlers:
        return True
    names: set[str] = set()
    for handler in statement.handlers:
        if handler.type is None:
            return True
        names.update(
            n.id if isinstance(n, ast.Name) else n.attr
            for n in ast.walk(handler.type)
            if isinstance(n, ast.Name | ast.Attribute)
        )
    failing = {"CalledProcessError", "SubprocessError", "TimeoutExpired"}
    return bool(
        names & {"OSError", "FileNotFoundError", "Exception", "BaseException", "EnvironmentError", "IOError"}
    ) or not (names & failing)


def _fix(call: ast.Call, parts: list[str], module: Module) -> Fix | None:
    import libcst as cst  # late: only a fix needs it

    from checks.debugging.source.concrete import without

    def change(tree: cst.BaseExpression) -> cst.BaseExpression | None:
        bare = without(tree, "shell") if isinstance(tree, cst.Call) else None
        if bare is None:
            return None
        args, text = bare.args, bare.args[0].value
        if not isinstance(text, cst.SimpleString):
            return None
        quote = text.quote[0]
        listed = ", ".join(f"{quote}{part}{quote}" for part in parts)
        return bare.with_changes(args=[args[0].with_changes(value=cst.parse_expression(f"[{listed}]")), *args[1:]])

    edit = rewritten(module, call, change)
    return Fix((edit,)) if edit else None


RULE = Rule(
    name="shell-true-with-constant-command",
    topic="injection",
    summary="A shell for a constant command",
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    cwe=78,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("B602", "S602"),
    mentions=("shell",),
)
