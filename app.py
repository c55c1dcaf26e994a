"""The chat in the browser: ``python app.py`` and open the address that it prints."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from qa import Engine, QAError
from qa.commands.options import address
from qa.offline import refuse_outside, stay_offline
from qa.ratings import Ratings, default_ratings_file
from qa.serving import check_exposure, check_mcp, check_port, named_library
from qa.visitors import Visitors
from qa.web.passwords import Passwords
from qa.web.users import new_user

__all__ = ["main"]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="app.py", description="Ask your own articles, in the browser.")
    named = parser.add_mutually_exclusive_group()
    named.add_argument(
        "--library", type=Path, metavar="DIR", help="the library's folder (default: the two bundled articles)"
    )
    named.add_argument(
        "--store",
        dest="library",
        type=address,
        metavar="ADDRESS",
        help="a library on a Milvus server: milvus://HOST:PORT/COLLECTION",
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=7860, help="the port to listen on (default: 7860)")
    parser.add_argument(
        "--shared-library",
        action="store_true",
        help="files added or removed in the chat change the library itself, for everybody (default: for one page only)",
    )
    parser.add_argument(
        "--ratings", type=Path, metavar="FILE", help="where thumbs up and down are kept (default: your data folder)"
    )
    parser.add_argument("--embedder", metavar="DIR", help="another embedding model")
    parser.add_argument("--reader", metavar="DIR", help="another reading model")
    parser.add_argument("--open", action="store_true", help="open the page in the browser")
    parser.add_argument("--auth", type=Path, metavar="FILE", help="let in only the users in this file, with a password")
    parser.add_argument("--add-user", metavar="NAME", help="add a user to the --auth file (or a new password), and end")
    parser.add_argument("--no-auth", action="store_true", help="with --host: everybody who reaches it may read and ask")
    parser.add_argument("--mcp", action="store_true", help="offer the articles to assistants, as tools at /mcp (MCP)")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the chat until Ctrl-C; the exit code, 2 where the command line asks for what cannot be had."""
    options = _parser().parse_args(argv)
    try:
        if options.add_user is not None:
            print(new_user(options.auth, options.add_user))
            return 0
        passwords = Passwords.load(options.auth) if options.auth else None
        check_exposure(options.host, has_passwords=passwords is not None, open_to_all=options.no_auth)
        check_mcp(wanted=options.mcp)
        check_port(options.host, options.port)
        with Engine.open(options.library, embedder=options.embedder, reader=options.reader) as engine:
            stay_offline()
            refuse_outside(options.host)
            # Gradio reads the environment when it is imported, and takes seconds that `--help` need not wait for.
            from chat.desk import Desk
            from chat.serve import serve

            engine.warm()
            with Visitors(engine, shared=options.shared_library) as visitors:
                library = named_library(options.library, options.host, has_passwords=passwords is not None)
                desk = Desk(visitors, Ratings(options.ratings or default_ratings_file()), library)
                serve(
                    desk,
                    host=options.host,
                    port=options.port,
                    open_browser=options.open,
                    passwords=passwords,
                    mcp=options.mcp,
                )
    except QAError as error:
        print(f"app.py: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
