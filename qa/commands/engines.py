"""``--engine`` of ``qa add``: who reads and embeds, this process or the workers of a Ray cluster."""

from __future__ import annotations

import argparse
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import InputError
from qa.commands import options as shared
from qa.engine import Engine

if TYPE_CHECKING:
    from index.ingest import Ingested

__all__ = ["add_engines", "ingest_with"]

LOCAL, RAY = "local", "ray"
SERVED = ("milvus://", "milvuss://")
OF_RAY = ("ray_address", "ray_workers", "ray_send_files")


def add_engines(parser: argparse.ArgumentParser) -> None:
    """``--engine`` and the options of the engine ``ray``."""
    parser.add_argument(
        "--engine", choices=(LOCAL, RAY), default=LOCAL, help="who reads and embeds: this process or a Ray cluster"
    )
    parser.add_argument("--ray-address", metavar="ADDRESS", help="HOST:PORT of a cluster or auto (default: one here)")
    parser.add_argument(
        "--ray-workers", metavar="N", type=shared.positive, help="processes (default: one for each core)"
    )
    parser.add_argument("--ray-send-files", action="store_true", help="send the files: the workers do not see them")


def ingest_with(options: argparse.Namespace, engine: Engine, files: list[Path]) -> Generator[Ingested]:
    """``Engine.ingest`` by the engine that was named; raises InputError for options of another."""
    wanted = {"again": options.again, "skip_near_duplicates": options.skip_near_duplicates}
    if options.engine == LOCAL:
        if given := next((name for name in OF_RAY if getattr(options, name)), None):
            raise InputError(f"--{given.replace('_', '-')} says nothing to the engine here; add --engine ray")
        return engine.ingest(files, **wanted)
    from index.embed import DEFAULT_EMBEDDER
    from index.ray_cluster import RayCluster, RayOptions
    from index.ray_ingest import ingest_on_cluster

    # A server takes what the workers write, except where each article is to be compared with those before it.
    is_served = (options.library or "").startswith(SERVED) and not options.skip_near_duplicates
    place = RayOptions(options.ray_address, options.ray_workers)
    cluster = RayCluster(place, options.embedder or DEFAULT_EMBEDDER, options.library if is_served else None)
    sending = options.ray_send_files
    return ingest_on_cluster(files, engine.library, engine.embedder, cluster, send_files=sending, **wanted)
