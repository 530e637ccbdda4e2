"""
## What it does
Reports `datetime.utcnow()` and `datetime.utcfromtimestamp(x)`.

## Why it is bad
They give UTC without saying so: the value has no time zone, and everything else in Python takes such a value for local
time. `datetime.utcnow().timestamp()` is wrong by the distance to UTC. Both are deprecated since Python 3.12.
The fix gives the same value as before, except where the value is turned into a timestamp or another time zone at once:
there it is made right.

## Example
```python
from datetime import datetime

def expired(entry):
    return entry.expires < datetime.utcnow()
```

## Use instead
```python
from datetime import datetime, timezone

def expired(entry):
    return entry.expires < datetime.now(timezone.utc).replace(tzinfo=None)
```

References: Python documentation, `datetime.utcnow`; CWE-682.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.arguments import in_f_string
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.gaps import has_comment, pieces
from checks.debugging.source.imports import Reference, reference
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_NEW = {"utcnow": "now", "utcfromtimestamp": "fromtimestamp"}
_ZONES = frozenset({"datetime.timezone.utc", "datetime.UTC", "pytz.utc", "pytz.UTC", "django.utils.timezone.utc"})
_FIELDS = frozenset({"year", "month", "day", "hour", "minute", "second", "microsecond"})
_SAME = frozenset({"date", "time", "weekday", "isoweekday", "isocalendar", "toordinal"})
"""Methods that give the same with and without a time zone."""


def detect(node: ast.Attribute, module: Module) -> Iterator[Fault]:
    """Only the class `datetime.datetime` itself, called or passed on."""
    new = _NEW.get(node.attr)
    if new is None or not isinstance(node.ctx, ast.Load) or module.resolve(node.value) != "datetime.datetime":
        return
    call = module.parent(node)
    if not isinstance(call, ast.Call) or call.func is not node:
        message = f"datetime.{node.attr} gives UTC without saying so, and is deprecated since Python 3.12"
        yield Fault(node, message, left="it is passed on: does the receiver want values with a time zone?")
        return
    wrong = _read_as_local(call, module)
    if wrong:
        message = f"datetime.{node.attr}().{wrong}() takes the value for local time: it is wrong by the distance to UTC"
    else:
        message = f"datetime.{node.attr}() gives UTC without saying so, and is deprecated since Python 3.12"
    severity = Severity.MEDIUM if wrong else None
    left, zone = _obstacle(node, call, module)
    if zone is None:
        yield Fault(call, message, left=left, severity=severity)
    else:
        yield Fault(call, message, partial(_fix, node, call, zone, module), severity=severity)


def _obstacle(node: ast.Attribute, call: ast.Call, module: Module) -> tuple[str, Reference | None]:
    if call.keywords or len(call.args) != (node.attr == "utcfromtimestamp"):
        return "its arguments are not those of datetime", None
    if any(isinstance(arg, ast.Starred | ast.GeneratorExp) for arg in call.args):
        return "its arguments are not written out", None
    if has_comment(module, call) or in_f_string(module, call):
        return "a comment or an f-string is in the way", None
    if module.surroundings.python < (3, 2):
        return "Python 2 has no timezone.utc", None
    tied = _tied(call, module)
    if tied is not None:
        if has_comment(module, tied[0]):
            return "a comment is in the way", None
        return "", Reference(module.source(tied[1]))
    zone = reference(module, "datetime:UTC", call) if _writes_utc(module) else None
    if zone is None or zone.edits:
        zone = reference(module, "datetime:timezone.utc", call)
    return "no name for timezone.utc can be had here for sure", zone


def _writes_utc(module: Module) -> bool:
    """Whether the file names `datetime.UTC` (Python 3.11) already."""
    if b"UTC" not in module.text.data:
        return False
    if any(binding.qualified == "datetime.UTC" for binding in module.scopes.module.bindings.get("UTC", ())):
        return True
    names = (node for node in module.nodes if isinstance(node, ast.Name | ast.Attribute))
    return any((getattr(n, "attr", None) or getattr(n, "id", "")) == "UTC" and _is_utc(n, module) for n in names)


def _is_utc(node: ast.AST, module: Module) -> bool:
    return module.resolve(node) == "datetime.UTC"


def _method(call: ast.Call, module: Module) -> tuple[str, ast.AST | None]:
    """The attribute taken of the call's result, and the call of it if it is called."""
    attribute = module.parent(call)
    if not isinstance(attribute, ast.Attribute):
        return "", None
    outer = module.parent(attribute)
    return attribute.attr, outer if isinstance(outer, ast.Call) and outer.func is attribute else None


def _read_as_local(call: ast.Call, module: Module) -> str:
    name, outer = _method(call, module)
    return name if name in ("timestamp", "astimezone") and outer is not None else ""


def _tied(call: ast.Call, module: Module) -> tuple[ast.Call, ast.expr] | None:
    """The call of `.replace(tzinfo=utc)` on the result with the zone, of UTC by name."""
    name, outer = _method(call, module)
    match outer:
        case ast.Call(args=[], keywords=[ast.keyword(arg="tzinfo", value=zone)]) if name == "replace":
            return (outer, zone) if module.resolve(zone) in _ZONES else None
        case _:
            return None


def _aware(call: ast.Call, module: Module) -> bool:
    """Whether what follows is the same, or right only, with a time zone."""
    name, outer = _method(call, module)
    if _read_as_local(call, module) or (name in _FIELDS and outer is None):
        return True
    match outer:
        case ast.Call(args=[], keywords=[_, *_] as given) if name == "replace":
            return any(keyword.arg == "tzinfo" for keyword in given)
        case ast.Call(args=[ast.Constant(value=str(layout))], keywords=[]) if name == "strftime":
            return not any(letter in layout for letter in ("%z", "%Z", "%:z", "%s"))
        case ast.Call(args=[], keywords=[]):
            return name in _SAME
        case _:
            return False


def _fix(node: ast.Attribute, call: ast.Call, zone: Reference, module: Module) -> Fix:
    _, name_end = module.span(node)
    name_start = name_end - len(node.attr)
    _, end = module.span(call)
    renamed = Edit(name_start, name_end, _NEW[node.attr])
    after = module.span(call.args[0])[1] if call.args else name_end
    marks = pieces(module, after, end)
    tied = _tied(call, module)
    suffix: tuple[Edit, ...]
    if tied is not None:
        suffix = (Edit(end, module.span(tied[0])[1], ""),)
    else:
        suffix = () if _aware(call, module) else (Edit(end, end, ".replace(tzinfo=None)"),)
    if not call.args:
        return Fix((renamed, Edit(marks[0][1], end - 1, zone.text), *suffix, *zone.edits))
    comma = next((mark for mark in marks if mark[2] == ","), None)
    if comma is not None:
        added = Edit(comma[1], comma[1], f" {zone.text},")
    else:
        place = marks[-2][1] if len(marks) > 1 else after
        added = Edit(place, place, f", {zone.text}")
    return Fix((renamed, added, *suffix, *zone.edits))


RULE = Rule(
    name="naive-utcnow",
    topic="time",
    summary="UTC in a datetime without a time zone",
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    cwe=682,
    nodes=(ast.Attribute,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("DTZ003", "DTZ004"),
    mentions=("utcnow", "utcfromtimestamp"),
)
