"""How the report looks: system fonts, light and dark, on a telephone and on paper."""

from __future__ import annotations

__all__ = ["STYLE"]

# Questions are blocks and no list items: numbering anew the rest of the list for each item that is hidden took Chromium
# three minutes for 5,000 of them, and takes 0.2 s so.
STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif;
  --paper: #fff; --ink: #1c1917; --quiet: #57534e; --line: #d6d3d1; --raised: #f5f5f4; --link: #0b5c8a;
  --right: #1f7a3f; --partly: #8a6100; --wrong: #b3261e; --abstained: #5b5f66; --mark: #ffe58a; --mark-ink: #1c1917; }
@media screen and (prefers-color-scheme: dark) { :root {
  --paper: #16171a; --ink: #ececea; --quiet: #b5b0ab; --line: #3b3d42; --raised: #202226; --link: #7cc4ee;
  --right: #63c384; --partly: #e0b040; --wrong: #ff8a80; --abstained: #a3a8b0; --mark: #facc15; }
  .chart [stroke="#0072b2"] { stroke: #56b4e9; } .chart [fill="#0072b2"] { fill: #56b4e9; }
  .chart [stroke="#d55e00"] { stroke: #f08a3c; } .chart [fill="#d55e00"] { fill: #f08a3c; } }
* { box-sizing: border-box; }
body { max-width: 66rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; background: var(--paper); color: var(--ink);
  overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; padding-top: .5rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 0; }
p { margin: .25rem 0; }
a { color: var(--link); }
small { font-size: .85em; color: var(--quiet); }
abbr[title] { text-decoration: underline dotted; cursor: help; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; margin: .75rem 0 0; padding: 0; }
.lead { color: var(--quiet); }

dl.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .5rem 1.5rem;
  margin: 1rem 0 0; }
dl.facts dt { font-size: .85rem; color: var(--quiet); }
dl.facts dd { margin: 0; }
dl.meanings dt { font-weight: 600; margin-top: .6rem; }
dl.meanings dd { margin: 0; max-width: 48rem; }

.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; list-style: none;
  margin: 1.25rem 0 0; padding: 0; }
.cards > li { background: var(--raised); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem .9rem; }
.cards .figure { font-size: 1.9rem; line-height: 1.2; font-weight: 700; font-variant-numeric: tabular-nums; margin: 0; }
.cards .interval, .cards .measure { font-size: .85rem; color: var(--quiet); }
.cards p { font-size: .92rem; }

.scroll { overflow-x: auto; margin: 0 0 1.5rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: start; font-weight: 600; padding: 0 0 .35rem; white-space: nowrap; }
th, td { padding: .3rem .7rem; text-align: right; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { font-size: .88rem; color: var(--quiet); font-weight: 600; vertical-align: bottom; }
th:first-child, .words :is(th, td):last-child { text-align: start; }
tbody th { font-weight: 500; }
th:first-child { padding-inline-start: 0; min-width: 7rem; }
td, thead th { overflow-wrap: normal; white-space: nowrap; }
tbody th, .words td:last-child { overflow-wrap: break-word; white-space: normal; }
td small { display: block; white-space: nowrap; font-weight: 400; }
.words td:last-child { min-width: 15rem; }
td.good { color: var(--right); } td.bad { color: var(--wrong); }

.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1.5rem 2rem; }
.chart { margin: 0; break-inside: avoid; min-width: 0; }
.chart svg { display: block; width: 100%; max-width: 31rem; height: auto; margin: .25rem 0; font-family: inherit; }
.chart svg * { stroke-linejoin: round; }
.chart figcaption { font-size: .92rem; color: var(--quiet); max-width: 31rem; }
.chart.absent { border: 1px dashed var(--line); border-radius: .5rem; padding: .75rem .9rem; align-self: start; }
details { margin: .35rem 0 0; font-size: .92rem; }
summary { cursor: pointer; color: var(--quiet); width: fit-content; }
details table { font-size: .85rem; margin-top: .25rem; } details caption { display: none; }

#filters { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .5rem .75rem;
  align-items: end; padding: .6rem 0; background: var(--paper); }
#filters[hidden] { display: none; }
#filters label { display: block; font-size: .85rem; color: var(--quiet); }
input, select, button { font: inherit; font-size: .95rem; color: var(--ink); background: var(--raised); min-width: 0;
  width: 100%; height: 2.4rem; padding: .3rem .5rem; border: 1px solid var(--quiet); border-radius: .35rem; }
button { cursor: pointer; }
#shown { font-weight: 600; margin: .25rem 0 .75rem; }

#questions-list { padding: 0; margin: 0; list-style: none; }
#questions-list > li { display: block; border-inline-start: .3rem solid var(--verdict); padding: .1rem 0 .1rem 1rem;
  margin: 0 0 1.4rem;
  content-visibility: auto; contain-intrinsic-size: auto 12rem; scroll-margin-top: 1rem; }
#questions-list > li[hidden] { display: none; }
#questions-list > li:target { background: var(--raised); }
.right { --verdict: var(--right); } .partly { --verdict: var(--partly); }
.wrong { --verdict: var(--wrong); } .abstained { --verdict: var(--abstained); }
.verdict { color: var(--verdict); }
.answer { font-size: 1.02rem; white-space: pre-line; }
.turn, .source, .accepted, .facts, .search, .cause { font-size: .9rem; color: var(--quiet); }
.turn { border-inline-start: 2px solid var(--line); padding-inline-start: .6rem; }
.accepted { color: var(--ink); }
mark { font-weight: 600; background: var(--mark); color: var(--mark-ink); border-radius: 3px; padding: 0 .15em; }
#questions-list ol { margin: .25rem 0 0; padding-inline-start: 1.6rem; }

@media (min-width: 60rem) and (min-height: 40rem) {
  #filters { position: sticky; top: 0; z-index: 1; grid-auto-flow: column; grid-template-columns: none;
    grid-auto-columns: minmax(0, 1fr); }
  #questions-list > li { scroll-margin-top: 6rem; } }
@media print {
  :root { font-size: 10pt; color-scheme: light; --paper: #fff; --ink: #000; --quiet: #444; --line: #bbb;
    --raised: #fff; --link: #000; --right: #1f7a3f; --partly: #8a6100; --wrong: #b3261e; --abstained: #5b5f66; }
  body { max-width: none; padding: 0; }
  #filters, nav { display: none !important; }
  .charts { grid-template-columns: 1fr 1fr; }
  .scroll { overflow: visible; }
  #questions-list > li { content-visibility: visible; break-inside: avoid; }
  mark { background: none; color: inherit; border: 1px solid; } }
"""
