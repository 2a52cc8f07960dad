"""Small sites to build."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from generator.build import Result, build
from generator.documents import Attachment, Document, Redirect
from generator.registry import Registry
from generator.targets import ReleaseTarget, Target


def page(url: str, body: bytes | str = "<p>content</p>", **fields: Any) -> Document:
    return Document(url, lambda: body, **fields)


def failing(url: str, error: Exception, **fields: Any) -> Document:
    def render() -> str:
        raise error

    return Document(url, render, **fields)


def site(*documents: Document, redirects: Iterable[Redirect] = (), name: str = "pages") -> Registry:
    registry = Registry()
    registry.documents(name)(lambda context: documents)
    registry.redirects(name)(lambda context: redirects)
    return registry


def built(target: Target, *documents: Document, **options: Any) -> Result:
    redirects = options.pop("redirects", ())
    return build(target, registry=site(*documents, redirects=redirects), **options)


def in_memory(url: str, data: bytes, media_type: str = "image/avif", **fields: Any) -> Attachment:
    return Attachment(url, lambda: BytesIO(data), media_type, **fields)


def live_file(target: ReleaseTarget, path: str) -> bytes:
    return (target.root / "current" / "public" / path).read_bytes()


def tree(folder: Any) -> dict[str, bytes]:
    """Every file below the folder with its bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
