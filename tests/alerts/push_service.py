"""A push service on a loopback port: it reads what a browser would read, and may be told to answer otherwise."""

import base64
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from tests.listening import Listening

HOST = "127.0.0.1"


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass(frozen=True)
class Received:
    """One notification, decrypted: `claims` is the verified VAPID token's, `key` the public key it was signed with."""

    name: str
    message: dict[str, Any]
    headers: dict[str, str]
    claims: dict[str, Any]
    key: str


@dataclass
class Device:
    """A browser's subscription and the keys that only it has."""

    name: str
    private_key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = b"sixteen bytes ok"

    def subscription(self, service: str) -> dict[str, Any]:
        point = self.private_key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {
            "endpoint": f"{service}/send/{self.name}",
            "expirationTime": None,
            "keys": {"p256dh": base64url(point), "auth": base64url(self.auth)},
        }


class Server(ThreadingHTTPServer):
    # Two workers that begin at once knock more often than the five times that otherwise may wait.
    request_queue_size = 128


class PushService(Listening):
    """`answers` maps a device's name to the status (and headers) it gets instead of 201; `delay` is in seconds."""

    def __init__(self) -> None:
        self.devices: dict[str, Device] = {}
        self.received: list[Received] = []
        self.asked: list[str] = []
        self.answers: dict[str, tuple[int, dict[str, str]]] = {}
        self.gate = threading.Event()
        self.gate.set()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                name = self.path.rpartition("/")[2]
                service.asked.append(name)
                status, headers = service.answers.get(name, (201, {}))
                if status == 201:
                    service.take(name, body, {key.lower(): value for key, value in self.headers.items()})
                    service.gate.wait(20)
                self.send_response(status)
                for header, value in headers.items():
                    self.send_header(header, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self) -> None:
                service.asked.append(self.path)
                self.send_error(404)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self.server = Server((HOST, 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://{HOST}:{self.server.server_port}"

    def __exit__(self, *error: object) -> None:
        self.gate.set()
        super().__exit__(*error)

    def device(self, name: str) -> Device:
        return self.devices.setdefault(name, Device(name))

    def take(self, name: str, body: bytes, headers: dict[str, str]) -> None:
        device = self.devices[name]
        plain = http_ece.decrypt(
            body, private_key=device.private_key, auth_secret=device.auth, version="aes128gcm"
        )
        scheme, _space, parameters = headers["authorization"].partition(" ")
        assert scheme == "vapid"
        token, key = (part.partition("=")[2] for part in parameters.split(",", 1))
        assert Vapid02.verify(headers["authorization"])
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        self.received.append(Received(name, json.loads(plain), headers, claims, key))
