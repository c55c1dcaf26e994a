"""Which lines of a captured web page are furniture of the site: one question a function, by general patterns.

Nothing here decides alone: `corpus.clean` asks by place, because "We use cookies" is a banner above an article
and a sentence inside one.
"""

from __future__ import annotations

import re

__all__ = ["is_interruption", "is_menu", "is_menu_word", "is_notice", "is_site_contact", "is_teaser_heading"]

_MENU_TEXT = """about|about us|accept|accept all|accept all cookies|accept cookies|accessibility|account|advertise
advertise with us|advertising|agree|allow all|archive|archives|arts|back|back to top|business|careers|close
close menu|code of conduct|comments|contact|contact the newsroom|contact us|contacts|cookie policy
cookie settings|cookies|copy link|corrections|culture|decline|disclaimer|dismiss|donate|e-mail|e-paper|economy
editorial policy|education|email|english|entertainment|environment|epaper|events|facebook|faq|faqs|feedback
follow us|font size|gallery|go back|got it|government|health|help|home|homepage|i agree|impressum|imprint
instagram|investment|jobs|language|latest|learn more|leave a comment|leave a message|leave a reply
leaving a message|legal|legal notice|lifestyle|like|linkedin|load more|local|log in|log out|login|main menu
main navigation|manage cookies|manage options|manage preferences|media|menu|more|more options|my account
national|navigation|navigator|news|newsletter|newsletters|next|next article|next post|no comments|ok
open governance|open menu|opinion|opinions|our team|photos|pictures|pinterest|podcasts|politics|post a comment
press|previous|previous article|previous post|print|privacy|privacy policy|read more|reddit|regional|register
reject|reject all|rss|rss feed|save|science|search|see all|see more|services|share|shop|show more|sign in
sign up|site index|site map|site navigation|sitemap|skip to content|skip to main content|sport|sports|store
subscribe|subscribe now|subscriptions|support|tech|technology|telegram|terms|terms of service|terms of use
tiktok|toggle navigation|top|tourism|travel|tweet|twitter|video|videos|view all|view more|weather|wechat|weibo
whatsapp|who we are|work with us|world|youtube"""
_MENU_WORDS = frozenset(re.split(r"[|\n]", _MENU_TEXT))

_ANYWHERE = re.compile(
    r"""share\ this(?:\ (?:article|story|post|page|on|via|with)\b.*)?:?
    |share\ (?:on|via)\ (?:facebook|twitter|x|linkedin|whatsapp|telegram|e-?mail|social\ media)\b.*
    |(?:e-?mail|print|save|bookmark|listen\ to)\ this\ (?:article|story|page|post)\b.*
    |(?:-+\s*)?(?:advertisement|sponsored\ content)(?:\s*[-–—:].*)?
    |(?:story|article)\ continues\ (?:below|after)\b.*
    |(?:continue\ reading|scroll\ (?:down\ )?(?:to|for))\ [^.]*
    |skip\ (?:to|past)\ (?:the\ )?(?:main\ |next\ |newsletter\ )?(?:content|navigation|promotion|newsletter|section)\b.*
    |\d+\s*-?\s*min(?:ute)?s?\ read
    |(?:must\ read|read\ (?:more|also|next)|also\ read|see\ also|related(?:\ (?:story|article|news|coverage))?
       |recommended|don['’]t\ miss|you\ (?:may|might)\ also\ like)\s*[:|»>]\s*\S.*[^.!"”]
    |(?:by|if\ you)\ (?:continu|us|brows|click|visit)\w*\b.{0,120}\bcookies?\b.*
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NOTICE = re.compile(
    r"""(?:we|this\ (?:web)?site|our\ (?:web)?site|[\w.-]+\.(?:com|org|net|info))\b.{0,60}\bcookies?\b.*
        \b(?:experience|analy[sz]|traffic|personali|settings|consent|polic|preferences|partners|browser|advert|site)\w*\b.*
    |.{0,60}\b(?:your|cookie|privacy)\ (?:cookie\ |privacy\ )?
        (?:choices|preferences|settings|consent|statement|notice|policy)\b.{0,60}
    |(?:(?!\.\ ).){0,80}\b(?:terms\ (?:of\ (?:use|service)|(?:and|&)\ conditions)|legal\ notice
        |do\ not\ sell\ my)\b.{0,60}
    |.{0,80}(?:©|\(c\)\ ?\d{4}).{0,200}|copyright\ (?:\d{4}|by\b).{0,200}|.{0,160}\ball\ rights\ reserved\b.{0,120}
    |(?:no\ part\ of|reproduction|unauthori[sz]ed)\b.{0,160}\b(?:permission|prohibited|forbidden)\b.{0,40}
    |.{0,60}(?:\bICP\b\s*(?:备|证|licen[cs]e|filing|no\b|\d)|ICP[备证]|公网安备|网安备|许可证).{0,160}
    |.{0,100}\b(?:registration|registered|licen[cs]e|permit|record|identification|charity|company|vat|issn)\s*
        (?:no\b|number|code|id\b)\.?\s*:?\s*[A-Z]{0,3}\s?[\d-]{4,}.{0,100}
    |.{0,60}\b(?:illegal|harmful|undesirable|inappropriate)\b.{0,40}\b(?:information|content)\b.{0,80}\breport.{0,120}
    |.{0,40}\breport(?:ing)?\b.{0,40}\b(?:illegal|harmful|undesirable|inappropriate)\b.{0,30}
        \b(?:information|content)\b.{0,120}
    |(?:sign\ up|subscribe|register)\b.{0,100}
        \b(?:newsletters?|inbox|alerts?|updates|account|free|today|now|channel)\b.{0,40}
    |get\ (?:our|the|your)\b.{0,60}\b(?:newsletter|inbox|app|briefing)\b.{0,40}
    |follow\ (?:us|@\w+)(?:\ on\b.{0,80})?|find\ us\ on\b.{0,80}|download\ (?:our|the)\b.{0,30}\bapp\b.{0,40}
    |join\ (?:us|our)\b.{0,60}\b(?:whatsapp|telegram|channel|community|newsletter|facebook)\b.{0,40}
    |support\ (?:us|our\ (?:journalism|work|newsroom))\b.{0,80}|(?:log|sign)\ in\ (?:to|or)\b.{0,60}
    |(?:be\ the\ first\ to|log\ in\ to|leave\ a)\ (?:comment|reply)\b.{0,40}|\d+\ comments?|comments?\ \(\d+\)
    |(?:tags|topics|filed\ under|posted\ in|categories|category|share|follow\ us)\s*:\s*.{0,160}
    |(?:powered|designed|developed|maintained)\ by\b.{0,100}|(?:web\ ?site|site|technical|technology)
        \ (?:operation|operator|maintenance|support|design|development)\w*\b.{0,120}
    |best\ viewed\ (?:in|with|on)\b.{0,80}|you\ are\ here\b.{0,80}|(?:page\ )?views?\s*:\s*\d+|font\ ?size\b.{0,20}
    |this\ (?:page|site|website)\ (?:is|was)\ (?:maintained|hosted|powered|protected)\b.{0,120}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SITE_CONTACT = re.compile(
    r"""for\ (?:any\ |all\ |more\ |further\ |general\ |other\ )*(?:inquir|enquir|question|feedback|comment|suggestion
        |support|advertis)\w*\b.{0,40}\b(?:e-?mail|call|contact|write|phone|reach)\b.{0,100}
    |(?:please\ )?(?:e-?mail|contact|call|write\ to)\ us\b.{0,100}
    |(?:tel|telephone|phone|fax|e-?mail|address|add|postal\ code|zip(?:\ code)?|postcode|hotline
        |office\ hours)\s*[:.：].{1,140}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TEASERS_ANYWHERE = re.compile(
    r"""must\ read|read\ (?:more|next|also)|related\ (?:articles|stories|news|content|posts|coverage|links|topics)
    |you\ (?:may|might)\ also\ (?:like|enjoy|be\ interested\ in)
    |recommended(?:\ (?:for\ you|articles|stories|reading))
    |(?:more|other)\ (?:stories|news|articles|headlines)(?:\ .{1,40})?
    |most\ (?:read|popular|viewed|shared)|trending\ now
    |latest\ (?:news|stories|articles|headlines)|top\ stories|editor['’]?s['’]?\ (?:picks?|choice)|don['’]t\ miss
    |what\ to\ read\ next|up\ next|(?:sponsored|promoted)\ (?:links|stories|content)|from\ around\ the\ web""",
    re.IGNORECASE | re.VERBOSE,
)
_TEASERS_BELOW = re.compile(
    r"related|see\ also|more|more\ (?:from|in|on|about)\ .{1,40}|recommended|trending|popular(?:\ (?:posts|now))?|"
    r"also\ (?:in|on)\ .{1,30}|in\ this\ section|elsewhere\ on\ .{1,30}|keep\ reading|comments",
    re.IGNORECASE,
)
_QUOTED = re.compile(r'["“”«»]')
_SEPARATOR = re.compile(r"\s*[|›»>·•/→]+\s*")
_GLUED = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LONGEST_NOTICE = 420
_LONGEST_CONTACT = 180


def is_interruption(line: str) -> bool:
    """Whether a line is furniture wherever it stands: share prompts, advertisement marks, "Read more: ..."."""
    return len(line) <= _LONGEST_NOTICE and _ANYWHERE.fullmatch(line) is not None


def is_notice(line: str) -> bool:
    """Whether a line above or below the body is a notice of the site: cookies, copyright, licences, newsletters."""
    return len(line) <= _LONGEST_NOTICE and not _QUOTED.search(line) and _NOTICE.fullmatch(line) is not None


def is_site_contact(line: str) -> bool:
    """Whether a line tells how to reach the site; a press release has such lines of its own."""
    return len(line) <= _LONGEST_CONTACT and not _QUOTED.search(line) and _SITE_CONTACT.fullmatch(line) is not None


def is_teaser_heading(line: str, *, below: bool) -> bool:
    """Whether a line opens a list of other articles; ``below`` the body, vaguer headings ("More", "Comments") count."""
    words = line.strip(" :»›>.!*").casefold()
    if _TEASERS_ANYWHERE.fullmatch(words):
        return True
    return below and _TEASERS_BELOW.fullmatch(words) is not None


def is_menu_word(line: str) -> bool:
    """Whether a line is one entry of a site's menu or one button: "About Us", "Accept all", "Back to top"."""
    words = line.strip(" :»›>«<|.!+×↑*").casefold()
    if words in _MENU_WORDS:
        return True
    pieces = _GLUED.split(line)
    return len(pieces) > 1 and all(piece.strip().casefold() in _MENU_WORDS for piece in pieces)


def is_menu(line: str) -> bool:
    """Whether a line is a whole menu or breadcrumb trail: "Home | News | Contact", "Home > Regional > Harbour"."""
    pieces = [piece for piece in _SEPARATOR.split(line) if piece]
    if len(pieces) < 3 or any(len(piece.split()) > 4 or len(piece) > 40 for piece in pieces):
        return False
    return pieces[0].casefold() in {"home", "homepage"} or sum(is_menu_word(piece) for piece in pieces) >= 2
