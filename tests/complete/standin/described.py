"""GitHub's own descriptions of its REST API and of its webhooks (`@octokit/openapi`, `@octokit/openapi-webhooks`), read
once, and what a request, an answer or a payload has against them.

The big files are parsed once; of each schema a reduced form (JSON Schema 2020-12, no prose) is made when it is first
used. Sources: https://github.com/octokit/openapi, https://spec.openapis.org/oas/v3.0.3 (`nullable`)."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

import jsonschema
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from referencing.retrieval import to_cached_resource

FOLDER = Path("tests/complete/node_modules/@octokit")
REST = FOLDER / "openapi/generated/api.github.com.json"
WEBHOOKS = FOLDER / "openapi-webhooks/generated/api.github.com.json"
PROSE = frozenset({"description", "example", "examples", "title", "nullable", "externalDocs", "deprecated", "x-github"})
NAMED = frozenset({"properties", "patternProperties"})
"""Keywords whose keys are names of the described data and no keywords."""
GENERAL = frozenset({400, 401, 403, 404, 415, 422, 429, 500, 502, 503})
"""Statuses that every operation may give, described or not; their body is GitHub's basic error."""
METHODS = frozenset({"get", "put", "post", "patch", "delete"})


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer. `target` is path and query as sent; bodies are bytes as sent."""

    method: str
    target: str
    request: bytes
    status: int
    answer: bytes
    kind: str = "application/json"
    """Content type of the answer."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Of the answer, lower case."""


@dataclass(frozen=True)
class Operation:
    """One method of one path template. `plain` counts the characters outside of parameters: the more, the closer a
    match."""

    method: str
    template: str
    value: Mapping[str, Any]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        parts = re.split(r"\{([^}]+)\}", self.template)
        path_like = {"path", "ref", "basehead", "branch"}  # these have slashes: `compare/a...b/c`
        text = "".join(
            re.escape(part) if index % 2 == 0 else ("(.+)" if part in path_like else "([^/]+)")
            for index, part in enumerate(parts)
        )
        return re.compile(text.replace("/contents/(.+)", "/contents(?:/(.*))?"))  # the root has no path

    @cached_property
    def plain(self) -> int:
        return len(re.sub(r"\{[^}]+\}", "", self.template))

    def __str__(self) -> str:
        return f"{self.method} {self.template}"


class Description:
    """One OpenAPI document."""

    def __init__(self, path: Path) -> None:
        self.document: dict[str, Any] = json.loads(path.read_text("utf-8"))
        self.nulls = self.document["openapi"].startswith("3.0")
        """Whether null is written `nullable: true`."""
        self.registry: Registry[Any] = Registry(retrieve=self._retrieve())  # type: ignore[call-arg]  # an attrs class
        self.checker = jsonschema.Draft202012Validator.FORMAT_CHECKER

    def _retrieve(self) -> Any:
        @to_cached_resource(loads=lambda value: value, from_contents=DRAFT202012.create_resource)
        def retrieve(uri: str) -> Any:
            return self.reduced(self.at(uri.removeprefix("github:")))

        return retrieve

    def at(self, pointer: str) -> Any:
        """What a JSON pointer such as `/components/schemas/label` names."""
        found: Any = self.document
        for part in pointer.strip("/").split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        return found

    def resolved(self, value: Any) -> Any:
        """The same, or what its `$ref` names."""
        return self.at(value["$ref"].removeprefix("#")) if "$ref" in value else value

    def reduced(self, schema: Any, *, names: bool = False) -> Any:
        """The schema as JSON Schema 2020-12: references by URI, `nullable` as a type, no prose."""
        if isinstance(schema, list):
            return [self.reduced(item) for item in schema]
        if not isinstance(schema, dict):
            return schema
        if names:
            return {key: self.reduced(value) for key, value in schema.items()}
        if "$ref" in schema:
            return {"$ref": f"github:{schema['$ref'].removeprefix('#')}"}
        plain = {
            # the alternatives of GitHub's `oneOf` overlap: an answer may well be two of them
            ("anyOf" if key == "oneOf" else key): (
                value if key in {"enum", "const", "default"} else self.reduced(value, names=key in NAMED)
            )
            for key, value in schema.items()
            if key not in PROSE
        }
        if self.nulls and schema.get("nullable") is True:
            return {"anyOf": [plain, {"type": "null"}]}
        return plain

    def faults(self, schema: Any, value: Any) -> Iterator[str]:
        """What is wrong with a value, a line each: the place and the message."""
        validator = jsonschema.Draft202012Validator(
            self.reduced(schema), registry=self.registry, format_checker=self.checker
        )
        for error in validator.iter_errors(value):
            yield from _told(error)

    def invented(self, schema: Any, value: Any, place: str = "") -> Iterator[str]:
        """Fields of a value that the schema does not name, though it would allow them: what a client may come to rely
        on and GitHub does not have."""
        parts = self._alternatives(schema)
        if isinstance(value, list):
            items = [part["items"] for part in parts if "items" in part]
            for index, item in enumerate(value if items else ()):
                yield from self.invented({"anyOf": items}, item, f"{place}/{index}")
        elif isinstance(value, dict) and not any(part.get("additionalProperties") for part in parts):
            named: dict[str, list[Any]] = {}
            for part in parts:
                for name, inner in part.get("properties", {}).items():
                    named.setdefault(name, []).append(inner)
            for name, inner in value.items() if named else ():
                if name in named:
                    yield from self.invented({"anyOf": named[name]}, inner, f"{place}/{name}")
                else:
                    yield f"at {place.strip('/') or 'the top'}: {name!r} is not described"

    def _alternatives(self, schema: Any) -> list[Any]:
        """The schema, and all that it is made of."""
        found = self.resolved(schema)
        inner = [each for key in ("allOf", "anyOf", "oneOf") for each in found.get(key, ())]
        return [found, *(part for each in inner for part in self._alternatives(each))]

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """All of `paths`."""
        return tuple(
            Operation(method.upper(), template, value)
            for template, methods in self.document.get("paths", {}).items()
            for method, value in methods.items()
            if method in METHODS
        )

    def operation(self, method: str, path: str) -> Operation | None:
        """The operation that a request means: of those that match the most literal one."""
        found = [each for each in self.operations if each.method == method and each.pattern.fullmatch(path)]
        return max(found, key=lambda each: each.plain, default=None)

    @cached_property
    def events(self) -> dict[str, Mapping[str, Any]]:
        """Of `webhooks`: the schema of each `event/action`, or `event` where there are no actions."""
        result = {}
        for methods in self.document.get("webhooks", {}).values():
            value = methods["post"]
            content = value["requestBody"]["content"]
            result[value["operationId"].replace("-", "_")] = next(iter(content.values()))["schema"]
        return result


def _told(error: jsonschema.ValidationError) -> Iterator[str]:
    """Of alternatives: the faults of the one that has the fewest, and of these the deepest."""
    while error.validator in {"anyOf", "oneOf"} and error.context:
        tries: dict[Any, list[jsonschema.ValidationError]] = {}
        for each in error.context:
            tries.setdefault(each.schema_path[0], []).append(each)
        best = min(tries.values(), key=lambda found: (_is_null(found), len(found)))
        error = max(best, key=lambda each: len(each.absolute_path))
    yield f"at {'/'.join(map(str, error.absolute_path)) or 'the top'}: {error.message[:300]}"


def _is_null(found: list[jsonschema.ValidationError]) -> bool:
    """Whether an alternative is but `null`, which fits no value a little."""
    return any(each.validator == "type" and each.validator_value == "null" for each in found)


def is_json(kind: str) -> bool:
    """Whether a content type is JSON that a schema describes; `raw+json` is a file as it is."""
    name = kind.partition(";")[0]
    return name == "application/json" or (name.endswith("+json") and "raw" not in name)


@cache
def rest() -> Description:
    return Description(REST)


@cache
def webhooks() -> Description:
    return Description(WEBHOOKS)


def exchange_faults(exchange: Exchange) -> list[str]:
    """Everything that GitHub's description has against a request and its answer."""
    path, _, query = exchange.target.partition("?")
    operation = rest().operation(exchange.method, unquote(path))
    if operation is None:
        return [f"{exchange.method} {path}: no operation of GitHub's"]
    faults = [] if exchange.status >= 400 else [*_asked(operation, exchange, query)]
    faults += _answered(operation, exchange)
    return [f"{operation} -> {exchange.status}: {fault}" for fault in faults]


def _asked(operation: Operation, exchange: Exchange, query: str) -> Iterator[str]:
    """Faults of a request that was accepted: parameters and body."""
    described = rest()
    parameters = [described.resolved(each) for each in operation.value.get("parameters", ())]
    known = {each["name"].removesuffix("[]"): each for each in parameters if each["in"] == "query"}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in known:
            yield f"no parameter {name!r}"
            continue
        schema = described.reduced(known[name].get("schema", {}))
        if faults := [*described.faults(known[name].get("schema", {}), _read(schema, value))]:
            yield f"parameter {name}: {faults[0]}"
    body = operation.value.get("requestBody")
    if exchange.request and body is None:
        yield "a body where none is described"
    elif body is not None and (exchange.request or body.get("required")):
        schema = described.resolved(body)["content"]["application/json"]["schema"]
        yield from (f"request {fault}" for fault in described.faults(schema, json.loads(exchange.request or b"null")))


def _read(schema: Any, value: str) -> Any:
    """A parameter's text as the value that its schema means."""
    if schema.get("type") == "integer" and re.fullmatch(r"-?\d+", value):
        return int(value)
    if schema.get("type") == "boolean" and value in {"true", "false"}:
        return value == "true"
    return [value] if schema.get("type") == "array" else value


def _answered(operation: Operation, exchange: Exchange) -> Iterator[str]:
    described = rest()
    response = operation.value["responses"].get(str(exchange.status))
    if response is None:
        if exchange.status not in GENERAL:
            yield f"status is not described ({', '.join(operation.value['responses'])})"
            return
        yield from _basic_error(exchange)
        return
    content = described.resolved(response).get("content", {})
    if not content:
        if exchange.answer and exchange.status < 300:
            yield "a body where none is described"
        return
    kind = exchange.kind.partition(";")[0]
    if not is_json(kind):
        if kind not in {*content, *RAW} or exchange.status >= 400:
            yield f"content type {kind}"
        return
    by_kind = content.get(kind) or content.get("application/json") or next(iter(content.values()))
    value = json.loads(exchange.answer)
    yield from described.faults(by_kind["schema"], value)
    if exchange.status < 300:
        yield from described.invented(by_kind["schema"], value)


RAW = frozenset(
    {
        f"application/vnd.github.{version}{each}"
        for version in ("", "v3.")
        for each in ("diff", "patch", "raw", "raw+json")
    }
    | {"text/plain"}
)
"""Media types that are asked for with `Accept`; the description has only JSON."""


def _basic_error(exchange: Exchange) -> Iterator[str]:
    try:
        value = json.loads(exchange.answer)
    except ValueError:
        yield "an error that is no JSON"
        return
    yield from rest().faults({"$ref": "#/components/schemas/basic-error"}, value)


def payload_faults(event: str, body: bytes, headers: Mapping[str, str]) -> list[str]:
    """Everything that GitHub's description has against a delivery of a webhook; header names in lower case."""
    value = json.loads(body)
    action = value.get("action")
    name = f"{event}/{action}" if action is not None else event
    schema = webhooks().events.get(name.replace("-", "_"))
    if schema is None:
        return [f"{name}: no event of GitHub's"]
    faults = [f"no header {each}" for each in DELIVERED if each not in headers]
    if not headers.get("user-agent", "").startswith("GitHub-Hookshot/"):
        faults.append(f"User-Agent is {headers.get('user-agent')!r}")
    faults += [*webhooks().faults(schema, value), *webhooks().invented(schema, value)]
    return [f"{name}: {fault}" for fault in faults]


DELIVERED = (
    "x-github-hook-id",
    "x-github-event",
    "x-github-hook-installation-target-id",
    "x-github-hook-installation-target-type",
    "x-github-delivery",
    "x-hub-signature-256",
)
"""Headers that the description requires of every delivery."""
