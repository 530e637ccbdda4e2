"""Which touched files are documentation for people and nothing else."""

import re

from checks.repository.change import Change, Touched
from checks.risk import kinds
from checks.risk.proof import readers

ENDINGS = (".md", ".rst", ".txt")
FOLDERS = frozenset({"docs", "doc", "documentation", "changelog.d", "newsfragments", "news", "changes"})
"""Folders at the root whose texts are for people."""
_NAMES = re.compile(
    r"(readme|changelog|changes|history|news|contributing|contributors|authors|code_of_conduct|security|support|"
    r"upgrading|migration|roadmap|faq|credits|thanks|release|releasing|releases|development|install|todo)\b.*"
)
"""Names of texts at the root that are for people. A licence is not among them: it binds."""


def only(change: Change, touched: Touched, scan: readers.Scan) -> bool:
    """Whether the file is documentation on both sides: by name and place, a plain file, no example that the tests run,
    and not named by any module of the project."""
    modes = {touched.old_mode, touched.new_mode} - {None}
    if not modes <= {"100644"} or not all(_is_document(path) for path in (touched.path, touched.was)):
        return False
    old, new = kinds.sides(change, touched)
    if kinds.unreadable(touched, old, new):
        return False
    both = (old or b"") + (new or b"")
    if any(mark in both for mark in (b">>>", b"```", b".. code", b"::\n")) and scan.examples_are_run:
        return False
    return not any(scan.names(path.rpartition("/")[2]) for path in (touched.path, touched.was))


def _is_document(path: str) -> bool:
    plain = kinds.normal(path)
    folder, _, name = plain.rpartition("/")
    if not name.endswith(ENDINGS) or plain != path.casefold():
        return False
    if not folder:
        return _NAMES.fullmatch(name) is not None
    return folder.split("/")[0] in FOLDERS
