import pytest

from checks.debugging.rules.secrets.cipher_or_mode_is_broken import RULE
from tests.rulecases import check_left, check_silent

SILENT = [
    "from Crypto.Cipher import AES\nc = AES.new(k, AES.MODE_GCM)\n",
    "c = DES.new(k)\n",
    "from mine import DES\nc = DES.new(k)\n",
    "from Crypto.Cipher import DES\nSIZES = {DES: 8}\n",
    "from cryptography.hazmat.primitives.ciphers import algorithms\nc = algorithms.AES(k)\n",
    "from Crypto.PublicKey import RSA\nk = RSA.generate(4096)\n",
    "from Crypto.PublicKey import RSA\nk = RSA.generate(bits)\n",
    'from cryptography.hazmat.primitives.ciphers import modes\nTABLE = {"ecb": modes.ECB}\n',
]

LEFT = [
    "from Crypto.Cipher import DES\nc = DES.new(k, DES.MODE_CBC)\n",
    "from Cryptodome.Cipher import ARC4 as rc4\nc = rc4.new(k)\n",
    "from Crypto.Cipher import AES\nc = AES.new(k, AES.MODE_ECB)\n",
    "from Crypto.Cipher import AES\nc = AES.new(k, mode=AES.MODE_ECB)\n",
    """
        from cryptography.hazmat.primitives.ciphers import algorithms, modes, Cipher
        c = Cipher(algorithms.AES(k), modes.ECB())
        """,
    "from cryptography.hazmat.primitives.ciphers import algorithms\nc = algorithms.Blowfish(k)\n",
    "from Crypto.PublicKey import RSA\nk = RSA.generate(1024)\n",
    """
        from cryptography.hazmat.primitives.asymmetric import rsa
        k = rsa.generate_private_key(public_exponent=65537, key_size=1024)
        """,
]


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)
