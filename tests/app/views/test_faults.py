"""What ended the work before there was a judgement."""

from app.model.forge import Conclusion
from app.views.faults import begun, broken, refused
from tests.app.views.shown import HOSTILE


def test_a_refusal_is_told_in_its_words() -> None:
    run = refused("selfmod/gate", "a" * 40, "key", ".github/selfmod.yml, line 3: mode: 'x' is not valid.", "Valid: a.")
    assert run.conclusion is Conclusion.FAILURE
    assert run.title == "failed: .github/selfmod.yml, line 3: mode: 'x' is not valid."
    assert "Valid: a." in run.summary
    assert [each.identifier for each in run.buttons] == ["rerun"]


def test_a_bug_is_an_identifier_and_nothing_more() -> None:
    run = broken("selfmod/gate", "a" * 40, "key", "bug_0123456789ab")
    assert run.conclusion is Conclusion.FAILURE
    assert "bug_0123456789ab" in run.title
    assert "bug_0123456789ab" in run.summary


def test_begun_is_in_progress() -> None:
    assert begun("selfmod/gate", "a" * 40, "key").conclusion is None


def test_hostile_text_acts_nowhere() -> None:
    run = refused("selfmod/gate", "a" * 40, "key", HOSTILE, HOSTILE)
    assert "@everybody" not in run.summary
    assert "\n" not in run.title
