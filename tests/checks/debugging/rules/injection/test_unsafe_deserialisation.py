import pytest

from checks.debugging.rules.injection.unsafe_deserialisation import RULE
from tests.rulecases import check_left, check_silent, found

SEVERITIES = [
    ("import pickle\npickle.loads(request.data)\n", "high"),
    ("import pickle\npickle.loads(data)\n", "medium"),
    ("import pickle\npickle.dump(x, f)\npickle.loads(data)\n", "low"),
    ("import pickle\npickle.load(file)\n", "low"),
]

SILENT = [
    "import pickle\npickle.loads(pickle.dumps(x))\n",
    "import pickle\ndata = pickle.dumps(x)\npickle.loads(data)\n",
    "import pickle\npickle.dumps(x)\n",
    "import pickle\npickle.loads(b'N.')\n",
    "import json\njson.loads(request.body)  # pickle\n",
    "import torch\ntorch.load(p)\n",
    "import torch\ntorch.load(p, weights_only=True)\n",
    "import numpy as np\nnp.load(p)\n",
    "import numpy as np\nnp.load(p, allow_pickle=False)\n",
    "from mine import pickle\npickle.loads(x)\n",
    "def f(pickle):\n    return pickle.loads(x)\n",
    "class pickle:\n    loads = int\npickle.loads(x)\n",
    "import pickle\npickle.loads()\n",
    "import yaml\nyaml.load(pickle)\n",
]

LEFT = [
    "import pickle\npickle.loads(request.body)\n",
    "import pickle\nwith open(p, 'rb') as f:\n    pickle.load(f)\n",
    "from pickle import loads as l\nl(x)\n",
    "import dill\ndill.load(f)\n",
    "import marshal\nmarshal.loads(x)\n",
    "import shelve\nshelve.open(p)\n",
    "import jsonpickle\njsonpickle.decode(x)\n",
    "import torch\ntorch.load(p, weights_only=False)\n",
    "import numpy as np\nnp.load(p, allow_pickle=True)\n",
    "import pandas as pd\npd.read_pickle(p)\n",
    "import joblib  # dill\njoblib.load(p)\n",
    "import pickle\npickle.Unpickler(f).load()\n",
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
