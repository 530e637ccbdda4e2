"""bandit, on the tree that our own rules have parsed already.

bandit's command reads and parses every file again, tokenises it for `# nosec`, and logs each node. Its visitor is used
here as a library instead: same tests, same contexts, same results (a test compares the two), on one parse.

Two differences are meant: lines end where Python ends them (bandit counts a form feed as an end of line for B613), and
tests that other installed distributions plug into bandit are not run: results must not depend on them.
"""

import ast
import bisect
import contextlib
import io
import logging
import re
import signal
import threading
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from bandit.core import (
    config,
    extension_loader,
    issue,
    manager,
    meta_ast,
    metrics,
    node_visitor,
    test_set,
    tester,
    utils,
)
from bandit.core import context as bandit_context

from checks.debugging.source.module import Module
from checks.debugging.source.text import Text

logging.getLogger("bandit").setLevel(logging.CRITICAL)
logging.getLogger("stevedore").setLevel(logging.CRITICAL)

SECONDS = 10.0
"""Processor time for a file; a thousand lines take less than a tenth of a second."""

_NAME = "./module.py"
"""What bandit thinks that every file is called: for a real name it looks for `__init__.py` around it on the disk."""
_ODD_ENDS = re.compile(rb"[\x0b\x0c\x1c-\x1e]|\xc2\x85|\xe2\x80[\xa8\xa9]|\r(?!\n)")
_PLAIN_ENDS = {**dict.fromkeys((0x0B, 0x0C, 0x1C, 0x1D, 0x1E, 0x85, 0x2028, 0x2029), " "), 0x0D: "\n"}


@dataclass(frozen=True, slots=True)
class Issue:
    """What bandit says: lines from 1, columns in UTF-8 bytes from 0, severity and confidence in its words."""

    code: str
    line: int
    column: int
    end_line: int
    end_column: int
    severity: str
    confidence: str
    message: str
    cwe: int | None


@cache
def _tests() -> Any:
    # bandit's configuration is empty: a file `.bandit` or a [tool.bandit] of the repository is never read
    settings = config.BanditConfig()
    tests = test_set.BanditTestSet(settings, profile={})
    tests.plugins = [p for p in tests.plugins if p.plugin.__module__.partition(".")[0] == "bandit"]
    tests._load_tests(settings, tests.plugins)
    return tests


class _Tester(tester.BanditTester):  # type: ignore[misc]  # bandit has no type information
    """Finds the `# nosec` of an issue without looking at every line that the issue spans."""

    def __init__(self, nosec: Mapping[int, Any], counts: Any) -> None:
        super().__init__(_tests(), False, nosec, counts)
        self._lines = sorted(nosec)

    def run_tests(self, raw_context: Any, checktype: str) -> None:
        """As bandit's, with one copy of the context for all tests of a node and not one for each."""
        tests = self.testset.get_tests(checktype)
        if not tests:
            return
        context = bandit_context.Context(raw_context)
        for test in tests:
            try:
                found = test(context, test._config) if hasattr(test, "_config") else test(context)
                if found is not None:
                    self._keep(found, test, raw_context)
            except Exception as error:  # bandit's own command goes on too
                self.report_error(test.__name__, context, error)

    def _keep(self, found: issue.Issue, test: Any, raw_context: Any) -> None:
        skipped = self._get_nosecs_from_contexts(raw_context, test_result=found)
        found.fname, found.fdata = raw_context["filename"], raw_context["file_data"]
        if found.lineno is None:
            found.lineno = raw_context["lineno"]
        if found.linerange == []:
            found.linerange = raw_context["linerange"]
        if found.col_offset == -1:
            found.col_offset = raw_context["col_offset"]
        found.end_col_offset = raw_context.get("end_col_offset", 0)
        found.test = test.__name__
        if found.test_id == "":
            found.test_id = test._test_id
        if skipped is None or (skipped and found.test_id not in skipped):
            self.results.append(found)

    def _get_nosecs_from_contexts(self, context: Any, test_result: Any = None) -> Any:
        if test_result is None or not self._lines:
            return None  # without a result bandit only writes a warning
        lines = context["linerange"]
        first = bisect.bisect_left(self._lines, lines[0]) if lines else len(self._lines)
        spanned = first < len(self._lines) and self._lines[first] <= lines[-1]
        found = [self.nosec_lines.get(test_result.lineno)]
        found += [self.nosec_lines[self._lines[first]]] if spanned else []
        named = [tests for tests in found if tests is not None]
        return set().union(*named) if named else None

    @staticmethod
    def report_error(test: str, context: Any, error: Exception) -> None:
        """A test of bandit that fails on a node says nothing about that node; the others go on, as in its command."""


class _Visitor(node_visitor.BanditNodeVisitor):  # type: ignore[misc]  # bandit has no type information
    """bandit's visitor without its scores and without its debug messages, which cost more than the tests, and with
    ranges for lists of lines: bandit makes one of its parent's lines for each string of a long table."""

    def generic_visit(self, node: ast.AST) -> None:
        """As bandit's, but nodes that no test looks at are only walked through."""
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                for item, sibling in zip(value, [*value[1:], None], strict=False):
                    if isinstance(item, ast.AST):
                        self._below(item, sibling, node)
            elif isinstance(value, ast.AST) and value._fields:
                self._below(value, None, node)

    def _below(self, node: Any, sibling: Any, parent: ast.AST) -> None:
        node._bandit_sibling = sibling
        node._bandit_parent = parent
        if type(node).__name__ not in _looked_at() or not _is_looked_at(node, parent):
            self.generic_visit(node)
        elif self.pre_visit(node):
            self.visit(node)
            self.generic_visit(node)
            self.post_visit(node)

    def update_scores(self, scores: Any) -> None:
        """Scores are not used here."""

    def pre_visit(self, node: ast.AST) -> bool:
        context = {
            "imports": self.imports,
            "import_aliases": self.import_aliases,
            "node": node,
            "linerange": _lines(node),
            "filename": self.fname,
            "file_data": self.fdata,
        }
        for name in ("lineno", "col_offset", "end_col_offset"):
            if hasattr(node, name):
                context[name] = getattr(node, name)
        self.context = context
        self.depth += 1
        return True

    def visit_Str(self, node: Any) -> None:  # noqa: N802  # bandit's name
        self._visit_literal(node, "str", "Str")

    def visit_Bytes(self, node: Any) -> None:  # noqa: N802  # bandit's name
        self._visit_literal(node, "bytes", "Bytes")

    def _visit_literal(self, node: Any, name: str, kind: str) -> None:
        self.context[name] = node.value
        if not isinstance(node._bandit_parent, ast.Expr):  # else a docstring
            self.context["linerange"] = _lines(node._bandit_parent)
            self.tester.run_tests(self.context, kind)

    def post_visit(self, node: ast.AST) -> None:
        self.depth -= 1
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            self.namespace: str = utils.namespace_path_split(self.namespace)[0]


@cache
def _looked_at() -> frozenset[str]:
    """The kinds of nodes that bandit has a test or a step of its own for."""
    steps = (name.removeprefix("visit_") for name in dir(_Visitor) if name.startswith("visit_"))
    return frozenset(_tests().tests) | frozenset(steps)


def _is_looked_at(node: ast.AST, parent: ast.AST) -> bool:
    """Whether bandit looks at a node, which of constants it does only at strings and bytes, and not at docstrings."""
    if not isinstance(node, ast.Constant):
        return True
    return isinstance(node.value, str | bytes) and not isinstance(parent, ast.Expr)


def _lines(node: ast.AST) -> Any:
    if isinstance(node, ast.stmt | ast.expr | ast.ExceptHandler):
        return range(node.lineno, (node.end_lineno or node.lineno) + 1)
    return utils.linerange(node)


def knows(code: str) -> bool:
    """Whether a code is a test of bandit."""
    return bool(extension_loader.MANAGER.check_id(code))


def issues(module: Module, seconds: float = SECONDS) -> list[Issue]:
    """bandit's issues for a parsed module, `# nosec` honoured. Raises RecursionError on very deep trees and
    TimeoutError after `seconds` of work: its expressions for SQL are slow on texts that were made for it."""
    text = module.text
    counts = metrics.Metrics()
    counts.begin(_NAME)
    nosec = nosec_lines(text)
    data = io.BytesIO(_same_lines(text))
    visitor = _Visitor(_NAME, data, meta_ast.BanditMetaAst(), _tests(), False, nosec, counts)
    visitor.tester = _Tester(nosec, counts)
    try:
        with _limited(seconds):
            return [_issue(text, found) for found in _results(visitor, module.tree, data)]
    except _Late:
        raise TimeoutError(f"bandit took more than {seconds:g} s") from None


def _results(visitor: _Visitor, tree: ast.Module, data: io.BytesIO) -> Any:
    visitor.generic_visit(tree)
    visitor.context = {"file_data": data, "filename": _NAME, "lineno": 0, "linerange": [0, 1], "col_offset": 0}
    visitor.tester.run_tests(visitor.context, "File")
    return visitor.tester.results


class _Late(BaseException):
    """The time is over. No Exception: bandit catches these."""


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raises _Late after so much processor time; without a limit outside of the main thread, where no signal comes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def late(number: int, frame: object) -> None:
        raise _Late

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _same_lines(text: Text) -> bytes:
    """The file's own bytes, which B613 decodes again, with no other ends of lines than Python has."""
    data = text.data
    if _ODD_ENDS.search(data):
        data = data.decode("utf-8").translate(_PLAIN_ENDS).encode("utf-8")
    return text.encode(data) or data


def nosec_lines(text: Text) -> dict[int, frozenset[str]]:
    """The codes that each line's `# nosec` names; an empty set stands for all."""
    if b"nosec" not in text.data:
        return {}
    lines = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(text.string, newline=None).readline):
            if token.type == tokenize.COMMENT:
                lines[token.start[0]] = manager._parse_nosec_comment(token.string)
    except (tokenize.TokenError, SyntaxError):
        pass  # as bandit itself does: the comments before the broken place count
    return {line: frozenset(codes) for line, codes in lines.items() if codes is not None}


def _issue(text: Text, found: issue.Issue) -> Issue:
    lines = found.linerange or [found.lineno]
    line = min(max(found.lineno or 1, 1), len(text.line_starts))
    end_line = min(max(lines[-1], line), len(text.line_starts))
    column, end_column = max(found.col_offset, 0), max(found.end_col_offset, 1)
    if found.test_id == "B613":  # alone counts in characters, from 1
        column = len(text.line(line)[: column - 1].encode("utf-8"))
    if end_line == line:
        end_column = max(end_column, column + 1)
    cwe = found.cwe.id or None
    return Issue(found.test_id, line, column, end_line, end_column, found.severity, found.confidence, found.text, cwe)
