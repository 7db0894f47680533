"""Errors of every origin in the one form that OpenAI's clients read."""

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from serve.replies import APIError


def add_errors(app: FastAPI) -> None:
    """Let every error have the form that OpenAI's clients read."""

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return described(error).response()

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        if isinstance(error, APIError):
            return error.response()
        message = f"{error.detail}: {request.method} {request.url.path}"
        response = APIError(error.status_code, message).response()
        response.headers.update(error.headers or {})  # at 405 the methods that are allowed
        return response

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> Response:
        return APIError(500, "The server failed.").response()


def described(error: RequestValidationError) -> APIError:
    """Return what is wrong with a body, by its first fault, without repeating what it holds."""
    fault = error.errors()[0]
    kind, where, message = fault["type"], fault["loc"][1:], fault["msg"].removeprefix("Value error, ")
    if kind == "json_invalid":
        return APIError(400, f"The body is no JSON: {fault['ctx']['error']} at character {where[0]}.")
    if not where:
        return APIError(400, "The body must be a JSON object, sent as Content-Type: application/json.")
    param = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where)[1:]
    if kind == "extra_forbidden":
        return APIError(400, f"Unrecognized request argument: {param}", param=param, code="unknown_parameter")
    return APIError(400, f"{param}: {message}", param=param)
