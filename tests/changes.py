"""Changes that are nowhere but in memory."""

from collections.abc import Mapping

from checks.repository.change import Change, Touched
from checks.repository.snapshot import of_memory


def _bytes(files: Mapping[str, str | bytes]) -> dict[str, bytes]:
    return {path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()}


def made(
    base: Mapping[str, str | bytes],
    head: Mapping[str, str | bytes],
    renamed: Mapping[str, str] | None = None,
    *more: Touched,
) -> Change:
    """The change from `base` to `head`; `renamed` gives the old path of a new one, `more` is what else is touched."""
    old, new = _bytes(base), _bytes(head)
    moved = dict(renamed or {})
    touched = [*more]
    for path, content in new.items():
        if path in moved:
            touched.append(Touched(path, "renamed", moved[path]))
        elif path not in old:
            touched.append(Touched(path, "added", None, None))
        elif old[path] != content:
            touched.append(Touched(path, "modified"))
    gone = old.keys() - new.keys() - set(moved.values())
    touched += [Touched(path, "deleted", None, "100644", None) for path in gone]
    return Change(of_memory(old), of_memory(new), tuple(sorted(touched, key=lambda each: each.path)))
