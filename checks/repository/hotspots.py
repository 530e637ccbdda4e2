"""Where faults were mended and code was churned lately, from the history before one commit.

Faults: Google's score of Lewis et al., "Does bug prediction support human developers?" (ICSE 2013), sums a weight for
each commit that mends a fault, the newer the higher; here it halves every HALF_LIFE days before the commit looked at,
so that the score does not depend on today. Churn: changed lines relative to the file's own, which foretells faults
where the absolute number does not (Nagappan and Ball, "Use of relative code churn measures", ICSE 2005).

Only `rev-list` and `diff-tree` are run, with no configuration of the repository that could name a program: neither
reads mailmaps, signatures or notes, and conversions and external diffs are off.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from checks.model.errors import Refusal
from checks.repository import git, history

MOST = 1_000
"""Commits that are looked at, the newest first; merges are not among them."""
SECONDS = 30.0
"""For each of the two commands."""
OUTPUT = 32 * 1024 * 1024
HALF_LIFE = 180.0
"""Days."""
WIDEST = 40
"""Files of one commit beyond which it tells nothing of each: renames, new licences, another formatter."""
_FRUGAL = {
    "GIT_CONFIG_COUNT": "2",
    "GIT_CONFIG_KEY_0": "core.packedGitWindowSize",
    "GIT_CONFIG_VALUE_0": "16m",
    "GIT_CONFIG_KEY_1": "core.packedGitLimit",
    "GIT_CONFIG_VALUE_1": "128m",
}
"""git maps whole packs otherwise, which a process with bounded memory may not."""
_DAY = 86_400.0
_FIXES = re.compile(
    r"\b(fix(e[sd]|ing)?|hotfix|bug(s|fix(es)?)?|fault|regress(ion|ed)|crash(es|ed)?|broke(n)?|deadlock|leak(s|ed)?|"
    r"race condition|vulnerabilit(y|ies)|cve-\d+|traceback|segfault|off.by.one)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(typos?|spelling|docs?|docstrings?|documentation|readme|changelog|lint(er|ing)?|flake8|ruff|mypy|typing|"
    r"format(ting)?|style|whitespace|tests?|ci|workflow|build|badge|links?|pre-commit)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Spot:
    """One file: `fixes` is the sum of the weights of commits that mended a fault in it, `churn` that of changed lines,
    each halved every HALF_LIFE days; `commits` is a plain number."""

    fixes: float = 0.0
    churn: float = 0.0
    commits: int = 0


@dataclass(frozen=True, slots=True)
class History:
    """Every file that the looked-at commits changed, by its path then. `commits` are how many were looked at; `sizes`
    are files and changed lines of each of them, `together` the files that one commit changed, of those that changed
    more than one and at most WIDEST."""

    spots: dict[str, Spot]
    commits: int
    sizes: tuple[tuple[int, int], ...] = ()
    together: tuple[frozenset[str], ...] = ()

    def rank(self, path: str) -> float:
        """The share of files, 0 to 1, that had fewer mended faults than this one."""
        mine = self.spots.get(path, Spot()).fixes
        return sum(spot.fixes < mine for spot in self.spots.values()) / max(1, len(self.spots))


def mends(subject: str) -> bool:
    """Whether a commit's first line tells of a mended fault in the code, by its words."""
    return _FIXES.search(subject) is not None and _OTHER.search(subject) is None


@lru_cache(maxsize=4)
def before(root: Path, commit: str) -> History | None:
    """What the history up to `commit` (a full object name) tells; None where it is not there as a whole: a shallow or
    partial clone, a git that fails or takes too long."""
    try:
        if history.shallow(root):
            return None
        listing = git.run(
            root,
            "rev-list",
            f"--max-count={MOST}",
            "--no-merges",
            "--no-commit-header",
            "--format=%H %ct %s",
            "--end-of-options",
            commit,
            extra=_FRUGAL,
            timeout=SECONDS,
            limit=OUTPUT,
        )
        commits = list(_commits(listing.output.decode("utf-8", "replace"))) if listing.status == 0 else []
        if not commits:
            return None
        numbers = git.run(
            root,
            "diff-tree",
            "--stdin",
            "--root",
            "-r",
            "-z",
            "--numstat",
            "--no-renames",
            "--no-textconv",
            "--no-ext-diff",
            "--ignore-submodules=all",
            stdin="".join(name + "\n" for name, _, _ in commits).encode(),
            extra=_FRUGAL,
            timeout=SECONDS,
            limit=OUTPUT,
        )
    except Refusal:
        return None
    return _weighed(commits, numbers.output) if numbers.status == 0 else None


def _commits(listing: str) -> Iterator[tuple[str, int, str]]:
    """Object name, moment in seconds, first line of the message."""
    for line in listing.split("\n"):
        name, _, rest = line.partition(" ")
        moment, _, subject = rest.partition(" ")
        if re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", name) and moment.isdigit():
            yield name, min(int(moment), 1 << 40), subject


def _weighed(commits: list[tuple[str, int, str]], output: bytes) -> History:
    facts = {name: (moment, mends(subject)) for name, moment, subject in commits}
    newest = commits[0][1]
    spots: dict[str, Spot] = {}
    sizes: list[tuple[int, int]] = []
    together: list[frozenset[str]] = []
    for name, changed in _changed(output):
        if name not in facts:
            continue
        sizes.append((len(changed), sum(lines for _, lines in changed)))
        if len(changed) > WIDEST:
            continue
        if len(changed) > 1:
            together.append(frozenset(path for path, _ in changed))
        moment, fix = facts[name]
        weight = 0.5 ** (max(0, newest - moment) / _DAY / HALF_LIFE)
        for path, lines in changed:
            spot = spots.get(path, Spot())
            spots[path] = Spot(spot.fixes + weight * fix, spot.churn + weight * lines, spot.commits + 1)
    return History(spots, len(commits), tuple(sizes), tuple(together))


def _changed(output: bytes) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """Each commit's name with its files and their changed lines (0 for binary ones)."""
    current, files = "", list[tuple[str, int]]()
    for part in output.split(b"\0"):
        counts = part.split(b"\t", 2)
        if len(counts) == 3:
            lines = sum(int(number) for number in counts[:2] if number.isdigit())
            files.append((history.text(counts[2]), lines))
        elif part.strip():
            if current:
                yield current, files
            current, files = part.decode("ascii", "replace").strip(), []
    if current:
        yield current, files
