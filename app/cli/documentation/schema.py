"""A JSON Schema as rows of a table: one row a key, for people."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
BOUNDS = (
    ("minimum", "at least"),
    ("exclusiveMinimum", "more than"),
    ("maximum", "at most"),
    ("exclusiveMaximum", "less than"),
)


def configuration_table(schema: Schema) -> Iterator[tuple[str, str, str, str]]:
    """Key, type, default and meaning of every property, parents before children.

    A key inside a list is written `list[].key`, one below a free name `map.<name>.key`. References into `$defs` are
    followed; a schema that contains itself is shown once.
    """
    yield from _rows(schema, schema, "", ())


def section_text(schema: Schema, name: str) -> str:
    """What a key of the top is for: the words of its section; for a list of sections its own words before them."""
    own = schema["properties"][name]
    found = {**_resolve(schema, own), **own}
    inside = list(_inside(schema, found))
    texts = [str(inner.get("description", "")) for _, inner in inside]
    if not texts or inside[0][0]:
        texts.insert(0, str(found.get("description", "")))
    return " ".join(" ".join(texts).split())


def _rows(root: Schema, schema: Schema, prefix: str, above: tuple[str, ...]) -> Iterator[tuple[str, str, str, str]]:
    for key, value in schema.get("properties", {}).items():
        path = f"{prefix}{key}"
        found = {**_resolve(root, value), **{k: v for k, v in value.items() if k != "$ref"}}
        inside = list(_inside(root, found))
        shown = "default" in found and not inside  # a section's default is that of its keys
        default = f"`{json.dumps(found['default'], ensure_ascii=False)}`" if shown else ""
        if key in schema.get("required", ()):
            default = "required"
        yield f"`{path}`", _type(root, found), default, str(found.get("description", ""))
        for suffix, inner in inside:
            name = str(inner.get("title", path))
            if name not in above:
                yield from _rows(root, inner, f"{path}{suffix}.", (*above, name))


def _inside(root: Schema, schema: Schema) -> Iterator[tuple[str, Schema]]:
    """The objects whose keys belong below this schema, each with what stands between the two keys."""
    for choice in (schema, *schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        found = _resolve(root, choice)
        if found.get("properties"):
            yield "", found
        for key, suffix in (("items", "[]"), ("additionalProperties", ".<name>")):
            inner = found.get(key)
            if isinstance(inner, Mapping) and (target := _resolve(root, inner)).get("properties"):
                yield suffix, target


def _resolve(root: Schema, schema: Schema) -> Schema:
    """The schema that a `$ref` of the form `#/$defs/Name` means; any other schema is itself."""
    found: Schema = schema
    while "$ref" in found:
        target: Any = root
        for part in found["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        found = target
    return found


def _type(root: Schema, schema: Schema) -> str:
    """What may stand there, in words: `integer, at least 1`, `list of string`, or the allowed values themselves."""
    found = _resolve(root, schema)
    choices = [*found.get("anyOf", ()), *found.get("oneOf", ()), *found.get("allOf", ())]
    if "const" in found or "enum" in found:
        return " or ".join(f"`{value}`" for value in found.get("enum", [found.get("const")]))
    if choices:
        return " or ".join(dict.fromkeys(_type(root, choice) for choice in choices))
    kind = found.get("type", "any")
    if isinstance(kind, list):
        return " or ".join(kind)
    if kind == "array":
        return f"list of {_type(root, found['items'])}" if found.get("items") else "list"
    if kind == "object" and found.get("properties"):
        return "section"
    if kind == "object":
        values = found.get("additionalProperties")
        return f"map of {_type(root, values)}" if isinstance(values, Mapping) and values else "map"
    limits = [f"{word} {found[key]:,}" for key, word in BOUNDS if key in found]
    return ", ".join([str(kind), *limits])
