"""The guide "which number?": situations, and the number that answers each."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from pages.blocks import BilingualStructBlock, StreamBlock, twin_blocks


class NumberChooserBlock(SnippetChooserBlock):
    """An entry; other systems see its key, never its row number."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("emergency_numbers.EmergencyNumber", **kwargs)

    def get_api_representation(self, value: Any, context: Any = None) -> str | None:
        return value.key if value else None


class SituationBlock(BilingualStructBlock):
    text_fr, text_nl = twin_blocks(blocks.CharBlock, _("Situation"), max_length=160)
    number = NumberChooserBlock(label=pgettext_lazy("to call", "Number"))

    class Meta:
        icon = "help"
        label = _("Situation")


class GuideBlock(StreamBlock):
    situation = SituationBlock()
