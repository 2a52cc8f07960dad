"""The page every page type grows from: one row, both languages.

How to add a page type: docs/page-types.md.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q, Value
from django.db.models.functions import Concat, Substr
from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey  # noqa: F401  (page types import it with the base page)
from wagtail.api import APIField
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.log_actions import log
from wagtail.models import AbstractPage, DefaultBasePageMixin
from wagtail.models.pages import AbstractPageMeta, PageManager
from wagtail.search import index

from pages import actions, completeness, panels
from pages.completeness import Incomplete, PublicationRefused
from pages.forms import BilingualCopyForm, BilingualPageForm
from pages.languages import DEFAULT, LANGUAGES, NAMES, active, other, override, pinned, twin, twins

if TYPE_CHECKING:
    from pages.graph import PageNode
    from pages.rendering import Rendering, Run, Variant

logger = logging.getLogger(__name__)


class BilingualPage(AbstractPage, DefaultBasePageMixin):
    """The base page (`WAGTAIL_PAGE_MODEL`).

    `title`, `slug`, `url_path`, `draft_title`, `seo_title`, `search_description` and `summary` have a `_fr` and a `_nl`
    twin. Read them bare (`page.title` follows the active language), write the twins. What is stored does not depend
    on the active language. A page is never live without both languages: `publication_errors` says why not, and every
    route raises `PublicationRefused`; the database holds it too (constraint `live_in_both_languages`).
    """

    summary = models.TextField(
        _("summary"),
        blank=True,
        max_length=400,
        help_text=_("One or two sentences: shown at the top of the page, in lists and by search engines."),
    )

    objects = PageManager()

    base_form_class = BilingualPageForm
    copy_form_class = BilingualCopyForm

    content_panels = [panels.twin_title_panel(), panels.twin_panel("summary")]
    promote_panels = panels.promote_panels()

    search_fields = [
        *(field for field in AbstractPage.search_fields if field.field_name != "title"),
        *(index.SearchField(name, boost=2) for name in twins("title")),
        *(index.AutocompleteField(name) for name in twins("title")),
        *(index.FilterField(name) for name in twins("title")),
        *(index.SearchField(name) for name in twins("summary")),
        *(index.SearchField(name) for name in twins("search_description")),
        *(index.SearchField(f"body_text_{language}") for language in LANGUAGES),
        index.FilterField("show_in_menus"),
    ]

    api_fields = [
        APIField(name, writable=True)
        for stem in ("title", "slug", "summary", "seo_title", "search_description")
        for name in twins(stem)
    ]

    #: Set by pages that lives depend on: they go live before the rest (docs/generator.md).
    is_urgent: ClassVar[bool] = False

    #: The slug in each language of a page at whose address caches, mirrors and other systems look for what lives depend
    #: on (generator.headers): no editor changes it.
    fixed_slugs: ClassVar[Mapping[str, str]] = {}

    #: Cleared by pages that are parts of another's (a form's landing page, say) and make no document of their own.
    makes_documents: ClassVar[bool] = True
    #: Relations that the page's template follows: read for all pages of the type at once when the site is built.
    document_relations: ClassVar[tuple[str, ...]] = ()
    #: Cleared by pages that a search should not find: what is urgent is on every page, what is over misleads.
    searchable: ClassVar[bool] = True
    #: Cleared by pages whose fields do not say what holds: anonymous readers of the CMS's API do not get them.
    in_public_api: ClassVar[bool] = True
    #: Headers of the page's documents beside those that all have (generator.headers).
    document_headers: ClassVar[Mapping[str, str]] = {}

    class Meta(AbstractPageMeta):
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        constraints = [
            models.CheckConstraint(
                name="live_in_both_languages",
                condition=Q(live=False)
                | (
                    Q(*((name + "__isnull", False) for name in (*twins("title"), *twins("slug"))))
                    & ~Q(*((name, "") for name in (*twins("title"), *twins("slug"))), _connector=Q.OR)
                ),
                violation_error_message=_(
                    "A page can be live only with a title and a slug in French and in Dutch."
                ),
            )
        ]

    @property
    def in_sitemap(self) -> bool:
        """Whether search engines are to hear of the page."""
        return True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # When it starts, Wagtail's admin puts its own form on the base page, of which page types would inherit it.
        cls.base_form_class = cls.base_form_class

    def __str__(self) -> str:
        return self.localized_value("title") or gettext("(untitled)")

    # Reading

    def localized_value(self, name: str, language: str | None = None) -> str:
        """The text of `name` in `language` (the active one by default), or in the other where it is still empty:
        for the admin, where a draft may be incomplete. Public pages never fall back."""
        language = language or active()
        return getattr(self, twin(name, language)) or getattr(self, twin(name, other(language))) or ""

    def get_admin_display_title(self) -> str:
        return self.localized_value("draft_title") or str(self)

    def body_text(self, language: str) -> str:
        """The text of every StreamField in `language`, for the search index."""
        from pages.blocks import stream_text

        return "\n".join(stream_text(getattr(self, name), language) for name in self.get_streamfield_names())

    @property
    def body_text_fr(self) -> str:
        return self.body_text("fr")

    @property
    def body_text_nl(self) -> str:
        return self.body_text("nl")

    # Completeness: docs/decisions/0005-publishing-in-both-languages.md

    def publication_errors(self) -> list[Incomplete]:
        """What keeps this page from being live, field by field and language by language; empty when nothing does."""
        errors = completeness.check(self)
        fields = {error.field for error in errors}
        # A missing title explains a missing slug, which would have been made from it.
        explained = {twin("slug", code) for code in LANGUAGES if twin("title", code) in fields}
        return [error for error in errors if error.field not in explained]

    def publish(self, revision: Any, user: Any = None, log_action: Any = True, **kwargs: Any) -> Any:
        """Publish (or schedule) `revision`. Raises PublicationRefused where a language is missing.

        A scheduled publication that is refused must not stop the others that are due: it is logged, taken off the
        schedule and shown in the page's history.
        """
        try:
            with transaction.atomic():
                return super().publish(revision, user=user, log_action=log_action, **kwargs)
        except PublicationRefused as refusal:
            if log_action != "wagtail.publish.scheduled":
                raise
            logger.error("Scheduled publication of page %s refused: %s", self.pk, refusal.summary)
            type(revision).objects.filter(pk=revision.pk).update(approved_go_live_at=None)
            log(instance=self, action="pages.refuse", revision=revision, data={"reason": refusal.summary})
            return None

    # Storing

    def get_parent(self, update: bool = False) -> Any:
        """Also that of a page which is being made and has no place in the tree yet, where it is known."""
        if not self.path:
            return getattr(self, "_cached_parent_obj", None)
        return super().get_parent(update)

    def _set_core_field_defaults(self) -> None:
        """Wagtail's defaults for each language: a slug from that language's title, a draft title, the locale."""
        parent_is_known = self.get_parent() is not None
        for language in LANGUAGES:
            if slug := self.fixed_slugs.get(language):
                setattr(self, twin("slug", language), slug)
            title = getattr(self, twin("title", language)) or ""
            if not getattr(self, twin("slug", language)) and title and parent_is_known:
                base_slug = slugify(title)
                if base_slug:
                    slug = self._available_slug(base_slug, self.get_parent(), language, self)
                    setattr(self, twin("slug", language), slug)
            if not getattr(self, twin("draft_title", language)):
                setattr(self, twin("draft_title", language), title)
        if self.locale_id is None:
            self.locale = self.get_default_locale()

    @classmethod
    def _available_slug(cls, base_slug: str, parent: Any, language: str, page: Any = None) -> str:
        candidate, suffix = base_slug, 1
        while not cls._slug_is_available(candidate, parent, page, language):
            suffix += 1
            candidate = f"{base_slug}-{suffix}"
        return candidate

    @staticmethod
    def _slug_is_available(
        slug: str, parent_page: Any, page: Any = None, language: str | None = None
    ) -> bool:
        """True if no sibling has `slug` in `language` (the active one by default, as Wagtail's own callers expect)."""
        if parent_page is None or not slug:
            return True
        siblings = parent_page.get_children()
        if page is not None and page.pk:
            siblings = siblings.not_page(page)
        return not siblings.filter(**{twin("slug", language or active()): slug}).exists()

    def slug_errors(self, parent: Any) -> dict[str, ValidationError]:
        """A clear error per language whose slug a sibling under `parent` already has."""
        return {
            twin("slug", language): ValidationError(
                gettext(
                    "The %(language)s slug “%(slug)s” is already in use under “%(parent)s”. Choose another."
                ),
                code="duplicate_slug",
                params={
                    "language": NAMES[language],
                    "slug": getattr(self, twin("slug", language)),
                    "parent": parent.get_admin_display_title(),
                },
            )
            for language in LANGUAGES
            if not self._slug_is_available(
                getattr(self, twin("slug", language)) or "", parent, self, language
            )
        }

    def _check_slug_is_unique(self) -> None:
        parent = self.get_parent()
        if parent is not None and (errors := self.slug_errors(parent)):
            raise ValidationError(errors)
        if self.pk and self.is_site_root() and self.slug_fr != self.slug_nl:
            message = gettext(
                "The site's root page needs the same slug in both languages (“%(fr)s” is not “%(nl)s”)."
            )
            raise ValidationError({"slug_nl": message % {"fr": self.slug_fr, "nl": self.slug_nl}})

    def minimal_clean(self) -> None:
        """What a draft needs: a title in one language at least, and slugs that are free."""
        self._set_core_field_defaults()
        if not any(getattr(self, name) for name in twins("title")):
            raise ValidationError({"title_fr": gettext("Give the page a title in French or in Dutch.")})
        for name in twins("title"):
            if value := getattr(self, name):
                setattr(self, name, self._meta.get_field(name).clean(value, self))
        self._check_slug_is_unique()

    def set_url_path(self, parent: BilingualPage | None) -> str:
        """Both languages' URL paths, from both slugs. A draft without a slug in one language borrows the other's."""
        for language in LANGUAGES:
            if parent is None:
                path = "/"
            else:
                slug = (
                    getattr(self, twin("slug", language))
                    or getattr(self, twin("slug", other(language)))
                    or ""
                )
                path = f"{getattr(parent, twin('url_path', language)) or '/'}{slug}/"
            setattr(self, twin("url_path", language), path)
        return getattr(self, twin("url_path", active()))

    def _update_descendant_url_paths(self, old_url_path: str, new_url_path: str) -> None:
        """Wagtail calls this for one language, after `save` has done it for both."""

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """For a live page every error, whatever its kind, is a refusal to publish."""
        try:
            super().full_clean(*args, **kwargs)
        except ValidationError as error:
            if self.live:
                raise PublicationRefused(self, error) from error
            raise

    @transaction.atomic
    def save(self, clean: bool = True, user: Any = None, log_action: Any = False, **kwargs: Any) -> None:
        """Validate in the editor's language, store in the default one. Raises PublicationRefused for a page that would
        be live and incomplete, ValidationError for a draft without a title or with a slug that is taken.

        Where a slug or the page's place has changed, both languages' URL paths follow, here and below, and each
        language's old address gets a redirect, in the same transaction.
        """
        update_fields = kwargs.get("update_fields")
        if self.live and (clean or update_fields is None):
            self._set_core_field_defaults()
            if errors := self.publication_errors():
                raise PublicationRefused(self, errors)
        if clean:
            if self.live:
                self.full_clean()
            else:
                self.minimal_clean()
        if self.alias_of_id:
            for language in LANGUAGES:
                # An alias has no revisions: its draft is what is live.
                setattr(self, twin("draft_title", language), getattr(self, twin("title", language)) or "")
        before: dict[str, str] = {}
        if self.pk and (update_fields is None or {"slug", *twins("slug")} & set(update_fields)):
            stored = self.base_page_model.objects.rewrite(False).filter(pk=self.pk)
            before = stored.values(*twins("url_path")).first() or {}
            self.set_url_path(self.get_parent(update=True))
        moved = {name: old for name, old in before.items() if old and old != getattr(self, name)}
        if update_fields is not None:
            kwargs["update_fields"] = self._with_twins({*update_fields, *(["url_path"] if moved else [])})
        with pinned():
            super().save(clean=False, user=user, log_action=log_action, **kwargs)
        if moved:
            self._move_descendants(moved)
            if self.first_published_at:
                from pages.redirects import create_redirects

                create_redirects(self, moved)

    def _move_descendants(self, moved: dict[str, str]) -> None:
        """Give the pages below the new start of their URL paths, where `moved` has the old ones."""
        descendants = (
            self.base_page_model.objects.rewrite(False).filter(path__startswith=self.path).exclude(pk=self.pk)
        )
        for name, old in moved.items():
            changed = {name: Concat(Value(getattr(self, name)), Substr(name, len(old) + 1))}
            if name == twin("url_path", DEFAULT):
                changed["url_path"] = changed[name]
            descendants.filter(**{f"{name}__startswith": old}).update(**changed)

    @classmethod
    def _with_twins(cls, names: set[str]) -> set[str]:
        """`names` with both twins and the untranslated column of each that has them."""
        bare = {name for name in cls._translated_names() if {name, *twins(name)} & names}
        return {*names, *bare, *(field for name in bare for field in twins(name))}

    @classmethod
    def _translated_names(cls) -> list[str]:
        from modeltranslation.translator import translator

        return list(translator.get_options_for_model(cls).all_fields)

    def save_revision(self, *args: Any, clean: bool = True, **kwargs: Any) -> Any:
        """A revision with both languages; its content does not depend on the active language. It may be incomplete."""
        if clean:
            self.minimal_clean()
        for language in LANGUAGES:
            setattr(self, twin("draft_title", language), getattr(self, twin("title", language)) or "")
        with pinned():
            return super().save_revision(*args, clean=False, **kwargs)

    def serializable_data(self) -> dict[str, Any]:
        with pinned():
            return super().serializable_data()

    def with_content_json(self, content: dict[str, Any]) -> Any:
        """The page as `content` (a revision) says. The untranslated values are left out: the twins hold the text."""
        page = super().with_content_json(
            {name: value for name, value in content.items() if name not in self._translated_names()}
        )
        # An alias keeps its own address.
        for name in (*twins("draft_title"), *(twins("slug") if self.alias_of_id else ())):
            setattr(page, name, getattr(self, name))
        if self.alias_of_id:
            page.set_url_path(self.get_parent())
        return page

    def get_latest_revision_as_object(self) -> Any:
        """As the page's own type has it, also where Wagtail's edit form asks the base page for it."""
        own = self.get_specific()
        return super().get_latest_revision_as_object() if own is self else own.get_latest_revision_as_object()

    def copy(self, **options: Any) -> Any:
        """A copy, with the options of Wagtail's. `slug` and `title` in `update_attrs` mean the active language's; where
        a slug that it does not name is taken under the new parent, the copy gets a free one."""
        return actions.CopyAction(self, **options).execute(skip_permission_checks=True)

    def create_alias(self, **options: Any) -> Any:
        """An alias, with the options of Wagtail's. `update_slug` means the active language's slug."""
        return actions.CreateAliasAction(self, **options).execute()

    def free_slugs(self, parent: Any, given: dict[str, str]) -> dict[str, str]:
        """Both slugs for a new page like this one under `parent`: those `given` by field, otherwise this page's own
        where it is free, otherwise with a number added."""
        return {
            name: given.get(name) or self._available_slug(getattr(self, name), parent, name[-2:])
            for name in twins("slug")
            if given.get(name) or getattr(self, name)
        }

    # Documents and previews

    preview_modes = [("fr", NAMES["fr"]), ("nl", NAMES["nl"])]

    @property
    def default_preview_mode(self) -> str:
        return active()

    @classmethod
    def urgent_pages(cls, run: Run) -> list[PageNode]:
        """The pages of a type that `is_urgent` on which lives depend now."""
        return run.graph.of_type(cls._meta.label_lower)

    def get_variants(self, run: Run) -> list[Variant]:
        """Further documents of this page (page 2 of a list, a filter), each in both languages."""
        return []

    def get_render_context(self, rendering: Rendering) -> dict[str, Any]:
        """What the template needs beyond the context contract of pages.rendering."""
        return {}

    def fallback(self, rendering: Rendering) -> Callable[[], str] | None:
        """Makes what goes out where the page's template fails; None where its last good version does."""
        return None

    def rows_of(self, relation: str) -> Iterable[Any]:
        """The rows of a relation to many; those that were read with the page, without asking Django's managers."""
        read_before: dict[str, Iterable[Any]] = getattr(self, "_prefetched_objects_cache", {})
        found = read_before.get(relation)
        return getattr(self, relation).all() if found is None else found

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        from pages.rendering import render_response

        return render_response(self, active())

    def serve_preview(self, request: HttpRequest | None, mode_name: str | None) -> HttpResponse:
        from pages.rendering import render_response

        language = mode_name if mode_name in LANGUAGES else active()
        return render_response(self, language, preview=True)

    def make_preview_request(
        self,
        original_request: HttpRequest | None = None,
        preview_mode: str | None = None,
        *_args: Any,
        **_kwargs: Any,
    ) -> HttpResponse:
        """Rendered at once: the middleware of a public request would answer with the released page."""
        return self.serve_preview(original_request, preview_mode)

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """One location per language."""
        locations = []
        for language in LANGUAGES:
            with override(language):
                locations += super().get_sitemap_urls(request)
        return locations


class BilingualImage(AbstractImage):
    """One image for both languages. Its alternative texts are given where it is used, twice."""

    credit = models.CharField(_("credit"), max_length=200, blank=True)

    admin_form_fields = (
        "title",
        "file",
        "collection",
        "credit",
        "tags",
        *(f"focal_point_{x}" for x in ("x", "y", "width", "height")),
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")


class Rendition(AbstractRendition):
    image = models.ForeignKey(BilingualImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)
        verbose_name = _("rendition")
        verbose_name_plural = _("renditions")


class PublicDocument(AbstractDocument):
    """A file to download. Says which language it is written in, so that nobody opens the wrong one."""

    class Language(models.TextChoices):
        FR = "fr", _("French")
        NL = "nl", _("Dutch")
        BOTH = "fr-nl", _("French and Dutch")

    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.FR)

    admin_form_fields = ("title", "file", "language", "collection", "tags")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")


class GraphState(models.Model):
    """One row whose `version` changes with the published tree, in the transaction that changes it, so that every
    process sees at the cost of one small query whether its site graph is fresh (pages.graph)."""

    version = models.UUIDField()

    class Meta:
        verbose_name = _("state of the site graph")

    def __str__(self) -> str:
        return str(self.version)
