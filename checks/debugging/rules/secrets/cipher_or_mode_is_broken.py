"""
## What it does
Reports ciphers that are broken or too short (DES, RC2, RC4, Blowfish, IDEA, CAST, XOR), the mode ECB, and RSA or
DSA keys under 2048 bits, of the libraries pycryptodome and cryptography.

## Why it is bad
What they encrypt can be read with means that many have. ECB encrypts equal blocks to equal blocks, so that the
pattern of the text stays visible. A replacement changes what is stored or exchanged, so none is offered.

## Example
```python
from Crypto.Cipher import AES

def encrypt(key, text):
    return AES.new(key, AES.MODE_ECB).encrypt(text)
```

## Use instead
```python
from Crypto.Cipher import AES

def encrypt(key, text):
    cipher = AES.new(key, AES.MODE_GCM)
    return cipher.nonce, *cipher.encrypt_and_digest(text)
```

References: NIST SP 800-131A Rev. 2; CWE-327.
"""

import ast
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.arguments import argument
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_LIBRARIES = ("Crypto", "Cryptodome")
_CIPHERS = {
    f"{library}.Cipher.{name}.new": name
    for library in _LIBRARIES
    for name in ("DES", "ARC2", "ARC4", "Blowfish", "CAST", "XOR")
} | {
    f"cryptography.hazmat.{place}.ciphers.algorithms.{name}": name
    for place in ("primitives", "decrepit")
    for name in ("ARC4", "Blowfish", "IDEA", "CAST5", "SEED", "RC2")
}
_ECB = frozenset(
    {f"{library}.Cipher.{name}.MODE_ECB" for library in _LIBRARIES for name in ("AES", "DES", "DES3", "Blowfish")}
)
_MODES = "cryptography.hazmat.primitives.ciphers.modes.ECB"
_KEYS = {f"{library}.PublicKey.{name}.generate": (0, "bits") for library in _LIBRARIES for name in ("RSA", "DSA")} | {
    "cryptography.hazmat.primitives.asymmetric.rsa.generate_private_key": (1, "key_size"),
    "cryptography.hazmat.primitives.asymmetric.dsa.generate_private_key": (0, "key_size"),
}
_BITS = 2048


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """Calls of the libraries, named by imports."""
    name = module.resolve(node.func)
    if name is None or not name.startswith(("Crypto", "cryptography.")):
        return
    low = Severity.LOW if module.is_test else None
    if name in _CIPHERS:
        message = f"{_CIPHERS[name]} can be broken with means that many have"
        yield Fault(node, message, left="what is encrypted with it already?", severity=low)
    elif (
        name == _MODES
        or any(module.resolve(value) in _ECB for value in node.args)
        or (module.resolve(argument(node, "mode")) in _ECB)
    ):
        message = "ECB encrypts equal blocks to equal blocks: the pattern of the text stays visible"
        yield Fault(node, message, left="what is encrypted with it already?", severity=low or Severity.MEDIUM)
    elif name in _KEYS:
        position, keyword = _KEYS[name]
        match argument(node, keyword, position):
            case ast.Constant(value=int(bits)) if bits < _BITS:
                message = f"a key of {bits} bits is too short: {_BITS} are the least"
                yield Fault(node, message, left="who reads these keys, and do they take longer ones?", severity=low)


RULE = Rule(
    name="cipher-or-mode-is-broken",
    topic="secrets",
    summary="Broken cipher, mode ECB or short key",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=327,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="never",
    aliases=("B304", "B305", "B505", "S304", "S305", "S505"),
    mentions=("Crypto", "cryptography"),
)
