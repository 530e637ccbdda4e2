"""Runs a GraphQL request over the world and words the answer as GitHub does.

Errors carry GitHub's `type` beside the message, and HTTP is 200 whenever the request could be read."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    execute_sync,
    parse,
    validate,
)

from app.standin.graphql import commits, mutations, queries, queueing, timeline, views
from app.standin.graphql.views import Payload
from app.standin.graphql.words import Told
from app.standin.routing import Answer, Call, Problem, Route

SCHEMA = Path(__file__).with_name("schema.graphql")
MOST_CHARACTERS = 200_000
DEEPEST = 2_000
"""Tokens that a request may have: the parser recurses."""


@cache
def schema() -> GraphQLSchema:
    """The schema with a resolver at every field."""
    made = build_schema(SCHEMA.read_text("utf-8"))
    fields: dict[str, Any] = {
        **views.FIELDS,
        "PullRequest": views.FIELDS["PullRequest"] | queueing.PULL | timeline.PULL,
        **dict.fromkeys(("ClosedEvent", "ReopenedEvent"), timeline.EVENT),
        "MergeQueueEntry": queueing.ENTRY,
        "Query": queries.FIELDS,
        "Mutation": mutations.FIELDS | commits.FIELDS | queueing.FIELDS,
    }
    for name, kind in made.type_map.items():
        if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            kind.resolve_type = _kind_of
        if not isinstance(kind, GraphQLObjectType) or name.startswith("__"):
            continue
        own = views.CONNECTION if name.endswith("Connection") else fields.get(name, {})
        if unknown := own.keys() - kind.fields.keys() - {"name"}:
            raise LookupError(f"{name} has no {', '.join(sorted(unknown))}")
        for field, definition in kind.fields.items():
            definition.resolve = _of(own[field]) if field in own else _plain(field)
    return made


def _kind_of(value: Any, info: GraphQLResolveInfo[Any], kind: Any) -> str:
    return "GpgSignature" if isinstance(value, dict) else views.kind_of(value)


def _of(function: Callable[..., Any]) -> Callable[..., Any]:
    def resolve(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        return function(source, info.context, **arguments)

    return resolve


def _plain(name: str) -> Callable[..., Any]:
    """An entry of a dictionary, or the attribute of the same name."""

    def resolve(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        if isinstance(source, Payload):
            return source.fields.get(name)
        return source[name] if isinstance(source, dict) else getattr(source, name)

    return resolve


def answer(call: Call) -> Answer:
    """`POST /graphql`."""
    body = call.body if isinstance(call.body, dict) else {}
    query, variables = body.get("query"), body.get("variables") or {}
    if not isinstance(query, str) or not query or len(query) > MOST_CHARACTERS:
        return Answer({"errors": [{"message": "A query attribute must be specified and must be a string."}]})
    if not isinstance(variables, dict):
        raise Problem(400, "Variables must be an object")
    try:
        document = parse(query, max_tokens=DEEPEST)
    except GraphQLError as error:
        return Answer({"errors": [_worded(error)]})
    if errors := validate(schema(), document):
        return Answer({"errors": [_worded(error) for error in errors]})
    result = execute_sync(
        schema(),
        document,
        context_value=call,
        variable_values=variables,
        operation_name=body.get("operationName"),
    )
    return Answer(_told(result))


def _told(result: ExecutionResult) -> dict[str, Any]:
    for error in result.errors or ():
        cause = error.original_error
        if cause is not None and not isinstance(cause, Told | GraphQLError):
            raise cause
    errors = [_worded(error) for error in result.errors or ()]
    if result.data is None:
        return {"errors": errors}
    return {"data": result.data} | ({"errors": errors} if errors else {})


def _worded(error: GraphQLError) -> dict[str, Any]:
    worded: dict[str, Any] = {"message": error.message}
    if isinstance(error.original_error, Told):
        worded["type"] = error.original_error.kind
    if error.path:
        worded["path"] = list(error.path)
    if error.locations:
        worded["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    return worded


ROUTES = (Route("POST", "/graphql", "any", answer, body=None),)
