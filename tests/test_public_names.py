from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

import intimacy_analysis

SOURCE = Path(inspect.getsourcefile(intimacy_analysis))
HOME = intimacy_analysis._HOME


def names_for_type_checkers() -> dict[str, str]:
    """Return name to module of the `if TYPE_CHECKING:` block of the package's front door."""
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    (block,) = [
        node
        for node in tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    return {
        alias.asname or alias.name: node.module.removeprefix("intimacy_analysis.")
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def test_type_checkers_see_the_names_that_are_imported_lazily():
    assert names_for_type_checkers() == HOME


def test_names_are_listed_in_order():
    assert list(HOME) == sorted(HOME)


def test_all_is_the_version_and_the_lazy_names():
    assert intimacy_analysis.__all__ == ["__version__", *sorted(HOME)]


@pytest.mark.parametrize("name", sorted(HOME))
def test_a_public_name_is_found_and_explains_itself(name):
    thing = getattr(intimacy_analysis, name)
    assert not inspect.ismodule(thing)
    if not (inspect.isclass(thing) or callable(thing)):
        return  # a constant is explained where it is defined
    assert (inspect.getdoc(thing) or "").strip()
    # A dataclass without a docstring is given its own signature as one.
    assert not thing.__doc__.startswith(f"{name}(")


@pytest.mark.parametrize("name", sorted(HOME))
def test_no_public_name_is_that_of_a_folder_or_module(name):
    # Once anything in the folder is imported, the folder would stand in the name's place.
    assert not (SOURCE.parent / name).exists()
    assert not (SOURCE.parent / f"{name}.py").exists()


@pytest.mark.parametrize("name", sorted(HOME))
def test_no_public_function_starts_like_a_test(name):
    # pytest would collect it from every test file that imports it.
    assert not name.startswith("test_")


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'shared_time'"):
        intimacy_analysis.shared_time  # noqa: B018


def test_dir_lists_the_public_names():
    assert set(HOME) <= set(dir(intimacy_analysis))
