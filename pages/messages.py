"""What Babel reads source strings with, where its own extractors fall short. Jinja2 templates it reads itself."""

import ast
import io
from collections.abc import Iterator
from typing import IO, Any

from babel.messages import extract
from django.utils.translation.template import templatize


def extract_django(
    file: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[Any, ...]]:
    """The messages of one Django template, as Babel's extractors yield them: (line, function, messages, comments)."""
    source = templatize(file.read().decode("utf-8"))
    yield from extract.extract_javascript(io.BytesIO(source.encode("utf-8")), keywords, comment_tags, options)


def extract_python(
    file: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[Any, ...]]:
    """The messages of one Python file, those in the braces of f-strings too: Babel overlooks them before Python
    3.12."""
    yield from extract.extract_python(file, keywords, comment_tags, options)
    file.seek(0)
    for string in ast.walk(ast.parse(file.read())):
        if not isinstance(string, ast.JoinedStr):
            continue
        for call in ast.walk(string):
            if isinstance(call, ast.Call) and (name := _name(call.func)) in keywords:
                texts = [item.value if isinstance(item, ast.Constant) else None for item in call.args]
                yield call.lineno, name, tuple(texts) if len(texts) > 1 else texts[0] if texts else None, []


def _name(function: ast.expr) -> str:
    return str(getattr(function, "id", None) or getattr(function, "attr", ""))
