"""Dangerous calls in one Python file, and functions handed on that are as dangerous as their call."""

import ast
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.debugging.analyse import place as place_of
from checks.debugging.source.module import Module
from checks.model.findings import Severity
from checks.validation.patterns import callables, hidden, places
from checks.validation.patterns.names import Meanings, Names
from checks.validation.patterns.places import Place
from checks.validation.patterns.rows import Row, row
from checks.validation.patterns.table import BY_RULE, Fails, sentence

_RUN_BY_ALL = re.compile(r"(^|/)(setup|conftest|sitecustomize|usercustomize|noxfile|hatch_build)\.py$")
_REACHING = frozenset({"dangerous-network", "dangerous-shell", "dangerous-process", "dangerous-eval"})
_WRITING_MODES = re.compile(r"[wax+]")
_WRITERS: dict[str, int] = {
    "os.makedirs": 0, "os.mkdir": 0, "os.chmod": 0, "os.chown": 0, "os.truncate": 0, "os.symlink": 1, "os.link": 1,
    "os.rename": 1, "os.replace": 1, "shutil.copy": 1, "shutil.copy2": 1, "shutil.copyfile": 1, "shutil.copytree": 1,
    "shutil.move": 1, "os.mkfifo": 0, "os.mknod": 0,
}  # fmt: skip
"""Functions that write, and which of their arguments says where."""
_PATH_WRITERS = frozenset(
    {"write_text", "write_bytes", "touch", "mkdir", "symlink_to", "hardlink_to", "rename", "replace", "chmod"}
)
_OPENERS = frozenset({"builtins.open", "io.open", "codecs.open", "os.fdopen", "gzip.open", "bz2.open", "lzma.open"})
_LISTING = frozenset({"glob", "iglob", "rglob", "listdir", "scandir", "walk", "iterdir"})
_DESTROYING = re.compile(r"\brm\s+(-\w+\s+)*-\w*[rR]\w*f?|\bmkfs|\bdd\b.*\bof=/dev|>\s*/dev/(sd|nvme|hd)|:\(\)\s*\{")


@dataclass(frozen=True, slots=True)
class Hit:
    """One dangerous thing at a node. `seen` begins the sentence that is said of it."""

    rule: str
    node: ast.AST
    severity: Severity
    fails: Fails
    seen: str


def look(module: Module) -> Iterator[Row]:
    """The rows of one file. In tests nothing weighs more than a hint, but for what is hidden."""
    names = Names(module)
    for node in module.nodes:
        for hit in _hits(node, module, names):
            yield _row(_weighed(hit, module), module)


def _hits(node: ast.AST, module: Module, names: Names) -> Iterator[Hit]:
    if isinstance(node, ast.Call):
        meanings = names.meanings(node.func)
        concealed = hidden.of_call(node, module, names, meanings)
        if concealed:
            yield _hit("dangerous-hidden-code", node, concealed)
        else:
            yield from _of_call(node, module, names, meanings)
    elif isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Load):
        parent = module.parent(node)
        called = isinstance(parent, ast.Call) and parent.func is node
        if not called and not isinstance(parent, ast.Attribute) and _is_new_name(node, module):
            named = callables.AS_VALUE.first(names.meanings(node))
            if named:
                yield _as_value(node, named, parent)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 300:
        if _names_credentials(node.value, module.parent(node)):
            yield _hit("dangerous-credentials", node, "a place where credentials are kept is named")


def _names_credentials(text: str, parent: ast.AST | None) -> bool:
    if text in places.KEPT:
        joined = isinstance(parent, ast.Call) and getattr(parent.func, "attr", "") in ("join", "joinpath")
        return joined or (isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Div))
    return places.CREDENTIALS.search(text) is not None and not isinstance(parent, ast.Expr)


def _is_new_name(node: ast.Attribute | ast.Name, module: Module) -> bool:
    """Whether a name says itself what it means: one that was given a value was seen where it was given."""
    if isinstance(node, ast.Attribute):
        return True
    bindings = module.bindings(node)
    return not bindings or any(binding.kind == "import" for binding in bindings)


def _hit(rule: str, node: ast.AST, seen: str, severity: Severity | None = None, fails: Fails | None = None) -> Hit:
    pattern = BY_RULE[rule]
    return Hit(rule, node, severity or pattern.severity, fails or pattern.fails, seen)


def _as_value(node: ast.AST, named: str, parent: ast.AST | None) -> Hit:
    if node in getattr(parent, "decorator_list", ()):
        return _hit("dangerous-hidden-code", node, f"{_short(named)} runs what it decorates")
    rule = next(rule for rule, among in callables.BY_RULE if among.first(frozenset({named})))
    return _hit(rule, node, f"{_short(named)} is handed on", Severity.MEDIUM, Fails.OWN)


def _of_call(node: ast.Call, module: Module, names: Names, meanings: Meanings) -> Iterator[Hit]:
    for rule, among in callables.BY_RULE:
        named = among.first(meanings)
        if named is None:
            continue
        if rule == "dangerous-eval":
            yield _of_eval(node, names, named)
        elif rule in ("dangerous-shell", "dangerous-process"):
            yield _of_command(node, names, named, rule)
        elif rule == "dangerous-deletion":
            yield from _of_deletion(node, module, names, named)
        elif rule == "dangerous-deserialisation":
            yield from _of_deserialisation(node, names, named)
        elif rule == "dangerous-import":
            if not node.args or names.text(node.args[0]) is None:
                yield _hit(rule, node, f"{_short(named)} imports what a name says that varies")
        elif rule == "dangerous-process-control" and callables.MILD.first(frozenset({named})):
            yield _hit(rule, node, f"{_short(named)} is called", Severity.LOW, Fails.NEVER)
        else:
            yield _hit(rule, node, f"{_short(named)} is called")
    yield from _of_method(node, module, names)
    yield from _of_writing(node, names, meanings)


def _of_eval(node: ast.Call, names: Names, named: str) -> Hit:
    first = _argument(node, 0, "source")
    if named == "builtins.compile" and names.text(_argument(node, 2, "mode")) is None:
        return _hit("dangerous-eval", node, "compile makes code of text", Severity.MEDIUM, Fails.OWN)
    if first is not None and names.text(first) is not None:
        seen = f"{_short(named)} runs a text that is written out"
        return _hit("dangerous-eval", node, seen, Severity.LOW, Fails.NEVER)
    return _hit("dangerous-eval", node, f"{_short(named)} runs text as code")


def _of_command(node: ast.Call, names: Names, named: str, rule: str) -> Hit:
    command = _argument(node, 0, "args")
    parts = command.elts if isinstance(command, ast.List | ast.Tuple) else [command]
    texts = [names.text(part) for part in parts[:50]]
    told = " ".join(text for text in texts if text)
    if _DESTROYING.search(told):
        return _hit("dangerous-deletion", node, "a command deletes whole folders or disks", Severity.HIGH, Fails.OWN)
    if len(parts) > 2 and texts[1] == "-c" and texts[2] is None and _is_python(parts[0], texts[0], names):
        return _hit("dangerous-eval", node, f"{_short(named)} starts Python on a text", Severity.MEDIUM, Fails.OWN)
    shell = _keyword(node, "shell")
    if rule == "dangerous-process" and (shell is None or _is_false(shell)):
        if not re.match(r"(/\S*/)?(ba|z|da|k)?sh -\w*c\b|cmd(\.exe)? /c|powershell", told):
            return _hit("dangerous-process", node, f"{_short(named)} starts a program")
    if command is not None and None not in texts:
        seen = f"{_short(named)} gives a shell a command that is written out"
        return _hit("dangerous-shell", node, seen, Severity.MEDIUM)
    return _hit("dangerous-shell", node, f"{_short(named)} gives a shell a command that is put together")


def _is_python(program: ast.expr | None, text: str | None, names: Names) -> bool:
    return "sys.executable" in names.meanings(program) or re.search(r"(^|/)python[\d.]*$", text or "") is not None


def _of_deletion(node: ast.Call, module: Module, names: Names, named: str) -> Iterator[Hit]:
    target = node.args[0] if node.args else _keyword(node, "path")
    if target is None or places.is_temporary(module, target):
        return
    where = places.place(places.beginning(names, target))
    single = callables.MILD.first(frozenset({named})) is not None
    rule, short = "dangerous-deletion", _short(named)
    if where is Place.BROAD and not single:
        yield _hit(rule, node, f"{short} deletes {Place.BROAD.value}", Severity.CRITICAL, Fails.ALWAYS)
    elif where in (Place.OUTSIDE, Place.SENSITIVE):
        yield _hit(rule, node, f"{short} deletes {where.value}", Severity.HIGH)
    elif where is Place.UNKNOWN and (not single or _in_listing(node, module)):
        yield _hit(rule, node, f"{short} deletes what a path says that varies")
    elif where is Place.UNKNOWN:
        yield _hit(rule, node, f"{short} deletes a file by a path that varies", Severity.LOW, Fails.NEVER)


def _in_listing(node: ast.AST, module: Module) -> bool:
    """Whether it is done for each of what a folder holds."""
    for above in module.ancestors(node):
        iterables = [above.iter] if isinstance(above, ast.For | ast.AsyncFor) else []
        if isinstance(above, ast.ListComp | ast.GeneratorExp | ast.SetComp):
            iterables = [generator.iter for generator in above.generators]
        for iterable in iterables:
            function = iterable.func if isinstance(iterable, ast.Call) else None
            if getattr(function, "attr", getattr(function, "id", "")) in _LISTING:
                return True
    return False


def _of_deserialisation(node: ast.Call, names: Names, named: str) -> Iterator[Hit]:
    rule, one = "dangerous-deserialisation", frozenset({named})
    if callables.YAML.first(one):
        loader = _argument(node, 1, "Loader")
        if loader is not None and callables.SAFE_LOADERS.first(names.meanings(loader)):
            return
    if callables.TORCH.first(one) and _is_true(_keyword(node, "weights_only")):
        return
    if callables.NUMPY.first(one) and not _is_true(_keyword(node, "allow_pickle")):
        return
    yield _hit(rule, node, f"{_short(named)} reads objects")


def _of_method(node: ast.Call, module: Module, names: Names) -> Iterator[Hit]:
    """Methods of paths: what they are called on says where."""
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in ("unlink", "rmdir", *_PATH_WRITERS, "open"):
        return
    attr, owner = node.func.attr, node.func.value
    if attr in ("unlink", "rmdir") and isinstance(owner, ast.Name) and _in_listing(node, module):
        yield _hit("dangerous-deletion", node, f"{attr} deletes what a folder holds")
        return
    begins = places.beginning(names, owner)
    if begins is None or names.text(owner) is not None:
        return  # str.replace is none of a path
    if attr in ("unlink", "rmdir"):
        where = places.place(begins)
        if where in (Place.OUTSIDE, Place.SENSITIVE):
            yield _hit("dangerous-deletion", node, f"Path.{attr} deletes {where.value}", Severity.HIGH)
    elif attr in ("rename", "replace"):
        if node.args:
            yield from _written(node, f"Path.{attr}", places.place(places.beginning(names, node.args[0])))
    elif attr != "open" or _WRITING_MODES.search(names.text(_argument(node, 0, "mode")) or ""):
        yield from _written(node, f"Path.{attr}", places.place(begins))


def _of_writing(node: ast.Call, names: Names, meanings: Meanings) -> Iterator[Hit]:
    if meanings & _OPENERS and _WRITING_MODES.search(names.text(_argument(node, 1, "mode")) or ""):
        yield from _written(node, "open", places.place(places.beginning(names, _argument(node, 0, "file"))))
    for name in sorted(meanings & _WRITERS.keys()):
        target = _argument(node, _WRITERS[name], "dst")
        yield from _written(node, _short(name), places.place(places.beginning(names, target)))


def _written(node: ast.Call, by: str, where: Place) -> Iterator[Hit]:
    seen = f"{by} writes to {where.value}"
    if where is Place.SENSITIVE:
        yield _hit("dangerous-write", node, seen, Severity.CRITICAL, Fails.STRANGER)
    elif where is Place.OUTSIDE:
        yield _hit("dangerous-write", node, seen)
    elif where is Place.TEMPORARY:
        yield _hit("dangerous-write", node, seen, Severity.LOW, Fails.NEVER)


def _argument(node: ast.Call, number: int, name: str) -> ast.expr | None:
    return node.args[number] if len(node.args) > number else _keyword(node, name)


def _keyword(node: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in node.keywords if keyword.arg == name), None)


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and not node.value


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and bool(node.value)


def _short(named: str) -> str:
    return named.removeprefix("builtins.")


def _weighed(hit: Hit, module: Module) -> Hit:
    """What runs by merely building or importing weighs more, what only runs in tests less."""
    by_all = _RUN_BY_ALL.search(module.path)
    if hit.rule in _REACHING and hit.severity.rank > 0:
        at_import = not module.scope(hit.node).runs_later
        if by_all and (at_import or by_all[2] == "setup"):
            return _hit(
                "dangerous-import-time", hit.node, f"{hit.seen}, in a file that is run by merely building or testing"
            )
        if at_import and module.path.endswith("__init__.py") and not module.is_test:
            seen = f"{hit.seen}, when the package is imported"
            return _hit("dangerous-import-time", hit.node, seen, Severity.MEDIUM, Fails.OWN)
    if module.is_test and not by_all and hit.fails is not Fails.ALWAYS:
        hint = Severity.LOW if hit.severity.rank >= Severity.HIGH.rank else Severity.INFO
        return Hit(hit.rule, hit.node, hint, Fails.NEVER, hit.seen)
    return hit


def _row(hit: Hit, module: Module) -> Row:
    place = place_of(module.text, hit.node)
    try:
        told = ast.dump(hit.node)
    except RecursionError:
        told = module.source(hit.node)
    key = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
    return row(
        hit.rule,
        place,
        hit.severity,
        hit.fails,
        sentence(BY_RULE[hit.rule], hit.seen),
        text=module.text.line(place[0]),
        scope=module.qualname(hit.node),
        key=f"{hit.rule} {hit.fails} {key}",
        kind=f"{hit.rule} {hit.severity} {hit.fails} {hit.seen}",
    )
