"""The routes for programs: the engine's own verbs over HTTP, on the server's library and never on a visitor's files."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Path, Query
from fastapi.responses import HTMLResponse
from starlette.requests import Request
from starlette.responses import JSONResponse

from qa import programs
from qa.engine import Engine
from qa.web import models
from qa.web.counter import Counter
from qa.web.docs_page import docs_page
from qa.web.problems import PLAIN, add_problems

__all__ = ["build_app"]

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

TITLE = "Ask your articles"
ABOUT = (
    "Answers in the exact words of the server's articles. Every start and end counts characters of an article's text."
)
REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": models.Problem, "description": "The question or a name cannot be used"},
    422: {"model": models.Problem, "description": "A field is missing, unknown or of the wrong kind"},
    429: {"model": models.Problem, "description": "Too many requests at once; Retry-After says when to come again"},
    503: {
        "model": models.Problem,
        "description": "Too many questions wait; Retry-After says when to come again",
    },
}
UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"model": models.Problem, "description": "No article of that id"}}
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def build_app(counter: Counter, lifespan: Lifespan | None = None) -> FastAPI:
    """The app with these routes alone; whatever else is mounted on it serves the paths that they leave.

    ``lifespan`` runs beside it.
    """
    app = FastAPI(
        title=TITLE,
        version=_version(),
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        lifespan=lifespan,
    )
    router = APIRouter(responses=REFUSALS)
    _add_questions(router, counter)
    _add_articles(router, counter)
    app.include_router(router)
    add_problems(app)

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(docs_page(app.openapi()))

    _close_other_methods(app)
    return app


def _add_questions(router: APIRouter, counter: Counter) -> None:
    @router.post("/ask", summary="Ask a question", response_model=models.AnswerObject, operation_id="ask")
    async def ask(asked: models.Question) -> Any:
        """An answer in an article's exact words with where it stands, or `null` where the articles hold none."""
        history = [message.model_dump() for message in asked.history]

        def work(engine: Engine) -> Any:
            return programs.ask(engine, asked.question, history=history, choices=asked.choices, top_k=asked.top_k)

        return await counter.serve(work)

    @router.get("/search", summary="Find passages", response_model=list[models.FoundPassage], operation_id="search")
    async def search(wanted: Annotated[models.Search, Query()]) -> Any:
        """The passages nearest to a query, best first."""
        return await counter.serve(lambda engine: programs.search(engine, wanted.q, choices=wanted.choices, k=wanted.k))


def _add_articles(router: APIRouter, counter: Counter) -> None:
    # These need no model: they do not wait for the questions, and run in the framework's own threads.
    @router.get(
        "/articles", summary="List the articles", response_model=list[models.ArticleFacts], operation_id="articles"
    )
    def articles() -> Any:
        """What is known of each article, in the order they were added."""
        return counter.read(programs.articles)

    @router.get(
        "/articles/{id}",
        summary="Read one article",
        response_model=models.WholeArticle,
        responses=UNKNOWN,
        operation_id="read_article",
    )
    def article(article_id: Annotated[str, Path(alias="id", max_length=200, description="the article's id")]) -> Any:
        """Its text, who says which part of it, and what is known of it."""
        return counter.read(lambda engine: programs.article(engine, article_id))

    @router.get("/facets", summary="What to choose by", response_model=models.FacetLists, operation_id="facets")
    def facets() -> Any:
        """The publishers, speakers and days that a question or a search can be narrowed to."""
        return counter.read(programs.facets)

    @router.get("/health", summary="Is the server up?", response_model=models.Health, operation_id="health")
    def health() -> Any:
        """Answers at once, also while questions wait."""
        listed = counter.read(programs.articles)
        return {"status": "ok", "articles": len(listed), "passages": sum(found["passages"] for found in listed)}


def _close_other_methods(app: FastAPI) -> None:
    """What is mounted below must not take the other methods of these paths for its own."""

    async def refuse(_: Request) -> JSONResponse:
        return JSONResponse({"error": PLAIN[405]}, 405)

    for path, operations in app.openapi()["paths"].items():
        others = sorted(METHODS - {method.upper() for method in operations})
        app.router.add_route(path, refuse, methods=others, include_in_schema=False)


def _version() -> str:
    try:
        return version("qa-articles")
    except PackageNotFoundError:  # run from a folder that was not installed
        return "0"
