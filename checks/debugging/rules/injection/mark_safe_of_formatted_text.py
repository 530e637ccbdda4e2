"""
## What it does
Reports text with values in it that is declared safe HTML: `mark_safe(f"…")` of Django and `Markup(f"…")` of
markupsafe, with an f-string, `%`, `.format()` or `+`. The fix lets the library put the values in, escaped:
`format_html("…", value)` and `Markup("…").format(value)`.

## Why it is bad
The values are declared safe with the text around them. A value with `<script>` in it becomes part of the page and runs
in the browser of everybody who sees it.

## Example
```python
from markupsafe import Markup

def greeting(user):
    return Markup(f"<b>{user}</b>")
```

## Use instead
```python
from markupsafe import Markup

def greeting(user):
    return Markup("<b>{}</b>").format(user)
```

References: markupsafe documentation, "HTML Representations"; Django documentation, "format_html"; CWE-79.
"""

import ast
import re
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.injection.text.formatting import Hole, built, pieces
from checks.debugging.rules.injection.text.spots import literals, spots, without_prefix
from checks.debugging.rules.injection.text.values import harmless
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.imports import Reference, reference
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_MARKUP = frozenset({"markupsafe.Markup", "flask.Markup", "jinja2.Markup", "jinja2.utils.markupsafe.Markup"})
_MARK_SAFE = frozenset({"django.utils.safestring.mark_safe", "django.utils.safestring.SafeString"})
_SAFE = _MARKUP | _MARK_SAFE | {"django.utils.html.format_html", "django.utils.html.format_html_join"}
_WORD = re.compile(
    r"html|markup|markdown|render|body|content|inner|tags?$|attr|child|svg|script|css|style|widget|safe|"
    r"escape|icon|block|frag|snippet|rows|cells|items|buttons?|links?$|out(put)?$|parts|img|image_tag",
    re.I,
)


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """Calls with a built text of which a value is neither the program's own nor escaped already."""
    if len(node.args) != 1 or node.keywords or not built(node.args[0]):
        return
    name = module.resolve(node.func)
    if name not in _MARKUP and name not in _MARK_SAFE:
        return
    text = node.args[0]
    found = pieces(text)
    if found is None:
        return
    holes = [piece for piece in found if isinstance(piece, Hole)]
    faulty = [hole for hole in holes if not hole.number and not harmless(hole.value, module)]
    faulty = [hole for hole in faulty if not _safe(hole.value, module)]
    if not faulty:
        return
    message = "the values in this text are declared to be safe HTML with it"
    doubt = any(_ready(hole.value, module) for hole in faulty)
    severity = Severity.LOW if module.is_test or doubt else None
    left = "a value may be HTML already, which would then be escaped" if doubt else ""
    if not left and name in _MARK_SAFE and reference(module, "django.utils.html:format_html", at=node) is None:
        left = "format_html cannot be imported here without doubt"
    if not left and _edits(node, text, name in _MARKUP, module) is None:
        left = "the text cannot be rewritten for sure"
    fix = None if left else partial(_fix, node, text, name in _MARKUP, module)
    yield Fault(node, message, fix, left=left, severity=severity, confidence=Confidence.LOW if doubt else None)


def _safe(value: ast.expr, module: Module) -> bool:
    return module.origin(value) in _SAFE


def _ready(value: ast.expr, module: Module) -> bool:
    """Whether a value may be HTML on purpose: by its name, by what it is given, or as the result of an unknown call."""
    for inner in ast.walk(value):
        word = inner.id if isinstance(inner, ast.Name) else inner.attr if isinstance(inner, ast.Attribute) else ""
        if word and _WORD.search(word):
            return True
    if isinstance(value, ast.Call):
        name = module.resolve(value.func)
        return name not in ("builtins.str",) and not _plain_method(value.func)
    if isinstance(value, ast.Name):
        return any(
            binding.kind != "param"
            and (
                binding.value is None
                or built(binding.value)
                or isinstance(binding.value, ast.Constant)
                or _ready(binding.value, module)
            )
            for binding in module.bindings(value)
        )
    return not isinstance(value, ast.Attribute | ast.Subscript)


def _plain_method(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and function.attr in (
        "lower",
        "upper",
        "strip",
        "title",
        "get",
        "isoformat",
    )


def _fix(node: ast.Call, text: ast.expr, markup: bool, module: Module) -> Fix | None:
    edits = _edits(node, text, markup, module)
    return Fix(edits) if edits is not None else None


def _edits(node: ast.Call, text: ast.expr, markup: bool, module: Module) -> tuple[Edit, ...] | None:
    data = module.text.data
    opening = data[module.span(node.func)[1] : module.span(text)[0]]
    closing = data[module.span(text)[1] : module.span(node)[1]]
    if opening.strip() != b"(" or not re.fullmatch(rb"\s*,?\s*\)", closing):
        return None
    if any(isinstance(ancestor, ast.JoinedStr) for ancestor in module.ancestors(node)) or _in_script(text):
        return None
    named = Reference("") if markup else reference(module, "django.utils.html:format_html", at=node)
    if named is None:
        return None
    own = () if markup else (Edit(*module.span(node.func), named.text), *named.edits)
    if isinstance(text, ast.JoinedStr):
        return _of_f_string(node, text, markup, own, module)
    if isinstance(text, ast.Call) and isinstance(text.func, ast.Attribute):
        return _of_format(node, text, markup, own, module)
    if isinstance(text, ast.BinOp) and isinstance(text.op, ast.Mod):
        return _of_percent(node, text, markup, own, module)
    return None


def _in_script(text: ast.expr) -> bool:
    words = "".join(piece for piece in pieces(text) or () if isinstance(piece, str)).lower()
    return "<script" in words or "<style" in words or "javascript:" in words


def _of_f_string(
    node: ast.Call, text: ast.JoinedStr, markup: bool, own: tuple[Edit, ...], module: Module
) -> tuple[Edit, ...] | None:
    places, prefixes, tokens = spots(module, text), without_prefix(module, text, []), literals(module, text)
    if not places or prefixes is None or tokens is None:
        return None
    if any(
        "f" not in t.prefix.lower() and re.search(rb"[{}]", module.text.data[t.opening : t.closing]) for t in tokens
    ):
        return None
    holes = tuple(Edit(spot.start, spot.end, "{}") for spot in places)
    values = ", ".join(spot.source for spot in places)
    end = module.span(node)[1]
    if markup:
        return (*own, *prefixes, *holes, Edit(end, end, f".format({values})"))
    end = module.span(text)[1]
    return (*own, *prefixes, *holes, Edit(end, end, f", {values}"))


def _of_format(
    node: ast.Call, text: ast.Call, markup: bool, own: tuple[Edit, ...], module: Module
) -> tuple[Edit, ...] | None:
    """`Markup("…".format(x))` to `Markup("…").format(x)`: the arguments stay as they are written."""
    function = text.func
    if not isinstance(function, ast.Attribute) or text.lineno != text.end_lineno or spots(module, text) is None:
        return None
    literal = module.span(function.value)[1]
    data = module.text.data
    dot = data[literal : module.span(function)[1]]
    arguments = data[module.span(function)[1] : module.span(text)[1]].decode("utf-8")
    if dot != b".format" or not (text.args or text.keywords) or not arguments.startswith("("):
        return None
    if markup:
        end = module.span(node)[1]
        return (*own, Edit(literal, module.span(text)[1], ""), Edit(end, end, f".format{arguments}"))
    return (*own, Edit(literal, module.span(text)[1], ", " + arguments[1:-1].strip()))


def _of_percent(
    node: ast.Call, text: ast.BinOp, markup: bool, own: tuple[Edit, ...], module: Module
) -> tuple[Edit, ...] | None:
    """`Markup("…%s…" % x)` to `Markup("…%s…") % x`; for format_html `%s` becomes `{}`."""
    places = spots(module, text)
    if places is None or text.lineno != text.end_lineno or not places:
        return None
    left, end = module.span(text.left)[1], module.span(text)[1]
    data = module.text.data
    if not re.fullmatch(rb" ?% ?", data[left : module.span(text.right)[0]]):
        return None
    if markup:
        if not isinstance(module.parent(node), ast.Assign | ast.Return | ast.Expr | ast.Call | ast.keyword):
            return None
        if isinstance(parent := module.parent(node), ast.Call) and parent.func is node:
            return None
        last = module.span(node)[1]
        return (*own, Edit(left, end, ""), Edit(last, last, data[left:end].decode("utf-8")))
    if not isinstance(text.right, ast.Tuple):
        return None  # `% x` unpacks x where it is a tuple
    if any(isinstance(piece, str) and re.search(r"[{}]", piece) for piece in pieces(text) or ()):
        return None
    holes = tuple(Edit(spot.start, spot.end, "{}") for spot in places)
    return (*own, *holes, Edit(left, end, ", " + ", ".join(spot.source for spot in places)))


RULE = Rule(
    name="mark-safe-of-formatted-text",
    topic="injection",
    summary="Values declared to be safe HTML",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=79,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("B308", "B703", "B704", "S308", "S704"),
    mentions=("mark_safe", "Markup", "SafeString"),
)
