"""Whether a question asks for more than a phrase: a list, a reason, measures, what somebody says about something."""

from __future__ import annotations

import re

__all__ = ["wants_sentences"]

_BROAD = re.compile(
    r"^\W*(?:and |but |so |then )?(?:"
    r"why\b|how come\b|for what (?:reason|purpose)|"
    r"how (?:will|would|does|do|did|can|could|is|are|was|were|has|have|should)\b|"
    r"in what ways?\b|"
    r"(?:which|what)(?: [\w'’-]+){0,3}? (?:measures|steps|reasons|goals|aims|tasks|plans|priorities|"
    r"topics|issues|projects|areas|benefits|problems|conditions|arguments|examples|results|challenges|"
    r"advantages|causes|consequences|effects)\b|"
    r"what (?:did|does|do|has|have) .+ (?:say|said|think|argue|stress|suggest|propose|promise|explain|emphasi[sz]e)\b|"
    r"(?:list|name|describe|explain|summari[sz]e|tell me about)\b)",
    re.IGNORECASE,
)


def wants_sentences(question: str) -> bool:
    """Whether whole sentences answer it better than the span alone.

    >>> wants_sentences("Why was the bridge closed?"), wants_sentences("Who closed the bridge?")
    (True, False)
    """
    return bool(_BROAD.search(question))
