"""Words that name posts: what a person is called beside the name, in news and minutes of any country."""

from __future__ import annotations

__all__ = ["PERSON_TITLES", "ROLE_NOUNS"]

ROLE_NOUNS = frozenset(
    """
    secretary minister director mayor governor chairman chairwoman chairperson chair president head chief leader
    commissioner manager officer spokesman spokeswoman spokesperson ambassador rector dean principal professor
    coordinator co-ordinator treasurer deputy founder co-founder editor chancellor magistrate captain commander general
    superintendent representative curator conductor convener executive owner partner judge prosecutor bishop envoy
    counsel inspector administrator librarian architect engineer scientist nurse prefect delegate warden provost
    secretary-general director-general vice-president vice-chairman vice-rector vice-chair vice-mayor vice-governor
    vice-chancellor vice-minister undersecretary under-secretary councillor senator congressman congresswoman member
    researcher economist physicist biologist historian lecturer teacher doctor surgeon lawyer attorney trustee ceo cto
    cfo coo organiser organizer supervisor specialist analyst adviser advisor consultant planner geologist farmer
    fisherman baker headmaster headteacher foreman midwife pharmacist veterinarian agronomist ecologist mayoress premier
    chairlady registrar controller auditor ombudsman marshal colonel major lieutenant sergeant sheriff priest pastor
    imam rabbi abbot consul collector vicar assessor counsellor counselor brigadier operator negotiator rapporteur
    choreographer guitarist composer producer host coach author writer journalist reporter correspondent photographer
    designer developer entrepreneur investor
    """.split()
)

PERSON_TITLES = frozenset(
    "honourable honorable mr mrs ms miss dr prof sir dame lord lady father sister madam reverend rev union".split()
)
