"""The engine as tools of an assistant, over the Model Context Protocol (streamable HTTP at ``/mcp``)."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from mcp.server.fastmcp import FastMCP
from mcp.server.fastmcp.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations
from pydantic import Field

from corpus.errors import QAError
from qa import programs
from qa.choices import Choices
from qa.engine import Engine
from qa.programs import DEFAULT_FOUND, MOST_FOUND
from qa.web.counter import Counter
from qa.web.turnstile import BusyError

__all__ = ["build_tools"]

INSTRUCTIONS = (
    "These tools look into a fixed collection of articles. Quote what they return word for word and name the article. "
    "Where `ask` finds no answer, say that the articles hold none rather than answering from elsewhere."
)
READS_ONLY = ToolAnnotations(readOnlyHint=True, destructiveHint=False, idempotentHint=True, openWorldHint=False)

Result = TypeVar("Result")
Names = list[str] | None
Articles = Annotated[Names, Field(description="Look only in these articles, by the ids that answers name.")]
Publishers = Annotated[Names, Field(description="Look only in the articles of these publishers.")]
Speakers = Annotated[Names, Field(description="Look only at what these people say, by their whole or last names.")]
Since = Annotated[str | None, Field(description="Look only in articles published from this day on, as in 2021-05-31.")]
Until = Annotated[str | None, Field(description="Look only in articles published up to this day, as in 2024-12-31.")]


def build_tools(counter: Counter) -> FastMCP[Any]:
    """The server with its three tools; its session manager must be run beside its app."""
    server: FastMCP[Any] = FastMCP(
        "Ask your articles",
        instructions=INSTRUCTIONS,
        stateless_http=True,
        json_response=True,
        log_level="WARNING",
        # The gate in front has looked at the host and the origin by then, and knows what this server listens on.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    _add_ask(server, counter)
    _add_search(server, counter)
    _add_read_article(server, counter)
    return server


def _add_ask(server: FastMCP[Any], counter: Counter) -> None:
    async def ask(
        question: Annotated[str, Field(description="One question that stands alone, at most 2,000 characters.")],
        articles: Articles = None,
        publishers: Publishers = None,
        speakers: Speakers = None,
        since: Since = None,
        until: Until = None,
    ) -> dict[str, Any]:
        """Answer a question from the articles in their exact words.

        Gives `answer` (the words, or null where the articles hold no answer), `confidence` (the probability that this
        is right), `citations` (article_id, title, publisher, day, speaker, quote, its sentence and passage, and where
        it stands) and `alternatives`, other spans with their probabilities.
        """
        choices = Choices(articles or (), publishers or (), speakers or (), since, until)
        return await _served(counter, lambda engine: programs.ask(engine, question, choices=choices))

    _add(server, ask, "Ask the articles")


def _add_search(server: FastMCP[Any], counter: Counter) -> None:
    async def search(
        query: Annotated[str, Field(description="Words or a question.")],
        k: Annotated[int, Field(description=f"Passages wanted, from 1 to {MOST_FOUND}.")] = DEFAULT_FOUND,
        articles: Articles = None,
        publishers: Publishers = None,
        speakers: Speakers = None,
        since: Since = None,
        until: Until = None,
    ) -> dict[str, Any]:
        """Find the passages of the articles nearest to a query, best first.

        Gives `passages`, each with its text, article_id, title, publisher, day, speaker, where it stands (`start` and
        `end`, characters of the article's text) and a score that only orders them.
        """
        choices = Choices(articles or (), publishers or (), speakers or (), since, until)
        found = await _served(counter, lambda engine: programs.search(engine, query, choices=choices, k=k))
        return {"passages": found}

    _add(server, search, "Search the articles")


def _add_read_article(server: FastMCP[Any], counter: Counter) -> None:
    async def read_article(
        article_id: Annotated[str, Field(description="The id that an answer or a search gives.")],
    ) -> dict[str, Any]:
        """Read one article whole: its text, who says which part of it, and what is known of it."""
        return await _served(counter, lambda engine: programs.article(engine, article_id))

    _add(server, read_article, "Read an article")


def _add(server: FastMCP[Any], verb: Callable[..., Any], title: str) -> None:
    """Offer a verb; its docstring is what the assistant reads."""
    server.add_tool(verb, title=title, description=inspect.getdoc(verb), annotations=READS_ONLY)


async def _served(counter: Counter, work: Callable[[Engine], Result]) -> Result:
    try:
        return await counter.serve(work)
    except (QAError, BusyError) as error:
        raise ToolError(str(error)) from error
