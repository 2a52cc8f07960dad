"""The Jinja2 environment of public templates."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date, datetime
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

import jinja2
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.defaultfilters import filesizeformat
from django.utils import formats, timezone, translation
from markupsafe import Markup, escape
from wagtail.blocks import StreamValue
from wagtail.rich_text import RichText

from generator.documents import Attachment
from generator.recording import attach, shared
from generator.registry import default
from generator.tracking import record_instance
from pages.collections import is_public
from pages.compiled import CompiledTemplates
from pages.compiling import Context, Environment, as_markup
from pages.languages import active
from pages.richtext import expand

_globals: dict[str, Any] = {}


def register_global(name: str, value: Any) -> None:
    """Add a function (or value) to every public template. Raises ValueError when the name is taken."""
    if name in _globals:
        message = f"The template global {name!r} is registered already. Choose another name."
        raise ValueError(message)
    _globals[name] = value


def environment(*, compiled: Path, **options: Any) -> jinja2.Environment:
    """Django's factory for the engine named "public", which keeps compiled templates in the folder `compiled`."""
    environment = Environment(bytecode_cache=CompiledTemplates(compiled), **options)
    environment.undefined = jinja2.ChainableUndefined if not settings.DEBUG else jinja2.Undefined
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=translation.gettext,
        ngettext=translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    # As Babel reads them: a sentence may run over several lines of its template.
    environment.policies["ext.i18n.trimmed"] = True
    environment.globals.update(
        _=translated,
        once=once,
        static=static,
        page_url=page_url,
        blocks=blocks,
        richtext=richtext,
        document_url=document_url,
        filesize=filesize,
        format_date=format_date,
        format_datetime=format_datetime,
        icon=icon,
        **_globals,
    )
    environment.filters["striptags"] = striptags
    from pages.images import picture
    from pages.slots import made, slot

    environment.globals.update(picture=picture, slot=slot, made=made)
    return environment


def translated(message: str, **variables: Any) -> Markup:
    """`_` of templates, as the extension defines it, without its way through the context of each template."""
    if variables:
        return Markup(translation.gettext(message)) % variables  # noqa: S704  (translations are ours)
    return _translated(message, active())


@lru_cache(maxsize=4096)
def _translated(message: str, language: str) -> Markup:
    return Markup(translation.gettext(message)) % {}  # noqa: S704


def once(*key: Hashable, caller: Callable[[], Markup]) -> Markup:
    """For templates: `{% call once("news", node.id) %}…{% endcall %}` is rendered once a build and language for `key`,
    which says all that it depends on besides them."""
    return shared(("once", active(), *key), caller)


MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".webmanifest": "application/manifest+json",
}


def static(path: str) -> str:
    """The URL of a static file (hashed in production); the file becomes part of the release that is being built."""
    return shared(("static", path), partial(_static, path))


def _static(path: str) -> str:
    url = staticfiles_storage.url(path)

    def open_file() -> Any:
        if staticfiles_storage.exists(stored := url.removeprefix(settings.STATIC_URL)):
            return staticfiles_storage.open(stored)
        found = finders.find(path)
        if found is None:
            message = (
                f"There is no static file {path!r}. Put it in static/, or correct the name in the template."
            )
            raise FileNotFoundError(message)
        return Path(found).open("rb")

    media_type = MEDIA_TYPES.get(Path(path).suffix, "application/octet-stream")
    attach(Attachment(url=url, open=open_file, media_type=media_type))
    return url


@jinja2.pass_context
def page_url(context: jinja2.runtime.Context, page: Any) -> str | None:
    """The URL of a page (or page id, or node) in the document's language; None when it is not public."""
    if page is None:
        return None
    page_id = page if isinstance(page, int) else getattr(page, "pk", None) or getattr(page, "id", None)
    return context["graph"].url(page_id, context["language"])


@jinja2.pass_context
def blocks(context: jinja2.runtime.Context, stream: StreamValue) -> Markup:
    """For templates: every block of `stream`, each by templates/blocks/<type>.html, which knows `value`, `child` and
    what the page's template knows."""
    known: dict[str, Any] = dict(context.get_all())
    of_block = Context(context.environment, known, None, {})
    parts: list[str] = []
    for child in stream:
        known["child"], known["value"] = child, child.value
        template = context.environment.get_template(f"blocks/{child.block.name}.html")
        of_block.shows(template)
        parts += template.root_render_func(of_block)
    return as_markup("".join(parts))


@jinja2.pass_context
def richtext(context: jinja2.runtime.Context, value: RichText | str | None) -> Markup:
    """Rich text as HTML, its links taken from the graph of the document's run."""
    source = getattr(value, "source", value) or ""
    return as_markup(expand(source, context.parent["graph"], context.parent["language"]))


def striptags(value: Any) -> str:
    """Jinja2's filter, at once where there is no markup."""
    if type(value) is str and "<" not in value and "&" not in value:
        return " ".join(value.split())
    return jinja2.filters.do_striptags(value)


def document_url(document: Any) -> str | None:
    """The public URL of a document; the file becomes part of the release that is being built. None when it is in a
    collection that only some may see."""
    return shared(("document", document.pk), partial(_document_url, document))


DOCUMENT_TYPES = {
    ".pdf": "application/pdf",
    ".csv": "text/csv; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}


def _document_url(document: Any) -> str | None:
    record_instance(document)
    if not is_public(document):
        return None
    url = document.file.url
    storage, name = document.file.storage, document.file.name
    attach(
        Attachment(
            url=url,
            open=lambda: storage.open(name, "rb"),
            media_type=DOCUMENT_TYPES.get(Path(name).suffix.lower(), "application/octet-stream"),
        )
    )
    return url


def filesize(size: int | None) -> str:
    """A size for people: "34 Ko", "34 kB"."""
    return _sized(size or 0, active())


@lru_cache(maxsize=4096)
def _sized(size: int, language: str) -> str:
    return filesizeformat(size)


def format_date(value: date | None) -> str:
    """A date in words, in the active language: "22 novembre 2026"."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return _in_words(value, active())


@lru_cache(maxsize=4096)
def _in_words(day: date, language: str) -> str:
    return formats.date_format(day, "j F Y")


def format_datetime(value: datetime | None) -> str:
    """Date and local time in words: "22 novembre 2026, 12:03"."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{_in_words(local.date(), active())}, {hour(local)}"


def hour(local: datetime) -> str:
    """The hour of a local time; the one that comes twice when summer time ends says which it is."""
    first, second = (local.replace(fold=fold).utcoffset() for fold in (0, 1))
    said = f"{local:%H:%M}"
    if first == second or first is None or second is None or first < second:
        return said
    return (
        f"{said} ({translation.gettext('winter time') if local.fold else translation.gettext('summer time')})"
    )


default.stamp("words")(format_datetime)


ICONS = Path(settings.BASE_DIR) / "templates" / "icons"


@cache
def icon(name: str, label: str | None = None) -> Markup:
    """The inline SVG templates/icons/<name>.svg: hidden from assistive technology, or an image named `label`."""
    path = ICONS / f"{name}.svg"
    if not path.is_file():
        message = f"There is no icon {name!r}. Draw templates/icons/{name}.svg, or correct the name."
        raise FileNotFoundError(message)
    attributes = (
        f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true" focusable="false"'
    )
    svg = path.read_text(encoding="utf-8").strip()
    return Markup(svg.replace("<svg ", f'<svg class="icon" {attributes} ', 1))  # noqa: S704
