"""A change with everything that was found out about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checks.model.outlook import Outlook
from checks.model.safety import Assessment
from checks.model.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """`name` is how a person calls the change; `base` and `head` are full object names, None for what is no commit.
    `files` are the paths that differ, `added` and `removed` count lines. `rules` of the repository's own apply, each
    with why; they ask for `approvals` (0: no number) and name `approvers`. `owned`: the base has code owners.
    `seen` is for each of the rules the tree of what its condition saw, as JSON values (empty: nobody kept it).
    `outlook` is what a HIGH_RISK or CRITICAL change could be instead, None for others."""

    name: str
    base: str | None
    head: str | None
    files: tuple[str, ...]
    added: int
    removed: int
    verdict: Verdict
    assessment: Assessment
    seconds: float
    approvers: tuple[str, ...] = ()
    approvals: int = 0
    rules: tuple[tuple[str, str], ...] = ()
    owned: bool = False
    seen: tuple[Mapping[str, Any], ...] = ()
    outlook: Outlook | None = None
