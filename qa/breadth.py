"""Whether a question asks for more than a phrase: a list, a reason, measures, what somebody says about something."""

from __future__ import annotations

import re

__all__ = ["wants_sentences"]


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_LEAD_IN = re.compile(
    r"^(?:(?:and|but|so|then|also|ok(?:ay)?|well|please|thanks)\b[\s,]*"
    r"|(?:according to|in|at|on|after|before|during|for|as)\b[^,?]{1,60},\s*"
    r"|(?:(?:can|could|would|will) you(?: please)?|please|i(?: would|['’]d)? (?:like|want) (?:you )?to|let me)\s+"
    r"(?:tell me\s+|say\s+|know\s+)?(?!tell me (?:more )?about)"
    r"|(?:do you know|tell me|i wonder)\s+(?!(?:more )?about))+",
    re.IGNORECASE,
)
# No article, preposition or verb may stand between "which" and the noun that is asked for.
_ADJECTIVES = r"(?:(?!(?:of|in|on|at|to|for|from|by|with|the|a|an|is|are|was|were|do|does|did|name)\b)[\w'’-]+ ){0,4}?"
_LISTED = (
    "(?:measures|steps|reasons|goals|aims|objectives|tasks|duties|plans|priorities|topics|issues|projects|areas|benefits|"
    "problems|conditions|rules|arguments|examples|results|findings|challenges|advantages|disadvantages|drawbacks|risks|"
    "causes|consequences|effects|differences|changes|demands|promises|proposals|recommendations|lessons|ideas|views)"
)
_TOLD = (
    "(?:measure|step|reason|goal|aim|objective|task|purpose|point|benefit|problem|condition|argument|conclusion|advantage|"
    "disadvantage|drawback|risk|effect|impact|consequence|difference|significance|importance|meaning|demand|promise|"
    "proposal|recommendation|opinion|view|stance|attitude|reaction|response|reply|message|background|lesson|idea)"
)
_SAYS = (
    "(?:say|said|saying|think|thought|argue|argued|stress|suggest|propose|promise|explain|emphasi[sz]e|recommend|warn|"
    "criticise|criticize|complain|believe|fear|hope|expect|demand|want|mention|point out|announce|conclude|claim|add|"
    "answer|reply|respond|call for|object to)"
)
_BROAD = _any(
    r"^why\b",
    r"^how come\b",
    r"^for what (?:reason|purpose)",
    r"^in (?:what|which) ways?\b",
    r"^how (?:will|would|does|do|did|can|could|is|are|was|were|has|have|had|should|must|may|might)\b",
    r"^how (?:the|an?|this|that|these|those|his|her|its|their|it|he|she|they|we|you|one)\b",
    rf"^(?:which|what) {_ADJECTIVES}(?:{_LISTED}|reason)\b",
    rf"^(?:what|which) (?:is|are|was|were|will be|would be) (?:(?:the|an?) )?{_ADJECTIVES}(?:{_LISTED}|{_TOLD})\b",
    rf"^what(?: else| exactly)? (?:did|does|do|has|have|had|would|will|is|are) .+ {_SAYS}\b",
    r"^what(?: else| exactly)?(?: \w+)?(?: \w+)? (?:happened|happens|happen|happening)\b",
    r"^what(?: else)? (?:is|are|was|were|has been|have been|will be|must be|should be|can be) (?:being )?"
    r"(?:done|discussed|known|planned|decided|agreed|said|proposed|criticised|criticized|learned|at stake)\b",
    r"^what (?:should|must|can|could|may|will|would|did|is|are) .+ (?:do|doing)(?: \w+.*)?\W*$",
    r"^what (?:role|part) (?:did|does|do|has|have|will) ",
    r"^(?:describe|explain|summari[sz]e|outline|compare|sum up|list (?!price)|name (?!of\b))",
    r"^(?:tell me|say)?\s*more about\b",
    r"^tell me (?:more )?about\b",
    r"^give (?:me |us )?(?:an? |the )?(?:short |brief )?(?:overview|summary|account|description|list)\b",
)
_NARROW = _any(
    r"\b(?:called|named|spelled|spelt|pronounced|titled|abbreviated|addressed)(?: in \w+)?\W*$",
    r"^how (?:are|do) you\b",
    r"\bfor a living\W*$",
)


def wants_sentences(question: str) -> bool:
    """Whether whole sentences answer it better than the span alone.

    >>> wants_sentences("Why was the bridge closed?"), wants_sentences("Who closed the bridge?")
    (True, False)
    """
    asked = _LEAD_IN.sub("", re.sub(r"^\W+", "", question))
    return bool(_BROAD.search(asked)) and not _NARROW.search(asked)
