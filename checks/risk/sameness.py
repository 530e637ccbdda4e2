"""Proof that a change cannot alter behaviour: equal syntax trees, comments, documentation, added tests.

Anything short of proof is None: a doubt costs an approval, a wrong proof a fault that nobody looked at.
"""

import ast
import io
import re
import tokenize
from dataclasses import dataclass

from checks.repository.change import Change, Touched
from checks.risk import kinds, paths, source
from checks.risk.proof import added, documents, readers

READ = re.compile(
    r"#\s*(type:|noqa|nosec|pragma|fmt:|fmt\s*:|yapf:|isort:|ruff:|flake8:|pylint:|mypy:|pyright:|pyre-|pytype:|ty:|"
    r"pytest|doctest:|cython:|cython\s*:|distutils:|language_level|nopycln|noinspection|autopep8|skip|type\s*:|"
    r"pyrefly:|bandit|nosemgrep|lgtm|codeql|snyk|sonar|selfmod|///|!|.*coding[:=]|.*-\*-|vim?:|%%|/|<|\[|\{)",
    re.IGNORECASE,
)
"""Comments that some tool reads; the last ones begin blocks of metadata, cells or regions."""
ANYWHERE = re.compile(
    r"\b(noqa|nosec|nosemgrep|nosonar|nopep8|noinspection|nopycln|nocover)\b|\bno[ -](qa|sec|cover|branch|mutate)\b|"
    r"\bpragma\b|#\s*type:|[\w-]\s*:\s*\[?(ignore|skip|disable|enable|allow|on\b|off\b|no[-_]|suppress|expect)|"
    r"\b(lgtm|sourcery|deepcode|codeql|lizard|pylint|mypy|pyright|ruff|flake8|isort|mutmut)\b",
    re.IGNORECASE,
)
"""What tools look for in the middle of a comment too (`# as intended  # nosec`), and the form that such words have."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Why nothing can behave differently: for each kind of proof the paths that it holds for."""

    parts: tuple[tuple[str, tuple[str, ...]], ...]

    def __str__(self) -> str:
        return "; ".join(f"{what}: {kinds.listed(where)}" for what, where in self.parts)


def proof(change: Change) -> Proof | None:
    """The proof, None where one touched path has none."""
    if not change.touched or len(change.touched) > source.MOST or not source.comparable(change):
        return None
    found: dict[str, list[str]] = {}
    scan = readers.Scan(change)
    for touched in change.touched:
        why = _why(change, touched, scan)
        if why is None:
            return None
        found.setdefault(why, []).append(touched.path)
    return Proof(tuple((why, tuple(where)) for why, where in sorted(found.items())))


def _why(change: Change, touched: Touched, scan: readers.Scan) -> str | None:
    if any(paths.of_touched(touched)):
        return None
    if documents.only(change, touched, scan):
        return "documentation"
    if not touched.path.endswith(".py") or touched.status in ("deleted", "renamed"):
        return None
    old, new = kinds.sides(change, touched)
    if new is None or (old is None and touched.status == "modified"):
        return None
    if old is not None:
        why = same(old, new, scan)
        if why is not None:
            return why
    return "tests added" if added.only(touched.path, old, new, scan) else None


def same(old: bytes, new: bytes, scan: "readers.Scan | None" = None) -> str | None:
    """`equal syntax tree` or `comments` where two versions of a file cannot behave differently, else None. Docstrings
    are comments only where nothing in the repository (`scan`; nothing known without it) reads them."""
    trees = source.parsed(old), source.parsed(new)
    if trees[0] is None or trees[1] is None:
        return None
    if old.startswith(b"\xef\xbb\xbf") != new.startswith(b"\xef\xbb\xbf"):
        return None
    try:
        if _read_comments(old) != _read_comments(new) or (scan is not None and scan.comments_are_read):
            return None
        if source.dump(trees[0]) == source.dump(trees[1]):
            return "equal syntax tree" if _comments(old) == _comments(new) else "comments"
        if scan is None or scan.docstrings_are_read:
            return None
        plain = [_without_docstrings(tree) for tree in trees if tree is not None]
        return "comments" if source.dump(plain[0]) == source.dump(plain[1]) else None
    except (RecursionError, ValueError, SyntaxError, tokenize.TokenError):
        return None


def _is_read(comment: str) -> bool:
    return READ.match(comment) is not None or ANYWHERE.search(comment) is not None


def _comments(content: bytes) -> list[str]:
    """All comments in order, blanks at their ends aside."""
    tokens = tokenize.tokenize(io.BytesIO(content).readline)
    return [token.string.rstrip() for token in tokens if token.type == tokenize.COMMENT]


def _read_comments(content: bytes) -> list[tuple[str, str]]:
    """Comments that tools read, each with the code of its line; a first line that names an interpreter; the encoding.

    A comment above counts for what follows, and one that ends a line for that line: either is seen in the order."""
    found = [("encoding", "")]
    code: list[str] = []
    pending: list[str] = []
    for token in tokenize.tokenize(io.BytesIO(content).readline):
        if token.type == tokenize.ENCODING:
            found = [("encoding", token.string)]
        elif token.type == tokenize.COMMENT and _is_read(token.string):
            pending.append(token.string.rstrip())
            found += [(token.string.rstrip(), " ".join(code))]
        elif token.type in (tokenize.NEWLINE, tokenize.NL):
            code = [] if token.type == tokenize.NEWLINE else code
        elif token.type not in (tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER):
            if pending:
                found.append(("before", token.string))
                pending = []
            code.append(token.string)
    return found


PLAIN_BASES = frozenset(
    {
        "object", "Exception", "ValueError", "TypeError", "RuntimeError", "KeyError", "LookupError", "OSError",
        "BaseException", "ABC", "abc.ABC", "AttributeError", "NotImplementedError",
    }
)  # fmt: skip
"""Classes that do not look at the docstring of what is derived from them."""
PLAIN_DECORATORS = frozenset(
    {
        "property", "staticmethod", "classmethod", "abstractmethod", "abc.abstractmethod", "final", "override",
        "overload", "typing.overload", "functools.wraps", "functools.cache", "functools.lru_cache",
        "cached_property", "functools.cached_property",
    }
)  # fmt: skip
"""Decorators that copy a docstring at most."""


def _without_docstrings(tree: ast.Module) -> ast.Module:
    """The tree with one and the same text in place of each docstring that only people read: those of the module and of
    definitions that nothing decorates or derives from, without examples that doctest would run."""
    waiting: list[tuple[ast.AST, bool]] = [(tree, True)]
    while waiting:
        node, plain = waiting.pop()
        if isinstance(node, ast.ClassDef):
            plain = plain and not node.decorator_list and not node.keywords
            plain = plain and all(source.dotted(base) in PLAIN_BASES for base in node.bases)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            plain = plain and all(source.dotted(each) in PLAIN_DECORATORS for each in node.decorator_list)
        if plain and isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            value = first.value if isinstance(first, ast.Expr) else None
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and ">>>" not in value.value:
                value.value = "docstring"
        waiting += [(child, plain) for child in ast.iter_child_nodes(node)]
    return tree
