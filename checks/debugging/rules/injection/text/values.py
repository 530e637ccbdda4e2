"""Values that nobody outside of the program can choose: constants, numbers, quoted text."""

import ast
import re

from checks.debugging.rules.injection.text.formatting import Hole, pieces
from checks.debugging.source.module import Module
from checks.debugging.source.scopes import Binding

_CONSTANT = re.compile(r"_*[A-Z][A-Z0-9_]*")
_OF_REQUEST = frozenset({"GET", "POST", "FILES", "META", "COOKIES", "REQUEST", "DATA", "QUERY_PARAMS"})
"""What Django and others name in capitals though visitors choose it."""
_NUMBERS = frozenset(f"builtins.{name}" for name in ("int", "float", "len", "bool", "ord", "hash", "id", "complex"))
_OWN = frozenset({"sys.executable", "os.sep", "os.linesep", "os.curdir", "sys.prefix", "sys.platform", "os.devnull"})
_THROUGH = frozenset({"builtins.str", "builtins.repr", "builtins.min", "builtins.max", "builtins.abs"})
_QUOTING = re.compile(r"quote|escape|identifier|literal(?!_)|hexdigest|getpid|uuid", re.I)
_OUTSIDE = re.compile(
    r"request|upload|socket|\bsock\b|recv|cookie|user_?input|untrusted|query_params|\bform\b|response|webhook|raw_input",
    re.I,
)


def harmless(value: ast.expr, module: Module, depth: int = 5) -> bool:
    """Whether a value is certainly the program's own (or a number, or quoted by a call whose name says so)."""
    if depth == 0:
        return False
    match value:
        case ast.Constant():
            return True
        case ast.Name():
            return _name(value, module, depth)
        case ast.Attribute():
            if value.attr in _OF_REQUEST:
                return False
            return _CONSTANT.fullmatch(value.attr) is not None or module.resolve(value) in _OWN
        case ast.Call():
            return _call(value, module, depth)
        case ast.BinOp(op=ast.Mult(), left=ast.List() | ast.Constant(value=str())):
            return harmless(value.left, module, depth - 1)  # the number of times does not matter
        case ast.BinOp():
            return harmless(value.left, module, depth - 1) and harmless(value.right, module, depth - 1)
        case ast.UnaryOp():
            return harmless(value.operand, module, depth - 1)
        case ast.IfExp():
            return harmless(value.body, module, depth - 1) and harmless(value.orelse, module, depth - 1)
        case ast.BoolOp():
            return all(harmless(item, module, depth - 1) for item in value.values)
        case ast.JoinedStr():
            return all(
                harmless(item.value, module, depth - 1) for item in value.values if isinstance(item, ast.FormattedValue)
            )
        case ast.Tuple() | ast.List() | ast.Set():
            return all(harmless(item, module, depth - 1) for item in value.elts)
        case ast.Starred() | ast.NamedExpr():
            return harmless(value.value, module, depth - 1)
        case ast.ListComp() | ast.GeneratorExp():
            return harmless(value.elt, module, depth - 1)
        case ast.Dict():
            return all(harmless(item, module, depth - 1) for item in value.values)
        case ast.Subscript():
            return harmless(value.value, module, depth - 1)
    return False


def _name(name: ast.Name, module: Module, depth: int) -> bool:
    if name.id in ("__file__", "__name__", "__version__"):
        return True
    bindings = module.bindings(name)
    if not bindings:
        return False
    upper = _CONSTANT.fullmatch(name.id) is not None
    return all((upper and b.kind == "import") or _binding(b, module, depth) for b in bindings)


def _binding(binding: Binding, module: Module, depth: int) -> bool:
    if binding.kind == "param":
        return _numeric_annotation(binding.value, module)
    if binding.value is not None:
        return binding.kind == "assign" and harmless(binding.value, module, depth - 1)
    parent = module.parent(binding.node)
    if isinstance(parent, ast.AugAssign):
        return harmless(parent.value, module, depth - 1)
    if isinstance(parent, ast.For | ast.comprehension) and parent.target is binding.node:
        return harmless(parent.iter, module, depth - 1) or _counts(parent.iter, module)
    return False


def _counts(node: ast.expr, module: Module) -> bool:
    return isinstance(node, ast.Call) and module.resolve(node.func) == "builtins.range"


def _numeric_annotation(annotation: ast.expr | None, module: Module) -> bool:
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        return all(
            (isinstance(side, ast.Constant) and side.value is None) or _numeric_annotation(side, module)
            for side in (annotation.left, annotation.right)
        )
    if isinstance(annotation, ast.Subscript):
        return module.resolve(annotation.value) in ("typing.Literal", "typing_extensions.Literal")
    return annotation is not None and module.resolve(annotation) in _NUMBERS


def _call(call: ast.Call, module: Module, depth: int) -> bool:
    function = call.func
    last = (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )
    if _QUOTING.search(last):
        return True
    name = module.resolve(function)
    if name in _NUMBERS or name == "shlex.join":
        return True
    if name in _THROUGH or (name or "").startswith(("os.path.", "shlex.", "pathlib.")):
        return all(harmless(argument, module, depth - 1) for argument in call.args)
    if isinstance(function, ast.Attribute) and last in ("join", "format", "strip", "upper", "lower", "replace"):
        values = [*call.args, *(keyword.value for keyword in call.keywords)]
        return harmless(function.value, module, depth - 1) and all(harmless(v, module, depth - 1) for v in values)
    return False


def doubtful(node: ast.expr, module: Module) -> list[Hole] | None:
    """The holes of a built text that others may fill; None where the expression builds no text."""
    found = pieces(node)
    if found is None:
        return None
    return [
        piece for piece in found if isinstance(piece, Hole) and not piece.number and not harmless(piece.value, module)
    ]


def constant(node: ast.expr, module: Module) -> str | None:
    """The text that an expression certainly is: a literal, or a name that is given one literal and nothing else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name):
        bindings = module.bindings(node)
        if len(bindings) == 1 and bindings[0].kind == "assign" and isinstance(bindings[0].value, ast.Constant):
            text = bindings[0].value.value
            return text if isinstance(text, str) else None
    return None


def from_outside(node: ast.AST, module: Module) -> bool:
    """Whether names in an expression say that it came over the network or from a user, or its maker is such a call."""
    for inner in ast.walk(node):
        word = inner.id if isinstance(inner, ast.Name) else inner.attr if isinstance(inner, ast.Attribute) else ""
        if word and _OUTSIDE.search(word):
            return True
        if isinstance(inner, ast.Name) and (module.origin(inner) or "").startswith(
            ("requests.", "httpx.", "urllib.request.", "builtins.input", "socket.")
        ):
            return True
    return False
