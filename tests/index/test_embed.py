import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import ModelError
from index.embed import MiniLM, SentenceEmbedder, default_folder, length_batches, load_embedder

TEXTS = ["Who opened the port?", "The port was opened by the mayor. " * 30, "naïve café 中文 😀", "", "x" * 5000]


@pytest.fixture(scope="module")
def minilm() -> MiniLM:
    return MiniLM(default_folder())


def test_vectors_are_those_of_sentence_transformers(minilm: MiniLM) -> None:
    theirs = SentenceEmbedder(str(default_folder())).embed(TEXTS)
    ours = minilm.embed(TEXTS)
    # The processor may run ours in bfloat16, which keeps 8 bits of each number.
    assert (np.sum(ours * theirs, axis=1) > 0.999).all()


def test_vectors_have_length_one_and_keep_their_order(minilm: MiniLM) -> None:
    vectors = minilm.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), minilm.dimension)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for vector, text in zip(vectors, TEXTS, strict=True):
        assert float(vector @ minilm.embed([text])[0]) > 0.999


def test_no_texts_no_vectors(minilm: MiniLM) -> None:
    assert minilm.embed([]).shape == (0, 384)


def test_tokens_are_counted_without_the_special_ones(minilm: MiniLM) -> None:
    assert minilm.count_tokens(["", "the port", "Gdynia"]) == [0, 2, 3]


def test_other_weights_under_the_published_name_are_refused(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(default_folder(), tmp_path / "model"))
    path = folder / "model.safetensors"
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)
    with pytest.raises(ModelError, match="not the published model"):
        MiniLM(folder)


def test_an_embedder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot load the embedder"):
        load_embedder(tmp_path / "nothing")


@given(st.lists(st.integers(0, 300), max_size=60), st.integers(1, 1000))
def test_batches_hold_every_position_once_within_the_budget(lengths: list[int], budget: int) -> None:
    batches = list(length_batches(lengths, budget))
    assert sorted(position for batch in batches for position in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or max(lengths[position] for position in batch) * len(batch) <= budget


def test_tokens_are_counted_while_another_thread_embeds() -> None:
    other = SentenceEmbedder(str(default_folder()))
    expected = other.count_tokens(TEXTS)
    with ThreadPoolExecutor(1) as pool:
        counted = pool.submit(lambda: [other.count_tokens(TEXTS) for _ in range(200)])
        while not counted.done():
            other.embed(TEXTS[:2])
        assert counted.result() == [expected] * 200
