"""What pydantic has against a configuration, in the words of somebody who writes YAML."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from checks.configuration.document import Document, Location
from checks.configuration.faults import Fault, nearest, shown, shown_key, without_secrets

MOST = 100
"""Faults of one file that are told; who has more reads no further."""
ALL_KEYS = "All keys and their types: selfmod config schema"

_PLAIN: Mapping[str, str] = {
    "tuple_type": "this is to be a list, one entry a line, each with '- ' before it",
    "string_type": "this is to be text; put it in quotes",
    "model_type": "keys are to stand beneath it",
    "int_type": "this is to be a whole number",
    "bool_type": "this is to be true or false",
    "missing": "this is required",
    "greater_than_equal": "{ge} at least",
    "less_than_equal": "{le} at most",
    "string_too_long": "{max_length} characters at most",
    "string_too_short": "this is empty",
    "too_short": "{min_length} entry at least",
    "too_long": "{max_length} entries at most",
}
"""What pydantic says in words of Python, in words of YAML."""


def faults(error: ValidationError, model: type[BaseModel], document: Document) -> tuple[Fault, ...]:
    """Everything that pydantic has against the document's value, but keys that are no text: the document tells."""
    errors = error.errors(include_url=False)
    # of a list whose only entry is faulty pydantic says that it is empty, too
    above = {each["loc"][:depth] for each in errors for depth in range(len(each["loc"]))}
    errors = [
        each
        for each in errors
        if each["type"] != "invalid_key" and not (each["type"] == "too_short" and each["loc"] in above)
    ]
    return tuple(_fault(each, model, document) for each in errors[: MOST + 1])


def together(*found: Fault) -> tuple[Fault, ...]:
    """Faults by line, one for a place that several complain of; at most `MOST`, and that there are more."""
    places: dict[tuple[int, str], Fault] = {}
    for fault in found:
        places.setdefault((fault.line, fault.key), fault)
    told = sorted(places.values(), key=lambda fault: fault.line)
    if len(told) > MOST:
        rest = Fault(0, "", f"has more than {MOST} faults; the others are not told.", "Correct these first.")
        return (*told[:MOST], rest)
    return tuple(told)


def _fault(error: ErrorDetails, model: type[BaseModel], document: Document) -> Fault:
    location: Location = error["loc"]
    key, line = ".".join(str(part) for part in location), document.line(location)
    if error["type"] == "extra_forbidden":
        return Fault(line, key, f"unknown key {shown_key(key)}.", _instead(location, model))
    allowed = re.findall(r"'([^']*)'", str(error.get("ctx", {}).get("expected", "")))
    trap = document.trap(location)
    if allowed:
        near = nearest(str(error["input"] or ""), allowed)
        hint = f"Did you mean {near!r}?" if near else f"Valid here: {', '.join(allowed)}."
        said = "there is nothing here" if error["input"] is None else f"{shown(error['input'])} is not valid"
        said += f" ({trap})" if trap else ""
        return Fault(line, key, f"{key}: {said}.", hint)
    plain = _PLAIN.get(error["type"])
    said = plain.format(**error.get("ctx", {})) if plain else error["msg"].removeprefix("Value error, ")
    if error["input"] is None and error["type"] not in ("missing", "value_error"):
        said = f"there is nothing here; {said}"
    elif error["type"] in ("greater_than_equal", "less_than_equal"):
        said = f"{shown(error['input'])} is not valid: {said}"
    elif trap and error["type"] in ("string_type", "int_type", "bool_type"):
        said = f"{trap}; {said}"
    said = without_secrets(said)
    return Fault(line, key, f"{key}: {said}." if key else f"{said}.", ALL_KEYS)


def _instead(location: Location, model: type[BaseModel]) -> str:
    """What was probably meant by an unknown key, or what would be valid in its place."""
    mistyped = str(location[-1])
    known = keys(section(model, location[:-1]))
    everywhere: dict[str, list[str]] = {}
    for path, name in _paths(model):
        everywhere.setdefault(name, []).append(path)
    if mistyped in everywhere:
        return _mean(everywhere[mistyped])
    if near := nearest(mistyped, known):
        return _mean([near])
    if elsewhere := nearest(mistyped, everywhere, 0.7):
        return _mean(everywhere[elsewhere])
    return f"Valid here: {', '.join(known)}."


def _mean(paths: list[str]) -> str:
    return f"Did you mean {' or '.join(repr(path) for path in paths)}?"


def keys(model: type[BaseModel]) -> list[str]:
    """The keys of a section as they are written."""
    return [field.alias or name for name, field in model.model_fields.items()]


def section(model: type[BaseModel], location: Location) -> type[BaseModel]:
    """The section that a location leads to, or the last one on the way."""
    for part in location:
        name = next((name for name, field in model.model_fields.items() if (field.alias or name) == part), None)
        if name is not None:
            model = _model_in(model.model_fields[name].annotation) or model
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The section that a type is, or is made of: `Section`, `Section | None`, `tuple[Section, ...]`, and aliases."""
    annotation = getattr(annotation, "__value__", annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := _model_in(each))), None)


def _paths(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str]]:
    """The path and the name of each key, but for those in lists: nobody mistypes their way into one."""
    for name, field in model.model_fields.items():
        path = f"{prefix}{field.alias or name}"
        yield path, field.alias or name
        inner = field.annotation
        for each in (inner, *get_args(inner)):
            if isinstance(each, type) and issubclass(each, BaseModel):
                yield from _paths(each, f"{path}.")
