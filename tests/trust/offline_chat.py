"""Started without a network by the test of that name: the chat, one question to it, one file, and its end."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.load.page import Visitor, answer_in
from tests.trust.running import running


def main(library: str, folder: str) -> None:
    """Start the chat over a library and use it."""
    with running(Path(library), Path(folder), "--mcp") as server:
        with Visitor(server.url) as visitor:
            paid = answer_in(visitor.ask("How much did the city pay for the track?"))
            added = visitor.add(
                "tarn.txt", b"The bridge of Tarn\n\nThe bridge of Tarn cost 41 million dinar, the mayor said."
            )
            cost = answer_in(visitor.ask("How much did the bridge of Tarn cost?"))
        for path in ("/", "/config", "/gradio_api/info", "/docs", "/theme.css", "/articles"):
            assert server.request("GET", path).status == 200, path
    print(f"{paid}; {'added' in added}; {cost}")


if __name__ == "__main__":
    main(*sys.argv[1:])
