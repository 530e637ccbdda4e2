"""How the gate stands as JSON values: what the audit chain keeps of it, and the details page shows."""

from collections.abc import Iterable
from typing import Any

from app.views.gate import MOST_SEEN, Gate

KIND = "gate"
"""Of the audit record whose facts these are."""


def facts(gate: Gate, values: Iterable[tuple[str, str, str]] = ()) -> dict[str, Any]:
    """`record` is what was weighed; `said`, `stands` and `remedy` are those of the standing, `review` what the
    orchestrator's review says (empty: there is none), `needed`, `counted`,
    `seen`, `blocking`, `excluded` and `faults` what the approvals come to. `values` are settings that are not the usual
    ones: key, value, origin."""
    standing, weighed = gate.standing, gate.weighed
    return {
        "record": gate.record,
        "head": gate.head,
        "level": gate.decision.level.value,
        "mode": gate.mode.value,
        "stands": standing.stands.value,
        "said": standing.said,
        "remedy": standing.remedy,
        "needed": weighed.needed,
        "review": gate.review.says.value if gate.review else "",
        "counted": list(weighed.counted),
        "blocking": list(weighed.blocking),
        "seen": [
            {"login": each.login, "how": each.how, "commit": each.commit, "counts": each.counts, "why": each.why}
            for each in weighed.seen[:MOST_SEEN]
        ],
        "excluded": [{"login": login, "why": why} for login, why in weighed.excluded],
        "faults": list(weighed.faults),
        "configuration": gate.configuration,
        "values": [{"key": key, "value": value, "origin": origin} for key, value, origin in values],
    }
