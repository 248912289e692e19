"""Imported by every Python process that has this folder on its path: notes each attempt to reach
out, into the file that `AUDIT_FILE` names."""

import os
import sys

_LOCAL = ("127.", "::1", "localhost", "0.0.0.0")


def _note(event, args):
    if event in ("socket.connect", "socket.sendto"):
        address = args[1]
        # A Unix socket's address is a path: it stays on this machine.
        if isinstance(address, tuple) and not str(address[0]).startswith(_LOCAL):
            _write(f"{event} {address}")
    elif event == "socket.getaddrinfo" and args[0] and not str(args[0]).startswith(_LOCAL):
        _write(f"{event} {args[0]}")


def _write(line):
    descriptor = os.open(os.environ["AUDIT_FILE"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, f"{' '.join(sys.argv)}: {line}\n".encode())
    os.close(descriptor)


sys.addaudithook(_note)
