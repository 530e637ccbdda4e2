"""The YAML of a configuration, read so that a hostile file costs little, and that every value knows its line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from checks.configuration.faults import Fault, shown

LARGEST = 64 * 1024
"""Bytes of a configuration file."""
DEEPEST = 20
"""Levels of a configuration file."""

type Location = tuple[int | str, ...]

_STR, _BOOL, _INT, _FLOAT = (f"tag:yaml.org,2002:{kind}" for kind in ("str", "bool", "int", "float"))
_QUOTE = "YAML takes a word that begins with {!r} for something of its own; put the whole value in quotes"


class _Loader(yaml.SafeLoader):
    """The safe loader. Dates stay text: no key means a date, and `2001-99-99` may name a folder."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if not tag.endswith((":timestamp", ":merge"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _At(yaml.MarkedYAMLError):
    """A fault of ours in the YAML, at a node or an event."""

    def __init__(self, problem: str, at: Any) -> None:
        super().__init__(problem=problem, problem_mark=at.start_mark)


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds. `value` is None where it holds nothing; `faults` are those of the YAML itself, and where there
    are some `value` is only what could be read."""

    value: Any = None
    node: yaml.Node | None = None
    faults: tuple[Fault, ...] = ()

    def line(self, location: Location) -> int:
        """The line, from 1, of the value that a location leads to, or of the last part of it that is there."""
        return _walk(self.node, location)[1]

    def holds(self, location: Location) -> bool:
        """Whether the file itself says something at this location."""
        return _walk(self.node, location)[2]

    def trap(self, location: Location) -> str:
        """How YAML changed what stands at a location, in words; empty where it did not."""
        node, _, found = _walk(self.node, location)
        return _trap(node) if found and isinstance(node, yaml.ScalarNode) else ""


def read(content: bytes) -> Document:
    """The document in a file's bytes. Raises nothing: what is wrong are faults."""
    if len(content) > LARGEST:
        return _broken(0, f"has {len(content):,} bytes; {LARGEST:,} are allowed.", "Shorten it.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _broken(0, f"is not UTF-8 (byte {error.start}).", "Save it as UTF-8.")
    try:
        _bounded(text)
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return Document()
        if faults := tuple(_faults(node)):
            return Document(_readable(loader, node), node, faults)
        return Document(loader.construct_document(node), node)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return _broken(line, f"{_said(error, text)}.", "Correct the YAML.")
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        return _broken(0, f"cannot be read: {str(error).splitlines()[0]}.", "Correct the YAML.")


def _readable(loader: _Loader, node: yaml.Node) -> Any:
    """What can be read in spite of faults, so that the others are told in the same breath; None where nothing can."""
    try:
        return loader.construct_document(node)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None


def _broken(line: int, reason: str, hint: str) -> Document:
    return Document(faults=(Fault(line, "", reason, hint),))


def _said(error: yaml.MarkedYAMLError, text: str) -> str:
    """What the parser says; where a value only lacks its quotes, that."""
    problem, mark = error.problem or str(error), error.problem_mark
    if mark is None or isinstance(error, _At):
        return problem
    first = text[mark.index : mark.index + 1]
    if error.context == "while scanning an alias":
        return _QUOTE.format("*")
    if error.context == "while scanning an anchor":
        return _QUOTE.format("&")
    if "cannot start any token" in problem and first in ("@", "`", "%"):
        return _QUOTE.format(first)
    if problem == "mapping values are not allowed here":
        return "a second ': ' on this line; put a value that holds one in quotes"
    return problem


def _bounded(text: str) -> None:
    """Raises YAMLError for what no configuration needs: aliases (a short file could blow up to gigabytes), tags (they
    make objects of what they like), and deep nesting."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            raise _At("aliases are not allowed: put a word that begins with '*' in quotes", event)
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise _At(f"the tag {tag!r:.100} is not allowed", event)
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            depth += 1
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise _At(f"it is nested deeper than {DEEPEST} levels", event)


def _faults(node: yaml.Node, path: str = "") -> Iterator[Fault]:
    """Keys that are no words, that are given twice, that YAML would take for something else; and numbers that mean
    another number than a reader sees."""
    if isinstance(node, yaml.SequenceNode):
        for number, each in enumerate(node.value):
            yield from _faults(each, f"{path}.{number}".lstrip("."))
    elif isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                yield Fault(line, path, "a key is a word, not a list or a mapping.", "Correct the YAML.")
                continue
            inner = f"{path}.{key.value}".lstrip(".")
            if key.value == "<<" and key.style is None:
                yield Fault(line, inner, "merge keys are not allowed.", "Correct the YAML.")
            elif key.tag != _STR:
                said = f"{inner}: a key is to be text" + (f"; {trap}" if (trap := _trap(key)) else "")
                yield Fault(line, inner, f"{said}.", "Put it in quotes if it is meant.")
            elif key.value in seen:
                said = f"the key {shown(key.value)} is given twice, first on line {seen[key.value]}."
                yield Fault(line, inner, said, "Put what belongs to it beneath one of them.")
            seen.setdefault(key.value, line)
            yield from _faults(value, inner)
    elif isinstance(node, yaml.ScalarNode) and node.tag == _INT and not node.value.lstrip("+-").isdecimal():
        yield _number(node, path)
    elif isinstance(node, yaml.ScalarNode) and node.tag == _INT and len(node.value.lstrip("+-0")) > 18:
        yield Fault(node.start_mark.line + 1, path, f"{path}: a number of that size is not allowed.", "Shorten it.")
    elif isinstance(node, yaml.ScalarNode) and node.tag == _INT and node.value.lstrip("+-")[:1] == "0" != node.value:
        yield _number(node, path)


def _number(node: yaml.ScalarNode, path: str) -> Fault:
    return Fault(
        node.start_mark.line + 1, path, f"{path}: {_trap(node)}.", "Write a plain number, or put it in quotes."
    )


def _trap(node: yaml.ScalarNode) -> str:
    """What YAML 1.1 makes of a plain word that a person may have meant as text."""
    text = node.value[:60]
    if node.style is not None:
        return ""
    if node.tag == _BOOL and text.lower() not in ("true", "false"):
        return f"YAML reads {text} as {'true' if text.lower() in ('yes', 'on') else 'false'}"
    if node.tag == _INT and not text.lstrip("+-").isdecimal():
        return f"YAML reads {text} as the number {_value(node)}"
    if node.tag == _INT and text.lstrip("+-").startswith("0") and len(text) > 1:
        return f"YAML reads {text} as the number {_value(node)} (a number that begins with 0 is octal)"
    if node.tag == _FLOAT:
        return f"YAML reads {text} as the number {_value(node)}"
    return ""


def _value(node: yaml.ScalarNode) -> object:
    try:
        return _Loader("").construct_object(node)
    except (ValueError, OverflowError):
        return "of another base"


def _walk(node: yaml.Node | None, location: Location) -> tuple[yaml.Node | None, int, bool]:
    """The node that a location leads to as far as it is there, its line, and whether all of it is there."""
    line = node.start_mark.line + 1 if node is not None else 1
    for part in location:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if found is None:
                return node, line, False
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            return node, line, False
    return node, line, True


def origins(
    document: Document, value: Mapping[str, Any], above: Location = ()
) -> Iterator[tuple[Location, int | None]]:
    """Each value of dumped settings with the line that says it, None for a default. A list is one value."""
    for key, each in value.items():
        location = (*above, key)
        if isinstance(each, dict) and each:
            yield from origins(document, each, location)
        else:
            yield location, document.line(location) if document.holds(location) else None
