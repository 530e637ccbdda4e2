"""One file in a worker: the fixes of chosen faults, all in one text."""

import base64
import difflib
import io
import tokenize
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from checks.debugging import faults as walk
from checks.debugging.analyse import surroundings_of
from checks.debugging.mending.elsewhere import dropped
from checks.debugging.rules import BY_NAME
from checks.debugging.source.edits import Edit, Fix, applied, fits, narrowed, written
from checks.debugging.source.module import Module, Surroundings, parse
from checks.debugging.source.text import Text, read
from checks.debugging.source.unused import unneeded
from checks.model.findings import NotAnalysed

ROUNDS = 10
"""Fixes that overlap are applied one after the other: so often at most is a file looked at again."""
ALIGNED = 1_000_000
"""Bytes of a replaced text times those of the new one, up to which they are held against each other."""
UNBUILT = "the code around it leaves no room for a fix that is sure"


@dataclass(frozen=True, slots=True)
class Target:
    """A fault to fix: `rule` found at a place (line and column from 1, column in characters), or, for a fix of ruff's,
    the replacements that it gave (line, column, end line, end column, text)."""

    rule: str
    line: int
    column: int
    replacements: tuple[tuple[int, int, int, int, str], ...] = ()
    hopeful: bool = False
    """No fix can be built now; one may be when another fault is fixed."""


def mend(text: Text, surroundings: Surroundings, targets: Sequence[Target]) -> tuple[Text, list[str]]:
    """The text with the targets fixed and without the imports that only they needed, and for each target an empty
    string or why it was not fixed."""
    after, why = built(text, surroundings, targets)
    if after is text:
        return text, why
    before, module = parse(text, surroundings), parse(after, surroundings)
    if isinstance(before, NotAnalysed) or isinstance(module, NotAnalysed):
        return after, why  # whoever validates the result sees that it does not parse, and says so
    cleared = unneeded(before, module)
    return (_after(after, cleared) if cleared else after), why


def built(text: Text, surroundings: Surroundings, targets: Sequence[Target]) -> tuple[Text, list[str]]:
    """As `mend`, but imports that are not needed any more stay."""
    module = parse(text, surroundings)
    if isinstance(module, NotAnalysed):
        return text, [module.reason] * len(targets)
    why = [UNBUILT] * len(targets)
    waiting = {number: _offset(text, t.line, t.column) for number, t in enumerate(targets)}
    given = {n: [_replaced(text, *row) for row in t.replacements] for n, t in enumerate(targets) if t.replacements}
    rules = [BY_NAME[name] for name in dict.fromkeys(t.rule for t in targets) if name in BY_NAME]
    for turn in range(ROUNDS):
        fixes, seen = _fixes(module, rules, targets, {n: o for n, o in waiting.items() if not targets[n].replacements})
        fixes |= {n: Fix(tuple(narrowed(text, edit) for edit in given[n])) for n in waiting if n in given}
        taken: list[Edit] = []
        # what changes little goes first: a fix that moves a call takes another one's change inside of it along
        for number in sorted(waiting, key=lambda n: _size(fixes.get(n))):
            fix = fixes.get(number)
            if fix is None:
                if targets[number].hopeful and number in seen:
                    continue
                if turn and number not in seen and not targets[number].hopeful:
                    why[number] = ""  # another fix has cleared it
                del waiting[number]
            elif fits(fix, taken):
                taken.extend(fix.edits)
                why[number] = ""
                del waiting[number]
        if not taken:
            break
        given = {n: moved for n, edits in given.items() if (moved := _kept(text, edits, taken)) is not None}
        text = _after(text, taken)
        again = parse(text, surroundings)
        if isinstance(again, NotAnalysed):
            return text, why
        waiting = {number: _moved(module.text, offset, taken) for number, offset in waiting.items()}
        module = again
        if not waiting:
            break
    return text, why


def _size(fix: Fix | None) -> tuple[int, int]:
    """How much the fix changes: first the bytes that it takes away, which another fix may need, then all."""
    if fix is None:
        return 0, 0
    written = sum(len(edit.text) for edit in fix.edits)
    replaced = sum(edit.end - edit.start for edit in fix.edits)
    return replaced, replaced + written


def _after(text: Text, edits: Iterable[Edit]) -> Text:
    return Text(text.path, applied(text, edits), text.encoding, text.bom)


def _fixes(
    module: Module, rules: list[Any], targets: Sequence[Target], waiting: dict[int, int]
) -> tuple[dict[int, Fix], set[int]]:
    """The fixes of our rules that can be built now, by the target's number, and the targets whose fault is there."""
    found: dict[int, Fix] = {}
    seen: set[int] = set()
    by_place: dict[tuple[str, int], list[int]] = {}
    for number, offset in waiting.items():
        by_place.setdefault((targets[number].rule, offset), []).append(number)
    for hit in walk.faults(module, rules) if by_place else ():
        start = module.text.offset(getattr(hit.fault.node, "lineno", 1), getattr(hit.fault.node, "col_offset", 0))
        # several faults of a rule begin together in `a.b().c()`
        numbers = [number for number in by_place.get((hit.rule.name, start), ()) if number not in found]
        if not numbers:
            continue
        seen.update(numbers)
        fix = hit.fault.fix() if hit.fault.fix is not None else None
        if fix is not None:
            found[numbers[0]] = Fix(tuple(narrowed(module.text, edit) for edit in fix.edits))
    return found, seen


def _kept(text: Text, edits: Sequence[Edit], taken: Sequence[Edit]) -> list[Edit] | None:
    """Ruff's edits where they are once others are taken; None where one of these has changed what they replace."""
    if any(edit.start < other.end and other.start < edit.end for edit in edits for other in taken):
        return None
    return [replace(e, start=_moved(text, e.start, taken), end=_moved(text, e.end, taken)) for e in edits]


def _replaced(text: Text, line: int, column: int, end_line: int, end_column: int, new: str) -> Edit:
    return Edit(_offset(text, line, column), _offset(text, end_line, end_column), new)


def _offset(text: Text, line: int, column: int) -> int:
    """The byte offset of a line and a column in characters, both from 1."""
    if line > len(text.line_starts):
        return len(text.data)
    return text.line_starts[line - 1] + len(text.line(line)[: column - 1].encode("utf-8"))


def _moved(text: Text, offset: int, edits: Iterable[Edit]) -> int:
    """Where an offset is after the edits; one within an edit is where its text went, -1 where that is gone."""
    shift = 0
    for edit in set(edits):
        new = written(text, edit)
        if edit.end <= offset:
            shift += len(new) - (edit.end - edit.start)
        elif edit.start <= offset:
            within = _within(text.data[edit.start : edit.end], new, offset - edit.start)
            if within is None:
                return -1
            shift += within - (offset - edit.start)
    return offset + shift


def _within(old: bytes, new: bytes, offset: int) -> int | None:
    """Where a place in a replaced text is in the new one."""
    if len(old) * len(new) > ALIGNED:
        return None
    # bytes as characters: the matcher takes either, its types take text
    before, after = old.decode("latin-1"), new.decode("latin-1")
    for block in difflib.SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        if block.a <= offset < block.a + block.size:
            return block.b + offset - block.a
    return None


def comments(text: Text) -> Counter[str]:
    """All comments of a text."""
    found: Counter[str] = Counter()
    try:
        for token in tokenize.generate_tokens(io.StringIO(text.string, newline=None).readline):
            if token.type == tokenize.COMMENT:
                found[token.string.strip()] += 1
    except (tokenize.TokenError, SyntaxError):
        pass  # what was read so far is compared
    return found


def work(task: dict[str, Any]) -> dict[str, Any]:
    """Reads `path`, `content` (base64), `surroundings` and `targets`; gives `content`, `why` a target, `lost`
    (comments that are gone) and `dropped` (names that were imported and are not any more)."""
    text = read(task["path"], base64.b64decode(task["content"]))
    if isinstance(text, NotAnalysed):
        return {"content": task["content"], "why": [text.reason] * len(task["targets"]), "lost": [], "dropped": []}
    targets = [Target(t[0], t[1], t[2], tuple(tuple(r) for r in t[3]), t[4]) for t in task["targets"]]
    after, why = mend(text, surroundings_of(task["surroundings"]), targets)
    encoded = text.encode(after.data)
    if encoded is None:
        reason = f"the fix cannot be written in the file's encoding, {text.encoding}"
        return {"content": task["content"], "why": [reason] * len(targets), "lost": [], "dropped": []}
    lost = comments(text) - comments(after)
    try:
        gone = dropped(text.string, after.string) if after.data != text.data else []
    except SyntaxError:  # the one who validates it says so
        gone = []
    return {"content": base64.b64encode(encoded).decode(), "why": why, "lost": sorted(lost), "dropped": gone}
