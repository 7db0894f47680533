"""Read from a pipe, of which an untrusted submission holds the other end, frames of limited length in limited time.

A frame is its length, four bytes with the highest first, and so many bytes.
"""

import os
import select
import struct
import time
from collections.abc import Iterator

FRAME_BYTES = 32 * 2**20


class Frames:
    """Iterate over the frames of a pipe, for each of which the writer has so many seconds.

    After the last frame late and too_long are True if the writer broke that limit; seconds_taken is what each took.
    """

    def __init__(self, pipe: int, seconds: float):
        self.pipe, self.seconds = pipe, seconds
        self.late = self.too_long = False
        self.seconds_taken: list[float] = []

    def __iter__(self) -> Iterator[bytes]:
        while True:
            start = time.monotonic()
            until = start + self.seconds
            head = self._read(4, until)
            if head is None:
                return
            (length,) = struct.unpack(">I", head)
            if length > FRAME_BYTES:
                self.too_long = True
                return
            body = self._read(length, until)
            if body is None:
                return
            self.seconds_taken.append(time.monotonic() - start)
            yield body

    def _read(self, length: int, until: float) -> bytes | None:
        """Return just so many bytes, or None if the pipe ends or the time is up before."""
        chunks = []
        while length:
            if not select.select([self.pipe], [], [], max(0.0, until - time.monotonic()))[0]:
                self.late = True
                return None
            chunk = os.read(self.pipe, length)
            if not chunk:
                return None
            chunks.append(chunk)
            length -= len(chunk)
        return b"".join(chunks)
