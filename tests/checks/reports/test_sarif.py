import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.model.findings import Finding, Severity
from checks.model.review import Review
from checks.reports import sarif

RULES = {"sql-from-format": ("SQL built by formatting", "## What it does\nFinds queries.")}


def test_the_sample(sample: Review) -> None:
    log = json.loads(sarif.render(sample, RULES, version="1.2.3", docs="https://docs.example/rules"))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["semanticVersion"]) == ("selfmod", "1.2.3")
    assert [rule["id"] for rule in driver["rules"]] == ["mutable-default-argument", "sql-from-format", "F401"]
    assert driver["rules"][1] == {
        "id": "sql-from-format",
        "shortDescription": {"text": "SQL built by formatting"},
        "fullDescription": {"text": "## What it does\nFinds queries."},
        "help": {"text": "## What it does\nFinds queries.", "markdown": "## What it does\nFinds queries."},
        "helpUri": "https://docs.example/rules#sql-from-format",
        "defaultConfiguration": {"level": "error"},
        "properties": {
            "tags": ["security", "external/cwe/cwe-89"],
            "precision": "high",
            "problem.severity": "error",
            "security-severity": "8.0",
        },
    }
    assert "helpUri" not in driver["rules"][2]
    assert driver["rules"][2]["properties"] == {
        "tags": ["correctness"],
        "precision": "high",
        "problem.severity": "recommendation",
    }
    assert run["results"][1] == {
        "ruleId": "sql-from-format",
        "ruleIndex": 1,
        "level": "error",
        "message": {"text": "The query holds 100% of `name`."},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "src/acme/db.py", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 54, "startColumn": 5, "endLine": 56, "endColumn": 6},
                },
                "logicalLocations": [{"fullyQualifiedName": "find"}],
            }
        ],
        "partialFingerprints": {"selfmod/v1": "fedcba9876543210fedcba9876543210"},
        "properties": {
            "severity": "high",
            "confidence": "high",
            "tools": ["selfmod", "bandit"],
            "fixable": False,
        },
    }
    assert run["invocations"] == [
        {
            "executionSuccessful": True,
            "toolExecutionNotifications": [
                {
                    "level": "warning",
                    "message": {"text": "Not analysed: invalid syntax in line 3"},
                    "locations": [
                        {
                            "physicalLocation": {
                                "artifactLocation": {"uri": "src/acme/broken.py", "uriBaseId": "%SRCROOT%"}
                            }
                        }
                    ],
                }
            ],
        }
    ]


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        (Severity.CRITICAL, "error"),
        (Severity.HIGH, "error"),
        (Severity.MEDIUM, "warning"),
        (Severity.LOW, "note"),
        (Severity.INFO, "note"),
    ],
)
def test_levels(sample: Review, finding: Callable[..., Finding], severity: Severity, level: str) -> None:
    log = sarif.log(replace(sample, findings=(finding(severity=severity),)), {})
    assert log["runs"][0]["results"][0]["level"] == level


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b/ü#1?%.py", "a%20b/%C3%BC%231%3F%25.py"),
        ("C:x.py", "C%3Ax.py"),
        ("\udcff.py", "%FF.py"),
        ("\ud800.py", "%ED%A0%80.py"),
    ],
)
def test_paths_are_percent_encoded(sample: Review, finding: Callable[..., Finding], path: str, uri: str) -> None:
    log = sarif.log(replace(sample, findings=(finding(file=path),)), {})
    location = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": uri, "uriBaseId": "%SRCROOT%"}


def test_a_message_makes_no_link(sample: Review, finding: Callable[..., Finding]) -> None:
    log = sarif.log(replace(sample, findings=(finding(message="see [here](https://evil.example)\x1b"),)), {})
    assert log["runs"][0]["results"][0]["message"] == {"text": "see [here] (https://evil.example)\\x1b"}


@pytest.mark.parametrize(
    ("count", "kept", "said"),
    [
        (5_000, 5_000, []),
        (5_001, 5_001, ["5001 findings: GitHub shows the 5000 most severe of one run."]),
        (25_002, 25_000, ["Truncated: 2 of 25002 findings, the least severe, are left out of this file."]),
    ],
)
def test_githubs_limits(
    sample: Review, finding: Callable[..., Finding], count: int, kept: int, said: list[str]
) -> None:
    many = (finding(severity=Severity.INFO),) * (count - 1) + (finding(severity=Severity.CRITICAL),)
    (run,) = sarif.log(replace(sample, findings=many, not_analysed=()), {})["runs"]
    assert len(run["results"]) == kept
    assert "error" in {result["level"] for result in run["results"]}
    notifications = run["invocations"][0]["toolExecutionNotifications"]
    assert [each["message"]["text"] for each in notifications] == said


@settings(deadline=None)  # the cores are shared: slow is no fault here
@given(data=st.data())
def test_any_review_is_valid_json_with_places_from_one(data: st.DataObject, reviews: st.SearchStrategy[Review]) -> None:
    review = data.draw(reviews)
    (run,) = json.loads(sarif.render(review, {}))["runs"]
    assert len(run["results"]) == len(review.findings)
    for result, found in zip(run["results"], review.findings, strict=True):
        location = result["locations"][0]["physicalLocation"]
        region = location["region"]
        assert min(region.values()) >= 1
        assert (region["endLine"], region["endColumn"]) >= (region["startLine"], region["startColumn"])
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        decoded = unquote_to_bytes(location["artifactLocation"]["uri"])
        assert found.file in {decoded.decode("utf-8", each) for each in ("surrogateescape", "surrogatepass", "replace")}
