import pytest

from app.commands.explain import plan
from app.commands.grammar import Asked
from app.commands.spec import Refused, Reply, Where
from app.model.forge import Role
from app.model.job import Job, Kind
from checks.debugging.rules import RULES

WHERE = Where(Job(Kind.COMMENT, "acme/shop", 7, number=3), "eve", Role.READ, None)


def answer(*words: str) -> Reply | Refused:
    found = plan(Asked("explain", words, " ".join(words), ""), WHERE)
    assert isinstance(found, Reply | Refused)
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda each: each.name)
def test_every_rule_is_explained_in_its_own_words(rule) -> None:
    found = answer(rule.name)
    assert isinstance(found, Reply)
    assert rule.documentation.strip() in found.text
    assert rule.summary in found.text
    assert len(found.text) < 60_000


@pytest.mark.parametrize(
    ("word", "said"),
    [("B506", "yaml.safe_load"), ("selfmod/sandbox", "### Sandbox"), ("SYNTAX", "What it does"), ("", "**checks**")],
)
def test_codes_and_checks_too(word: str, said: str) -> None:
    found = answer(*word.split())
    assert isinstance(found, Reply)
    assert said in found.text


@pytest.mark.parametrize(
    ("word", "said"),
    [("bare-exept", "Did you mean `/selfmod explain bare-except`?"), ("@everybody`x", "All of them")],
)
def test_what_there_is_none_of_is_refused_with_the_nearest(word: str, said: str) -> None:
    found = answer(word)
    assert isinstance(found, Refused)
    assert said in found.reason
    assert "@everybody" not in found.reason
