"""The assessment as work for another process, bounded in time and memory: it parses what may be made to be large.

`pack` gives text that `work` takes there; `unpack` reads what comes back; `unassessed` is what holds where nothing did.
"""

import base64
import pickle
from typing import Any

from checks.model.safety import Assessment, Factor, Level
from checks.risk.assess import assess, cheapest, level_of, ordered
from checks.risk.evidence import Evidence
from checks.risk.factors import dangerous, generator, paths, policy, security, stages
from checks.risk.outlook.unusual import unusual
from checks.risk.weights import factor

PLAIN = (paths, security, dangerous, stages, generator, policy)
"""Factors that open no file of the change."""


def pack(evidence: Evidence) -> str:
    """The evidence as text, for a process of ours. Files in commits or in a folder go by name, others as they are."""
    return base64.b64encode(pickle.dumps(evidence)).decode("ascii")


def work(packed: str) -> dict[str, Any]:
    """Assesses, and gives the assessment as JSON. Raises what `assess` raises."""
    evidence = pickle.loads(base64.b64decode(packed))  # noqa: S301  # from `pack` in our own parent
    found = assess(evidence)
    rows = [[f.name, f.seen, f.weight, f.floor, f.lower, f.known] for f in found.factors]
    return {"level": found.level, "score": found.score, "factors": rows, "lower": found.lower}


def history(packed: str) -> list[str]:
    """What is unusual about the change of the evidence, against its history."""
    evidence = pickle.loads(base64.b64decode(packed))  # noqa: S301  # from `pack` in our own parent
    return list(unusual(evidence.change))


def unpack(answer: dict[str, Any]) -> Assessment:
    """The assessment that `work` gave."""
    factors = tuple(
        Factor(name, seen, weight, None if floor is None else Level(floor), lower, known)
        for name, seen, weight, floor, lower, known in answer["factors"]
    )
    return Assessment(Level(answer["level"]), answer["score"], factors, answer["lower"])


def unassessed(evidence: Evidence, why: str) -> Assessment:
    """What holds where the assessment broke down, was late or took too much memory: all that can be told without a look
    at the files, and HIGH_RISK at least."""
    found = [each for weigher in PLAIN for each in weigher.weigh(evidence)]
    factors = ordered([factor("size", "not assessed", f"not assessed: {why}", "split the change"), *found])
    level = level_of(factors, evidence.thresholds, False)
    score = sum(each.weight for each in factors)
    return Assessment(level, score, factors, cheapest(factors, evidence.thresholds, False))
