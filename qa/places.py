"""Where ``there`` may be in a conversation, best first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.antecedents import BODIES, PLACE_CLASSES, acts, answer_phrase, definite, is_event, spread, subject_first
from qa.clauses import parse
from qa.exchanges import Exchange

__all__ = ["places"]


def places(past: Sequence[Exchange]) -> Iterator[str]:
    """What ``there`` may mean, with its preposition: ``in Porto``, ``at the fair in Porto``."""
    for exchange in reversed(past):
        clause = parse(exchange.question)
        answer = answer_phrase(exchange)
        phrases = subject_first(clause)
        event = next((p for p in phrases if is_event(p)), None)
        nouns = {word.low for word in clause.words[clause.noun[0] : clause.noun[1]]}
        if clause.wh == "what" and clause.aux >= 0 and clause.verb < 0:  # "What is the capital of ...?"
            nouns |= {p.head for p in phrases[:1]}
        if answer and (clause.wh == "where" or nouns & PLACE_CLASSES or answer.kind == "place"):
            prep = "in" if answer.prep in {"", "to", "from"} else answer.prep
            where = f"{prep} {answer.text}"
            at_event = event and clause.text[event.start : event.end]
            yield f"at {at_event} {where}" if at_event else where
        elif event:
            yield f"at {definite(spread(event, clause.text))}"
        yield from (f"{p.prep or 'in'} {p.text}" for p in phrases if p.kind == "place")
        yield from (f"in {p.text}" for p in phrases if p.kind == "single" and not acts(clause, p))
        yield from (
            f"{p.prep} {definite(p.text)}" for p in phrases if p.kind == "thing" and p.prep in {"in", "at", "on"}
        )
        yield from (f"at {definite(p.text)}" for p in phrases if p.head in BODIES | PLACE_CLASSES)
