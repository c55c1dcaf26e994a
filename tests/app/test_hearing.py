"""The page hears every answer, however the connection it asks on and the one it listens on overtake each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.app.conftest import PATIENCE

if TYPE_CHECKING:
    from tests.app.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

# Each message of the stream of answers reaches the page 150 ms after the one before it.
SLOW = """
const plain = window.fetch.bind(window);
window.fetch = async (input, options) => {
  const answer = await plain(input, options);
  if (!(input.url ?? input).toString().includes('/queue/data')) return answer;
  const slow = new TransformStream({async transform(text, out) {
    for (const message of text.split(/(?<=\\n\\n)/)) {
      await new Promise((done) => setTimeout(done, 150));
      out.enqueue(message);
    }
  }});
  const text = answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(slow);
  return new Response(text.pipeThrough(new TextEncoderStream()), answer);
};
"""


def test_a_question_asked_as_the_last_answer_ends_is_answered(visit: Visit) -> None:
    visit.page.add_init_script(SLOW)
    visit.page.reload()
    visit.page.get_by_label("Your question").wait_for()
    for question in ("How much did the city pay for the track?", "What does the mirror measure?"):
        assert visit.ask(question).locator("mark").count()


def test_a_question_asked_while_another_is_read_comes_after_it(visit: Visit) -> None:
    box = visit.page.get_by_label("Your question")
    box.fill("How much did the city pay for the track?")
    box.press("Enter")
    visit.page.wait_for_function("document.querySelector('#question textarea').value === ''", timeout=PATIENCE)
    box.fill("What does the mirror measure?")
    box.press("Enter")
    visit.wait(2)
    assert "212 million" in visit.page.locator("#conversation .qa-reply").first.inner_text()
    assert box.input_value() == ""
