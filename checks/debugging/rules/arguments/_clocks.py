"""Functions that answer something else each time: the clock, the random generator, the process."""

import ast

from checks.debugging.source.module import Module

MENTIONS = ("time", "random", "uuid", "secrets", "getpid", "getcwd", "urandom", "cwd")
"""Words of which a file that asks one of them holds at least one."""

CHANGING = frozenset(
    {f"time.{name}" for name in ("time", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime", "ctime")}
    | {f"datetime.datetime.{name}" for name in ("now", "utcnow", "today")}
    | {"datetime.date.today", "uuid.uuid1", "uuid.uuid4", "os.getpid", "os.getcwd", "os.urandom", "pathlib.Path.cwd"}
    | {f"random.{name}" for name in ("random", "randint", "randrange", "choice", "uniform", "getrandbits", "randbytes")}
    | {f"secrets.{name}" for name in ("token_hex", "token_bytes", "token_urlsafe", "randbelow", "choice")}
    | {"django.utils.timezone.now"}
)


def asked_at_once(default: ast.expr, module: Module) -> str | None:
    """The changing function that the default calls at once (not in a lambda), by its dotted name."""
    stack: list[ast.AST] = [default]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, ast.Call):
            name = module.resolve(node.func)
            if name in CHANGING:
                # localtime(x) and its like tell another time than now
                return name if not (node.args and name in ("time.localtime", "time.gmtime", "time.ctime")) else None
        stack.extend(ast.iter_child_nodes(node))
    return None
