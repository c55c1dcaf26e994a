from qa.expected import fits
from qa.overlap import content_words, coverage, particulars, stem


def test_endings_and_accents_do_not_part_words() -> None:
    assert stem("Building") == stem("builds")
    assert stem("cities") == stem("city")
    assert stem("Élysée") == stem("elysee")
    assert stem("3,400") == "3400"


def test_common_words_carry_no_content() -> None:
    assert content_words("What is the name of it?") == content_words("name")


def test_names_and_numbers_are_particular_but_not_the_first_word() -> None:
    assert particulars("Which bridges did Ana Silva open in 2021?") == {"ana", "silva", "2021"}
    assert particulars("Who did it?") == frozenset()


def test_coverage_is_the_share_found_in_any_text() -> None:
    wanted = content_words("old bridge harbour")
    assert coverage(wanted, content_words("the bridge"), content_words("an old house")) == 2 / 3
    assert coverage(frozenset(), content_words("anything")) == 1.0


def test_the_form_of_an_answer() -> None:
    assert fits("How many ships?", "12 ships") == 1.0
    assert fits("How many ships?", "the harbour") == -1.0
    assert fits("Since when?", "last spring") == 1.0
    assert fits("In which year did it open?", "the bridge") == -1.0
    assert fits("Who opened it?", "Ana Silva") == 1.0
    assert fits("To whom was it sold?", "for nothing") == -1.0
    assert fits("Why was it closed?", "the storm") == 0.0
