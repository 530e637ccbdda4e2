from html import unescape

from app.model.oversight import Oversight, Safer, Says
from app.views.oversight import shown
from checks.model.safety import Level
from tests.app.views.shown import HOSTILE

REVIEW = Oversight(
    Level.HIGH_RISK,
    Says.SAFER,
    "A safer way was found: LOW_RISK instead of HIGH_RISK. People decide.",
    ("It changes 900 lines: 2 of the last 100 commits changed as many.",),
    (Safer("Add a test: 3 changed lines of a.py:1-3 run in none.", Level.LOW_RISK, "/selfmod test a.py"),),
)


def test_markdown() -> None:
    assert unescape(shown.markdown(REVIEW)) == (
        "**The orchestrator's review** A safer way was found: LOW_RISK instead of HIGH_RISK. People decide.\n\n"
        "Unusual here:\n- It changes 900 lines: 2 of the last 100 commits changed as many.\n\n"
        "Safer:\n- Add a test: 3 changed lines of a.py:1-3 run in none. `/selfmod test a.py`"
    )


def test_a_terminal_gets_a_line_each() -> None:
    assert shown.lines(REVIEW) == [
        " The orchestrator's review: A safer way was found: LOW_RISK instead of HIGH_RISK. People decide.",
        "  unusual  It changes 900 lines: 2 of the last 100 commits changed as many.",
        "  safer    Add a test: 3 changed lines of a.py:1-3 run in none.",
    ]


def test_what_a_repository_named_does_nothing() -> None:
    evil = Oversight(Level.HIGH_RISK, Says.SAFER, HOSTILE, (HOSTILE,), (Safer(HOSTILE, None, HOSTILE),))
    said = shown.markdown(evil)
    assert "<img" not in said
    assert "@everybody" not in said.replace("`/", "")
    assert "\x1b" not in said + "".join(shown.lines(evil))


def test_long_lists_are_cut() -> None:
    many = Oversight(Level.HIGH_RISK, Says.SAFER, "x", tuple(f"Fact {number}." for number in range(30)))
    assert unescape(shown.markdown(many)).endswith("- Fact 7.\n- and 22 more")
