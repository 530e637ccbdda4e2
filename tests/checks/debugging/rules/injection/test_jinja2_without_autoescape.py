import pytest

from checks.debugging.rules.injection.jinja2_without_autoescape import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    (
        'import jinja2\ne = jinja2.Environment(loader=x)\ne.get_template(f"{n}.html")\ne.get_template(n + ".html")\n',
        (
            "import jinja2\n"
            "e = jinja2.Environment(loader=x, autoescape=jinja2.select_autoescape())\n"
            'e.get_template(f"{n}.html")\n'
            'e.get_template(n + ".html")\n'
        ),
    ),
    (
        (
            "from jinja2 import Environment, FileSystemLoader\n"
            'e = Environment(loader=FileSystemLoader("t"))\n'
            'e.get_template("a.html")\n'
        ),
        (
            "from jinja2 import Environment, FileSystemLoader, select_autoescape\n"
            'e = Environment(loader=FileSystemLoader("t"), autoescape=select_autoescape())\n'
            'e.get_template("a.html")\n'
        ),
    ),
    (
        'import jinja2\ne = jinja2.Environment(\n    loader=x,  # where\n)\ne.get_template("a.html")\n',
        (
            "import jinja2\n"
            "e = jinja2.Environment(\n"
            "    loader=x,  # where\n"
            "    autoescape=jinja2.select_autoescape(),\n"
            ")\n"
            'e.get_template("a.html")\n'
        ),
    ),
    (
        'import jinja2\nt = jinja2.Template("<p>{{ name }}</p>")\n',
        'import jinja2\nt = jinja2.Template("<p>{{ name }}</p>", autoescape=True)\n',
    ),
    (
        'from jinja2 import Template as T\nPAGE = "<h1>{{ title }}</h1>"\nt = T(PAGE)\n',
        'from jinja2 import Template as T\nPAGE = "<h1>{{ title }}</h1>"\nt = T(PAGE, autoescape=True)\n',
    ),
]

SILENT = [
    'from jinja2 import Environment, FileSystemLoader\ne = Environment(autoescape=True)\ne.get_template("a.html")\n',
    "from jinja2 import Environment, FileSystemLoader\ne = Environment(autoescape=choose)\n",
    "from jinja2 import Environment, FileSystemLoader\ne = Environment(**options)\n",
    "from mine import Environment\ne = Environment()\n",
    "Environment()\n# jinja2\n",
    'import jinja2\njinja2.Template("Hello {{ name }}")\n',
    "import jinja2\njinja2.Template(text)\n",
    'import jinja2\njinja2.Template("<p>{{ name|e }}</p>")\n',
    'import jinja2\njinja2.Template("<p>{{ name }}</p>", autoescape=True)\n',
    'from string import Template\nTemplate("<p>{{ jinja2 }}</p>")\n',
    "from lib2to3 import jinja2\nclass Environment: ...\nEnvironment()\n",
]

LEFT = [
    "from jinja2 import Environment, FileSystemLoader\ne = Environment()\n",
    'from jinja2 import Environment, FileSystemLoader\ne = Environment(autoescape=False)\ne.get_template("a.html")\n',
    (
        "from jinja2 import Environment, FileSystemLoader\n"
        'e = Environment(block_start_string="\\\\BLOCK{")\n'
        'e.get_template("a.html")\n'
    ),
    (
        "from jinja2 import Environment, FileSystemLoader\n"
        "e = Environment(loader=x)\n"
        'e.get_template("a.html")\n'
        'e.get_template("b.txt")\n'
    ),
    (
        "from jinja2 import Environment, FileSystemLoader\n"
        "e = Environment(loader=x)\n"
        'e.get_template("a.html")\n'
        "e.from_string(s)\n"
    ),
    (
        "from jinja2 import Environment, FileSystemLoader\n"
        "import markdown\n"
        "e = Environment(loader=x)\n"
        'e.get_template("a.html")\n'
    ),
    (
        "from jinja2 import Environment, FileSystemLoader\n"
        "e = Environment(loader=x)\n"
        'e.get_template("a.html").render(body=b)\n'
    ),
    (
        "from jinja2 import Environment, FileSystemLoader\n"
        "import json\n"
        "e = Environment(loader=x)\n"
        'e.get_template("a.html")\n'
    ),
    'import jinja2\nt = jinja2.Template("<div>{{ svg }}</div>")\n',
    "from jinja2.sandbox import SandboxedEnvironment\ne = SandboxedEnvironment()\n",
    (
        "from jinja2 import Environment, FileSystemLoader\n"
        "select_autoescape = 1\n"
        "import jinja2.sandbox as s\n"
        "e = s.SandboxedEnvironment(loader=x)\n"
    ),
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
