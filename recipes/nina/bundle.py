"""Put what was trained into the wheel: `python recipes/nina/bundle.py RUN NAME [FILE ...]`.

    RUN (a package of `llmworks train`) --8 bits a weight, card--> bundled/NAME/model.gguf, README.md
    RUN/steps/STEP                      -------------------------> bundled/NAME/steps/STEP.gguf

The card is `cards/NAME.md`, with the run account where it says {{ACCOUNT}} and what stands in a FILE where
it says {{FILE's name}}; other FILEs that the card does not name (pictures, CREDITS.md) are put beside it.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import llmworks
from llmworks.packages import Package
from llmworks.packages.gguf.export import export_gguf

HERE = Path(__file__).parent
BUNDLED = Path(llmworks.__file__).parent / "bundled"
DEFAULTS = {"temperature": 0.7, "top_p": 0.95, "top_k": 40, "max_tokens": 200}


def export(run: Path, target: Path) -> None:
    package = Package.load(run)
    package.generation = package.generation.model_copy(update=DEFAULTS)
    target.unlink(missing_ok=True)
    export_gguf(package, target, "q8_0")


def card(run: Path, name: str, files: list[Path]) -> tuple[str, list[Path]]:
    """The card's text, and the files that it did not take in."""
    text = (HERE / "cards" / f"{name}.md").read_text(encoding="utf-8")
    account = Package.load(run).card.split("## How it was made", 1)[1].strip()
    text = text.replace("{{ACCOUNT}}", account)
    rest = []
    for file in files:
        mark = "{{" + file.name + "}}"
        if mark in text:
            text = text.replace(mark, file.read_text(encoding="utf-8").strip())
        else:
            rest.append(file)
    return text, rest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("run", type=Path, help="the trained package")
    parser.add_argument("name", help="its name in the wheel, such as nina-base")
    parser.add_argument("files", type=Path, nargs="*", help="tables for the card, or files to put beside it")
    arguments = parser.parse_args()
    made = BUNDLED / arguments.name
    made.mkdir(parents=True, exist_ok=True)
    export(arguments.run, made / "model.gguf")
    for step in sorted((arguments.run / "steps").glob("*"), key=lambda path: int(path.name)):
        (made / "steps").mkdir(exist_ok=True)
        export(step, made / "steps" / f"{step.name}.gguf")
    text, rest = card(arguments.run, arguments.name, arguments.files)
    (made / "README.md").write_text(text, encoding="utf-8")
    for file in rest:
        shutil.copy(file, made / file.name)
    size = sum(path.stat().st_size for path in made.rglob("*") if path.is_file())
    print(f"{made.relative_to(BUNDLED.parents[2])}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
