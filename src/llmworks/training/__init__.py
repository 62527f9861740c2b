"""One training loop, its objectives, optimisers, schedules, checkpoints and recipes.

from llmworks.training import Recipe, train
result = train(Recipe.load("recipes/shakespeare.toml", overrides=["training.steps=100"]), "runs/shakespeare")
"""

from llmworks.training.recipe import Recipe
from llmworks.training.run import Result, train

__all__ = ["Recipe", "Result", "train"]
