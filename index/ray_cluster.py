"""Workers on a Ray cluster: an existing one, or one that is started on this machine and ended with the work.

Ray Data runs the batches: each worker is an actor that loads the model once, a batch whose machine goes away is given
to another one, and what is done comes back in the order it was sent. Nothing leaves the cluster: no dashboard, no usage
statistics. What happens in its machines is in Ray's own files, not in our output.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import socket
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final, Self

from corpus.errors import InputError, MissingExtraError
from corpus.one_line import one_line
from index.ray_rows import DONE, TASK, Row, troubled_row
from index.ray_worker import EmbeddingWorker

__all__ = ["INSTALL", "RayCluster", "RayOptions"]

INSTALL: Final = 'pip install "ray[data]>=2.60,<3"'

ATTEMPTS: Final = 3
"""Processes that one batch may bring down. A machine that goes away has no share in it unless it was at the batch."""

QUEUED: Final = 2
"""Batches given to a worker at a time: the next is there when one is done, and few wait for a machine that is lost."""

REACH_SECONDS: Final = 5.0
ENDING_SECONDS: Final = 10.0

SETTINGS: Final = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
    "RAY_DEDUP_LOGS_SKIP_REGEX": "^",  # what happens to workers would be printed to stdout, amid our own output
    "RAY_BACKEND_LOG_LEVEL": "fatal",
    "RAY_NUM_REDIS_GET_RETRIES": "2",  # each of half a minute
}
OWN_SETTINGS: Final = {
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # listens on 127.0.0.1 alone, on every system
    "RAY_AUTH_MODE": "token",
}
OWN_STORE_BYTES: Final = 1 << 29


@dataclass(frozen=True, slots=True)
class RayOptions:
    """Where to work: at ``address`` (``HOST:PORT`` or ``auto``), or on this machine where it is ``None``.

    ``workers`` is the number of processes, each of one core; by default one for each core there is.
    """

    address: str | None = None
    workers: int | None = None

    def __post_init__(self) -> None:
        if self.workers is not None and self.workers < 1:
            raise InputError(f"{self.workers} Ray workers can do nothing; give at least 1")
        if self.address is not None and "://" in self.address:
            raise InputError(
                f"{self.address}: run this on a machine of the cluster (ray start --address=HOST:PORT); give HOST:PORT"
            )


class RayCluster:
    """A connection to a cluster, with ``workers`` processes for batches of files; a context manager.

    ``store`` is the address of a store that the workers write to themselves.
    """

    def __init__(self, options: RayOptions, model: str | Path, store: str | None = None) -> None:
        self._options = options
        self._worker = (str(model), store)
        self._held = ExitStack()
        self._runs = count()
        self.workers = 0

    def __enter__(self) -> Self:
        with ExitStack() as held:
            held.enter_context(_connected(self._options))
            import ray

            cores = int(ray.cluster_resources().get("CPU", 0))
            if cores < 1:
                raise InputError("no machine of the Ray cluster offers a CPU; start one: ray start --address=HOST:PORT")
            self.workers = min(self._options.workers or cores, cores)
            self._begun = _on_this_machine(_Begun)
            self._held = held.pop_all()
        return self

    def __exit__(self, *unused: object) -> None:
        self._held.close()

    def run(self, batches: Iterable[Sequence[Row]]) -> Iterator[list[Row]]:
        """The rows of the columns ``DONE`` for batches of rows of the columns ``TASK``, in the order of the batches.

        A batch whose rows do not come, or come with a trouble, can be run again. Raises InputError where the cluster
        gives up.
        """
        import ray
        from ray.data import ActorPoolStrategy, from_arrow_refs

        blocks = [ray.put(_table(batch, TASK)) for batch in batches]
        if not blocks:
            return
        size = min(self.workers, len(blocks))
        # Ray Data starts a process anew, and gives it its batches again, as often as needed: a machine that is gone
        # takes many attempts until that is known. What brings processes down itself is found by _Begun.
        done = from_arrow_refs(blocks).map_batches(
            _Actor,
            fn_constructor_args=(self._worker, self._begun, next(self._runs)),
            compute=ActorPoolStrategy(
                min_size=1, max_size=size, initial_size=size, max_tasks_in_flight_per_actor=QUEUED
            ),
            batch_size=None,
            batch_format="pyarrow",
            num_cpus=1,
        )
        done.context.execution_options.preserve_order = True
        done.context.max_errored_blocks = -1  # what is missing is seen by whoever sent it, and tried again by itself
        done.context.print_on_execution_start = False
        try:
            for table in done.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=1):
                yield table.to_pylist()
        except Exception as error:  # of many kinds, Ray's own and others; nothing of ours runs here
            raise InputError(_explained(error)) from error


class _Begun:
    """Counts how often each batch was begun: one that brings its workers down is not tried for ever."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[int, int]] = Counter()

    def begin(self, run: int, number: int) -> int:
        self._counts[run, number] += 1
        return self._counts[run, number]


class _Actor:
    """The worker as Ray Data drives it: tables in, tables out."""

    def __init__(self, worker: tuple[str, str | None], begun: Any, run: int) -> None:
        self._begun, self._run = begun, run
        self._worker = EmbeddingWorker(*worker)

    def __call__(self, table: Any) -> Any:
        import ray

        rows = table.to_pylist()
        times = ray.get(self._begun.begin.remote(self._run, rows[0]["number"]))
        if times > ATTEMPTS:
            return _table([troubled_row(row["number"], f"{ATTEMPTS} processes broke down at it") for row in rows], DONE)
        return _table(self.work(rows), DONE)

    def work(self, rows: Sequence[Row]) -> list[Row]:
        return self._worker.run(rows)


def _table(rows: Sequence[Row], columns: dict[str, str]) -> Any:
    import pyarrow as arrow

    types = {"int64": arrow.int64(), "binary": arrow.binary(), "string": arrow.string()}
    schema = arrow.schema([(name, types[kind]) for name, kind in columns.items()])
    return arrow.Table.from_pylist(rows, schema=schema)


def _on_this_machine(kind: type) -> Any:
    """An actor that lives as long as this program's own machine."""
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
    return ray.remote(num_cpus=0, scheduling_strategy=here)(kind).remote()


@contextmanager
def _connected(options: RayOptions) -> Iterator[None]:
    """Ray, connected; a connection that this program has already is used and left."""
    if options.address is not None:
        _reach(options.address)
    _load(options)
    import ray

    if ray.is_initialized():
        yield
        return
    with ExitStack() as held:
        if options.address is None:
            own = {
                "_temp_dir": held.enter_context(_folder()),
                "include_dashboard": False,
                "object_store_memory": OWN_STORE_BYTES,
            }
            _start("this machine", address="local", num_cpus=options.workers or _cores(), **own)
        else:
            _start(options.address, address=options.address)
        held.callback(ray.shutdown)
        yield


def _load(options: RayOptions) -> None:
    """Import Ray, which reads its settings when it is imported; what the user has set stays."""
    settings = SETTINGS
    if options.address is None:
        settings = {**SETTINGS, **OWN_SETTINGS, "RAY_AUTH_TOKEN": secrets.token_hex()}
    for name, value in settings.items():
        os.environ.setdefault(name, value)
    try:
        import ray.data  # noqa: F401 - here it is only seen whether all of it is installed
    except ImportError as error:
        raise MissingExtraError(f"the engine ray needs more packages; run: {INSTALL}") from error
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # all of it is in Ray's own files


def _start(place: str, **settings: Any) -> None:
    import ray

    try:
        with _stderr_apart():
            ray.init(log_to_driver=False, logging_level=logging.CRITICAL, **settings)
    except (ConnectionError, OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        raise InputError(
            f"no Ray cluster to work on at {place} ({one_line(str(error))[:300]}); start it with ray start on every "
            f"machine, this one among them, with the same releases of Ray and Python"
        ) from error


def _reach(address: str) -> None:
    """Tell at once, and not after minutes, that nobody listens there; ``auto`` is looked up by Ray itself."""
    if address == "auto":
        return
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), REACH_SECONDS).close()
    except (OSError, ValueError, OverflowError) as error:
        raise InputError(
            f"no Ray cluster answers at {address} ({error}); give the HOST:PORT that ray start --head has printed"
        ) from error


@contextmanager
def _stderr_apart() -> Iterator[None]:
    """Keep what native code prints while it starts out of the terminal; errors come as exceptions."""
    try:
        kept = os.dup(2)
    except OSError:  # there is no stderr
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _folder() -> Iterator[str]:
    """Where Ray keeps its sockets, its logs and what memory does not hold: private, and gone at the end."""
    # A socket's path holds about a hundred characters, and the usual place for such folders may be a long one.
    short = "/tmp" if Path("/tmp").is_dir() else None  # noqa: S108
    folder = tempfile.mkdtemp(prefix="qa-ray-", dir=short)
    try:
        yield folder
    finally:
        until = monotonic() + ENDING_SECONDS
        while Path(folder).exists() and monotonic() < until:  # the last processes still write while they end
            shutil.rmtree(folder, ignore_errors=True)
            sleep(0.1)


def _explained(error: Exception) -> str:
    text = one_line(str(error))
    if "No module named" in text:
        return "a machine of the Ray cluster lacks this program; install the same release on each of them"
    if type(error).__name__ == "ExecutionTimeoutError":
        return "the Ray cluster did nothing for half an hour; see that its machines run and have free CPUs, and go on"
    return f"the Ray cluster broke down ({text[:300]}); mend it and run the same command again, it goes on from there"
