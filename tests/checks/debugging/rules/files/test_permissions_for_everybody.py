import pytest

from checks.debugging.rules.files.permissions_for_everybody import RULE
from tests.rulecases import check_left, check_silent

SILENT = [
    "import os\nos.chmod(p, 0o755)\n",
    "import os\nos.chmod(p, 0o664)\n",
    "import os\nos.chmod(p, 0o1777)\n",
    "import os\nos.chmod(p, mode)\n",
    "p.chmod(0o777)\n",
    "from mine import os\nos.chmod(p, 0o777)\n",
    "import os\nimport stat\nos.chmod(p, stat.S_IRWXU | stat.S_IRGRP)\n",
    "import os\nos.mkdir(p, 0o777)\n",
    "sftp.chmod(p, 0o777)\n",
    'import os\nos.chmod(p, "rwx")\n',
]

LEFT = [
    "import os\nos.chmod(p, 0o777)\n",
    "import os\nos.chmod(p, mode=0o666)\n",
    "import os\nos.fchmod(fd, 0o777)\n",
    "import os\nimport stat\nos.chmod(p, os.stat(p).st_mode | stat.S_IWOTH)\n",
    "import os\nfrom stat import S_IRWXO, S_IRWXU\nos.chmod(p, S_IRWXU | S_IRWXO)\n",
    'from pathlib import Path\nPath("x").chmod(0o777)\n',
]


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)
