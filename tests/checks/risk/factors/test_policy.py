from checks.model.safety import Level
from checks.risk.factors import policy
from checks.risk.weights import TABLE
from tests.changed import edited, evidence


def test_the_policys_demands_are_floors() -> None:
    seen = evidence(edited(), demanded=(("schema", Level.HIGH_RISK), ("nothing", Level.SAFE)))
    assert [(each.floor, each.seen) for each in policy.weigh(seen)] == [
        (Level.HIGH_RISK, "the rule 'schema' asks for HIGH_RISK"),
        (None, "the rule 'nothing' asks for SAFE"),
    ]


def test_many_rules_for_one_level_do_not_add_up_to_a_higher_one() -> None:
    several = tuple((name, Level.MEDIUM_RISK) for name in ("a", "b", "c"))
    found = policy.weigh(evidence(edited(), demanded=several))
    assert len(found) == 3
    assert sum(each.weight for each in found) == TABLE["policy", "MEDIUM_RISK"].points
