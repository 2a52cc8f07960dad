"""Static files as they go out: named by their content, compressed, and the project's own without what only
their makers read."""

import re
from collections.abc import Callable
from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

OWN_FOLDERS = ("css/", "js/")

_KEPT_AS_IT_IS = re.compile(r"""("[^"]*"|'[^']*'|url\([^)]*\))""")
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SCRIPT_COMMENT = re.compile(r"^\s*//.*\n", re.MULTILINE)
_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


def smaller_css(text: str) -> str:
    """A style sheet without comments and the white space between its signs; strings and addresses stay."""
    parts = _KEPT_AS_IT_IS.split(_CSS_COMMENT.sub("", text))
    for number in range(0, len(parts), 2):
        part = re.sub(r"\s+", " ", parts[number])
        part = re.sub(r" ?([{};,>]) ?", r"\1", part)
        parts[number] = re.sub(r": ", ":", part).replace(";}", "}")
    return "".join(parts).strip() + "\n"


def smaller_script(text: str) -> str:
    """A script without the lines that are comments and without indentation. The scripts of this project hold no
    template literal of several lines, where that would change a text."""
    return _INDENTATION.sub("", _SCRIPT_COMMENT.sub("", text))


class SmallerFilesMixin:
    """Collects the style sheets and scripts in OWN_FOLDERS in their smaller form."""

    def url_converter(self, *args: Any, **kwargs: Any) -> Callable[[re.Match[str]], str]:
        """Django's own takes what a picture in a data URI refers to within itself, url(%23mask), for a file, and breaks
        the picture."""
        convert: Callable[[re.Match[str]], str] = super().url_converter(*args, **kwargs)  # type: ignore[misc]
        return lambda match: match["matched"] if match["url"].startswith("%23") else convert(match)

    def _save(self, name: str, content: Any) -> str:
        if name.startswith(OWN_FOLDERS):
            smaller = {"css": smaller_css, "js": smaller_script}.get(name.rpartition(".")[2])
            if smaller:
                content.seek(0)
                content = ContentFile(smaller(content.read().decode()).encode())
        saved: str = super()._save(name, content)  # type: ignore[misc]
        return saved


class PublicFilesStorage(SmallerFilesMixin, CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, with our own files smaller."""


class DevelopmentFilesStorage(SmallerFilesMixin, ManifestStaticFilesStorage):  # type: ignore[misc]
    """The same files, not compressed: brotli over the admin's assets takes half a minute."""
