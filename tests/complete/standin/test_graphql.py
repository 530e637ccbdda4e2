"""The stand-in's GraphQL schema is a part of GitHub's."""

from pathlib import Path

import pytest
from graphql import build_schema, parse

from tests.complete.standin import graphql_subset

OURS = Path("app/standin/graphql/schema.graphql")

pytestmark = pytest.mark.complete


def test_every_type_field_and_argument_is_githubs() -> None:
    text = OURS.read_text("utf-8")
    assert build_schema(text).query_type is not None
    assert graphql_subset.faults(parse(text), graphql_subset.github()) == []


@pytest.mark.parametrize(
    ("ours", "fault"),
    [
        ("type Invented { a: Int }", "Invented: no such type"),
        ("type PullRequest { invented: Int }", "PullRequest.invented: no such field"),
        ("type PullRequest { number: Int }", "PullRequest.number: Int, there Int!"),
        ("type PullRequest { reviews(page: Int): PullRequestReviewConnection }", "reviews(page): no such argument"),
        ("type Repository { pullRequest: PullRequest }", "Repository.pullRequest: number is required there"),
        ("enum PullRequestState { OPEN LOST }", "PullRequestState.LOST: no such value"),
        ("type Label implements Actor { name: String! }", "Label: interfaces Actor is not there"),
        ("interface Label { name: String! }", "Label: interface_type_definition, there object_type_definition"),
        ("input FileChanges { additions: [FileAddition!] }", "FileChanges.additions: default None, there []"),
        ("input FileAddition { path: String! }", "FileAddition: contents is required there"),
    ],
)
def test_what_is_not_githubs_is_found(ours: str, fault: str) -> None:
    assert any(fault in found for found in graphql_subset.faults(parse(ours), graphql_subset.github()))
