import pickle

import pytest

from checks.model.errors import Refusal


@pytest.mark.parametrize(
    ("refusal", "text"),
    [
        (Refusal("git is not installed.", "Install it."), "git is not installed.  Install it."),
        (Refusal("git is not installed."), "git is not installed."),
    ],
)
def test_a_refusal_says_what_and_what_to_do(refusal: Refusal, text: str) -> None:
    assert str(refusal) == text
    copy = pickle.loads(pickle.dumps(refusal))
    assert (copy.reason, copy.hint, str(copy)) == (refusal.reason, refusal.hint, text)
