"""Which files may be broken on purpose.

The rule: a fault that the base's file had too never fails. Otherwise it fails, unless the file lies where data for
tests and templates lie:

- a folder on its path is named like one of FOLDERS, or holds `{{` or `{%` (a template of a project);
- beneath a folder of tests it lies in one of DATA;
- a Python file lies beneath a folder of tests, in a folder without `__init__.py`, and is not itself named as a test,
  or its name says that it is broken (`tests_syntax_error.py`);
- a file of another kind lies anywhere beneath a folder of tests;
- a file of another kind holds `{{`, `{%`, `<%` or `${` (a template): nobody can say whether what it makes is well
  formed.

There a new fault is a hint.
"""

import posixpath
import re
from collections.abc import Container

FOLDERS = frozenset(
    """
    testdata test_data test-data fixture fixtures corpus snapshots __snapshots__ golden goldens samples
    templates template skeleton cookiecutter project_template app_template
    bad broken invalid malformed node_modules vendor third_party
    """.split()  # noqa: SIM905 - one word a name reads better than quotes
)
DATA = frozenset(
    {"data", "roots", "resources", "assets", "files", "cases", "inputs", "expected", "targets", "projects"}
)
"""Folders that hold data where they lie beneath a folder of tests."""
TESTS = frozenset({"test", "tests", "testing", "unittests", "spec"})
_TEST = re.compile(r"(test_.*|.*_test|tests?|conftest|__init__)\.pyi?")
_BROKEN = re.compile(r"syntax_?err|invalid|broken|malformed|bad_|_bad\b|corrupt|not_utf|nonutf", re.IGNORECASE)
_TEMPLATE = re.compile(rb"\{\{|\{%|<%|\$\{|@@|^\s*#(if|include|define)\b", re.MULTILINE)


def is_data(path: str, files: Container[str]) -> bool:
    """Whether a path says that the file is data of tests or a template; `files` are all paths."""
    *folders, name = path.split("/")
    lowered = [folder.lower() for folder in folders]
    if any(folder in FOLDERS or "{{" in folder or "{%" in folder for folder in lowered) or "{{" in name:
        return True
    if TESTS.isdisjoint(lowered):
        return False
    if not DATA.isdisjoint(lowered[min(map(lowered.index, TESTS.intersection(lowered))) :]):
        return True
    if not name.endswith((".py", ".pyi", ".pyw")):
        return True
    if _BROKEN.search(name):
        return True
    inside = posixpath.dirname(path)
    bare = f"{inside}/__init__.py" not in files and lowered[-1] not in TESTS
    return bare and _TEST.fullmatch(name) is None


def is_template(content: bytes) -> bool:
    """Whether a file that is no Python is made into its form by something else first."""
    return _TEMPLATE.search(content) is not None
