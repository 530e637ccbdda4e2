"""The one comment on a pull request: there only while somebody must act, one line once nobody has to."""

import re

from app.model.gate import Stands
from app.views.bounded import joined
from app.views.gate import Gate, title
from checks.configuration.approvals import Mode
from checks.reports.safe import for_markdown, shortened

MARKER = "selfmod:sticky"
QUIET = "Nothing is left to do here."
LINES = 5
"""Lines after the state, at most."""
LINE = 500
"""Characters of one."""
_REFERENCE = re.compile(r"&#35;&#8203;(\d{1,9})(?!\d)")
"""A reference to a pull request of ours, made harmless like all else: these are meant."""


def body(gate: Gate, more: tuple[str, ...] = ()) -> str:
    """The state, then at most five lines: who does what next, how to lower the level, where the evidence is. `more` are
    lines about what somebody asked for, which come first. Empty where nobody must act."""
    if not acts(gate) and not more:
        return ""
    said = [f"- {_REFERENCE.sub(r'#\1', _line(each))}" for each in more[:LINES]]
    lines: list[str] = []
    if acts(gate):
        lines += [gate.standing.remedy] if gate.standing.remedy else []
        if gate.weighed.missing and gate.standing.stands is Stands.WAITS:
            lines.append(
                f"To approve {gate.head[:10]}: a review, the button Approve of the check run, or "
                f"`/selfmod approve {gate.head[:10]}`."
            )
        if gate.standing.stands is Stands.WAITS and gate.judged.assessment.lower and gate.weighed.missing:
            lines.append(gate.judged.assessment.lower)
    said += [f"- {_line(each)}" for each in lines]
    said = said[: LINES - bool(gate.details)]
    if gate.details:
        said.append(f"- [Why, and all of the evidence]({gate.details})")
    state = f"**{for_markdown(title(gate.judged.assessment.level, gate.standing, gate.mode))}**"
    return joined((state, "\n".join(said)))


def acts(gate: Gate) -> bool:
    """Whether somebody must act. Where nothing is held, only what is broken or waits to be tried is worth a comment;
    in `observe` nothing is."""
    stands = gate.standing.stands
    if gate.mode is Mode.OBSERVE or stands is Stands.PASSES:
        return False
    return gate.mode is Mode.ENFORCE or stands is Stands.FAILS or "ok-to-test" in gate.standing.said


def _line(text: str) -> str:
    """A line of ours, in which code is meant, and a line of anything else, in which nothing is."""
    parts = shortened(" ".join(text.split()), LINE).split("`")
    if len(parts) % 2 == 0:
        return for_markdown(" ".join(parts))
    return "".join(
        f"`{part}`" if number % 2 and part.isprintable() else _kept(part) for number, part in enumerate(parts)
    )


def _kept(text: str) -> str:
    """Harmless, with the blanks at its ends."""
    made = for_markdown(text)
    left, right = (" " if text[:1] == " " else ""), (" " if text[-1:] == " " and text.strip() else "")
    return f"{left}{made}{right}"
