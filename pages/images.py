"""Pictures: WebP in several widths, from renditions that become part of the release."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any

from markupsafe import Markup, escape
from wagtail.images.models import Filter

from generator.documents import Attachment
from generator.recording import attach, shared
from generator.tracking import record_instance
from pages.collections import is_public

WIDTHS = (480, 960, 1440)
FORMAT = "format-webp|webpquality-72"

_Files = tuple[str, str, int, int]


def picture(
    image: Any,
    alt: str = "",
    sizes: str = "100vw",
    *,
    widths: tuple[int, ...] = WIDTHS,
    ratio: tuple[int, int] | None = None,
    eager: bool = False,
    class_: str = "",
) -> Markup:
    """An `<img>` of `image` in several widths, with width and height so that nothing jumps; lazy unless `eager`
    (above the fold). Nothing when there is no image, or when it is in a collection that only some may see.

    `ratio` crops to (width, height) around the focal point. An SVG is served as it is. WebP and not AVIF, so that a
    new picture is live in tenths of a second: docs/decisions/0013-pictures.md.
    """
    if image is None:
        return Markup("")
    record_instance(image)
    attributes = ' fetchpriority="high"' if eager else ' loading="lazy" decoding="async"'
    if class_:
        attributes += f' class="{escape(class_)}"'
    key = ("picture", image.pk, widths, ratio)
    if (files := shared(key, partial(_files, image, widths, ratio))) is None:
        return Markup("")
    source, srcset, width, height = files
    # The element's own size is the largest width offered.
    several = f' srcset="{escape(srcset)}" sizes="{escape(sizes)}"' if srcset else ""
    return Markup(  # noqa: S704  (all that is not a number is escaped)
        f'<img src="{escape(source)}"{several} alt="{escape(alt or "")}" width="{width}" height="{height}"{attributes}>'
    )


def _files(image: Any, widths: tuple[int, ...], ratio: tuple[int, int] | None) -> _Files | None:
    """The address of the smallest file, those of all with their widths (none of a drawing, which has one), and the size
    of the largest. None when the image is not public."""
    if not is_public(image):
        return None
    if image.is_svg():
        source = _published(image.file.url, image.file.storage, image.file.name, "image/svg+xml")
        return source, "", round(image.width), round(image.height)
    chosen = [width for width in widths if width < image.width] or [min(image.width, widths[-1])]
    filters = [_filter(f"{_resize(width, ratio)}|{FORMAT}") for width in chosen]
    by_filter = image.get_renditions(*filters)
    renditions = [by_filter[each.spec] for each in filters]
    urls = [_published(item.url, item.file.storage, item.file.name, "image/webp") for item in renditions]
    srcset = ", ".join(f"{url} {item.width}w" for url, item in zip(urls, renditions, strict=True))
    return urls[0], srcset, renditions[-1].width, renditions[-1].height


@lru_cache(maxsize=256)
def _filter(spec: str) -> Filter:
    """One for all images: finding out what its words mean costs more than anything else of a picture."""
    return Filter(spec)


def _resize(width: int, ratio: tuple[int, int] | None) -> str:
    return f"fill-{width}x{round(width * ratio[1] / ratio[0])}" if ratio else f"width-{width}"


def _published(url: str, storage: Any, name: str, media_type: str) -> str:
    attach(Attachment(url=url, open=lambda: storage.open(name, "rb"), media_type=media_type))
    return url
