"""Peers on loopback that answer anything with bytes that do harm, a thread for each."""

import itertools
import socket
import threading
import time
import zlib
from contextlib import contextmanager, suppress

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
GZIP = OK + b"Content-Encoding: gzip\r\n"
TO_THE_END = b"Connection: close\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
MIB = 1 << 20


def spaces(mebibytes, wbits=31):
    """Compress so many MiB of spaces, which a JSON parser skips."""
    packer = zlib.compressobj(9, wbits=wbits)
    for _ in range(mebibytes):
        yield packer.compress(b" " * MIB)
    yield packer.flush()


def chunks(pieces):
    """Send pieces as chunks."""
    for piece in filter(None, pieces):
        yield b"%x\r\n%s\r\n" % (len(piece), piece)


def endless(piece):
    return itertools.repeat(piece)


def slowly(pieces):
    """Send pieces so far apart that nobody reads two as one."""
    for piece in pieces:
        yield piece
        time.sleep(0.05)


# Name -> what is sent, made anew for each connection.
ENDLESS = {
    "a body": lambda: itertools.chain([OK + TO_THE_END], endless(b" " * 65536)),
    "a body of a false length": lambda: itertools.chain(
        [OK + b"Content-Length: 99999999999\r\n\r\n"], endless(b" " * 65536)
    ),
    "gzip": lambda: itertools.chain([GZIP + TO_THE_END], spaces(4096)),
    "gzip in chunks": lambda: itertools.chain([GZIP + CHUNKED], chunks(spaces(4096))),
    "gzip under a redirect": lambda: itertools.chain(
        [GZIP.replace(b"200 OK", b"302 Found") + b"Location: /x\r\n" + TO_THE_END], spaces(4096)
    ),
    "deflate without a header": lambda: itertools.chain(
        [OK + b"Content-Encoding: deflate\r\n" + TO_THE_END], spaces(4096, wbits=-15)
    ),
    "chunks": lambda: itertools.chain([OK + CHUNKED], chunks(endless(b" " * 65536))),
    "the size of a chunk": lambda: itertools.chain([OK + CHUNKED + b"1;"], endless(b"a" * 65536)),
    "interim answers": lambda: endless(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "headers": lambda: itertools.chain(
        [OK], (b"X-%d: %s\r\n" % (number, b"a" * 60000) for number in itertools.count())
    ),
    "a header": lambda: itertools.chain([OK + b"X: "], endless(b"a" * 65536)),
    "trailers": lambda: itertools.chain(
        [OK + CHUNKED + b"0\r\n"], endless(b"X: " + b"a" * 1000 + b"\r\n")
    ),
}
# What no count of bytes ends soon: the time that it gets, in milliseconds.
TIMEOUTS = {"the size of a chunk": 500, "interim answers": 500}
UNASKED = {
    name: lambda name=name: [OK + b"Content-Encoding: " + name + b"\r\nContent-Length: 2\r\n\r\n{}"]
    for name in (b"br", b"zstd", b"gzip, gzip", b"compress")
}


@contextmanager
def serving(pieces_of):
    """Send the pieces to whoever asks; give the port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threads = []

        def accept():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                thread = threading.Thread(target=send, args=(connection,))
                threads.append(thread)
                thread.start()

        def send(connection):
            with connection, suppress(OSError):
                connection.recv(65536)
                for piece in pieces_of():
                    connection.sendall(piece)

        acceptor = threading.Thread(target=accept)
        acceptor.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            acceptor.join()
            for thread in threads:
                thread.join()
