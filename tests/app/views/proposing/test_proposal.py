"""The body of a proposal as people read it."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.views.proposing.proposal import Proposal, body
from app.views.proposing.told import Opened, reply
from checks.fix import Change
from checks.model.changes import ChangeSet, FileChange
from checks.model.findings import Finding, Severity
from checks.model.safety import Level
from tests.pulls.judgements import BASE, finding, judged

GOLDEN = Path(__file__).parents[1] / "golden"
HOSTILE = "\x1b[2J @everybody #12 ![x](https://e.example/x.png) <img src=x> </details>\n```\n| \u202e `"
TREE = f"https://github.com/acme/shop/blob/{BASE}"


def load(number: int = 1, **values: object) -> Finding:
    made = finding(
        "yaml-load-without-safe-loader", Severity.HIGH, "This document can run code.", lines=(number, number)
    )
    return replace(made, **values)  # type: ignore[arg-type]  # by name


def change(*fixed: Finding) -> Change:
    edits = tuple(FileChange(each, "d", b"x") for each in sorted({each.file for each in fixed}))
    return Change("all", ChangeSet(BASE, edits, "fix"), fixed, {})


def proposal(*fixed: Finding, **values: object) -> Proposal:
    made = Proposal("mod_4be1f00dcafe", change(*(fixed or (load(5),))), judged(Level.LOW_RISK), "none", "ann", 0, TREE)
    return replace(made, **values)  # type: ignore[arg-type]  # by name


def test_one_finding() -> None:
    assert body(proposal()) == (GOLDEN / "proposal-one.md").read_text("utf-8")


def test_several_of_a_pull_request_that_need_somebody() -> None:
    shown = proposal(
        *(load(line) for line in (5, 9, 14)),
        judged=judged(skipped="the tests need shop, which comes from an address"),
        needs="1 approval: anybody with write access",
        number=7,
        tree="",
    )
    assert body(shown) == (GOLDEN / "proposal-several.md").read_text("utf-8")


def test_nobody_asked() -> None:
    assert "Proposed by the repository's schedule." in body(proposal(requester=""))


@pytest.mark.parametrize("field", ["file", "message", "rule"])
def test_what_the_repository_says_neither_acts_nor_breaks_out(field: str) -> None:
    hostile = proposal(*(load(line, **{field: HOSTILE}) for line in range(1, 5)), requester=HOSTILE)
    said = body(hostile)
    assert said.count("<details>") == said.count("</details>")
    for each in ("\x1b", "\u202e", "@everybody", "![x]", "<img"):
        assert each not in said
    assert " #12" not in said


def test_many_findings_are_bounded() -> None:
    said = body(proposal(*(load(line) for line in range(1, 400))))
    assert "and 299 more" in said
    assert len(said.encode()) < 65_535


@pytest.mark.parametrize(
    ("opened", "notes", "expected"),
    [
        ((), ("nothing can be fixed for sure",), "Nothing was proposed:\n- nothing can be fixed for sure\n"),
        ((Opened(7, "fix: a"),), (), "Proposed in one pull request:\n- #7 fix: a\n"),
        (
            (Opened(7, "fix: a"), Opened(8, "fix: b")),
            ("c", "c"),
            "Proposed:\n- #7 fix: a\n- #8 fix: b\n\nNot proposed:\n- c\n",
        ),
    ],
)
def test_the_reply_lists_what_there_is_and_what_is_left(
    opened: tuple[Opened, ...], notes: tuple[str, ...], expected: str
) -> None:
    assert reply(opened, notes).replace("&#58;", ":") == expected


def test_many_reasons_are_counted() -> None:
    assert "and 5 reasons more" in reply((), [f"reason {number}" for number in range(15)])
    assert "@everybody" not in reply([Opened(1, HOSTILE)], [HOSTILE])
