"""The verbs that report what somebody says, and where one stands in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from corpus.person_names import Word

__all__ = ["Strength", "is_reporting_verb", "verb_at", "verb_form"]

Strength = Literal["strong", "weak"]

# Saying proper: what follows in the same paragraph is taken to be the same person's words.
_STRONG_VERBS = """acknowledge add admit advise affirm agree allege announce answer argue assert assure caution
claim clarify comment complain concede conclude confirm confess continue counter criticise criticize declare demand
deny describe disclose elaborate emphasise emphasize estimate explain exclaim highlight imply indicate inform
insist joke maintain mention note object observe outline pledge point predict proclaim promise propose protest quip
reaffirm reassure recall recommend reflect reiterate remark remind reply report request respond reveal say state
stress suggest summarise summarize tell testify underline underscore urge vow warn wonder call counsel brief inform
lament recount relate retort predict believe"""
# Attitudes and acts of speech that are told in passing: they speak for their own sentence only.
_WEAK_VERBS = """ask accept accuse appeal applaud apologise apologize assume calculate compare congratulate
consider credit commend challenge defend decline disagree dismiss dispute doubt expect fear feel grumble greet
guess hope invite intend judge know like liken list look oppose plead plan praise prefer present question reckon
refuse regret reject remember see set show speak stipulate support suspect take talk thank think value voice want
welcome wish worry write express contend boast muse murmur mutter whisper shout cry laugh sigh smile shrug grin nod
repeat interject chime advocate argue attribute beg bemoan blame caution cite deplore divulge endorse envisage
foresee grant hint illustrate inquire instruct introduce justify name offer order pronounce put quote raise rate
read reason rebut recite regard review rule share specify spell swear trace undertake volunteer give draw lay hold
pay make leave take turn go sum close open encourage require stand remember recollect concur opine deem venture chide
scold remonstrate rebuke mock scoff tease demur lecture resent rejoice marvel fume"""
# Weak verbs that report nothing unless one of these words follows.
_FRAMES: dict[str, frozenset[str]] = {
    "know": frozenset({"that"}),
    "like": frozenset({"to"}),
    "look": frozenset({"back", "forward"}),
    "see": frozenset({"it", "no", "a", "the", "in", "this", "two", "three"}),
    "set": frozenset({"out", "forth"}),
    "show": frozenset({"that", "himself", "herself"}),
    "take": frozenset({"issue", "the", "a"}),
    "read": frozenset({"out"}),
    "give": frozenset({"an", "assurance", "a", "assurances", "details", "figures", "credit", "warning", "notice"}),
    "draw": frozenset({"attention", "a"}),
    "lay": frozenset({"out"}),
    "hold": frozenset({"that", "out"}),
    "pay": frozenset({"tribute"}),
    "make": frozenset({"clear", "it", "public", "known", "plain", "no"}),
    "leave": frozenset({"no"}),
    "turn": frozenset({"to"}),
    "go": frozenset({"on", "further"}),
    "sum": frozenset({"up"}),
    "put": frozenset({"it", "forward", "the"}),
    "rule": frozenset({"out"}),
    "spell": frozenset({"out"}),
    "stand": frozenset({"by"}),
    "name": frozenset({"three", "four", "two", "five", "the", "as"}),
    "close": frozenset({"by", "with"}),
    "open": frozenset({"by", "with"}),
    "point": frozenset({"out", "to"}),
    "speak": frozenset({"of", "about", "out", "against", "in"}),
    "talk": frozenset({"of"}),
    "answer": frozenset({"that", "by", "with", "in", "no", "yes", "to", ",", ".", ":"}),
    "write": frozenset({"that", "in", ":"}),
    "order": frozenset({"that"}),
    "plan": frozenset({"to"}),
    "feel": frozenset({"that", "the"}),
}
_IRREGULAR = {
    "say": "said",
    "tell": "told",
    "think": "thought",
    "feel": "felt",
    "know": "knew known",
    "see": "saw seen",
    "speak": "spoke spoken",
    "swear": "swore sworn",
    "take": "took taken",
    "give": "gave given",
    "draw": "drew drawn",
    "lay": "laid",
    "hold": "held",
    "pay": "paid",
    "make": "made",
    "leave": "left",
    "go": "went gone",
    "put": "put",
    "set": "set",
    "read": "read",
    "write": "wrote written",
    "spell": "spelt spelled",
    "foresee": "foresaw foreseen",
    "undertake": "undertook undertaken",
    "show": "showed shown",
    "beg": "begged",
    "quip": "quipped",
    "shrug": "shrugged",
    "grin": "grinned",
    "nod": "nodded",
    "plan": "planned",
    "stand": "stood",
    "sum": "summed",
    "rebut": "rebutted",
    "brief": "briefed",
}
_ADVERB_WORDS = """also then later further once again repeatedly even however too thus therefore both instead never
still already always often only just twice first finally next earlier yesterday today now afterwards meanwhile
nevertheless nonetheless likewise in turn for his her part himself herself"""
_BE = frozenset({"is", "was", "are", "were", "be", "been", "being"})
_AUXILIARY_WORDS = "has have had having will would shall should did does do can could may might must not"
_CATENATIVE_WORDS = "went likes wanted sought began started keen quick eager continued goes liked"
_ATTITUDE_WORDS = """convinced confident certain sure adamant proud sceptical skeptical optimistic pessimistic
hopeful worried concerned surprised glad pleased afraid aware sorry unsure delighted doubtful cautious quoted blunt
clear satisfied disappointed relieved content happy unhappy furious angry nervous uneasy thrilled dismayed ashamed
grateful thankful unconvinced unimpressed wary against"""
_STRONG = frozenset(_STRONG_VERBS.split())
_WEAK = frozenset(_WEAK_VERBS.split()) - _STRONG
_ADVERBS = frozenset(_ADVERB_WORDS.split())
_AUXILIARIES = frozenset(_AUXILIARY_WORDS.split())
_CATENATIVES = frozenset(_CATENATIVE_WORDS.split())
_ATTITUDES = frozenset(_ATTITUDE_WORDS.split())


def _inflect(lemma: str) -> set[str]:
    if lemma[-1] == "y" and lemma[-2] not in "aeiou":
        third, past = lemma[:-1] + "ies", lemma[:-1] + "ied"
    else:
        third = lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x", "go")) else "s")
        past = lemma + ("d" if lemma.endswith("e") else "ed")
    if lemma == "admit":
        past = "admitted"
    pasts = set(_IRREGULAR[lemma].split()) if lemma in _IRREGULAR else {past}
    return {third} | pasts


def _participle(lemma: str) -> str:
    return {"sum": "summing", "put": "putting", "set": "setting"}.get(
        lemma, (lemma[:-1] if lemma[-1] == "e" and lemma != "see" else lemma) + "ing"
    )


_FINITE = {form: lemma for lemma in _WEAK | _STRONG for form in _inflect(lemma)}
_NON_FINITE = {form: lemma for lemma in _WEAK | _STRONG for form in (lemma, _participle(lemma))}


def is_reporting_verb(word: str) -> bool:
    """Whether the word is a finite form of a verb of saying proper (``said``, ``warns``)."""
    return _FINITE.get(word) in _STRONG


def verb_form(word: str) -> bool:
    """Whether the word is a finite form of any verb that may report (``said``, ``asks``)."""
    return word in _FINITE


def verb_at(words: Sequence[Word], index: int) -> tuple[int, Strength] | None:
    """The reporting verb whose phrase begins at ``words[index]``: where the verb ends, and how strong it is.

    Adverbs and auxiliaries before it are skipped (``has also repeatedly warned``). A passive (``was told``) reports
    nothing said by the subject and gives ``None``, as does any other verb unless ``that`` follows it at once.
    """
    passive = non_finite = False
    limit = min(len(words), index + 7)
    while index < limit:
        low = words[index].text
        if low in _BE:
            passive = True
        elif low in _AUXILIARIES or (low in _CATENATIVES and _follows(words, index, {"to", "on", "by"})):
            non_finite, passive = True, False
            index += low in _CATENATIVES
        elif not (low in _ADVERBS or low.endswith("ly") or (low in {"to", "by", "on"} and non_finite)):
            break
        index += 1
    if index >= limit:
        return None
    return _judge(words, index, passive=passive, non_finite=non_finite)


def _judge(words: Sequence[Word], index: int, *, passive: bool, non_finite: bool) -> tuple[int, Strength] | None:
    word = words[index].text
    if passive:
        ing = word.endswith("ing") and word in _NON_FINITE
        return (index + 1, "weak") if word in _ATTITUDES or ing else None
    lemma = _FINITE.get(word) or (_NON_FINITE.get(word) if non_finite else None)
    if lemma is None:
        plain = word.isalpha() and word.islower() and word.endswith(("ed", "s", "t"))
        return (index + 1, "weak") if plain and _follows(words, index, {"that"}) else None
    if lemma in _FRAMES and not _follows(words, index, _FRAMES[lemma]):
        return None
    return index + 1, "strong" if lemma in _STRONG else "weak"


def _follows(words: Sequence[Word], index: int, expected: frozenset[str] | set[str]) -> bool:
    return index + 1 < len(words) and words[index + 1].low in expected
