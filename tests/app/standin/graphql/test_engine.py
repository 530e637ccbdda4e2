"""Requests that are no GraphQL, and hostile ones."""

import pytest
from graphql import GraphQLObjectType

from app.standin.graphql import engine
from tests.app.standin.acting import Acting


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "A query attribute must be specified"),
        (None, "A query attribute must be specified"),
        (["{ viewer { login } }"], "A query attribute must be specified"),
        ("{", "Syntax Error"),
        ("{ viewer { invented } }", "Cannot query field 'invented'"),
        ("{ viewer { login }" + " " * 200_000 + "}", "A query attribute must be specified"),
        ("{a" * 3000, "nested too deeply"),
        ("query($n: Int!) { viewer { login } }", "n"),
        ("mutation { enablePullRequestAutoMerge(input: {}) { actor { login } } }", "pullRequestId"),
    ],
)
def test_what_is_no_query_is_told(acting: Acting, query: object, said: str) -> None:
    answer = acting.ask("ann", "POST", "/graphql", {"query": query})
    assert answer.status_code == 200
    assert said in answer.json()["errors"][0]["message"]
    assert "data" not in answer.json()


def test_a_token_is_needed(acting: Acting) -> None:
    assert acting.ask("nonsense", "POST", "/graphql", {"query": "{ viewer { login } }"}).status_code == 401
    assert acting.graphql("ann", "{ viewer { login } }") == {"data": {"viewer": {"login": "ann"}}}
    app = acting.app()
    assert acting.graphql(acting.token(app), "{ viewer { login } }")["data"]["viewer"]["login"] == "selfmod[bot]"


def test_every_field_has_a_resolver() -> None:
    for name, kind in engine.schema().type_map.items():
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__"):
            assert all(field.resolve for field in kind.fields.values()), name
