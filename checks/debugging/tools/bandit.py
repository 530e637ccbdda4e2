"""bandit, on the tree that our own rules have parsed already.

bandit's command reads and parses every file again, tokenises it for `# nosec`, and logs each node. Its visitor is used
here as a library instead: same tests, same contexts, same results (a test compares the two), on one parse.
"""

import ast
import io
import logging
import tokenize
from dataclasses import dataclass
from functools import cache
from typing import Any

from bandit.core import config, issue, manager, meta_ast, metrics, node_visitor, test_set, tester, utils

from checks.debugging.source.module import Module

logging.getLogger("bandit").setLevel(logging.CRITICAL)
logging.getLogger("stevedore").setLevel(logging.CRITICAL)


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
    return test_set.BanditTestSet(config.BanditConfig(), profile={})


class _Tester(tester.BanditTester):  # type: ignore[misc]  # bandit has no type information
    """Asks for `# nosec` only where the file has one."""

    def _get_nosecs_from_contexts(self, context: Any, test_result: Any = None) -> Any:
        if not self.nosec_lines:
            return None
        return super()._get_nosecs_from_contexts(context, test_result)

    @staticmethod
    def report_error(test: str, context: Any, error: Exception) -> None:
        """A test of bandit that fails on a node says nothing about that node; the others go on, as in its command."""


class _Visitor(node_visitor.BanditNodeVisitor):  # type: ignore[misc]  # bandit has no type information
    """bandit's visitor without its scores and without its debug messages, which cost more than the tests."""

    def update_scores(self, scores: Any) -> None:
        """Scores are not used here."""

    def pre_visit(self, node: ast.AST) -> bool:
        context = {
            "imports": self.imports,
            "import_aliases": self.import_aliases,
            "node": node,
            "linerange": utils.linerange(node),
            "filename": self.fname,
            "file_data": self.fdata,
        }
        for name in ("lineno", "col_offset", "end_col_offset"):
            if hasattr(node, name):
                context[name] = getattr(node, name)
        self.context = context
        self.depth += 1
        return True

    def post_visit(self, node: ast.AST) -> None:
        self.depth -= 1
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            self.namespace = utils.namespace_path_split(self.namespace)[0]


def issues(module: Module) -> list[Issue]:
    """bandit's issues for a parsed module, `# nosec` honoured. Raises RecursionError on very deep trees."""
    data = module.text.data
    nosec: dict[int, Any] = {}
    if b"nosec" in data:
        nosec = _nosec_lines(data)
    counts = metrics.Metrics()
    counts.begin(module.path)
    visitor = _Visitor(module.path, io.BytesIO(data), meta_ast.BanditMetaAst(), _tests(), False, nosec, counts)
    visitor.tester = _Tester(_tests(), False, nosec, counts)
    visitor.generic_visit(module.tree)
    visitor.context = {"file_data": visitor.fdata, "filename": module.path, "lineno": 0, "linerange": [0, 1]}
    visitor.context["col_offset"] = 0
    visitor.tester.run_tests(visitor.context, "File")
    return [_issue(found) for found in visitor.tester.results]


def _nosec_lines(data: bytes) -> dict[int, Any]:
    lines: dict[int, Any] = {}
    try:
        for token in tokenize.tokenize(io.BytesIO(data).readline):
            if token.type == tokenize.COMMENT:
                lines[token.start[0]] = manager._parse_nosec_comment(token.string)
    except (tokenize.TokenError, SyntaxError):
        pass  # as bandit itself does: the comments before the broken place count
    return {line: tests for line, tests in lines.items() if tests is not None}


def _issue(found: issue.Issue) -> Issue:
    lines = list(found.linerange) or [found.lineno]
    line = found.lineno or 1
    end_line = max(lines[-1], line)
    single = end_line == line
    return Issue(
        code=found.test_id,
        line=line,
        column=max(found.col_offset, 0),
        end_line=end_line,
        end_column=max(found.end_col_offset, found.col_offset + 1, 1) if single else max(found.end_col_offset, 1),
        severity=found.severity,
        confidence=found.confidence,
        message=found.text,
        cwe=found.cwe.id or None,
    )
