from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.app.conftest import USER

pytest.importorskip("mcp", reason="the extra mcp is not installed")

from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client

pytestmark = pytest.mark.timeout(600)

HEADERS = {"Authorization": "Basic " + base64.b64encode(":".join(USER).encode()).decode()}


def talk(address: str, about: Callable[[ClientSession], Awaitable[Any]]) -> Any:
    """What comes of a session of an assistant with the server."""

    async def session() -> Any:
        async with (
            streamablehttp_client(f"{address}mcp", headers=HEADERS) as (reading, writing, _),
            ClientSession(reading, writing) as opened,
        ):
            await opened.initialize()
            return await about(opened)

    return asyncio.run(session())


def test_three_tools_are_offered_and_nothing_else(guarded_address: str) -> None:
    async def offered(session: ClientSession) -> Any:
        return await session.list_tools(), await session.list_resources(), await session.list_prompts()

    tools, resources, prompts = talk(guarded_address, offered)
    assert [tool.name for tool in tools.tools] == ["ask", "search", "read_article"]
    for tool in tools.tools:
        assert tool.annotations.readOnlyHint is True
        assert len(tool.description) > 60
        assert "\n " not in tool.description
        for name, schema in tool.inputSchema["properties"].items():
            assert schema["description"], name
    assert resources.resources == []
    assert prompts.prompts == []


def test_an_assistant_asks_searches_and_reads(guarded_address: str) -> None:
    async def use(session: ClientSession) -> Any:
        asked = await session.call_tool("ask", {"question": "How much did the city pay for the track?"})
        found = await session.call_tool("search", {"query": "tram", "k": 2})
        assert asked.structuredContent is not None
        place = asked.structuredContent["citations"][0]
        read = await session.call_tool("read_article", {"article_id": place["article_id"]})
        return asked.structuredContent, found.structuredContent, read.structuredContent

    asked, found, read = talk(guarded_address, use)
    assert "212 million" in asked["answer"]
    assert len(found["passages"]) == 2
    place = asked["citations"][0]
    assert read["text"][place["start"] : place["end"]] == place["quote"]


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("ask", {"question": " "}, "empty"),
        ("search", {"query": "x", "k": 1_000}, "from 1 to 100"),
        ("search", {"query": "x", "since": "May"}, "not a date"),
        ("read_article", {"article_id": "none"}, "no article"),
    ],
)
def test_an_error_is_one_line(guarded_address: str, tool: str, arguments: dict[str, Any], says: str) -> None:
    result = talk(guarded_address, lambda session: session.call_tool(tool, arguments))
    assert result.isError
    assert says in result.content[0].text
    assert "\n" not in result.content[0].text
