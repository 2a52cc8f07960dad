"""Pictures: real renditions in several widths, that become part of the release."""

import re

import pytest
from django.core.files.base import ContentFile
from django.db.models import prefetch_related_objects
from PIL import Image as PillowImage
from wagtail.models import Collection, CollectionViewRestriction

from generator.recording import Memo, recording, sharing
from pages.collections import withheld
from pages.images import picture
from tests.factories.media import SVG, ImageFactory, png
from tests.factories.pages import body
from tests.factories.rendering import parsed
from tests.factories.site import StandardPageFactory, home_page

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


@pytest.fixture
def restricted():
    """A collection below one that only some may see."""
    collection = Collection.get_first_root_node().add_child(name="Restricted")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    return collection.add_child(name="Inner")


def in_collection(collection, content=None, name="image.png"):
    return ImageFactory(file=ContentFile(content or png(1200, 800), name), collection=collection)


def test_an_image_that_only_some_may_see_is_nothing(restricted):
    for hidden in in_collection(restricted), in_collection(restricted, SVG, "drawing.svg"):
        with recording() as recorded:
            assert picture(hidden, "Plan") == ""
        assert not recorded.attachments
        assert not hidden.renditions.exists()


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_a_page_looks_right_without_an_image_that_only_some_may_see(restricted, language):
    hidden = in_collection(restricted)
    texts = {"alt_fr": "Caché", "alt_nl": "Verborgen", "caption_fr": "Légende", "caption_nl": "Bijschrift"}
    block = {"image": hidden.pk, "decorative": False, **texts}
    page = StandardPageFactory(body=body(("image", block)))
    document = parsed(page, language)
    assert not document.xpath("//figure | //figcaption | //main//img")
    CollectionViewRestriction.objects.all().delete()
    document = parsed(page, language)
    assert document.xpath("//figure/img/@alt") == [texts[f"alt_{language}"]]
    assert document.xpath("//figcaption")


def test_the_home_page_has_its_mark_in_the_place_of_an_image_that_only_some_may_see(restricted):
    home = home_page()
    home.image, home.image_alt_fr, home.image_alt_nl = in_collection(restricted), "Caché", "Verborgen"
    home.save()
    document = parsed(home)
    assert document.find_class("hero__mark")
    assert not document.find_class("hero__picture")
    CollectionViewRestriction.objects.all().delete()
    document = parsed(home)
    assert document.find_class("hero__picture")
    assert not document.find_class("hero__mark")


def test_images_of_a_build_ask_once_what_is_restricted(restricted, django_assert_num_queries):
    shown = [image(), image()]
    hidden = [in_collection(restricted), in_collection(restricted)]
    for each in shown:
        picture(each)
    prefetch_related_objects(shown, "renditions")
    with django_assert_num_queries(2), sharing(Memo()):
        assert all(map(picture, shown))
        assert not any(map(picture, hidden))


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


@pytest.mark.parametrize("file", [ContentFile(png(1200, 800), "image.png"), ContentFile(SVG, "image.svg")])
def test_every_size_of_a_picture_that_was_withdrawn_is_withheld(file):
    collection = Collection.get_first_root_node().add_child(name="Plans")
    source = ImageFactory(file=file, collection=collection)
    own, others = [], ["media/alerts/frozen.webp", "static/css/vigie.css"]
    for paths, shown in ((own, source), (others, image())):
        with recording() as recorded:
            picture(shown, "Une rue")
        paths += [attachment.path for attachment in recorded.attachments.values()]
    assert own
    assert list(withheld([*own, *others])) == []
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    assert list(withheld([*own, *others])) == own
    source.delete()
    assert list(withheld([*own, *others])) == own
