"""What a change of the configuration would do, in a check run."""

import pytest

from app.model.forge import Conclusion
from app.views.config import Proposed, differing, run
from checks.configuration.faults import Fault
from checks.model.safety import Level
from checks.risk.cases import Ran
from tests.app.views.shown import HOSTILE, expected, told

PLACE = ".github/selfmod.yml"
BEFORE = {"mode": "observe", "approvals": {"critical": 2, "high_risk": 2}, "allowed_folders": ["**"]}
AFTER = {"mode": "enforce", "approvals": {"critical": 3, "high_risk": 2}, "allowed_folders": ["src/", "tests/"]}
GOOD = Ran("sign-in needs security", Level.HIGH_RISK, (), (), ())
BAD = Ran("words ask for nobody", Level.SAFE, (), (), ("the level is SAFE, expected was HIGH_RISK",))


def test_valid() -> None:
    proposed = Proposed((), BEFORE, AFTER, (GOOD, BAD), "a" * 40, "key")
    assert told(run(proposed)) == expected("config-valid")


def test_invalid() -> None:
    fault = Fault(3, "mod", "unknown key 'mod'.", "Did you mean 'mode'?")
    made = run(Proposed(((PLACE, fault), (PLACE, fault)), BEFORE, None, None, "a" * 40, "key"))
    assert made.conclusion is Conclusion.FAILURE
    assert made.title == f"invalid: {PLACE}, line 3: unknown key 'mod'. (and 1 more)"
    assert (made.annotations[0].path, made.annotations[0].start_line) == (PLACE, 3)
    assert made.annotations[0].message == "unknown key 'mod'. Did you mean 'mode'?"


@pytest.mark.parametrize(
    ("cases", "said"), [(None, ""), ((GOOD,), " · 1 case passed"), ((GOOD, BAD), " · 1 of 2 cases failed")]
)
def test_title(cases: tuple[Ran, ...] | None, said: str) -> None:
    made = run(Proposed((), BEFORE, AFTER, cases, "a" * 40, "key"))
    assert made.title == f"valid · 3 values change{said}"
    assert made.conclusion is (Conclusion.FAILURE if cases == (GOOD, BAD) else Conclusion.SUCCESS)


def test_nothing_changes() -> None:
    assert differing(BEFORE, BEFORE) == ()
    assert run(Proposed((), BEFORE, BEFORE, None, "a" * 40, "key")).title == "valid · no values change"


def test_hostile_text_acts_nowhere() -> None:
    fault = Fault(1, HOSTILE, HOSTILE, HOSTILE)
    bad = Ran(HOSTILE, Level.SAFE, (), (), (HOSTILE,))
    for made in (
        run(Proposed(((PLACE, fault),) * 200, None, None, None, "a" * 40, "key")),
        run(Proposed((), {"mode": HOSTILE}, {HOSTILE: "x"}, (bad,) * 200, "a" * 40, "key")),
    ):
        outside = "".join(part for number, part in enumerate(made.summary.split("`")) if number % 2 == 0)
        assert "@everybody" not in outside
        assert "<img" not in outside
        assert not {"\x1b", "\u202e"} & set(made.title + made.summary)
        assert len(made.summary.encode()) <= 65_535
