"""The functions that public templates call (`picture`, `richtext`, ...), either as they are or answered from memory, so
that a measurement can leave out what they cost."""

from collections.abc import Callable
from typing import Any

from django.template import engines

NAMES = ("static", "document_url", "picture", "richtext", "page_url", "realisations_of")
WITH_CONTEXT = ("richtext", "page_url", "realisations_of")

_functions: dict[str, Callable[..., Any]] = {}
_memory: dict[Any, Any] | None = None


def install() -> None:
    """Put ours in the place of the functions that Jinja2 templates call. Call it before the first render."""
    environment = engines["public"].env
    for name in NAMES:
        _functions[name] = environment.globals[name]
        environment.globals[name] = _for_jinja2(name, _functions[name])


def _for_jinja2(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    if name not in WITH_CONTEXT:
        return lambda *args, **kwargs: call(name, *args, **kwargs)

    def with_context(context: Any, *args: Any) -> Any:
        return call(name, *args, context=context)

    # What @jinja2.pass_context marked the original with.
    with_context.__dict__.update(function.__dict__)
    return with_context


def remember(memory: dict[Any, Any] | None) -> None:
    """Answer from `memory` and keep what is new in it; call the functions each time with None."""
    global _memory  # noqa: PLW0603
    _memory = memory


def call(name: str, *args: Any, context: Any = None, **kwargs: Any) -> Any:
    """The answer of the function `name`."""
    first = (context, *args) if context is not None else args
    if _memory is None:
        return _functions[name](*first, **kwargs)
    key = (name, *(each if isinstance(each, str | int) else id(each) for each in args))
    if key not in _memory:
        _memory[key] = _functions[name](*first, **kwargs)
    return _memory[key]
