"""What in the repository reads source text, docstrings or files by name: found by words, once, within bounds."""

import re
from functools import cached_property

from checks.repository.change import Change
from checks.risk import kinds

MOST_FILES = 5_000
"""Python files that are looked through; of a repository with more nothing is proved about docstrings and names."""
MOST_BYTES = 64 * 1024 * 1024
_COMMENTS = re.compile(rb"getsource|getcomments|findsource|\btokenize\b|\blibcst\b|\bredbaron\b|__file__\)\.read_text")
_DOCSTRINGS = re.compile(
    rb"__doc__|\bgetdoc\b|\bdoctest|(?m:^\s*(?:import|from)\s+(?:argparse|typer|click|docopt|fire|defopt|plac|clize|"
    rb"cyclopts|tyro|jsonargparse|simple_parsing|ply|sly|spark|fastapi|flask_restx|flasgger|apispec|strawberry|graphene|"
    rb"ninja|pydantic|msgspec|mcp|fastmcp|langchain\w*|llama_index|openai|anthropic|pydantic_ai|dspy|instructor|invoke|"
    rb"fabric|celery|behave|robot|hypothesis\.extra\.ghostwriter|docstring_parser|griffe|zope|sybil)\b)"
)

_EXAMPLES = re.compile(rb"\b(doctest|DocTestRunner|sybil|mktestdocs|pytest_examples|find_examples|phmdoctest)\b")


class Scan:
    """The Python of both sides of a change, looked through when it is first asked for."""

    def __init__(self, change: Change) -> None:
        self._change = change

    @cached_property
    def _texts(self) -> dict[str, bytes] | None:
        """The Python of head and, of what was touched, of base, with other files where configuration may name a tool;
        None where it is too much or cannot be read."""
        found: dict[str, bytes] = {}
        total = 0
        names = [e.path for e in self._change.head.files if kinds.is_python(e.path)]
        if len(names) > MOST_FILES or any(kinds.is_python(s.file) for s in self._change.head.skipped):
            return None
        for name in names:
            text = kinds.content(self._change.head, name)
            total += len(text or b"")
            if text is None or total > MOST_BYTES:
                return None
            found[name] = text
        return found

    def _any(self, pattern: re.Pattern[bytes]) -> bool:
        texts = self._texts
        return texts is None or any(
            pattern.search(text) for path, text in texts.items() if path.split("/")[0] not in kinds.ASIDE
        )

    @cached_property
    def comments_are_read(self) -> bool:
        """Whether some module reads source text, its comments included; True where that is not known."""
        return self._any(_COMMENTS)

    @cached_property
    def docstrings_are_read(self) -> bool:
        """Whether some module, a library that one imports, or the test configuration reads docstrings; True where that
        is not known."""
        return self._any(_DOCSTRINGS) or self.configuration_says(b"doctest")

    @cached_property
    def examples_are_run(self) -> bool:
        """Whether the examples in texts are tests, by doctest or a tool like it; True where that is not known."""
        tools = (b"doctest", b"sybil", b"mktestdocs", b"markdown-pytest", b"pytest-examples", b"phmdoctest")
        return any(self.configuration_says(tool) for tool in tools) or self._any(_EXAMPLES)

    def configuration_says(self, word: bytes) -> bool:
        """Whether a file of configuration at the root holds the word."""
        places = ("pyproject.toml", "setup.cfg", "pytest.ini", ".pytest.ini", "tox.ini", "pytest.toml", "Makefile")
        return any(word in (kinds.content(self._change.head, place) or b"") for place in places)

    def names(self, file: str) -> bool:
        """Whether a module of the project names a file (`prompt.md`) in a text; True where that is not known."""
        texts, word = self._texts, file.encode("utf-8", "surrogateescape")
        return texts is None or any(
            word in text for path, text in texts.items() if path.split("/")[0] not in kinds.ASIDE and path != "setup.py"
        )

    def imports(self, module: str, but: str) -> bool:
        """Whether a file other than `but` names a module (its last name) in an import; True where not known."""
        texts = self._texts
        pattern = re.compile(rb"(?m)^\s*(?:from|import)\b[^\n#]*\b" + re.escape(module.encode()) + rb"\b")
        return texts is None or any(pattern.search(text) for path, text in texts.items() if path != but)

    def tests_beside(self, path: str) -> bool:
        """Whether the base has a test module in the folder of this path or in one above that is for tests."""
        folder = path.rpartition("/")[0]
        if not kinds.TESTS.isdisjoint(folder.split("/")):
            return True
        files = self._change.base.files
        return any(kinds.is_test_module(e.path) and e.path.rpartition("/")[0] == folder for e in files)
