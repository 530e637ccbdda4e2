"""`selfmod config`."""

import json

import jsonschema
import pytest

from tests.commands import selfmod
from tests.repositories import Repository


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_the_settings_in_force(repository: Repository, options: tuple[str, ...]) -> None:
    ran = selfmod("config", "show", *options, at=repository.root)
    assert json.loads(ran.out)["review"] == {"threshold": "medium", "exclude": [], "disable": []}
    repository.put(".github/selfmod.yml", "review: {threshold: low, disable: [B101]}\n")
    repository.put("sub/a.py", "")
    for at in ("", "sub"):
        ran = selfmod("config", "show", *options, at=repository.root / at)
        assert json.loads(ran.out)["review"] == {"threshold": "low", "exclude": [], "disable": ["B101"]}


def test_what_is_not_valid(repository: Repository) -> None:
    repository.put(".github/selfmod.yml", "fix:\n  exlude: [a]\n")
    ran = selfmod("config", "show", at=repository.root)
    assert ran.code == 2 and ran.out == b""
    assert ran.error == ("selfmod: .github/selfmod.yml, line 2: unknown key 'fix.exlude'.  Did you mean 'exclude'?\n")


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_the_schema(repository: Repository, options: tuple[str, ...]) -> None:
    schema = json.loads(selfmod("config", "schema", *options, at=repository.root).out)
    shown = json.loads(selfmod("config", "show", at=repository.root).out)
    jsonschema.Draft202012Validator(schema).validate(shown)


def test_patterns_that_could_confuse_a_terminal_are_escaped(repository: Repository) -> None:
    repository.put(".github/selfmod.yml", "review: {exclude: ['\u202ea']}\n")
    assert "\\u202ea" in selfmod("config", "show", at=repository.root).text
