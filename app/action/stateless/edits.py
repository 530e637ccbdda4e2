"""What a run must know of edits before it believes what stands in a text, and of a pull request before it merges it."""

from collections.abc import Collection, Sequence
from typing import Protocol


class Edits(Protocol):
    """Who edited what, and what was opened again, of one repository. Raises Gone for what is no pull request,
    Unavailable and Refusal."""

    def by_others(self, numbers: Sequence[int]) -> Collection[int]:
        """Of these pull requests those whose description another account than the token's own edited last, or where
        that is not told."""
        ...

    def unedited(self, number: int) -> Collection[int]:
        """The comments of a pull request that nobody ever edited."""
        ...

    def reopened(self, number: int) -> bool:
        """Whether a pull request was closed once and somebody opened it again."""
        ...
