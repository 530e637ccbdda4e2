from checks.model.safety import Level
from checks.risk.factors import policy
from tests.changed import edited, evidence


def test_the_policys_demands_are_floors() -> None:
    seen = evidence(edited(), demanded=(("schema", Level.HIGH_RISK), ("nothing", Level.SAFE)))
    assert [(each.floor, each.seen) for each in policy.weigh(seen)] == [
        (Level.HIGH_RISK, "schema demands HIGH_RISK"),
        (None, "nothing demands SAFE"),
    ]
