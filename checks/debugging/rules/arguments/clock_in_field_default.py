"""
## What it does
Reports fields of models and dataclasses whose default is a call that asks the clock or the random generator:
`DateTimeField(default=timezone.now())`, `Column(default=uuid4())`, `created: datetime = datetime.now()`.

## Why it is bad
The class is made once: every record gets the time at which the program started, and all share one identifier. These
libraries take the function itself and call it for each record.

## Example
```python
from django.db import models
from django.utils import timezone

class Order(models.Model):
    created = models.DateTimeField(default=timezone.now())
```

## Use instead
```python
from django.db import models
from django.utils import timezone

class Order(models.Model):
    created = models.DateTimeField(default=timezone.now)
```

References: Django documentation, "Field.default"; Python documentation, "Default factory functions"; CWE-665.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.arguments._clocks import CHANGING, MENTIONS, asked_at_once
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.gaps import has_comment
from checks.debugging.source.imports import reference
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_CALLED_EACH_TIME = frozenset({"sqlalchemy.Column", "sqlalchemy.schema.Column", "sqlalchemy.orm.mapped_column"})
"""Makers of fields that call what `default=` names; fields of Django and peewee besides, by their module."""
_FACTORIES = {
    "dataclasses.field": "default_factory",
    "pydantic.Field": "default_factory",
    "pydantic.dataclasses.Field": "default_factory",
    "attr.ib": "factory",
    "attr.field": "factory",
    "attrs.field": "factory",
    "sqlmodel.Field": "default_factory",
}
_BASES = {"pydantic.BaseModel": "pydantic:Field", "sqlmodel.SQLModel": "sqlmodel:Field"}
_LEFT = "what is to be made for each record? (a function or lambda in place of the value)"


def detect(node: ast.ClassDef, module: Module) -> Iterator[Fault]:
    """Fields in the class's own body, of libraries that are known to call a default."""
    maker = _maker(node, module)
    for statement in node.body:
        if not isinstance(statement, ast.Assign | ast.AnnAssign) or not isinstance(statement.value, ast.Call):
            continue
        value = statement.value
        given = next((keyword for keyword in value.keywords if keyword.arg == "default"), None)
        if given is not None:
            keyword = _keyword(value, module)
            if keyword:
                yield from _field(given, keyword, module)
        elif maker and isinstance(statement, ast.AnnAssign):
            yield from _plain(statement, value, maker, module)


def _maker(node: ast.ClassDef, module: Module) -> str:
    """What makes a field with a factory where the class's annotations are fields; empty where they are none."""
    for decorator in node.decorator_list:
        if module.resolve(decorator.func if isinstance(decorator, ast.Call) else decorator) == "dataclasses.dataclass":
            return "dataclasses:field"
    return next((_BASES[name] for name in map(module.resolve, node.bases) if name in _BASES), "")


def _keyword(call: ast.Call, module: Module) -> str:
    """The keyword under which the maker of the field takes a function; empty for makers that are not known."""
    name = module.resolve(call.func)
    if name is None:
        return ""
    if name in _CALLED_EACH_TIME or (name.startswith(("django.db.models.", "peewee.")) and name.endswith("Field")):
        return "default"
    return _FACTORIES.get(name, "")


def _field(given: ast.keyword, keyword: str, module: Module) -> Iterator[Fault]:
    asked = asked_at_once(given.value, module)
    if asked is None:
        return
    message = _message(asked)
    function = _function(given.value, module)
    if function is None or (function.startswith("lambda") and _is_django(given, module)):
        yield Fault(given.value, message, left=_LEFT)
        return
    start, _ = module.span(given)
    edits = [Edit(*module.span(given.value), function)]
    if keyword != "default":
        edits.append(Edit(start, start + len("default"), keyword))
    yield Fault(given.value, message, partial(_fix, tuple(edits)))


def _is_django(given: ast.keyword, module: Module) -> bool:
    """Whether the field is one of Django's: its migrations cannot write a lambda down."""
    call = module.parent(given)
    return isinstance(call, ast.Call) and (module.resolve(call.func) or "").startswith("django.")


def _plain(statement: ast.AnnAssign, value: ast.Call, maker: str, module: Module) -> Iterator[Fault]:
    asked = asked_at_once(value, module)
    if asked is None or "ClassVar" in ast.dump(statement.annotation):
        return
    if maker != "dataclasses:field" and isinstance(statement.target, ast.Name) and statement.target.id.startswith("_"):
        return  # no field, but a private attribute of the model
    function = _function(value, module)
    named = reference(module, maker, statement) if function else None
    if named is None:
        yield Fault(value, _message(asked), left=_LEFT)
        return
    edit = Edit(*module.span(value), f"{named.text}(default_factory={function})")
    yield Fault(value, _message(asked), partial(_fix, (edit, *named.edits)))


def _message(asked: str) -> str:
    return f"{asked}() is asked once, when the class is made, and not for each record"


def _function(value: ast.expr, module: Module) -> str | None:
    """The function to name: the callee where nothing is given to it, else a lambda around a call of constants and
    imports; None where other names or a comment are in it."""
    if has_comment(module, value) or value.lineno != value.end_lineno:
        return None
    if isinstance(value, ast.Call) and not value.args and not value.keywords and module.resolve(value.func) in CHANGING:
        return module.source(value.func)
    names = [node for node in ast.walk(value) if isinstance(node, ast.Name)]
    if any(isinstance(node, ast.Await | ast.NamedExpr | ast.Lambda) for node in ast.walk(value)):
        return None
    sure = all(module.resolve(name) is not None and not _in_class(name, module) for name in names)
    return f"lambda: {module.source(value)}" if sure else None


def _in_class(name: ast.Name, module: Module) -> bool:
    found = module.scope(name).find(name.id)
    return found is not None and found[0].is_class


def _fix(edits: tuple[Edit, ...]) -> Fix:
    return Fix(edits)


RULE = Rule(
    name="clock-in-field-default",
    topic="arguments",
    summary="Clock or random generator asked once for all records of a model",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=665,
    nodes=(ast.ClassDef,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    mentions=MENTIONS,
)
