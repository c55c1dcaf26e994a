"""What is declared in pyproject.toml, requirements.lock and the packages' `__all__` is there."""

from __future__ import annotations

import importlib
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from setuptools import find_packages

ROOT = Path(__file__).resolve().parents[1]
CONFIG: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT: dict[str, Any] = CONFIG["project"]
SETUPTOOLS: dict[str, Any] = CONFIG["tool"]["setuptools"]
PACKAGE_DATA: dict[str, list[str]] = SETUPTOOLS["package-data"]
TOP_PACKAGES = sorted(name for name in ("corpus", "index", "qa") if (ROOT / name / "__init__.py").is_file())

PINNED = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>\S+)", re.MULTILINE)
NOT_LOCKED = re.compile(r"^(torch|triton|pytorch-triton.*|nvidia-.*|cuda-.*)$")


LOCKS = ("requirements.lock", "requirements-ray.lock")


def lock(name: str = LOCKS[0]) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pins(name: str = LOCKS[0]) -> dict[str, list[str]]:
    """Package name -> the versions pinned for it (more than one where they differ by platform)."""
    found: dict[str, list[str]] = {}
    for match in PINNED.finditer(lock(name)):
        found.setdefault(canonicalize_name(match["name"]), []).append(match["version"])
    return found


def declared() -> list[Requirement]:
    extras = PROJECT["optional-dependencies"].values()
    return [Requirement(line) for group in (PROJECT["dependencies"], *extras) for line in group]


@pytest.mark.parametrize("package", sorted(PACKAGE_DATA))
def test_every_package_says_it_is_typed(package: str) -> None:
    assert (ROOT / package / "py.typed").is_file()
    assert "py.typed" in PACKAGE_DATA[package]


@pytest.mark.parametrize(
    ("package", "pattern"), [(package, pattern) for package, patterns in PACKAGE_DATA.items() for pattern in patterns]
)
def test_declared_data_exists(package: str, pattern: str) -> None:
    assert [path for path in (ROOT / package).glob(pattern) if path.is_file()]


@pytest.mark.parametrize("package", sorted(PACKAGE_DATA))
def test_every_data_file_is_declared(package: str) -> None:
    folder = ROOT / package
    files = {path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")}
    declared_files = {path for pattern in PACKAGE_DATA[package] for path in folder.glob(pattern)}
    assert [path for path in files - declared_files if path.suffix not in {".py", ".pyc"}] == []


@pytest.mark.parametrize("package", TOP_PACKAGES)
def test_every_module_is_packaged(package: str) -> None:
    packaged = set(find_packages(str(ROOT), include=SETUPTOOLS["packages"]["find"]["include"]))
    folders = {path.parent.relative_to(ROOT) for path in (ROOT / package).rglob("*.py")}
    assert {".".join(folder.parts) for folder in folders} <= packaged


@pytest.mark.parametrize("package", TOP_PACKAGES)
def test_public_names_exist(package: str) -> None:
    module = importlib.import_module(package)
    names = list(module.__all__)
    assert len(names) == len(set(names))
    assert [name for name in names if not hasattr(module, name)] == []


@pytest.mark.parametrize("target", sorted(PROJECT["scripts"].values()))
def test_commands_exist(target: str) -> None:
    module, _, function = target.partition(":")
    assert callable(getattr(importlib.import_module(module), function))


@pytest.mark.parametrize("name", SETUPTOOLS["py-modules"])
def test_single_modules_exist(name: str) -> None:
    assert (ROOT / f"{name}.py").is_file()


@pytest.mark.parametrize("name", [PROJECT["readme"], *PROJECT["license-files"]])
def test_the_texts_that_go_with_it_exist(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("requirement", declared(), ids=str)
def test_the_lock_satisfies_what_is_declared(requirement: Requirement) -> None:
    if requirement.name == "torch":
        assert str(requirement.specifier).startswith("==")  # torch is pinned in pyproject.toml itself
        return
    versions = pins(LOCKS[requirement.name == "ray"]).get(canonicalize_name(requirement.name))
    assert versions, "not in the lock: run make lock"
    assert all(requirement.specifier.contains(version) for version in versions), versions


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_a_hash_and_none_names_a_host(name: str) -> None:
    blocks = re.split(r"^(?=[\w.-]+==)", lock(name), flags=re.MULTILINE)[1:]
    assert len(blocks) == sum(map(len, pins(name).values()))
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in lock(name)
    assert not re.search(r"^-", lock(name), re.MULTILINE)


def test_the_two_locks_agree() -> None:
    first, second = map(pins, LOCKS)
    assert {name: found for name, found in second.items() if name in first and found != first[name]} == {}


def test_the_lock_leaves_torch_to_the_machine() -> None:
    assert [name for name in pins() if NOT_LOCKED.match(name)] == []
