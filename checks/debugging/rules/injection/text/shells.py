"""Calls that give a command to a shell, and what in a command needs one."""

import ast
import re
import shlex

from checks.debugging.source.module import Module

SUBPROCESS = frozenset(f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen"))
ALWAYS = frozenset(
    {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"}
    | {"asyncio.create_subprocess_shell", "asyncio.subprocess.create_subprocess_shell"}
)
WORDS = ("subprocess", "os.system", "popen", "system", "create_subprocess_shell")

_SIGNS = re.compile(r"[|&;<>()$`\\*?\[\]{}#~!^\r\n]|%\w+%")
_BUILTINS_TEXT = (
    "cd export source . : eval exec set unset ulimit umask wait alias unalias read trap type command hash jobs fg "
    "bg kill if then for while until case do function time { } test [ [[ pushd popd shopt declare local return exit "
    "builtin let readonly shift times getopts history "
)
_BUILTINS = frozenset(_BUILTINS_TEXT.split())
_WINDOWS_TEXT = (
    "cls dir copy del erase move ren rename md rd rmdir mkdir echo type ver vol start call assoc ftype mklink title "
    "color pause npm npx yarn pnpm node-gyp tsc ng gulp grunt code gcloud az bower composer "
)
_WINDOWS = frozenset(_WINDOWS_TEXT.split())
_STANDARD_TEXT = (
    "awk basename cat chmod chown cp cut date dd df dirname du env expr find grep head hostname id kill ln ls mkdir "
    "mv nice nohup ps pwd rm rmdir sed sh sleep sort stty tail tee touch tr true uname uniq wc who whoami xargs "
)
STANDARD = frozenset(_STANDARD_TEXT.split())
"""Programs that every POSIX system has."""


def command(call: ast.Call) -> ast.expr | None:
    """The command of a call of subprocess or os."""
    if call.args:
        return call.args[0] if not isinstance(call.args[0], ast.Starred) else None
    return next((keyword.value for keyword in call.keywords if keyword.arg in ("args", "command", "cmd")), None)


def uses_shell(call: ast.Call) -> bool:
    """Whether the call says `shell=True`."""
    return any(
        keyword.arg == "shell" and isinstance(keyword.value, ast.Constant) and keyword.value.value in (True, 1)
        for keyword in call.keywords
    )


def callee(call: ast.Call, module: Module) -> str | None:
    """The function's dotted name where the call certainly runs its command in a shell."""
    name = module.resolve(call.func)
    if name in SUBPROCESS:
        return name if uses_shell(call) else None
    return name if name in ALWAYS else None


def words(text: str) -> list[str] | str:
    """The words of a command that no shell is needed for; else, in words, what needs the shell."""
    if _SIGNS.search(text):
        return "the command holds signs that only a shell understands"
    try:
        parts = shlex.split(text)
    except ValueError:
        return "the quotes of the command do not match"
    if not parts or not parts[0]:
        return "the command is empty"
    if parts[0] in _BUILTINS:
        return f"{parts[0]!r} is a command of the shell itself"
    if "=" in parts[0]:
        return "the command sets a variable"
    if parts[0].lower() in _WINDOWS:
        return f"on Windows {parts[0]!r} is found by the shell only"
    if any(character in part for part in parts for character in "'\"\\"):
        return "quotes within the command's words matter"
    return parts
