import pytest

from checks.debugging.rules.removed.deprecated_logger_warn import RULE
from tests.rulecases import check_fixed, check_silent

FIXED = [
    ("import logging\nlogging.warn('x')\n", "import logging\nlogging.warning('x')\n"),
    ("import logging\nlogging.getLogger('a').warn('x')\n", "import logging\nlogging.getLogger('a').warning('x')\n"),
    (
        (
            "from logging import getLogger\nlog = getLogger(__name__)\n"
            "def f():\n    log.warn(\n        'x',  # why\n    )\n"
        ),
        (
            "from logging import getLogger\nlog = getLogger(__name__)\n"
            "def f():\n    log.warning(\n        'x',  # why\n    )\n"
        ),
    ),
    (
        (
            "import logging\nclass A:\n    def __init__(self): self.log = logging.getLogger()\n"
            "    def f(self): self.log.warn('x')\n"
        ),
        (
            "import logging\nclass A:\n    def __init__(self): self.log = logging.getLogger()\n"
            "    def f(self): self.log.warning('x')\n"
        ),
    ),
    (
        "import logging\ndef f(log: logging.Logger): log.warn('x')\n",
        "import logging\ndef f(log: logging.Logger): log.warning('x')\n",
    ),
    ("from logging import warn\nwarn('x')\n", "from logging import warning\nwarning('x')\n"),
]

SILENT = [
    "import logging\nlogging.warning('x')\n",
    "import logging, warnings\nwarnings.warn('x')\n",
    "import logging\nlog = mine()\nlog.warn('x')\n",
    "import logging\ndef f(log): log.warn('x')\n",
    "from mine import logging\nlogging.warn('x')\n",
    "import logging\nlog = logging.getLogger()\nlog = Mine(log)\nlog.warn('x')\n",
    "from warnings import warn\nimport logging\nwarn('x')\n",
    "import logging\nlog = logging.getLogger()\nlog.warn = mine\n",
]


@pytest.mark.parametrize(("before", "after"), FIXED)
def test_fixed(before: str, after: str) -> None:
    check_fixed(RULE, before, after)


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)
