"""The emergency stop: who said so, how far it reaches, and since when."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stop:
    """`owner` and `repository` (`owner/name`) and `number` say how far it reaches: a pull request (`repository` and
    `number`), a repository (`repository`), an organisation (`owner`), or the whole server (none of them). `at` and
    `lifted` are seconds since the epoch; `at` is 0 before it is kept, `lifted` while it holds."""

    by: str
    why: str
    at: float = 0.0
    owner: str = ""
    repository: str = ""
    number: int = 0
    lifted: float = 0.0
    lifted_by: str = ""
    lifted_why: str = ""

    @property
    def holds(self) -> bool:
        """Whether nobody lifted it yet."""
        return not self.lifted

    @property
    def where(self) -> str:
        """How far it reaches, in words."""
        if self.number:
            return f"pull request {self.number}"
        return self.repository or self.owner or "this server"
