"""A mail server (RFC 5321) on a loopback port: keeps what it takes, and may be told to refuse."""

import contextlib
import email
import socketserver
import time
from email.message import EmailMessage
from email.policy import default

from tests.listening import Listening

HOST = "127.0.0.1"


class MailServer(Listening):
    """`refusals` maps a recipient to the line it is refused with, as in "550 no such user". Each mail takes
    `pause_seconds`; with `is_silent` it takes connections and says nothing."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refusals: dict[str, str] = {}
        self.pause_seconds = 0.0
        self.is_silent = False
        service = self

        class Handler(socketserver.StreamRequestHandler):
            def say(self, line: str) -> None:
                self.wfile.write(f"{line}\r\n".encode())

            def handle(self) -> None:
                if service.is_silent:
                    self.rfile.read()
                    return
                self.say("220 ready")
                with contextlib.suppress(ConnectionError):
                    while line := self.rfile.readline().decode().strip():
                        self.answer(line)

            def answer(self, line: str) -> None:
                verb, address = line[:4].upper(), line.partition("<")[2].partition(">")[0]
                if verb == "DATA":
                    time.sleep(service.pause_seconds)
                    self.say("354 go on")
                    body = b""
                    while not body.endswith(b"\r\n.\r\n"):
                        body += self.rfile.readline()
                    service.mails.append(email.message_from_bytes(body[:-3], policy=default))
                    self.say("250 taken")
                elif verb == "QUIT":
                    self.say("221 bye")
                elif verb == "RCPT" and address in service.refusals:
                    self.say(service.refusals[address])
                else:
                    self.say("250 ok")

        self.server = socketserver.ThreadingTCPServer((HOST, 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
