import pytest

from checks.debugging.rules.injection.mark_safe_of_formatted_text import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    (
        'from markupsafe import Markup\ndef f(name):\n    return Markup(f"<b>{name}</b>")\n',
        'from markupsafe import Markup\ndef f(name):\n    return Markup("<b>{}</b>").format(name)\n',
    ),
    (
        'from markupsafe import Markup\ndef f(a, b):\n    return Markup("<b>%s</b>%s" % (a, b))\n',
        'from markupsafe import Markup\ndef f(a, b):\n    return Markup("<b>%s</b>%s") % (a, b)\n',
    ),
    (
        "from markupsafe import Markup\ndef f(user):\n    return Markup('<b>{}</b>'.format(user.name))\n",
        "from markupsafe import Markup\ndef f(user):\n    return Markup('<b>{}</b>').format(user.name)\n",
    ),
    (
        (
            "from django.utils.html import format_html\n"
            "from django.utils.safestring import mark_safe\n"
            "def f(name):\n"
            '    return mark_safe(f"<b>{name}</b>")\n'
        ),
        (
            "from django.utils.html import format_html\n"
            "from django.utils.safestring import mark_safe\n"
            "def f(name):\n"
            '    return format_html("<b>{}</b>", name)\n'
        ),
    ),
    (
        (
            "from django.utils.html import format_html\n"
            "from django.utils.safestring import mark_safe\n"
            "def f(a, n):\n"
            '    return mark_safe("<b>%s</b> %s" % (a, n))\n'
        ),
        (
            "from django.utils.html import format_html\n"
            "from django.utils.safestring import mark_safe\n"
            "def f(a, n):\n"
            '    return format_html("<b>{}</b> {}", a, n)\n'
        ),
    ),
    (
        ('from django.utils.safestring import mark_safe\ndef f(a):\n    return mark_safe("<b>{}</b>".format(a))\n'),
        (
            "from django.utils.html import format_html\n"
            "from django.utils.safestring import mark_safe\n"
            "def f(a):\n"
            '    return format_html("<b>{}</b>", a)\n'
        ),
    ),
    (
        (
            "from django.utils.html import escape\n"
            "from django.utils.safestring import mark_safe\n"
            "def f(a):\n"
            '    return mark_safe("<b>{}</b>".format(a))\n'
        ),
        (
            "from django.utils.html import escape, format_html\n"
            "from django.utils.safestring import mark_safe\n"
            "def f(a):\n"
            '    return format_html("<b>{}</b>", a)\n'
        ),
    ),
    (
        'from markupsafe import Markup\ndef f(a):\n    return Markup(\n        f"<b>"  \n        f"{a}</b>"\n    )\n',
        (
            "from markupsafe import Markup\n"
            "def f(a):\n"
            "    return Markup(\n"
            '        "<b>"  \n'
            '        "{}</b>"\n'
            "    ).format(a)\n"
        ),
    ),
]

SILENT = [
    'from markupsafe import Markup\nMarkup("<b>x</b>")\n',
    'from markupsafe import Markup\nMarkup("<b>{}</b>").format(x)\n',
    "from markupsafe import Markup\nMarkup(x)\n",
    'from markupsafe import Markup\nfrom markupsafe import escape\nMarkup(f"<b>{escape(x)}</b>")\n',
    'from markupsafe import Markup\nMarkup(f"<b>{Markup(x)}</b>")\n',
    'from markupsafe import Markup\nMarkup("%d" % n)\n',
    'from markupsafe import Markup\nCSS = "a"\nMarkup(f"<b class={CSS}>")\n',
    'from markupsafe import Markup\ndef f(n: int):\n    return Markup(f"<b>{n}</b>")\n',
    'from mine import Markup\nMarkup(f"<b>{x}</b>")\n',
    'def Markup(x): ...\nMarkup(f"<b>{x}</b>")\n',
    'from django.utils.safestring import mark_safe\nmark_safe("<br>")\n',
    'from django.utils.html import format_html\nformat_html("<b>{}</b>", x)  # mark_safe\n',
    '@mark_safe\ndef f(x):\n    return f"<b>{x}</b>"\n',
    'from markupsafe import Markup\nx = escape(y)\nMarkup(f"<b>{x.quote()}</b>")\n',
]

LEFT = [
    'from markupsafe import Markup\ndef f(body):\n    return Markup(f"<p>{body}</p>")\n',
    'from markupsafe import Markup\nMarkup(f"<p>{make()}</p>")\n',
    'from markupsafe import Markup\ndef f(a):\n    return Markup("<p>" + a + "</p>")\n',
    'from markupsafe import Markup\ndef f(a):\n    return Markup(f"<p>{a!r}</p>")\n',
    'from markupsafe import Markup\ndef f(a):\n    return Markup(f"<script>x = {a}</script>")\n',
    'from markupsafe import Markup\ndef f(a):\n    return Markup("{}" f"{a}")\n',
    'from django.utils.safestring import mark_safe\ndef f(a):\n    return mark_safe("<b>%s</b>" % a)\n',
    'from markupsafe import Markup\ndef f(a):\n    return Markup("<b>%s</b>" % a).strip()\n',
    'from markupsafe import Markup\nx = "<i>" + y\nMarkup(f"<b>{x}</b>")\n',
    (
        "from django.utils.safestring import mark_safe\n"
        "format_html = 1\n"
        "django = 2\n"
        "def f(a):\n"
        "    return mark_safe(f'<b>{a}</b>')\n"
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
