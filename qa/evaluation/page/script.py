"""The page's one script: it shows the questions that a reader asks for; and the policy that lets it alone run."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from qa.evaluation.page.style import STYLE

__all__ = ["POLICY", "SCRIPT"]

# What is chosen stands in the address ("#cause=misread"), so that a view can be linked to; "#q12" is a question.
SCRIPT = """
"use strict";
(() => {
  const form = document.getElementById("filters");
  const list = document.getElementById("questions-list");
  const shown = document.getElementById("shown");
  const items = [...list.children];
  const texts = new Map();
  const text = item => {
    if (!texts.has(item)) texts.set(item, item.textContent.toLowerCase());
    return texts.get(item);
  };
  const choices = () => Object.fromEntries([...new FormData(form)].filter(([, value]) => value));
  const fits = (item, wanted, words) =>
    (!wanted.verdict || item.dataset.verdict === wanted.verdict) &&
    (!wanted.kind || item.dataset.kind === wanted.kind) &&
    (!wanted.cause || item.dataset.cause === wanted.cause) &&
    (!wanted.article || item.dataset.articles.split(" ").includes(wanted.article)) &&
    words.every(word => text(item).includes(word));
  let order = "";
  const sort = wanted => {
    if (wanted === order) return;
    order = wanted;
    const [key, way] = wanted.split("-");
    const sign = way === "down" ? -1 : 1;
    const sorted = key ? [...items].sort((a, b) => sign * (a.dataset[key] - b.dataset[key])) : items;
    list.append(...sorted);
  };
  const show = () => {
    const wanted = choices();
    const words = (wanted.text || "").toLowerCase().split(/\\s+/).filter(Boolean);
    let count = 0;
    for (const item of items) {
      const fit = fits(item, wanted, words);
      item.hidden = !fit;
      count += fit;
    }
    sort(wanted.order || "");
    const all = items.length.toLocaleString("en") + (items.length === 1 ? " question" : " questions");
    shown.textContent = count === items.length ? all : count.toLocaleString("en") + " of " + all;
    return wanted;
  };
  const changed = () => {
    const state = new URLSearchParams(show()).toString();
    try { history.replaceState(null, "", "#" + (state || "questions")); } catch { /* a page without an address */ }
  };
  const visited = () => {
    const state = location.hash.slice(1);
    if (!state.includes("=")) return;
    const wanted = new URLSearchParams(state);
    for (const field of form.elements) if (field.name) field.value = wanted.get(field.name) || "";
    for (const field of form.querySelectorAll("select")) if (field.selectedIndex < 0) field.value = "";
    show();
    document.getElementById("questions").scrollIntoView();
  };
  let waiting = 0;
  form.addEventListener("input", event => {
    clearTimeout(waiting);
    waiting = setTimeout(changed, event.target.name === "text" ? 200 : 0);
  });
  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(changed, 0));
  addEventListener("hashchange", visited);
  form.hidden = false;
  visited();
})();
"""


def _hash(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


# The page carries texts of articles: should markup ever slip through, it may still load and run nothing, and no style
# of its own either.
POLICY = (
    f"default-src 'none'; script-src {_hash(SCRIPT)}; style-src {_hash(STYLE)}; base-uri 'none'; form-action 'none'"
)
"""The content security policy: this script, this style sheet, nothing else."""
