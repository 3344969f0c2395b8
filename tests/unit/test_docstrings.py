"""Docstrings of public names: complete, and their examples print what they say."""

import doctest
import inspect
import re

import pytest

import nuportal

CALLABLE_PACKAGES = {"models", "experiments", "limits"}
NAMES = sorted(set(nuportal.__all__) - {"__version__"} - CALLABLE_PACKAGES)
CLASSES = [n for n in NAMES if inspect.isclass(getattr(nuportal, n)) and n != "NuportalError"]


def _plain(name):
    """The function below a cache."""
    thing = getattr(nuportal, name)
    return getattr(thing, "__wrapped__", thing)


def _section(text, title):
    """The names that a section of a NumPy-style docstring describes."""
    found = re.search(rf"^{title}\n-+\n(.*?)(?=^\w+\n-+\n|\Z)", text, re.MULTILINE | re.DOTALL)
    lines = found[1].splitlines() if found else []
    heads = [line.partition(" : ")[0] for line in lines if line and not line.startswith(" ")]
    return {name.strip().lstrip("*") for head in heads for name in head.split(",")}


def _parameters(thing):
    return [p for p in inspect.signature(thing).parameters if p not in ("self", "cls")]


@pytest.mark.parametrize("name", NAMES)
def test_examples_print_what_they_say(name):
    for test in doctest.DocTestFinder(recurse=True).find(_plain(name), name, module=False):
        result = doctest.DocTestRunner(verbose=False).run(test)
        assert result.failed == 0


@pytest.mark.parametrize("name", [n for n in NAMES if n != "NuportalError"])
def test_each_parameter_and_attribute_is_described(name):
    text = inspect.getdoc(_plain(name)) or ""
    described = _section(text, "Parameters") | _section(text, "Attributes")
    assert set(_parameters(_plain(name))) <= described, f"{name}: {set(_parameters(_plain(name))) - described}"


@pytest.mark.parametrize("name", [n for n in NAMES if n not in (*CLASSES, "NuportalError")])
def test_functions_say_what_they_return_and_raise(name):
    text = inspect.getdoc(_plain(name)) or ""
    for title in ("Returns", "Raises"):
        assert _section(text, title), f"{name} has no section {title}"
    for error in _section(text, "Raises"):
        assert issubclass(getattr(nuportal.errors, error), nuportal.NuportalError)


@pytest.mark.parametrize("name", CLASSES)
def test_methods_name_their_arguments(name):
    for method, value in vars(getattr(nuportal, name)).items():
        function = value.__func__ if isinstance(value, classmethod | staticmethod) else value
        if method.startswith("_") or not inspect.isfunction(function):
            continue
        text = inspect.getdoc(function) or ""
        for parameter in _parameters(function):
            assert re.search(rf"\b{parameter}\b", text), f"{name}.{method}: {parameter} is not described"


@pytest.mark.parametrize("name", CLASSES)
def test_properties_and_methods_have_docstrings(name):
    for member, value in vars(getattr(nuportal, name)).items():
        if not member.startswith("_") and isinstance(value, property | classmethod):
            assert inspect.getdoc(value if isinstance(value, property) else value.__func__), f"{name}.{member}"
