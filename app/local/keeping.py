"""What the host of a local repository keeps beside git, and asks of whoever keeps it (`app.store.forge.kept`)."""

from typing import Protocol

from app.model.forge import CheckRun, Comment, Pull, SeenRun


class Keeping(Protocol):
    """Proposals, check runs and comments. Each call is there for good when it returns; raises Unavailable where that
    cannot be."""

    def add(self, pull: Pull) -> Pull:
        """Keeps a new one, and returns it with its number and times."""
        ...

    def put(self, pull: Pull) -> Pull:
        """Keeps it as it stands now."""
        ...

    def pull(self, number: int) -> Pull | None: ...
    def pulls(self) -> tuple[Pull, ...]:
        """All of them, the newest first."""
        ...

    def runs(self, head: str) -> tuple[SeenRun, ...]: ...
    def put_run(self, run: CheckRun) -> int:
        """The one of this name and commit; returns its number."""
        ...

    def comments(self, number: int) -> tuple[Comment, ...]: ...
    def put_comment(self, number: int, marker: str, body: str, generation: int) -> None:
        """The one of this marker; one of a newer generation stays."""
        ...

    def remove_comment(self, number: int, marker: str) -> None: ...
