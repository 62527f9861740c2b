"""Real text made fit to train on: stages, the engine that runs them, and the report of what they did."""

from llmworks.data.cleaning.engine import clean_documents
from llmworks.data.cleaning.recipe import CleaningRecipe
from llmworks.data.cleaning.report import CleaningReport
from llmworks.data.cleaning.stage import Changed, Dropped, Kept, PooledStage, Stage

__all__ = [
    "Changed", "CleaningRecipe", "CleaningReport", "Dropped", "Kept", "PooledStage", "Stage",
    "clean_documents",
]  # fmt: skip
