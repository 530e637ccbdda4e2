"""One event that is answered, with the jobs in memory; against a server in `test_on_github.py`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.action.answering import run
from app.action.answering.jobs import Work
from app.action.inputs import Inputs
from app.action.plan import Kind, Plan
from app.action.runner import Runner
from app.model.trouble import Unavailable
from app.store.proposed import stops
from checks.model.errors import Refusal
from tests.app.action.stateless.conftest import Runs
from tests.pulls.hosts import OWN
from tests.pulls.worlds import ANN

HERE = "acme/shop"
INPUTS = Inputs.of({"GITHUB_WORKSPACE": "/"})


@pytest.fixture
def answered(runs: Runs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Answers a comment on a pull request, in a first attempt or a later one."""

    @contextmanager
    def working(inputs: Inputs, runner: Runner, environment: Mapping[str, str]) -> Iterator[Any]:
        host, store = runs.fresh()
        work = Work(host, store, runs.world.settings, OWN.id)
        yield work, SimpleNamespace(client=SimpleNamespace(lacking={}))

    monkeypatch.setattr(run, "working", working)

    def answer(number: int, comment: int, body: str, attempt: str = "1") -> int:
        plan = Plan(Kind.ANSWER, author=ANN.login, number=number, comment=comment, said=body)
        variables = {"GITHUB_REPOSITORY": HERE, "GITHUB_RUN_ATTEMPT": attempt}
        return run.answer(plan, INPUTS, Runner(None, None, tmp_path), variables)

    return answer


@pytest.mark.complete
def test_what_was_answered_is_not_done_once_more_when_its_run_is(runs: Runs, answered: Any) -> None:
    pull = runs.own("selfmod/fix/x-1a2b3c4d", more="x = 1\n")
    first = runs.say(pull.number, ANN, "/selfmod stop first")
    assert answered(pull.number, first, "/selfmod stop first", "2") == 0  # the attempt before did not come to it
    resumed = runs.say(pull.number, ANN, "/selfmod resume mended")
    assert answered(pull.number, resumed, "/selfmod resume mended") == 0
    again = runs.say(pull.number, ANN, "/selfmod stop again")
    assert answered(pull.number, again, "/selfmod stop again") == 0
    with pytest.raises(Refusal, match="an earlier attempt of this run answered the comment"):
        answered(pull.number, resumed, "/selfmod resume mended", "2")
    host, store = runs.fresh()
    host.recall_stops()
    held = stops.holding(store, HERE, pull.number)
    assert held is not None and held.why == "again"


def test_what_github_does_not_answer_before_anything_began_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def working(*given: Any) -> Any:
        raise Unavailable("GitHub failed.")

    monkeypatch.setattr(run, "working", working)
    with pytest.raises(Refusal, match=r"GitHub failed\.  Run the job again\."):
        run.answer(Plan(Kind.FIX), INPUTS, cast(Runner, None), {})
