"""Ed25519 (RFC 8032) signatures over the manifest that mirrors carry. Keys are 32 bytes, written in base64."""

from __future__ import annotations

from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KEY_BYTES = 32


class KeyUnusableError(ValueError):
    """What should be a key is none; says what a key looks like."""


def new_key() -> str:
    """A new private key."""
    return b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()


def public_key(private: str) -> str:
    """The public key of a private one. Raises KeyUnusableError."""
    key = Ed25519PrivateKey.from_private_bytes(_bytes(private))
    return b64encode(key.public_key().public_bytes_raw()).decode()


def sign(content: bytes, private: str) -> str:
    """The signature of `content`, in base64. Raises KeyUnusableError."""
    return b64encode(Ed25519PrivateKey.from_private_bytes(_bytes(private)).sign(content)).decode()


def is_signed(content: bytes, signature: str, public: str) -> bool:
    """Whether the holder of the key signed these very bytes. Raises KeyUnusableError for a key that is none."""
    key = Ed25519PublicKey.from_public_bytes(_bytes(public))
    try:
        key.verify(b64decode(signature, validate=True), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def _bytes(key: str) -> bytes:
    """The key's bytes. The error does not repeat it: it may be private."""
    try:
        decoded = b64decode(key.strip(), validate=True)
    except ValueError:
        decoded = b""
    if len(decoded) != KEY_BYTES:
        message = (
            f"An Ed25519 key is {KEY_BYTES} bytes in base64 (44 signs); this is {len(key.strip())} signs long. "
            "`manage.py releases key` makes one."
        )
        raise KeyUnusableError(message)
    return decoded
