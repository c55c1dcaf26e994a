"""Word classes that questions are recognised by: kinds of documents, verbs of saying, nouns for posts."""

from __future__ import annotations

__all__ = ["AUXILIARY", "DOCUMENT", "LEADING", "PERSON", "POST_NOUN", "SAYING", "THE_DOCUMENT"]

DOCUMENT = (
    "(?:article|interview|report|story|piece|text|(?:press |news |media )?release|page|post|column|document|statement|"
    "announcement|feature|dispatch|conversation|news item|item|write-?up|account|bulletin)"
)
THE_DOCUMENT = rf"(?:the|this|that|your)\b(?: \w+){{0,2}}? {DOCUMENT}"
AUXILIARY = r"(?:was|is|were|has|had)(?: \w+ly)?(?: been)?"

_REGULAR = """
stat stress emphasis emphasiz point not add remark observ argu claim warn caution predict suggest propos
recommend urg ask complain explain describ mention insist maintain believ consider regard recall acknowledg
promis pledg announc declar report compar liken assur advis disagre agre fear doubt reveal conced offer want
request prais call object talk characteris characteriz express hop outlin list confirm criticis criticiz
demand brief introduc highlight underlin underscor defend reject welcom support favour favor plead appeal
stipulat reiterat comment question oppos inform vow applaud commend lament deplor condemn denounc endors assert affirm
contend alleg conclud forecast expect wish remind jok quip boast answer respond elaborat voic
""".split()
SAYING = (
    "(?:sa(?:id|ys)|told|tells|thinks?|thought|spoke|speaks|admit(?:ted|s)|regret(?:ted|s)|den(?:ied|ies)|"
    + "|".join(rf"{root}(?:ed|es|s|d)" for root in _REGULAR)
    + "|(?:brought|brings) up|(?:took|takes) the view|(?:made|makes) the case|(?:clarif|repl)(?:ied|ies)"
    + "|would (?:like|love|prefer|rather|welcome)|(?:is|was) (?:convinced|confident|sure|certain|of the opinion)"
    + r")(?: out)?"
)
PERSON = (
    "(?:official|minister|speaker|person|leader|expert|director|interviewee|politician|spokes[a-z]+|researcher|delegate|"
    "participant|secretary|mayor|governor|commissioner|professor|scientist|manager|one)"
)
POST_NOUN = "(?:positions?|posts?|roles?|jobs?|titles?|offices?|functions?|rank|designation|capacity|occupation)"
LEADING = (
    "(?:heads|headed|heading|leads|led|leading|runs|ran|running|chairs|chaired|directs|directed|manages|managed|"
    "presides over|supervises|in charge of|at the head of|responsible for|represents|represented|coordinates)"
)
