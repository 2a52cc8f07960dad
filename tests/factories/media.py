"""Images and documents for tests: small, made in memory."""

from __future__ import annotations

import io

import factory
from django.core.files.base import ContentFile
from PIL import Image as PillowImage

from pages.models import BilingualImage, PublicDocument

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20"/></svg>'


def png(width: int = 640, height: int = 400) -> bytes:
    stream = io.BytesIO()
    PillowImage.new("RGB", (width, height), "#246").save(stream, "PNG")
    return stream.getvalue()


class ImageFactory(factory.django.DjangoModelFactory):
    title = "Image"
    file = factory.LazyFunction(lambda: ContentFile(png(), "image.png"))

    class Meta:
        model = BilingualImage


class DocumentFactory(factory.django.DjangoModelFactory):
    title = "Plan"
    file = factory.LazyFunction(lambda: ContentFile(b"%PDF-1.4 plan", "plan.pdf"))

    class Meta:
        model = PublicDocument
