import pytest

from checks.debugging.rules.injection.shell_true_with_constant_command import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    (
        'import subprocess\nsubprocess.run("make install", shell=True)\n',
        'import subprocess\nsubprocess.run(["make", "install"])\n',
    ),
    (
        "import subprocess\nsubprocess.check_call('git add -A', cwd=root, shell=True)\n",
        "import subprocess\nsubprocess.check_call(['git', 'add', '-A'], cwd=root)\n",
    ),
    (
        "from subprocess import check_output as out\nx = out('git commit -m \"two words\"', shell=True, text=True)\n",
        "from subprocess import check_output as out\nx = out(['git', 'commit', '-m', 'two words'], text=True)\n",
    ),
    (
        'import subprocess\nsubprocess.run(\n    "make all",  # what\n    shell=True,\n    check=True,  # loud\n)\n',
        'import subprocess\nsubprocess.run(\n    ["make", "all"],  # what\n    check=True,  # loud\n)\n',
    ),
    (
        'import subprocess\np = subprocess.Popen("ls -l", shell=True, stdout=subprocess.PIPE)\n',
        'import subprocess\np = subprocess.Popen(["ls", "-l"], stdout=subprocess.PIPE)\n',
    ),
    (
        (
            "import subprocess\n"
            "try:\n"
            '    x = subprocess.check_output("git log", shell=True)\n'
            "except (OSError, subprocess.CalledProcessError):\n"
            "    x = None\n"
        ),
        (
            "import subprocess\n"
            "try:\n"
            '    x = subprocess.check_output(["git", "log"])\n'
            "except (OSError, subprocess.CalledProcessError):\n"
            "    x = None\n"
        ),
    ),
    (
        'import subprocess\nsubprocess.run(r"make all", shell=True)\n',
        'import subprocess\nsubprocess.run(["make", "all"])\n',
    ),
]

SILENT = [
    'import subprocess\nsubprocess.run(["ls", "-l"])\n',
    'import subprocess\nsubprocess.run("ls -l", shell=False)\n',
    'import subprocess\nsubprocess.run("ls -l", shell=shell)\n',
    "import subprocess\nsubprocess.run(command, shell=True)\n",
    'import subprocess\nsubprocess.run(f"ls {x}", shell=True)\n',
    'import mine\nmine.run("ls", shell=True)\n',
    'from mine import subprocess\nsubprocess.run("ls", shell=True)\n',
    'def f(subprocess):\n    subprocess.run("ls", shell=True)\n',
    'c.run("ls", shell=True)\n',
    "import subprocess\nsubprocess.run(**options)\n",
    'import subprocess\nsubprocess.run(["ls"], shell=True)\n',
]

LEFT = [
    'import subprocess\nsubprocess.run("ls | wc -l", shell=True)\n',
    'import subprocess\nsubprocess.run("rm *.pyc", shell=True)\n',
    'import subprocess\nsubprocess.run("echo $HOME", shell=True)\n',
    'import subprocess\nsubprocess.run("ls ~", shell=True)\n',
    'import subprocess\nsubprocess.run("cd /tmp", shell=True)\n',
    'import subprocess\nsubprocess.run("A=1 make", shell=True)\n',
    'import subprocess\nsubprocess.run("make \'it", shell=True)\n',
    'import subprocess\nsubprocess.run("", shell=True)\n',
    'import subprocess\nsubprocess.run("npm install", shell=True)\n',
    'import subprocess\nsubprocess.run("ls", shell=True, executable="/bin/bash")\n',
    'import subprocess\nsubprocess.run("ls", shell=True, **more)\n',
    'import subprocess\ncmd = "ls -l"\nsubprocess.run(cmd, shell=True)\n',
    'import subprocess\nsubprocess.run(args="ls -l", shell=True)\n',
    'import subprocess\nok = subprocess.call("git --version", shell=True) == 0\n',
    'import subprocess\nr = subprocess.run("git log", shell=True, capture_output=True)\n',
    'import subprocess\nif subprocess.call("ls", shell=True):\n    pass\n',
    (
        "import subprocess\n"
        "try:\n"
        '    subprocess.check_output("git log", shell=True)\n'
        "except subprocess.CalledProcessError:\n"
        "    pass\n"
    ),
    'import subprocess\nsubprocess.run(\n    "make "\n    "all", shell=True)\n',
    "import subprocess\nx = f\"{subprocess.check_output('ls', shell=True)}\"\n",
    'import subprocess\nsubprocess.run(["ls", "-l"], shell=True)\n',
    'import subprocess\nsubprocess.run("echo \\"a\'b\\"", shell=True)\n',
    'import subprocess\nsubprocess.run("make %OUT%", shell=True)\n',
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
