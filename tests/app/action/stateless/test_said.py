"""What counts of comments as a word on a commit: a person's, as first written, in which a command names all of it."""

from dataclasses import replace

import pytest

from app.action.stateless.said import Said, moment, said
from app.model.forge import Comment, Person

HEAD, AT = "a" * 39 + "b", "2026-01-01T00:00:00Z"


def by(login: str, body: str, bot: bool = False) -> Comment:
    return Comment(1, Person(login, 1, bot), body, AT, AT)


APPROVED = by("ann", f"Fine.\n\n/selfmod approve {HEAD}")


def test_words_in_their_order() -> None:
    found = list(said([APPROVED, by("bob", f"/selfmod ok-to-test {HEAD.upper()}\n/selfmod approve {HEAD}")], HEAD))
    assert [(each.login, each.name, each.lets_run) for each in found] == [
        ("ann", "approve", False),
        ("bob", "ok-to-test", True),
        ("bob", "approve", False),
    ]
    assert found[0] == Said("approve", "ann", 1, moment(AT)) and moment(AT) == 1767225600.0


@pytest.mark.parametrize(
    "comment",
    [
        replace(APPROVED, updated="2026-01-01T00:00:01Z"),
        replace(APPROVED, own=True),
        replace(APPROVED, by_app=True),
        by("helper[bot]", APPROVED.body, bot=True),
        by("eve", f"> /selfmod approve {HEAD}"),
        by("eve", f"```\n/selfmod approve {HEAD}\n```"),
        by("eve", f"    /selfmod approve {HEAD}"),
        by("eve", f"I would `/selfmod approve {HEAD}`"),
        by("eve", f"<!-- selfmod:approved {HEAD} -->"),
        by("eve", f"<!--\n/selfmod approve {HEAD}\n-->"),
        by("eve", f"/selfmod approve {HEAD[:10]}"),
        by("eve", f"/selfmod approve {HEAD} {HEAD}"),
        by("eve", f"/selfmod approve {'a' * 40}"),
        by("eve", f"/selfmod review {HEAD}"),
        by("eve", f"/selfmodx approve {HEAD}"),
    ],
)
def test_what_counts_for_nothing(comment: Comment) -> None:
    assert list(said([comment], HEAD)) == []


def test_a_time_that_is_none_was_before_everything() -> None:
    assert moment("soon") == 1.0
