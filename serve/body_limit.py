"""A body that is too long, or does not come, is refused before anything reads it."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from serve.replies import APIError

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
SECONDS = 10.0  # until the next part of a body must have come
SKIPPED = 64  # times the limit that is read and forgotten: who is still sending would not see the answer


class BodyLimit:
    """An application in front of another, which gets bodies of so many bytes at most."""

    def __init__(self, app: Callable[[Message, Receive, Send], Awaitable[None]], limit: int):
        self.app, self.limit = app, limit

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass a request on. What reads its body gets an APIError, 413 or 408, where there is something wrong."""
        length, complete = 0, False

        async def limited() -> Message:
            nonlocal length, complete
            while True:
                message = await self._next(receive, complete)
                length += len(message.get("body", b""))
                complete = not message.get("more_body", False)
                if length <= self.limit:
                    return message
                if complete or length > SKIPPED * self.limit:
                    raise APIError(413, f"The body is longer than {self.limit} bytes.", code="body_too_large")

        await self.app(scope, limited, send)

    async def _next(self, receive: Receive, complete: bool) -> Message:
        try:  # After the body comes only the end of the connection, for which one may wait as long as one likes.
            async with asyncio.timeout(None if complete else SECONDS):
                return await receive()
        except TimeoutError:
            raise APIError(408, f"The body did not come within {SECONDS:g} seconds.") from None
