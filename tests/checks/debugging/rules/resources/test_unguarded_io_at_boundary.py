import pytest

from checks.debugging.rules.resources.unguarded_io_at_boundary import RULE
from tests.rulecases import check_left, check_silent

SILENT = [
    """
        import click, requests
        @click.command()
        def f():
            try:
                requests.get(u)
            except OSError:
                pass
        """,
    "import requests\ndef f():\n    requests.get(u)\n",
    """
        import requests
        @mine.command()
        def f():
            requests.get(u)
        """,
    """
        import click, requests
        @click.command()
        @friendly
        def f():
            requests.get(u)
        """,
    """
        import click, requests
        @click.command()
        def f():
            def g():
                requests.get(u)
            return g
        """,
    """
        import click, requests
        @click.command()
        def f():
            with friendly():
                requests.get(u)
        """,
    """
        import flask, requests
        app = flask.Flask('a')
        @app.errorhandler(500)
        def e(error):
            pass
        @app.route('/')
        def f():
            requests.get(u)
        """,
    "import sys\ndef main():\n    open(sys.argv[1])\n",
    """
        import sys
        def main():
            open(sys.argv[1])
        if __name__ == '__main__':
            try:
                main()
            except OSError as e:
                sys.exit(str(e))
        """,
    """
        import sys
        def main():
            open('fixed')
        if __name__ == '__main__':
            main()
        """,
    """
        import sys
        def main():
            requests.get(u)
        if __name__ == '__main__':
            main()
        """,
]

LEFT = [
    """
        import click, requests
        @click.command()
        def f():
            requests.get(u)
        """,
    """
        import click, requests
        @click.group()
        @click.option('--url')
        def f(url):
            try:
                a()
            finally:
                requests.get(url)
        """,
    """
        import flask, urllib.request
        app = flask.Flask('a')
        @app.route('/')
        def f():
            with urllib.request.urlopen(u) as r:
                return r.read()
        """,
    """
        from fastapi import APIRouter
        import httpx
        r = APIRouter()
        @r.get('/')
        def f():
            return httpx.get(u).text
        """,
    """
        import sys
        def main():
            with open(sys.argv[1]) as f:
                print(f.read())
        if __name__ == '__main__':
            sys.exit(main())
        """,
    """
        import argparse
        def main():
            p = argparse.ArgumentParser()
            args = p.parse_args()
            with open(args.path) as f:
                print(f.read())
        if __name__ == '__main__':
            main()
        """,
]


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)
