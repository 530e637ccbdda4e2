import pytest

from checks.debugging.rules.injection.eval_of_text import RULE
from tests.rulecases import check_fixed, check_left, check_silent, found

SEVERITIES = [
    ("eval(text)\n", "medium"),
    ("eval(text, names)\n", "low"),
    ("exec(text)\n", "low"),
    ("eval(request.args)\n", "high"),
    ("def view(request):\n    return eval(request.GET['expression'])\n", "high"),
]

FIXED = [
    ('x = eval("[1, 2]")\n', "x = [1, 2]\n"),
    ("x = eval('{\"a\": 1}')\n", 'x = {"a": 1}\n'),
    ('f(eval("1"))\n', "f(1)\n"),
    ('x = eval("1").real\n', "x = (1).real\n"),
    ('x = eval("1, 2")\n', "x = (1, 2)\n"),
    ('x = -eval("-1") ** 2\n', "x = -(-1) ** 2\n"),
    ('x = eval("None")\n', "x = None\n"),
    ('x = eval(" True ")  # yes\n', "x = True  # yes\n"),
]

SILENT = [
    "import ast\nast.literal_eval(text)  # eval\n",
    "model.eval()\n",
    'frame.eval("a + b")\n',
    'eval("a + b")\n',
    'exec("x = 1")\n',
    "from mine import eval\neval(text)\n",
    "def eval(x): ...\neval(text)\n",
    "class A:\n    def exec(self): ...\n\nA().exec()\n",
    'NAME = "a"\nexec(f"import {NAME}")\n',
    'CODE = "x = 1"\nexec(CODE)\n',
    'exec(compile("x = 1", "a", "exec"))\n',
    "eval(*args)\n",
    "cursor.exec(text)\n",
]

LEFT = [
    "eval(text)\n",
    "exec(text)\n",
    "eval(input())\n",
    'exec(f"import {name}")\n',
    'exec(open("version.py").read())\n',
    "eval(repr(x))\n",
    'eval("[1, 2]", {})\n',
    "x = f'{eval(\"[1]\")}'\n",
    'eval("""[1,\n2]""")\n',
    'exec(compile(text, "a", "exec"))\n',
    "eval(\"'a\\\\n'\")\n",
]


@pytest.mark.parametrize(("before", "after"), FIXED)
def test_fixed(before: str, after: str) -> None:
    check_fixed(RULE, before, after)


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)


@pytest.mark.parametrize(("source", "severity"), SEVERITIES)
def test_severity_follows_the_place(source: str, severity: str) -> None:
    assert [str(f.fault.severity or RULE.severity) for f in found(RULE, source)] == [severity]
