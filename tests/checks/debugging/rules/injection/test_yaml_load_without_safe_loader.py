import pytest

from checks.debugging.rules.injection.yaml_load_without_safe_loader import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    ("import yaml\nyaml.load(f)\n", "import yaml\nyaml.safe_load(f)\n"),
    ("import yaml\nyaml.load(f, Loader=yaml.FullLoader)\n", "import yaml\nyaml.safe_load(f)\n"),
    ("import yaml\nyaml.load(f, yaml.Loader)\n", "import yaml\nyaml.safe_load(f)\n"),
    (
        "import yaml\nyaml.load_all(\n    f,\n    Loader=yaml.UnsafeLoader,\n)\n",
        "import yaml\nyaml.safe_load_all(\n    f,\n)\n",
    ),
    ("import yaml\nyaml.unsafe_load(stream=f)\n", "import yaml\nyaml.safe_load(stream=f)\n"),
    ("import yaml\nyaml.full_load_all(f)\n", "import yaml\nyaml.safe_load_all(f)\n"),
    ("import yaml as y\ny.load(f, Loader=y.CLoader)\n", "import yaml as y\ny.load(f, Loader=y.CSafeLoader)\n"),
    (
        "from yaml import Loader, load\nload(f, Loader=Loader)\n",
        "from yaml import Loader, load, safe_load\nsafe_load(f)\n",
    ),
    ("from yaml import safe_load, load as read\nread(f)\n", "from yaml import safe_load, load as read\nsafe_load(f)\n"),
]

SILENT = [
    "import yaml\nyaml.load()\n",
    "import yaml\nyaml.safe_load(f)\n",
    "import yaml\nyaml.load(f, Loader=yaml.SafeLoader)\n",
    "import yaml\nyaml.load(f, yaml.CSafeLoader)\n",
    "import yaml\nyaml.load(f, Loader=Mine)\n",
    "import yaml\nclass L(yaml.Loader): ...\nyaml.load(f, Loader=L)\n",
    "import yaml\nyaml.load(f, **options)\n",
    "from ruamel import yaml\nyaml.load(f)\n",
    "import ruamel.yaml as yaml\nyaml.load(f)\n",
    "from ruamel.yaml import YAML\nyaml = YAML()\nyaml.load(f)\n",
    "def f(yaml):\n    yaml.load(x)\n",
    "from json import load\nload(f)  # yaml\n",
    (
        "try:\n"
        "    from yaml import CSafeLoader as L\n"
        "except ImportError:\n"
        "    from yaml import SafeLoader as L\n"
        "import yaml\n"
        "yaml.load(f, Loader=L)\n"
    ),
]

LEFT = [
    "import yaml\nyaml.load(\n    f,\n    Loader=yaml.Loader,  # in\n)\n",
    "import yaml\nyaml.add_constructor('!x', x)\nyaml.load(f, Loader=yaml.Loader)\n",
    "import yaml\nyaml.dump(x, g)\nyaml.load(f, Loader=yaml.Loader)\n",
    (
        "import yaml\n"
        "try:\n"
        "    from yaml import CLoader as L\n"
        "except ImportError:\n"
        "    from yaml import Loader as L\n"
        "yaml.load(f, Loader=L)\n"
    ),
    "import yaml\nyaml.load(f, yaml.Loader, 3)\n",
    "import yaml\nx = '!!python/tuple [1]'\nyaml.load(x, Loader=yaml.Loader)\n",
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
