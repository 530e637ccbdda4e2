"""Whose commits a dependency bot's branch holds, as far as a clone tells."""

import re
from pathlib import Path

from checks.repository import git

GITHUB = "noreply@github.com"
"""The committer of what GitHub commits itself: by its pages and its API."""
_MOST = 250


def made_by(root: Path, base: str, head: str, account: int) -> bool:
    """Whether every commit that a change brings is by this account, known by the number in the address that GitHub
    gives it, and committed by it or by GitHub. What cannot be told is no yes: the address is anybody's to write, so
    this only ever finds somebody more."""
    if not account:
        return False
    mine = re.compile(rf"{account}\+\S+@users\.noreply\.github\.com", re.IGNORECASE)
    told = git.output(root, "log", "--no-mailmap", "--format=%ae%x00%ce", f"--max-count={_MOST + 1}", f"{base}..{head}")
    lines = told.decode("utf-8", "replace").splitlines()
    if not lines or len(lines) > _MOST:
        return False

    def own(address: str) -> bool:
        return mine.fullmatch(address) is not None

    for each in lines:
        author, _, committer = each.partition("\0")
        if not own(author) or not (own(committer) or committer.casefold() == GITHUB):
            return False
    return True
