"""
## What it does
Reports `yaml.load` and `yaml.load_all` with any of PyYAML's loaders but SafeLoader, `unsafe_load` and `full_load`. The
fix is `yaml.safe_load` (`Loader=yaml.CSafeLoader` where a loader in C was asked for).

## Why it is bad
A document for these loaders can name Python objects (`!!python/object/apply:os.system`), which are made while it is
read: whoever writes the document runs code. FullLoader refuses most of that and has been broken before.

## Example
```python
import yaml

def settings(path):
    with open(path) as file:
        return yaml.load(file, Loader=yaml.Loader)
```

## Use instead
```python
import yaml

def settings(path):
    with open(path) as file:
        return yaml.safe_load(file)
```

References: PyYAML documentation, "Loading YAML"; CVE-2020-14343; CWE-502.
"""

import ast
import re
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.calls import rewritten, with_keyword
from checks.debugging.source.edits import Fix
from checks.debugging.source.imports import reference
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_LOADS = {
    "yaml.load": "safe_load",
    "yaml.unsafe_load": "safe_load",
    "yaml.full_load": "safe_load",
    "yaml.load_all": "safe_load_all",
    "yaml.unsafe_load_all": "safe_load_all",
    "yaml.full_load_all": "safe_load_all",
}
_FULL = ("yaml.FullLoader", "yaml.loader.FullLoader", "yaml.CFullLoader", "yaml.cyaml.CFullLoader")
_UNSAFE = ("yaml.Loader", "yaml.UnsafeLoader", "yaml.loader.Loader", "yaml.loader.UnsafeLoader")
_IN_C = ("yaml.CLoader", "yaml.CUnsafeLoader", "yaml.CFullLoader", "yaml.cyaml.CLoader", "yaml.cyaml.CFullLoader")
_TAGS = re.compile(
    rb"add_(multi_)?constructor|add_(implicit|path)_resolver|YAMLObject|!!python|yaml_constructors|!!set|python/tuple"
)
_WRITES = re.compile(rb"\byaml\s*\.\s*dump(_all)?\s*\(|from yaml import [^\n]*\bdump\b")


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """Calls that certainly reach PyYAML, with a loader that is certainly one of its own and not a safe one."""
    function = node.func
    last = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if not last or (name := module.resolve(function)) not in _LOADS or name is None:
        return
    if not node.args and not any(k.arg == "stream" for k in node.keywords):
        return
    if any(k.arg is None for k in node.keywords) or any(isinstance(a, ast.Starred) for a in node.args):
        return
    loader = _loader(node)
    meanings = _meanings(loader, module) if loader is not None else set()
    if loader is not None and (not meanings or not meanings <= {*_FULL, *_UNSAFE, *_IN_C}):
        return
    full = meanings <= {*_FULL} if loader is not None else name.startswith("yaml.full")
    message = "a document can name Python objects that are made while it is read"
    severity = Severity.LOW if full or module.is_test else None
    left = _obstacle(node, name, meanings, module)
    yield Fault(node, message, None if left else partial(_fix, node, name, module), left=left, severity=severity)


def _loader(node: ast.Call) -> ast.expr | None:
    if len(node.args) > 1:
        return node.args[1]
    return next((keyword.value for keyword in node.keywords if keyword.arg == "Loader"), None)


def _meanings(loader: ast.expr, module: Module) -> set[str]:
    """All that the loader may be; empty where one of them is unknown."""
    name = module.resolve(loader)
    if name is not None:
        return {name}
    if not isinstance(loader, ast.Name):
        return set()
    bindings = module.bindings(loader)
    return {b.qualified for b in bindings} if all(b.kind == "import" for b in bindings) else set()


def _obstacle(node: ast.Call, name: str, meanings: set[str], module: Module) -> str:
    if _TAGS.search(module.text.data):
        return "this file knows constructors or python tags, which a safe loader refuses"
    if _WRITES.search(module.text.data):
        return "this file writes with yaml.dump, which puts python tags for tuples and objects"
    if len(meanings) > 1:
        return "the loader is chosen while importing: take CSafeLoader and SafeLoader there"
    if len(node.args) > 2 or any(keyword.arg not in ("Loader", "stream") for keyword in node.keywords):
        return "the call has arguments that safe_load does not know"
    if reference(module, f"yaml:{_LOADS[name]}", at=node) is None:
        return "the safe function cannot be imported here without doubt"
    if _fix(node, name, module) is None:
        return "a comment belongs to the argument, or the call stands in an f-string"
    return ""


def _fix(node: ast.Call, name: str, module: Module) -> Fix | None:
    loader = _loader(node)
    if loader is not None and module.resolve(loader) in _IN_C:
        return _in_c(node, loader, module)
    named = reference(module, f"yaml:{_LOADS[name]}", at=node)
    if named is None:
        return None

    import libcst as cst  # late: only a fix needs it

    from checks.debugging.source.concrete import without

    def change(tree: cst.BaseExpression) -> cst.BaseExpression | None:
        if not isinstance(tree, cst.Call):
            return None
        if len(tree.args) > 1 and tree.args[1].keyword is None:
            tree = tree.with_changes(args=[tree.args[0], tree.args[1].with_changes(keyword=cst.Name("Loader"))])
        bare = without(tree, "Loader") if loader is not None else tree
        return None if bare is None else bare.with_changes(func=cst.parse_expression(named.text))

    edit = rewritten(module, node, change)
    return Fix((edit, *named.edits)) if edit else None


def _in_c(node: ast.Call, loader: ast.expr, module: Module) -> Fix | None:
    named = reference(module, "yaml:CSafeLoader", at=node)
    if named is None or len(node.args) > 1:
        return None
    edit = with_keyword(module, node, "Loader", named.text)
    return Fix((edit, *named.edits)) if edit else None


RULE = Rule(
    name="yaml-load-without-safe-loader",
    topic="injection",
    summary="YAML document that can make Python objects",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=502,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("B506", "S506"),
    mentions=("yaml",),
)
