"""A changed image or document reaches the pages that show it."""

import pytest
from wagtail.images.tests.utils import get_test_image_file

from generator.models import BuildRequest
from pages.models import BilingualImage

pytestmark = pytest.mark.django_db


def test_a_new_image_asks_for_no_build():
    BilingualImage.objects.create(title="Tram", file=get_test_image_file())
    assert not BuildRequest.objects.exists()


def test_a_new_focal_point_asks_for_a_build():
    image = BilingualImage.objects.create(title="Tram", file=get_test_image_file())
    image.focal_point_x, image.focal_point_y = 10, 10
    image.save()
    assert BuildRequest.objects.filter(reason=f"bilingualimage {image.pk}").exists()
