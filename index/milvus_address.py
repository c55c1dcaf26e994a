"""The address of a collection: on a Milvus server, or in a file that the local Milvus engine keeps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from corpus.errors import InputError

__all__ = ["TOKEN_VARIABLE", "MilvusAddress"]

TOKEN_VARIABLE: Final = "QA_MILVUS_TOKEN"  # noqa: S105 - the variable's name
"""Where the password is: an address stands in the list of processes, in shell histories and in logs."""

SECONDS: Final = 60.0
PORT: Final = 19530
MOST_SECONDS: Final = 3600.0
FORM: Final = "milvus://HOST:PORT/COLLECTION or milvus-lite:///FOLDER/FILE.db/COLLECTION"

_COLLECTION = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}", re.ASCII)
_FILE = re.compile(r"[A-Za-z0-9._-]{1,36}", re.ASCII)  # what the local engine takes


@dataclass(frozen=True, slots=True)
class MilvusAddress:
    """Where a collection is; ``file`` is there instead of ``host`` where this process runs the engine itself.

    ``seconds`` is how long one call may take, with all its repetitions while the server does not answer.
    """

    collection: str
    host: str = ""
    port: int = PORT
    tls: bool = False
    database: str = ""
    file: Path | None = None
    seconds: float = SECONDS

    @classmethod
    def parse(cls, text: str) -> MilvusAddress:
        """The parts of an address; raises InputError where it is not of the form above.

        >>> MilvusAddress.parse("milvuss://db.example.org:443/news?db=papers")
        MilvusAddress(collection='news', host='db.example.org', port=443, tls=True, database='papers', file=None, \
seconds=60.0)
        """
        parts = urlsplit(text)
        options = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        if parts.username or parts.password or "token" in options:
            raise InputError(
                f"an address holds no password; put it into the variable {TOKEN_VARIABLE} as USER:PASSWORD"
            )
        unknown = set(options) - {"tls", "db", "timeout"}
        if unknown or parts.fragment:
            raise InputError(
                f"{text}: {min(unknown, default='#')} means nothing here; take tls=1, db=NAME, timeout=SECONDS"
            )
        folder, _, collection = unquote(parts.path).rpartition("/")
        if not _COLLECTION.fullmatch(collection):
            raise InputError(f"{text}: the collection's name takes letters, digits and _; write {FORM}")
        seconds = _seconds(options.get("timeout", str(SECONDS)))
        if parts.scheme == "milvus-lite":
            return cls(collection, file=_file(text, parts.netloc, folder), seconds=seconds)
        if parts.scheme not in ("milvus", "milvuss") or folder.strip("/") or not parts.hostname:
            raise InputError(f"{text}: no such kind of library; write {FORM}, or name a folder")
        tls = parts.scheme == "milvuss" or options.get("tls", "0") in ("1", "true")
        return cls(collection, parts.hostname, _port(text), tls, options.get("db", ""), None, seconds)

    def __str__(self) -> str:
        if self.file is not None:
            return f"milvus-lite://{self.file}/{self.collection}"
        return f"milvus{'s' * self.tls}://{self.host}:{self.port}/{self.collection}"


def _file(text: str, host: str, path: str) -> Path:
    if host or not _FILE.fullmatch(Path(path).name):
        raise InputError(f"{text}: the file's name takes up to 36 letters, digits and ._-; write {FORM}")
    return Path(path)


def _port(text: str) -> int:
    try:
        return urlsplit(text).port or PORT
    except ValueError:
        raise InputError(f"{text}: the port is no number up to 65535; write {FORM}") from None


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.0 < seconds <= MOST_SECONDS:
        raise InputError(
            f"timeout={text} is no number of seconds up to {MOST_SECONDS:.0f}; leave it out for {SECONDS:.0f}"
        )
    return seconds
