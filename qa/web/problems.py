"""Errors as answers: ``{"error": "one line with the remedy"}`` under the status that fits."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from corpus.errors import InputError, QAError, UnknownArticleError
from qa.web.turnstile import BusyError

__all__ = ["add_problems"]

logger = logging.getLogger(__name__)

AGAIN = {"Retry-After": "2"}
SEE = "see /docs"
PLAIN = {
    404: f"there is no such route; {SEE} for those there are",
    405: f"this route takes another method; {SEE}",
}
KINDS: Mapping[str, str] = {
    "missing": "it is missing",
    "extra_forbidden": "there is no such field",
    "json_invalid": "it is not JSON",
    "date_parsing": "it is not a day; write it as in 2021-05-31",
    "date_from_datetime_parsing": "it is not a day; write it as in 2021-05-31",
    "date_from_datetime_inexact": "it is not a day; write it as in 2021-05-31",
    "model_attributes_type": 'it is not a JSON object; send one with "Content-Type: application/json"',
}


def add_problems(app: FastAPI) -> None:
    """Have all errors of the app answered in this way."""
    app.add_exception_handler(QAError, _mistaken)
    app.add_exception_handler(BusyError, _busy)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _plain)
    app.add_exception_handler(Exception, _broken)


def _answer(status: int, error: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": error}, status, dict(headers or {}))


async def _mistaken(request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, UnknownArticleError):
        return _answer(404, str(error))
    if isinstance(error, InputError):
        return _answer(400, str(error))
    logger.error("%s %r: %s", request.method, request.url.path, error)  # it may name places on this machine
    return _answer(503, "the articles cannot be read now; whoever runs the server sees why in its terminal", AGAIN)


async def _busy(_: Request, error: Exception) -> JSONResponse:
    return _answer(503, str(error), AGAIN)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    return _answer(422, _first(error.errors() if isinstance(error, RequestValidationError) else ()))


async def _plain(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    return _answer(error.status_code, PLAIN.get(error.status_code, str(error.detail)), error.headers)


async def _broken(request: Request, error: Exception) -> JSONResponse:
    return _answer(500, "something went wrong inside the program; the terminal it runs in shows what")


def _first(errors: Any) -> str:
    """The first thing that is wrong with a request, in words.

    >>> _first([{"loc": ("body", "top_k"), "type": "less_than_equal", "msg": "Input should be at most 50"}])
    'top_k: input should be at most 50; see /docs'
    """
    for found in errors:
        place = ".".join(str(part) for part in found["loc"][1:] if found["type"] != "json_invalid")
        says = KINDS.get(found["type"]) or found["msg"][:1].lower() + found["msg"][1:]
        return f"{place or 'the body'}: {says}; {SEE}"
    return f"the request cannot be used; {SEE}"
