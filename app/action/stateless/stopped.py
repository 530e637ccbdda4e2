"""Emergency stops as a file on a branch of their own. Pure.

Whoever may push to the repository can change that branch: that is who may end a stop of a pull request too, and more
than may end one of the repository. So it stops this Action, and no person who means to go past it."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from app.model.stop import Stop
from checks.model.errors import Refusal

BRANCH = "selfmod/stopped"
FILE = "selfmod-stops.json"
MOST = 100
"""Stops that were lifted and are kept, the newest."""
_HINT = f"Delete the branch {BRANCH}: with it goes every stop that this Action knows of."


def document(stops: Iterable[Stop], branches: Mapping[int, str] | None = None) -> bytes:
    """The file. `branches` are those of selfmod's own pull requests, by number: by them a clone tells what is stopped,
    where GitHub is not asked."""
    every = sorted(stops, key=lambda each: (each.at, each.number))
    over = [each for each in every if each.lifted][-MOST:]
    kept = [each for each in every if not each.lifted or each in over]
    named = branches or {}
    return (
        json.dumps([_plain(each, named.get(each.number, "")) for each in kept], indent=1, ensure_ascii=True) + "\n"
    ).encode()


def read(content: bytes, repository: str) -> tuple[Stop, ...]:
    """The stops of a repository and its pull requests. Raises Refusal for what is no such file: nothing tells then what
    is stopped, so all of it counts as stopped."""
    try:
        found = json.loads(content)
        return tuple(_stop(each, repository) for each in found)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        raise Refusal(f"{FILE} on {BRANCH} cannot be read, so nothing is written.", _HINT) from None


def branches(content: bytes) -> dict[int, str]:
    """The branch of each pull request of selfmod's own that a stop names, of a file that can be read."""
    found = ((each.get("pull", 0), each.get("branch", "")) for each in json.loads(content))
    return {number: branch for number, branch in found if number and isinstance(branch, str) and branch}


def _plain(stop: Stop, branch: str) -> dict[str, Any]:
    facts = {
        "pull": stop.number,
        "branch": branch,
        "by": stop.by,
        "why": stop.why,
        "at": stop.at,
        "lifted": stop.lifted,
        "lifted_by": stop.lifted_by,
        "lifted_why": stop.lifted_why,
    }
    return {name: value for name, value in facts.items() if value}


def _stop(facts: Mapping[str, Any], repository: str) -> Stop:
    number = facts.get("pull", 0)
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise ValueError
    return Stop(
        by=str(facts["by"]),
        why=str(facts["why"]),
        at=float(facts["at"]),
        repository=repository,
        number=number,
        lifted=float(facts.get("lifted", 0.0)),
        lifted_by=str(facts.get("lifted_by", "")),
        lifted_why=str(facts.get("lifted_why", "")),
    )
