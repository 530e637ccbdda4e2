"""
## What it does
Reports `jinja2.Environment(…)` without `autoescape`, and `jinja2.Template` of a constant text that is HTML. The fix
adds `autoescape=select_autoescape()` where the file itself loads `.html` templates from that environment, and
`autoescape=True` to the template of HTML.

## Why it is bad
Jinja2 escapes nothing unless told to. A value with `<script>` in it becomes part of the page and runs in the browser
of everybody who sees it. `select_autoescape()` escapes in templates named `.html`, `.htm` and `.xml` and no others.

## Example
```python
from jinja2 import Environment, FileSystemLoader

environment = Environment(loader=FileSystemLoader("templates"))

def page(name):
    return environment.get_template("page.html").render(name=name)
```

## Use instead
```python
from jinja2 import Environment, FileSystemLoader, select_autoescape

environment = Environment(loader=FileSystemLoader("templates"), autoescape=select_autoescape())

def page(name):
    return environment.get_template("page.html").render(name=name)
```

References: Jinja2 documentation, "API: Autoescaping"; CWE-79.
"""

import ast
import re
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.injection.text.values import constant
from checks.debugging.source.calls import with_keyword
from checks.debugging.source.edits import Fix
from checks.debugging.source.imports import reference
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_ENVIRONMENTS = frozenset(
    {"jinja2.Environment", "jinja2.environment.Environment", "jinja2.sandbox.SandboxedEnvironment"}
    | {"jinja2.sandbox.ImmutableSandboxedEnvironment"}
)
_TEMPLATES = frozenset({"jinja2.Template", "jinja2.environment.Template"})
_DELIMITERS = re.compile(r"(block|variable|comment)_(start|end)_string|line_(statement|comment)_prefix")
_MARKUP = re.compile(
    r"<(html|head|body|div|span|p|a|ul|li|table|tr|td|h[1-6]|form|input|title|script|b|i|br|img)[\s>/]", re.I
)
_READY = re.compile(rb"markdown|docutils|mistune|nbconvert|publish_parts|pygments|to_html|Markup\b|bleach|json|svg")
_READY_VALUE = re.compile(r"html|svg|body|content|markup|script|css|style|head|snippet|render", re.I)


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """Environments without autoescape, worse where the file says that they make HTML."""
    function = node.func
    last = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if not last or (name := module.resolve(function)) is None:
        return
    if name in _TEMPLATES:
        yield from _template(node, module)
        return
    if name not in _ENVIRONMENTS or any(keyword.arg is None for keyword in node.keywords):
        return
    given = next((keyword.value for keyword in node.keywords if keyword.arg == "autoescape"), None)
    if given is not None and not (isinstance(given, ast.Constant) and given.value is False):
        return
    message = "templates of this environment escape nothing: a value with HTML in it becomes part of the page"
    html = any(_html(n) for n in _loaded(node, module))
    severity = Severity.HIGH if html else Severity.LOW
    if module.is_test:
        severity = Severity.LOW if html else Severity.INFO
    confidence = Confidence.HIGH if html else Confidence.LOW
    left = _obstacle(node, given, html, module)
    fix = None if left else partial(_fix, node, "autoescape", module)
    yield Fault(node, message, fix, left=left, severity=severity, confidence=confidence)


def _template(node: ast.Call, module: Module) -> Iterator[Fault]:
    text = constant(node.args[0], module) if node.args else None
    if text is None or "{{" not in text or not _MARKUP.search(text) or "\\begin{" in text:
        return
    if len(node.args) > 1 or any(keyword.arg in (None, "autoescape") for keyword in node.keywords):
        return
    message = "this template of HTML escapes nothing: a value with HTML in it becomes part of the page"
    holes = re.findall(r"\{\{-?\s*([^}]*?)\s*-?\}\}", text)
    doubt = bool(_READY.search(module.text.data)) or any(
        not _NAME.fullmatch(h) or _READY_VALUE.search(h) for h in holes
    )
    if all(re.search(r"\|\s*(e|escape|forceescape)\b", hole) for hole in holes):
        return
    severity = Severity.LOW if module.is_test or doubt else Severity.MEDIUM
    fix = None if doubt else partial(_fix, node, "", module)
    yield Fault(node, message, fix, left=_READY_MADE if doubt else "", severity=severity)


_NAME = re.compile(r"[\w.]+")
_READY_MADE = "values may be HTML or script already, which would then be escaped"


def _obstacle(node: ast.Call, given: ast.expr | None, html: bool, module: Module) -> str:
    if given is not None:
        return "autoescape=False was written on purpose: are these templates never HTML?"
    if any(_DELIMITERS.fullmatch(keyword.arg or "") for keyword in node.keywords) or len(node.args) > 1:
        return "the delimiters say that the templates are not HTML"
    if not html:
        return "no template's name in this file says that they are HTML"
    if not all(_html(name) for name in _loaded(node, module)):
        return "other texts than HTML are made of this environment too"
    if b"from_string" in module.text.data:
        return "strings are templates here too: are they HTML?"
    if _READY.search(module.text.data) or any(_READY_VALUE.search(name) for name in _given(module)):
        return _READY_MADE
    if reference(module, "jinja2:select_autoescape", at=node) is None:
        return "select_autoescape cannot be imported here without doubt"
    return ""


def _loaded(node: ast.Call, module: Module) -> list[str]:
    """Names of the templates that the file loads from any environment."""
    names = []
    for other in module.nodes:
        if isinstance(other, ast.Call) and isinstance(other.func, ast.Attribute) and other.args:
            if other.func.attr in ("get_template", "select_template", "get_or_select_template"):
                name = constant(other.args[0], module)
                names.append(name if name is not None else _end(other.args[0]))
    return names


def _given(module: Module) -> list[str]:
    """Names under which the file gives values to templates."""
    return [
        keyword.arg or ""
        for other in module.nodes
        if isinstance(other, ast.Call) and isinstance(other.func, ast.Attribute)
        if other.func.attr in ("render", "render_async", "stream", "generate", "dict")
        for keyword in other.keywords
    ]


def _end(node: ast.expr) -> str:
    """The literal end of a name that is built."""
    if isinstance(node, ast.JoinedStr) and node.values:
        node = node.values[-1]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        node = node.right
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _html(name: str) -> bool:
    return name.removesuffix(".j2").removesuffix(".jinja2").removesuffix(".jinja").endswith((".html", ".htm", ".xhtml"))


def _fix(node: ast.Call, how: str, module: Module) -> Fix | None:
    if not how:
        edit = with_keyword(module, node, "autoescape", "True")
        return Fix((edit,)) if edit else None
    named = reference(module, "jinja2:select_autoescape", at=node)
    if named is None:
        return None
    edit = with_keyword(module, node, "autoescape", f"{named.text}()")
    return Fix((edit, *named.edits)) if edit else None


RULE = Rule(
    name="jinja2-without-autoescape",
    topic="injection",
    summary="Jinja2 environment that escapes nothing",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=79,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("B701", "S701"),
    mentions=("jinja2",),
)
