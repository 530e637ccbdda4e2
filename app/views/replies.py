"""What a comment with commands is answered: one comment, a paragraph for each command that has something to say."""

from collections.abc import Sequence

from app.model.stop import Stop
from checks.reports.safe import for_markdown

CONFUSED = "😕"
_MOST_LEFT = 5
"""Pull requests left in a merge queue that a reply names."""


def marker(comment: int) -> str:
    """Finds the reply to a comment again."""
    return f"<!-- selfmod:reply:{comment} -->"


def refusal(reason: str) -> str:
    """One line, with the remedy in it."""
    return f"{CONFUSED} {reason}"


def reply(said: Sequence[str]) -> str:
    """Markdown; empty where the receipts say it all."""
    return "\n\n".join(filter(None, said))


def stopped(here: Stop, holds: Stop | None, already: str, reached: int, left: Sequence[tuple[int, str]] = ()) -> str:
    """`here` is what was asked for, `holds` what stops it now (None: it was resumed since), `already` the words of the
    stop that was there before, `reached` how many of selfmod's own open pull requests wait, `left` those that the forge
    leaves in its merge queue, with why."""
    if holds is None:
        return f"{_first(here)} was stopped, and is resumed since."
    first = f"{_first(here)} was {for_markdown(already)} already." if already else f"{_first(here)} is stopped."
    waits = "one of its own pull requests waits" if reached == 1 else f"{reached} of its own pull requests wait"
    nothing = "writes no code here and merges nothing" + (f"; {waits}" if reached and not here.number else "")
    goes_on = "It goes on to judge and to report, and takes back what is asked for."
    more = [f"And {len(left) - _MOST_LEFT} more."] if len(left) > _MOST_LEFT else []
    queue = [_left(number, why) for number, why in left[:_MOST_LEFT]]
    return "\n\n".join((f"{first} selfmod {nothing}. {goes_on} {_ends(holds)}", *queue, *more))


def _left(number: int, why: str) -> str:
    return (
        f"#{number} stands in a merge queue and could not be taken out: {for_markdown(why)} Its merge group fails "
        "while the stop holds, where the queue requires `selfmod/gate`; whoever has write access takes it out at once."
    )


def resumed(here: Stop, holds: Stop | None, lifted: bool) -> str:
    """`holds` is what still stops it, None for nothing; `lifted`: something was."""
    if holds is not None:
        still = f"It is {for_markdown(holds.said)} ({for_markdown(holds.where)}). {_ends(holds)}"
        return f"{_first(here)} alone is stopped no more. {still}" if lifted else refusal(still)
    if not lifted:
        return refusal(f"Nothing stopped {_where(here)}.")
    return f"{_first(here)} goes on. What was decided before the stop is merged only after a fresh approval."


def _first(stop: Stop) -> str:
    """At the beginning of a sentence."""
    return "This pull request" if stop.number else _where(stop)


def _where(stop: Stop) -> str:
    return "this pull request" if stop.number else for_markdown(stop.where)


def _ends(stop: Stop) -> str:
    """Who ends it; the command in it is meant as one."""
    before, _, rest = stop.remedy.partition("`")
    command, _, after = rest.partition("`")
    return f"{for_markdown(before)} `{command}`{for_markdown(after)}"
