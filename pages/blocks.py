"""The blocks of a body: one stream for both languages.

Each block holds its French and its Dutch side by side and what has no language (an image, a number, a page) once, so
that the two versions cannot differ in structure. A twin is declared with `twin_blocks` and read without its suffix:
`value.text` is the active language's. Templates: templates/blocks/<type>.html.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks import StreamBlock, StreamValue, StructBlock, StructBlockValidationError, StructValue
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.rich_text import RichText

from pages.completeness import Incomplete, is_empty, missing_in
from pages.languages import FR, LANGUAGES, NAMES, NL, active, other, twin, twins

INLINE_FEATURES = ["bold", "italic", "link", "document-link"]
TEXT_FEATURES = [*INLINE_FEATURES, "ol", "ul"]


def twin_blocks(
    block: type[blocks.Block], label: str | Promise, **options: Any
) -> tuple[blocks.Block, blocks.Block]:
    """A French and a Dutch `block`: `text_fr, text_nl = twin_blocks(blocks.CharBlock, _("Text"))`."""
    return _twin_block(block, label, FR, options), _twin_block(block, label, NL, options)


def _twin_block(
    block: type[blocks.Block], label: str | Promise, language: str, options: dict[str, Any]
) -> blocks.Block:
    localized = format_lazy("{label} ({language})", label=label, language=NAMES[language])
    child = block(label=localized, form_classname=f"vigie-twin vigie-twin-{language}", **options)
    # Spelling is checked in the text's language. (An option of the constructor would be frozen into migrations.)
    child.meta.form_attrs = {"lang": language}
    child.bare_label = label
    return child


_own = dict.__getitem__


class BilingualStructValue(StructValue):
    """`value["text"]` (and `value.text`) is the twin of the active language; `value["text_fr"]` names one."""

    def __getitem__(self, key: str) -> Any:
        if key in self or (name := f"{key}_{active()}") not in self:
            name = key
        return _own(self, name)

    def __getattr__(self, name: str) -> Any:
        if name in self:
            return _own(self, name)
        if (localized := f"{name}_{active()}") in self:
            return _own(self, localized)
        raise AttributeError(name)


Missing = tuple[str, str | None, str]
"""The name of a child block, the language it is missing in (None for what has no language), and a sentence that says
more where "missing" is not enough."""


class BilingualStructBlock(StructBlock):
    """A struct whose children may be twins; the editor sees each pair side by side."""

    class Meta:
        value_class = BilingualStructValue
        form_classname = "struct-block vigie-bilingual"

    @classmethod
    def twin_names(cls) -> list[str]:
        """The names, without suffix, of the children that have a French and a Dutch block."""
        return [
            name[:-3]
            for name in cls.base_blocks
            if name.endswith("_fr") and f"{name[:-3]}_nl" in cls.base_blocks
        ]

    def missing(self, value: StructValue) -> Iterator[Missing]:
        """The children that keep a page with this value from being live: a required one that is empty, an optional
        twin that is filled in one language only."""
        for name, child in self.child_blocks.items():
            if not isinstance(child, blocks.FieldBlock):
                continue
            stem, _separator, language = name.rpartition("_")
            is_twin = stem in self.twin_names()
            if is_empty(value.get(name)) and (
                _is_required(child) or (is_twin and not is_empty(value.get(twin(stem, other(language)))))
            ):
                yield name, language if is_twin else None, ""

    def clean(self, value: StructValue) -> StructValue:
        """Like a struct's, and each missing text is an error at its place; not so in a draft."""
        errors: dict[str, ValidationError] = {}
        non_block_errors: Any = None
        cleaned = value
        try:
            cleaned = super().clean(value)
        except StructBlockValidationError as error:
            errors, non_block_errors = error.block_errors, error.non_block_errors
        if not self.is_deferred_validation:
            for name, language, reason in self.missing(value):
                sentence = missing_in(language) if language else reason or gettext("Missing.")
                errors[name] = ValidationError(sentence, code="required")
        if errors or non_block_errors:
            raise StructBlockValidationError(errors, non_block_errors)
        return cleaned


def _is_required(block: blocks.Block) -> bool:
    """As declared: while any form is validated as a draft, Wagtail clears the flag on the block that all share."""
    _args, options = block._constructor_args
    return bool(options.get("required", True))


class HeadingBlock(BilingualStructBlock):
    text_fr, text_nl = twin_blocks(blocks.CharBlock, _("Heading"), max_length=160)
    level = blocks.ChoiceBlock(
        choices=[("2", _("Section")), ("3", _("Subsection"))], default="2", label=_("Level")
    )

    class Meta:
        icon = "title"
        label = _("Heading")


class RichTextBlock(BilingualStructBlock):
    text_fr, text_nl = twin_blocks(blocks.RichTextBlock, _("Text"), features=TEXT_FEATURES)

    class Meta:
        icon = "pilcrow"
        label = _("Text")


class ImageBlock(BilingualStructBlock):
    """One image; what it shows and its caption in both languages. `decorative` images need no alternative text."""

    image = ImageChooserBlock(label=_("Image"))
    alt_fr, alt_nl = twin_blocks(
        blocks.CharBlock,
        _("Alternative text"),
        required=False,
        max_length=200,
        help_text=_("What the image shows, for who cannot see it."),
    )
    decorative = blocks.BooleanBlock(
        required=False, label=_("Decorative: says nothing that the text does not")
    )
    caption_fr, caption_nl = twin_blocks(blocks.CharBlock, _("Caption"), required=False, max_length=300)

    class Meta:
        icon = "image"
        label = _("Image")

    def missing(self, value: StructValue) -> Iterator[Missing]:
        described = [name for name in twins("alt") if not is_empty(value.get(name))]
        for name, language, reason in super().missing(value):
            if name not in twins("alt"):
                yield name, language, reason
        if not value.get("decorative"):
            for language in LANGUAGES:
                if twin("alt", language) not in described:
                    yield twin("alt", language), language, ""


class QuoteBlock(BilingualStructBlock):
    text_fr, text_nl = twin_blocks(blocks.TextBlock, _("Quotation"), rows=3)
    attribution_fr, attribution_nl = twin_blocks(
        blocks.CharBlock, _("Who said it"), required=False, max_length=160
    )

    class Meta:
        icon = "openquote"
        label = _("Quote")


class CallToActionBlock(BilingualStructBlock):
    """A sentence and a link to a page of this site or to an address."""

    text_fr, text_nl = twin_blocks(blocks.CharBlock, _("Text"), max_length=300)
    label_fr, label_nl = twin_blocks(blocks.CharBlock, _("Link text"), max_length=80)
    page = blocks.PageChooserBlock(required=False, label=_("Page"))
    url_fr, url_nl = twin_blocks(blocks.URLBlock, _("Or an address"), required=False)

    class Meta:
        icon = "link"
        label = _("Call to action")

    def missing(self, value: StructValue) -> Iterator[Missing]:
        yield from super().missing(value)
        if not value.get("page") and all(is_empty(value.get(name)) for name in twins("url")):
            yield "page", None, gettext("Choose a page, or give an address in both languages.")


class FactBlock(BilingualStructBlock):
    value_fr, value_nl = twin_blocks(blocks.CharBlock, _("Figure"), max_length=24)
    label_fr, label_nl = twin_blocks(blocks.CharBlock, _("What it counts"), max_length=120)
    note_fr, note_nl = twin_blocks(blocks.CharBlock, _("Note"), required=False, max_length=200)


class FactsBlock(BilingualStructBlock):
    items = blocks.ListBlock(FactBlock(), min_num=1, max_num=6, label=_("Figures"))
    source_fr, source_nl = twin_blocks(blocks.CharBlock, _("Source"), required=False, max_length=200)

    class Meta:
        icon = "order"
        label = _("Facts and figures")


class StepBlock(BilingualStructBlock):
    title_fr, title_nl = twin_blocks(blocks.CharBlock, _("Step"), max_length=120)
    text_fr, text_nl = twin_blocks(blocks.RichTextBlock, _("Text"), required=False, features=INLINE_FEATURES)


class StepsBlock(BilingualStructBlock):
    title_fr, title_nl = twin_blocks(blocks.CharBlock, _("Title"), required=False, max_length=160)
    items = blocks.ListBlock(StepBlock(), min_num=1, label=_("Steps"))

    class Meta:
        icon = "list-ol"
        label = _("Steps")


class DocumentItemBlock(BilingualStructBlock):
    document_fr, document_nl = twin_blocks(DocumentChooserBlock, _("Document"))
    title_fr, title_nl = twin_blocks(blocks.CharBlock, _("Title"), max_length=160)
    description_fr, description_nl = twin_blocks(
        blocks.CharBlock, _("Description"), required=False, max_length=300
    )


class DocumentsBlock(BilingualStructBlock):
    title_fr, title_nl = twin_blocks(blocks.CharBlock, _("Title"), required=False, max_length=160)
    items = blocks.ListBlock(DocumentItemBlock(), min_num=1, label=_("Documents"))

    class Meta:
        icon = "doc-full-inverse"
        label = _("Documents")


class CellBlock(BilingualStructBlock):
    text_fr, text_nl = twin_blocks(blocks.CharBlock, _("Cell"), required=False, max_length=200)


class RowBlock(blocks.StructBlock):
    cells = blocks.ListBlock(CellBlock(), min_num=1, label=_("Cells"))


class TableValue(BilingualStructValue):
    @property
    def head(self) -> list[str]:
        """The column headers in the active language."""
        return [column["label"] for column in self["columns"]]

    @property
    def body(self) -> list[list[str]]:
        """The rows in the active language, each as long as the head."""
        width = len(self["columns"])
        rows = ([cell["text"] for cell in row["cells"]][:width] for row in self["rows"])
        return [row + [""] * (width - len(row)) for row in rows]


class ColumnBlock(BilingualStructBlock):
    label_fr, label_nl = twin_blocks(blocks.CharBlock, _("Column"), max_length=80)


class TableBlock(BilingualStructBlock):
    """A table of text. Its caption says what it holds; the first column may head its rows."""

    caption_fr, caption_nl = twin_blocks(blocks.CharBlock, _("Caption"), max_length=200)
    columns = blocks.ListBlock(ColumnBlock(), min_num=1, max_num=8, label=_("Columns"))
    rows = blocks.ListBlock(RowBlock(), min_num=1, label=_("Rows"))
    first_column_header = blocks.BooleanBlock(
        required=False, default=True, label=_("The first column heads its row")
    )

    class Meta:
        icon = "table"
        label = _("Table")
        value_class = TableValue


class ContactBlock(BilingualStructBlock):
    """Whom to reach: counter, phone and post stand beside the mail address, since digital must not be the only way."""

    name_fr, name_nl = twin_blocks(blocks.CharBlock, _("Name"), max_length=160)
    role_fr, role_nl = twin_blocks(blocks.CharBlock, _("Role"), required=False, max_length=160)
    phone = blocks.CharBlock(required=False, max_length=40, label=_("Phone"))
    email = blocks.EmailBlock(required=False, label=_("Email"))
    address_fr, address_nl = twin_blocks(blocks.TextBlock, _("Address"), required=False, rows=3)
    hours_fr, hours_nl = twin_blocks(blocks.CharBlock, _("Opening hours"), required=False, max_length=200)

    class Meta:
        icon = "user"
        label = _("Contact")


class AccordionItemBlock(BilingualStructBlock):
    title_fr, title_nl = twin_blocks(blocks.CharBlock, _("Question or title"), max_length=160)
    text_fr, text_nl = twin_blocks(blocks.RichTextBlock, _("Text"), features=TEXT_FEATURES)


class AccordionBlock(BilingualStructBlock):
    items = blocks.ListBlock(AccordionItemBlock(), min_num=1, label=_("Items"))

    class Meta:
        icon = "collapse-down"
        label = _("Accordion")


class BodyBlock(StreamBlock):
    """Every block an editor may use in a body."""

    heading = HeadingBlock()
    rich_text = RichTextBlock()
    image = ImageBlock()
    quote = QuoteBlock()
    call_to_action = CallToActionBlock()
    facts = FactsBlock()
    steps = StepsBlock()
    documents = DocumentsBlock()
    table = TableBlock()
    contact = ContactBlock()
    accordion = AccordionBlock()


# Checks and search


Path = tuple[str | int, ...]


def stream_incomplete(value: StreamValue, field: str, label: str | Promise) -> Iterator[Incomplete]:
    """What keeps `value`, the StreamField `field` that an editor knows as `label`, from being live, block by block.

    What an admin form checks is checked here too: StreamField itself checks nothing when a page is saved by code.
    """
    missing = dict(_missing(value.stream_block, value, str(label), (), field))
    yield from missing.values()
    try:
        value.stream_block.clean(value)
    except ValidationError as error:
        for path, place, message in _invalid(value.stream_block, value, error, str(label), ()):
            if path not in missing:
                yield Incomplete(field, "", None, place, message)


def _children(
    block: blocks.Block, value: Any, place: str
) -> Iterator[tuple[str | int, blocks.Block, Any, str]]:
    """The children of a structural block: key, block, value and where that is."""
    if isinstance(block, blocks.ListBlock):
        for number, item in enumerate(value or []):
            yield number, block.child_block, item, f"{place} ({number + 1})"
    elif isinstance(block, StreamBlock):
        for number, child in enumerate(value or []):
            yield number, child.block, child.value, f"{place} › {child.block.label} ({number + 1})"
    elif isinstance(block, StructBlock):
        for name, child in block.child_blocks.items():
            yield name, child, value.get(name), f"{place} › {child.label}"


def _missing(
    block: blocks.Block, value: Any, place: str, path: Path, field: str
) -> Iterator[tuple[Path, Incomplete]]:
    if isinstance(block, BilingualStructBlock):
        for name, language, reason in block.missing(value):
            child = block.child_blocks[name]
            label = getattr(child, "bare_label", child.label)
            yield (*path, name), Incomplete(field, label, language, place, reason)
    for key, child, child_value, child_place in _children(block, value, place):
        yield from _missing(child, child_value, child_place, (*path, key), field)


def _invalid(
    block: blocks.Block, value: Any, error: ValidationError, place: str, path: Path
) -> Iterator[tuple[Path, str, str]]:
    nested = getattr(error, "block_errors", None)
    if nested is None:
        yield path, place, " ".join(error.messages)
        return
    for sentence in getattr(error, "non_block_errors", ()):
        yield path, place, sentence
    for key, child, child_value, child_place in _children(block, value, place):
        if key in nested:
            yield from _invalid(child, child_value, nested[key], child_place, (*path, key))


def stream_text(value: StreamValue, language: str) -> str:
    """The plain text of a stream in `language`, a line a text, for the search index."""
    return "\n".join(_block_text(value.stream_block, value, language))


def _block_text(block: blocks.Block, value: Any, language: str) -> Iterator[str]:
    if value is None:
        return
    if isinstance(block, blocks.ListBlock):
        for item in value:
            yield from _block_text(block.child_block, item, language)
    elif isinstance(block, StreamBlock):
        for child in value:
            yield from _block_text(child.block, child.value, language)
    elif isinstance(block, StructBlock):
        for name, child_block in block.child_blocks.items():
            if not name.endswith(f"_{other(language)}"):
                yield from _block_text(child_block, value.get(name), language)
    elif isinstance(value, RichText):
        yield unescape(strip_tags(value.source.replace("<", " <")))
    elif isinstance(value, str) and isinstance(block, blocks.CharBlock | blocks.TextBlock):
        yield value
