"""Annotations as text, written alike where they mean the same."""

import ast

_OLD = {"List": "list", "Dict": "dict", "Set": "set", "FrozenSet": "frozenset", "Tuple": "tuple", "Type": "type"}
DEEPEST = 30


def plain(node: ast.expr | None) -> str | None:
    """`Optional[int]`, `"int | None"` and `t.Union[None, int]` as one text; None where there is no annotation. Raises
    RecursionError, ValueError as `ast.unparse` does."""
    return None if node is None else _text(node, DEEPEST)


def _text(node: ast.expr, depth: int) -> str:
    if depth == 0:
        return ast.unparse(node)
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 1_000:
        try:
            return _text(ast.parse(node.value.strip(), mode="eval").body, depth - 1)
        except (SyntaxError, ValueError, MemoryError):
            return repr(node.value)
    if isinstance(node, ast.Attribute):
        return _OLD.get(node.attr, node.attr)
    if isinstance(node, ast.Name):
        return _OLD.get(node.id, node.id)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _union([_text(node.left, depth - 1), _text(node.right, depth - 1)])
    if isinstance(node, ast.Subscript):
        name = _text(node.value, depth - 1)
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        texts = [_text(each, depth - 1) for each in parts]
        if name in ("Optional", "Union"):
            return _union([*texts, "None"] if name == "Optional" else texts)
        return f"{name}[{', '.join(texts)}]"
    if isinstance(node, ast.List):
        return f"[{', '.join(_text(each, depth - 1) for each in node.elts)}]"
    return ast.unparse(node)


def _union(texts: list[str]) -> str:
    """The members, each once and sorted. Members that are unions themselves come as one text with bars."""
    members: set[str] = set()
    for text in texts:
        members.update(text.split(" | ") if "[" not in text else [text])
    return " | ".join(sorted(members))
