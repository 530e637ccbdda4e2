import pytest

from checks.debugging.rules.secrets.hard_coded_secret import RULE
from checks.model.findings import Severity
from tests.rulecases import check_silent, found

SILENT = [
    'password = ""\n',
    'password = "changeme"\n',
    'password = "<password>"\n',
    'password = "your-password-1"\n',
    'password = "xxxxxxxx1"\n',
    'password = os.environ["P4SSW0RD"]\n',
    'PASSWORD_FIELD = "user_pa55w0rd"\n',
    'password = "hunter"\n',
    'secret_name = "projects/x9/secrets/y8"\n',
    'token_url = "https://h/t0ken"\n',
    'api_key = "{api_key_1}"\n',
    'token = "t0k3n"\n',
    'tokens = ["a1b2c3d4e5f6a7b8c9"]\n',
    'login(password="Enter your passw0rd:")\n',
    'form = {"password": "auth.password.invalid_2"}\n',
    'password = "$6$salt$hash1234"\n',
    'password = "%s" % x1\n',
    'from enum import Enum\nclass K(Enum):\n    PASSWORD = "pwd-1a2b3c"\n',
    'BEGIN = "-----BEGIN RSA PRIVATE KEY-----"\n',
    'k = "AKIAIOSFODNN7EXAMPLE"\n',
    'k = "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"\n',
    'token_count = "a1b2c3d4e5f6a7b8c9d0"\n',
    'salt = "a1b2c3d4e5f6"\n',
    'if password == "":\n    pass\n',
    'password: str = "password"\n',
    'def f(password=None, token=""):\n    pass\n',
    'secret_key = "/run/keys/k3y"\n',
    'password = "secret.pem"\n',
    "password = 12345678\n",
    'sign(private_key="keys/id_rsa.key")\n',
    'csrf_token = "csrfmiddlewaretoken"\n',
    'token = "Token-Type-2"\n',
    'headers = {"Authorization": "Bearer " + token}\n',
    'headers = {"Authorization": "Bearer YOUR_T0KEN_HERE_PLEASE"}\n',
    'headers = {"Authorization": "Bearer <t0ken>", "authorization": "Basic"}\n',
    'SECRET_KEY = "the quick brown fox jumps over 2 lazy dogs (really"\n',
]


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


REPORTED = [
    ("password = 'hunter2!'\n", Severity.HIGH),
    ("self.db_password = 'hunter2!'\n", Severity.HIGH),
    ("PASSWORD: str = 'hunter2!'\n", Severity.HIGH),
    ("connect(user='a', passwd=b'hunter2!')\n", Severity.HIGH),
    ("config = {'user': 'a', 'client_secret': 'q8Zt-41xLmW0vB'}\n", Severity.HIGH),
    ("settings['API_KEY'] = '3f4beddd-2061-49b0-ae80-6f1f2ed65b37'\n", Severity.HIGH),
    ("def f(user, password='hunter2!'):\n    pass\n", Severity.HIGH),
    ("def f(*, access_token='q8Zt41xLmW0vB7Kp'):\n    pass\n", Severity.HIGH),
    ("SECRET_KEY = 'k2#@_q=1$(__n7#(zax6#46fu)x=3&^lz&bwb8ol-_097k_rj5'\n", Severity.HIGH),
    ("headers = {'Authorization': 'Bearer 9d2f7a6b1c8e4530b7a9e2d14c7781aa'}\n", Severity.HIGH),
    ("headers['Authorization'] = 'Token 9d2f7a6b1c8e4530b7a9e2d14c7781aa'\n", Severity.HIGH),
    ("if password == 'hunter2!':\n    pass\n", Severity.HIGH),
    ("token = 'zyG6tQcGPE5swyAEFLqKUwMuMMuF6IO2'\n", Severity.HIGH),
    ("x = 'ghp" + "_0Zq8Wn4tYbV6cR1mXk3LpD7sHf9GaJ2eTuKo'\n", Severity.CRITICAL),
    ("x = 'AKIA" + "QWSZ7LKJH3GFDR2T'\n", Severity.CRITICAL),
    ("f('xoxb" + "-263594206564-FGqddMF8t08v8N7Oq4i57vs1')\n", Severity.CRITICAL),
    ("x = 'sk_live" + "_4eC39HqLyjWDarjtT1zdp7dc'\n", Severity.CRITICAL),
    ("x = 'AIza" + "SyD3k9Lm2Qw8Er5Ty7Ui1Op4As6Df0Gh-Jk'\n", Severity.HIGH),
    ("x = f'{a}' 'npm" + "_0Zq8Wn4tYbV6cR1mXk3LpD7sHf9GaJ2eTuKo'\n", Severity.CRITICAL),
    ("x = b'-----BEGIN RSA PRIVATE KEY-----" + "MIIEowIBAAKCAQEA7w2Xk9" * 8 + "'\n", Severity.CRITICAL),
    ("def f():\n    'Uses ghp" + "_0Zq8Wn4tYbV6cR1mXk3LpD7sHf9GaJ2eTuKo'\n", Severity.HIGH),
]


@pytest.mark.parametrize(("source", "severity"), REPORTED)
def test_reported_once_with_a_reason_and_without_the_secret(source: str, severity: Severity) -> None:
    [one] = found(RULE, source)
    assert (one.fault.severity, one.fault.fix, one.fault.left != "") == (severity, None, True)
    value = one.fault.node.value  # type: ignore[attr-defined]  # a constant
    text = value.decode() if isinstance(value, bytes) else value
    assert not any(text[i : i + 6] in one.fault.message for i in range(len(text) - 5))


@pytest.mark.parametrize(
    ("path", "severity"), [("tests/test_a.py", Severity.INFO), ("t/a.py", Severity.INFO), ("docs/a.py", Severity.LOW)]
)
def test_tests_and_examples_are_less_bad(path: str, severity: Severity) -> None:
    [one] = found(RULE, "password = 'hunter2!'\n", path=path)
    assert one.fault.severity is severity
