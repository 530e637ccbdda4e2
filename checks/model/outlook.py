"""What a grave change could be instead: its parts weighed by themselves, and how far it is from what is usual here."""

from dataclasses import dataclass

from checks.model.safety import Level


@dataclass(frozen=True, slots=True)
class Portion:
    """Some of the files of a change, and a level: of them, or of what is left without them."""

    files: tuple[str, ...]
    level: Level


@dataclass(frozen=True, slots=True)
class Outlook:
    """`unusual` are sentences, each with its number, that tell this change from those of the history.

    Each level was really assessed, with what validation saw of these files; nothing was run again. `parts` are files
    that have one level each by themselves, with the level of them together, the lowest first; `without` are files that
    could be left out, each with the level of the rest, the best first; `covered` is the level if tests ran every
    changed line (None: they do, or nobody knows which they run). `why` says why there are no parts where they were not
    weighed, or how many of them were not; empty where all were."""

    unusual: tuple[str, ...] = ()
    parts: tuple[Portion, ...] = ()
    without: tuple[Portion, ...] = ()
    covered: Level | None = None
    why: str = ""
