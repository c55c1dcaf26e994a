"""Who and what a conversation is about: what ``she``, ``it``, ``they`` and ``there`` may stand for, best first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.person_names import IMPERSONAL
from qa.exchanges import Exchange
from qa.phrase_kinds import Kind
from qa.phrases import Clause, Phrase, parse, phrases_of
from qa.verbs import is_base, past_form, third_person

__all__ = ["answer_phrase", "class_of_place", "groups", "is_event", "people", "places", "spread", "things"]

_MAX_ANSWER_WORDS = 12
# What is asked of a thing, not the thing: of "the cost of the tunnel" the talk is about the tunnel.
_ATTRIBUTES = frozenset(
    """cost costs price name length size date purpose aim aims goal goals number title reason reasons cause causes
    result results effect effects impact importance part population height width depth weight age colour
    color value amount total share percentage rate location site theme topic subject point meaning origin
    status outcome benefit benefits target deadline main capacity budget capital view opinion""".split()
)
_BODIES = frozenset(
    """council government company firm ministry committee board commission parliament party union court team club
    bank agency authority university school hospital group association organisation organization department
    office police state city town country province cabinet""".split()
)
_EVENTS = frozenset(
    """meeting conference summit forum session ceremony festival fair match game final race tournament cup concert
    exhibition congress workshop seminar rally protest parade hearing trial election debate wedding funeral
    talks event regatta championship championships olympics games marathon symposium gathering assembly
    dinner launch""".split()
)
_PLACE_CLASSES = frozenset(
    """city town country province region village place state district county island capital port venue location
    area continent site neighbourhood neighborhood municipality building hall stadium""".split()
)
_TAKES_PLACE = re.compile(
    r"\b(?:held|take place|took place|happen\w*|last|organi[sz]ed|attend\w*|"
    r"postponed|cancelled|canceled|opened|closed|launched|published)\b"
)
_ACTS = re.compile(
    r"\b(?:it|they)\s+(?:say|plan|decide|spend|announce|propose|promise|hope|want|expect|pay|employ|intend|respond|"
    r"own|produce|sell|hire|respond|react|vote|ask|agree|make|publish|argue|claim|give|offer)\b|"
    r"\b(?:has|have) (?:it|they)\b"
)
_PEOPLE_WORDS = frozenset(
    "people men women children residents villagers families pupils passengers police staff".split()
)
_PREPOSITION = re.compile(r"^(in|at|on|near|from|to|outside|inside|off|around|across)\s+(?=\S)", re.IGNORECASE)


def spread(phrase: Phrase, text: str) -> str:
    """The phrase with what hangs on it: ``the cost of the tunnel``."""
    return text[phrase.start : phrase.reach]


def is_event(phrase: Phrase) -> bool:
    """Whether something takes place: a meeting, a fair."""
    return phrase.head in _EVENTS


def class_of_place(noun: str) -> bool:
    """Whether a noun names a kind of place: ``city``."""
    return noun in _PLACE_CLASSES


def answer_phrase(exchange: Exchange) -> Phrase | None:
    """An answer that is one noun phrase, whole; ``None`` for a clause, a quotation or no answer."""
    answer = (exchange.answer or "").rstrip(" .;,!")
    if not answer or len(answer.split()) > _MAX_ANSWER_WORDS:
        return None
    found = _PREPOSITION.match(answer)
    prep, bare = (found[1].lower(), answer[found.end() :]) if found else ("", answer)
    phrases = phrases_of(bare)
    if not phrases or phrases[0].start:
        return None
    first = phrases[0]
    rest = bare[first.reach :].lstrip()
    if rest and not re.match(r"[,(]|(?:and|who|which|that|or)\b|(?:in|of|for|at|on|from|by|with|to)\b", rest):
        return None
    many = first.plural or (rest.startswith(("and ", ", ")) and " and " in rest)
    kind = _kind_asked_for(parse(exchange.question), first)
    return Phrase(bare, 0, len(bare), len(bare), first.head, kind, many, prep)


def _kind_asked_for(clause: Clause, answer: Phrase) -> Kind:
    """What an answer names: ``Which company ...?`` makes two capitalised words no person."""
    start, end = clause.noun
    if answer.kind not in {"person", "single"} or start == end or clause.wh not in {"which", "what"}:
        return answer.kind
    nouns = phrases_of(clause.part(start, end))
    if any(p.kind == "role" or p.head in {"person", "man", "woman"} for p in nouns):
        return "person"
    return "place" if any(p.head in _PLACE_CLASSES for p in nouns) else "name"


def _subject_first(clause: Clause) -> list[Phrase]:
    phrases = phrases_of(clause.text, clause)
    if clause.subject[0] == clause.subject[1]:
        return phrases
    at = clause.words[clause.subject[0]].start
    return sorted(phrases, key=lambda phrase: (phrase.start != at, phrase.start))


def people(past: Sequence[Exchange]) -> Iterator[str]:
    """The persons whom ``he`` or ``she`` may mean, the likeliest first; never a body."""
    for certain in (True, False):
        for exchange in reversed(past):
            clause = parse(exchange.question)
            answer = answer_phrase(exchange)
            asked = clause.wh in {"who", "whom", "whose"} or _asks_for_role(clause)
            if answer and _names_someone(answer, asked, certain):
                yield _first_name(answer)
            for phrase in _subject_first(clause):
                if phrase.human and certain and not phrase.plural:
                    yield phrase.text if phrase.kind == "person" else spread(phrase, clause.text)
                elif phrase.kind == "single" and not phrase.plural and (not certain) != _says(clause, phrase):
                    yield phrase.text
            if not answer and exchange.answer and certain:
                yield from (p.text for p in phrases_of(exchange.answer) if p.kind == "person" and not p.plural)


def _names_someone(answer: Phrase, asked: bool, certain: bool) -> bool:
    """Whether an answer names one person; ``an engineer`` does only where it was asked who."""
    if answer.plural or answer.prep:
        return False
    if certain:
        return answer.kind == "person" or (asked and answer.kind in {"role", "single"})
    return answer.kind == "single"


def _first_name(answer: Phrase) -> str:
    """The name alone where a post follows: ``Ana Silva, mayor of Porto``."""
    return re.split(r"\s*[,(]| who | of the ", answer.text)[0] if answer.kind == "person" else answer.text


def _says(clause: Clause, phrase: Phrase) -> bool:
    """Whether a single name is the subject of a verb that people do."""
    verb = clause.words[clause.verb].low if clause.verb >= 0 else ""
    subject = clause.words[clause.subject[0]].start if clause.subject[0] < len(clause.words) else -1
    acts = {"say", "think", "tell", "warn", "believe", "argue", "explain", "hope", "know", "want", "feel", "describe"}
    return verb in acts and phrase.start == subject


def _asks_for_role(clause: Clause) -> bool:
    start, end = clause.noun
    return start < end and any(p.kind == "role" for p in phrases_of(clause.part(start, end)))


def things(past: Sequence[Exchange], question: str) -> Iterator[str]:
    """The things, bodies and places that ``it`` in ``question`` may mean, the likeliest first."""
    acting, held = bool(_ACTS.search(question.lower())), bool(_TAKES_PLACE.search(question.lower()))
    for exchange in reversed(past):
        clause = parse(exchange.question)
        if (answer := _thing_answered(exchange, clause)) and not (held and answer.kind in {"place", "single"}):
            yield _definite(answer.text)
        phrases = [p for p in _subject_first(clause) if _is_thing(p) and not p.plural]
        if held:  # A place is not held.
            phrases = [p for p in phrases if p.kind in {"thing", "name"}]
        ranked = sorted(phrases, key=lambda p: (_rank(p, acting), is_event(p) != held and held))
        yield from (_definite(spread(p, clause.text)) for p in ranked)


def _rank(phrase: Phrase, acting: bool) -> int:
    if phrase.head in _ATTRIBUTES and phrase.reach > phrase.end:
        return 2
    body = phrase.head in _BODIES or (phrase.kind == "name" and phrase.head in IMPERSONAL and not is_event(phrase))
    return int(body != acting) + (phrase.kind in {"place", "single"})


def _is_thing(phrase: Phrase) -> bool:
    return phrase.kind in {"thing", "name", "place", "single"}


def _thing_answered(exchange: Exchange, clause: Clause) -> Phrase | None:
    """The answer, where the question asked which thing it is, not what a thing is like."""
    answer = answer_phrase(exchange)
    if answer is None or answer.plural or answer.prep or not _is_thing(answer) or clause.wh not in {"what", "which"}:
        return None
    if clause.words[0].low != clause.wh:  # "In which city ...?" is about what happened there.
        return None
    nouns = {word.low for word in clause.words[clause.noun[0] : clause.noun[1]]}
    others = [
        p for p in phrases_of(clause.text, clause) if _is_thing(p) and p.kind == "thing" and p.head not in _BODIES
    ]
    if nouns & _ATTRIBUTES or (nouns & _PLACE_CLASSES and others):
        return None
    copula = clause.aux >= 0 and clause.verb < 0
    if nouns:
        return answer
    named = answer.kind in {"name", "single"}
    definite = named or answer.text.split()[0].lower() in {"the", "a", "an"}
    attribute = bool(others) and others[0].head in _ATTRIBUTES
    return answer if (named and attribute and copula) or (definite and not copula and not others) else None


def groups(past: Sequence[Exchange]) -> Iterator[str]:
    """The people, bodies and things whom ``they`` may mean, the likeliest first."""
    for exchange in reversed(past):
        clause = parse(exchange.question)
        answer = answer_phrase(exchange)
        phrases = _subject_first(clause)
        if answer and answer.plural and answer.kind != "number":
            yield _definite(answer.text)
        if noun := _counted(clause):
            yield noun
        yield from (_definite(spread(p, clause.text)) for p in phrases if p.plural and p.kind != "time")
        yield from (_definite(spread(p, clause.text)) for p in phrases if p.head in _BODIES | {"ministry"})
        if answer and answer.kind == "name":
            yield answer.text
        yield from (spread(p, clause.text) for p in phrases if p.kind == "name")
    yield from people(past)
    yield from things(past, "")


def _counted(clause: Clause) -> str:
    """The plural noun that a question counts or picks from, with its verb: ``the boats that the council bought``."""
    start, end = clause.noun
    noun = clause.part(start, end)
    found = phrases_of(noun)
    if not found or not (found[0].plural or noun.split()[-1].lower() in _PEOPLE_WORDS):
        return ""
    if noun.lower().startswith("of "):
        return _definite(noun[3:])
    if clause.aux < 0 or clause.subject[0] == clause.subject[1]:
        rest = clause.part(end)
    else:
        rest = f"{clause.part(*clause.subject)} {_inflected(clause)} {clause.part(clause.verb + 1)}".strip()
        rest = rest if clause.verb >= 0 else ""
    full = f"the {noun} that {rest}"
    return full if rest and len(full.split()) <= 14 else f"the {noun}"


def _inflected(clause: Clause) -> str:
    aux, verb = clause.words[clause.aux].low, clause.words[clause.verb].low
    if aux == "did" and is_base(verb):
        return past_form(verb)
    if aux == "does":
        return third_person(verb)
    return verb if aux == "do" else f"{aux} {verb}"


def _definite(text: str) -> str:
    """A thing spoken of before: ``a new line`` is now ``the new line``."""
    found = re.match(r"(?:an?|some|any|this|that|these|those)\s+", text, re.IGNORECASE)
    if found:
        return "the " + text[found.end() :]
    if re.match(r"(?:two|three|four|five|six|seven|eight|nine|ten|\d+)\s+[a-z]", text, re.IGNORECASE):
        return f"the {text}"
    return re.sub(r"^The\b", "the", text)


def places(past: Sequence[Exchange]) -> Iterator[str]:
    """What ``there`` may mean, with its preposition: ``in Porto``, ``at the fair in Porto``."""
    for exchange in reversed(past):
        clause = parse(exchange.question)
        answer = answer_phrase(exchange)
        phrases = _subject_first(clause)
        event = next((p for p in phrases if is_event(p)), None)
        nouns = {word.low for word in clause.words[clause.noun[0] : clause.noun[1]]}
        if answer and (clause.wh == "where" or nouns & _PLACE_CLASSES or answer.kind == "place"):
            where = f"{answer.prep or 'in'} {answer.text}"
            at_event = event and clause.text[event.start : event.end]
            yield f"at {at_event} {where}" if at_event else where
        elif event:
            yield f"at {_definite(spread(event, clause.text))}"
        yield from (f"{p.prep or 'in'} {p.text}" for p in phrases if p.kind == "place")
        yield from (f"in {p.text}" for p in phrases if p.kind == "single" and not _says(clause, p))
        yield from (
            f"{p.prep} {_definite(p.text)}" for p in phrases if p.kind == "thing" and p.prep in {"in", "at", "on"}
        )
        yield from (f"at {_definite(p.text)}" for p in phrases if p.head in _BODIES | _PLACE_CLASSES)
