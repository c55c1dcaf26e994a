"""The rules a machine can check: which layer imports which, one library one file, sizes, what is forbidden."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OURS = frozenset({"app", "benchmarks", "chat", "corpus", "index", "qa", "training"})

# layer -> the layers of ours that it may import
MAY_IMPORT = {
    "corpus": {"corpus"},
    "index": {"corpus", "index"},
    "qa": {"corpus", "index", "qa"},
    "chat": {"chat", "qa"},
    "app": {"chat", "qa"},
    "benchmarks": {"benchmarks", "corpus", "index", "qa"},
    "training": {"corpus", "index", "qa", "training"},
}

# heavy library -> the one place in the product whose one file imports it
HOME = {
    "faiss": "index",
    "gradio": "chat",
    "lxml": "corpus",
    "matplotlib": "qa",
    "pymilvus": "index",
    "pyarrow": "index",
    "pypdfium2": "corpus",
    "ray": "index",
    "sentence_transformers": "index",
    "tantivy": "index",
    "trafilatura": "corpus",
    "transformers": "qa",
}
# The page has many parts, each of which is made of Gradio's components.
IN_PARTS = frozenset({"gradio"})
PRODUCT = frozenset({"app", "chat", "corpus", "index", "qa"})

FORBIDDEN_MODULES = frozenset({"cloudpickle", "dill", "joblib", "marshal", "pickle", "shelve"})
FORBIDDEN_CALLS = frozenset(
    "eval exec compile __import__ os.system os.popen os.exec os.spawnl pty.spawn torch.load torch.jit.load yaml.load "
    "yaml.unsafe_load yaml.full_load pandas.read_pickle pd.read_pickle torch.hub.load".split()
)
FORBIDDEN_SWITCHES = frozenset({"allow_pickle", "shell", "trust_remote_code"})

LONGEST_FILE = 300
LONGEST_FUNCTION = 60

# A folder of somebody's machine at the start of a path; URLs, globs and paths below "./" do not match.
MACHINE_PATH = re.compile(r"(?<![\w.:/*-])/(?:home|mnt|root|Users|work)/\w|\b[A-Z]:\\Users\\")


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that is or would be tracked; without git, every file outside hidden folders."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        found = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
        listed = [str(path) for path in found if not any(part.startswith(".") for part in path.parts)]
    return tuple(sorted(Path(name) for name in listed if name and (ROOT / name).is_file()))


@cache
def modules() -> dict[Path, ast.Module]:
    """Every Python file of the project, parsed."""
    sources = (path for path in project_files() if path.suffix == ".py")
    return {path: ast.parse((ROOT / path).read_text(encoding="utf-8"), str(path)) for path in sources}


def layer(path: Path) -> str:
    return path.parts[0].removesuffix(".py")


def imports(path: Path, tree: ast.AST) -> Iterator[str]:
    """The absolute dotted names that a file imports, wherever in the file; relative imports are resolved."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = path.parts[: -node.level] if node.level else ()
            yield ".".join((*package, *([node.module] if node.module else [])))


def imported_roots(path: Path, tree: ast.AST) -> set[str]:
    return {name.split(".")[0] for name in imports(path, tree)}


def forbidden(path: Path, tree: ast.AST) -> Iterator[str]:
    """One line for each thing in a file that could run code out of data."""
    yield from (f"{path}: imports {name}" for name in imported_roots(path, tree) & FORBIDDEN_MODULES)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if ast.unparse(node.func) in FORBIDDEN_CALLS:
                yield f"{path}:{node.lineno}: calls {ast.unparse(node.func)}"
            for keyword in node.keywords:
                is_off = isinstance(keyword.value, ast.Constant) and keyword.value.value is False
                if keyword.arg in FORBIDDEN_SWITCHES and not is_off:
                    yield f"{path}:{node.lineno}: {keyword.arg} is not False"


def long_functions(path: Path, tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            lines = node.end_lineno - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{path}:{node.lineno}: {node.name} has {lines} lines"


def test_the_tree_is_seen() -> None:
    assert Path("tests/test_layers.py") in modules()
    assert Path("corpus/types.py") in modules()


def test_imports_point_down() -> None:
    wrong = [
        f"{path} imports {name}"
        for path, tree in modules().items()
        if layer(path) in MAY_IMPORT
        for name in sorted((imported_roots(path, tree) & OURS) - MAY_IMPORT[layer(path)])
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("library", sorted(HOME))
def test_one_heavy_library_lives_in_one_file(library: str) -> None:
    users = [
        str(path)
        for path, tree in modules().items()
        if layer(path) in PRODUCT and library in imported_roots(path, tree)
    ]
    assert len(users) <= 1 or library in IN_PARTS, users
    assert {layer(Path(user)) for user in users} <= {HOME[library]}, users


def test_nothing_runs_code_out_of_data() -> None:
    found = [line for path, tree in modules().items() for line in forbidden(path, tree)]
    assert not found, "\n".join(found)


def test_files_and_functions_stay_short() -> None:
    sizes = {path: len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in modules()}
    found = [f"{path} has {lines} lines" for path, lines in sizes.items() if lines > LONGEST_FILE]
    found += [line for path, tree in modules().items() for line in long_functions(path, tree)]
    assert not found, "\n".join(found)


def test_no_path_of_one_machine_is_written_down() -> None:
    found = []
    for path in project_files():
        content = (ROOT / path).read_bytes()
        if b"\0" in content[:8192]:
            continue
        lines = content.decode("utf-8", "replace").splitlines()
        found += [f"{path}:{number}: {line[:100]}" for number, line in enumerate(lines, 1) if MACHINE_PATH.search(line)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("import pickle", 1),
        ("from joblib import load", 1),
        ("eval('1')", 1),
        ("model.eval()", 0),
        ("import torch\ntorch.load('w')", 1),
        ("load(p, trust_remote_code=True)", 1),
        ("load(p, trust_remote_code=False)", 0),
        ("load(p, allow_pickle=flag)", 1),
    ],
)
def test_the_check_for_code_out_of_data_bites(source: str, count: int) -> None:
    assert len(list(forbidden(Path("qa/x.py"), ast.parse(source)))) == count


@pytest.mark.parametrize(
    ("path", "source", "names"),
    [
        ("corpus/x.py", "from .types import Span", ["corpus.types"]),
        ("corpus/x.py", "from . import types", ["corpus"]),
        ("index/rank/x.py", "from ..fuse import fuse", ["index.fuse"]),
        ("qa/x.py", "def f():\n    import faiss.contrib", ["faiss.contrib"]),
    ],
)
def test_imports_are_read_wherever_they_stand(path: str, source: str, names: list[str]) -> None:
    assert list(imports(Path(path), ast.parse(source))) == names


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("saved in " + "/home" + "/ann/library", True),
        ("'" + "/root" + "/models'", True),
        ("C:" + "\\Users\\ann", True),
        ("https://example.org/work/42", False),
        ("docs/home/index.html", False),
        ("/etc/passwd", False),
    ],
)
def test_the_check_for_machine_paths_bites(line: str, found: bool) -> None:
    assert bool(MACHINE_PATH.search(line)) is found
