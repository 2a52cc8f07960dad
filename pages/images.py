"""Pictures: AVIF and WebP in several widths, from renditions that become part of the release."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from generator.documents import Attachment
from generator.recording import attach, record

WIDTHS = (480, 960, 1440)
FORMATS = (("image/avif", "format-avif|avifquality-55"), ("image/webp", "format-webp|webpquality-72"))


def picture(
    image: Any,
    alt: str = "",
    sizes: str = "100vw",
    widths: tuple[int, ...] = WIDTHS,
    ratio: tuple[int, int] | None = None,
    eager: bool = False,
    class_: str = "",
) -> Markup:
    """A `<picture>` of `image` with width and height, so that nothing jumps; lazy unless `eager` (above the fold).

    `ratio` crops to (width, height) around the focal point. An SVG is served as it is.
    """
    if image is None:
        return Markup("")
    record(f"image:{image.pk}")
    attributes = Markup(' class="{}"').format(class_) if class_ else Markup("")
    loading = Markup(' fetchpriority="high"') if eager else Markup(' loading="lazy" decoding="async"')
    if image.is_svg():
        source = _published(image.file.url, image.file.storage, image.file.name, "image/svg+xml")
        return Markup('<img src="{}" alt="{}" width="{}" height="{}"{}{}>').format(
            source, alt or "", image.width, image.height, loading, attributes
        )
    chosen = [width for width in widths if width < image.width] or [min(image.width, widths[-1])]
    filters = {
        (media_type, width): f"{_resize(width, ratio)}|{spec}" for media_type, spec in FORMATS for width in chosen
    }
    renditions = image.get_renditions(*filters.values())
    sources = []
    for media_type, _spec in FORMATS:
        candidates = [(width, renditions[filters[media_type, width]]) for width in chosen]
        srcset = ", ".join(
            f"{_published(item.url, item.file.storage, item.file.name, media_type)} {item.width}w" for _w, item in candidates
        )
        sources.append((media_type, srcset))
    fallback = renditions[filters["image/webp", chosen[0]]]
    # The element's own ratio, at the largest width offered.
    largest = renditions[filters["image/webp", chosen[-1]]]
    return Markup(
        '<picture{}><source type="image/avif" srcset="{}" sizes="{}"><img src="{}" srcset="{}" sizes="{}" '
        'alt="{}" width="{}" height="{}"{}></picture>'
    ).format(
        attributes, sources[0][1], sizes, fallback.url, sources[1][1], sizes, alt or "", largest.width, largest.height, loading
    )


def _resize(width: int, ratio: tuple[int, int] | None) -> str:
    return f"fill-{width}x{round(width * ratio[1] / ratio[0])}" if ratio else f"width-{width}"


def _published(url: str, storage: Any, name: str, media_type: str) -> str:
    attach(Attachment(url=url, open=lambda: storage.open(name, "rb"), media_type=media_type))
    return url


