"""The button *Fix*: fixes that stand become a pull request into the pull request's branch; else it says why not."""

import html
from collections.abc import Callable
from dataclasses import replace

import pytest

from app.store import audit
from app.store.proposed import modifications
from tests.pulls.worlds import BOB, EVE, World

type Make = Callable[..., World]
SHARED = "import yaml\n\n\ndef load(text):\n    return yaml.load(text, Loader=yaml.Loader)\n"
QUICK = "allowed_commands: []\n"


def reviewed(make: Make, configuration: str, fork: str = "") -> tuple[World, int]:
    world = make(configuration)
    world.git.put("pyproject.toml", '[project]\nname = "shop"\nrequires-python = ">=3.12"\n')
    world.git.commit()
    pull = world.pull(EVE if fork else BOB, fork=fork, shared=SHARED)
    world.review(pull)
    return world, pull.number


def said(world: World, number: int) -> str:
    return html.unescape(world.host.sticky(number)).replace("\u200b", "")


@pytest.mark.timeout(400)  # two reviews and two rounds of fixes
def test_it_opens_a_pull_request_into_the_branch_and_says_so(make: Make) -> None:
    world, number = reviewed(make, f"mode: enforce\n{QUICK}")
    pull = world.host.pull(number)
    assert "Fix" in [each.label for each in world.gate(pull).buttons]
    world.press(pull, "fix", "ann")
    world.press(pull, "fix", "ann")
    (made,) = [each for each in world.host.pulls() if each.own]
    assert made.base_ref == pull.head_ref
    assert made.head_ref.startswith(f"selfmod/fix/pr-{number}-")
    assert made.title == "fix YAML document that can make Python objects in shared.py"
    kept = modifications.of_pull(world.store, pull.repository, made.number)
    assert kept is not None
    assert (kept.base, kept.head, kept.requester, kept.branch) == (pull.head, made.head, "ann", made.head_ref)
    assert "safe_load" in world.git.git("show", f"{made.head}:shared.py")
    assert "Requested-by: @ann" in world.git.git("log", "-1", "--format=%B", made.head)
    assert "Asked for by @" in made.body
    assert f"The fixes are in #{made.number}: {made.title}" in said(world, number)
    assert world.git.git("rev-list", "--count", f"{pull.head}..{made.head}").strip() == "1"
    assert sum('"proposed"' in line for line in audit.export(world.store)) == 1
    # one more than the configuration allows is not opened
    world.configure(f"mode: enforce\n{QUICK}limits: {{open_pull_requests: 1}}\n")
    other = world.pull(BOB, shared=SHARED)
    world.review(other)
    world.press(other, "fix", "ann")
    assert "limits.open_pull_requests is 1" in said(world, other.number)
    # who asked for it cannot approve it
    world.review(made)
    assert "asked for this change" in world.gate(made).summary


@pytest.mark.complete
@pytest.mark.parametrize(
    ("configuration", "fork", "login", "why"),
    [
        (f"mode: enforce\n{QUICK}", "eve/shop", "ann", "nothing is fixed in a fork"),
        (f"mode: enforce\n{QUICK}", "", "eve", "fix needs write access to this repository; @eve has read."),
        (f"mode: enforce\n{QUICK}fix: {{exclude: [shared.py]}}\n", "", "ann", "the configuration says not to change"),
        (f"mode: enforce\n{QUICK}allowed_folders: []\n", "", "ann", "no fix stood up to validation"),
    ],
)
def test_where_it_may_not_or_cannot_it_says_why(
    make: Make, configuration: str, fork: str, login: str, why: str
) -> None:
    world, number = reviewed(make, configuration, fork)
    world.press(world.host.pull(number), "fix", login)
    assert not [each for each in world.host.pulls() if each.own]
    assert why in said(world, number)


def test_nothing_can_be_fixed(make: Make) -> None:
    world = make(f"mode: enforce\n{QUICK}")
    pull = world.pull(BOB, cart="x = 1\n")
    world.judged(pull)
    world.press(pull, "fix", "ann")
    assert "no finding of this change can be fixed for sure" in said(world, pull.number)


def test_where_nothing_is_written_the_check_run_says_why_not(make: Make) -> None:
    world = make("mode: observe\n")
    pull = world.pull(BOB, cart="x = 1\n")
    world.judged(pull)
    world.press(pull, "fix", "ann")
    assert "the mode is observe" in world.gate(pull).summary
    assert set(world.host.writes) == {"run"}
    assert replace(pull) == world.host.pull(pull.number)
