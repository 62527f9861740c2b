"""Rows as the sets' files have them, made into rows as the task files ask for them. Named in `prepare`.

The same set comes in several shapes: its authors' files, and the Hub's edition. Each function here takes
either. The text rules (HellaSwag's brackets, WikiText's spaces) are those of the sets' standard evaluation.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from llmworks.errors import LLMWorksError
from llmworks.evals.errors import EvalError

Row = dict[str, Any]


def prepared(rows: list[Row], names: list[str], where: str) -> list[Row]:
    """`rows` after the named steps; a row that a step cannot read is named."""
    for name in names:
        if name not in STEPS:
            raise EvalError(f"{where}: prepare: there is no {name!r}; there are {', '.join(sorted(STEPS))}")
        try:
            rows = STEPS[name](rows)
        except LLMWorksError:
            raise
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            fields = ", ".join(sorted(rows[0])) if rows else "none"
            raise EvalError(
                f"{where}: the rows are not what {name!r} knows ({type(error).__name__}: {error}); "
                f"their fields are {fields}"
            ) from None
    return rows


def each(change: Callable[[Row], Row]) -> Callable[[list[Row]], list[Row]]:
    return lambda rows: [change(row) for row in rows]


def hellaswag(row: Row) -> Row:
    """`query` and `endings`, without WikiHow's marks ([title], [step])."""
    query = f"{row['activity_label']}: {row['ctx_a']} {row['ctx_b'].capitalize()}"
    return {
        "query": _without_marks(query),
        "endings": [_without_marks(ending) for ending in row["endings"]],
        "label": int(row["label"]),
    }


def _without_marks(text: str) -> str:
    text = text.strip().replace(" [title]", ". ")
    return re.sub(r"\[.*?\]", "", text).replace("  ", " ")


def arc(row: Row) -> Row:
    """`question`, `texts`, `answer` (index) of the authors' JSON Lines or the Hub's rows."""
    if isinstance(row["question"], dict):
        question, choices = row["question"]["stem"], row["question"]["choices"]
        labels, texts = [c["label"] for c in choices], [c["text"] for c in choices]
    else:
        question, labels, texts = row["question"], row["choices"]["label"], row["choices"]["text"]
    return {"question": question, "texts": list(texts), "answer": list(labels).index(row["answerKey"])}


MMLU_CATEGORIES = {
    "humanities": "formal_logic high_school_european_history high_school_us_history "
    "high_school_world_history international_law jurisprudence logical_fallacies "
    "moral_disputes moral_scenarios philosophy prehistory professional_law world_religions",
    "social sciences": "econometrics high_school_geography high_school_government_and_politics "
    "high_school_macroeconomics high_school_microeconomics high_school_psychology human_sexuality "
    "professional_psychology public_relations security_studies sociology us_foreign_policy",
    "other": "business_ethics clinical_knowledge college_medicine global_facts human_aging "
    "management marketing medical_genetics miscellaneous nutrition professional_accounting "
    "professional_medicine virology",
}
_CATEGORY = {subject: name for name, subjects in MMLU_CATEGORIES.items() for subject in subjects.split()}


def mmlu(row: Row) -> Row:
    """`question`, `options` (four), `answer` (index) of the CSV files or the Hub's rows; `category`."""
    if "choices" in row:
        options, answer = list(row["choices"]), row["answer"]
    else:
        options, answer = [row[letter] for letter in "ABCD"], row["answer"].strip()
    index = "ABCD".index(answer) if isinstance(answer, str) and answer in "ABCD" else int(answer)
    subset = row.get("subset") or row.get("subject", "")
    return {
        "question": row["question"],
        "options": options,
        "answer": index,
        "subset": subset,
        "category": _CATEGORY.get(subset, "stem"),
    }


def truthfulqa(row: Row) -> Row:
    """`mc1_*` and `mc2_*`: choices and their 0 or 1, of the authors' mc_task.json or the Hub's rows."""
    made: Row = {"question": row["question"]}
    for name in ("mc1", "mc2"):
        targets = row[f"{name}_targets"]
        if "choices" in targets and isinstance(targets["choices"], list):
            choices, labels = targets["choices"], targets["labels"]
        else:
            choices, labels = list(targets), list(targets.values())
        made |= {f"{name}_choices": list(choices), f"{name}_labels": [int(label) for label in labels]}
    return made


def wikitext_pages(rows: list[Row]) -> list[Row]:
    """The articles of WikiText's one file: a new one at each line ` = Title = `; rows with `page` stay."""
    if rows and "page" in rows[0]:
        return rows
    pages: list[str] = []
    for line in "".join(row["text"] for row in rows).splitlines(keepends=True):
        if not pages or re.fullmatch(r" = [^=].* = \n?", line):
            pages.append("")
        pages[-1] += line
    return [{"page": page} for page in pages if page.strip()]


# WikiText is published with spaces around its punctuation; the texts are joined again before they are scored,
# while words and bytes are counted in the published form, so that tokenizers compare.
_JOINED = [(" : ", ": "), (" ; ", "; "), (" . ", ". "), (" ! ", "! "), (" ? ", "? "), (" , ", ", ")]
_PAIRED = [(r"\(\s*([^\)]*?)\s*\)", r"(\1)"), (r"\[\s*([^\]]*?)\s*\]", r"[\1]"),
           (r"{\s*([^}]*?)\s*}", r"{\1}"), (r"\"\s*([^\"]*?)\s*\"", r'"\1"'),
           (r"'\s*([^']*?)\s*'", r"'\1'")]  # fmt: skip
_MARKS = [("= = = =", "===="), ("= = =", "==="), ("= =", "=="), (" ° ", "°"), (" \n", "\n"),
          ("\n ", "\n"), (" N ", " 1 "), (" 's", "'s")]  # fmt: skip


def wikitext_text(row: Row) -> Row:
    """`text`: the page with its punctuation joined; `page` stays for counting."""
    text = row["page"].replace("s '", "s'")
    text = re.sub(r"/' [0-9]/", r"/'[0-9]/", text)
    for mark in ("-", ",", "."):
        text = text.replace(f" @{mark}@ ", mark)
    for apart, joined in _JOINED:
        text = text.replace(apart, joined)
    for pattern, whole in _PAIRED:
        text = re.sub(pattern, whole, text)
    for apart, joined in _MARKS:
        text = text.replace(apart, joined)
    return {**row, "text": text}


STEPS: dict[str, Callable[[list[Row]], list[Row]]] = {
    "hellaswag": each(hellaswag),
    "arc": each(arc),
    "mmlu": each(mmlu),
    "truthfulqa": each(truthfulqa),
    "wikitext_pages": wikitext_pages,
    "wikitext_text": each(wikitext_text),
}
