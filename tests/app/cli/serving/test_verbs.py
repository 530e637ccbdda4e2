"""Names of steps are stored with every job: a release that changes them must not go on with what an older one left."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from app.cli.serving.verbs import HOOKS, VERBS
from app.workflows.durable.engine import VERSION

STORED = Path(__file__).with_name("steps.json")
"""By version: by verb the names of its steps in order, and of the one that tells that it failed (empty: none)."""

type Names = Mapping[str, Mapping[str, Sequence[str] | str]]


def names() -> Names:
    """What the verbs are made of now."""
    return {
        kind.value: {"steps": [step.name for step in steps], "failed": HOOKS[kind].name if kind in HOOKS else ""}
        for kind, steps in VERBS.items()
    }


def fault(stored: Mapping[str, Names], version: int, now: Names) -> str:
    """What is to be done, empty where there is nothing. A new verb has no jobs of an older release."""
    known = stored.get(str(version))
    if known is None:
        return f'nothing is stored of VERSION {version}: write the names of now to {STORED.name}, under "{version}"'
    if changed := ", ".join(sorted(verb for verb in known if known[verb] != now.get(verb))):
        return (
            f"steps of {changed} were renamed, reordered, added or removed: raise VERSION in engine.py, and write the "
            f'names of now to {STORED.name}, under "{version + 1}"'
        )
    if new := ", ".join(sorted(now.keys() - known)):
        return f'{new}: new, write the names of now to {STORED.name}, under "{version}"; VERSION stays'
    return ""


def test_the_steps_are_those_of_the_version() -> None:
    stored = json.loads(STORED.read_text("utf-8"))
    assert not fault(stored, VERSION, names()), fault(stored, VERSION, names())
    assert max(map(int, stored)) == VERSION


@pytest.mark.parametrize(
    ("now", "version", "told"),
    [
        ({"review": {"steps": ["a", "b"], "failed": "f"}}, 1, ""),
        ({"review": {"steps": ["a", "c"], "failed": "f"}}, 1, "steps of review"),
        ({"review": {"steps": ["b", "a"], "failed": "f"}}, 1, "raise VERSION"),
        ({"review": {"steps": ["a", "b"], "failed": ""}}, 1, 'under "2"'),
        ({"review": {"steps": ["a", "b"], "failed": "f"}, "gate": {"steps": [], "failed": ""}}, 1, "gate: new"),
        ({}, 1, "steps of review"),
        ({}, 2, "nothing is stored of VERSION 2"),
    ],
)
def test_what_was_changed_is_told(now: Names, version: int, told: str) -> None:
    stored = {"1": {"review": {"steps": ["a", "b"], "failed": "f"}}}
    found = fault(stored, version, now)
    assert told in found and bool(told) == bool(found)


def test_steps_of_one_verb_have_different_names() -> None:
    for verb in names().values():
        assert len({*verb["steps"], verb["failed"]}) == len(verb["steps"]) + 1
