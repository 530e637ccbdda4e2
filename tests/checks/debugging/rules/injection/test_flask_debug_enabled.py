import pytest

from checks.debugging.rules.injection.flask_debug_enabled import RULE
from tests.rulecases import check_fixed, check_left, check_silent, found

SEVERITIES = [
    ("from flask import Flask\nFlask('a').run(debug=True)\n", "high"),
    ("from flask import Flask\nif __name__ == '__main__':\n    Flask('a').run(debug=True)\n", "medium"),
]

FIXED = [
    (
        "from flask import Flask\napp = Flask(__name__)\napp.run(debug=True)\n",
        "from flask import Flask\napp = Flask(__name__)\napp.run()\n",
    ),
    (
        "from flask import Flask\napp = Flask(__name__)\napp.run('::1', debug=True, port=80)\n",
        "from flask import Flask\napp = Flask(__name__)\napp.run('::1', port=80)\n",
    ),
    (
        "import flask\napp = flask.Flask('a')\napp.run(port=80, debug=True)  # here\n",
        "import flask\napp = flask.Flask('a')\napp.run(port=80)  # here\n",
    ),
    (
        (
            "from flask import Flask\n"
            "app = Flask(__name__)\n"
            "if __name__ == '__main__':\n"
            "    app.run(\n"
            "        debug=True,\n"
            "        port=80,  # where\n"
            "    )\n"
        ),
        (
            "from flask import Flask\n"
            "app = Flask(__name__)\n"
            "if __name__ == '__main__':\n"
            "    app.run(\n"
            "        port=80,  # where\n"
            "    )\n"
        ),
    ),
]

SILENT = [
    "from flask import Flask\napp = Flask(__name__)\napp.run()\n",
    "from flask import Flask\napp = Flask(__name__)\napp.run(debug=False)\n",
    "from flask import Flask\napp = Flask(__name__)\napp.run(debug=DEBUG)\n",
    "from flask import Flask\napp = Flask(__name__)\napp.run(**options)\n",
    "from flask import Flask\napp = Flask(__name__)\napp.debug = False\n",
    "from flask import Flask\napp = Flask(__name__)\napp.testing = True\n",
    "import bottle  # not flask\nbottle.run(debug=True)\n",
    "from flask import Flask\nasyncio.run(main(), debug=True)\n",
    "from flask import Flask\napp = make()\napp.run(debug=True)\n",
    "from flask import Flask\napp = Flask(__name__)\ndef f(app):\n    app.run(debug=True)\n",
    "from flask import Flask\nfrom mine import App\napp = App()\napp.debug = True\n",
]

LEFT = [
    "from flask import Flask\napp = Flask(__name__)\napp.debug = True\n",
    "from flask import Flask\napp = Flask(__name__)\napp.run('::1', 80, True)\n",
    "from flask import Flask\napp = Flask(__name__)\napp.run(\n    debug=True,  # for now\n)\n",
    "from flask import Flask\napp = Flask(__name__)\napp.run(\n    port=1,\n    debug=True  # on\n)\n",
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
