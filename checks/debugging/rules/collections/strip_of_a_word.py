"""
## What it does
Reports `strip`, `lstrip` and `rstrip` with a word or an ending: `url.lstrip("http://")`, `name.rstrip(".txt")`.

## Why it is bad
The argument is a set of characters, not a word: `"text.txt".rstrip(".txt")` gives `"te"`.

## Example
```python
def stem(name):
    return name.rstrip(".txt")
```

## Use instead
```python
def stem(name):
    return name.removesuffix(".txt")
```

References: PEP 616; CWE-628.
"""

import ast
import re
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_NEW = {"lstrip": "removeprefix", "rstrip": "removesuffix"}
_PREFIX = re.compile(r"[a-z][a-z+]+://?/?\S*|www\.\S*|[A-Za-z][\w./-]{2,}[/_.:-]|</?[a-z]+>")
_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}(?:\.[a-z0-9]{2,4})?|[-_/.][A-Za-z][\w-]{2,}/?|</?[a-z]+>|\.git/?")
_WORD = re.compile(r"[^\w\s]{0,3}[A-Za-z]{4,}[\w ./:-]*\W{0,3}")
_VOWELS = frozenset("aeiouyAEIOUY")


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """Constant arguments that read as a beginning, an ending or a word; sets of characters are meant as such."""
    function = node.func
    if not isinstance(function, ast.Attribute) or function.attr not in ("strip", "lstrip", "rstrip"):
        return
    if len(node.args) != 1 or node.keywords or not isinstance(node.args[0], ast.Constant):
        return
    value = node.args[0].value
    word = value.decode("latin-1") if isinstance(value, bytes) else value
    if not isinstance(word, str) or len(word) < 3 or not _is_word(word, function.attr):
        return
    message = f"{function.attr}({module.source(node.args[0])}) strips any of these characters, not this word"
    new = _NEW.get(function.attr)
    if new is None:
        left = "is a word at the beginning meant, at the end, or both?"
    elif isinstance(function.value, ast.Attribute) and function.value.attr == "str":
        left = "columns of pandas have their own methods"
    elif module.surroundings.python < (3, 9):
        left = f"{new} is there since Python 3.9 only"
    elif not (_PREFIX if new == "removeprefix" else _SUFFIX).fullmatch(word):
        left = "is the whole word meant?"
    else:
        _, end = module.span(function)
        edit = Edit(end - len(function.attr), end, new)
        yield Fault(node, message, partial(_fix, edit))
        return
    yield Fault(node, message, left=left)


def _is_word(text: str, method: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    if len(letters) < 2 or "\\" in text or any(c.isspace() and c != " " for c in text):
        return False
    if len({c.lower() for c in letters}) < len(set(letters)) or _is_run(letters, method == "rstrip" and text[0] == "."):
        return False  # "xX", "abcdef": a set
    if method != "rstrip" and _PREFIX.fullmatch(text):
        return True
    if method != "lstrip" and _SUFFIX.fullmatch(text):
        return True
    return _WORD.fullmatch(text) is not None and bool(set(letters) & _VOWELS) and not set(letters) <= _VOWELS


def _is_run(letters: list[str], ending: bool) -> bool:
    """Whether the letters are in the order of the alphabet, as in a set that somebody wrote down; those of an ending
    (`.csv`, `.git`, `.bin`) only where none is left out."""
    if len(letters) < 3 or letters != sorted(set(letters)):
        return False
    return not ending or ord(letters[-1]) - ord(letters[0]) == len(letters) - 1


def _fix(edit: Edit) -> Fix:
    return Fix((edit,))


RULE = Rule(
    name="strip-of-a-word",
    topic="collections",
    summary="Word given to strip, which takes a set of characters",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=628,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("B005",),
    mentions=("strip(",),
)
