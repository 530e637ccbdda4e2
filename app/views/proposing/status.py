"""What `/selfmod status` answers: a line each for what stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.model.forge import Pull
from app.model.modification import Modification
from app.model.stop import Stop
from app.views.bounded import joined
from checks.reports.safe import for_markdown
from checks.reports.text import counted

MOST = 10
"""Approvals that are listed."""
_BEFORE = {"waits": ("waiting for ", "would wait for "), "blocked": ("blocked: ", "would be blocked: ")}
_BEFORE |= {"fails": ("failed: ", "would fail: ")}


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one pull request. `level` and `record` are empty where the head was not judged; `gate` are the facts of the
    gate's last word on this head (`app.views.gate_facts`), empty for none; `taken_back` are pull requests that take it
    back. `kept`: judgements are kept where this is answered."""

    pull: Pull
    judged: bool
    level: str
    record: str
    gate: Mapping[str, Any]
    stop: Stop | None
    modification: Modification | None
    taken_back: Sequence[int] = ()
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Last:
    """What was judged of a pull request: `at` is seconds since the epoch."""

    number: int
    head: str
    level: str
    at: float


@dataclass(frozen=True, slots=True)
class Open:
    """An open proposal."""

    number: int
    title: str
    status: str


def of_pull(found: Standing) -> str:
    """The state first, then at most a line for each of: approvals, stop, modification."""
    pull = found.pull
    state = "merged" if pull.merged else "closed" if not pull.open else "a draft" if pull.draft else "open"
    lines = [f"This pull request is {state}, its head is `{pull.head[:10]}`."]
    if found.judged:
        lines.append(f"Judged: {for_markdown(found.level or 'not decided')}, record `{found.record}`.")
        lines.append(f"Gate: {for_markdown(_gate(found.gate))}.")
        lines += _approvals(found.gate)
    elif pull.open:
        lines.append(
            "This head is not judged yet." if found.kept else "Level and gate: see its check run selfmod/gate."
        )
    lines.append(f"Stop: {_stop(found.stop)}.")
    made = found.modification
    if made is not None:
        why = f" ({for_markdown(made.reason)})" if made.reason else ""
        who = f", asked for by {for_markdown('@' + made.requester)}" if made.requester else ""
        lines.append(f"Modification: `{made.id}` is {for_markdown(made.status.value)}{why}{who}.")
    if found.taken_back:
        lines.append(f"Taken back by {', '.join(f'#{number}' for number in found.taken_back[:MOST])}.")
    return joined(("\n".join(f"- {each}" for each in lines),))


def _gate(facts: Mapping[str, Any]) -> str:
    if not facts:
        return "nothing was said yet"
    held = _BEFORE.get(str(facts.get("stands")), ("", ""))
    return held[facts.get("mode") != "enforce"] + str(facts.get("said", ""))


def _approvals(facts: Mapping[str, Any]) -> list[str]:
    needed = int(facts.get("needed", 0))
    seen = [each for each in facts.get("seen", ()) if isinstance(each, Mapping)]
    if not needed and not seen:
        return []
    words = [f"{for_markdown('@' + str(each.get('login')))} {_counts(each)}" for each in seen[:MOST]]
    words += [f"and {len(seen) - MOST} more"] if len(seen) > MOST else []
    counted_ = len(facts.get("counted", ()))
    return [f"Approvals: {counted_} of {needed} needed" + (f"; {'; '.join(words)}." if words else ".")]


def _counts(each: Mapping[str, Any]) -> str:
    why = for_markdown(str(each.get("why", "")))
    return f"counts ({why})" if each.get("counts") else f"does not count: {why}"


def _stop(stop: Stop | None) -> str:
    return f"{for_markdown(stop.said)} ({for_markdown(stop.where)})" if stop is not None else "none"


def of_repository(
    repository: str, mode: str, stop: Stop | None, waiting: Sequence[Open], last: Sequence[Last] | None, most: int
) -> str:
    """`waiting` are open proposals, more than `most` where there are more; `last` what was judged last (None: that is
    not kept)."""
    lines = [f"Mode of {for_markdown(repository)}: {for_markdown(mode)}.", f"Stop: {_stop(stop)}."]
    shown = waiting[:most]
    more = " and more" if len(waiting) > most else ""
    lines.append(f"Open proposals: {counted(len(shown), 'pull request')}{more}." if shown else "Open proposals: none.")
    lines += [f"  #{each.number} {for_markdown(each.title)} ({for_markdown(each.status)})" for each in shown]
    if last is not None:
        lines.append("Judged last:" if last else "Nothing was judged yet.")
    for each in last or ():
        when = f"{datetime.fromtimestamp(each.at, UTC):%Y-%m-%d %H:%M} UTC"
        lines.append(f"  #{each.number} `{each.head[:10]}` {for_markdown(each.level or 'not decided')}, {when}")
    return joined(("\n".join(f"  - {each.strip()}" if each[:1] == " " else f"- {each}" for each in lines),))
