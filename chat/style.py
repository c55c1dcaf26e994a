"""How the chat looks: system fonts, readable in light and dark and on a telephone."""

from __future__ import annotations

__all__ = ["STYLE"]

STYLE = """
:root { --qa-quiet: #57534e; --qa-link: #1d4ed8; --qa-wrong: #b91c1c; }
.dark { --qa-quiet: #b5b0ab; --qa-link: #93c5fd; --qa-wrong: #fca5a5; }
.gradio-container { max-width: 1500px !important; margin: 0 auto !important; padding: 0 !important; }
.gradio-container { width: 100%; }
.gradio-container .app { padding: 16px 16px !important; }
.gradio-container main { padding: 0 !important; width: 100%; }
.gradio-container .html-container { padding: 0; }
#links { display: none; }
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
#menu input, #menu textarea, #wanted input { color: var(--body-text-color) !important; opacity: 1; }
#evaluate { background: var(--primary-700); color: #fff; }
.gradio-container .or { color: var(--qa-quiet) !important; }
#menu ::placeholder, #wanted ::placeholder { color: var(--qa-quiet) !important; opacity: 1; }
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
.qa-reply .qa-asked { font-size: .85rem; color: var(--qa-quiet); margin: 0 0 6px !important; }
.qa-reply a, #source a, .qa-shelf a { color: var(--qa-link) !important; text-decoration: underline; padding: 0; }
.qa-reply .qa-chip { display: inline-block; min-width: 1.5em; padding: 0 .35em; border-radius: 999px;
  text-align: center; font-weight: 600; text-decoration: none; background: var(--primary-700); color: #fff !important; }
.qa-reply .qa-ready { display: none; }
.qa-reply ul { margin: 6px 0 0; padding: 0; list-style: none; }
.qa-notice { color: var(--body-text-color); }

#source .html-container { padding: 14px 16px !important; border-radius: 8px;
  border: 1px solid var(--border-color-primary); background: var(--background-fill-primary); }
.qa-back { margin: 0 0 6px; font-size: .85rem; }
.qa-paper h2 { font-size: 1.1rem; font-weight: 700; line-height: 1.3; margin: 0; color: var(--body-text-color); }
.qa-paper .qa-facts { font-size: .85rem; color: var(--qa-quiet); margin: 4px 0 8px; }
.qa-paper .qa-body { white-space: pre-wrap; overflow-y: auto; max-height: calc(100vh - 400px); min-height: 280px;
  line-height: 1.55; font-size: .95rem;
  color: var(--body-text-color); unicode-bidi: plaintext; border-top: 1px solid var(--border-color-primary);
  padding: 10px 4px 40px 0; }
.qa-paper mark { background: #fff3c4; color: #1c1917; border-radius: 3px; }
.qa-paper mark.qa-current { background: #ffd84d; outline: 2px solid #b45309; }
.qa-paper mark.qa-near { background: #eef2f7; outline: 0; }
.dark .qa-paper mark.qa-near { background: #28323f; color: inherit; }
.qa-steps { display: flex; gap: 10px; align-items: center; font-size: .9rem; margin: 0 0 8px; }
.qa-steps span { color: var(--qa-quiet); }
.qa-steps a { display: inline-block; min-width: 2em; text-align: center; text-decoration: none !important;
  border: 1px solid var(--border-color-primary); border-radius: 6px; font-size: 1.1rem; }
.qa-hint { font-size: .85rem; color: var(--qa-quiet); }

.qa-shelf table { width: 100%; border-collapse: collapse; font-size: .9rem; color: var(--body-text-color); }
.qa-shelf th, .qa-shelf td { text-align: start !important; vertical-align: top; padding: 8px 14px 8px 0 !important;
  border: 0 !important; border-bottom: 1px solid var(--border-color-primary) !important; }
.qa-shelf table, .qa-shelf tr { border: 0 !important; background: none !important; }
.qa-shelf td.qa-number, .qa-shelf th.qa-number { text-align: end !important; white-space: nowrap; }
.qa-shelf .qa-nowrap { white-space: nowrap; overflow-wrap: normal; }
.qa-intake ul { margin: 0; padding: 0; list-style: none; font-size: .9rem; color: var(--body-text-color); }
.qa-intake .qa-failed { color: var(--qa-wrong); }
.qa-exam iframe { width: 100%; height: 80vh; background: #fff; border-radius: 8px;
  border: 1px solid var(--border-color-primary); }

.qa-articles h2 { font-size: 1rem; font-weight: 600; margin: 0 0 8px; color: var(--body-text-color); }
.qa-articles ul { list-style: none; margin: 0; padding: 0; max-height: 60vh; overflow-y: auto; }
.qa-articles li { margin: 0; padding: 8px 0; border-top: 1px solid var(--border-color-primary); }
.qa-articles a.qa-title { display: block; text-align: start; text-decoration: none; font-size: .9rem; line-height: 1.35;
  color: var(--body-text-color);
  unicode-bidi: isolate; }
.qa-articles .qa-facts, .qa-articles .qa-hint { font-size: .8rem; color: var(--qa-quiet); }
.qa-articles .qa-hint { margin: 12px 0 0; }
.qa-articles code { color: var(--body-text-color); font-size: .95em; white-space: pre-wrap; }

@media (max-width: 700px) {
  .gradio-container .app { padding: 12px 8px !important; }
  .qa-header h1 { font-size: 1.25rem; }
  .qa-articles ul, .qa-paper .qa-body { max-height: none; }
  .qa-shelf .qa-wide { display: none; }
}
"""
