"""The house: a package imports only from packages above it in the reading order."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "llmworks"

# Reading order = the order in which data flows. errors.py stands below everything; language_model.py
# joins what `inference` and the packages above it made.
ORDER = [
    "errors", "native", "gguf", "text", "nn", "models", "packages", "data", "inference", "language_model",
    "training", "retrieval", "agents", "evals", "lens", "lab", "server", "cli",
]  # fmt: skip


def imported_packages(path: Path) -> set[str]:
    """Second part of every `llmworks.<package>` that the file imports, at any depth of the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import; write it out"
            names = [node.module or ""]
            if node.module == "llmworks":
                names = [f"llmworks.{alias.name}" for alias in node.names]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("llmworks.")}
    return found


def files() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.py") if path.parent != SOURCE or path.stem in ORDER)


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_point_upward_only(path: Path) -> None:
    here = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    assert here in ORDER, f"{here} is not in the house; give it its place in ORDER and docs/design.md"
    for other in imported_packages(path) - {"__version__", "LanguageModel", "load", "LLMWorksError"}:
        assert other in ORDER, f"{path} imports llmworks.{other}, which has no place in the house"
        assert ORDER.index(other) <= ORDER.index(here), f"{path} imports llmworks.{other}, which is below it"


def test_every_package_is_in_the_house() -> None:
    packages = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    assert packages <= set(ORDER)
