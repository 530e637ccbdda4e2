"""Every hostile project in the real sandbox; and a sample of them without isolation, where they must be noticed."""

import ast
import re
from collections import Counter

import pytest

from checks.model.errors import Refusal
from checks.sandbox.port import Sandbox
from tests.hostile import backends, canaries
from tests.hostile.every import PROJECTS
from tests.hostile.harness import tried
from tests.hostile.project import Hostile, Noticed

LEAST = 50
SAMPLE = frozenset(
    {
        "file-of-the-host",
        "environment-of-the-parents",
        "outside-the-work-copy",
        "through-a-link",
        "temporary-folder-of-the-host",
        "tcp",
        "udp",
        "abstract-socket",
        "daemon",
        "killing-others",
        "memory-of-others",
        "one-large-file",
    }
)
"""Those that are run without isolation each time: harmless in themselves, and each of another kind of canary."""


@pytest.fixture(scope="module")
def host():
    with canaries.host() as found:
        yield found


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    try:
        return backends.BACKENDS["bubblewrap"]()
    except Refusal as refusal:
        pytest.skip(str(refusal))


@pytest.mark.parametrize("project", PROJECTS, ids=lambda each: f"{each.topic}-{each.name}")
def test_it_holds(project: Hostile, sandbox: Sandbox, host: canaries.Host) -> None:
    seen = tried(project, sandbox, host)
    if project.known and not seen.held:
        pytest.xfail(project.known)
    assert seen.held, f"{project.tries}\n{seen.verdict}: {seen.why}\n" + "\n".join(seen.faults)


REACHING = [each for each in PROJECTS if backends.must_be_noticed(each)]


@pytest.mark.parametrize(
    "project",
    [
        pytest.param(each, marks=() if each.name in SAMPLE else pytest.mark.complete, id=f"{each.topic}-{each.name}")
        for each in REACHING
    ],
)
def test_it_is_noticed_without_isolation(project: Hostile, host: canaries.Host) -> None:
    seen = tried(project, backends.BACKENDS["bare"](), host)
    assert not seen.held, f"{project.tries}\nNobody noticed that it was not refused."


def test_the_sample_is_of_projects_that_reach_out() -> None:
    assert {each.name for each in REACHING} >= SAMPLE


def test_projects_are_told_apart_and_told() -> None:
    names = Counter(each.name for each in PROJECTS)
    assert [name for name, count in names.items() if count > 1] == []
    assert len(PROJECTS) - sum(each.topic == "honest" for each in PROJECTS) >= LEAST
    for each in PROJECTS:
        assert each.tries.endswith(".") and each.tries[0].isupper() and "\n" not in each.tries, each.name
        assert each.files and each.limits.seconds <= 20, each.name
        if each.topic in ("reading", "writing", "network", "processes", "memory", "disk"):
            assert (each.noticed is Noticed.NEVER) == (each.name in UNNOTICEABLE), each.name


UNNOTICEABLE = frozenset(
    {
        "own-environment",
        "inherited-descriptors",
        "folder-that-cannot-be-removed",
        "work-copy-of-the-host",
        "stopping-itself",
        "deep-folders",
    }
)
"""Those of the topics of isolation that the backend without isolation prevents too."""


def test_attempts_are_whole(host: canaries.Host) -> None:
    """A test that broke for a mistake of ours would hold for ever: what attempts is Python, and names canaries that
    there are."""
    with canaries.fresh(host, isolated=True) as mine:
        values = mine.values
    for project in PROJECTS:
        for path, content in project.files.items():
            named = re.findall("<<([a-z0-9]+)>>", path + (content if isinstance(content, str) else ""))
            assert set(named) <= set(values), project.name
        attempted = project.files.get("test_attempt.py")
        if isinstance(attempted, str):
            ast.parse(re.sub("<<[a-z0-9]+>>", "1", attempted))
