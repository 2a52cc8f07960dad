"""The XML signature of CAP messages: enveloped XML-DSig (CAP 1.2, 3.3.4.1), with the authority's key and certificate.

Where ALERT_SIGNING_KEY and ALERT_SIGNING_CERTIFICATE are set (paths of PEM files), each message is signed, and the
signature verified before the message is stored. What cannot be signed is not published unsigned: AlertMessage.make_xml.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.core.checks import CheckMessage, Warning, register
from django.utils import timezone
from lxml import etree
from signxml import DigestAlgorithm, SignatureMethod, XMLSigner, XMLVerifier
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration

RSA, ECDSA = SignatureMethod.RSA_SHA256, SignatureMethod.ECDSA_SHA256
CANONICAL = "http://www.w3.org/2001/10/xml-exc-c14n#"
SOON = timedelta(days=30)
"""How long before a certificate expires `manage.py check` says so."""


class SigningFailed(ValueError):
    """A message could not be signed with what is configured; says why."""


def is_configured() -> bool:
    return bool(settings.ALERT_SIGNING_KEY or settings.ALERT_SIGNING_CERTIFICATE)


def signed(xml: bytes) -> bytes:
    """`xml` with its signature as the root's last element, verified with the configured certificate; `xml` itself where
    no key is configured. Raises SigningFailed."""
    if not is_configured():
        return xml
    key, certificate = _material()
    try:
        root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
        method = ECDSA if hasattr(key, "curve") else RSA
        signer = XMLSigner(
            signature_algorithm=method, digest_algorithm=DigestAlgorithm.SHA256, c14n_algorithm=CANONICAL
        )
        signer.namespaces = {"ds": "http://www.w3.org/2000/09/xmldsig#"}
        result = etree.tostring(
            signer.sign(root, key=key, cert=[certificate]), xml_declaration=True, encoding="UTF-8"
        )
        verify(result, certificate)
    except (SignXMLException, ValueError, TypeError) as error:
        message = f"The message could not be signed: {type(error).__name__}: {error}"
        raise SigningFailed(message) from error
    return result


def verify(xml: bytes, certificate: x509.Certificate) -> etree._Element:
    """The element that the signature of `xml` covers: the whole `<alert>` without its signature. Raises
    signxml.InvalidSignature (or another SignXMLException) where it is not the one of `certificate`, or where that is
    not valid now."""
    expected = SignatureConfiguration(signature_methods=frozenset({RSA, ECDSA}))
    verified: Any = XMLVerifier().verify(xml, x509_cert=certificate, expect_config=expected)
    return verified.signed_xml


def _material() -> tuple[Any, x509.Certificate]:
    """The private key and its certificate. Raises SigningFailed, naming the setting and what to do."""
    key: Any = _load("ALERT_SIGNING_KEY", lambda pem: load_pem_private_key(pem, password=None))
    certificate: x509.Certificate = _load("ALERT_SIGNING_CERTIFICATE", x509.load_pem_x509_certificate)
    if not (hasattr(key, "curve") or hasattr(key, "key_size")):
        message = "ALERT_SIGNING_KEY is neither an RSA nor an ECDSA key. Make one of those."
        raise SigningFailed(message)
    if key.public_key() != certificate.public_key():
        message = (
            "ALERT_SIGNING_CERTIFICATE is not the certificate of ALERT_SIGNING_KEY. Replace both together."
        )
        raise SigningFailed(message)
    return key, certificate


def _load(name: str, parse: Any) -> Any:
    path = getattr(settings, name)
    if not path:
        message = f"{name} is not set, while its counterpart is. Set both, or neither."
        raise SigningFailed(message)
    try:
        return parse(Path(path).read_bytes())
    except OSError as error:
        message = (
            f"{name} ({path}) cannot be read: {error.strerror}. Give the service's account access to it."
        )
        raise SigningFailed(message) from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        message = f"{name} ({path}) is not a PEM file without password: {error}"
        raise SigningFailed(message) from error


def problems(now: datetime) -> list[CheckMessage]:
    """What goes wrong with signing at `now`, or will soon. Warnings: an error would keep the worker from starting."""
    if not is_configured():
        return []
    try:
        _key, certificate = _material()
    except SigningFailed as error:
        return [Warning(str(error), hint="Until then CAP messages are withheld.", id="vigie.W012")]
    ends = certificate.not_valid_after_utc
    hint = "Make a new key and certificate: “Signing CAP messages” in docs/operators.md."
    if ends <= now:
        return [Warning(f"ALERT_SIGNING_CERTIFICATE expired on {ends:%Y-%m-%d}.", hint=hint, id="vigie.W013")]
    if certificate.not_valid_before_utc > now:
        begins = certificate.not_valid_before_utc
        return [
            Warning(
                f"ALERT_SIGNING_CERTIFICATE is valid from {begins:%Y-%m-%d} only.", hint=hint, id="vigie.W011"
            )
        ]
    if ends - now < SOON:
        return [Warning(f"ALERT_SIGNING_CERTIFICATE expires on {ends:%Y-%m-%d}.", hint=hint, id="vigie.W010")]
    return []


@register()
def signing_key(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """`manage.py check` warns a month before the certificate expires."""
    return problems(timezone.now())


__all__ = ["SigningFailed", "is_configured", "problems", "signed", "verify"]
