"""Short articles about places that do not exist, and questions that each of them alone answers."""

from __future__ import annotations

__all__ = ["ARTICLES", "IRRELEVANT", "QUESTIONS"]

ARTICLES = {
    "bakery": """The oldest bakery of Torvik changes hands

By Solveig Aune | 11 February 2021

After 94 years in one family, the bakery on Hammer Street in Torvik has a new owner. Pelle Nordin, a former ship's \
cook, paid 3.1 million crowns for the house and its two stone ovens.

"I will not touch the recipe of the rye bread," said Nordin, who has baked there as a helper since last autumn.

The old owner, Gunvor Lie, keeps a flat above the shop. Her grandfather had opened the bakery with a loan from a \
whaling company. Opening hours stay as they are, from five in the morning until the last loaf is sold.""",
    "bridge": """Footbridge over the Sarno gorge closed until spring

Kelda Valley Messenger, 19 October 2022

Engineers have closed the footbridge over the Sarno gorge after they found rust in four of its twelve cables. The \
bridge is 140 metres long and was built in 1987.

The mayor of Kelda, Renzo Abbate, said that repairs would cost 860,000 florins and that walkers should take the road \
through Upper Kelda until April. A shuttle bus leaves every forty minutes.

The alpine club had warned of the damage in a letter two years ago.""",
    "orchard": """Late frost takes half the apricots of Merula

By Ines Farkas | 2 May 2019

Farmers in the Merula basin expect to harvest no more than 900 tonnes of apricots this summer, half of what they \
picked a year ago. Three nights of frost in April killed the blossoms on the lower slopes.

Zoltan Bereg, who speaks for the growers' union, asked the province for cheap loans. "Insurance pays for hail, not for \
frost," he said. Growers on the upper slopes burned straw at night and saved most of their trees.

Prices at the market in Merula have already doubled.""",
    "museum": """A submarine goes on show in Port Elsin

By Dagmar Osei | 7 July 2023

The naval museum of Port Elsin has opened its largest exhibit, the submarine Halibut, to visitors. The vessel, 61 \
metres long, spent eleven years in a dry dock while volunteers removed asbestos and repaired the hull.

Curator Matthias Rook said that up to 300 people a day can walk through it. Tickets cost 14 dollars and must be booked \
beforehand, since the passages are narrow.

The Halibut was launched in 1961 and made its last voyage in 1990. Its periscope still works.""",
    "school": """Village school of Anwar Tepe gets its own well

Tepe Radio, 23 November 2020

Pupils in Anwar Tepe no longer carry water to class. A well of 85 metres was drilled behind the school in September by \
a foundation from the capital, and a solar pump fills a tank on the roof.

Headteacher Leyla Demirkan says that attendance has risen from 61 to 78 percent since then. Girls in particular had \
missed lessons to fetch water from the river, an hour's walk away.

The village pays a caretaker, Hakan Oz, to look after the pump.""",
    "theatre": """Puppet theatre of Lunz plays on after the flood

By Cornelia Hauk | 30 August 2024

Six weeks after the flood, the puppet theatre of Lunz raised its curtain again on Sunday. Of its 420 puppets, 37 were \
lost when the cellar filled with water, among them the dragon from the first season.

Director Bruno Wessel had moved the oldest figures to the attic the night before. "We owe them to a plumber who \
telephoned at midnight," he told the audience.

The town lends the theatre 50,000 marks for a new stage floor. The next premiere, a comedy about a lost umbrella, is \
planned for December.""",
}

IRRELEVANT = """New rules for drones over the harbour of Quay Bellamy

By Theo Marchetti | 5 January 2018

Pilots of drones need a permit of the harbour office from March on. Flights above 120 metres stay forbidden.

Harbour master Agnes Tolliver said that two cargo ships had to stop last year because of drones. A permit costs 25 \
pounds and holds for two years. Anglers had complained of the noise."""

QUESTIONS = {
    "How much did Pelle Nordin pay for the bakery?": ("bakery", "3.1 million crowns"),
    "Who keeps a flat above the bakery?": ("bakery", "Gunvor Lie"),
    "How long is the footbridge over the Sarno gorge?": ("bridge", "140 metres"),
    "When was the footbridge over the Sarno gorge built?": ("bridge", "1987"),
    "How many tonnes of apricots do farmers in Merula expect to harvest?": ("orchard", "900"),
    "Who speaks for the growers' union in Merula?": ("orchard", "Zoltan Bereg"),
    "How much do tickets for the submarine Halibut cost?": ("museum", "14 dollars"),
    "When was the Halibut launched?": ("museum", "1961"),
    "How deep is the well at the school in Anwar Tepe?": ("school", "85 metres"),
    "Who is the headteacher in Anwar Tepe?": ("school", "Leyla Demirkan"),
    "How many puppets of the theatre in Lunz were lost?": ("theatre", "37"),
    "Who is the director of the puppet theatre of Lunz?": ("theatre", "Bruno Wessel"),
    "What does the mayor of Kelda say that the repairs would cost?": ("bridge", "860,000 florins"),
    "Why did girls in Anwar Tepe miss lessons?": ("school", "fetch water"),
    "What killed the blossoms in Merula?": ("orchard", "frost"),
    "What is the next premiere of the puppet theatre about?": ("theatre", "a lost umbrella"),
    "How many people a day can walk through the submarine?": ("museum", "300"),
    "Who opened the bakery on Hammer Street with a loan?": ("bakery", "grandfather"),
}
"""Question -> the only article that answers it, and words of the answer."""
