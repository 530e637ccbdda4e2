import logging
import re
import sqlite3
from typing import Any, cast

import pytest

from app.model.job import Job, Kind
from app.model.trouble import Gone, Superseded, Unavailable
from app.workflows.durable.attempt import Stopped, attempt, bug_id, passing
from app.workflows.steps import State, Step, Tools
from checks.model.errors import Refusal

JOB = Job(Kind.GATE, "o/n", 1, number=2)


def tried(result: Any, state: State | None = None) -> dict[str, Any]:
    """The outcome of a step that returns or raises this."""

    def run(_: Tools, __: Job, ___: State) -> State:
        if isinstance(result, BaseException):
            raise result
        return cast(State, result)

    return attempt(Step("step", run), lambda: cast(Tools, None), JOB, state or {})


def test_what_a_step_adds_is_its_state() -> None:
    assert tried({"commit": "a"}) == {"state": {"commit": "a"}}


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Superseded(), {"ended": "superseded"}),
        (Gone("pull request 3"), {"ended": "gone"}),
        (Unavailable("502", 4.0), {"later": None, "after": 4.0, "why": "502"}),
        (Refusal("no.", "do."), {"trouble": {"bug": "", "why": "no.  do."}}),
        (sqlite3.OperationalError("locked"), {"later": None, "after": None, "why": "the database: OperationalError"}),
    ],
)
def test_expected_troubles_are_outcomes(error: Exception, outcome: dict[str, Any]) -> None:
    assert tried(error) == outcome


@pytest.mark.parametrize("result", [ValueError("ghp_secret"), {"tree": object()}, {"nan": float("nan")}, {"s": {1}}])
def test_anything_else_is_a_bug_whose_text_stays_in_the_log(result: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        trouble = tried(result)["trouble"]
    assert re.fullmatch(r"bug_[0-9a-f]{12}", trouble["bug"])
    assert trouble["why"] in {"ValueError", "TypeError"}
    assert trouble["bug"] in caplog.text
    assert "Traceback" in caplog.text


def test_the_end_of_the_process_is_no_outcome() -> None:
    with pytest.raises(Stopped):
        tried(Stopped())


def test_a_step_cannot_change_the_state_it_was_given() -> None:
    state = {"a": 1}

    def run(_: Tools, __: Job, given: State) -> State:
        given["a"] = 2
        return {}

    attempt(Step("step", run), lambda: cast(Tools, None), JOB, state)
    assert state == {"a": 1}


def test_identifiers_differ_and_only_databases_pass() -> None:
    assert bug_id() != bug_id()
    assert passing(sqlite3.OperationalError())
    assert not passing(ValueError())
