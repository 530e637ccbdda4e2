"""What the rules of a repository can look at, each with an answer that explains itself."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from pathspec import GitIgnoreSpec

from checks.model.safety import Proposer
from checks.risk import kinds
from checks.risk.section import Condition

_TESTED = frozenset({"pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml", "tox.ini", "tox.toml", "noxfile.py"})
_DECLARED = re.compile(
    r"pyproject\.toml|setup\.py|setup\.cfg|pipfile|package\.json|pixi\.toml|environment.*\.ya?ml"
    r"|.*(requirements|constraints).*\.(txt|in)"
)
_MOST = 5
"""Values that an explanation names."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a change when rules are evaluated. `paths` are all that it touches, those before a renaming too.
    `author` is a login without `@`, `teams` are the author's as `org/team`; `lines` are added and removed ones.
    `tests` and `dependencies` are whether such are changed. None is unknown here: a rule that hangs on it applies, for
    a rule can only make things stricter. `files` and, where nobody looked closer, `tests` and `dependencies` follow
    from the paths."""

    paths: tuple[str, ...]
    author: str | None = None
    teams: tuple[str, ...] | None = None
    lines: int | None = None
    files: int | None = None
    proposer: Proposer = Proposer.PERSON
    tests: bool | None = None
    dependencies: bool | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What one predicate came to: `satisfied` is None where it cannot be known here. `description` is a sentence with
    the values in it, `wanted` what the rule names, `values` what was there.
    `inner` are those of `all`, `any` and `not`."""

    predicate: str
    satisfied: bool | None
    description: str
    wanted: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    inner: tuple["Seen", ...] = ()

    def plain(self) -> dict[str, Any]:
        """As JSON values, without the values that were there: of a large change there are many, and the description
        names some."""
        return {
            "predicate": self.predicate,
            "satisfied": self.satisfied,
            "description": self.description,
            "wanted": list(self.wanted),
            "inner": [each.plain() for each in self.inner],
        }

    def deciding(self) -> tuple["Seen", ...]:
        """The predicates without which the answer would be another, none of them made of others; those within a `not`
        are called so (`not paths`), with the answer of the whole."""
        if self.predicate == "not":
            leaves = self.inner[0].deciding()
            return tuple(replace(each, predicate=f"not {each.predicate}", satisfied=self.satisfied) for each in leaves)
        if self.predicate not in ("all", "any"):
            return (self,)
        alike = tuple(each for each in self.inner if each.satisfied is self.satisfied)
        return tuple(leaf for each in alike for leaf in each.deciding())


def look(condition: Condition, facts: Facts) -> Seen:
    """What a condition comes to for a change, with every predicate's own answer. An unknown part stays unknown unless
    the others settle the matter."""
    return _both("all", tuple(PREDICATES[name](getattr(condition, name), facts) for name in condition.said()))


def _both(word: str, inner: tuple[Seen, ...]) -> Seen:
    """`all` or `any` of the answers, with None for unknown (Kleene's logic)."""
    answers = [each.satisfied for each in inner]
    settled = word == "any"
    satisfied = settled if settled in answers else None if None in answers else not settled
    holds = sum(answer is True for answer in answers)
    return Seen(word, satisfied, f"{holds} of {len(answers)} hold", inner=inner)


def _not(condition: Condition, facts: Facts) -> Seen:
    inner = look(condition, facts)
    satisfied = None if inner.satisfied is None else not inner.satisfied
    return Seen("not", satisfied, f"what is within {_word(inner.satisfied)}", inner=(inner,))


def _word(satisfied: bool | None) -> str:
    return "cannot be known here" if satisfied is None else "holds" if satisfied else "does not hold"


@lru_cache(maxsize=512)
def matching(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    """Patterns as in .gitignore, compiled once. Raises ValueError for one that is none."""
    return GitIgnoreSpec.from_lines(patterns)


def touched(patterns: tuple[str, ...], paths: Iterable[str]) -> tuple[str, ...]:
    """The paths that match, also in another spelling that some file systems take for the same."""
    folded = tuple(unicodedata.normalize("NFKC", each).casefold() for each in patterns)
    exact, loose = matching(patterns), matching(folded)
    return tuple(path for path in paths if exact.match_file(path) or loose.match_file(kinds.normal(path)))


def _paths(patterns: tuple[str, ...], facts: Facts) -> Seen:
    found = touched(patterns, facts.paths)
    said = f"{some(found)} matches" if found else f"no changed path matches (changed: {some(facts.paths)})"
    return Seen("paths", bool(found), said, patterns, found or facts.paths)


def _only_paths(patterns: tuple[str, ...], facts: Facts) -> Seen:
    spec = matching(patterns)
    others = tuple(path for path in facts.paths if not spec.match_file(path))
    holds = bool(facts.paths) and not others
    said = (
        "every changed path matches" if holds else f"{some(others)} does not match" if others else "no path is changed"
    )
    return Seen("only_paths", holds, said, patterns, others or facts.paths)


def _authors(people: tuple[str, ...], facts: Facts) -> Seen:
    if facts.author is None:
        return Seen("authors", None, "the author is unknown here", people)
    is_one = _same(facts.author) in {_same(each) for each in people}
    said = f"the author @{facts.author} is {'one' if is_one else 'none'} of them"
    return Seen("authors", is_one, said, people, (facts.author,))


def _not_authors(people: tuple[str, ...], facts: Facts) -> Seen:
    found = _authors(people, facts)
    satisfied = None if found.satisfied is None else not found.satisfied
    return Seen("not_authors", satisfied, found.description, people, found.values)


def _author_in_teams(teams: tuple[str, ...], facts: Facts) -> Seen:
    if facts.teams is None:
        return Seen("author_in_teams", None, "the teams of the author are unknown here", teams)
    wanted = {_same(each) for each in teams}
    found = tuple(each for each in facts.teams if _same(each) in wanted)
    said = f"the author is in @{found[0].lstrip('@')}" if found else "the author is in none of them"
    return Seen("author_in_teams", bool(found), said, teams, found or facts.teams)


def _same(name: str) -> str:
    return name.lstrip("@").casefold()


def _over(predicate: str, what: str, bound: int, number: int | None) -> Seen:
    if number is None:
        return Seen(predicate, None, f"the number of {what} is unknown here", (str(bound),))
    over = number > bound
    said = f"{number} {what} are changed, {'more than' if over else 'not over'} {bound}"
    return Seen(predicate, over, said, (str(bound),), (str(number),))


def _proposer(wanted: tuple[Proposer, ...], facts: Facts) -> Seen:
    said = f"the proposer is {facts.proposer.value}"
    return Seen("proposer", facts.proposer in wanted, said, tuple(map(str, wanted)), (facts.proposer.value,))


def _whether(predicate: str, what: str, wanted: bool, known: bool | None, found: tuple[str, ...]) -> Seen:
    changed = bool(found) if known is None else known
    said = f"{what} are changed" + (f" ({some(found)})" if found else "") if changed else f"no {what} are changed"
    return Seen(predicate, changed is wanted, said, (str(wanted).lower(),), found if changed else ())


def _touches_tests(wanted: bool, facts: Facts) -> Seen:
    found = tuple(
        path for path in facts.paths if kinds.in_tests(spelled := kinds.normal(path)) or _name(spelled) in _TESTED
    )
    return _whether("touches_tests", "tests", wanted, facts.tests, found)


def _changed_dependencies(wanted: bool, facts: Facts) -> Seen:
    found = tuple(
        path
        for path in facts.paths
        if kinds.is_lock(path)
        or _DECLARED.fullmatch(_name(spelled := kinds.normal(path)))
        or "requirements/" in spelled
    )
    return _whether("changed_dependencies", "dependencies", wanted, facts.dependencies, found)


def _name(path: str) -> str:
    return path.rpartition("/")[2]


PREDICATES: Mapping[str, Callable[[Any, Facts], Seen]] = {
    "paths": _paths,
    "only_paths": _only_paths,
    "authors": _authors,
    "not_authors": _not_authors,
    "author_in_teams": _author_in_teams,
    "lines_over": lambda bound, facts: _over("lines_over", "lines", bound, facts.lines),
    "files_over": lambda bound, facts: _over(
        "files_over", "files", bound, len(set(facts.paths)) if facts.files is None else facts.files
    ),
    "proposer": _proposer,
    "touches_tests": _touches_tests,
    "changed_dependencies": _changed_dependencies,
    "all": lambda conditions, facts: _both("all", tuple(look(each, facts) for each in conditions)),
    "any": lambda conditions, facts: _both("any", tuple(look(each, facts) for each in conditions)),
    "not_": _not,
}
"""What answers for each key of a condition."""


def some(values: tuple[str, ...]) -> str:
    """The first values, and how many there are beside them."""
    named = ", ".join(values[:_MOST]) or "nothing"
    return named if len(values) <= _MOST else f"{named} and {len(values) - _MOST} more"
