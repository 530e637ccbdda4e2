"""The check run of a configuration that is changed: there when it concerns somebody, and right about what it says."""

from collections.abc import Callable

import pytest

from app.model.forge import Conclusion
from app.workflows.reviewing.config import report_config
from app.workflows.reviewing.subject import look
from tests.pulls.worlds import BOB, World

type Make = Callable[..., World]
PLACE, CASES = ".github/selfmod.yml", ".github/selfmod-tests.yml"
CASE = "cases:\n  - name: a\n    change: {paths: [a.py]}\n    expect: {level: LEVEL}\n"


def reported(world: World, files: dict[str, str], base: str = "main") -> tuple[Conclusion | None, str]:
    """The conclusion and title of the run about a pull request with these files; empty where there is none."""
    world.git.git("checkout", "-q", "-b", "topic", base)
    for path, text in files.items():
        world.git.put(path, text)
    world.git.commit()
    world.git.git("checkout", "-q", "main")
    pull = world.host.open("topic", "main", BOB)
    job = world.job(pull)
    assert report_config(world.tools, job, look(world.tools, job, {})) == {}
    run = world.host.made_runs.get((pull.head, "selfmod/config"))
    return (run.conclusion, run.title) if run else (None, "")


@pytest.mark.parametrize(
    ("files", "conclusion", "title"),
    [
        ({"cart.py": "x = 1\n"}, None, ""),
        ({PLACE: "mode: observe\n"}, Conclusion.SUCCESS, "valid · no values change"),
        ({PLACE: "mode: enforce\n"}, Conclusion.SUCCESS, "valid · 1 value changes"),
        ({PLACE: "mode: x\n"}, Conclusion.FAILURE, "invalid: .github/selfmod.yml, line 1: mode: 'x' is not valid"),
        ({PLACE: "- a\n"}, Conclusion.FAILURE, "invalid: .github/selfmod.yml"),
        ({CASES: CASE.replace("LEVEL", "LOW_RISK")}, Conclusion.FAILURE, "1 of 1 case failed"),
        ({CASES: "cases: 5\n"}, Conclusion.FAILURE, "invalid: .github/selfmod-tests.yml"),
        ({PLACE: "mode: x\n", CASES: "cases: 5\n"}, Conclusion.FAILURE, "(and 1 more)"),
    ],
)
def test_what_is_said_of_a_change(make: Make, files: dict[str, str], conclusion: Conclusion | None, title: str) -> None:
    found = reported(make("mode: observe\n# as it was\n"), files)
    assert found[0] is conclusion
    assert title in found[1]


def test_what_main_got_since_is_not_the_pull_requests(make: Make) -> None:
    world = make("mode: observe\n")
    world.git.git("branch", "older")
    world.configure("mode: enforce\n")
    assert reported(world, {"cart.py": "x = 1\n"}, "older") == (None, "")


def test_a_broken_configuration_can_be_mended(make: Make) -> None:
    conclusion, title = reported(make("mode: x\n"), {PLACE: "mode: enforce\n"})
    assert conclusion is Conclusion.SUCCESS
    assert title.startswith("valid · ")


def test_taking_it_away_is_a_change_too(make: Make) -> None:
    world = make("mode: enforce\n")
    world.git.git("checkout", "-q", "-b", "gone")
    (world.git.root / PLACE).unlink()
    world.git.commit()
    world.git.git("checkout", "-q", "main")
    assert reported(world, {}, "gone") == (Conclusion.SUCCESS, "valid · 1 value changes")
