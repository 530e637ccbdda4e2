"""`.github/selfmod.yml`: what a repository may set, checked, with the nearest valid key for a mistyped one."""

import difflib
from collections.abc import Iterator
from typing import Annotated, Any, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from checks.model.errors import Refusal
from checks.model.findings import Severity

PLACE = ".github/selfmod.yml"
LARGEST = 64 * 1024
"""Bytes of a configuration file."""
DEEPEST = 20
"""Levels of a configuration file."""

type Pattern = Annotated[str, StringConstraints(min_length=1, max_length=300)]


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
    disable: tuple[Pattern, ...] = Field(
        default=(), max_length=1000, description="Rules whose findings are not reported, by name or by code (`B101`)."
    )


class FixSettings(Section):
    """What `selfmod fix` may change."""

    exclude: tuple[Pattern, ...] = Field(
        default=(),
        max_length=1000,
        description="Files that are never changed: patterns as in .gitignore, from the root.",
    )
    disable: tuple[Pattern, ...] = Field(
        default=(), max_length=1000, description="Rules whose fixes are not applied; their findings are still reported."
    )


class Settings(Section):
    """Everything that a repository may set. Without a file the defaults hold."""

    review: ReviewSettings = Field(default=ReviewSettings(), description="What `selfmod review` reports.")
    fix: FixSettings = Field(default=FixSettings(), description="What `selfmod fix` may change.")


class _Loader(yaml.SafeLoader):
    """The safe loader without aliases (a short file could blow up to gigabytes) and without repeated keys."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.get_mark()
            raise yaml.MarkedYAMLError(problem="aliases are not allowed", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"the key {key.value!r} is given twice", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read(content: bytes, place: str = PLACE) -> Settings:
    """The settings that a file holds. Raises Refusal with the place, the key and what would be valid."""
    if len(content) > LARGEST:
        raise Refusal(f"{place} has {len(content):,} bytes; {LARGEST:,} are allowed.", "Shorten it.")
    try:
        text = content.decode("utf-8")
        _bounded(text)
        # a subclass of the safe loader
        value = yaml.load(text, Loader=_Loader)  # noqa: S506
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
        raise _refusal(error, place) from None


def _bounded(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            depth += 1
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise yaml.YAMLError(f"it is nested deeper than {DEEPEST} levels")


def _refusal(error: ValidationError, place: str) -> Refusal:
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        mistyped = str(first["loc"][-1])
        known = list(_section(first["loc"][:-1]).model_fields)
        everywhere = {name: path for path, name in _keys(Settings)}
        near = difflib.get_close_matches(mistyped, known, 1, 0.5)
        if near:
            return Refusal(f"{place}: unknown key {key!r}.", f"Did you mean {near[0]!r}?")
        elsewhere = difflib.get_close_matches(mistyped, everywhere, 1, 0.7)
        if elsewhere:
            return Refusal(f"{place}: unknown key {key!r}.", f"Did you mean {everywhere[elsewhere[0]]!r}?")
        return Refusal(f"{place}: unknown key {key!r}.", f"Valid here: {', '.join(known)}.")
    return Refusal(f"{place}: {key}: {first['msg']}.", "All keys: selfmod config schema")


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
