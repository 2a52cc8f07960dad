"""A changed image or document reaches the pages that show it."""

import pytest
from django.urls import reverse
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection

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


def test_images_moved_to_another_collection_ask_for_a_build(admin):
    """Which others may see."""
    image = BilingualImage.objects.create(title="Tram", file=get_test_image_file())
    collection = Collection.get_first_root_node().add_child(name="Plans")
    BuildRequest.objects.all().delete()
    url = reverse("wagtail_bulk_action", args=("pages", "bilingualimage", "add_to_collection"))
    admin.post(f"{url}?id={image.pk}", {"collection": collection.pk})
    image.refresh_from_db()
    assert image.collection == collection
    assert BuildRequest.objects.exists()


def test_a_collection_that_changes_asks_for_a_build():
    """It may have moved below one that only some may see."""
    collection = Collection.get_first_root_node().add_child(name="Plans")
    BuildRequest.objects.all().delete()
    collection.save()
    assert BuildRequest.objects.exists()
