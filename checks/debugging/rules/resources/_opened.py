"""Which calls open a file, and what happens to the file in an expression."""

import ast
import re

from checks.debugging.source.module import Module

_OPENERS = frozenset(
    {"builtins.open", "io.open", "codecs.open", "gzip.open", "bz2.open", "lzma.open", "tarfile.open"}
    | {"zipfile.ZipFile", "gzip.GzipFile", "bz2.BZ2File", "lzma.LZMAFile"}
)
_NAMES = frozenset({"open"} | {name.rpartition(".")[2] for name in _OPENERS})
_DESCRIPTOR = re.compile(
    r"(^|_)(fd|fileno|descriptor|pipe)s?(\d|_|$)|^(r|w|rfd|wfd|stdin|stdout|stderr|[rw]_?pipe)$", re.I
)
_PAIRS = frozenset({"os.pipe", "os.openpty", "pty.openpty", "tempfile.mkstemp", "os.pipe2", "os.forkpty"})
_TEXT = (
    "read",
    "readline",
    "readlines",
    "readinto",
    "write",
    "writelines",
    "seek",
    "tell",
    "truncate",
    "flush",
    "peek",
)
_ARCHIVE = [
    "namelist",
    "infolist",
    "getinfo",
    "extract",
    "extractall",
    "testzip",
    "printdir",
    "writestr",
    "getmembers",
    "getmember",
    "getnames",
    "add",
    "addfile",
]
METHODS = frozenset(
    {*_TEXT, *_ARCHIVE, "isatty", "readable", "writable", "seekable", "read1", "writerow", "writerows", "writeheader"}
)
"""Methods that are done with the file when they return, and whose result does not hold it."""
_EAGER = frozenset(
    {f"{m}.{f}" for m in ("json", "pickle", "marshal", "yaml", "toml", "simplejson") for f in ("load", "dump")}
    | {f"yaml.{f}" for f in ("safe_load", "full_load", "unsafe_load", "safe_dump", "dump_all", "safe_dump_all")}
    | {
        f"builtins.{f}"
        for f in ("list", "tuple", "set", "frozenset", "dict", "sorted", "sum", "any", "all", "max", "min")
    }
    | {"builtins.print", "builtins.next", "builtins.isinstance", "builtins.len", "builtins.repr", "builtins.str"}
    | {"tomllib.load", "tomli.load", "plistlib.load", "plistlib.dump", "shutil.copyfileobj", "hashlib.file_digest"}
    | {"traceback.print_exc", "traceback.print_stack", "pprint.pprint", "collections.Counter", "ast.dump"}
    | {f"subprocess.{f}" for f in ("run", "call", "check_call", "check_output")}
    | {"xml.etree.ElementTree.parse", "email.message_from_file", "email.message_from_binary_file"}
)
_LAZY = frozenset(
    {f"builtins.{f}" for f in ("enumerate", "zip", "map", "filter", "iter")}
    | {"csv.reader", "csv.DictReader", "csv.writer", "csv.DictWriter", "itertools.islice", "itertools.chain"}
)
"""Callables whose result holds the file and is used up later."""


def opens(call: ast.expr | None, module: Module) -> str | None:
    """The dotted name of the opener, where the call certainly opens a file by its path; a file made of a descriptor
    that somebody else may use is not one."""
    if not isinstance(call, ast.Call):
        return None
    function = call.func
    last = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if last not in _NAMES:
        # `from codecs import open as o`
        if not isinstance(function, ast.Name) or not any(b.kind == "import" for b in module.bindings(function)):
            return None
    if any(keyword.arg in (None, "closefd", "fileobj", "opener") for keyword in call.keywords):
        return None
    name = module.resolve(function)
    if name not in _OPENERS:
        if isinstance(function, ast.Attribute) and last == "open" and module.origin(function.value) == "pathlib.Path":
            return "pathlib.Path.open"
        return None
    if not call.args or isinstance(call.args[0], ast.Starred):
        return None
    return name if _path(call.args[0], module) else None


def _path(node: ast.expr, module: Module) -> bool:
    """Whether the first argument is not, as far as can be told, a descriptor or another file."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str | bytes)
    if isinstance(node, ast.Call):
        name = module.resolve(node.func)
        last = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        return name not in ("os.open", "os.dup", "io.BytesIO", "io.StringIO") and last not in ("fileno", "detach")
    if isinstance(node, ast.Name):
        if _DESCRIPTOR.search(node.id):
            return False
        for binding in module.bindings(node):
            made = binding.value
            if binding.kind == "other":
                owner = module.parent(binding.node)
                owner = module.parent(owner) if isinstance(owner, ast.Tuple) else None
                made = owner.value if isinstance(owner, ast.Assign) else None
            if isinstance(made, ast.Constant) and isinstance(made.value, int):
                return False
            if isinstance(made, ast.Call):
                if module.resolve(made.func) in _PAIRS | _OPENERS or not _path(made, module):
                    return False
        return True
    if isinstance(node, ast.Attribute):
        return not _DESCRIPTOR.search(node.attr)
    return not isinstance(node, ast.Subscript) or "pipe" not in ast.dump(node).lower()


def mode(call: ast.Call, opener: str) -> str:
    """The mode as far as it is written: "r" by default, "?" where it is computed."""
    index = 0 if opener == "pathlib.Path.open" else 1
    given: ast.expr | None = call.args[index] if len(call.args) > index else None
    given = next((k.value for k in call.keywords if k.arg == "mode"), given)
    if given is None:
        return "r"
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else "?"


def writes(call: ast.Call, opener: str) -> bool:
    return bool(set(mode(call, opener)) & set("wax+?"))


def used_up(node: ast.expr, module: Module) -> ast.AST | None:
    """The call, loop or comprehension that is done with the file once it is done itself: `file.read()`, `list(file)`,
    `for line in file`. None where the file, or what reads it lazily, goes somewhere else."""
    current: ast.AST = node
    parent = module.parent(current)
    while parent is not None:
        grandparent = module.parent(parent)
        if isinstance(parent, ast.keyword):
            parent = grandparent
            continue
        if isinstance(parent, ast.Attribute):
            if isinstance(grandparent, ast.Call) and grandparent.func is parent:
                return grandparent if parent.attr in METHODS else None
            return parent if parent.attr in ("name", "mode", "closed", "encoding", "line_num", "fieldnames") else None
        if isinstance(parent, ast.For | ast.AsyncFor):
            return parent if current is parent.iter else None
        if isinstance(parent, ast.comprehension):
            if current is not parent.iter or not isinstance(grandparent, ast.expr):
                return None
            if grandparent.generators[0] is not parent:  # type: ignore[attr-defined]  # a comprehension has generators
                return None
            if not isinstance(grandparent, ast.GeneratorExp):
                return grandparent
            current, parent = grandparent, module.parent(grandparent)
            continue
        if not isinstance(parent, ast.Call) or parent.func is current:
            return None
        name = module.resolve(parent.func)
        if name in _EAGER or _joins(parent.func):
            return parent
        if name not in _LAZY:
            return None
        current, parent = parent, grandparent
    return None


def lazy(call: ast.expr, module: Module) -> bool:
    return isinstance(call, ast.Call) and module.resolve(call.func) in _LAZY


def _joins(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and function.attr == "join" and isinstance(function.value, ast.Constant)
