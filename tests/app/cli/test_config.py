"""`selfmod config`."""

import json
import os
from pathlib import Path

import jsonschema
import pytest
import yaml

from checks import settings
from checks.settings import CASES, PLACE, Settings
from tests.commands import selfmod
from tests.repositories import Repository

FAULTY = "review:\n  treshold: low\nsandbox: {timeout: 0600}\nmode: off\n"


def test_a_valid_file(repository: Repository) -> None:
    repository.put(PLACE, "mode: enforce\n")
    ran = selfmod("config", "validate", at=repository.root)
    assert (ran.code, ran.text, ran.error) == (0, ".github/selfmod.yml: valid.\n", "")


def test_no_file(repository: Repository) -> None:
    ran = selfmod("config", "validate", at=repository.root)
    assert (ran.code, ran.text) == (0, ".github/selfmod.yml: there is none: the defaults hold.\n")
    found = json.loads(selfmod("config", "validate", "--json", at=repository.root).out)
    assert found == {"place": PLACE, "there": False, "valid": True, "faults": []}


@pytest.mark.parametrize("where", [".", "sub", PLACE])
def test_all_faults_are_told_at_once(repository: Repository, where: str) -> None:
    repository.put(PLACE, FAULTY)
    repository.put("sub/a.py", "")
    ran = selfmod("config", "validate", where, at=repository.root)
    assert ran.code == 2
    assert ran.text.splitlines() == [
        ".github/selfmod.yml, line 2: unknown key 'review.treshold'.  Did you mean 'threshold'?",
        ".github/selfmod.yml, line 3: sandbox.timeout: YAML reads 0600 as the number 384 "
        "(a number that begins with 0 is octal).  Write a plain number, or put it in quotes.",
        ".github/selfmod.yml, line 4: mode: False is not valid (YAML reads off as false).  "
        "Valid here: observe, propose, enforce.",
    ]
    ran = selfmod("config", "validate", where, "--json", at=repository.root)
    found = json.loads(ran.out)
    assert (ran.code, found["valid"], [fault["line"] for fault in found["faults"]]) == (2, False, [2, 3, 4])
    assert found["faults"][0] == {
        "line": 2,
        "key": "review.treshold",
        "reason": "unknown key 'review.treshold'.",
        "hint": "Did you mean 'threshold'?",
    }


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "is not UTF-8 (byte 0)."),
        (b"x" * 3_000_000, "65,536 are allowed."),
        (b"\x1b[31m: 1", "special characters are not allowed."),
        ("'\u202ea': 1".encode(), "unknown key '\\u202ea'."),
    ],
)
def test_a_hostile_file_of_any_name(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "a.yml").write_bytes(content)
    ran = selfmod("config", "validate", "a.yml", at=tmp_path)
    assert ran.code == 2
    assert said in ran.text
    assert "\x1b" not in ran.text and "\u202e" not in ran.text


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yml")
    for name, said in (("none.yml", "cannot be read: No such file"), ("pipe.yml", "this is not a regular file")):
        ran = selfmod("config", "validate", name, at=tmp_path)
        assert (ran.code, ran.out) == (2, b"")
        assert ran.error.startswith(f"selfmod: {name}") and said in ran.error


def test_the_settings_in_force_and_where_they_come_from(repository: Repository) -> None:
    repository.put(PLACE, "review:\n  threshold: low\n  disable: [B101]\nmodel: {provider: openai, name: m}\n")
    repository.put("sub/a.py", "")
    for at in ("", "sub"):
        found = json.loads(selfmod("config", "show", "--json", at=repository.root / at).out)
        assert found["settings"]["review"] == {"threshold": "low", "exclude": [], "disable": ["B101"]}
        assert found["origins"]["review.threshold"] == f"{PLACE}:2"
        assert found["origins"]["review.exclude"] == "default"
        assert found["origins"]["model.name"] == f"{PLACE}:4"
        assert found["origins"]["mode"] == "default"


def test_what_is_shown_is_a_file_that_says_the_same(repository: Repository) -> None:
    text = "".join(settings.examples()[name] for name in Settings.model_fields)
    at = text.splitlines().index("  timeout: 900               # seconds, for the whole run") + 1
    repository.put(PLACE, text)
    shown = selfmod("config", "show", at=repository.root)
    assert shown.code == 0
    assert settings.read(shown.out) == settings.read(text.encode())
    lines = shown.text.splitlines()
    assert any(line.startswith("  timeout: 900 ") and line.endswith(f"# {PLACE}:{at}") for line in lines)
    assert any(line.startswith("  processes: 512 ") and line.endswith("# default") for line in lines)
    assert (
        yaml.safe_load(shown.out) == json.loads(selfmod("config", "show", "--json", at=repository.root).out)["settings"]
    )


def test_what_is_not_valid(repository: Repository) -> None:
    repository.put(PLACE, "fix:\n  exlude: [a]\n")
    ran = selfmod("config", "show", at=repository.root)
    assert ran.code == 2 and ran.out == b""
    assert ran.error == ("selfmod: .github/selfmod.yml, line 2: unknown key 'fix.exlude'.  Did you mean 'exclude'?\n")


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_the_schema(repository: Repository, options: tuple[str, ...]) -> None:
    schema = json.loads(selfmod("config", "schema", *options, at=repository.root).out)
    shown = json.loads(selfmod("config", "show", "--json", at=repository.root).out)["settings"]
    jsonschema.Draft202012Validator(schema).validate(shown)


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_patterns_that_could_confuse_a_terminal_are_escaped(repository: Repository, options: tuple[str, ...]) -> None:
    repository.put(PLACE, "review: {exclude: ['\u202ea']}\nmodel: {provider: openai, name: '\u202eb'}\n")
    text = selfmod("config", "show", *options, at=repository.root).text
    assert "\\u202ea" in text and "\\u202eb" in text and "\u202e" not in text


RULE = "policy:\n- {name: sign-in, if: {paths: [src/auth/]}, then: {level: HIGH_RISK, approvers: ['@acme/security']}}\n"
CASE = "cases:\n- name: login\n  change: {paths: [%s]}\n  expect: {level: HIGH_RISK, rules: [sign-in]}\n"


def test_cases_that_pass(repository: Repository) -> None:
    repository.put(PLACE, RULE)
    repository.put(CASES, CASE % "src/auth/a.py")
    repository.put("sub/a.py", "")
    for at in ("", "sub"):
        ran = selfmod("config", "test", at=repository.root / at)
        assert (ran.code, ran.text) == (0, "1 cases passed\n  passed  login\n")


def test_a_case_that_fails_shows_the_predicate_that_made_the_difference(repository: Repository) -> None:
    repository.put(PLACE, RULE)
    repository.put("mine.yml", CASE % "src/a.py" + CASE.partition("\n")[2] % "src/auth/b.py")
    ran = selfmod("config", "test", "mine.yml", at=repository.root)
    assert ran.code == 1
    assert ran.text.splitlines() == [
        "2 cases, 1 failed",
        "  failed  login",
        "          the level is SAFE, expected was HIGH_RISK",
        "          rule 'sign-in' does not apply: paths: no changed path matches (changed: src/a.py)",
        "  passed  login",
    ]
    ran = selfmod("config", "test", "mine.yml", "--json", at=repository.root)
    found = json.loads(ran.out)
    assert (ran.code, found["failed"], found["place"]) == (1, 1, "mine.yml")
    assert found["cases"][1] == {
        "name": "login",
        "passed": True,
        "level": "HIGH_RISK",
        "approvers": ["@acme/security"],
        "rules": ["sign-in"],
        "faults": [],
    }


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({PLACE: RULE}, ".github/selfmod-tests.yml: there is none."),
        ({PLACE: "zzz: 1", CASES: CASE % "a"}, ".github/selfmod.yml, line 1: unknown key 'zzz'."),
        ({CASES: "cases:\n- {}"}, ".github/selfmod-tests.yml, line 2: cases.0.name: this is required."),
    ],
)
def test_cases_that_cannot_be_tried(repository: Repository, files: dict[str, str], said: str) -> None:
    for name, text in files.items():
        repository.put(name, text)
    ran = selfmod("config", "test", at=repository.root)
    assert (ran.code, ran.out) == (2, b"")
    assert ran.error.startswith(f"selfmod: {said}")
