"""Web Push (RFC 8030, 8291, 8292): one notification a message and subscription.

A push service is asked again when it was silent or busy. Its `Topic` lets a newer message of the chain replace one that
waits there, and a notification's `tag` replaces the one that the browser shows (static/js/sw-push.js), so that what is
sent twice is seen once.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import requests
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from alerts.cap import in_brussels
from alerts.content import in_language, shortened, steps
from alerts.delivery.channels import Gone, Refused, Send, Unavailable, concerned, register
from alerts.delivery.models import ChannelName, PushSubscription
from alerts.lifecycle import Kind
from alerts.moments import in_figures
from alerts.vocabulary import Status, Urgency
from pages.jinja import format_datetime
from pages.languages import LANGUAGES, override

if TYPE_CHECKING:
    from py_vapid import Vapid02

    from alerts.models import AlertMessage

CONNECT_SECONDS, READ_SECONDS = 3, 5
AT_ONCE = 10
SIGNED_FOR = timedelta(hours=1)
"""RFC 8292 allows a day."""
LONGEST_ENDPOINT = 1024
BODY = 300
"""Characters of a notification's text: more is cut by the systems that show it."""
PAGE_PATHS = {"fr": "notifications/", "nl": "meldingen/"}
"""Where notifications are turned on and off, below the list of alerts."""
PRIVATE_KEY_BYTES, PUBLIC_KEY_BYTES, AUTH_BYTES = 32, 65, 16


_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_AMBIGUOUS = re.compile(r"[^!-~]|\\")


class InvalidSubscription(ValueError):
    """What a browser sent is no subscription that can be reached; says why."""


class InvalidKey(ValueError):
    """VIGIE_VAPID_PRIVATE_KEY is none."""


# Keys


def new_private_key() -> str:
    """A private key as settings hold it: 32 bytes, base64url."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return _encoded(number.to_bytes(32, "big"))


@lru_cache(maxsize=4)
def _signer(private_key: str) -> Vapid02:
    from py_vapid import Vapid02, VapidException

    try:
        if len(_decoded(private_key)) != PRIVATE_KEY_BYTES:
            raise ValueError
        return Vapid02.from_raw(private_key.encode())
    except (ValueError, VapidException) as error:
        message = "VIGIE_VAPID_PRIVATE_KEY is no P-256 key of 32 bytes in base64url. `manage.py vapid_keys` makes one."
        raise InvalidKey(message) from error


def public_key(private_key: str | None = None) -> str:
    """What browsers subscribe with (`applicationServerKey`), base64url; "" where no key is configured. Raises
    InvalidKey."""
    private_key = settings.VIGIE_VAPID_PRIVATE_KEY if private_key is None else private_key
    if not private_key:
        return ""
    point = _signer(private_key).public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return _encoded(point)


# Where a push may go


def origin(url: str) -> str:
    """Scheme, host and port, as in "https://push.example"; raises InvalidSubscription where `url` is no address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        message = "The endpoint is no address."
        raise InvalidSubscription(message) from error
    # Nothing that another reader of addresses (RFC 3986, WHATWG) could take for another host.
    if not _HOST.fullmatch(parts.hostname or "") or _AMBIGUOUS.search(url) or "@" in parts.netloc:
        message = "The endpoint is no address of a host by name."
        raise InvalidSubscription(message)
    return f"{parts.scheme}://{parts.hostname}" + (f":{port}" if port else "")


def is_push_service(url: str) -> bool:
    """Whether `url` lies on one of VIGIE_PUSH_SERVICES, so that nobody makes us call any other server. "*" in a service
    stands for one or more labels of a host name. Raises InvalidSubscription."""
    found = origin(url)
    for service in settings.VIGIE_PUSH_SERVICES:
        before, star, after = service.partition("*")
        if found == service or (star and found.startswith(before) and found.endswith(after)):
            return True
    return False


def check_subscription(data: Any) -> dict[str, str]:
    """`endpoint`, `p256dh` and `auth` from what PushSubscription.toJSON() gives. Raises InvalidSubscription."""
    try:
        endpoint, keys = str(data["endpoint"]), data["keys"]
        p256dh, auth = (_decoded(str(keys[name])) for name in ("p256dh", "auth"))
    except (KeyError, TypeError, ValueError) as error:
        message = "A subscription has an endpoint and the keys p256dh and auth, in base64url."
        raise InvalidSubscription(message) from error
    if len(endpoint) > LONGEST_ENDPOINT or not endpoint.isascii() or not endpoint.isprintable():
        message = f"The endpoint is longer than {LONGEST_ENDPOINT} characters, or not ASCII."
        raise InvalidSubscription(message)
    if not is_push_service(endpoint):
        message = f"{origin(endpoint)} is no push service that we know."
        raise InvalidSubscription(message)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), p256dh)
    except ValueError as error:
        message = "p256dh is no point of the curve P-256."
        raise InvalidSubscription(message) from error
    if len(p256dh) != PUBLIC_KEY_BYTES or len(auth) != AUTH_BYTES:
        message = f"p256dh has {PUBLIC_KEY_BYTES} bytes and auth {AUTH_BYTES}."
        raise InvalidSubscription(message)
    return {"endpoint": endpoint, "p256dh": _encoded(p256dh), "auth": _encoded(auth)}


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.b64decode(
        text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True
    )


# What is said


def notification(message: AlertMessage, language: str) -> dict[str, Any]:
    """What static/js/sw-push.js shows. `tag` is the same for the whole chain, `id` is the message's."""
    content = message.content
    lines = [
        content["area"][language],
        _beginning(message, language),
        _end(message, language),
        *steps(content["instruction"][language]),
    ]
    return {
        "id": message.identifier,
        "tag": _first_identifier(message),
        "title": content["headline"][language],
        "body": shortened("\n".join(filter(None, lines)), BODY),
        "url": content["web"][language],
        "settings": urljoin(content["web"][language], f"../{PAGE_PATHS[language]}"),
        "labels": {"settings": in_language(gettext_lazy("Settings"), language)},
        "lang": language,
        "sent": int(message.sent.timestamp() * 1000),
    }


def _beginning(message: AlertMessage, language: str) -> str:
    """From when, where that was ahead when the message was sent."""
    if not message.is_announcement:
        return ""
    with override(language):
        return f"{gettext('Starting on')} {format_datetime(message.onset)}"


def _end(message: AlertMessage, language: str) -> str:
    """Until when: a notification stays on the screen for as long as nobody looks."""
    if message.kind in (Kind.ALL_CLEAR, Kind.CANCEL):
        return ""
    with override(language):
        return f"{gettext('Until')} {in_figures(in_brussels(message.expires))}"


def _first_identifier(message: AlertMessage) -> str:
    chain = type(message).objects.filter(alert_id=message.alert_id).order_by("pk")
    return str(chain.values_list("identifier", flat=True).first())


def topic(tag: str) -> str:
    """RFC 8030, 5.4: at most 32 characters of base64url."""
    return _encoded(hashlib.sha256(tag.encode()).digest()[:24])


# How it is sent


class _Session(requests.Session):
    """Goes where it is sent and nowhere else: a redirect could lead inside."""

    def __init__(self) -> None:
        super().__init__()
        self.max_redirects = 0


class Push:
    """The channel."""

    subscriber, at_once = "subscription", AT_ONCE

    def is_ready(self) -> bool:
        return bool(settings.VIGIE_VAPID_PRIVATE_KEY)

    def takes(self, message: AlertMessage) -> bool:
        return bool(message.content["status"] == Status.ACTUAL)

    def audience(self, message: AlertMessage) -> QuerySet[PushSubscription]:
        return concerned(PushSubscription.objects.all(), message)

    def host(self, subscriber: PushSubscription) -> str:
        return origin(subscriber.endpoint)

    def at_host(self, host: str) -> Q:
        return Q(subscription__endpoint__startswith=f"{host}/")

    def forget(self, subscriber: PushSubscription | None) -> None:
        if subscriber:
            subscriber.delete()

    @contextmanager
    def sender(self, message: AlertMessage) -> Iterator[Send]:
        # It takes ten megabytes along that a build has no use for.
        from pywebpush import WebPusher

        signer = _signer(settings.VIGIE_VAPID_PRIVATE_KEY)
        texts = {language: json.dumps(notification(message, language)) for language in LANGUAGES}
        headers = {
            "Topic": topic(_first_identifier(message)),
            "Urgency": "high" if message.content["urgency"] == Urgency.IMMEDIATE else "normal",
        }
        signatures: dict[str, dict[str, str]] = {}
        lock = Lock()

        def signature(host: str) -> dict[str, str]:
            with lock:
                if host not in signatures:
                    until = int((datetime.now(UTC) + SIGNED_FOR).timestamp())
                    claims = {"aud": host, "sub": settings.VIGIE_VAPID_CONTACT, "exp": until}
                    signatures[host] = signer.sign(claims)
                return signatures[host]

        with _Session() as session:

            def send(subscription: PushSubscription) -> None:
                if not is_push_service(subscription.endpoint):
                    message_ = f"{origin(subscription.endpoint)} is not in VIGIE_PUSH_SERVICES any more."
                    raise Refused(message_)
                keys = {"p256dh": subscription.p256dh, "auth": subscription.auth}
                pusher = WebPusher(
                    {"endpoint": subscription.endpoint, "keys": keys}, requests_session=session
                )
                host = self.host(subscription)
                left = int((message.expires - timezone.now()).total_seconds())
                try:
                    answer = pusher.send(
                        texts[subscription.language],
                        headers | signature(host),
                        ttl=max(left, 1),
                        timeout=(CONNECT_SECONDS, READ_SECONDS),
                    )
                except requests.TooManyRedirects as error:
                    raise Refused(f"{host} redirects, which a push service does not do.") from error
                except requests.RequestException as error:
                    raise Unavailable(f"{host}: {type(error).__name__}", host=host) from error
                assert isinstance(answer, requests.Response)
                _judge(answer, host)

            yield send


def _judge(answer: requests.Response, host: str) -> None:
    """What the push service's answer means (RFC 8030, 5 and 7.3; 8.4 for 429)."""
    status = answer.status_code
    told = f"{host}: {status} {answer.text[:200]}".strip()
    if 200 <= status < 300:
        return
    if status in (404, 410):
        raise Gone
    if status == 429 or status >= 500:
        is_host_wide = status in (502, 503, 504)
        raise Unavailable(
            told, host=host if is_host_wide else "", wait=_wait(answer.headers.get("Retry-After", ""))
        )
    raise Refused(told)


def _wait(retry_after: str) -> timedelta:
    """RFC 9110, 10.2.3: seconds or a date."""
    if retry_after.strip().isdigit():
        return timedelta(seconds=min(int(retry_after), 10**6))
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return timedelta()
    return max(until - datetime.now(until.tzinfo), timedelta())


register(ChannelName.PUSH.value, Push())
