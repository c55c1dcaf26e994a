import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from corpus.errors import ModelError
from qa.reader import DEFAULT_READER, SpanReader, load_reader
from qa.windows import Piece

TEXT = "The ferry Aurora was launched in Gdynia in 1987. It carries 900 passengers and 120 cars."
ASKED = ["When was the ferry launched?", "How many passengers does it carry?", "Who is the king of Spain?"]


@pytest.fixture(scope="module")
def reader() -> SpanReader:
    return SpanReader(DEFAULT_READER)


def windows_of(reader):
    texts = [[Piece(TEXT, 0)], [Piece("Ana", 100), Piece(":"), Piece(TEXT * 3, 0)]]
    return [window for question in ASKED for window in reader.windower.build(question, texts)]


def test_the_bundled_reader_finds_plain_answers(reader: SpanReader) -> None:
    from qa.decode import top_spans

    for question, answer in zip(ASKED, ["1987", "900"], strict=False):
        (window,) = reader.windower.build(question, [[Piece(TEXT, 0)]])
        (logits,) = reader.score([window])
        assert top_spans(window, logits, 1)[0][0].of(TEXT) == answer


def test_scores_equal_those_of_the_transformers_class() -> None:
    from transformers import AutoModelForQuestionAnswering

    ours = SpanReader(DEFAULT_READER, dtype=torch.float32)
    theirs = AutoModelForQuestionAnswering.from_pretrained(DEFAULT_READER, dtype=torch.float32).eval()
    for window in windows_of(ours):
        types = [int(place >= window.question_length) for place in range(len(window))]
        with torch.inference_mode():
            expected = theirs(input_ids=torch.tensor([window.ids]), token_type_ids=torch.tensor([types]))
        (found,) = ours.score([window])
        np.testing.assert_allclose(found.start, expected.start_logits[0].numpy(), atol=2e-4)
        np.testing.assert_allclose(found.end, expected.end_logits[0].numpy(), atol=2e-4)


def test_a_batch_scores_like_single_windows() -> None:
    reader = SpanReader(DEFAULT_READER, dtype=torch.float32)
    windows = windows_of(reader)
    for together, window in zip(reader.score(windows), windows, strict=True):
        (alone,) = reader.score([window])
        np.testing.assert_allclose(together.start, alone.start, atol=1e-3)
        np.testing.assert_allclose(together.end, alone.end, atol=1e-3)


def test_a_foreign_reader_runs_on_transformers_and_agrees(reader: SpanReader) -> None:
    from qa.foreign import ForeignReader

    foreign = ForeignReader(str(DEFAULT_READER))
    for window in windows_of(reader):
        (ours,), (theirs,) = SpanReader(DEFAULT_READER, torch.float32).score([window]), foreign.score([window])
        np.testing.assert_allclose(ours.start, theirs.start, atol=1e-2)


def copy_of(folder: Path) -> Path:
    """The bundled reader without its checksums, so that what lies behind them is tried too."""
    return Path(shutil.copytree(DEFAULT_READER, folder / "reader", ignore=shutil.ignore_patterns("checksums.json")))


def test_no_windows_no_scores(reader: SpanReader) -> None:
    assert reader.score([]) == []


@pytest.mark.parametrize(
    ("name", "damage", "words"),
    [
        ("model.safetensors", lambda raw: raw[:1000], "damaged"),
        ("model.safetensors", lambda raw: b"", "damaged"),
        ("tokenizer.json", lambda raw: raw[: len(raw) // 2], "tokenizer.json"),
        ("config.json", lambda raw: b"{", "config.json"),
        ("config.json", lambda raw: raw.replace(b'"hidden_size": 384', b'"hidden_size": 512'), "mixes two models"),
        ("config.json", lambda raw: raw.replace(b'"hidden_act": "gelu"', b'"hidden_act": "relu"'), "hidden_act"),
    ],
)
def test_a_damaged_folder_is_refused_in_one_line(tmp_path: Path, name: str, damage, words: str) -> None:
    folder = copy_of(tmp_path)
    path = folder / name
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ModelError) as caught:
        load_reader(folder)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    folder = copy_of(tmp_path)
    (folder / name).unlink()
    with pytest.raises(ModelError, match=name.replace(".", r"\.")):
        load_reader(folder)


def test_an_encoder_without_a_span_head_is_refused() -> None:
    from index.embed import default_folder

    with pytest.raises(ModelError, match="span head"):
        load_reader(default_folder())


def test_a_flipped_bit_is_noticed_where_checksums_stand(tmp_path: Path) -> None:
    import hashlib
    import json

    folder = copy_of(tmp_path)
    path = folder / "model.safetensors"
    (folder / "checksums.json").write_text(json.dumps({path.name: hashlib.sha256(path.read_bytes()).hexdigest()}))
    load_reader(folder)
    raw = bytearray(path.read_bytes())
    raw[-100] ^= 1
    path.write_bytes(raw)
    with pytest.raises(ModelError, match="checksums"):
        load_reader(folder)
