"""Reading is tolerant of anything, and what is written is what GitHub takes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.github import values
from app.model.forge import Opinion
from checks.model.errors import Refusal

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["user", "head", "base", "repo", "sha", "labels", "app", "output", "state", "id", "login"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)
READERS = (
    lambda data: values.pull(data, "a/b"),
    values.review,
    values.run,
    values.committer,
    values.role,
    values.person,
    lambda data: values.comment(data, False),
)


@given(JSON)
def test_whatever_comes_is_read(data: Any) -> None:
    for read in READERS:
        repr(read(data))


def test_a_deleted_fork_and_a_deleted_author() -> None:
    pull = values.pull({"number": 7, "user": None, "head": {"sha": "a", "repo": None}}, "acme/shop")
    assert pull.author == values.GHOST and pull.head_repository == "" and pull.from_fork


def test_teams_are_of_the_repositorys_owner() -> None:
    data = {"requested_reviewers": [{"login": "ann"}], "requested_teams": [{"slug": "core"}]}
    assert values.pull(data, "acme/shop").requested == ("ann", "acme/core")


@pytest.mark.parametrize("state", ["approved", "APPROVED"])
def test_opinions(state: str) -> None:
    assert values.review({"state": state}).opinion is Opinion.APPROVED


@pytest.mark.parametrize("state", ["APPROVED_ISH", "", None, 1])
def test_an_opinion_that_is_not_known_approves_nothing(state: Any) -> None:
    assert values.review({"state": state}).opinion is Opinion.COMMENTED


@pytest.mark.parametrize(
    ("data", "bot"),
    [
        ({"login": "x[bot]"}, True),
        ({"login": "dependabot", "type": "Bot"}, True),
        ({"login": "ann", "type": "User"}, False),
    ],
)
def test_bots(data: Any, bot: bool) -> None:
    found = values.person(data)
    assert found is not None and found.bot is bot


@given(st.text(st.characters(codec=None, categories=None), max_size=200), st.integers(1, 50))
def test_a_text_is_sendable_and_not_longer_than_asked(text: str, most: int) -> None:
    sent = values.sendable(text, most)
    json.dumps(sent, ensure_ascii=False).encode()
    assert len(sent) <= most and "\x00" not in sent
    assert len(values.line(text)) <= 255 and "\n" not in values.line(text)


@given(st.text(st.characters(codec=None, categories=None), max_size=30))
def test_a_name_stays_one_part_of_an_address(text: str) -> None:
    try:
        part = values.segment(text)
    except Refusal:
        assert text in ("", ".", "..") or "\x00" in text
        return
    assert part.isascii() and part not in ("", ".", "..")
    assert not set(part) & set("/?#\\ ")


@pytest.mark.parametrize("path", ["a//b", "../x", "a/..", "/a", "a/"])
def test_a_path_has_no_empty_parts_and_leads_nowhere_else(path: str) -> None:
    with pytest.raises(Refusal):
        values.path(path)
