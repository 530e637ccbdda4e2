"""SARIF output against the standard's own JSON Schema, which an npm package brings."""

import json
from pathlib import Path

import jsonschema
import pytest

from checks.model.findings import Confidence, Finding, NotAnalysed, Severity
from checks.model.review import Review
from checks.reports import sarif

FOLDER = Path("tests/complete/node_modules")

HOSTILE = Finding(
    file="src/a b\u202e\udcff/ü:1.py",
    line=0,
    column=0,
    end_line=-1,
    end_column=0,
    rule="S608",
    severity=Severity.CRITICAL,
    confidence=Confidence.LOW,
    message="[see](https://evil.example) {0} \x1b",
    cwe=89,
    tool="ruff",
    tools=("ruff", "bandit"),
    fixable=False,
    scope="find.<locals>.inner",
    fingerprint="0" * 32,
)
REVIEWS = {
    "empty": Review((), (), files=0, seconds=0.0, threshold=Severity.MEDIUM),
    "hostile": Review(
        (HOSTILE, HOSTILE), (NotAnalysed("\n", "NUL\0"),), files=1, seconds=0.1, threshold=Severity.MEDIUM
    ),
    "truncated": Review((HOSTILE,) * (sarif.SHOWN + 1), (), files=1, seconds=0.1, threshold=Severity.MEDIUM),
}


@pytest.fixture(scope="module")
def schema() -> jsonschema.Draft4Validator:
    found = sorted(
        path for path in FOLDER.rglob("*.json") if path.name.startswith(("sarif-2.1.0", "sarif-schema-2.1.0"))
    )
    assert found, f"no schema of SARIF 2.1.0 under {FOLDER}: npm install --prefix tests/complete @microsoft/jest-sarif"
    return jsonschema.Draft4Validator(json.loads(found[0].read_text("utf-8")))


@pytest.mark.complete
@pytest.mark.parametrize("name", REVIEWS)
def test_the_log_is_valid(schema: jsonschema.Draft4Validator, name: str) -> None:
    rendered = sarif.render(
        REVIEWS[name], {"S608": ("SQL", "Why.")}, version="0.1.0", docs="https://docs.example/rules"
    )
    assert [error.message for error in schema.iter_errors(json.loads(rendered))] == []


@pytest.mark.complete
def test_the_schema_refuses_what_is_wrong(schema: jsonschema.Draft4Validator) -> None:
    log = sarif.log(REVIEWS["hostile"], {})
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert not schema.is_valid(log)
