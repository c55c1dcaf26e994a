"""The page's own JavaScript: links to the server, copying, keys, and the place to scroll to."""

from __future__ import annotations

__all__ = ["DOWNLOAD", "LINKS", "START"]

# The page asks on one connection and hears the answers on another, which the server ends when nothing is left to say.
# A question that crosses that end on its way would be taken for listened to by the page, and its answer never fetched:
# what the page is told of a question is held back until the stream has spoken of it, or has ended for the page, too.
_HEARING = r"""
  const LAG = 20, PATIENCE = 3000;  // milliseconds
  const fetched = window.fetch.bind(window);
  const stream = () => {
    const seen = new Set(), waiting = new Map();
    let tail = '', end;
    const over = new Promise((done) => { end = () => setTimeout(done, LAG); });
    const hear = (text) => {
      tail += text;
      for (const [, id] of tail.matchAll(/"event_id":"(\w+)"/g)) { seen.add(id); waiting.get(id)?.(); }
      if (tail.includes('"msg":"close_stream"')) end();
      tail = tail.slice(-100);
    };
    const spoken = (id) => seen.has(id) ? null : new Promise((done) => waiting.set(id, done));
    const late = () => new Promise((done) => setTimeout(done, PATIENCE));
    return {hear, end, spokenOf: (id) => Promise.race([spoken(id), over, late()])};
  };
  let heard = null;
  const listen = async (asking, listening) => {
    const answer = await asking;
    if (!answer.ok || !answer.body) { listening.end(); return answer; }
    const decoder = new TextDecoder();
    const through = new TransformStream({transform(bytes, out) {
      out.enqueue(bytes);
      listening.hear(decoder.decode(bytes, {stream: true}));
    }});
    answer.body.pipeTo(through.writable).then(listening.end, listening.end);
    return new Response(through.readable, answer);
  };
  window.fetch = async (input, options) => {
    const path = new URL(input.url ?? input, location.href).pathname;
    if (path.endsWith('/queue/data')) return listen(fetched(input, options), heard = stream());
    const answer = await fetched(input, options);
    if (path.endsWith('/queue/join') && answer.ok && heard) {
      const {event_id: id} = await answer.clone().json().catch(() => ({}));
      if (id) await heard.spokenOf(id);
    }
    return answer;
  };
"""

# Runs once in the page. The chat window names each message by its source, which a screen reader would read out with
# every tag; and the article beside the chat scrolls to its marked place when it changes.
_PAGE = """
  const typing = (element) => element.closest('input, textarea, select, [contenteditable]');
  // Scrolls the article to its marked place; after a click also the page, where the article stands below the talk.
  window.qaReveal = () => {
    const body = document.querySelector('#source .qa-body'), hit = document.querySelector('#qa-hit');
    if (!body) return;
    if (hit)
      body.scrollTop += hit.getBoundingClientRect().top - body.getBoundingClientRect().top - body.clientHeight / 3;
    if (!window.qaFollowed) return;
    window.qaFollowed = false;
    if (innerWidth < 900) (hit ?? body).scrollIntoView({behavior: 'smooth', block: 'center'});
    body.focus({preventScroll: true});
  };
  const show = () => {
    const paper = document.querySelector('#source .qa-paper');
    if (!paper || paper.dataset.shown) return;
    paper.dataset.shown = 'yes';
    window.qaReveal();
  };
  const tidy = () => {
    for (const message of document.querySelectorAll('#conversation [data-testid][aria-label]'))
      message.removeAttribute('aria-label');
    // The examples call themselves a list and hold no items of one.
    document.querySelector('#conversation .examples[role="list"]')?.removeAttribute('role');
    show();
  };
  new MutationObserver(tidy).observe(document.body,
    {childList: true, subtree: true, attributes: true, attributeFilter: ['aria-label', 'id']});
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    if (event.key === '/') {
      document.querySelector('#question textarea')?.focus();
      event.preventDefault();
    } else if (event.key === 'n' || event.key === 'p') {
      document.querySelector(`#source [data-key="${event.key}"]`)?.click();
    }
  });
"""

START = "() => {" + _HEARING + _PAGE + "}"

# Of the component that stands for all links: a click on one is told to the server, which knows what it leads to.
LINKS = """
const copy = async (link) => {
  const text = link.parentElement.querySelector('.qa-ready').textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = Object.assign(document.createElement('textarea'), {value: text});
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  const name = link.textContent;
  link.textContent = 'Copied';
  setTimeout(() => { link.textContent = name; }, 1500);
};
// No clock runs against the second click: the link asks for it until the reader turns to something else.
const sure = (link) => {
  if (link.dataset.sure) return true;
  const name = link.textContent, label = link.getAttribute('aria-label');
  link.dataset.sure = 'yes';
  link.textContent = 'Click again to remove';
  link.setAttribute('aria-label', `Click again to: ${label}`);
  link.focus();
  link.addEventListener('blur', () => {
    delete link.dataset.sure;
    link.textContent = name;
    link.setAttribute('aria-label', label);
  }, {once: true});
  return false;
};
document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[href^="#qa-"]');
  if (!link) return;
  event.preventDefault();
  event.stopPropagation();
  const address = link.getAttribute('href');
  if (address.startsWith('#qa-copy-')) { copy(link); return; }
  if (address.startsWith('#qa-remove-') && !sure(link)) return;
  window.qaFollowed = true;
  const shown = document.querySelector('#source .qa-paper')?.dataset.place;
  if (address === `#qa-place-${shown}`) { window.qaReveal(); return; }
  trigger('click', {address});
}, true);
"""

# Takes the text that the server made and hands it over as a file.
DOWNLOAD = """
(text) => {
  if (!text) return;
  const address = URL.createObjectURL(new Blob([text], {type: 'text/markdown;charset=utf-8'}));
  const link = Object.assign(document.createElement('a'), {href: address, download: 'conversation.md'});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
"""
