"""One record as the values of a page: how it stands, and what comes next."""

from dataclasses import replace

import pytest

from app.dashboard import details
from app.dashboard.parts.case import Case
from app.dashboard.reading import Entry, Stood
from tests.app.dashboard.samples import EARLIER, RECORD, SETTINGS, STOOD, brief, decision, document


def case(record=RECORD, stood=None, **more):
    return Case(record, SETTINGS, stood, **more)


@pytest.mark.parametrize(
    ("stands", "holds", "said"),
    [
        ("waits", True, "waiting for 1 approval"),
        ("waits", False, "would wait for 1 approval"),
        ("blocked", True, "blocked: 1 approval"),
        ("blocked", False, "would be blocked: 1 approval"),
        ("fails", True, "failed: 1 approval"),
        ("fails", False, "would fail: 1 approval"),
        ("passes", True, "1 approval"),
        ("of a later version", True, "1 approval"),
    ],
)
def test_state_in_the_words_of_the_check_run(stands, holds, said):
    assert details.state(case(stood=Stood(stands, "1 approval", holds=holds))) == said


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (RECORD, "needs 2 approvals: anybody with write access, among them @acme/rates"),
        (EARLIER, "failed: security, sandbox"),
        (replace(RECORD, decision=decision("SAFE", 0)), "no approval needed"),
        (replace(RECORD, decision=decision("SAFE", 0, merge="automatic")), "no approval needed, merges by itself"),
        (replace(RECORD, decision=decision(blocked="Too few people.")), "blocked"),
        (replace(RECORD, decision={}), "not decided"),
        (replace(RECORD, document={}, decision={}), "not decided"),
    ],
)
def test_state_before_anything_was_weighed(record, said):
    assert details.state(case(record)) == said


def action(*arguments, **more):
    return details.values(case(*arguments, **more))["action"]


def test_next_action_is_what_the_state_asks_for():
    pull = "https://github.com/acme/orders/pull/7"
    assert action(RECORD, STOOD) == ("Review pull request #7", f"{pull}/files")
    assert action(RECORD, Stood("passes", "approved")) == ("Open pull request #7", pull)
    assert action(EARLIER) == ("See what failed", "#stages")
    assert action(replace(RECORD, decision=decision(blocked="Too few."))) == ("Open pull request #7", pull)
    assert action(replace(RECORD, number=0, decision={}))[1] == "https://github.com/acme/orders"


def test_an_older_record_leads_to_the_newest():
    text, address = action(EARLIER, records=(brief(RECORD), brief(EARLIER)))
    assert text == "Go to the newest commit" and address.startswith(f"/details/{RECORD.id}?key=")
    assert action(RECORD, STOOD, records=(brief(RECORD), brief(EARLIER)))[0] == "Review pull request #7"


def part(name, record=RECORD, **more):
    found = details.values(case(record, **more))["parts"]
    return next(each["values"] for each in found if each["name"] == name)


def test_factors_and_what_demands_the_level():
    why = part("why")
    assert [each["weight"] for each in why["factors"]] == [3, 2, 1, 0, 0]
    assert why["demanding"] == ["changed lines covered by tests"]
    assert not why["raised"] and part("why", replace(RECORD, decision=decision("CRITICAL")))["raised"]


def test_the_orchestrators_review_is_shown_where_there_is_one():
    made = {
        "said": "A safer way was found.",
        "unusual": ["It changes 900 lines."],
        "safer": [{"how": "Add a test.", "level": None, "command": "/selfmod test a.py"}, "of a later version"],
    }
    shown = part("why", replace(RECORD, document=document() | {"oversight": made}))["review"]
    assert shown["said"] == "A safer way was found." and shown["unusual"] == ("It changes 900 lines.",)
    assert shown["safer"] == [{"how": "Add a test.", "command": "/selfmod test a.py"}]
    assert part("why")["review"] == {}


def test_rows_of_tests_name_only_what_there_was():
    names = [name for name, *_ in part("tests")["rows"]]
    assert "Skipped" in names and "Failed as expected" not in names and "Weaker isolation" not in names
    failing = part("tests", EARLIER)
    assert [each["title"] for each in failing["lists"] if each["bad"]] == ["Fail now and passed on the base"]
    assert failing["coverage"]["covered"] == 5 and failing["coverage"]["lines"] == 9


def test_the_severest_findings_are_the_ones_listed():
    many = document()
    many["stages"][1]["findings"] = [
        {"file": "a.py", "line": line, "rule": "r", "severity": "critical" if line == 999 else "low", "message": "m"}
        for line in range(1_000)
    ]
    stage = part("stages", replace(RECORD, document=many))["stages"][1]
    assert stage["count"] == 1_000 and len(stage["findings"]) == 200 and stage["findings"][0]["place"] == "a.py:999"


def test_a_tree_without_end_is_cut():
    seen: dict[str, object] = {"predicate": "paths", "satisfied": True}
    for _ in range(500):
        seen = {"predicate": "not", "satisfied": None, "inner": [seen]}
    deep = document() | {"rules": [{"rule": "deep", "why": "", "seen": seen}]}
    (node,) = part("rules", replace(RECORD, document=deep))["rules"][0]["tree"]
    depth = 0
    while node["inner"]:
        (node,) = node["inner"]
        depth += 1
    assert depth == 12 and node["word"] == "cannot be known here"


def test_all_of_one_thing_is_that_thing():
    leaf = {"predicate": "paths", "satisfied": True, "wanted": ["a.py"], "inner": []}
    nested = {
        "predicate": "all",
        "satisfied": True,
        "inner": [{"predicate": "any", "satisfied": True, "inner": [leaf]}],
    }
    whole = document() | {"rules": [{"rule": "r", "why": "", "seen": nested}]}
    (node,) = part("rules", replace(RECORD, document=whole))["rules"][0]["tree"]
    assert node["predicate"] == "a changed path matches" and node["wanted"] == ("a.py",)


def test_addresses_hold_no_part_of_a_path_that_could_lead_elsewhere():
    here = case(replace(RECORD, repository="acme/orders", head="../..?x"))
    url = here.file_url("../../../evil?x#y\ud800 z.py", 3)
    assert url == "https://github.com/acme/orders/blob/..%2F..%3Fx/../../../evil%3Fx%23y%3F%20z.py#L3"


def test_facts_of_the_history_are_told_short():
    facts = {"head": "3f9c2e1d" * 5, "who": ["ann", "bob"], "more": {"a": [1]}, "none": None, "empty": ""}
    entries = part("history", entries=[Entry(1, "2026-11-29T09:00:00Z", "reviewed", facts)])["entries"]
    assert entries[0]["facts"] == [("head", "3f9c2e1d3f"), ("who", "ann, bob"), ("more", '{"a": [1]}')]
