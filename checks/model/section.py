"""What the sections of a configuration are made of: each room has its own in its `section.py`."""

import re
import unicodedata
from typing import Annotated, Any

from pathspec import GitIgnoreSpec
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema, model_validator

from checks.model.safety import Level

MOST_WILDCARDS = 3
"""`*` in one part of a pattern, and `**` in all of it: the time that matching takes grows as a power of either."""


class Section(BaseModel):
    """A part of the configuration; keys that are not here are an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_alias=True, validate_by_name=False)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_default(cls, value: Any) -> Any:
        """A list or a section with nothing beneath its key (its entries are commented out) is as if not named."""
        if not isinstance(value, dict):
            return value
        optional = {
            field.alias or name
            for name, field in cls.model_fields.items()
            if isinstance(field.default, tuple | BaseModel)
        }
        return {key: each for key, each in value.items() if each is not None or key not in optional}


def whole(default: int, least: int, most: int, description: str) -> Any:
    """A field that holds a whole number from `least` to `most`; neither `true` nor `1.0` is one."""
    return Field(default=default, ge=least, le=most, strict=True, description=description)


def switch(default: bool, description: str) -> Any:
    """A field that is `true` or `false`."""
    return Field(default=default, strict=True, description=description)


def _plain(text: str) -> str:
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise ValueError("it holds a control character")
    return text


def _pattern(text: str) -> str:
    """Raises ValueError for what can match nothing, and for what could be made to match for hours."""
    body = _plain(text).removeprefix("!")
    if not body.strip() or text.startswith("#"):
        raise ValueError("this pattern matches nothing" + (": '#' begins a comment" if text.startswith("#") else ""))
    parts = body.strip("/").split("/")
    if any(part in ("", ".", "..") for part in parts):
        raise ValueError("this pattern matches nothing: paths have no empty part, '.' or '..'")
    if parts.count("**") > MOST_WILDCARDS or any(part.count("*") > MOST_WILDCARDS for part in parts):
        raise ValueError(
            f"at most {MOST_WILDCARDS} '*' in one part of a pattern, and {MOST_WILDCARDS} '**' in all of it"
        )
    try:
        GitIgnoreSpec.from_lines([text])
    except (ValueError, re.error):  # the latter for a range such as [z-a]
        raise ValueError("this is no pattern as in .gitignore") from None
    return text


_LOGIN = r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}"
_PERSON = rf"@{_LOGIN}(?:\[bot\])?"
_TEAM = rf"@{_LOGIN}/[A-Za-z0-9_.-]{{1,100}}"


def _named(form: str, what: str, example: str) -> AfterValidator:
    def check(text: str) -> str:
        if re.fullmatch(form, text):
            return text
        if re.fullmatch(form, f"@{text}"):
            raise ValueError(f"{what} is written with '@' before it: '@{text}'")
        if re.fullmatch(form, text.removeprefix("@")):
            raise ValueError(f"{what} is written without '@': '{text.removeprefix('@')}'")
        if "@" in text[1:]:
            raise ValueError(f"{what} is named as on GitHub, such as '{example}', not by a mail address")
        raise ValueError(f"this is not {what} as GitHub writes it, such as '{example}'")

    return AfterValidator(check)


def _schema(form: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^(?:{form})$"})


def _raised(level: Level) -> Level:
    if level is Level.SAFE:
        raise ValueError("a rule only ever raises a level, and nothing is below SAFE")
    return level


RAISED = tuple(level.value for level in Level if level is not Level.SAFE)

type Line = Annotated[str, StringConstraints(min_length=1, max_length=300), AfterValidator(_plain)]
"""Text on one line."""
type Pattern = Annotated[str, StringConstraints(min_length=1, max_length=300), AfterValidator(_pattern)]
"""A pattern of paths as in .gitignore."""
type Person = Annotated[str, _named(_PERSON, "a person", "@ann"), _schema(_PERSON)]
type Team = Annotated[str, _named(_TEAM, "a team", "@acme/security"), _schema(_TEAM)]
type Who = Annotated[
    str, _named(rf"{_PERSON}|{_TEAM}", "a person or a team", "@acme/security"), _schema(rf"{_PERSON}|{_TEAM}")
]
type Login = Annotated[
    str,
    _named(rf"{_LOGIN}(?:\[bot\])?", "a login", "renovate[bot]"),
    _schema(rf"{_LOGIN}(?:\[bot\])?"),
]
type Raised = Annotated[Level, AfterValidator(_raised), WithJsonSchema({"type": "string", "enum": list(RAISED)})]
"""A level that something can be raised to."""
