import pytest

from checks.debugging.rules.injection.shell_injection import RULE
from tests.rulecases import check_left, check_silent, found

SEVERITIES = [
    ("import os\nos.system(f'ls {x}')\n", "high"),
    ("import os\nos.system(command)\n", "medium"),
    ("import os\nos.system(request.args)\n", "high"),
    ('import os\nos.system("ping " + request.GET["host"])\n', "high"),
    ('import os\ndef f(request):\n    host = request.POST["host"]\n    os.system(f"ping {host}")\n', "high"),
]

SILENT = [
    'import os\nos.system("a" if x else "b")\n',
    'import os\nos.system("a" or "b")\n',
    'import os\nARGS = ["-l"]\nos.system("ls " + " ".join(ARGS))\n',
    'import os\nos.system("ls " + os.path.join("a", "b"))\n',
    'import os\nFLAGS = {"a": "-l"}\nos.system("ls " + FLAGS[x])\n',
    'import os\nos.system("ls " + " ".join(["-l" for _ in x]))\n',
    'import os\nfor n in range(3):\n    os.system(f"echo {n}")\n',
    'import os\nos.system(f"echo {-1} {self.PROGRAM} {__file__}")\n',
    (
        "import os\n"
        "from typing import Literal\n"
        'def f(a: Literal["x", "y"], b: int | None):\n'
        '    os.system(f"echo {a} {b}")\n'
    ),
    'import os\nos.system(f"echo {str(1)}")\n',
    'import os\nos.system((x := "ls"))\n',
    "import os\nos.system(*args)\n",
    'import os\nos.system("clear")\n',
    'import subprocess\nsubprocess.run(f"ls {x}")\n',
    'import subprocess\nsubprocess.run(["ls", x])\n',
    'import subprocess\nsubprocess.run("ls -l", shell=True)\n',
    'import os\nPROGRAM = "vi"\nos.system(f"{PROGRAM} -R")\n',
    'import os\nos.system("kill %d" % pid)\n',
    'import os\nos.system(f"kill -9 {int(pid)}")\n',
    'import os, shlex\nos.system(f"rm {shlex.quote(path)}")\n',
    'import os, shlex\nos.system("rm " + shlex.join(paths))\n',
    'import os\ndef f(pid: int):\n    os.system(f"kill {pid}")\n',
    'import os\nfor word in ("a", "b"):\n    os.system("echo " + word)\n',
    'import os\ncmd = "ls"\nif long:\n    cmd += " -l"\nos.system(cmd)\n',
    "platform.system(x)\n",
    "from mine import os\nos.system(x)\n",
    "def system(x): ...\nsystem(x)\n",
    "import subprocess\nsubprocess.run(command, shell=use_shell)\n",
    'import os, sys\nos.system(f"{sys.executable} -m pip --version")\n',
    "import subprocess\nsubprocess.run([a, b], shell=True)\n",
    "import platform\nplatform.system()\n",
]

LEFT = [
    'import subprocess\nsubprocess.run(f"ls {x}", shell=True)\n',
    'import subprocess\nsubprocess.Popen("ls %s" % x, shell=True)\n',
    'import subprocess\nsubprocess.call("ls {}".format(x), shell=True)\n',
    'import subprocess\nsubprocess.check_call("ls " + x, shell=True)\n',
    "import os\nos.system(command)\n",
    'import os\nos.popen(f"cat {x}").read()\n',
    'from os import system as s\ns("ls " + x)\n',
    'import subprocess\nsubprocess.getoutput(f"ls {x}")\n',
    'import asyncio\nasync def f(x):\n    await asyncio.create_subprocess_shell(f"ls {x}")\n',
    'import os\ncmd = "ls " + x\nos.system(cmd)\n',
    'import os\ncmd = "ls"\nif x:\n    cmd += " " + x\nos.system(cmd)\n',
    'import os\ndef f(pid: str):\n    os.system(f"kill {pid}")\n',
]


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)


@pytest.mark.parametrize(("source", "severity"), SEVERITIES)
def test_severity_follows_the_place(source: str, severity: str) -> None:
    assert [str(f.fault.severity or RULE.severity) for f in found(RULE, source)] == [severity]
