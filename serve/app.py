"""The addresses of the server and what stands behind them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, JSONResponse, StreamingResponse

from lib.decoding import Decoding
from lib.engine import Continuation
from serve.body_limit import BodyLimit
from serve.errors import add_errors
from serve.replies import COMMENT, DONE, APIError, Reply, Shape, event, usage
from serve.requests import ChatRequest, TextRequest
from serve.served import ServedModel, decoding_generator
from serve.settings import Settings
from serve.worker import Finished, Job, Worker

PAGE = Path(__file__).parent / "page"
FILES = {"/": "index.html", "/chat.css": "chat.css", "/chat.js": "chat.js"}
HEADERS = {  # the page loads and asks nothing but this server
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def create_app(served: ServedModel, worker: Worker, settings: Settings) -> FastAPI:
    """Return the application. Its documentation pages are left out: they would fetch scripts from elsewhere."""
    app = FastAPI(title="Chat server", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(BodyLimit, limit=settings.max_body)
    add_errors(app)
    add_page(app)
    answers = Answers(served, worker, settings)
    app.get("/health")(answers.health)
    app.get("/v1/models")(answers.models)
    app.get("/v1/models/{name}")(answers.model)
    app.post("/v1/chat/completions", response_model=None)(answers.chat)
    app.post("/v1/completions", response_model=None)(answers.text)
    return app


class Answers:
    """What the API's addresses do."""

    def __init__(self, served: ServedModel, worker: Worker, settings: Settings):
        self.served, self.worker, self.settings = served, worker, settings

    async def health(self) -> JSONResponse:
        """Say whether new requests are taken, and how many are open."""
        ready = self.worker.closes_at is None
        body = {"status": "ok" if ready else "stopping", "open_requests": self.worker.open_jobs}
        return JSONResponse(body, 200 if ready else 503)

    async def models(self) -> Reply:
        """List the one model."""
        return {"object": "list", "data": [await self.model(self.served.name)]}

    async def model(self, name: str) -> Reply:
        """Describe the model of this name."""
        self._check_model(name)
        return {"id": name, "object": "model", "created": 0, "owned_by": "course"}

    async def chat(self, body: ChatRequest, request: Request) -> Response | Reply:
        """Continue a dialogue."""
        self._check_model(body.model)
        if len(body.messages) > (most := self.settings.max_messages):
            message = f"The dialogue has {len(body.messages)} messages; {most} are the most."
            raise APIError(400, message, param="messages")
        messages = [{"role": one.role, "content": one.content} for one in body.messages]
        # A thread of its own, since a long text takes the tokenizer some time.
        prompt = await asyncio.to_thread(self.served.encode_dialogue, messages)
        return await self._answer(body, prompt, request)

    async def text(self, body: TextRequest, request: Request) -> Response | Reply:
        """Continue a text."""
        self._check_model(body.model)
        prompt = await asyncio.to_thread(self.served.encode, body.prompt)
        return await self._answer(body, prompt, request)

    async def _answer(
        self, body: ChatRequest | TextRequest, prompt: Sequence[int], request: Request
    ) -> Response | Reply:
        chat = isinstance(body, ChatRequest)
        shape = Shape(model=self.served.name, chat=chat, with_usage=body.usage_wanted)
        job = self.worker.submit(self._continuation(body, prompt), body.stop)
        if body.stream:
            return EventStream(job, stream(job, shape, self.settings.keep_alive))
        try:
            return await whole(job, shape, request)
        finally:
            job.cancel()

    def _continuation(self, body: ChatRequest | TextRequest, prompt: Sequence[int]) -> Continuation:
        """Return what the engine is to do. Raises APIError 400 when it is too long or empty."""
        served, most, param = self.served, self.settings.max_tokens, "messages"
        if isinstance(body, TextRequest):
            param = "prompt"
        if not prompt:
            raise APIError(400, "The prompt has no tokens.", param=param)
        room = self.worker.context - len(prompt)
        if room < 1:
            message = (
                f"The prompt has {len(prompt)} tokens; with its answer it must fit {self.worker.context}."
            )
            raise APIError(400, message, param=param, code="context_length_exceeded")
        if (body.length or 0) > most:
            raise APIError(400, f"An answer may have {most} tokens, not {body.length}.", param="max_tokens")
        temperature = served.temperature if body.temperature is None else body.temperature
        top_p = served.top_p if body.top_p is None else body.top_p
        decoding = Decoding(temperature=temperature, top_p=None if top_p == 1 or temperature == 0 else top_p)
        length = min(body.length or most, room)
        generator = decoding_generator(body.seed)
        return Continuation(prompt, length, stop=served.stop, decoding=decoding, generator=generator)

    def _check_model(self, name: str) -> None:
        if name != self.served.name:
            message = f"There is no model {name!r} here; there is {self.served.name!r}."
            raise APIError(404, message, param="model", code="model_not_found")


class EventStream(StreamingResponse):
    """Events as they come. However it ends, its job ends with it."""

    media_type = "text/event-stream"

    def __init__(self, job: Job, events: AsyncIterator[str]):
        # The last header keeps proxies, nginx among them, from holding events back until there are many.
        super().__init__(events, headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})
        self.job = job

    async def __call__(self, scope, receive, send) -> None:
        """Send all events, or stop where the client hangs up."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.job.cancel()


async def stream(job: Job, shape: Shape, keep_alive: float) -> AsyncIterator[str]:
    """Yield the events of an answer; a comment where there is no news for so many seconds."""
    for reply in shape.first():
        yield event(reply)
    while True:
        try:
            async with asyncio.timeout(keep_alive):
                news = await job.events.get()
        except TimeoutError:
            yield COMMENT
            continue
        if isinstance(news, str):
            yield event(shape.piece(news))
            continue
        if isinstance(news, Finished):
            for reply in shape.last(news.reason, usage(len(job.text.prompt), news.tokens)):
                yield event(reply)
            yield DONE
        else:
            yield news.event()
        return


async def whole(job: Job, shape: Shape, request: Request) -> Reply:
    """Return an answer once it is complete. Raises APIError when it will not be, or nobody waits for it any more."""
    hang_up = asyncio.create_task(cancel_at_hang_up(job, request))
    try:
        pieces = []
        while isinstance(news := await job.events.get(), str):
            pieces.append(news)
    finally:
        hang_up.cancel()
    if isinstance(news, APIError):
        raise news
    return shape.whole("".join(pieces), news.reason, usage(len(job.text.prompt), news.tokens))


async def cancel_at_hang_up(job: Job, request: Request) -> None:
    """Wait until the client is gone, and stop its job."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    job.cancel()


def add_page(app: FastAPI) -> None:
    """Add the chat page and its files."""
    for path, name in FILES.items():

        async def file(name: str = name) -> FileResponse:
            return FileResponse(PAGE / name, headers=HEADERS)

        app.get(path, response_model=None)(file)
