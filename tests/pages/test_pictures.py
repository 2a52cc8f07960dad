"""Pictures: real renditions in several widths, that become part of the release."""

import re

import pytest
from django.core.files.base import ContentFile
from PIL import Image as PillowImage

from pages.images import picture
from tests.factories.media import SVG, ImageFactory, png

pytestmark = pytest.mark.django_db


def image(width=1200, height=800):
    return ImageFactory(file=ContentFile(png(width, height), "image.png"))


def candidates(html):
    return re.findall(r"(\S+) (\d+)w", re.search(r'srcset="([^"]+)"', html)[1])


def test_several_widths_of_webp_with_the_size_of_the_largest():
    source = image()
    html = picture(source, "Une rue & un pont")
    assert [int(width) for _url, width in candidates(html)] == [480, 960]
    assert 'width="960" height="640"' in html
    assert 'alt="Une rue &amp; un pont"' in html
    assert 'loading="lazy"' in html
    for rendition, width in zip(source.renditions.order_by("width"), (480, 960), strict=True):
        with rendition.file.open() as file, PillowImage.open(file) as opened:
            assert (opened.format, opened.width) == ("WEBP", width)


def test_a_small_image_is_not_enlarged():
    assert candidates(picture(image(300, 200)))[0][1] == "300"


def test_a_ratio_crops():
    assert 'width="960" height="540"' in picture(image(), ratio=(16, 9))


def test_what_is_above_the_fold_is_not_lazy():
    html = picture(image(), eager=True)
    assert 'fetchpriority="high"' in html
    assert "lazy" not in html


def test_an_svg_is_served_as_it_is():
    drawing = ImageFactory(file=ContentFile(SVG, "drawing.svg"))
    html = picture(drawing, "Dessin")
    assert f'src="{drawing.file.url}"' in html
    assert 'width="40" height="20"' in html
    assert "srcset" not in html


def test_no_image_is_nothing():
    assert picture(None) == ""


def test_the_second_time_makes_no_rendition():
    source = image()
    picture(source)
    before = source.renditions.count()
    picture(source)
    assert source.renditions.count() == before


def test_files_become_part_of_the_release():
    from generator.recording import recording

    source = image()
    with recording() as taken:
        picture(source)
    assert len(taken.attachments) == 2
