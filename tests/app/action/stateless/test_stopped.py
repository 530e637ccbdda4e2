"""Emergency stops as a file."""

import json

import pytest

from app.action.stateless import stopped
from app.model.stop import Stop
from checks.model.errors import Refusal

HOLDS = Stop("ann", 'incident "4711" --> </b>', 5.25, repository="acme/shop", number=7)
OVER = Stop("bob", "odd", 3.0, repository="acme/shop", lifted=4.0, lifted_by="mia", lifted_why="mended")


def test_what_is_written_is_read() -> None:
    assert stopped.read(stopped.document([HOLDS, OVER]), "acme/shop") == (OVER, HOLDS)


def test_the_branches_of_what_is_stopped_are_written_beside_it() -> None:
    content = stopped.document([HOLDS, OVER], {7: "selfmod/fix/x-1a2b3c4d", 9: "selfmod/fix/y"})
    assert stopped.read(content, "acme/shop") == (OVER, HOLDS)
    assert stopped.branches(content) == {7: "selfmod/fix/x-1a2b3c4d"}
    assert stopped.branches(stopped.document([HOLDS])) == {}
    odd = json.dumps([{"by": "a", "why": "b", "at": 1, "pull": 7, "branch": 5}]).encode()
    assert (len(stopped.read(odd, "acme/shop")), stopped.branches(odd)) == (1, {})


def test_what_holds_is_never_forgotten() -> None:
    past = [Stop("bob", "x", float(at), repository="acme/shop", lifted=at + 0.5) for at in range(1, 300)]
    found = stopped.read(stopped.document([*past, Stop("ann", "first", 0.5, repository="acme/shop")]), "acme/shop")
    assert [each.why for each in found if each.holds] == ["first"]
    assert len(found) == stopped.MOST + 1
    assert found[-1].at == 299.0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}x",
        b"\xff",
        b"null",
        b'[{"by": "ann"}]',
        b'[{"by": "a", "why": "b", "at": "soon"}]',
        b'[{"by": "a", "why": "b", "at": 1' + b"0" * 400 + b"}]",
        b"[[]]",
        b"[" * 9000,
    ]
    + [json.dumps([{"by": "a", "why": "b", "at": 1, "pull": pull}]).encode() for pull in (-1, "7", True)],
)
def test_what_cannot_be_read_stops_everything(content: bytes) -> None:
    with pytest.raises(Refusal, match="nothing is written"):
        stopped.read(content, "acme/shop")
