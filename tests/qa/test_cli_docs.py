from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from qa.cli import build_parser

DOCS = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")
# By the command's words: "ask", "gold check".
SECTIONS = {
    " ".join(word for word in section.split("`")[1].split()[1:] if word.islower()): section
    for section in re.split(r"^## (?=`qa )", DOCS, flags=re.MULTILINE)[1:]
}


def commands(parser: argparse.ArgumentParser | None = None, name: str = "") -> dict[str, argparse.ArgumentParser]:
    """Every command that can be run; one that others follow ("gold") stands for those."""
    parser = build_parser() if parser is None else parser
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        return {name: parser}
    (group,) = groups
    return {
        full: leaf
        for word, child in group.choices.items()
        for full, leaf in commands(child, f"{name} {word}".strip()).items()
    }


def options(parser: argparse.ArgumentParser) -> set[str]:
    return {name for action in parser._actions for name in action.option_strings} - {"-h", "--help"}


def test_every_command_has_a_section_in_the_order_of_the_help() -> None:
    assert list(SECTIONS) == list(commands())


@pytest.mark.parametrize("name", sorted(SECTIONS))
def test_a_section_documents_exactly_the_options_there_are(name: str) -> None:
    table = "\n".join(line for line in SECTIONS[name].splitlines() if line.startswith("| `-"))
    documented = set(re.findall(r"`(--?[a-z-]+)", " ".join(row.split("|")[1] for row in table.splitlines())))
    assert documented == options(commands()[name])


@pytest.mark.parametrize("name", sorted(SECTIONS))
def test_a_heading_names_the_arguments(name: str) -> None:
    wanted = [
        f"{action.metavar}..." if action.nargs == "+" else str(action.metavar)
        for action in commands()[name]._actions
        if not action.option_strings
    ]
    assert SECTIONS[name].split("`")[1].split()[1 + len(name.split()) :] == wanted


@pytest.mark.parametrize("name", sorted(SECTIONS))
def test_every_option_says_what_it_does(name: str) -> None:
    parser = commands()[name]
    assert [action.dest for action in parser._actions if not action.help] == []
    assert parser.epilog is not None
    assert "examples:" in parser.epilog


@pytest.mark.parametrize("name", sorted(SECTIONS))
def test_every_example_of_the_help_can_be_run(name: str) -> None:
    examples = str(commands()[name].epilog).splitlines()[1:]
    for line in examples:
        words = re.sub(r"\s{3,}\(.*|[<|] *(cut|questions).*", "", line.split("| qa")[-1]).replace("qa ", "", 1)
        parsed = re.findall(r'"[^"]*"|\S+', words)
        assert build_parser().parse_args([word.strip('"') for word in parsed]).command == name.split()[0]


@pytest.mark.parametrize("code", ["0", "1", "2", "130", "141"])
def test_the_exit_codes_are_documented(code: str) -> None:
    assert f"**{code}**" in DOCS
