"""What a client gets, in the shapes of OpenAI's API: a whole answer, the events of a stream, or an error."""

import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from fastapi import Response
from starlette.exceptions import HTTPException

DONE = "data: [DONE]\n\n"
COMMENT = ": still there\n\n"  # a line that readers of a stream skip
Reply = dict[str, Any]


class APIError(HTTPException):
    """An answer that is an error. `retry_after` in seconds says that the same request may do better later."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        retry_after: int | None = None,
    ):
        super().__init__(status, message)
        kind = "invalid_request_error" if status < 500 else "server_error"
        self.retry_after = retry_after
        self.body = {"error": {"message": message, "type": kind, "param": param, "code": code}}

    def response(self) -> Response:
        """Return it as a response. OpenAI's clients heed both headers: without a second chance they try no second time."""
        again = self.retry_after is not None
        headers = {"Retry-After": str(self.retry_after)} if again else {}
        if self.status_code >= 500:
            headers["X-Should-Retry"] = "true" if again else "false"
        # In ASCII, since a message may quote half a character, which has no other encoding.
        return Response(json.dumps(self.body), self.status_code, headers, "application/json")

    def event(self) -> str:
        """Return it as the last event of a stream that has begun."""
        return event(self.body)


def event(reply: Reply) -> str:
    """Return one server-sent event: a line of JSON, and the blank line that ends it.

    It is ASCII, since some clients take signs such as U+2028 for the end of a line.

    >>> event({"text": "a\\nb\\u2028"})
    'data: {"text":"a\\\\nb\\\\u2028"}\\n\\n'
    """
    return f"data: {json.dumps(reply, separators=(',', ':'))}\n\n"


def usage(prompt_tokens: int, completion_tokens: int) -> Reply:
    """Return the counts of tokens."""
    total = prompt_tokens + completion_tokens
    return {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": completion_tokens,
        "total_tokens": total,
    }


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How the replies to one request look: those of a chat, or those of a text that is continued."""

    model: str
    chat: bool
    with_usage: bool  # in a stream: a last event with the counts
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, text: str, reason: str, counts: Reply) -> Reply:
        """Return the answer as one object."""
        message = {"role": "assistant", "content": text, "refusal": None}
        choice = {"message": message} if self.chat else {"text": text}
        kind = "chat.completion" if self.chat else "text_completion"
        return self._object(kind, [self._choice(choice, reason)]) | {"usage": counts}

    def first(self) -> list[Reply]:
        """Return what a stream begins with: in a chat, who speaks."""
        return [self._chunk({"role": "assistant", "content": ""})] if self.chat else []

    def piece(self, text: str) -> Reply:
        """Return the next piece of text."""
        return self._chunk({"content": text} if self.chat else text)

    def last(self, reason: str, counts: Reply) -> list[Reply]:
        """Return what a stream ends with."""
        end = [self._chunk({} if self.chat else "", reason)]
        if self.with_usage:
            end.append(self._object(self._chunk_kind, []) | {"usage": counts})
        return end

    @property
    def _chunk_kind(self) -> str:
        return "chat.completion.chunk" if self.chat else "text_completion"

    def _chunk(self, delta: Reply | str, reason: str | None = None) -> Reply:
        choice = self._choice({"delta" if self.chat else "text": delta}, reason)
        return self._object(self._chunk_kind, [choice]) | ({"usage": None} if self.with_usage else {})

    def _choice(self, content: Reply, reason: str | None) -> Reply:
        return {"index": 0, **content, "logprobs": None, "finish_reason": reason}

    def _object(self, kind: str, choices: list[Reply]) -> Reply:
        name = f"{'chatcmpl' if self.chat else 'cmpl'}-{self.id}"
        return {
            "id": name,
            "object": kind,
            "created": self.created,
            "model": self.model,
            "choices": choices,
        }
