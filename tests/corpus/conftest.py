"""PDF and Word files made on the spot."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

Words = tuple[float, float, float, str]
"""Where a run of words begins, from the left and from the bottom, the size of its letters, the words."""


@pytest.fixture(scope="session")
def make_pdf() -> Callable[..., bytes]:
    """A function from pages, each a list of `Words` in the order they are drawn in, to the bytes of a PDF."""
    canvas = pytest.importorskip("reportlab.pdfgen.canvas")

    def make(pages: Iterable[Iterable[Words]], font: str = "Times-Roman", encrypt: object = None, **info: str) -> bytes:
        file = io.BytesIO()
        drawn = canvas.Canvas(file, pagesize=(400, 600), encrypt=encrypt)
        for name, value in info.items():
            getattr(drawn, f"set{name.title()}")(value)
        for page in pages:
            for left, bottom, size, words in page:
                drawn.setFont(font, size)
                drawn.drawString(left, bottom, words)
            drawn.showPage()
        drawn.save()
        return file.getvalue()

    return make


@pytest.fixture(scope="session")
def make_page() -> Callable[..., list[Words]]:
    """A function from paragraphs to the words of a page: lines broken at a width, a gap between paragraphs."""
    metrics = pytest.importorskip("reportlab.pdfbase.pdfmetrics")

    def make(
        paragraphs: Sequence[str],
        *,
        left: float = 40,
        top: float = 540,
        width: float = 320,
        size: float = 10,
        gap: float = 8,
        indent: float = 0,
    ) -> list[Words]:
        placed: list[Words] = []
        for paragraph in paragraphs:
            line, at = "", left + indent
            for word in paragraph.split():
                longer = f"{line} {word}".strip()
                if line and metrics.stringWidth(longer, "Times-Roman", size) > left + width - at:
                    placed.append((at, top, size, line))
                    line, at, top = word, left, top - 1.3 * size
                else:
                    line = longer
            placed.append((at, top, size, line))
            top -= 1.3 * size + gap
        return placed

    return make


_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
)


@pytest.fixture(scope="session")
def make_docx() -> Callable[..., bytes]:
    """A function from the inner XML of a Word document's body, and of other parts by path, to the file's bytes."""

    def make(body: str, compression: int = zipfile.ZIP_DEFLATED, **parts: str | bytes) -> bytes:
        file = io.BytesIO()
        document = f"<w:document {_SPACES}><w:body>{body}</w:body></w:document>"
        with zipfile.ZipFile(file, "w", compression) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            for path, content in {"word/document.xml": document, **parts}.items():
                archive.writestr(path, content.replace("SPACES", _SPACES) if isinstance(content, str) else content)
        return file.getvalue()

    return make


@pytest.fixture
def save(tmp_path: Path) -> Callable[[str, bytes], Path]:
    """A function that writes a file of this name into a folder of the test's own."""

    def write(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write
