from dataclasses import replace

import pytest

from checks.model.safety import Proposer
from checks.risk.factors import generator
from tests.changed import edited, evidence


@pytest.mark.parametrize(
    ("proposer", "fixes", "record", "weights"),
    [
        (Proposer.PERSON, (), None, [1]),
        (Proposer.PERSON, (), 0.1, [1]),
        (Proposer.FORK, (), None, [2]),
        (Proposer.FORK, ("bare-except",), None, [2, 1]),
        (Proposer.DEPENDENCY_BOT, (), None, [1, 1]),
        (Proposer.SELFMOD, ("bare-except",), None, [0, 1]),
        (Proposer.SELFMOD, ("bare-except",), 0.99, [0, 0]),
        (Proposer.SELFMOD, ("bare-except",), 0.9, [0, 1]),
        (Proposer.SELFMOD, ("bare-except",), 0.5, [0, 4]),
        (Proposer.SELFMOD, (), None, [3, 1]),
    ],
)
def test_the_generator_and_its_record(
    proposer: Proposer, fixes: tuple[str, ...], record: float | None, weights: list[int]
) -> None:
    seen = replace(evidence(edited(), proposer=proposer, fixes=fixes), record=record)
    assert [each.weight for each in generator.weigh(seen)] == weights
