"""The emergency stop: who said so, how far it reaches, and since when."""

from dataclasses import dataclass

LOCAL = "local/repository"
"""What every local repository is called: its store holds no other, and a folder may be renamed."""
OPERATOR = "the operator"
"""Who stopped or resumed on the command line of the server: no account can have a blank in its name."""
STOPPED = "stopped"
"""The kind of the audit record of a stop."""
OUT = "Take that one out of the merge queue: the others then go on in a group without it."
"""What is done about a stopped one in a merge group."""
WHY = 150
"""Characters of a reason that are shown in a line."""


def account(by: str) -> str:
    """`@ann`, or `the operator`."""
    return by if " " in by else f"@{by}"


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

    def reaches(self, repository: str, number: int = 0) -> bool:
        """Whether it stops a pull request, or without a number all of a repository."""
        here = repository.casefold()
        if self.repository:
            return self.repository.casefold() == here and self.number in (0, number)
        return not self.owner or self.owner.casefold() == here.partition("/")[0]

    @property
    def said(self) -> str:
        """`stopped by @ann: incident 4711`, on one line. Who has a blank in the name is no account."""
        return f"stopped by {account(self.by)}: {' '.join(self.why.split())[:WHY]}"

    @property
    def remedy(self) -> str:
        """A sentence: who ends it, and how."""
        if self.repository == LOCAL:
            return "It ends with `selfmod resume --local --why TEXT`."
        if self.repository:
            who, word = ("write access", "") if self.number else ("maintain access", "repository ")
            return f"Who has {who} ends it with `/selfmod resume {word}<why>`."
        far = f"--organisation {self.owner}" if self.owner else "--server"
        return f"The operator of the server ends it with `selfmod resume {far} --why TEXT`."

    @property
    def where(self) -> str:
        """How far it reaches, in words."""
        if self.number:
            return f"pull request {self.number}"
        if self.repository == LOCAL:
            return "this repository"
        return self.repository or self.owner or "this server"
