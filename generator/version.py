"""What every page depends on and nobody edits: code, templates, catalogues, assets, settings."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

from django.apps import apps
from django.conf import settings

from generator.conf import hreflang
from generator.registry import default
from generator.writing import ENCODINGS

SUFFIXES = {
    ".py",
    ".html",
    ".svg",
    ".css",
    ".js",
    ".json",
    ".geojson",
    ".mo",
    ".xsd",
    ".webmanifest",
    ".ico",
    ".png",
}
"""Of the files that decide what a page looks like."""


def version(base_url: str) -> str:
    """A digest that is another one after a deployment or a change of what settings say."""
    languages = [(code, hreflang().get(code)) for code, _name in settings.LANGUAGES]
    urls = (base_url, settings.STATIC_URL, settings.MEDIA_URL)
    shown = [(name, getattr(settings, name, None)) for name in sorted(default.shown_settings)]
    text = repr((code_version(), urls, languages, ENCODINGS, settings.TIME_ZONE, shown))
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def code_version() -> str:
    """A digest of the files, packages and template engines that this process runs. Asked for when it starts: later the
    files may be those of a newer version."""
    digest = hashlib.sha256(repr([*_engines()]).encode())
    for file in sorted(set(_sources())):
        digest.update(str(file).encode() + hashlib.sha256(file.read_bytes()).digest())
    for name in ("django", "wagtail", "jinja2", "django-modeltranslation", "brotli"):
        try:
            digest.update(f"{name} {metadata.version(name)}".encode())
        except metadata.PackageNotFoundError:
            continue
    return digest.hexdigest()


def _engines() -> Iterator[object]:
    """What the settings say of each template engine but where it lies."""
    for engine in settings.TEMPLATES:
        options = {name: value for name, value in engine.get("OPTIONS", {}).items() if name != "compiled"}
        yield engine["BACKEND"], sorted(options.items(), key=str)


def _sources() -> Iterator[Path]:
    folders = {Path(config.path) for config in apps.get_app_configs()}
    folders |= {Path(folder) for engine in settings.TEMPLATES for folder in engine.get("DIRS", ())}
    folders |= {Path(folder) for folder in (*settings.LOCALE_PATHS, *settings.STATICFILES_DIRS)}
    for folder in folders:
        if "site-packages" not in folder.parts and folder.is_dir():
            yield from (file for file in folder.rglob("*") if file.suffix in SUFFIXES and file.is_file())
    if settings.STATIC_ROOT and (manifest := Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        yield manifest
