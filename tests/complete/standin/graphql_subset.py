"""Whether a GraphQL schema is a part of another one: every type, field and argument of ours is there, of the same type.

The other one is GitHub's (`@octokit/graphql-schema`), read as a syntax tree."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from graphql import parse, print_ast
from graphql.language import ast

GITHUB = Path("tests/complete/node_modules/@octokit/graphql-schema/schema.graphql")


@cache
def github() -> ast.DocumentNode:
    """GitHub's whole schema, about 1,600 types."""
    return parse(GITHUB.read_text("utf-8"), no_location=True)


def definitions(document: ast.DocumentNode) -> dict[str, ast.TypeDefinitionNode]:
    """The types of a document by name."""
    return {each.name.value: each for each in document.definitions if isinstance(each, ast.TypeDefinitionNode)}


def faults(ours: ast.DocumentNode, theirs: ast.DocumentNode) -> list[str]:
    """What of ours is not in theirs, a line each."""
    there = definitions(theirs)
    return [
        fault
        for name, definition in definitions(ours).items()
        for fault in (_of_type(definition, there[name]) if name in there else [f"{name}: no such type"])
    ]


def _of_type(our: ast.TypeDefinitionNode, their: ast.TypeDefinitionNode) -> Iterator[str]:
    name = our.name.value
    if our.kind != their.kind:
        yield f"{name}: {our.kind}, there {their.kind}"
        return
    for part in ("interfaces", "types"):
        missing = {each.name.value for each in _parts(our, part)} - {each.name.value for each in _parts(their, part)}
        yield from (f"{name}: {part} {each} is not there" for each in sorted(missing))
    values = {each.name.value for each in _parts(their, "values")}
    yield from (
        f"{name}.{each.name.value}: no such value" for each in _parts(our, "values") if each.name.value not in values
    )
    fields = {each.name.value: each for each in _parts(their, "fields")}
    for field in _parts(our, "fields"):
        place = f"{name}.{field.name.value}"
        if field.name.value not in fields:
            yield f"{place}: no such field"
            continue
        yield from _of_field(place, field, fields[field.name.value])
    if isinstance(our, ast.InputObjectTypeDefinitionNode):
        yield from _left_out(name, _parts(our, "fields"), _parts(their, "fields"))


def _of_field(place: str, our: Any, their: Any) -> Iterator[str]:
    """Its type, its arguments and its default."""
    if (mine := print_ast(our.type)) != (there := print_ast(their.type)):
        yield f"{place}: {mine}, there {there}"
    arguments = {each.name.value: each for each in _parts(their, "arguments")}
    for argument in _parts(our, "arguments"):
        if argument.name.value not in arguments:
            yield f"{place}({argument.name.value}): no such argument"
        else:
            yield from _of_field(f"{place}({argument.name.value})", argument, arguments[argument.name.value])
    yield from _left_out(place, _parts(our, "arguments"), _parts(their, "arguments"))
    default = getattr(their, "default_value", None)
    if hasattr(our, "default_value") and _printed(our.default_value) != _printed(default):
        yield f"{place}: default {_printed(our.default_value)}, there {_printed(default)}"


def _left_out(place: str, ours: Any, theirs: Any) -> Iterator[str]:
    """What a caller must give there and may not give here."""
    known = {each.name.value for each in ours}
    for each in theirs:
        if isinstance(each.type, ast.NonNullTypeNode) and each.default_value is None and each.name.value not in known:
            yield f"{place}: {each.name.value} is required there"


def _parts(node: Any, name: str) -> tuple[Any, ...]:
    """Its fields, values, arguments …; empty where it has none or can have none."""
    return getattr(node, name, None) or ()


def _printed(value: Any) -> str | None:
    return None if value is None else print_ast(value)
