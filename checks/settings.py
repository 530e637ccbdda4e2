"""`.github/selfmod.yml`: what a repository may set, checked, with the nearest valid key for a mistyped one."""

import difflib
import re
from collections.abc import Iterator
from typing import Annotated, Any, get_args

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from checks.model.errors import Refusal
from checks.model.findings import Severity

PLACE = ".github/selfmod.yml"
LARGEST = 64 * 1024
"""Bytes of a configuration file."""
DEEPEST = 20
"""Levels of a configuration file."""

type Pattern = Annotated[str, StringConstraints(min_length=1, max_length=300)]


def _rule(name: str) -> str:
    """A rule's name or a code as other tools have them. Raises ValueError for a name that no rule has."""
    from checks.debugging.rules import BY_NAME  # late: most repositories name none

    if name in BY_NAME or re.fullmatch(r"[A-Z]{1,4}\d{3,4}", name):
        return name
    near = difflib.get_close_matches(name, BY_NAME, 1, 0.5)
    raise ValueError(f"there is no rule {name!r}; " + (f"did you mean {near[0]!r}?" if near else "see selfmod explain"))


type RuleName = Annotated[str, StringConstraints(min_length=1, max_length=300), AfterValidator(_rule)]


class Section(BaseModel):
    """A part of the configuration; keys that are not here are an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ReviewSettings(Section):
    """What `selfmod review` reports."""

    threshold: Severity = Field(
        default=Severity.MEDIUM, description="Findings at or above this severity fail a review."
    )
    exclude: tuple[Pattern, ...] = Field(
        default=(),
        max_length=1000,
        description="Files that are not analysed: patterns as in .gitignore, from the root.",
    )
    disable: tuple[RuleName, ...] = Field(
        default=(), max_length=1000, description="Rules whose findings are not reported, by name or by code (`B101`)."
    )


class FixSettings(Section):
    """What `selfmod fix` may change."""

    exclude: tuple[Pattern, ...] = Field(
        default=(),
        max_length=1000,
        description="Files that are never changed: patterns as in .gitignore, from the root.",
    )
    disable: tuple[RuleName, ...] = Field(
        default=(), max_length=1000, description="Rules whose fixes are not applied; their findings are still reported."
    )


class Settings(Section):
    """Everything that a repository may set. Without a file the defaults hold."""

    review: ReviewSettings = Field(default=ReviewSettings(), description="What `selfmod review` reports.")
    fix: FixSettings = Field(default=FixSettings(), description="What `selfmod fix` may change.")


class _Loader(yaml.SafeLoader):
    """The safe loader with keys that are plain words, each given once."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _fault("a key is a word, not a list or a mapping", key)
            if key.tag == "tag:yaml.org,2002:merge":
                raise _fault("merge keys are not allowed", key)
            if key.value in seen:
                raise _fault(f"the key {key.value!r} is given twice", key)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _fault(problem: str, at: Any) -> yaml.MarkedYAMLError:
    """An error at the start of a node or an event."""
    return yaml.MarkedYAMLError(problem=problem, problem_mark=at.start_mark)


def read(content: bytes, place: str = PLACE) -> Settings:
    """The settings that a file holds. Raises Refusal with the place, the key and what would be valid."""
    if len(content) > LARGEST:
        raise Refusal(f"{place} has {len(content):,} bytes; {LARGEST:,} are allowed.", "Shorten it.")
    try:
        text = content.decode("utf-8-sig")
        _bounded(text)
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return Settings()
        value = loader.construct_document(node)
    except UnicodeDecodeError as error:
        raise Refusal(f"{place} is not UTF-8 (byte {error.start}).", "Save it as UTF-8.") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Refusal(f"{place}, line {line}: {error.problem or error}.", "Correct the YAML.") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Refusal(f"{place} cannot be read: {str(error).splitlines()[0]}.", "Correct the YAML.") from None
    if value is None:
        return Settings()
    if not isinstance(value, dict):
        raise Refusal(f"{place} holds no keys.", f"Begin with one of: {', '.join(Settings.model_fields)}.")
    try:
        return Settings.model_validate(value)
    except ValidationError as error:
        raise _refusal(error, place, node) from None


def _bounded(text: str) -> None:
    """Raises YAMLError for what no configuration needs: aliases (a short file could blow up to gigabytes), tags (they
    make objects of what they like), and deep nesting."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise _fault("aliases are not allowed", event)
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise _fault(f"the tag {tag!r} is not allowed", event)
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            depth += 1
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise _fault(f"it is nested deeper than {DEEPEST} levels", event)


def _refusal(error: ValidationError, place: str, document: yaml.Node) -> Refusal:
    first = error.errors()[0]
    location = first["loc"]
    key = ".".join(str(part) for part in location)
    where = f"{place}, line {_line(document, location)}"
    if first["type"] == "extra_forbidden":
        return Refusal(f"{where}: unknown key {key!r}.", _instead(location))
    allowed = re.findall(r"'([^']*)'", str(first.get("ctx", {}).get("expected", "")))
    if allowed:
        near = difflib.get_close_matches(str(first["input"]), allowed, 1, 0.5)
        hint = f"Did you mean {near[0]!r}?" if near else f"Valid here: {', '.join(allowed)}."
        return Refusal(f"{where}: {key}: {first['input']!r:.60} is not valid.", hint)
    said = _PLAIN.get(first["type"], first["msg"].removeprefix("Value error, "))
    return Refusal(f"{where}: {key}: {said}.", "All keys and their types: selfmod config schema")


_PLAIN = {
    "tuple_type": "this is to be a list, one entry a line, each with '- ' before it",
    "string_type": "this is to be text; put it in quotes",
    "model_type": "keys are to stand beneath it",
    "invalid_key": "a key is to be text",
}
"""What pydantic says in words of Python, in words of YAML."""


def _instead(location: tuple[int | str, ...]) -> str:
    """What was probably meant by an unknown key, or what would be valid in its place."""
    mistyped = str(location[-1])
    known = list(_section(location[:-1]).model_fields)
    near = difflib.get_close_matches(mistyped, known, 1, 0.5)
    if near:
        return f"Did you mean {near[0]!r}?"
    everywhere: dict[str, list[str]] = {}
    for path, name in _keys(Settings):
        everywhere.setdefault(name, []).append(path)
    elsewhere = difflib.get_close_matches(mistyped, everywhere, 1, 0.7)
    if elsewhere:
        return f"Did you mean {' or '.join(repr(path) for path in everywhere[elsewhere[0]])}?"
    return f"Valid here: {', '.join(known)}."


def _line(node: yaml.Node, location: tuple[int | str, ...]) -> int:
    """The line, from 1, of the value that a location leads to, or of the last part of it that is there."""
    line = node.start_mark.line + 1
    for part in location:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line


def _section(location: tuple[int | str, ...]) -> type[BaseModel]:
    model: type[BaseModel] = Settings
    for part in location:
        field = model.model_fields.get(str(part))
        if field is None:
            break
        for candidate in (field.annotation, *get_args(field.annotation)):
            if isinstance(candidate, type) and issubclass(candidate, BaseModel):
                model = candidate
    return model


def _keys(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, field in model.model_fields.items():
        path = f"{prefix}{name}"
        yield path, name
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _keys(field.annotation, f"{path}.")


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the file, for editors."""
    schema = Settings.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "selfmod configuration", **schema}
