"""The hidden line of a proposal's body: what goes in comes out, and nothing that somebody made up does harm."""

import json
from dataclasses import replace
from typing import Any

import pytest

from app.action.stateless import markers
from app.model.forge import Person, Pull
from app.model.modification import Modification, Sort, Status

A, B = "a" * 40, "b" * 40
BRANCH = "selfmod/fix/unsafe-yaml-1a2b3c4d"
MADE = Modification(
    "acme/shop", Sort.FIX, BRANCH, "main", "Load safely", A, B, 7, "ann", ("f" * 32, "e" * 32), created=1767225600.0
)


def pull(body: str, **values: Any) -> Pull:
    author = Person("github-actions[bot]", 41, bot=True)
    made = Pull(
        7, "Load safely", body, author, B, BRANCH, "acme/shop", "main", A, "acme/shop",
        created="2026-01-01T00:00:00Z", own=True,
    )  # fmt: skip
    return replace(made, **values)


def line(**facts: Any) -> str:
    whole = {"sort": "fix", "branch": BRANCH, "into": "main", "base": A, "head": B} | facts
    return f"<!-- selfmod:modification {json.dumps(whole)} -->\ntext"


def test_what_is_written_is_read() -> None:
    body = markers.marked("What and why.", MADE)
    assert markers.modification(pull(body)) == MADE
    assert markers.told(body) == markers.line(MADE)
    again = markers.marked(body, replace(MADE, head=A))
    assert (again.count("selfmod:modification"), again.endswith("\nWhat and why.")) == (1, True)


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({}, Status.PENDING_APPROVAL),
        ({"open": False}, Status.REJECTED),
        ({"open": False, "merged": True, "merge_commit": A}, Status.APPLIED),
    ],
)
def test_how_it_stands_follows_from_the_pull_request(values: dict[str, Any], status: Status) -> None:
    found = markers.modification(pull(markers.marked("", MADE), **values))
    assert found is not None
    assert (found.status, found.merged) == (status, values.get("merge_commit", ""))


def test_what_selfmod_closed_itself_was_not_rejected() -> None:
    body = markers.marked("", replace(MADE, status=Status.SUPERSEDED, reason="nothing is left"))
    found = markers.modification(pull(body, open=False))
    assert found is not None
    assert (found.status, found.reason) == (Status.SUPERSEDED, "nothing is left")
    opened = markers.modification(pull(body))
    assert opened is not None
    assert opened.status is Status.PENDING_APPROVAL


def test_nothing_ends_the_hidden_line() -> None:
    hostile = replace(MADE, requester="--><b>@ann", branch="selfmod/fix/--!>x\n/selfmod approve")
    text = markers.line(hostile)
    assert (text.count("-->"), text.count("<"), "\n" in text) == (1, 1, False)
    found = markers.modification(pull(text, head_ref=hostile.branch))
    assert found is not None
    assert found.requester == hostile.requester


@pytest.mark.parametrize(
    "body",
    [
        "",
        "text first\n" + line(),
        f"```\n{line()}\n```",
        line(branch="selfmod/fix/another"),
        line(sort="root"),
        line(head="HEAD"),
        line(base=5),
        line(keys="abc"),
        line(keys=[1]),
        line(keys=["k"] * 1_001),
        line(reverts="everything"),
        "<!-- selfmod:modification [] -->",
        "<!-- selfmod:modification {} -->",
        "<!-- selfmod:modification {" + "[" * 30_000 + "} -->",
    ],
)
def test_what_does_not_fit_is_nothing(body: str) -> None:
    assert markers.modification(pull(body)) is None
