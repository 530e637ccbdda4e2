"""
## What it does
Reports parsing of XML that is not the program's own with the parsers of the standard library. Where the repository
declares `defusedxml` as a dependency, the fix calls its function of the same name.

## Why it is bad
A small document can define entities that grow to gigabytes, or name files and addresses to be read. Recent versions of
the parser stop the worst of it, older ones do not. `defusedxml` refuses such documents.

## Example
```python
import xml.etree.ElementTree as ET

def names(response):
    return [child.tag for child in ET.fromstring(response.text)]
```

## Use instead
```python
import defusedxml.ElementTree

def names(response):
    return [child.tag for child in defusedxml.ElementTree.fromstring(response.text)]
```

References: Python documentation, "XML Processing Modules: XML vulnerabilities"; CWE-611, CWE-776.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.injection.text.values import constant, from_outside
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.imports import reference
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_ROOMS = {
    "xml.etree.ElementTree": ("ElementTree", ("parse", "iterparse", "fromstring", "XML")),
    "xml.etree.cElementTree": ("ElementTree", ("parse", "iterparse", "fromstring", "XML")),
    "xml.dom.minidom": ("minidom", ("parse", "parseString")),
    "xml.dom.pulldom": ("pulldom", ("parse", "parseString")),
    "xml.dom.expatbuilder": ("expatbuilder", ("parse", "parseString")),
    "xml.sax": ("sax", ("parse", "parseString", "make_parser")),
}
_TARGETS = {f"{room}.{name}": f"defusedxml.{other}:{name}" for room, (other, names) in _ROOMS.items() for name in names}
_LAST = frozenset(target.rpartition(".")[2] for target in _TARGETS)
_ALONE = ("source", "text", "file", "string", "stream_or_string", "events", "handler", "errorHandler", "error_handler")


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """Calls that parse a document: one from the network is worse than a file, the program's own is no fault."""
    function = node.func
    if isinstance(function, ast.Attribute):
        if function.attr not in _LAST:
            return
    elif not isinstance(function, ast.Name):
        return
    name = module.resolve(function)
    if name not in _TARGETS or name is None:
        return
    document = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg in _ALONE), None)
    if document is not None and _own(document, module):
        return
    outside = document is not None and from_outside(document, module)
    severity = Severity.INFO if module.is_test else Severity.MEDIUM if outside else Severity.LOW
    message = "a document can hold entities that grow without end or name other files"
    left = _obstacle(node, name, module)
    yield Fault(node, message, None if left else partial(_fix, node, name, module), left=left, severity=severity)


def _own(document: ast.expr, module: Module) -> bool:
    """Whether the document is a literal, or made by the same program just before."""
    if constant(document, module) is not None:
        return not isinstance(document, ast.Constant) or document.value is not None
    if isinstance(document, ast.Constant):
        return True
    last = (module.origin(document) or "").rpartition(".")[2]
    if isinstance(document, ast.Call):
        function = document.func
        last = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if last in ("encode", "StringIO", "BytesIO", "decode"):
            inner = function.value if last in ("encode", "decode") and isinstance(function, ast.Attribute) else None
            inner = document.args[0] if inner is None and document.args else inner
            return inner is not None and _own(inner, module)
    return last in ("tostring", "toxml", "toprettyxml", "unparse", "dumps")


def _obstacle(node: ast.Call, name: str, module: Module) -> str:
    declared = module.surroundings.distributions
    if declared is None or "defusedxml" not in declared:
        return "defusedxml is not a declared dependency"
    if any(k.arg not in _ALONE for k in node.keywords) or any(isinstance(a, ast.Starred) for a in node.args):
        return "defusedxml does not know all arguments of the call"
    if len(node.args) > (3 if name.startswith("xml.sax") else 2 if name.endswith("iterparse") else 1):
        return "a parser of its own is given"
    if any(isinstance(ancestor, ast.JoinedStr) for ancestor in module.ancestors(node)):
        return "the call stands in an f-string"
    if reference(module, _TARGETS[name], at=node) is None:
        return "defusedxml cannot be imported here without doubt"
    return ""


def _fix(node: ast.Call, name: str, module: Module) -> Fix | None:
    named = reference(module, _TARGETS[name], at=node)
    if named is None:
        return None
    start, end = module.span(node.func)
    return Fix((Edit(start, end, named.text), *named.edits))


RULE = Rule(
    name="xml-parsed-without-defusedxml",
    topic="injection",
    summary="XML parsed by the standard library",
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    cwe=611,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=tuple(f"{letter}{number}" for letter in "BS" for number in range(313, 320)),
    mentions=("xml",),
)
