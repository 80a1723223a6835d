"""Between Samba's virusfilter and clamd: a question passes as it is, its answer is followed by so much that its reader is content.

virusfilter (Samba 4.22, source3/modules/vfs_virusfilter_utils.c, virusfilter_io_readl) reads until its buffer is full or until
the other side has gone, and first looks at the socket twice. clamd goes right after its answer: when it does so between these two
looks, the answer is taken for a broken connection, and a file that is clean is refused. Here the buffer is filled, and whoever
asked goes first.
"""

from __future__ import annotations

import socket
import threading

from avhost.clamd import ClamdError, said

#: Where systemd leaves what it listens on (sd_listen_fds(3)).
_FIRST_DESCRIPTOR = 3
_QUESTION = b"zSCAN "
#: A path has 4,096 bytes (PATH_MAX); virusfilter's buffer, three times 1,024 and some.
_LONGEST, _CONTENT = 8192, b"\0" * 16384
#: How long who asked may take to ask, and to go.
_SECONDS = 10


def relay(listening: socket.socket, clamd: str) -> None:
    """Answer everybody who asks, until the socket is closed."""
    while True:
        try:
            asked, _ = listening.accept()
        except OSError:
            return
        threading.Thread(target=_answer, args=(asked, clamd), daemon=True).start()


def serve(clamd: str) -> None:
    """Answer on the socket that systemd holds."""
    with socket.socket(fileno=_FIRST_DESCRIPTOR) as listening:
        relay(listening, clamd)


def _answer(asked: socket.socket, clamd: str) -> None:
    with asked:
        try:
            asked.settimeout(_SECONDS)
            asked.sendall(_verdict(_question(asked), clamd) + _CONTENT)
            asked.recv(1)
        except OSError:
            return  # who asked has gone


def _question(asked: socket.socket) -> bytes:
    heard = b""
    while not heard.endswith(b"\0") and len(heard) < _LONGEST and (part := asked.recv(_LONGEST)):
        heard += part
    return heard


def _verdict(question: bytes, clamd: str) -> bytes:
    """What clamd says; whatever it is not asked, or does not answer, is an error, and the file stays closed."""
    path = question.removeprefix(_QUESTION).removesuffix(b"\0")
    if question != _QUESTION + path + b"\0" or b"\0" in path:
        return b"a file is asked about here, and nothing else ERROR\0"
    try:
        return said(clamd, b"SCAN " + path) + b"\0"
    except ClamdError as error:
        return path + b": " + str(error).encode() + b" ERROR\0"
