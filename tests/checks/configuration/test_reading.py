"""From bytes to settings and back."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import BaseModel

from checks import settings
from checks.configuration.reading import dumped, inspect
from checks.model.errors import Refusal
from checks.model.safety import Level, Proposer
from checks.model.section import Section
from checks.settings import Settings

TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=20)
SURPRISING = st.sampled_from(
    ["no", "on", "12:30", "3.10", "010", "~", "null", "2001-01-01", "1e3", "<<", "=", "a: b", "- a", "#"]
)
LINE = st.one_of(TEXT, SURPRISING)
PATTERN = st.sampled_from(
    ["**", "src/**", "!src/a/**", "*.py", "no", "3.10", "12:30", "é/", "a b", "'", '"', "[ab]", "\\#a"]
)
PATTERNS = st.lists(PATTERN, max_size=4)
PERSON = st.sampled_from(["@ann", "@x[bot]", "@a-b"])
TEAM = st.sampled_from(["@acme/security", "@acme/a.b_c"])
WHO = st.lists(st.one_of(PERSON, TEAM), max_size=3)
RAISED = st.sampled_from([level.value for level in Level][1:])
RULES = st.lists(st.sampled_from(["bare-except", "B101"]), max_size=2)
CRON = st.sampled_from([None, "0 4 * * *", "*/15 1-5 * jan mon"])


def section(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A section with some of its keys."""
    return st.fixed_dictionaries({}, optional=keys)


def demanding(rule: dict[str, Any]) -> dict[str, Any]:
    """The rule with its level where a rule has it: without one, it might demand nothing."""
    return {"name": rule["name"], "if": rule["if"], "then": {**rule["then"], "level": rule["level"]}}


LEAF = section(
    paths=PATTERNS,
    only_paths=PATTERNS,
    authors=st.lists(PERSON, max_size=2),
    not_authors=st.lists(PERSON, max_size=2),
    author_in_teams=st.lists(TEAM, max_size=2),
    files_over=st.integers(0, 100_000),
    proposer=st.lists(st.sampled_from([each.value for each in Proposer]), max_size=2),
    touches_tests=st.booleans(),
    changed_dependencies=st.booleans(),
).map(lambda keys: {**keys, "lines_over": 3})
CONDITION = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"not": inner}),
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=2)}),
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=2)}),
    ),
    max_leaves=3,
)
RULE = st.fixed_dictionaries(
    {
        "name": LINE,
        "if": CONDITION,
        "then": section(approvers=WHO, approvals=st.integers(1, 10), reason=LINE),
        "level": RAISED,
    }
).map(demanding)
APPROVALS = st.lists(st.integers(2, 10), min_size=3, max_size=3).map(sorted)
FILE = section(
    mode=st.sampled_from(["observe", "propose", "enforce"]),
    auto_apply_threshold=st.sampled_from(["NONE", "SAFE", "LOW_RISK"]),
    review=section(threshold=st.sampled_from(["info", "critical"]), exclude=PATTERNS, disable=RULES),
    fix=section(exclude=PATTERNS, disable=RULES, group=st.sampled_from(["rule", "file", "all"])),
    allowed_folders=PATTERNS,
    allowed_commands=st.lists(st.sampled_from(["pytest", "unittest"]), max_size=2),
    sandbox=section(
        timeout=st.integers(1, 3600),
        memory=st.integers(64, 65_536),
        paths=st.lists(LINE, max_size=2),
        quarantine=st.lists(st.sampled_from(["tests/a.py::test_b[x-1]", "tests/**"]), max_size=2),
        reruns=st.integers(0, 10),
        required=st.booleans(),
    ),
    risk=section(
        thresholds=section(LOW_RISK=st.integers(0, 1), MEDIUM_RISK=st.integers(2, 6), CRITICAL=st.integers(14, 24)),
        sensitive=st.lists(
            st.fixed_dictionaries(
                {"paths": st.lists(PATTERN, min_size=1, max_size=3)}, optional={"level": RAISED, "teams": WHO}
            ),
            max_size=2,
        ),
    ),
    policy=st.lists(RULE, max_size=2, unique_by=lambda rule: rule["name"]),
    approvals=APPROVALS.flatmap(
        lambda counts: section(solo=st.booleans(), critical_teams=WHO, code_owners=st.booleans()).map(
            lambda keys: {**keys, "medium_risk": counts[0], "high_risk": counts[1], "critical": counts[2]}
        )
    ),
    merge=section(others=st.booleans(), method=st.sampled_from(["merge", "squash", "rebase"])),
    dependency_bots=st.lists(st.sampled_from(["renovate[bot]", "no", "on", "123"]), max_size=3),
    limits=section(files=st.integers(1, 1000), model_tokens=st.integers(0, 1_000_000_000)),
    schedules=section(fix=CRON, test=CRON, health=CRON),
    model=st.one_of(
        st.none(),
        st.fixed_dictionaries(
            {"provider": st.sampled_from(["openai", "anthropic", "github"]), "name": LINE},
            optional={
                "base_url": st.sampled_from(["https://models.example.org/v1", "http://localhost:1"]),
                "key_variable": st.just("SELFMOD_MODEL_KEY"),
                "max_tokens": st.integers(1, 1_000_000),
            },
        ),
    ),
)


@hypothesis_settings(deadline=None, max_examples=150)
@given(FILE)
def test_settings_that_are_written_down_are_read_back_equal(keys: dict[str, Any]) -> None:
    valid = Settings.model_validate(keys)
    for written in (dumped(valid), valid.model_dump(mode="json", by_alias=True, exclude_defaults=True)):
        found = settings.inspect(yaml.safe_dump(written, allow_unicode=True).encode())
        assert found.faults == ()
        assert found.value == valid


@hypothesis_settings(deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))))
def test_any_bytes_are_settings_or_faults(content: bytes) -> None:
    found = settings.inspect(content)
    assert (found.value is None) is bool(found.faults)
    assert all(fault.reason and fault.hint and "\n" not in fault.reason for fault in found.faults)


WORDS = st.sampled_from([*Settings.model_fields, "paths", "if", "then", "not", "any", "level", "zzz"])
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), LINE)
TREES = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=4))
)


@hypothesis_settings(deadline=None, max_examples=200)
@given(st.dictionaries(WORDS, TREES, max_size=4))
def test_any_tree_is_settings_or_faults_each_with_its_line(keys: dict[str, Any]) -> None:
    text = yaml.safe_dump(keys)
    found = settings.inspect(text.encode())
    assert (found.value is None) is bool(found.faults)
    assert all(0 <= fault.line <= text.count("\n") + 1 for fault in found.faults)


def test_every_value_in_force_has_an_origin() -> None:
    found = settings.inspect(
        b"mode: propose\nreview:\n  exclude: [a]\npolicy:\n- {name: a, if: {lines_over: 1}, then: {approvals: 1}}\n"
    )
    origins = {".".join(map(str, where)): line for where, line in found.origins()}
    assert {key: line for key, line in origins.items() if line} == {"mode": 1, "review.exclude": 3, "policy": 4}

    def leaves(section: BaseModel) -> int:
        values = [getattr(section, name) for name in type(section).model_fields]
        return sum(leaves(value) if isinstance(value, BaseModel) else 1 for value in values)

    assert len(origins) == leaves(Settings())
    assert list(settings.inspect(b"zzz: 1").origins()) == []


class Required(Section):
    needed: str


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "x.yml, line 1: needed: this is required.  All keys and their types: selfmod config schema"),
        (b"[]", "x.yml holds no keys.  Begin with one of: needed."),
        (b"needed: 1", "x.yml, line 1: needed: this is to be text; put it in quotes.  All keys and their"),
    ],
)
def test_any_section_is_read_in_the_same_way(content: bytes, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        inspect(content, Required).told("x.yml")
    assert str(refused.value).startswith(said)
    assert inspect(b"needed: a", Required).told("x.yml") == Required(needed="a")
