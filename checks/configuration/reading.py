"""From a file's bytes to a section: its value, or everything that is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from checks.configuration import document, explain
from checks.configuration.document import Document, Location
from checks.configuration.faults import Fault
from checks.model.section import Section


@dataclass(frozen=True, slots=True)
class Read[S: Section]:
    """What came of reading a file: the section, or every fault. `document` knows which line says what."""

    value: S | None
    faults: tuple[Fault, ...]
    document: Document

    def told(self, place: str) -> S:
        """The section. Raises Refusal with the place, the key and what would be valid: the first fault."""
        if self.value is None:
            raise self.faults[0].refusal(place)
        return self.value

    def origins(self) -> Iterator[tuple[Location, int | None]]:
        """Each value in force with the line of the file that says it, None for a default."""
        if self.value is not None:
            yield from document.origins(self.document, dumped(self.value))


def inspect[S: Section](content: bytes, section: type[S]) -> Read[S]:
    """The section that a file holds, or everything that is wrong with the file. An empty one holds the defaults, where
    there are such. Raises nothing."""
    found = document.read(content)
    value = found.value
    if value is None and found.faults:
        return Read(None, explain.together(*found.faults), found)
    if value is not None and not isinstance(value, dict):
        fault = Fault(0, "", "holds no keys.", f"Begin with one of: {', '.join(explain.keys(section))}.")
        return Read(None, explain.together(*found.faults, fault), found)
    try:
        made = section.model_validate(value or {})
    except ValidationError as error:
        return Read(None, explain.together(*found.faults, *explain.faults(error, section, found)), found)
    return Read(None if found.faults else made, explain.together(*found.faults), found)


def dumped(section: Section) -> dict[str, Any]:
    """A section as it would stand in a file, the defaults filled in: plain values for JSON and YAML."""
    return section.model_dump(mode="json", by_alias=True)
