"""A server of the tests' own, listening on loopback as long as a `with` block."""

import socketserver
import threading
from typing import Self


class Listening:
    server: socketserver.TCPServer

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()
