"""Who edited descriptions and comments: REST tells the second of the last change alone, and not whose it was; and what
was opened again: of that REST has a list of all that ever happened, the oldest first, and GraphQL just this.

Source: https://docs.github.com/en/graphql/reference/interfaces#comment and GitHub's public GraphQL schema
(`PullRequest.timelineItems`). *Unverified* against github.com: that `editor` is the account of the last edit and
`databaseId` of a bot the number that REST has, and how soon after an edit, or after it was opened again, that is
there."""

from collections.abc import Sequence
from itertools import batched

from app.github import values
from app.github.place import Place
from app.model.trouble import Unavailable

AT_ONCE = 50
"""Pull requests of one query."""
MOST = 3_000
"""Comments of a pull request that are looked at; REST lists no more either. Those after them count as edited."""
_BODIES = "query($owner: String!, $name: String!) {{ repository(owner: $owner, name: $name) {{ {} }} }}"
_BODY = "p{0}: pullRequest(number: {0}) {{ includesCreatedEdit lastEditedAt editor {{ ... on Bot {{ databaseId }} }} }}"
_COMMENTS = """
query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      comments(first: 100, after: $after) {
        nodes { fullDatabaseId includesCreatedEdit lastEditedAt }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
}"""

_REOPENED = """
query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) { timelineItems(itemTypes: [REOPENED_EVENT], last: 1) { nodes { __typename } } }
  }
}"""


class GitHubEdits:
    """`account` is the number of the token's own account."""

    def __init__(self, place: Place, account: int) -> None:
        self._place = place
        self._account = account

    def by_others(self, numbers: Sequence[int]) -> frozenset[int]:
        found: set[int] = set()
        for some in batched(sorted(set(numbers)), AT_ONCE):
            query = _BODIES.format(" ".join(_BODY.format(int(each)) for each in some))
            data = values.at(self._place.graphql("pull requests", query, self._home()), "repository")
            for each in some:
                seen = values.at(data, f"p{each}")
                if not _untouched(seen) and values.number(seen, "editor", "databaseId") != self._account:
                    found.add(each)
        return frozenset(found)

    def unedited(self, number: int) -> frozenset[int]:
        found: set[int] = set()
        after: str | None = None
        for _ in range(MOST // 100):
            given = self._home() | {"number": int(number), "after": after}
            answer = self._place.graphql("conversation", _COMMENTS, given)
            data = values.at(answer, "repository", "pullRequest", "comments")
            told = [each for each in values.items(data, "nodes") if _untouched(each)]
            found |= {int(values.text(each, "fullDatabaseId") or 0) for each in told}
            after = values.text(data, "pageInfo", "endCursor")
            if values.at(data, "pageInfo", "hasNextPage") is not True or not after:
                break
        return frozenset(found - {0})

    def reopened(self, number: int) -> bool:
        answer = self._place.graphql("pull requests", _REOPENED, self._home() | {"number": int(number)})
        told = values.at(answer, "repository", "pullRequest", "timelineItems", "nodes")
        if not isinstance(told, list):
            raise Unavailable(f"GitHub does not tell whether pull request {number} was closed before.")
        return bool(told)

    def _home(self) -> dict[str, object]:
        owner, _, name = self._place.repository.partition("/")
        return {"owner": owner, "name": name}


def _untouched(seen: object) -> bool:
    """Whether GitHub says that it was never edited: a field that is missing says nothing."""
    if not isinstance(seen, dict) or "lastEditedAt" not in seen:
        return False
    return seen["lastEditedAt"] is None and seen.get("includesCreatedEdit") is False
