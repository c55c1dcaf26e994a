"""The page and the routes for programs on one web server, with the gate in front of everything."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from threading import Thread
from types import FrameType
from typing import Any, NoReturn

import gradio as gr
import uvicorn
from fastapi import FastAPI

from chat.backlog import Backlog
from chat.connections import LONGEST_HEAD, connections
from chat.desk import Desk
from chat.memory import given_back
from chat.page import build
from chat.script import START
from chat.sessions import keep_less
from chat.style import STYLE
from qa.web.counter import Counter
from qa.web.entrance import Entrance
from qa.web.gate import Gate
from qa.web.open_routes import LARGEST_UPLOAD
from qa.web.passwords import Passwords
from qa.web.rates import Rates
from qa.web.routes import build_app
from qa.web.terminal import inert_terminal
from qa.web.uploads import Uploads

__all__ = ["serve"]

FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica", "Arial", "sans-serif")
FIXED_WIDTH_FONTS = ("ui-monospace", "Consolas", "Menlo", "monospace")
SESSIONS = 1_000
PAGE_BURST = 100
"""Requests of one client to the page at once; a person's click makes two or three."""
IDLE = 10
"""Seconds that a connection stays open for the next request: longer than the 5 s after which httpx lets go of it, as
a request that is sent while the other end closes is lost."""
LAST_WORDS = 3
"""Seconds that requests in flight have when the server is stopped."""


def serve(
    desk: Desk,
    *,
    host: str,
    port: int,
    open_browser: bool = False,
    passwords: Passwords | None = None,
    mcp: bool = False,
) -> None:
    """Serve the page and the programs until Ctrl-C or SIGTERM; only users whom ``passwords`` knows, where given."""
    inbox = desk.visitors.inbox()
    os.environ["GRADIO_TEMP_DIR"] = str(inbox)  # else a folder that every user of this machine may look into
    counter = Counter(desk.visitors)
    page = build(desk)
    app = _with_page(_for_programs(counter, mcp=mcp), page)
    gate = Gate(
        app,
        host,
        entrance=Entrance(passwords) if passwords else None,
        rates=Rates(),
        page_rates=Rates(burst=PAGE_BURST),
        uploads=Uploads(inbox),
        inbox=inbox,
        waiting=Backlog(page).waiting,
    )
    url = f"http://{_reachable(host)}:{port}/"

    def ready() -> None:
        print(f"The chat is ready: {url}  (stop it with Ctrl-C)", flush=True)
        if mcp:
            print(f"Tools for assistants (MCP): {url}mcp", flush=True)
        if open_browser:
            Thread(target=webbrowser.open, args=(url,), daemon=True).start()  # one in a terminal would block the server

    config = uvicorn.Config(
        gate,
        host=host.strip("[]"),
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=LAST_WORDS,
        timeout_keep_alive=IDLE,
        http=connections(),
        h11_max_incomplete_event_size=LONGEST_HEAD,
    )
    gc.collect()
    gc.freeze()  # what is loaded by now stays: it need not be looked through again and again, the last time at the end
    signal.signal(signal.SIGTERM, _stop)  # so that what visitors added is deleted then, too
    try:
        with inert_terminal(), given_back():
            _Server(config, ready, app).run()
    except KeyboardInterrupt:
        pass  # the way to stop it
    finally:
        counter.turnstile.close()
        print("The chat has stopped.", flush=True)


class _Server(uvicorn.Server):
    """Tells when it can be reached, and ends the page's endless answers when it is to stop."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], app: FastAPI) -> None:
        super().__init__(config)
        self._ready = ready
        self._app = app

    async def startup(self, *args: Any, **named: Any) -> None:
        await super().startup(*args, **named)
        if self.started:
            await _settle(self._app, self.config.host, self.config.port)
            self._ready()

    async def shutdown(self, *args: Any, **named: Any) -> None:
        for route in self._app.routes:
            stop = getattr(getattr(route, "app", None), "stop_event", None)
            if isinstance(stop, asyncio.Event):
                stop.set()
        await super().shutdown(*args, **named)


def _for_programs(counter: Counter, *, mcp: bool) -> FastAPI:
    if not mcp:
        return build_app(counter)
    from qa.web.tools import build_tools  # its package is an extra

    tools = build_tools(counter)
    routes = tools.streamable_http_app().routes

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with tools.session_manager.run():
            yield

    app = build_app(counter, lifespan)
    app.router.routes.extend(routes)
    return app


def _with_page(app: FastAPI, page: gr.Blocks) -> FastAPI:
    """The app with the page at all paths that it leaves."""
    page.state_session_capacity = SESSIONS
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        run_history=False,
        show_error=False,
        footer_links=["api", "settings"],
        max_file_size=LARGEST_UPLOAD,
        theme=gr.themes.Default(primary_hue="blue", font=FONTS, font_mono=FIXED_WIDTH_FONTS),
        css=STYLE,
        js=START,
    )
    keep_less(app, page)
    return app


async def _settle(app: FastAPI, host: str, port: int) -> None:
    """Ask the page for what it tells programs: it keeps the address that the first one asks under, for everybody."""

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_: Any) -> None:
        pass

    path, name = "/gradio_api/info", f"{_reachable(host)}:{port}"
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", name.encode())],
        "server": (host, port),
        "client": None,
    }
    await app(scope, receive, send)


def _reachable(host: str) -> str:
    """The name under which this machine reaches an address that is listened on."""
    if host in ("0.0.0.0", "::", ""):  # noqa: S104 - compared, not listened on
        return "localhost"
    return f"[{host.strip('[]')}]" if ":" in host else host


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)
