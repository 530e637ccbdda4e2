"""What stands in the way of taking a modification back, in words."""

from dataclasses import dataclass

from checks.repository.history import text

RENAMED_TWICE = "it was renamed, and later renamed again"
_REASONS = (
    ("submodule", "its submodule was moved later"),
    ("distinct modes", "it became something else later: a file, a link or a submodule"),
    ("file/directory", "a folder and a file would have the same name"),
    ("directory rename", "its folder was renamed later"),
    ("rename/rename", RENAMED_TWICE),
    ("rename/delete", "it was renamed or deleted later"),
    ("collision", "two files would have the same name"),
    ("binary", "it is no text, and was changed later"),
    ("contents", "the same lines, or lines beside them, were changed later"),
)


@dataclass(frozen=True, slots=True)
class Clash:
    """One path, and why it cannot be what it was before the modification."""

    path: str
    reason: str


def clashes(output: bytes) -> tuple[Clash, ...]:
    """From what `git merge-tree --write-tree -z` prints of a merge that did not go through, sorted by path. Stage 1 is
    the modification, 2 the branch as it is, 3 what was before."""
    fields = iter(output.split(b"\0")[1:])
    stages: dict[str, set[int]] = {}
    for field in fields:
        if not field:
            break
        facts, _, name = field.partition(b"\t")
        stages.setdefault(text(name), set()).add(int(facts.split()[2]))
    kinds: dict[str, list[str]] = {path: [] for path in stages}
    for field in fields:
        if not field.isdigit():
            break
        paths = [text(next(fields)) for _ in range(int(field))]
        kind, message = next(fields).decode("utf-8", "replace"), next(fields).decode("utf-8", "replace")
        for path in paths:
            if "CONFLICT" in kind or "CONFLICT" in message:
                kinds.setdefault(path, []).append(kind)
    return tuple(Clash(path, _reason(stages.get(path, set()), found)) for path, found in sorted(kinds.items()))


def _reason(stages: set[int], kinds: list[str]) -> str:
    said = " ".join(kinds)
    if "modify/delete" in said:
        if 3 not in stages:
            return "the modification added it, and it was changed later"
        return "it was deleted later"
    if stages == {2, 3}:
        return "the modification removed it, and another was put in its place later"
    return next((reason for word, reason in _REASONS if word in said), "it cannot be merged with what came later")
