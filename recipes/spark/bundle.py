"""Put a trained spark into the wheel: `python recipes/spark/bundle.py RUN NAME DATA TABLE`.

    RUN (a package of `llmworks train`) --bf16, defaults for the workbench, card--> src/llmworks/bundled/NAME

TABLE is the Markdown that `measure.py` printed; the card is `card.md` with it and the run's own account.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import torch

import llmworks
from llmworks.packages import Package, save_package

HERE = Path(__file__).parent
BUNDLED = Path(llmworks.__file__).parent / "bundled"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("run", help="the trained package")
    parser.add_argument("name", help="its name in the wheel: spark or spark-base")
    parser.add_argument("data", type=Path, help="what prepare.py made")
    parser.add_argument("table", type=Path, help="what measure.py printed")
    arguments = parser.parse_args()
    package = Package.load(arguments.run)
    account = package.card.split("## How it was made", 1)[1].strip()
    card = (HERE / "card.md").read_text(encoding="utf-8")
    for mark, text in (
        ("NAME", arguments.name),
        ("ACCOUNT", account),
        ("TABLE", arguments.table.read_text(encoding="utf-8").strip()),
    ):
        card = card.replace("{{" + mark + "}}", text)
    generation = package.generation.model_copy(
        update={"temperature": 0.8, "top_p": 0.95, "top_k": 40, "max_tokens": 200}
    )
    made = save_package(
        BUNDLED / arguments.name,
        package.load_model(),
        package.tokenizer,
        chat_template=package.chat_template,
        generation=generation,
        card=card,
        dtype=torch.bfloat16,
    )
    shutil.copy(arguments.data / "CREDITS.md", made / "CREDITS.md")
    size = sum(path.stat().st_size for path in made.iterdir())
    print(f"{made}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
