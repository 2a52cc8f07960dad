"""Processes that end with the one that started them (Linux), and a service that ends when it no longer does its work
(systemd)."""

import ctypes
import os
import signal
import socket
from contextlib import suppress

PR_SET_PDEATHSIG = 1


def end_with(parent: int) -> None:
    """From now on this process is killed when `parent`, which has started it, ends; at once where it has ended."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def tell_service(state: str) -> None:
    """Tell systemd, where it has started this process: "READY=1", "WATCHDOG=1" (sd_notify(3))."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
            # A service manager that is busy is not waited for.
            told.setblocking(False)
            # Linux's abstract names begin with a zero byte, which no environment holds.
            told.sendto(state.encode(), f"\0{address[1:]}" if address.startswith("@") else address)
