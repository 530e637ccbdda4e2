"""One repository as an installation sees it: calls with a token for just that repository and purpose."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.github.client import Authorization, Client
from app.github.tokens import Keys
from app.model.trouble import Doubtful

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Place:
    """`repository` is `owner/name`. Purposes are those of `tokens.PURPOSES`; paths begin behind the repository's."""

    client: Client
    tokens: Keys
    repository: str
    installation: int

    @property
    def owner(self) -> str:
        """Whose repository it is."""
        return self.repository.partition("/")[0]

    def path(self, rest: str) -> str:
        """The whole path for one below the repository's; one that begins with `/` is whole already."""
        if rest.startswith("/"):
            return rest
        return f"/repos/{self.repository}/{rest}" if rest else f"/repos/{self.repository}"

    def authorized(self, purpose: str) -> Authorization:
        """What is sent with calls for this purpose."""
        return self.tokens.authorization(self.installation, self.repository, purpose)

    def get(self, purpose: str, rest: str, **params: Any) -> Any:
        """What is there, as JSON."""
        return self.send(purpose, "GET", rest, params=params)

    def send(
        self,
        purpose: str,
        method: str,
        rest: str,
        body: Any = None,
        params: Mapping[str, Any] | None = None,
        *,
        repeatable: bool = False,
    ) -> Any:
        """The answer's JSON. `repeatable` if doing it twice is as doing it once."""
        return self.client.call(
            purpose,
            method,
            self.path(rest),
            self.authorized(purpose),
            repository=self.repository,
            params=params,
            body=body,
            repeatable=repeatable,
        ).data

    def pages(self, purpose: str, rest: str, *, within: str = "", most: int = 3_000, **params: Any) -> Iterator[Any]:
        """All entries of a list."""
        return self.client.pages(
            purpose,
            self.path(rest),
            self.authorized(purpose),
            repository=self.repository,
            params=params,
            within=within,
            most=most,
        )

    def graphql(self, purpose: str, query: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """The data of a query or mutation."""
        return self.client.graphql(purpose, query, variables, self.authorized(purpose), self.repository)


def found_or_made[Thing](look: Callable[[], Thing | None], make: Callable[[], Thing]) -> Thing:
    """The thing that is there, else a new one. An answer that leaves open whether it was made is followed by a look."""
    for again in range(_TRIES):
        if (found := look()) is not None:
            return found
        try:
            return make()
        except Doubtful:
            if again == _TRIES - 1:
                raise
    raise AssertionError
