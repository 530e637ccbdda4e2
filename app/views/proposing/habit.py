"""How a repository words the first lines of its commits, so that a title of selfmod's own looks like its neighbours."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.views.bounded import line

LONGEST = 100
"""Characters of a title."""
_TYPES = frozenset(
    ("feat", "fix", "docs", "style", "refactor", "perf", "test", "tests", "build", "ci", "chore", "revert", "deps")
)
_CONVENTIONAL = re.compile(r"(?P<type>[A-Za-z]+)(?:\((?P<scope>[^()]{1,40})\))?!?: +(?P<rest>\S.*)")
_AREA = re.compile(r"(?P<area>[\w./-]{1,40}): +(?P<rest>\S.*)")
_EMOJI = re.compile(r"(?P<emoji>:[a-z0-9_+-]{1,30}:|[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?) *(?P<rest>\S.*)")
_NUMBER = re.compile(r"\s*\((?:#\d+|gh-\d+)\)$", re.IGNORECASE)
_NOT_COUNTED = re.compile(r"(?:Merge |Revert \"|fixup! |squash! |amend! )")


class Form(StrEnum):
    """What a first line begins with."""

    CONVENTIONAL = "conventional"
    """`fix:` or `fix(scope):`."""
    AREA = "area"
    """`http:`, the part of the code."""
    PLAIN = "plain"
    """Nothing: an imperative."""


@dataclass(frozen=True, slots=True)
class Habit:
    """`capital`: the first word has a capital, after the prefix too; `kind` is how `fix` is written before the colon.
    `scopes` are scopes or areas that are in use, `scoped` whether most lines have one. `emoji` stands before
    everything, empty for none."""

    form: Form = Form.CONVENTIONAL
    capital: bool = False
    period: bool = False
    kind: str = "fix"
    scoped: bool = False
    scopes: tuple[str, ...] = ()
    emoji: str = ""


def habit(subjects: Iterable[str]) -> Habit:
    """The habit of the first lines of commits; what most of them do is done. Without any: `fix: …`."""
    counted = [_NUMBER.sub("", each.strip()) for each in subjects if not _NOT_COUNTED.match(each)]
    lines = [each for each in counted if each]
    if not lines:
        return Habit()
    emojis = [(found["emoji"], found["rest"]) for found in map(_EMOJI.fullmatch, lines) if found]
    bare = [found["rest"] if (found := _EMOJI.fullmatch(each)) else each for each in lines]
    conventional = [found for found in map(_CONVENTIONAL.fullmatch, bare) if found and found["type"].lower() in _TYPES]
    areas = [found for found in map(_AREA.fullmatch, bare) if found and found["area"].lower() not in _TYPES]
    form, rests, scopes = Form.PLAIN, bare, []
    if _most(len(conventional), lines):
        form, rests = Form.CONVENTIONAL, [found["rest"] for found in conventional]
        scopes = [found["scope"] for found in conventional if found["scope"]]
    elif _most(len(areas), lines):
        form, rests, scopes = Form.AREA, [found["rest"] for found in areas], [found["area"] for found in areas]
    return Habit(
        form=form,
        capital=_most(sum(each[0].isupper() for each in rests), rests),
        period=_most(sum(each.endswith(".") for each in rests), rests),
        kind="Fix" if _most(sum(found["type"][0].isupper() for found in conventional), conventional) else "fix",
        scoped=_most(len(scopes), rests),
        scopes=tuple(dict.fromkeys(scopes)),
        emoji=_emoji(emojis) if _most(len(emojis), lines) else "",
    )


def title(how: Habit, what: str, paths: Sequence[str]) -> str:
    """A title for what is mended (`file opened and not closed in cache.py`) in these files."""
    prefix = ""
    if how.form is Form.CONVENTIONAL:
        scope = _known(how.scopes, paths) if how.scoped else ""
        prefix = f"{how.kind}({scope}): " if scope else f"{how.kind}: "
    elif how.form is Form.AREA and paths:
        prefix = f"{_known(how.scopes, paths) or _part(paths)}: "
    said = what if how.form is Form.CONVENTIONAL else f"fix {lowered(what)}"
    said = said[0].upper() + said[1:] if how.capital else lowered(said)
    emoji = f"{how.emoji} " if how.emoji else ""
    room = LONGEST - len(emoji) - len(prefix) - how.period
    return line(f"{emoji}{prefix}{line(said, room)}{'.' if how.period else ''}")


def lowered(text: str) -> str:
    """With a small first letter, where the first word is no name or abbreviation (`HTTP`, `Jinja2`)."""
    first = text.split(" ")[0]
    plain = first[1:].islower() or len(first) == 1 or first[1:].replace("-", "").islower()
    return text[:1].lower() + text[1:] if plain else text


def _emoji(seen: Sequence[tuple[str, str]]) -> str:
    """The one that fixes have here, else the usual one in the same writing."""
    mending = Counter(emoji for emoji, rest in seen if re.search(r"\bfix", rest, re.IGNORECASE))
    if mending:
        return mending.most_common(1)[0][0]
    return ":bug:" if seen[0][0].startswith(":") else "🐛"


def _known(scopes: Sequence[str], paths: Sequence[str]) -> str:
    """The scope in use that all paths lie in, the innermost; empty where there is none."""
    shared = [set(_parts(path)) for path in paths]
    common = set.intersection(*shared) if shared else set()
    order: Callable[[str], int] = lambda scope: _parts(paths[0]).index(scope.casefold())  # noqa: E731  # read once
    found = [each for each in scopes if each.casefold() in common]
    return max(found, key=order, default="")


def _part(paths: Sequence[str]) -> str:
    """The innermost folder that all paths lie in, else the file's name without its ending."""
    folders = [path.split("/")[:-1] for path in paths]
    common = [names[0] for names in zip(*folders, strict=False) if len(set(names)) == 1]
    if len(paths) == 1:
        return paths[0].split("/")[-1].partition(".")[0] or "code"
    return common[-1] if common else "code"


def _parts(path: str) -> list[str]:
    *folders, name = path.casefold().split("/")
    return [*folders, name.partition(".")[0]]


def _most(count: int, of: Sequence[object]) -> bool:
    return bool(of) and 2 * count > len(of)
