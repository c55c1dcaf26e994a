"""Which paths are served at all, for whom, and how much a request to each may bring."""

from __future__ import annotations

__all__ = [
    "LARGEST_REQUEST",
    "LARGEST_UPLOAD",
    "LARGEST_UPLOAD_REQUEST",
    "is_for_programs",
    "is_open",
    "is_upload",
    "is_work",
    "largest",
]

LARGEST_REQUEST = 64 * 1024
"""Bytes of one request; the longest question allowed takes a tenth of it in any script."""

LARGEST_UPLOAD = 20 * 1024 * 1024
"""Bytes of one uploaded file; a request that brings several may be larger."""
LARGEST_UPLOAD_REQUEST = 100 * 1024 * 1024

FOR_PROGRAMS = frozenset({"ask", "search", "articles", "facets", "health", "mcp"})

# The web framework brings some eighty routes: some read files, fetch from elsewhere for a visitor, write on the disk or
# to the terminal. What is not in these lists, also what a later version brings, is not there.
OPEN = frozenset(
    {"/", "/config", "/docs", "/favicon.ico", "/manifest.json", "/openapi.json", "/robots.txt", "/theme.css"}
)
OPEN_BELOW = ("/assets/", "/static/")
PAGE = "/gradio_api"
OPEN_TO_PAGE = frozenset({"/app_id", "/cancel", "/info", "/reset", "/upload", "/upload_progress"})
OPEN_BELOW_PAGE = ("/call/", "/heartbeat/", "/queue/", "/run/")
# What costs memory or work; the rest of the page is files.
WORK = frozenset({"call", "cancel", "heartbeat", "queue", "run", "upload"})


def is_open(path: str) -> bool:
    """Whether a path, decoded, is one that the page or a program needs.

    >>> is_open("/gradio_api/file=/etc/passwd"), is_open("/gradio_api/call/ask"), is_open("/assets/../x")
    (False, True, False)
    """
    if not _is_plain(path):
        return False
    inner = path.removeprefix(PAGE)
    if inner != path:
        return inner.rstrip("/") in OPEN_TO_PAGE or inner.startswith(OPEN_BELOW_PAGE)
    return path in OPEN or path.rstrip("/") in OPEN or path.startswith(OPEN_BELOW) or is_for_programs(path)


def is_for_programs(path: str) -> bool:
    """Whether a path belongs to the routes for programs, whose clients may be told to slow down.

    >>> is_for_programs("/articles/c36c"), is_for_programs("/gradio_api/queue/join")
    (True, False)
    """
    return path.startswith("/") and path.split("/")[1] in FOR_PROGRAMS


def is_work(path: str) -> bool:
    """Whether a path of the page asks for more than a file.

    >>> is_work("/gradio_api/queue/join"), is_work("/assets/index.js")
    (True, False)
    """
    parts = path.split("/", 3)
    return len(parts) > 2 and f"/{parts[1]}" == PAGE and parts[2] in WORK


def is_upload(path: str) -> bool:
    """Whether a path takes files."""
    return path.rstrip("/") == f"{PAGE}/upload"


def largest(path: str) -> int:
    """Bytes that a request to a path may have: only an upload brings files."""
    return LARGEST_UPLOAD_REQUEST if is_upload(path) else LARGEST_REQUEST


def _is_plain(path: str) -> bool:
    """Whether nothing in a path could be taken for another path by whoever reads it next."""
    parts = path.split("/")
    return path.isprintable() and not set("\\%") & set(path) and not {".", ".."} & set(parts) and "//" not in path
