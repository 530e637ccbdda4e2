"""
## What it does
Reports `extractall()` and `extract()` of `tarfile`, and `shutil.unpack_archive()`, without `filter`.

## Why it is bad
A tar archive can hold names such as `../../.ssh/authorized_keys`, absolute names, links that lead out and devices:
whoever made the archive writes where he wants. `filter="data"` refuses them. It is the default from Python 3.14 on;
all patch releases of Python 3.8 to 3.11 since summer 2023 know it too (PEP 706). `zipfile` needs no filter, and
`shutil.unpack_archive` refuses one for zip files, so it is changed only where the archive certainly is a tar.

## Example
```python
import tarfile

def unpack(path, into):
    with tarfile.open(path) as archive:
        archive.extractall(into)
```

## Use instead
```python
import tarfile

def unpack(path, into):
    with tarfile.open(path) as archive:
        archive.extractall(into, filter="data")
```

References: PEP 706; CWE-22.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.arguments import argument, in_f_string, is_constant, spread, text_of
from checks.debugging.source.calls import with_keyword
from checks.debugging.source.edits import Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_ARCHIVES = frozenset({"tarfile.open", "tarfile.TarFile", "tarfile.TarFile.open"})
_TAR = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst")
_SAFE_SINCE = (3, 14)


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """Calls on what certainly is an opened tar archive, and of `shutil.unpack_archive`."""
    function = node.func
    last = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if last not in ("extractall", "extract", "unpack_archive") or module.surroundings.python >= _SAFE_SINCE:
        return
    if spread(node) or argument(node, "filter") is not None:
        return
    if last == "unpack_archive":
        yield from _unpacked(node, module)
        return
    if not isinstance(function, ast.Attribute) or module.origin(function.value) not in _ARCHIVES:
        return
    if b"data_filter" in module.text.data or b"extraction_filter" in module.text.data:
        return  # the filter is chosen elsewhere
    chosen = last == "extractall" and argument(node, "members", 1) is not None
    message = "an archive can hold names and links that lead out of the folder it is unpacked to"
    low = Severity.LOW if module.is_test or (chosen and not is_constant(argument(node, "members", 1), None)) else None
    yield _fault(node, message, low, module)


def _unpacked(node: ast.Call, module: Module) -> Iterator[Fault]:
    if module.resolve(node.func) != "shutil.unpack_archive":
        return
    chosen = text_of(argument(node, "format", 2))
    file = text_of(argument(node, "filename", 0)) or ""
    if chosen == "zip" or (chosen is None and file.endswith(".zip")):
        return
    message = "a tar archive can hold names and links that lead out of the folder it is unpacked to"
    low = Severity.LOW if module.is_test else None
    if (chosen or "").endswith("tar") or (argument(node, "format", 2) is None and file.endswith(_TAR)):
        yield _fault(node, message, low, module)
    else:
        left = "a filter is refused where the archive is a zip: can it be one?"
        yield Fault(node, message, left=left, severity=Severity.LOW)


def _fault(node: ast.Call, message: str, severity: Severity | None, module: Module) -> Fault:
    if module.surroundings.python < (3, 8):
        return Fault(node, message, left="tarfile has filters since Python 3.8", severity=severity)
    if in_f_string(module, node):
        return Fault(node, message, left="it stands inside of an f-string", severity=severity)
    return Fault(node, message, partial(_fix, node, module), severity=severity)


def _fix(node: ast.Call, module: Module) -> Fix | None:
    edit = with_keyword(module, node, "filter", '"data"')
    return Fix((edit,)) if edit else None


RULE = Rule(
    name="archive-extracted-without-filter",
    topic="files",
    summary="Tar archive unpacked without a filter",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=22,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("B202", "S202"),
    mentions=("tarfile", "unpack_archive"),
)
