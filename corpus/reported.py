"""Turns in running prose: paragraphs that report what somebody says, and quotations with an attribution."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from corpus.attribution import Attribution, attribute, is_body_reporting
from corpus.people import People, Person, gather_people, people_in
from corpus.person_names import QUOTE, Word, words_of
from corpus.quotations import Quotations, blank_quotations
from corpus.types import Span, Turn, TurnKind

__all__ = ["find_reported_turns"]

_MALE = "mr sir father brother lord herr signor don señor monsieur king prince"
_FEMALE = "mrs ms miss dame sister lady madam madame mme frau signora doña señora queen princess"
_SEX = {"he": frozenset(_MALE.split()), "she": frozenset(_FEMALE.split())}


@dataclass(slots=True)
class _Voice:
    """Who is speaking from ``start`` to ``end``; ``spreads`` over the sentences after it until somebody else does."""

    person: Person
    start: int
    end: int
    kind: TurnKind
    spreads: bool


@dataclass(slots=True)
class _Memory:
    """The persons last named as subjects, newest last, for the pronouns that follow."""

    people: People
    named: list[Person] = field(default_factory=list)
    sexes: dict[tuple[str, ...], str] = field(default_factory=dict)

    def name(self, text: str, person: Person) -> None:
        self.named = [*self.named[-5:], person]
        title = person_title(text, person)
        for pronoun, titles in _SEX.items():
            if title in titles:
                self.sexes[self.people.key(person)] = pronoun

    def recall(self, pronoun: str) -> Person | None:
        """The person whom ``he`` or ``she`` means: the last one named who is not known to be of the other sex."""
        for person in reversed(self.named):
            if self.sexes.setdefault(self.people.key(person), pronoun) == pronoun:
                return person
        return None


def person_title(text: str, person: Person) -> str:
    """The word right before or at the head of a mention, in lower case: ``ms`` for "Ms Keane"."""
    head = text[max(0, person.label.start - 12) : person.label.start].split()
    own = person.label.of(text).split()
    return (own[0] if len(own) > len(person.words) else head[-1] if head else "").rstrip(".").lower()


def find_reported_turns(text: str, paragraphs: Sequence[Span], sentences: Sequence[Sequence[Span]]) -> list[Turn]:
    """The ``reported`` and ``quoted`` turns of prose paragraphs; ``sentences[i]`` are those of ``paragraphs[i]``."""
    quotations = [blank_quotations(span.of(text)) for span in paragraphs]
    words = [
        words_of(found.blanked, 0, len(span), span.start) for span, found in zip(paragraphs, quotations, strict=True)
    ]
    memory = _Memory(gather_people(words))
    turns: list[Turn] = []
    open_quote: Person | None = None
    for found, parts, of_paragraph in zip(quotations, words, sentences, strict=True):
        voices = _Paragraph(text, found, parts, memory, open_quote).read(of_paragraph)
        turns.extend(Turn(Span(v.start, v.end), v.person.label.of(text), v.person.label, v.kind) for v in voices)
        open_quote = voices[-1].person if voices and found.open else None
    return turns


class _Paragraph:
    """Reads one paragraph sentence by sentence and keeps the voices it hears."""

    def __init__(
        self, text: str, found: Quotations, words: Sequence[Word], memory: _Memory, quoting: Person | None
    ) -> None:
        self.text, self.words, self.memory = text, words, memory
        self.quoting = quoting if found.places and found.places[0].start == 0 else None
        self.voices: list[_Voice] = []
        self.held: int | None = None

    def read(self, sentences: Sequence[Span]) -> list[_Voice]:
        """The voices of the paragraph, in order and disjoint."""
        ahead = list(self._split(sentences))
        for index, (sentence, words) in enumerate(ahead):
            following = ahead[index + 1][1] if index + 1 < len(ahead) else []
            if words and all(not word.text[0].isalnum() for word in words) and words[0].text[0] == QUOTE:
                self._hear_quotation(sentence)
            else:
                self._hear(sentence, words, following)
        return self.voices

    def _split(self, sentences: Sequence[Span]) -> Iterator[tuple[Span, list[Word]]]:
        """Each sentence with its words, cut again at semicolons, where another person may take over."""
        at = 0
        for sentence in sentences:
            start, part = sentence.start, list[Word]()
            while at < len(self.words) and self.words[at].start < sentence.end:
                word = self.words[at]
                part.append(word)
                if word.end > sentence.end:
                    break
                at += 1
                if word.text == ";" and word.end < sentence.end:
                    yield Span(start, word.end), part
                    start, part = word.end + 1, []
            yield Span(min(start, sentence.end), sentence.end), part

    def _hear_quotation(self, sentence: Span) -> None:
        """A sentence that is all quotation belongs to the voice before it, or waits for the one after it."""
        last = self.voices[-1] if self.voices else None
        if last and not self.text[last.end : sentence.start].strip():
            last.end = sentence.end
        elif self.quoting:
            self.voices.append(_Voice(self.quoting, sentence.start, sentence.end, "quoted", spreads=False))
        elif self.held is None:
            self.held = sentence.start

    def _hear(self, sentence: Span, words: Sequence[Word], following: Sequence[Word]) -> None:
        found = attribute(words, self.memory.people)
        person = self._who(found, following) if found else None
        if person and found and found.subject.person:
            self.memory.name(self.text, person)
        elif found is None and (presented := self._presented(words)):
            self.memory.name(self.text, presented)
        if person and found and found.verb:
            self._speak(sentence, person, found)
        elif not self._goes_on(words, found, person):
            self._close()
        elif self.voices and (self.voices[-1].spreads or self._is_clause(sentence)):
            self.voices[-1].end = sentence.end
        self.held = None

    def _is_clause(self, span: Span) -> bool:
        """Whether a stretch goes on in the very sentence of the voice before it, after a semicolon."""
        end = self.voices[-1].end
        return self.text[end - 1] == ";" and not self.text[end : span.start].strip()

    def _presented(self, words: Sequence[Word]) -> Person | None:
        """The last person introduced by a sentence of another subject: "A protest came from Ana Ruiz, ..."."""
        named = [person for _, _, person in people_in(words) if len(person.words) > 1]
        return next((person for person in reversed(named) if self.memory.people.knows(person)), None)

    def _who(self, found: Attribution, following: Sequence[Word]) -> Person | None:
        subject = found.subject
        if subject.person is None:
            return self.memory.recall(subject.pronoun)
        initials = any(len(word) == 1 for word in subject.person.words)
        bare = not (initials or subject.person.titled or self.memory.people.knows(subject.person))
        if bare and found.head and found.verb == "weak" and not found.direct:
            return None  # "Reno Transport expects ...": as likely a company
        spoken = found.direct and found.verb == "strong"  # whoever is quoted is somebody
        if subject.known or spoken or (following and following[0].low in {"he", "she"}):
            return subject.person
        return None

    def _speak(self, sentence: Span, person: Person, found: Attribution) -> None:
        start = sentence.start if self.held is None else self.held
        last = self.voices[-1] if self.voices else None
        same = last is not None and self.memory.people.key(last.person) == self.memory.people.key(person)
        direct = found.direct
        if last and same and not self.text[last.end : start].strip():
            last.end = sentence.end
            last.spreads = last.spreads or (found.verb == "strong" and not direct)
            return
        self._close()
        kind: TurnKind = "quoted" if direct else "reported"
        spreads = found.head and found.verb == "strong" and not direct
        self.voices.append(_Voice(person, start, sentence.end, kind, spreads))

    def _goes_on(self, words: Sequence[Word], found: Attribution | None, person: Person | None) -> bool:
        """Whether a sentence without attribution can still be the voice before it."""
        if not self.voices or is_body_reporting(words):
            return False
        if words and words[0].low in {"we", "i", "our", "my"}:
            return True
        people = self.memory.people
        other = found is not None and found.head and found.subject.person is not None and person is not None
        return not (other and person and people.key(person) != people.key(self.voices[-1].person))

    def _close(self) -> None:
        if self.voices:
            self.voices[-1].spreads = False
