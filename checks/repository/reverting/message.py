"""The message of a commit that takes others back, as git writes it."""

from dataclasses import dataclass
from pathlib import Path

from checks.model import trailers
from checks.repository import git


@dataclass(frozen=True, slots=True)
class Message:
    """The text of a message, and the identifiers of the modifications that it says are taken back."""

    text: str
    modifications: tuple[str, ...]

    @property
    def subject(self) -> str:
        """Its first line."""
        return self.text.partition("\n")[0]


def message(root: Path, commits: tuple[str, ...], call: str = "", why: str = "") -> Message:
    """`commits` are full names or ranges of them, oldest first; `call` is how a person calls them where that is not by
    a commit; `why` is a person's reason."""
    told = {commit: _message(root, commit.rpartition("..")[2]) for commit in commits}
    found = tuple(
        dict.fromkeys(each for text in told.values() for each in trailers.values(text, trailers.MODIFICATION))
    )
    parts = [_subject(told, call), "\n".join(_sentence(root, commit) for commit in reversed(commits))]
    if why.strip():
        parts.append(why.strip())
    if found:
        parts.append("\n".join(trailers.line(trailers.REVERTS, each) for each in found))
    return Message("\n\n".join(parts) + "\n", found)


def _subject(told: dict[str, str], call: str) -> str:
    if len(told) > 1:
        return f"Revert {len(told)} commits{f' of {call}' if call else ''}"
    (commit, text), *_ = told.items()
    if ".." in commit:
        return f"Revert {call or commit}"
    subject = next((line.strip() for line in text.splitlines() if line.strip()), commit)
    # as git does since 2.43
    inner = subject.removeprefix('Revert "')
    if inner != subject and not inner.startswith('Revert "'):
        return f'Reapply "{inner}'
    return f'Revert "{subject}"'


def _sentence(root: Path, commit: str) -> str:
    if ".." in commit:
        return f"This reverts the commits {commit}."
    parents = git.output(root, "rev-list", "--max-count=1", "--parents", commit).decode().split()[1:]
    if len(parents) > 1:
        return f"This reverts commit {commit}, reversing\nchanges made to {parents[0]}."
    return f"This reverts commit {commit}."


def _message(root: Path, commit: str) -> str:
    """Without NUL, which a message cannot hold again."""
    told = git.output(root, "rev-list", "--max-count=1", "--encoding=UTF-8", "--format=%B", commit)
    return told.decode("utf-8", "replace").partition("\n")[2].replace("\0", "")
