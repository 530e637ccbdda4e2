import pytest

from app.model.job import Kind
from app.workflows.telling import FAILED
from tests.forges import Forge


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"bug": "bug_0123456789ab", "why": "KeyError"}, "a fault of selfmod's own (`bug_0123456789ab`)"),
        ({"bug": "", "why": "@everyone: the forge is away."}, "the forge is away."),
    ],
)
def test_who_asked_is_told_once(forge: Forge, state: dict[str, str], said: str) -> None:
    number = forge.issue("What would you do?", "ann")
    job = forge.job(Kind.ONBOARD, number, comment=forge.say(number, "/selfmod", "ann"), actor="ann")
    for _ in range(2):
        FAILED.run(forge.tools(), job, dict(state))
    (reply,) = [each.body for each in forge.comments(number) if each.app is not None]
    assert said in reply
    assert "@everyone" not in reply
    assert forge.reactions(job.comment) == ["confused"]


def test_what_nobody_asked_for_in_a_comment_is_told_nobody(forge: Forge) -> None:
    number = forge.issue("Nothing", "ann")
    assert FAILED.run(forge.tools(), forge.job(Kind.ONBOARD, number), {"bug": "", "why": "x"}) == {}
    assert forge.comments(number) == []
