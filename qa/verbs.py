"""Verbs of everyday English questions: which words are forms of one, and one form to another."""

from __future__ import annotations

__all__ = ["BASES", "base_form", "is_base", "is_finite", "is_participle", "past_form", "third_person"]

_REGULAR = """
    accept achieve act add address admit advise affect agree aim allow announce answer appear apply appoint approve
argue arrive ask assess attack attend attract award ban base believe belong benefit blame block call cancel
carry cause cease celebrate change charge check claim clean close collapse collect comment compare compete
complain complete concern conduct confirm connect consider consist construct contain continue contribute
convince cooperate count cover create criticise criticize cross damage deal decide declare decline defend define
delay deliver demand deny depart depend deploy describe design destroy detect determine develop die differ
discover discuss dismiss distribute donate double earn elect emerge emphasise emphasize employ enable encourage
end enter establish estimate examine exceed exhibit exist expand expect experience explain export express extend
face fail fear fill film finance find finish fire focus follow found fund gain graduate happen harvest help hire
hope host identify implement import improve include increase inform injure inspect install intend introduce
invent invest invite involve issue join jump kill label lack land last launch learn like link list live locate
look love maintain manage mark marry matter measure mention migrate monitor move name need negotiate note notice
obtain occur offer open operate oppose order organise organize oversee own paint participate pass perform
persuade place plan plant play plead point praise predict prefer prepare present prevent produce promise promote
propose protect provide publish purchase pursue qualify question raise range reach react receive recognise
recognize recommend record recover reduce refer refuse regret reject relate release rely remain remember remove
renew repair replace reply report represent request require rescue research resign resolve respond restore
result retire return reveal review save schedule score seem select serve settle share shift show sign solve sort
sponsor stage start state stay stop strengthen stress study succeed suffer suggest supply support surprise
survive suspend talk tackle target test thank trace train transfer transform translate transport travel treat
try turn unveil urge use vaccinate vary visit vote wait walk want warn waste watch welcome work worry
abolish accuse adopt arrest bury climb collide compose conquer convict dedicate defeat dismantle drown erect erupt
assist collaborate concentrate coordinate educate enforce ensure evaluate integrate modernise modernize prioritise
escape evacuate explode explore hatch inherit inspire invade melt merge prove punish ratify regulate reopen
resist sail sue unite vanish"""
# base, past, participle; one word where all are alike
_IRREGULAR = """become/became/become begin/began/begun break/broke/broken bring/brought buy/bought build/built
catch/caught choose/chose/chosen come/came/come cut/cut draw/drew/drawn drive/drove/driven eat/ate/eaten
fall/fell/fallen
feel/felt fight/fought find/found fly/flew/flown forget/forgot/forgotten get/got give/gave/given go/went/gone
grow/grew/grown hear/heard hold/held keep/kept know/knew/known lead/led learn/learnt leave/left lend/lent lose/lost
make/made mean/meant meet/met pay/paid put/put quit/quit read/read ride/rode/ridden rise/rose/risen run/ran/run
say/said see/saw/seen seek/sought sell/sold send/sent set/set shoot/shot show/showed/shown shut/shut sing/sang/sung
sit/sat speak/spoke/spoken spend/spent spread/spread stand/stood steal/stole/stolen strike/struck swim/swam/swum
take/took/taken teach/taught tell/told think/thought throw/threw/thrown undergo/underwent/undergone
understand/understood wear/wore/worn win/won write/wrote/written hurt/hurt hit/hit cost/cost
let/let burn/burnt dig/dug feed/fed freeze/froze/frozen hide/hid/hidden sink/sank/sunk withdraw/withdrew/withdrawn
swear/swore/sworn bear/bore/born"""

_FORMS = {parts[0]: (parts[1], parts[-1]) for parts in (entry.split("/") for entry in _IRREGULAR.split())}
BASES = frozenset(_REGULAR.split()) | frozenset(_FORMS)
_VOWELS = "aeiou"
_DOUBLING = frozenset({"stop", "plan", "ban", "admit", "refer", "prefer", "occur", "transfer"})
# Far oftener a noun than a verb after its subject.
_NOUNS_IN_ING = frozenset(
    """meeting building hearing training funding planning meaning painting opening beginning ruling warning wedding
    landing spending drawing recording feeling finding crossing mooring farming housing fishing writing
    reading reporting gathering shipping mining clothing parking""".split()
)
# Ends in -ed and is no verb.
_NOT_PAST = frozenset(
    {"seed", "speed", "need", "feed", "breed", "weed", "deed", "bed", "red", "shed", "sled", "hundred"}
)


def past_form(base: str) -> str:
    """The simple past of a verb.

    >>> past_form("name"), past_form("carry"), past_form("hold")
    ('named', 'carried', 'held')
    """
    if base in _FORMS:
        return _FORMS[base][0]
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        return base[:-1] + "ied"
    return base + (base[-1] if base in _DOUBLING else "") + "ed"


def third_person(base: str) -> str:
    """The form after ``he``: ``carries``, ``teaches``, ``names``, ``has``."""
    if base in {"have", "be"}:
        return {"have": "has", "be": "is"}[base]
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        return base[:-1] + "ies"
    return base + ("es" if base.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


_TO_BASE = {
    form: base
    for base in sorted(BASES)
    for form in (third_person(base), past_form(base), *_FORMS.get(base, ()))
    if form != "found" or base == "find"
}
_PARTICIPLES = frozenset({past_form(base) for base in BASES if base not in _FORMS} | {p for _, p in _FORMS.values()})


def is_base(word: str) -> bool:
    """Whether a word can be a verb after ``did``: ``hold``, ``plan``."""
    return word in BASES


def is_finite(word: str) -> bool:
    """Whether a word can be a verb right after ``who``: ``held``, ``holds``, ``opened``."""
    return word in _TO_BASE or _ends_like_past(word)


def is_participle(word: str) -> bool:
    """Whether a word can follow ``was`` and its subject: ``held``, ``approved``, ``broken``, ``planning``."""
    return word in _PARTICIPLES or _ends_like_past(word) or _is_present_participle(word)


def base_form(word: str) -> str:
    """The base of a finite verb; for a verb not known here the best guess.

    >>> base_form("held"), base_form("approved"), base_form("opens")
    ('hold', 'approve', 'open')
    """
    if word in _TO_BASE:
        return _TO_BASE[word]
    if word.endswith("ied"):
        return word[:-3] + "y"
    if _ends_like_past(word):
        stem = word[:-2]
        if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "sl":
            return stem[:-1]
        return stem + ("e" if stem[-1] in "vcszgu" and not stem.endswith("ss") else "")
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _is_present_participle(word: str) -> bool:
    return word.endswith("ing") and word not in _NOUNS_IN_ING and _base_of_ing(word) in BASES


def _ends_like_past(word: str) -> bool:
    return word.endswith("ed") and len(word) > 4 and word not in _NOT_PAST


def _base_of_ing(word: str) -> str:
    stem = word[:-3]
    if stem in BASES:
        return stem
    if stem[:-1] in BASES and stem[-1:] == stem[-2:-1]:
        return stem[:-1]
    return stem + "e"
