import pytest

from checks.debugging.rules.secrets.insecure_random_for_secret import RULE
from tests.rulecases import check_fixed, check_left, check_silent, found

FIXED = [
    (
        "import random\npassword = random.choice(words)\n",
        "import random\nimport secrets\npassword = secrets.choice(words)\n",
    ),
    (
        """
        import random
        import string

        def f():
            token = "".join(random.choice(string.digits) for _ in range(9))
            return token
        """,
        """
        import random
        import secrets
        import string

        def f():
            token = "".join(secrets.choice(string.digits) for _ in range(9))
            return token
        """,
    ),
    (
        """
        from random import choice, shuffle
        shuffle(x)
        salt = choice(x)
        """,
        """
        import secrets
        from random import choice, shuffle
        shuffle(x)
        salt = secrets.choice(x)
        """,
    ),
    (
        "import random\notp = random.randint(1000, 9999)  # six\n",
        "import random\nimport secrets\notp = secrets.SystemRandom().randint(1000, 9999)  # six\n",
    ),
    (
        """
        import random
        otp = str(random.randrange(10**6)).zfill(6)
        random.shuffle(x)
        """,
        """
        import random
        import secrets
        otp = str(secrets.randbelow(10**6)).zfill(6)
        random.shuffle(x)
        """,
    ),
    (
        """
        import random
        def reset_code():
            return "%06x" % random.getrandbits(24)
        """,
        """
        import random
        import secrets
        def reset_code():
            return "%06x" % secrets.randbits(24)
        """,
    ),
    (
        """
        import random
        create(user, password="".join(random.choices(letters, k=8)))
        """,
        """
        import random
        import secrets
        create(user, password="".join(secrets.SystemRandom().choices(letters, k=8)))
        """,
    ),
    (
        'import random\npairs = [("oauth_nonce", random.choice(x))]\n',
        'import random\nimport secrets\npairs = [("oauth_nonce", secrets.choice(x))]\n',
    ),
    (
        'import random\nrow = {"nonce": letters[random.randrange(0, 9)]}\n',
        'import random\nimport secrets\nrow = {"nonce": letters[secrets.SystemRandom().randrange(0, 9)]}\n',
    ),
    (
        """
        import random
        class A:
            def f(self):
                self.api_key = f"{random.random()}"
        """,
        """
        import random
        import secrets
        class A:
            def f(self):
                self.api_key = f"{secrets.SystemRandom().random()}"
        """,
    ),
]

SILENT = [
    "import random\ncolor = random.choice(colors)\n",
    "import random\ntokens = random.sample(vocab, 5)\n",
    "import random\ntoken_ids = random.choices(range(9), k=3)\n",
    "import random\nnum_tokens = random.randint(1, 9)\n",
    "import random\nkey = random.choice(keys)\n",
    "import random\nsession = random.choice(sessions)\n",
    "import random\npassword = random.SystemRandom().choice(x)\n",
    "password = choice(x)\n",
    "from numpy import random\npassword = random.choice(x)\n",
    "import random\nrng = random.Random(1)\ntoken = rng.choice(x)\n",
    "import random\nmask_token = random.choice(x)\n",
    "import random\ntokenizer = Tokenizer()\ntoken = random.choice(x)\n",
    "import random\npassword = old if random.random() < 0.5 else new\n",
    "import random\nif random.random() < 0.1:\n    token = renew()\n",
    "import random\npassword = lookup(random.choice(users))\n",
    "import random\ndef load_session(x):\n    return random.choice(x)\n",
    "import random\npassword_length = random.randint(8, 12)\n",
]

LEFT = [
    "import random\nrandom.seed(1)\npassword = random.choice(words)\n",
    """
        import random
        def f(secrets):
            password = random.choice(secrets)
            return password
        """,
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


@pytest.mark.parametrize(("name", "severity"), [("salt", "low"), ("nonce", "medium"), ("password", None)])
def test_severity_depends_on_the_secret(name: str, severity: str | None) -> None:
    [one] = found(RULE, f"import random\n{name} = random.choice(x)\n")
    assert one.fault.severity == severity


def test_not_in_tests() -> None:
    assert not found(RULE, "import random\npassword = random.choice(x)\n", path="tests/test_x.py")
