"""What a person's name looks like in running English text: words, honorifics, offices, and what is no person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

__all__ = [
    "IMPERSONAL",
    "OPENERS",
    "PARTICLES",
    "QUOTE",
    "Word",
    "is_capitalised",
    "is_honorific",
    "is_role",
    "name_end",
    "words_of",
]

QUOTE = "\ue000"
"""Stands for every character of a quotation, so that a sentence can be read without what is quoted in it."""

_HONORIFICS = """mr mrs ms miss mx dr prof professor sir dame lord lady father fr sister brother rev reverend
bishop archbishop imam sheikh sheikha rabbi councillor cllr eng engr ing engineer arch capt captain col colonel gen
general lt lieutenant maj major sgt sergeant adm admiral cmdr commander judge justice sen senator rep madam madame
mme mlle monsieur señor señora sr sra don doña dom dona herr frau signor signora hon honourable uncle auntie aunt
mama mzee alhaji hajia alhaja ustad pastor deacon datuk dato tun encik puan cik ustaz haji hajj shri smt sri
comrade ambassador regent prior abbot brigadier councilor chief prince princess king queen nana mother canon dean
provost"""
# Offices count in any case; callings only in lower case, since Baker, Cook and Miner are surnames too.
_OFFICES = """minister mayor governor president chairman chairwoman chairperson chair director secretary spokesman
spokeswoman spokesperson manager head chief officer commissioner ambassador chancellor premier deputy rector
professor editor founder co-founder cofounder owner adviser advisor coordinator treasurer curator principal
inspector superintendent executive ceo cfo cto coo registrar leader member delegate representative senator
councillor councilor partner legislator lawmaker undersecretary envoy consul comptroller controller ombudsman
trustee correspondent economist engineer analyst supervisor lecturer headmaster headmistress commander prosecutor
harbourmaster stationmaster moderator negotiator mp"""
_CALLINGS = """dean architect coach captain judge lawyer attorney consultant librarian teacher headteacher
scientist researcher biologist hydrologist geologist oceanographer historian archaeologist doctor nurse surgeon
midwife physician pharmacist chemist farmer fisherman fisherwoman beekeeper shepherd baker driver pilot conductor
mechanic electrician carpenter technician operator foreman warden ranger keeper guard shopkeeper trader merchant
banker broker accountant auditor entrepreneur artist painter poet novelist author writer journalist reporter
photographer filmmaker composer musician singer actor actress student pupil volunteer activist campaigner organiser
organizer resident neighbour neighbor widow pensioner passenger customer tourist priest monk nun vicar elder
general colonel major sergeant lieutenant admiral notary clerk postman postmistress landlord tenant skipper
conservationist ecologist botanist zoologist meteorologist astronomer physicist mathematician statistician cashier
chef cook waiter butcher tailor weaver potter blacksmith miner fitter welder dispatcher host presenter anchor
mediator patron specialist expert planner developer designer programmer facilitator instructor trainer psychologist
sociologist epidemiologist veterinarian vet agronomist forester grower breeder rancher brewer distiller winemaker
restorer conservator guide naturalist mountaineer athlete swimmer runner player goalkeeper striker referee umpire
mother father grandmother grandfather daughter son man woman boy girl lady gentleman colleague predecessor
successor husband wife friend assistant partner cousin aunt uncle worker docker sailor villager commuter motorist
cyclist hotelier restaurateur gardener plumber builder"""
# A capitalised run that holds one of these names a body, a place or a time, never a person.
_IMPERSONAL = """commission committee ministry department bureau office agency authority council board bank fund
foundation institute institution university college school academy hospital clinic centre center museum library
company corporation corp inc ltd limited plc gmbh llc group holdings holding airlines airways air railway railways
rail motors motor industries energy power electric steel telecom media press news times post herald tribune gazette
observer guardian daily weekly journal magazine review television radio party congress parliament assembly senate
court union association federation confederation league society club team alliance coalition network forum
conference summit symposium session meeting plan programme program project initiative scheme campaign report survey
study act law bill treaty agreement convention protocol charter north south east west northern southern eastern
western central upper lower greater new old great united republic kingdom states state province county district
municipality city town village island islands islamic river lake sea ocean mountain mountains valley bay gulf port
harbour harbor airport station street road avenue square bridge tower building hall house park garden gardens market
zone corridor region world international national european african asian american chinese indian russian british
french german nations watch services service systems technologies technology solutions partners consortium
cooperative co-operative trust police army navy force guards ferry line lines shipping logistics works mill mills
café hotel theatre theater factory farm farms brewery festival prize award day week month year christmas easter
ramadan january february march april may june july august september october november december monday tuesday
wednesday thursday friday saturday sunday"""
# Written with a capital only because they open a sentence.
_OPENERS = """the a an this that these those it its he she they we i you his her their our my your one some many
most several few both each every all no any other another such there here what who when where why how which whose
while although though because since if unless until before after once as at by for from in into of on over to under
with without within during despite like among between about against through according along amid and but or nor yet
so then thus hence still even only also just not never now today yesterday tomorrow tonight later earlier meanwhile
however moreover furthermore besides instead finally first second third last next again named called asked speaking
turning summing addressing replying responding opening closing concluding presenting commenting critics officials
residents farmers experts analysts observers opponents supporters organisers organizers economists scientists
workers unions drivers parents teachers students people others everyone nobody somebody reporters journalists
participants delegates sources question questions answer more less two three four five six seven eight nine ten
dozens hundreds thousands millions nearly almost around perhaps maybe indeed yes well"""
_PARTICLES = """al el de del della delle di da das do dos du des la le les van von der den ter ten bin binti bint
ibn abu ben bte av af zu zum y e ould wa ap"""
HONORIFICS = frozenset(_HONORIFICS.split())
OFFICES = frozenset(_OFFICES.split())
CALLINGS = frozenset(_CALLINGS.split())
IMPERSONAL = frozenset(_IMPERSONAL.split())
OPENERS = frozenset(_OPENERS.split())
PARTICLES = frozenset(_PARTICLES.split())
_GLUED = PARTICLES | frozenset({"d", "l", "ad", "an", "ar", "as", "ash", "at", "az"})

# What people do, by how the word is built, and the words built so that name no person.
_AGENT = re.compile(
    r"\w+(?:ologist|ist|ician|grapher|keeper|maker|owner|holder|worker|player|writer|driver|dealer|grower|seller|buyer"
    r"|dresser|singer|dancer|preter|caster|soldier|lawyer|manager|eer|woman|man|monger|wright|smith|master|mistress)"
)
_NO_AGENT = frozenset(
    """list exist assist twist mist fist wrist checklist playlist shortlist persist consist resist insist desist enlist
    human career beer deer sheer queer veneer placeholder midst coexist watchlist""".split()
)

_MARK = "[\u0300-\u036f\u200c\u200d]"
_LETTER = f"(?:[^\\W\\d_]|{_MARK})"
_WORD = re.compile(f"[^\\W\\d_]{_LETTER}*(?:['’\\-‐‑·.]{_LETTER}+)*|{QUOTE}+|\\d+(?:[.,]\\d+)*|[^\\w\\s]")


class Word(NamedTuple):
    """A word, number, mark or blanked quotation; ``start`` and ``end`` are offsets in the article."""

    text: str
    start: int
    end: int
    low: str


def words_of(text: str, start: int, end: int, shift: int = 0) -> list[Word]:
    """The words and marks of ``text[start:end]``, their offsets moved by ``shift``; a run of ``QUOTE`` is one word."""
    return [
        Word(found[0], found.start() + shift, found.end() + shift, found[0].lower())
        for found in _WORD.finditer(text, start, end)
    ]


def is_capitalised(word: str) -> bool:
    """Whether a word is written like part of a name: ``Ana``, ``O'Neill``, ``al-Maamari``, ``d'Este``."""
    if word[:1].isupper():
        return True
    if word.isalpha():
        return False
    head, _, rest = word.replace("’", "-").replace("'", "-").partition("-")
    return head in _GLUED and rest[:1].isupper()


def is_role(word: str) -> bool:
    """Whether a word names an office (``Vice-President``) or a calling (``teacher``) that one person holds."""
    low = word.lower()
    last = low.rpartition("-")[2] or low
    if last in OFFICES or low in OFFICES:
        return True
    return word[:1].islower() and (last in CALLINGS or (_AGENT.fullmatch(last) is not None and last not in _NO_AGENT))


def is_honorific(word: str) -> bool:
    """Whether a word is a form of address before a name: ``Dr``, ``Father``, ``Councillor``."""
    return word[:1].isupper() and word.lower() in HONORIFICS


def name_end(words: Sequence[Word], index: int) -> int:
    """Where the run of name words that begins at ``words[index]`` ends; ``index`` itself if none does.

    Lower-case particles and the full stop of an initial belong to the name when a capitalised word follows.
    """
    end = index
    while end < len(words) and end - index < 9:
        text = words[end].text
        if text[0].isalpha() and is_capitalised(text) and (end > index or not _opens(words, end)):
            end += 1
            short = len(text) <= 2 or "." in text or is_honorific(text)
            if short and end + 1 < len(words) and words[end].text == "." and is_capitalised(words[end + 1].text):
                end += 1
        elif end > index and (after := _after_particles(words, end)) > end:
            end = after
        else:
            break
    return end


def _after_particles(words: Sequence[Word], index: int) -> int:
    """Where the particles at ``index`` end if a capitalised word follows them (``van der Berg``), else ``index``."""
    end = index
    while end < len(words) and end - index < 3 and words[end].text in PARTICLES:
        end += 1
    return end if index < end < len(words) and is_capitalised(words[end].text) else index


def _opens(words: Sequence[Word], index: int) -> bool:
    """Whether a capital only marks the beginning of a sentence; ``He`` before a capital is a family name."""
    low = words[index].low
    family = low in {"he", "she"} and index + 1 < len(words) and words[index + 1].text[0].isupper()
    return low in OPENERS and not family
