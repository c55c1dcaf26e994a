"""Text as words: scripts without spaces, compatibility forms."""

from __future__ import annotations

from index.words import spread_for_index, spread_for_query


def test_unspaced_scripts_become_characters_and_pairs():
    assert spread_for_index("東京都").split() == ["東", "京", "都", "東京", "京都"]
    assert spread_for_query("東京都").split() == ["東京", "京都"]
    assert spread_for_query("駅").split() == ["駅"]
    assert spread_for_index("กา ok").split() == ["ก", "า", "กา", "ok"]


def test_other_text_stays():
    assert spread_for_index("Łódź, 서울 and München") == "Łódź, 서울 and München"


def test_compatibility_forms_are_one_word():
    assert spread_for_query("ＡＢＣ ﬁne e\u0301") == "ABC fine é"
