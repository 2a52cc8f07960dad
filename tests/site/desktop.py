"""A desktop that shows notifications: a session bus of its own, and on it what draws them and what a hand does to them
(Desktop Notifications Specification 1.2; the wire is that of the D-Bus Specification).
"""

from __future__ import annotations

import os
import shutil
import socket
import struct
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
BUS = "org.freedesktop.DBus"
CALL, REPLY, SIGNAL = 1, 2, 4
PATH_FIELD, INTERFACE, MEMBER, REPLY_SERIAL, DESTINATION, SENDER, SIGNATURE = 1, 2, 3, 5, 6, 7, 8
FIELDS = {
    PATH_FIELD: "o",
    INTERFACE: "s",
    MEMBER: "s",
    REPLY_SERIAL: "u",
    DESTINATION: "s",
    SENDER: "s",
    SIGNATURE: "g",
}
CAPABILITIES = ["actions", "body", "body-hyperlinks", "body-markup", "persistence"]
CLOSED = 3
SECONDS = 60


@dataclass(frozen=True)
class Drawn:
    """A notification as the desktop got it: `actions` maps what a button does to its label; "default" is the rest."""

    number: int
    title: str
    body: str
    actions: dict[str, str]


class Writer:
    """Marshals; `data` begins at a boundary of eight bytes."""

    def __init__(self) -> None:
        self.data = bytearray()

    def pad(self, size: int) -> None:
        self.data += bytes(-len(self.data) % size)

    def put(self, kind: str, value: Any) -> None:
        if kind == "u":
            self.pad(4)
            self.data += struct.pack("<I", value)
        elif kind == "g":
            self.data += bytes([len(value)]) + value.encode() + b"\0"
        elif kind == "as":
            inner = Writer()
            for each in value:
                inner.put("s", each)
            self.put("u", len(inner.data))
            self.data += inner.data
        else:
            encoded = value.encode()
            self.put("u", len(encoded))
            self.data += encoded + b"\0"


class Reader:
    """Unmarshals what the bus sends, from a boundary of eight bytes."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def pad(self, size: int) -> None:
        self.at += -self.at % size

    def get(self, kind: str) -> Any:
        if kind == "u":
            self.pad(4)
            (value,) = struct.unpack_from("<I", self.data, self.at)
            self.at += 4
            return value
        if kind == "as":
            end = self.get("u") + self.at
            found = []
            while self.at < end:
                found.append(self.get("s"))
            return found
        if kind == "g":
            length = self.data[self.at]
            self.at += 1
        else:
            length = self.get("u")
        text = self.data[self.at : self.at + length].decode()
        self.at += length + 1
        return text


@dataclass
class Message:
    kind: int
    fields: dict[int, Any]
    body: bytes = b""
    serial: int = 0


@dataclass
class Desktop:
    """Use it in `with`; `environment` leads a browser to it. `drawn` is what stands there now, by number."""

    folder: Path
    drawn: dict[int, Drawn] = field(default_factory=dict)

    @staticmethod
    def available() -> str | None:
        return shutil.which("dbus-daemon")

    def __enter__(self) -> Desktop:
        self.address = f"unix:path={self.folder / 'bus'}"
        command = [
            "dbus-daemon",
            "--session",
            "--nofork",
            "--nosyslog",
            f"--address={self.address}",
            "--print-address",
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self.process.stdout
        self.process.stdout.readline()
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(self.folder / "bus"))
        self.lock, self.serial, self.number = threading.Lock(), 0, 0
        self.changed = threading.Condition()
        self.socket.sendall(b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\r\n")
        assert self.socket.recv(4096).startswith(b"OK")
        self.socket.sendall(b"BEGIN\r\n")
        self._ask("Hello")
        self._ask("RequestName", ("s", NAME), ("u", 4))
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.socket.close()
        self.process.terminate()
        self.process.wait(SECONDS)

    @property
    def environment(self) -> dict[str, str]:
        return {"DBUS_SESSION_BUS_ADDRESS": self.address}

    def wait_for(self, title: str) -> Drawn:
        """The notification of that title. AssertionError when none comes."""

        def found() -> list[Drawn]:
            return [each for each in self.drawn.values() if each.title == title]

        with self.changed:
            assert self.changed.wait_for(found, SECONDS), self.drawn
            return found()[0]

    def wait_until_gone(self, one: Drawn) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: one.number not in self.drawn, SECONDS), self.drawn

    def click(self, one: Drawn, action: str = "default") -> None:
        """As a hand does, on the notification or one of its buttons."""
        self._signal("ActionInvoked", ("u", one.number), ("s", action))

    def _signal(self, member: str, *arguments: tuple[str, Any]) -> None:
        self._send(SIGNAL, {PATH_FIELD: PATH, INTERFACE: NAME, MEMBER: member}, *arguments)

    def _ask(self, member: str, *arguments: tuple[str, Any]) -> None:
        to = {PATH_FIELD: "/org/freedesktop/DBus", INTERFACE: BUS, MEMBER: member, DESTINATION: BUS}
        self._send(CALL, to, *arguments)

    def _send(self, kind: int, fields: dict[int, Any], *arguments: tuple[str, Any]) -> None:
        body = Writer()
        for sort, value in arguments:
            body.put(sort, value)
        if arguments:
            fields = fields | {SIGNATURE: "".join(sort for sort, _value in arguments)}
        listed = Writer()
        for number, value in fields.items():
            listed.pad(8)
            listed.data.append(number)
            listed.put("g", FIELDS[number])
            listed.put(FIELDS[number], value)
        with self.lock:
            self.serial += 1
            head = struct.pack("<cBBBIII", b"l", kind, 0, 1, len(body.data), self.serial, len(listed.data))
            padding = bytes(-(len(head) + len(listed.data)) % 8)
            self.socket.sendall(head + listed.data + padding + body.data)

    def _receive(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            part = self.socket.recv(length - len(data))
            if not part:
                raise EOFError
            data += part
        return data

    def _next(self) -> Message:
        head = self._receive(16)
        _endian, kind, _flags, _version, length, serial, size = struct.unpack("<cBBBIII", head)
        reader = Reader(self._receive(size + -size % 8))
        fields = {}
        while reader.at < size:
            reader.pad(8)
            number = reader.data[reader.at]
            reader.at += 1
            sort = reader.get("g")
            fields[number] = reader.get(sort)
        return Message(kind, fields, self._receive(length), serial)

    def _serve(self) -> None:
        try:
            while True:
                message = self._next()
                if message.kind == CALL:
                    self._answer(message)
        except (EOFError, OSError):
            return

    def _answer(self, message: Message) -> None:
        member, answer = message.fields[MEMBER], []
        if member == "GetCapabilities":
            answer = [("as", CAPABILITIES)]
        elif member == "GetServerInformation":
            answer = [("s", "desktop"), ("s", "Vigie"), ("s", "1"), ("s", "1.2")]
        elif member == "Notify":
            answer = [("u", self._draw(Reader(message.body)))]
        elif member == "CloseNotification":
            self._close(Reader(message.body).get("u"))
        to = {REPLY_SERIAL: message.serial, DESTINATION: message.fields[SENDER]}
        self._send(REPLY, to, *answer)

    def _draw(self, body: Reader) -> int:
        _application, number, _icon, title, text = (body.get(sort) for sort in "susss")
        listed = body.get("as")
        if not number:
            self.number += 1
            number = self.number
        with self.changed:
            self.drawn[number] = Drawn(number, title, text, dict(zip(listed[::2], listed[1::2], strict=True)))
            self.changed.notify_all()
        return number

    def _close(self, number: int) -> None:
        with self.changed:
            self.drawn.pop(number, None)
            self.changed.notify_all()
        self._signal("NotificationClosed", ("u", number), ("u", CLOSED))
