"""The form's token: of this session, for this record, and each form's own."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.dashboard.signing.cookies import Session
from app.dashboard.undoing.forgery import press_of, token
from tests.app.dashboard.samples import EARLIER, RECORD
from tests.app.dashboard.undoing.presses import ANN, SIGNING

MINE = Session(ANN, 9_999_999_999, "the cookie's value")


def test_each_form_has_its_own_press() -> None:
    made = [token(SIGNING, MINE, RECORD) for _ in range(20)]
    presses = {press_of(SIGNING, MINE, RECORD, each) for each in made}
    assert len(presses) == 20 and all(len(each) == 22 for each in presses)
    assert press_of(SIGNING, MINE, RECORD, made[0]) == press_of(SIGNING, MINE, RECORD, made[0])


def test_it_is_nothing_for_another_session_record_or_server() -> None:
    made = token(SIGNING, MINE, RECORD)
    assert press_of(SIGNING, replace(MINE, word="another's"), RECORD, made) == ""
    assert press_of(SIGNING, MINE, EARLIER, made) == ""
    assert press_of(SIGNING.model_copy(update={"webhook_secrets": ()}), MINE, RECORD, made) == ""


@given(st.text(), st.integers(0, 60), st.characters())
def test_nothing_else_is_a_token(text: str, place: int, character: str) -> None:
    assert press_of(SIGNING, MINE, RECORD, text) == ""
    made = token(SIGNING, MINE, RECORD)
    changed = made[: place % len(made)] + character + made[place % len(made) + 1 :]
    assert bool(press_of(SIGNING, MINE, RECORD, changed)) == (changed == made)
