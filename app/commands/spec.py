"""What every command declares, and what its plan may answer."""

from collections.abc import Callable
from dataclasses import dataclass

from app.commands.grammar import Asked
from app.model.forge import Pull, Role
from app.model.job import Job
from app.workflows.steps import Tools


@dataclass(frozen=True, slots=True)
class Spec:
    """`usage` is the line as it is typed, without `/selfmod`; `who` the least role that may give it; `pull` whether it
    works only on a pull request."""

    name: str
    usage: str
    summary: str
    examples: tuple[str, ...]
    who: Role
    pull: bool = False


@dataclass(frozen=True, slots=True)
class Where:
    """Where a command was given: `number` of the issue or pull request (`pull` None for an issue), by whom, with which
    role; `job` is the job that answers the comment. `judged`: the head of this moment had been reported on when the
    comment was written, so that it is the one that was looked at. `maintainers` are logins of who may help somebody
    without access, empty where nobody knows. `whole`: only all digits of a commit name it here."""

    job: Job
    actor: str
    role: Role
    pull: Pull | None
    judged: bool = False
    maintainers: tuple[str, ...] = ()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in Markdown, and nothing else."""

    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """One line of reason, with the remedy in it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Do:
    """A job to start, and what to say of it (empty: the receipt is enough). `grant` the head that may run in the
    sandbox from now on."""

    job: Job
    text: str = ""
    grant: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """An answer that is read from what stands at this moment; it writes nothing."""

    read: Callable[[Tools, "Where"], str]


type Answer = Reply | Refused | Do | Look


@dataclass(frozen=True, slots=True)
class Command:
    """A declaration and its plan, which decides and never acts."""

    spec: Spec
    plan: Callable[[Asked, Where], Answer]
