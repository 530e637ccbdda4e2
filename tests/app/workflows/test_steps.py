"""Steps in order, and tools whose memory belongs to one run alone."""

from collections.abc import Callable
from dataclasses import replace

from app.model.job import Job, Kind
from app.model.trouble import Superseded
from app.workflows.steps import State, Step, Tools, run_all
from tests.pulls.worlds import World

JOB = Job(Kind.GATE, "acme/shop", 5)


def test_a_copy_with_other_tools_remembers_nothing_of_the_first(make: Callable[..., World]) -> None:
    """The tools of each job are a copy of the process's own."""
    first = make().tools
    first.memory["x"] = 1
    copies = [replace(first, cancelled=lambda: True), replace(first, cancelled=lambda: True)]
    copies[0].memory["y"] = 2
    assert [each.memory for each in copies] == [{"y": 2}, {}]


def test_each_step_gets_what_earlier_ones_left_until_one_ends_it(make: Callable[..., World]) -> None:
    def ends(tools: Tools, job: Job, state: State) -> State:
        raise Superseded

    def adds(tools: Tools, job: Job, state: State) -> State:
        return {"n": state.get("n", 0) + 1}

    steps = (Step("one", adds), Step("two", adds), Step("three", ends), Step("four", adds))
    tools = make().tools
    assert run_all(steps[:2], tools, JOB) == {"n": 2}
    assert run_all(steps, tools, JOB) == {"n": 2, "superseded": True}
