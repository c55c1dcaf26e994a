from __future__ import annotations

import ast
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from corpus.errors import ModelError
from index.bert import load_config
from index.embed import MiniLM, default_folder, load_embedder
from qa.confidence import load_confidence
from qa.reader import DEFAULT_READER, load_reader, verify_checksums
from tests.app.conftest import ROOT
from tests.test_layers import forbidden, modules

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.trust.conftest import Tally

PINNED = re.compile(
    r"^(?P<name>[\w.-]+)==\S+(?: ;[^\\]*)?(?P<hashes>(?: *\\\n +--hash=sha256:[0-9a-f]{64})+)", re.MULTILINE
)
LOCKS = ["requirements.lock", "requirements-ray.lock", "scripts/requirements-audit.txt"]


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_with_its_hashes(name: str) -> None:
    lines = [
        line for line in (ROOT / name).read_text().splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]
    packages = [line for line in lines if not line.startswith(" ")]
    pinned = PINNED.findall((ROOT / name).read_text())
    assert len(pinned) == len(packages) > 20
    assert all(line.lstrip().startswith("--hash=sha256:") for line in lines if line.startswith(" "))


def test_what_the_project_needs_is_in_the_lock() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    pinned = {canonicalize_name(name) for name, _ in PINNED.findall((ROOT / "requirements.lock").read_text())}
    missing = {canonicalize_name(Requirement(line).name) for line in wanted} - pinned
    assert missing == {"torch"}  # its builds differ by machine: pinned in pyproject.toml, installed first
    assert any(line.startswith("torch==") for line in wanted)


def test_no_source_runs_code_out_of_data(tally: Tally) -> None:
    found = {path: list(forbidden(path, tree)) for path, tree in modules().items()}
    tally("source files that run no code out of data", len(found), sum(not lines for lines in found.values()))
    assert len(found) > 100
    assert not any(found.values())


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from joblib import load",
        "np.load(f, allow_pickle=True)",
        "run('x', shell=True)",
        "eval('1')",
        "yaml.load(f)",
    ],
)
def test_the_search_for_it_bites(source: str) -> None:
    assert list(forbidden(Path("x.py"), ast.parse(source)))


def canary(sung: Path) -> bytes:
    """A pickle, written by hand, that touches a file when it is read."""
    return f"cposix\nsystem\n(S'touch {sung}'\ntR.".encode()


def hostile_model(folder: Path, kind: str, sung: Path) -> Path:
    """A model folder in which everything that some library would run touches the file ``sung``."""
    folder.mkdir()
    pickled, code = (
        canary(sung),
        f"from pathlib import Path\nPath({str(sung)!r}).touch()\nclass M: pass\n",
    )
    for name in ("pytorch_model.bin", "model.pt", "model.bin", "tokenizer.pkl", "optimizer.pt"):
        (folder / name).write_bytes(pickled)
    for name in ("modeling_x.py", "configuration_x.py", "tokenization_x.py", "__init__.py", "setup.py"):
        (folder / name).write_text(code)
    mapped = {
        "AutoConfig": "configuration_x.M",
        "AutoModel": "modeling_x.M",
        "AutoModelForQuestionAnswering": "modeling_x.M",
    }
    config: dict[str, Any] = {"model_type": kind, "auto_map": mapped, "architectures": ["M"]}
    config |= {
        "hidden_size": 8,
        "num_hidden_layers": 1,
        "num_attention_heads": 1,
        "intermediate_size": 8,
        "vocab_size": 30,
    }
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"auto_map": {"AutoTokenizer": ["tokenization_x.M", None]}})
    )
    modules = [{"idx": 0, "name": "0", "path": "", "type": "modeling_x.M"}]
    if kind == "roberta":
        modules = [{"idx": 0, "name": "0", "path": "0_Dense", "type": "sentence_transformers.models.Dense"}]
        (folder / "0_Dense").mkdir()
        (folder / "0_Dense" / "pytorch_model.bin").write_bytes(pickled)
        sizes = {"in_features": 8, "out_features": 8, "bias": True, "activation_function": "modeling_x.M"}
        (folder / "0_Dense" / "config.json").write_text(json.dumps(sizes))
    (folder / "modules.json").write_text(json.dumps(modules))
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["bert", "roberta", "x"])
@pytest.mark.parametrize("load", [load_reader, load_embedder], ids=["reader", "embedder"])
def test_nothing_in_a_model_folder_is_run(load: Any, kind: str, tmp_path: Path, tally: Tally) -> None:
    sung = tmp_path / "sung"
    folder = hostile_model(tmp_path / "model", kind, sung)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        with pytest.raises(ModelError):
            load(str(folder))
    tally("hostile model folders", 1, int(not sung.exists()))
    assert not sung.exists()
    assert not {"modeling_x", "configuration_x"} & set(sys.modules)


def test_the_canary_sings(tmp_path: Path) -> None:
    (tmp_path / "pickled").write_bytes(canary(tmp_path / "sung"))
    code = "import pickle, sys; pickle.load(open(sys.argv[1], 'rb'))"
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "pickled")], check=True, timeout=60)
    assert (tmp_path / "sung").exists()


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_changed_reader_is_refused_before_it_is_read(name: str, tmp_path: Path, tally: Tally) -> None:
    folder = Path(shutil.copytree(DEFAULT_READER, tmp_path / "reader"))
    file = folder / name
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(ModelError, match=r"checksums|config"):
        load_reader(folder)
    tally("changed model files", 1, 1)


def test_the_bundled_reader_must_bring_its_checksums(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied = shutil.copytree(DEFAULT_READER, tmp_path / "reader", ignore=shutil.ignore_patterns("checksums.json"))
    monkeypatch.setattr("qa.reader.DEFAULT_READER", Path(copied))
    with pytest.raises(ModelError, match=r"checksums\.json"):
        load_reader()


@pytest.mark.parametrize("content", ["[" * 100_000, "{" * 10, "1" * 5_000, "[]", "\udc80"])
@pytest.mark.parametrize(
    ("name", "read"),
    [("config.json", load_config), ("confidence.json", load_confidence), ("checksums.json", verify_checksums)],
)
def test_settings_of_a_model_that_make_no_sense_are_one_line(
    name: str, read: Callable[[Path], object], content: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(ModelError) as refused:
        read(tmp_path)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value).replace(str(tmp_path), "")) < 400


def test_a_threshold_that_no_figure_can_hold_is_one_line(tmp_path: Path) -> None:
    raw = json.loads((DEFAULT_READER / "confidence.json").read_text())
    raw["library"]["threshold"] = 10**400
    (tmp_path / "confidence.json").write_text(json.dumps(raw))
    with pytest.raises(ModelError, match="is damaged"):
        load_confidence(tmp_path)


def test_a_changed_embedder_is_refused_before_it_is_read(tmp_path: Path, tally: Tally) -> None:
    folder = Path(shutil.copytree(default_folder(), tmp_path / "model"))
    file = folder / "model.safetensors"
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    with pytest.raises(ModelError, match="not the published model"):
        MiniLM(folder)
    tally("changed model files", 1, 1)


@pytest.fixture
def audit() -> ModuleType:
    """The script behind `make audit`."""
    spec = importlib.util.spec_from_file_location("audit", ROOT / "scripts" / "audit.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


WELL, UNKNOWN = {"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "not found"}
HOLE = {"name": "c", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": ["3"]}]}


@pytest.mark.parametrize(
    ("told", "code", "says"),
    [
        ([], 0, "nothing was checked"),
        ([UNKNOWN], 0, "nothing was checked"),
        ([WELL], 0, "1 packages checked, 0 with"),
        ([WELL, UNKNOWN], 0, "not checked: b"),
        ([WELL, HOLE], 1, "c 2: CVE-1, mended in 3"),
    ],
)
def test_the_audit_fails_for_holes_alone_and_hides_nothing(
    audit: Any,
    told: list[Any],
    code: int,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(audit, "_asked", lambda _: told)
    assert audit.holes() == code
    assert says in capsys.readouterr().out


def test_the_audit_asks_for_all_that_is_installed(audit: Any) -> None:
    plain = audit.HASH.sub("", audit.locked())
    names = {Requirement(line).name for line in plain.splitlines() if line and not line.lstrip().startswith("#")}
    assert {"torch", "gradio", "transformers", "pypdfium2"} <= names
    assert "--hash" not in plain
