"""How steps end, and what is told of them: pure."""

import json
from typing import cast

import pytest

from app.cli.showing import told
from app.cli.showing.scene import Fell, Scene, Skipped, plain
from app.cli.showing.walk import Done, Outcome, Step, Told, walk
from app.model.trouble import Gone, Unavailable
from checks.model.errors import Refusal


class Place:
    """What the walk itself needs of a scene."""

    command: dict[str, float]

    def __init__(self) -> None:
        self.command = {"read": 0.25, "first pull request": 3.25}
        self.progress = lambda what: None


SCENE = cast(Scene, Place())


def step(name: str, error: Exception | None = None) -> Step:
    def run(scene: Scene, about: Told) -> None:
        about.by("@bob", "comments on #1: /selfmod fix")
        about.see("selfmod/gate  success  \x1b[2J")
        about.link("http://127.0.0.1/1")
        about.link("http://127.0.0.1/1")
        if error is not None:
            raise error

    return Step(name, f"The step {name}", run)


@pytest.mark.parametrize(
    ("error", "outcome", "why"),
    [
        (None, Outcome.HELD, ""),
        (Skipped("nobody is there"), Outcome.SKIPPED, "nobody is there"),
        (Fell("the gate lets it in"), Outcome.FELL, "the gate lets it in"),
        (Gone("no pull request"), Outcome.FELL, "GitHub did not do it: no pull request"),
        (Unavailable("it is down"), Outcome.FELL, "GitHub did not do it: it is down"),
        (Refusal("not allowed.", "Ask."), Outcome.FELL, "GitHub did not do it: not allowed.  Ask."),
    ],
)
def test_how_a_step_ends(error: Exception | None, outcome: Outcome, why: str) -> None:
    (done,) = walk(SCENE, (step("one", error),))
    assert (done.outcome, done.why, done.told.links) == (outcome, why, ["http://127.0.0.1/1"])


def test_a_bug_is_no_outcome() -> None:
    with pytest.raises(ZeroDivisionError):
        list(walk(SCENE, (step("one", ZeroDivisionError()),)))


def test_what_comes_after_a_step_that_fell_is_not_reached() -> None:
    steps = (step("one"), step("two", Skipped("why")), step("three", Fell("seen")), step("four"))
    done = list(walk(SCENE, steps))
    assert [each.name for each in done] == ["one", "two", "three"] and not told.passed(done)
    whole = json.loads(told.document(done, [each.name for each in steps], SCENE, 2.0, 1.0, repository="acme/orders"))
    assert (whole["version"], whole["ok"], whole["held"], whole["not_reached"]) == (1, False, False, ["four"])
    assert whole["steps"][0]["events"][0] == {"who": "@bob", "did": "comments on #1: /selfmod fix"}
    assert told.end(done, 4, SCENE, 2.0) == (
        "1 of 4 steps held, 1 skipped, “The step three” did not hold, 1 not reached, in 2.0 s\n"
        "command to pull request: 3.2 s (read after 0.2 s)"
    )


def test_skipped_is_not_held() -> None:
    skipped = Done("one", "One", Outcome.SKIPPED, "why", 0.1, Told())
    held = Done("two", "Two", Outcome.HELD, "", 0.1, Told())
    assert not told.passed([skipped]) and told.passed([skipped, held])
    assert json.loads(told.document([skipped, held], ["one", "two"], SCENE, 1.0, 1.0))["held"] is False


def test_a_step_in_the_terminal() -> None:
    (done,) = walk(SCENE, (step("one", Skipped("why")),))
    lines = told.step(1, 8, done).splitlines()
    assert lines[0].startswith("1/8  The step one   ") and "skipped  0.0 s" in lines[0]
    assert lines[1:] == [
        "  @bob comments on #1: /selfmod fix",
        "    selfmod/gate  success  \\x1b[2J",
        "  skipped: why",
        "  http://127.0.0.1/1",
    ]


def test_a_comment_as_it_is_read() -> None:
    said = (
        "<!-- selfmod:sticky generation=1 -->\n**HIGH&#95;RISK · failed**\n\n- See [#3](http://x), @&#8203;bob: `x`\n"
    )
    assert plain(said) == ["HIGH_RISK · failed", "See #3, @bob: x"]
