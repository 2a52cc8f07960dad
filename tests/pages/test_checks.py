"""House rules as system checks."""

import pytest
from django.core.checks import run_checks
from django.db import models
from django.test.utils import isolate_apps
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.models.pages import PAGE_MODEL_CLASSES

from pages.checks import block_errors, missing_twins, unregistered_pages
from pages.models import BilingualPage

pytestmark = pytest.mark.once


def test_the_project_passes():
    assert [error for error in run_checks() if error.id and error.id.startswith("vigie.")] == []


@isolate_apps("tests.testapp")
@pytest.mark.parametrize("given", ["name_fr", "name_nl"])
def test_a_model_with_one_languages_field_fails(given):
    model = type(
        "Siren",
        (models.Model,),
        {"__module__": "tests.testapp.models", given: models.CharField(max_length=9)},
    )
    (error,) = missing_twins(model, {field.name for field in model._meta.get_fields()})
    assert error.id == "vigie.E001"
    missing = "name_nl" if given == "name_fr" else "name_fr"
    assert f"'{missing}'" in error.msg
    assert missing in error.hint


@isolate_apps("tests.testapp")
def test_a_model_with_both_passes():
    class Siren(models.Model):
        name_fr = models.CharField(max_length=9)
        name_nl = models.CharField(max_length=9)
        profile_url = models.URLField()

        class Meta:
            app_label = "testapp"

    assert missing_twins(Siren, {field.name for field in Siren._meta.get_fields()}) == []


@isolate_apps("tests.testapp")
def test_a_block_with_one_languages_child_fails_wherever_it_stands():
    class Leaf(blocks.StructBlock):
        text_nl = blocks.CharBlock()

    class Branch(blocks.StructBlock):
        title_fr = blocks.CharBlock()
        leaves = blocks.ListBlock(Leaf())

    class Siren(models.Model):
        body = StreamField([("branch", Branch()), ("again", blocks.StreamBlock([("leaf", Leaf())]))])

        class Meta:
            app_label = "testapp"

    errors = block_errors(Siren)
    assert {error.id for error in errors} == {"vigie.E001"}
    assert {error.msg for error in errors} == {
        "Branch has 'title_fr' and no 'title_nl'.",
        "Leaf has 'text_nl' and no 'text_fr'.",
    }


@isolate_apps("tests.testapp")
def test_a_page_type_that_is_not_registered_fails():
    class Forgotten(BilingualPage):
        class Meta:
            app_label = "testapp"

    # Wagtail has noted it as a page type of the project.
    PAGE_MODEL_CLASSES.remove(Forgotten)
    (error,) = unregistered_pages([Forgotten])
    assert error.id == "vigie.E002"
    assert "translation.py" in error.hint
