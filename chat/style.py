"""How the chat looks: system fonts, readable in light and dark and on a telephone; and how it is read out."""

from __future__ import annotations

__all__ = ["SPEAK", "STYLE"]

STYLE = """
:root { --qa-quiet: #57534e; }
.dark { --qa-quiet: #b5b0ab; }
.gradio-container { max-width: 1180px !important; margin: 0 auto !important; padding: 0 !important; }
.gradio-container .app { padding: 20px 16px !important; }
.gradio-container main { padding: 0 !important; }
.gradio-container, .gradio-container * { overflow-wrap: anywhere; }
.gradio-container button { overflow-wrap: normal; }

.qa-header { padding: 0; }
.qa-header h1 { font-size: 1.5rem; font-weight: 700; margin: 0; color: var(--body-text-color); }
.qa-header p { margin: 2px 0 0; color: var(--qa-quiet); }

#conversation .message-content, #conversation .prose { color: var(--body-text-color); }
#conversation .prose { opacity: 1; }
#conversation .flex-wrap > .message { padding: 10px 14px; }
#question .submit-button { background: var(--primary-700); color: #fff; padding: 4px 14px; }
#conversation .top-panel { display: none; }
#again { align-self: flex-end; width: auto; flex: 0 0 auto; }
#question ::placeholder { color: var(--qa-quiet); opacity: 1; }
footer, footer * { color: var(--qa-quiet) !important; }

.qa-question { white-space: pre-wrap; }
.qa-reply .qa-answer { font-size: 1.3rem; font-weight: 700; line-height: 1.35; margin: 0 0 6px !important; }
.qa-reply .qa-none { font-weight: 600; }
.qa-reply blockquote.qa-sentence {
  margin: 0 !important; padding: 2px 0 2px 12px; border-inline-start: 3px solid var(--color-accent);
  color: var(--body-text-color); font-style: normal; unicode-bidi: isolate; }
.qa-reply mark { font-weight: 600; background: #ffe58a; color: #1c1917; border-radius: 3px; padding: 0 2px; }
.dark .qa-reply mark { background: #facc15; }
.qa-reply .qa-source {
  display: block !important; margin: 4px 0 0 !important; font-size: .85rem; color: var(--qa-quiet); }
.qa-reply cite { font-style: italic; }
.qa-reply .qa-confidence { font-size: .85rem; margin: 8px 0 0 !important; }
.qa-reply .qa-time { color: var(--qa-quiet); margin-inline-start: 8px; font-size: .75rem; }
.qa-reply details { margin: 8px 0 0; font-size: .9rem; }
.qa-reply summary { cursor: pointer; color: var(--qa-quiet); }
.qa-reply summary:hover { color: var(--body-text-color); }
.qa-reply ol { margin: 6px 0 0; padding-inline-start: 1.6em; list-style: decimal; }
.qa-reply li { margin: 0 0 8px; }
.qa-reply .qa-odds { font-weight: 600; white-space: nowrap; margin-inline-start: 4px; }
.qa-notice { color: var(--body-text-color); }

.qa-articles h2 { font-size: 1rem; font-weight: 600; margin: 0 0 8px; color: var(--body-text-color); }
.qa-articles ul { list-style: none; margin: 0; padding: 0; max-height: 60vh; overflow-y: auto; }
.qa-articles li { margin: 0; padding: 8px 0; border-top: 1px solid var(--border-color-primary); }
.qa-articles .qa-title { display: block; font-size: .9rem; line-height: 1.35; color: var(--body-text-color);
  unicode-bidi: isolate; }
.qa-articles .qa-facts, .qa-articles .qa-hint { font-size: .8rem; color: var(--qa-quiet); }
.qa-articles .qa-hint { margin: 12px 0 0; }
.qa-articles code { color: var(--body-text-color); font-size: .95em; white-space: pre-wrap; }

@media (max-width: 700px) {
  .gradio-container .app { padding: 12px 8px !important; }
  .qa-header h1 { font-size: 1.25rem; }
  .qa-articles ul { max-height: none; }
}
"""

# The chat window names each message by its source, which a screen reader would read out with every tag.
SPEAK = """
() => new MutationObserver(() => {
  for (const message of document.querySelectorAll('#conversation [data-testid][aria-label]'))
    message.removeAttribute('aria-label');
}).observe(document.body, {childList: true, subtree: true, attributes: true, attributeFilter: ['aria-label']})
"""
