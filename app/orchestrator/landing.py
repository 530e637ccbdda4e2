"""Whether an agreed change goes in by itself: a pure function that says why not."""

from dataclasses import dataclass

from app.model.decision import Decision, Merge
from app.model.forge import Required
from app.model.gate import Standing, Stands
from checks.configuration.approvals import Mode

BY_A_PERSON = "Merged by a person: the workflow's token is every workflow's."
"""Why nothing is merged by itself where whoever can push a workflow can act as selfmod."""


@dataclass(frozen=True, slots=True)
class Way:
    """`goes`: it is merged by itself now. `why` is a sentence where somebody would expect that and it does not, empty
    where nobody would."""

    goes: bool = False
    why: str = ""


def way(
    decision: Decision,
    standing: Standing,
    mode: Mode,
    required: Required,
    gate: tuple[str, int],
    branch: str,
    draft: bool,
    shared: bool = False,
) -> Way:
    """`required` is what `branch` requires, `gate` the name of the gate's check run and the number of the App,
    `shared` whether every workflow acts as this App.

    A forge that requires nothing merges anything at once, so nothing is merged by itself where the gate of just this
    App is not required: whoever removes the protection while something waits does not let it in."""
    if decision.merge is not Merge.AUTOMATIC or mode is not Mode.ENFORCE:
        return Way()
    if standing.stands is not Stands.PASSES or standing.withheld:
        return Way()
    if shared:
        return Way(why=BY_A_PERSON)
    if draft:
        return Way(why="A draft is not merged by itself. Mark it ready for review.")
    if gate in required.checks:
        return Way(goes=True)
    if not required.known:
        return Way(why=f"Not merged by itself: what {branch} requires cannot be read. A person may merge it.")
    return Way(
        why=f"Not merged by itself: {branch} does not require {gate[0]} of this App, so nothing would hold the next "
        "one. `selfmod protect` writes that; until then a person may merge it."
    )
