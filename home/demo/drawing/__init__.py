"""The demo's illustrations, drawn by code: `picture_keys()`, `draw(key)`, `jpeg(key)`.

Nothing here depends on the clock, on chance or on installed fonts: the same key gives the same bytes with
the same version of Pillow. Pictures measure 1600 x 1000 pixels, the home page's 1920 x 1080.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from home.demo.drawing.canvas import Canvas
from home.demo.drawing.scenes import SCENES


def picture_keys() -> list[str]:
    """The keys of all pictures, in drawing order."""
    return list(SCENES)


def size(key: str) -> tuple[int, int]:
    """Width and height of a picture in pixels. KeyError for an unknown key."""
    _, width, height = SCENES[key]
    return width, height


def draw(key: str) -> Image.Image:
    """The picture as an RGB image. KeyError for an unknown key."""
    scene, width, height = SCENES[key]
    canvas = Canvas(width, height)
    scene(canvas)
    return canvas.finished()


def jpeg(key: str, quality: int = 90) -> bytes:
    """The picture as a JPEG file. KeyError for an unknown key."""
    target = BytesIO()
    draw(key).save(target, "JPEG", quality=quality, subsampling=0, optimize=True)
    return target.getvalue()
