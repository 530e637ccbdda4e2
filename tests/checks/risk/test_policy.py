"""Rules and sensitive paths: what they demand of a change, and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.model.safety import Level, Proposer
from checks.risk import policy
from checks.risk.predicates import Facts
from checks.risk.section import PolicyRule, Sensitive


def rule(name: str, condition: dict[str, object], **then: object) -> PolicyRule:
    return PolicyRule.model_validate({"name": name, "if": condition, "then": then})


SIGN_IN = rule(
    "sign-in",
    {"paths": ["src/auth/**"], "not": {"author_in_teams": ["@acme/security"]}},
    level="HIGH_RISK",
    approvers=["@acme/security"],
    reason="Keys to the house.",
)
LARGE = rule(
    "large", {"any": [{"lines_over": 300}, {"files_over": 20}]}, approvals=3, approvers=["@Ann", "@ACME/security"]
)
FORKS = rule("forks", {"proposer": ["fork"]}, level="MEDIUM_RISK")
RULES = (SIGN_IN, LARGE, FORKS)
LOGIN = "src/auth/login.py"


@pytest.mark.parametrize(
    ("facts", "names", "level", "approvers"),
    [
        (Facts((LOGIN,), "eve", (), 5), ["sign-in"], Level.HIGH_RISK, ("@acme/security",)),
        (Facts((LOGIN,), "eve", ("acme/security",), 5), [], Level.SAFE, ()),
        (Facts(("a",), "eve", (), 301), ["large"], Level.SAFE, ("@Ann", "@ACME/security")),
        (Facts(("a",), "eve", (), 5, 21), ["large"], Level.SAFE, ("@Ann", "@ACME/security")),
        (Facts(("a",), "eve", (), 5, proposer=Proposer.FORK), ["forks"], Level.MEDIUM_RISK, ()),
        (Facts((LOGIN,), "eve", (), 400), ["sign-in", "large"], Level.HIGH_RISK, ("@acme/security", "@Ann")),
        (Facts((LOGIN,), lines=5), ["sign-in"], Level.HIGH_RISK, ("@acme/security",)),  # teams unknown: it applies
        (Facts(("a",)), ["large"], Level.SAFE, ("@Ann", "@ACME/security")),  # lines unknown: it applies
    ],
)
def test_what_applies(facts: Facts, names: list[str], level: Level, approvers: tuple[str, ...]) -> None:
    applied = policy.evaluate(RULES, facts)
    assert [each.rule for each in applied] == names
    assert policy.level(applied) is level
    assert policy.approvers(applied) == approvers


def test_each_says_why() -> None:
    sign_in, large = policy.evaluate(RULES, Facts((LOGIN,), "eve", (), 400))
    assert sign_in.why == (
        "Keys to the house. (paths: src/auth/login.py matches; not author_in_teams: the author is in none of them)"
    )
    assert large.why == "lines_over: 400 lines are changed, more than 300"
    assert (large.level, large.approvals) == (None, 3)
    assert policy.demanded((sign_in, large)) == (("sign-in", Level.HIGH_RISK),)


def test_sensitive_paths() -> None:
    guards = (
        Sensitive.model_validate({"paths": ["migrations/", "*.sql"], "level": "CRITICAL", "teams": ["@acme/data"]}),
        Sensitive.model_validate({"paths": ["src/auth/"]}),
        Sensitive.model_validate({"paths": ["lib/"]}),
    )
    first, second = policy.guarded(guards, ["Migrations/1.py", LOGIN])
    assert (first.rule, first.level, first.approvers) == (
        "sensitive: migrations/, *.sql",
        Level.CRITICAL,
        ("@acme/data",),
    )
    assert first.why == "Migrations/1.py matches migrations/, *.sql"
    assert (second.level, second.approvers) == (Level.HIGH_RISK, ())


@given(st.permutations(RULES), st.integers(0, 3), st.sampled_from([(LOGIN,), ("a",)]), st.integers(0, 500))
def test_a_rule_more_never_asks_for_less(
    rules: list[PolicyRule], count: int, paths: tuple[str, ...], lines: int
) -> None:
    facts = Facts(paths, "eve", (), lines, proposer=Proposer.FORK)
    some, every = policy.evaluate(rules[:count], facts), policy.evaluate(rules, facts)
    assert policy.level(every).rank >= policy.level(some).rank
    assert {who.casefold() for who in policy.approvers(some)} <= {who.casefold() for who in policy.approvers(every)}
