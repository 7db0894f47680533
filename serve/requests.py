"""What a client may send, in the terms of OpenAI's API, and nothing else.

A field that would change the answer and that this server cannot do is refused, unless it has the value that changes
nothing. One that only describes the request is taken and ignored. Numbers must be numbers: "0.5" is none.
"""

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)

MAX_STOPS = 4  # as OpenAI has it
MAX_STOP = 256  # characters of one; at each token its beginnings are compared with the text
NEUTRAL: dict[str, tuple[Any, ...]] = {  # fields that cannot be had, and what changes nothing
    "n": (1,),
    "presence_penalty": (0, 0.0),
    "frequency_penalty": (0, 0.0),
    "logit_bias": ({},),
    "logprobs": (False, 0),
    "top_logprobs": (0,),
    "tools": ([],),
    "tool_choice": ("none", "auto"),
    "functions": ([],),
    "function_call": ("none", "auto"),
    "response_format": ({"type": "text"},),
    "modalities": (["text"],),
    "audio": (),
    "reasoning_effort": ("none",),
    "best_of": (1,),
    "echo": (False,),
    "suffix": ("",),
}


def joined_parts(content: Any) -> Any:
    """Return the text of a message's content, which may be a list of its parts.

    >>> joined_parts([{"type": "text", "text": "one "}, {"type": "text", "text": "two"}])
    'one two'
    """
    if not isinstance(content, list):
        return content
    texts = [part.get("text") for part in content if isinstance(part, dict) and part.get("type") == "text"]
    if len(texts) < len(content) or not all(isinstance(text, str) for text in texts):
        raise ValueError('only parts of the form {"type": "text", "text": "…"} can be read')
    return "".join(map(str, texts))


def whole_characters(text: str) -> str:
    """Return a text that can be encoded. JSON can write half a character, as in "\\ud83d"."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("holds half a character, a surrogate without its other half")
    return text


def as_list(stop: Any) -> Any:
    """Return stop strings as a list: none, one, or several were given."""
    return [stop] if isinstance(stop, str) else [] if stop is None else stop


def as_system(role: Any) -> Any:
    """Return the role that the model knows: the developer speaks as the system."""
    return "system" if role == "developer" else role


Text = Annotated[str, AfterValidator(whole_characters)]


class Strict(BaseModel):
    """No field of another type, none without a name here."""

    model_config = ConfigDict(strict=True, extra="forbid")


class Message(Strict):
    """One turn of a dialogue."""

    role: Annotated[Literal["system", "user", "assistant"], BeforeValidator(as_system)]
    content: Annotated[Text, BeforeValidator(joined_parts)]
    name: Any = None
    refusal: None = None  # from here on: what an answer of ours has, or a client's object of it
    tool_calls: None = None
    function_call: None = None
    annotations: None = None
    audio: None = None


class StreamOptions(Strict):
    """What comes in a stream besides the text."""

    include_usage: bool | None = None
    include_obfuscation: Literal[False] | None = None


class Request(Strict):
    """What both kinds of completion have in common. None is as if a field were not there."""

    model: str
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    max_tokens: int | None = Field(None, ge=1)
    temperature: float | None = Field(None, ge=0, le=2, allow_inf_nan=False)
    top_p: float | None = Field(None, ge=0, le=1, allow_inf_nan=False)
    seed: int | None = Field(None, ge=-(2**63), lt=2**63)
    stop: Annotated[
        list[Annotated[Text, Field(min_length=1, max_length=MAX_STOP)]],
        Field(max_length=MAX_STOPS),
        BeforeValidator(as_list),
    ] = []  # noqa: RUF012

    n: Any = None
    presence_penalty: Any = None
    frequency_penalty: Any = None
    logit_bias: Any = None
    logprobs: Any = None
    user: Any = None  # from here on: says something about the request, and changes nothing
    metadata: Any = None
    store: Any = None
    service_tier: Any = None
    safety_identifier: Any = None
    prompt_cache_key: Any = None

    @field_validator(*NEUTRAL, check_fields=False)
    @classmethod
    def changes_nothing(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse what the answer would have to heed."""
        allowed = NEUTRAL[str(info.field_name)]
        known = [(type(one), one) for one in allowed]  # True is 1, but not as a field
        if value is not None and (type(value), value) not in known:
            listed = " or ".join(map(repr, allowed))
            raise ValueError(
                f"is not supported by this server; leave it out{f' or give {listed}' * bool(listed)}"
            )
        return value

    @property
    def usage_wanted(self) -> bool:
        """Whether a stream ends with the counts of tokens."""
        return bool(self.stream_options and self.stream_options.include_usage)


class ChatRequest(Request):
    """The body of /v1/chat/completions."""

    messages: list[Message] = Field(min_length=1)
    max_completion_tokens: int | None = Field(None, ge=1)

    top_logprobs: Any = None
    tools: Any = None
    tool_choice: Any = None
    parallel_tool_calls: Any = None
    functions: Any = None
    function_call: Any = None
    response_format: Any = None
    modalities: Any = None
    audio: Any = None
    reasoning_effort: Any = None

    @property
    def length(self) -> int | None:
        """Tokens that the answer may have; the newer name wins."""
        return self.max_completion_tokens or self.max_tokens


class TextRequest(Request):
    """The body of /v1/completions."""

    prompt: Text = Field(min_length=1)

    best_of: Any = None
    echo: Any = None
    suffix: Any = None

    @property
    def length(self) -> int | None:
        """Tokens that the continuation may have."""
        return self.max_tokens
