"""The pictures, one function each; `SCENES` holds them all once this package is imported."""

from home.demo.drawing.scenes import missions, news, realisations
from home.demo.drawing.scenes.register import SCENES

__all__ = ["SCENES", "missions", "news", "realisations"]
