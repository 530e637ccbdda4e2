"""What people said of one commit in comments: that its tests may run, that they approve it. Pure.

The comments are the record, so they name all digits of the commit: a shortened name could come to mean another one that
begins alike. One that was edited counts for nothing (within its second too: `StatelessHost.comments`), nor does a
bot's, nor what an App wrote in a person's name. What the person may do is asked when it is used."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from app.commands import approve, ok_to_test
from app.commands.grammar import commands
from app.model.forge import Comment

NAMES = (ok_to_test.SPEC.name, approve.SPEC.name)


@dataclass(frozen=True, slots=True)
class Said:
    """`name` is the command's, `login` who gave it and `account` that account's number, `when` seconds since the
    epoch."""

    name: str
    login: str
    account: int
    when: float

    @property
    def lets_run(self) -> bool:
        """Whether it is the word that the tests may run; else it is an approval."""
        return self.name == ok_to_test.SPEC.name


def said(comments: Iterable[Comment], head: str) -> Iterator[Said]:
    """All that was said of this commit, in the order of the comments."""
    for each in comments:
        if each.own or each.by_app or each.author.bot or each.updated != each.created:
            continue
        found = [asked for asked in commands(each.body) if asked.name in NAMES]
        about = [asked.name for asked in found if [word.casefold() for word in asked.words] == [head]]
        for name in dict.fromkeys(about):
            yield Said(name, each.author.login, each.author.id, moment(each.created))


def moment(text: str) -> float:
    """Seconds since the epoch of GitHub's ISO 8601. Of what is none 1.0: said before everything else."""
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError):
        return 1.0
