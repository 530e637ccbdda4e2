import json
import signal
from collections.abc import Callable
from typing import Any

import pytest

from checks.debugging import pool
from checks.model.findings import Severity
from checks.model.safety import Assessment, Level
from checks.risk.apart import pack, unassessed, unpack, work
from checks.risk.assess import assess
from checks.risk.evidence import Evidence
from tests.changed import BASE, change, edited, evidence, finding, verdict


def apart(of: Evidence, how: Callable[[Any], Any] = work, seconds: float = 30.0) -> Assessment:
    ((_, answer, why),) = pool.run([("risk", pack(of))], how, workers=1, seconds=seconds)
    return unpack(answer) if answer else unassessed(of, why)


@pytest.mark.parametrize(
    "of",
    [
        edited(README_md="x\n"),
        edited(src__shop__cart_py="x = 2\n"),
        change(BASE, BASE | {"AGENTS.md": "", "src/n\udcff.py": ""}),
    ],
)
def test_the_assessment_of_another_process_is_the_same(of: Any) -> None:
    assert apart(evidence(of)) == assess(evidence(of))


def test_what_comes_back_is_json() -> None:
    answer = work(pack(evidence(edited(src__shop__cart_py="x = 2\n"))))
    assert unpack(json.loads(json.dumps(answer))) == unpack(answer)


def _hungry(packed: str) -> dict[str, Any]:
    return {"text": bytearray(1 << 34)}


def _slow(packed: str) -> dict[str, Any]:
    signal.pause()
    return {}


@pytest.mark.parametrize(("how", "words"), [(_hungry, "too much memory"), (_slow, "took more than")])
def test_an_assessment_that_breaks_down_is_at_least_high(how: Callable[[Any], Any], words: str) -> None:
    found = apart(evidence(edited(README_md="x\n")), how, seconds=2.0 if how is _hungry else 0.2)
    assert found.level is Level.HIGH_RISK
    assert words in found.factors[0].seen


def test_paths_findings_and_stages_count_even_so() -> None:
    of = change(BASE, BASE | {".github/a.yml": ""})
    seen = verdict(findings={"security": (finding(Severity.HIGH),)})
    found = unassessed(evidence(of, seen), "it was late")
    assert found.level is Level.CRITICAL
    assert {each.name for each in found.factors} == {"paths", "security findings", "size", "generator"}
    assert found.score == sum(each.weight for each in found.factors)
