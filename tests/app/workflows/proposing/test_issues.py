from collections.abc import Callable
from dataclasses import replace

import pytest

from app.model.job import Job, Kind
from app.workflows.proposing import propose
from app.workflows.proposing.issues import MOST, told
from tests.app.workflows.proposing.test_propose import ISSUE, asked, own, said, started
from tests.pulls.worlds import World

type Make = Callable[..., World]
JOB = Job(Kind.PROPOSE, "acme/shop", 5, 3, reason="fix", actor="ann", comment=99)
FILES = ("src/shop/cart.py", "tests/test_cart.py")
TEXT = 'Help\n\n  File "/x/src/shop/cart.py", line 3, in total\nFAILED tests/test_cart.py::test_x - x\n'


def test_files_that_are_there_are_meant(make: Make) -> None:
    world = make()
    world.host.issues[3] = TEXT
    found = told(world.tools, JOB, FILES)
    assert found is not None
    assert found.named is not None
    assert found.named.paths == FILES
    assert "src/shop/cart.py, tests/test_cart.py" in found.note


@pytest.mark.parametrize("job", [replace(JOB, comment=0), replace(JOB, head="a" * 40), replace(JOB, words="src/")])
def test_the_text_counts_only_where_nothing_else_is_named(make: Make, job: Job) -> None:
    world = make()
    world.host.issues[3] = TEXT
    assert told(world.tools, job, FILES) is None


@pytest.mark.parametrize("text", ["", "It breaks in src/shop/cart.py:3", "@everybody"])
def test_without_a_traceback_everything_is_meant(make: Make, text: str) -> None:
    world = make()
    world.host.issues[3] = text
    assert told(world.tools, JOB, FILES) is None


def test_hostile_names_mean_nothing_and_are_bounded(make: Make) -> None:
    world = make()
    world.host.issues[3] = 'File "/x/../../etc/passwd", line 1\nFile "-rf.py", line 1'
    found = told(world.tools, JOB, FILES)
    assert found is not None
    assert found.named is None
    many = tuple(f"a{number}.py" for number in range(MOST + 5))
    world.host.issues[3] = "".join(f'File "{name}", line 1\n' for name in many)
    found = told(world.tools, JOB, many)
    assert found is not None
    assert found.named is not None
    assert found.named.paths == many[:MOST]


TRACE = 'It breaks.\n\nTraceback (most recent call last):\n  File "/srv/shop/{}", line 3, in load\nValueError: x\n'


@pytest.mark.parametrize(
    ("file", "words", "opened", "note"),
    [
        ("loads.py", "", ["fix YAML document that can make Python objects in loads.py"], "at run time in loads.py"),
        ("/usr/lib/json.py", "", [], "names no file of this repository"),
        ("pyproject.toml", "", [], "nothing that is named can be fixed for sure"),
        ("loads.py", "default.py", ["fix list, dictionary or set as a default value in default.py"], ""),
    ],
)
def test_the_files_of_a_traceback_in_the_issue_are_meant(
    make: Make, file: str, words: str, opened: list[str], note: str
) -> None:
    world = started(make)
    world.host.issues[ISSUE] = TRACE.format(file)
    world.run(propose.STEPS, asked(world, words))
    assert own(world) == opened
    assert note in said(world)
    assert ("not there yet" in said(world)) is ("run time" in note or "nothing that is named" in note)
