"""Babel's view of the admin's Django templates; Jinja2 templates and Python it reads itself."""

import io
from collections.abc import Iterator
from typing import IO, Any

from babel.messages.extract import extract_javascript
from django.utils.translation.template import templatize


def extract_django(
    file: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[Any, ...]]:
    """The messages of one Django template, as Babel's extractors yield them: (line, function, messages, comments)."""
    source = templatize(file.read().decode("utf-8"))
    yield from extract_javascript(io.BytesIO(source.encode("utf-8")), keywords, comment_tags, options)
