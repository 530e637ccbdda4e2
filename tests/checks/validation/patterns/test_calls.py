"""Dangerous calls and what looks like them, a line each: the pattern, its severity and whom it fails."""

import pytest

from checks.debugging.source.module import Module, Surroundings, parse
from checks.debugging.source.text import Text, read
from checks.validation.patterns import calls
from checks.validation.patterns.rows import Row

HITS: list[tuple[str, str, str, str]] = [
    # text run as code
    ("eval", "high", "stranger", "eval(x)"),
    ("eval", "high", "stranger", "exec(open(p).read())"),
    ("eval", "low", "never", "eval('1 + 1')"),
    ("eval", "high", "stranger", "from builtins import eval as e\ne(x)"),
    ("eval", "high", "stranger", "e = eval\ne(x)"),
    ("eval", "high", "stranger", "import builtins\nbuiltins.exec(x)"),
    ("eval", "high", "stranger", "(lambda: 0) or eval(x)"),
    ("eval", "high", "stranger", "(a or eval)(x)"),
    ("eval", "medium", "own", "list(map(eval, xs))"),
    ("eval", "high", "stranger", "compile(x, 'f', 'exec')"),
    ("eval", "high", "stranger", "import base64\ncompile(base64.b64decode(x), 'f', 'exec')"),
    # shells and programs
    ("shell", "high", "own", "import os\nos.system(x)"),
    ("shell", "medium", "own", "import os\nos.system('ls')"),
    ("shell", "high", "own", "from os import system as s\ns(x)"),
    ("shell", "high", "own", "import os\nos = os\nos.system(x)"),
    ("shell", "high", "own", "import os as o\nclass A:\n    def f(self, x):\n        o.popen(x)"),
    ("shell", "high", "own", "import subprocess as sp\nsp.run(f'ls {x}', shell=True)"),
    ("shell", "high", "own", "import subprocess\nsubprocess.Popen(x, shell=flag)"),
    ("shell", "high", "own", "import subprocess\nsubprocess.run(['sh', '-c', x])"),
    ("shell", "high", "own", "import functools, os\nf = functools.partial(os.system)\nf(x)"),
    ("shell", "high", "own", "import importlib\nimportlib.import_module('os').system(x)"),
    ("shell", "high", "own", "import asyncio\nasync def f(x):\n    await asyncio.create_subprocess_shell(x)"),
    ("shell", "medium", "own", "import os, threading\nthreading.Thread(target=os.system, args=('x',))"),
    ("process", "low", "never", "import subprocess\nsubprocess.run(['ls', x])"),
    ("process", "low", "never", "import subprocess\nsubprocess.check_output(x, shell=False)"),
    ("process", "low", "never", "import os\nos.execv('/bin/ls', x)"),
    ("shell", "high", "own", "from os import *\nsystem(x)"),
    ("shell", "high", "own", "import os\nos.system.__call__(x)"),
    ("eval", "medium", "own", "import subprocess, sys\nsubprocess.run([sys.executable, '-c', x])"),
    # processes
    ("process-control", "medium", "own", "import os, signal\nos.kill(p, signal.SIGTERM)"),
    ("process-control", "medium", "own", "import os\nos.fork()"),
    ("process-control", "medium", "own", "import ctypes\nctypes.CDLL('libc.so.6')"),
    ("process-control", "low", "never", "import signal\nsignal.signal(signal.SIGINT, f)"),
    ("process-control", "low", "never", "from multiprocessing import Pool\nPool(4)"),
    # deletion
    ("deletion", "medium", "own", "import shutil\nshutil.rmtree(path)"),
    ("deletion", "critical", "always", "import shutil\nshutil.rmtree('/')"),
    ("deletion", "critical", "always", "import shutil, os\nshutil.rmtree(os.path.expanduser('~'))"),
    ("deletion", "critical", "always", "import shutil, pathlib\nshutil.rmtree(pathlib.Path.home())"),
    ("deletion", "critical", "always", "import shutil\nshutil.rmtree('.')"),
    ("deletion", "high", "own", "import shutil\nshutil.rmtree('/srv/data')"),
    ("deletion", "high", "own", "import shutil\nshutil.rmtree(f'/{x}')"),
    ("deletion", "medium", "own", "import os, glob\nfor f in glob.glob(x):\n    os.remove(f)"),
    ("deletion", "medium", "own", "for f in folder.rglob('*'):\n    f.unlink()"),
    ("deletion", "low", "never", "import os\nos.remove(path)"),
    ("deletion", "high", "own", "import subprocess\nsubprocess.run(['rm', '-rf', x])"),
    ("deletion", "high", "own", "from pathlib import Path\nPath('/etc/hosts').unlink()"),
    # writes
    ("write", "critical", "stranger", "open('/etc/cron.d/x', 'w')"),
    ("write", "critical", "stranger", "from pathlib import Path\n(Path.home() / '.bashrc').write_text(x)"),
    ("write", "critical", "stranger", "import os\nopen(os.path.join(os.path.expanduser('~'), '.ssh', 'config'), 'a')"),
    ("write", "critical", "stranger", "open('.git/hooks/pre-commit', mode='w')"),
    ("write", "medium", "own", "open('../x.txt', 'w')"),
    ("write", "medium", "own", "open('/proc/self/oom_score_adj', 'w')"),
    ("write", "medium", "own", "import shutil\nshutil.copy(x, '/srv/x')"),
    ("write", "medium", "own", "import os\nopen(os.environ['HOME'] + '/x', 'w')"),
    ("write", "low", "never", "open('/tmp/x', 'wb')"),
    # network
    ("network", "medium", "never", "import requests\nrequests.get(u)"),
    ("network", "medium", "never", "from urllib.request import urlopen\nurlopen(u)"),
    ("network", "medium", "never", "import socket\ns = socket.socket()"),
    ("network", "medium", "never", "import httpx\nhttpx.Client()"),
    ("network", "medium", "never", "import aiohttp\naiohttp.ClientSession()"),
    ("network", "medium", "never", "import smtplib\nsmtplib.SMTP(h)"),
    ("network", "medium", "never", "import ftplib\nftplib.FTP(h)"),
    (
        "network",
        "medium",
        "never",
        "try:\n    import requests\nexcept ImportError:\n    requests = None\nrequests.post(u)",
    ),
    # deserialisation
    ("deserialisation", "high", "own", "import pickle\npickle.loads(x)"),
    ("deserialisation", "high", "own", "import yaml\nyaml.load(x)"),
    ("deserialisation", "high", "own", "import yaml\nyaml.load(x, Loader=yaml.Loader)"),
    ("deserialisation", "high", "own", "import torch\ntorch.load(p)"),
    ("deserialisation", "high", "own", "import marshal\nmarshal.load(f)"),
    ("deserialisation", "high", "own", "import shelve\nshelve.open(p)"),
    ("deserialisation", "high", "own", "import numpy as np\nnp.load(p, allow_pickle=True)"),
    # imports
    ("import", "medium", "own", "import importlib\nimportlib.import_module(name)"),
    ("import", "medium", "own", "__import__(name)"),
    ("import", "medium", "own", "import runpy\nrunpy.run_path(p)"),
    # hidden code
    ("hidden-code", "critical", "always", "import base64\nexec(base64.b64decode(x))"),
    (
        "hidden-code",
        "critical",
        "always",
        "import base64, zlib\ncode = zlib.decompress(base64.b64decode(x))\nexec(code)",
    ),
    ("hidden-code", "critical", "always", "from base64 import b64decode as d\nexec(compile(d(x), '', 'exec'))"),
    ("hidden-code", "critical", "always", "import requests\nexec(requests.get(u).text)"),
    ("hidden-code", "critical", "always", "exec(''.join(map(chr, [112, 114])))"),
    ("hidden-code", "critical", "always", "eval(')(metsys'[::-1])"),
    ("hidden-code", "critical", "always", "exec(bytes([112, 114, 105]))"),
    ("hidden-code", "critical", "always", "getattr(__builtins__, 'ev' + 'al')(x)"),
    ("hidden-code", "critical", "always", "__builtins__['exec'](x)"),
    ("hidden-code", "critical", "always", "globals()['__builtins__']['eval'](x)"),
    ("hidden-code", "critical", "always", "import os\ngetattr(os, 'sys' + 'tem')(x)"),
    ("hidden-code", "critical", "always", "import os\nn = 'sys'\nm = n + 'tem'\nf = getattr(os, m)\nf(x)"),
    ("hidden-code", "critical", "always", "__import__('os').system(x)"),
    ("hidden-code", "critical", "always", "import sys\nsys.modules['os'].__dict__['system'](x)"),
    ("hidden-code", "critical", "always", "import marshal, types\ntypes.FunctionType(marshal.loads(x), globals())()"),
    ("hidden-code", "critical", "always", "import os, codecs\nos.system(codecs.decode('yf', 'rot13'))"),
    ("hidden-code", "critical", "always", "exec(bytes.fromhex('7072'))"),
    ("hidden-code", "critical", "always", "@exec\n@input\nclass A: ..."),
    ("hidden-code", "critical", "always", "import os\nos.__getattribute__('system')(x)"),
    ("hidden-code", "critical", "always", "import os\nobject.__getattribute__(os, 'system')(x)"),
    # credentials
    ("credentials", "high", "stranger", "import os\nopen(os.path.expanduser('~/.ssh/id_rsa')).read()"),
    ("credentials", "high", "stranger", "f('/etc/shadow')"),
    ("credentials", "high", "stranger", "from pathlib import Path\n(Path.home() / '.netrc').read_text()"),
    ("credentials", "high", "stranger", "f('~/.git-credentials')"),
    ("credentials", "high", "stranger", "f('http://169.254.169.254/latest')"),
]

NOTHING: list[str] = [
    # text run as code
    "import ast\nast.literal_eval(x)",
    "model.eval()",
    "import re\nre.compile(x)",
    "df.eval('a + b')",
    "def compile(x):\n    return x\ncompile(y)",
    "def f(eval):\n    return eval(1)",
    "self.exec(x)",
    "session.exec(select(x))",
    "from mylib import eval\neval(x)",
    "evaluate(x)",
    # shells, programs, processes
    "import os\nos.path.join(a, b)",
    "import platform\nplatform.system()",
    "import subprocess\nsubprocess.CalledProcessError(1, 'x')",
    "import subprocess\ndef f(p: subprocess.Popen) -> None: ...",
    "system(x)",
    "from mylib import run\nrun(x, shell=True)",
    "task.kill()",
    "import signal\nsignal.SIGTERM",
    "import os\nos.getpid()",
    "import ctypes\nctypes.c_int(1)",
    "import ctypes.util\nctypes.util.find_library('c')",
    "import multiprocessing\nmultiprocessing.cpu_count()",
    "from os.path import *\njoin(a, b)",
    "import subprocess, sys\nsubprocess",
    # deletion
    "for f in names:\n    f.unlink",
    "import shutil\nshutil.rmtree('build')",
    "import shutil, tempfile\nd = tempfile.mkdtemp()\nshutil.rmtree(d)",
    "import shutil, tempfile\nclass A:\n    def a(self):\n        self.d = tempfile.mkdtemp()\n"
    "    def b(self):\n        shutil.rmtree(self.d)",
    "import os\nos.remove('build/x.o')",
    "items.remove(x)",
    "import subprocess\ncache.clear()",
    "from pathlib import Path\nPath('build/x').unlink()",
    # writes
    "open('x.txt', 'w')",
    "open('/etc/hosts')",
    "open('/etc/hosts', 'r')",
    "open('/dev/null', 'w')",
    "open(path, 'w')",
    "from pathlib import Path\n(Path(__file__).parent / 'x').write_text(y)",
    "from pathlib import Path\nPath('out/x').write_text(y)",
    "'/a/b'.replace('a', 'b')",
    "import os\nos.makedirs('out/x')",
    "import shutil\nshutil.copy('/srv/x', 'here')",
    # network
    "import requests\nrequests.exceptions.Timeout()",
    "import requests\nrequests.codes.ok",
    "import urllib.parse\nurllib.parse.urlparse(u)",
    "import socket\nsocket.gethostname()",
    "import http\nhttp.HTTPStatus(200)",
    "cache.get(u)",
    "from mylib import requests\nrequests.get(u)",
    "import httpx\nhttpx.URL(u)",
    # deserialisation
    "import json\njson.loads(x)",
    "import pickle\npickle.dumps(x)",
    "import yaml\nyaml.safe_load(x)",
    "import yaml\nyaml.load(x, Loader=yaml.SafeLoader)",
    "import yaml\nyaml.load(x, yaml.CSafeLoader)",
    "import torch\ntorch.load(p, weights_only=True)",
    "import numpy as np\nnp.load(p)",
    "import pickle\ntry:\n    f()\nexcept pickle.UnpicklingError:\n    pass",
    # imports
    "import importlib\nimportlib.import_module('a.b')",
    "import importlib.metadata\nimportlib.metadata.version(x)",
    "import importlib.util\nimportlib.util.find_spec(x)",
    "from importlib import resources\nresources.files(x)",
    # hidden code
    "import base64\nx = base64.b64decode(y)",
    "import base64, json\njson.loads(base64.b64decode(y))",
    "x = ''.join(map(chr, [112, 114]))",
    "x = 'abc'[::-1]",
    "getattr(self, 'on_' + name)(x)",
    "getattr(module, name)()",
    "handlers['x'](y)",
    "globals()['handler'](x)",
    "import os\ngetattr(os, 'getuid', None)",
    "import zlib\nzlib.decompress(x)",
    "bytes.fromhex('00')",
    "__import__('datetime').datetime.now()",
    "import requests\nx = requests.Response()",
    "import sys\nsys.modules['a'].f()",
    "import sqlite3\nsqlite3.connect(x).execute(y)",
    "import base64, hashlib\nhashlib.sha256(base64.b64decode(y))",
    "import ctypes\nf = getattr(ctypes.pythonapi, 'Py' + name)",
    "@property\ndef f(self): ...",
    # credentials
    "f('/etc/passwd')",
    '"""Reads ~/.ssh/id_rsa or so."""',
    "f('docs/ssh/id_rsa.md')",
    "f('.sshd')",
    "names = ('.netrc', '.pypirc')",
    "f('/etc/shadows')",
]


def _rows(source: str, path: str = "src/a.py", own: frozenset[str] = frozenset()) -> list[Row]:
    text = read(path, (source + "\n").encode())
    assert isinstance(text, Text)
    module = parse(text, Surroundings(own=own))
    assert isinstance(module, Module)
    return list(calls.look(module))


@pytest.mark.parametrize(("rule", "severity", "fails", "source"), HITS)
def test_a_dangerous_call_is_seen(rule: str, severity: str, fails: str, source: str) -> None:
    found = _rows(source)
    shown = {
        "always": "always",
        "stranger": "from selfmod or a fork",
        "own": "from selfmod",
        "never": "never",
    }
    assert (f"dangerous-{rule}", severity, shown[fails]) in [(r["rule"], r["severity"], r["fails"]) for r in found]
    assert {r["rule"] for r in found if r["fails"] == "always"} <= {f"dangerous-{rule}"}


@pytest.mark.parametrize("source", NOTHING)
def test_what_looks_like_it_is_not(source: str) -> None:
    assert _rows(source) == []


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        ("setup.py", "import requests\nrequests.get(u)", ("dangerous-import-time", "high", "from selfmod or a fork")),
        (
            "setup.py",
            "import os\ndef f():\n    os.system(x)",
            ("dangerous-import-time", "high", "from selfmod or a fork"),
        ),
        ("tests/conftest.py", "import os\nos.system(x)", ("dangerous-import-time", "high", "from selfmod or a fork")),
        ("a/__init__.py", "import os\nos.popen('x')", ("dangerous-import-time", "medium", "from selfmod")),
        ("a/__init__.py", "import os\ndef f():\n    os.popen('x')", ("dangerous-shell", "medium", "from selfmod")),
        ("tests/conftest.py", "import os\ndef f(x):\n    os.system(x)", ("dangerous-shell", "high", "from selfmod")),
        ("tests/test_a.py", "import os\nos.system(x)", ("dangerous-shell", "low", "never")),
        (
            "tests/test_a.py",
            "import base64\nexec(base64.b64decode(x))",
            ("dangerous-hidden-code", "critical", "always"),
        ),
    ],
)
def test_where_it_stands_weighs(path: str, source: str, expected: tuple[str, str, str]) -> None:
    assert [(r["rule"], r["severity"], r["fails"]) for r in _rows(source, path)] == [expected]


def test_a_module_of_the_repository_is_not_the_library_but_the_standard_library_is() -> None:
    own = frozenset({"requests", "os"})
    assert _rows("import requests\nrequests.get(u)", own=own) == []
    assert [r["rule"] for r in _rows("import os\nos.system(x)", own=own)] == ["dangerous-shell"]


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "f(" * 90 + "1" + ")" * 90,
        "\n".join(f"a{n} = a{n - 1}" for n in range(1, 3_000)) + "\na2999(x)",
        "a = b\nb = a\na(x)",
        "x = x + x\ny = x\neval(y)",
        "\n".join(f"x{n} = x{n - 1} + x{n - 1}" for n in range(1, 200)) + "\nx0 = 'ab'\neval(x199)",
        "import os\n" + "os.remove(x)\n" * 3_000,
    ],
)
def test_hostile_code_ends(source: str) -> None:
    assert all(row["rule"] in ("dangerous-eval", "dangerous-deletion") for row in _rows(source))
