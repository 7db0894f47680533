"""Read from a pipe, of which an untrusted submission holds the other end, frames of limited length in limited time.

A frame is its length, four bytes with the highest first, and so many bytes.
"""

import os
import select
import struct
import time

FRAME_BYTES = 32 * 2**20


class Frames:
    """The frames of a pipe. After one that did not come, late and too_long say whether the writer broke a limit."""

    def __init__(self, pipe: int):
        self.pipe = pipe
        self.late = self.too_long = False

    def read(self, seconds: float) -> bytes | None:
        """Return the next frame, for which the writer has so many seconds; None if it does not come."""
        until = time.monotonic() + seconds
        head = self._read(4, until)
        if head is None:
            return None
        (length,) = struct.unpack(">I", head)
        if length > FRAME_BYTES:
            self.too_long = True
            return None
        return self._read(length, until)

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
