"""
## What it does
Reports loading by `pickle`, `dill`, `marshal`, `shelve`, `jsonpickle`, `joblib`, `torch.load(weights_only=False)`,
`pandas.read_pickle` and `numpy.load(allow_pickle=True)`. What the same program has just dumped is no fault.

## Why it is bad
A pickle is a program: loading it calls whatever it names. Data from a network, an upload, a shared folder or a cache
that others can write runs their code. No fix is offered, since another format changes what is stored.

## Example
```python
import pickle

def receive(request):
    return pickle.loads(request.body)
```

## Use instead
```python
import json

def receive(request):
    return json.loads(request.body)
```

References: Python documentation, "pickle" (warning at the top); CWE-502.
"""

import ast
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.injection.text.values import constant, from_outside
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_PICKLES = ("pickle", "_pickle", "cPickle", "dill", "cloudpickle", "marshal")
_TEXTS = frozenset({f"{library}.loads" for library in _PICKLES} | {"jsonpickle.decode", "jsonpickle.unpickler.decode"})
_FILES = frozenset(
    {
        f"{library}.{name}"
        for library in _PICKLES
        for name in ("load", "Unpickler")
        if (library, name) != ("marshal", "Unpickler")
    }
    | {"pandas.read_pickle", "pandas.io.pickle.read_pickle", "joblib.load"}
)
_SHELVES = frozenset({"shelve.open", "shelve.DbfilenameShelf", "shelve.Shelf", "shelve.BsdDbShelf"})
_FLAGGED = {"torch.load": ("weights_only", False), "numpy.load": ("allow_pickle", True)}
_LAST = frozenset(name.rpartition(".")[2] for name in (*_TEXTS, *_FILES, *_SHELVES, *_FLAGGED))
_DUMPS = ("dumps", "encode", "tobytes")


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """Loading; how bad depends on where the data come from."""
    function = node.func
    if isinstance(function, ast.Attribute):
        if function.attr not in _LAST:
            return
    elif not isinstance(function, ast.Name):
        return
    name = module.resolve(function)
    if name is None:
        return
    if name in _FLAGGED:
        keyword, value = _FLAGGED[name]
        if not any(
            k.arg == keyword and isinstance(k.value, ast.Constant) and k.value.value is value for k in node.keywords
        ):
            return
    elif name not in _TEXTS and name not in _FILES and name not in _SHELVES:
        return
    data = node.args[0] if node.args else node.keywords[0].value if node.keywords else None
    if data is None or (name in _TEXTS and _own(data, module)):
        return
    library = name.partition(".")[0]
    severity = Severity.MEDIUM if name in _TEXTS and not _written(library, module) else Severity.LOW
    if module.is_test:
        severity = Severity.INFO
    elif from_outside(data, module):
        severity = Severity.HIGH
    message = f"{name} runs whatever the data name: who can write them runs code here"
    yield Fault(node, message, left="who can write these data, and need they be Python objects?", severity=severity)


def _written(library: str, module: Module) -> bool:
    """Whether the file writes such data itself: most of the time they are a cache or a store of its own."""
    return library != "marshal" and any(
        isinstance(node, ast.Call) and module.resolve(node.func) in (f"{library}.dumps", f"{library}.dump")
        for node in module.nodes
    )


def _own(data: ast.expr, module: Module) -> bool:
    """Whether the data were dumped by the same program, in sight, or are a literal."""
    if isinstance(data, ast.Constant) or constant(data, module) is not None:
        return True
    if isinstance(data, ast.Call):
        function = data.func
        return (function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")) in _DUMPS
    if isinstance(data, ast.Name):
        bindings = module.bindings(data)
        return bool(bindings) and all(
            b.kind == "assign" and b.value is not None and not isinstance(b.value, ast.Name) and _own(b.value, module)
            for b in bindings
        )
    return False


RULE = Rule(
    name="unsafe-deserialisation",
    topic="injection",
    summary="Data loaded that can run code",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=502,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="never",
    aliases=("B301", "B302", "B614", "S301", "S302"),
    mentions=("pickle", "dill", "marshal", "shelve", "joblib", "torch", "numpy"),
)
