from dataclasses import replace

import pytest

from checks.model.findings import Severity
from checks.model.safety import Level
from checks.model.verdicts import Verdict
from checks.risk.factors import dangerous, security
from tests.changed import edited, evidence, finding, verdict


@pytest.mark.parametrize("module", [security, dangerous])
@pytest.mark.parametrize("severity", list(Severity))
def test_findings_weigh_more_the_graver_they_are(module: object, severity: Severity) -> None:
    weigher, stage = (security, "security") if module is security else (dangerous, "dangerous")

    def weight(*severities: Severity) -> int:
        found = tuple(finding(each, line=number) for number, each in enumerate(severities))
        return sum(f.weight for f in weigher.weigh(evidence(edited(), verdict(findings={stage: found}))))

    graver = list(Severity)[severity.rank + 1 :]
    assert all(weight(other) > weight(severity) for other in graver[:1])
    assert weight(severity, severity) >= weight(severity)
    assert weight(*[severity] * 50) <= 16
    assert weigher.weigh(evidence(edited(), Verdict(()))) == ()


def test_a_finding_is_named_with_its_place() -> None:
    seen = verdict(findings={"security": (finding(Severity.HIGH),)})
    (found,) = security.weigh(evidence(edited(), seen))
    assert found.seen == "1 of severity high: some-rule at src/shop/cart.py:3:1"
    assert found.floor is Level.HIGH_RISK


@pytest.mark.parametrize("module", [security, dangerous])
@pytest.mark.parametrize("severity", [Severity.LOW, Severity.MEDIUM, Severity.CRITICAL])
def test_what_a_revert_brings_back_weighs_and_asks_for_two_people_at_least(module: object, severity: Severity) -> None:
    weigher, stage = (security, "security") if module is security else (dangerous, "dangerous")
    new = verdict(findings={stage: (finding(severity),)})
    stages = tuple(replace(each, findings=(), brought_back=each.findings) for each in new.stages)
    *factors, told = weigher.weigh(evidence(edited(), replace(new, stages=stages)))
    assert factors == list(weigher.weigh(evidence(edited(), new)))
    assert told.seen == "1 brought back by the revert: some-rule at src/shop/cart.py:3:1"
    assert (told.floor, told.weight, told.lower) == (Level.HIGH_RISK, 0, "")
