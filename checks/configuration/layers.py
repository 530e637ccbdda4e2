"""Two files, one beneath the other: what an organisation sets for all its repositories, and what a repository says
itself. The repository's word counts, key by key; a list is one value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from checks.configuration import document, explain
from checks.configuration.document import Document, Location
from checks.configuration.faults import Fault
from checks.configuration.reading import dumped, inspect
from checks.model.section import Section


@dataclass(frozen=True, slots=True)
class Layer:
    """The bytes of a file, and how a person calls it."""

    content: bytes
    place: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from: `place` is a file (empty: the default), `line` counts from 1."""

    place: str = ""
    line: int = 0

    def __str__(self) -> str:
        return f"{self.place}:{self.line}" if self.place else "default"


@dataclass(frozen=True, slots=True)
class Layered[S: Section]:
    """The section in force, or every fault with the file that it is in. `documents` are those of the layers, the lower
    first, each with its place."""

    value: S | None
    faults: tuple[tuple[str, Fault], ...]
    documents: tuple[tuple[str, Document], ...] = ()

    def told(self) -> S:
        """The section. Raises Refusal with the place, the key and what would be valid: the first fault."""
        if self.value is None:
            place, fault = self.faults[0]
            raise fault.refusal(place)
        return self.value

    def origins(self) -> Iterator[tuple[Location, Origin]]:
        """Each value in force with where it comes from. A list is one value."""
        if self.value is None:
            return
        for location, _ in document.origins(Document(), dumped(self.value)):
            found = Origin()
            for place, each in self.documents:
                if each.holds(location):
                    found = Origin(place, each.line(location))
            yield location, found


def layered[S: Section](section: type[S], *layers: Layer | None) -> Layered[S]:
    """The section that the layers make together, the lowest first; None for a file that is not there.

    The lowest has to be valid by itself, each further one on top of those beneath it. Raises nothing."""
    value = section()
    faults: list[tuple[str, Fault]] = []
    documents: list[tuple[str, Document]] = []
    merged: dict[str, Any] = {}
    for layer in (each for each in layers if each is not None):
        alone = inspect(layer.content, section)
        documents.append((layer.place, alone.document))
        if not documents[:-1] or alone.document.faults or not isinstance(alone.document.value, dict | None):
            faults += [(layer.place, each) for each in alone.faults]
        merged = _over(merged, alone.document.value if isinstance(alone.document.value, dict) else {})
        if faults and faults[-1][0] == layer.place:
            continue
        try:
            value = section.model_validate(merged)
        except ValidationError as error:
            told = _together(explain.faults(error, section, alone.document), alone.faults, documents)
            # what the files beneath are to blame for has been told
            faults += [each for each, own in told if own or not faults]
    return Layered(None if faults else value, tuple(faults), tuple(documents))


def _together(
    found: tuple[Fault, ...], alone: tuple[Fault, ...], documents: list[tuple[str, Document]]
) -> list[tuple[tuple[str, Fault], bool]]:
    """What is wrong with the uppermost file, and whether it is so by itself; else it says on top of what."""
    place = documents[-1][0]
    beneath = " and ".join(each for each, _ in documents[:-1])
    own = {(each.line, each.key) for each in alone}
    told = []
    for each in found:
        here = (each.line, each.key) in own
        said = each if here else Fault(each.line, each.key, f"together with {beneath}: {each.reason}", each.hint)
        told.append(((place, said), here))
    return told


def _over(lower: Mapping[str, Any], upper: Mapping[str, Any]) -> dict[str, Any]:
    """`upper` on top of `lower`. A key with nothing beneath it says nothing."""
    made = dict(lower)
    for key, value in upper.items():
        below = made.get(key)
        if isinstance(value, dict) and isinstance(below, dict):
            made[key] = _over(below, value)
        elif value is not None or key not in made:
            made[key] = value
    return made
