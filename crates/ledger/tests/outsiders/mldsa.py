"""Verifies an ML-DSA-44 cosignature of a checkpoint with the PyPI package cryptography, from the text of C2SP tlog-cosignature:

    mldsa.py PEM-FILE NAME CHECKPOINT
"""

import base64
import struct
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key


def opaque(text):
    return bytes([len(text.encode())]) + text.encode()


def main(pem, name, checkpoint):
    key = load_pem_public_key(Path(pem).read_bytes())
    if not isinstance(key, MLDSA44PublicKey):
        sys.exit("REFUSED: not an ML-DSA-44 key")
    text, lines = Path(checkpoint).read_text().split("\n\n")
    origin, size, root = text.split("\n")[:3]
    for line in lines.splitlines():
        _, signer, blob = line.split(" ")
        blob = base64.b64decode(blob, validate=True)
        if signer == name and len(blob) == 4 + 8 + 2420:
            time, signature = blob[4:12], blob[12:]
            message = b"subtree/v1\n\0" + opaque(name) + time + opaque(origin)
            message += struct.pack(">QQ", 0, int(size)) + base64.b64decode(root, validate=True)
            key.verify(signature, message)
            return print(f"verified: {name} at {int.from_bytes(time, 'big')}")
    sys.exit("REFUSED: no such signature")


try:
    main(*sys.argv[1:])
except Exception as error:
    sys.exit(f"REFUSED: {type(error).__name__}: {error}")
