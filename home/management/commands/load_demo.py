"""Loads the demonstration: settings, images, documents, pages in both languages, accounts. Development only."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.users.models import UserProfile

from alerts.models import AlertIndexPage
from emergency_numbers.models import EmergencyNumber, EmergencyNumbersPage
from home.demo import content, drawing
from home.demo.shapes import (
    Article,
    Block,
    DemoPage,
    Home,
    Index,
    Mission,
    PlainPage,
    Publication,
    Realisation,
    SearchMap,
    values,
)
from home.models import ChosenRealisation, HomePage, SearchPage, SiteSettings, StandardPage
from missions.models import MissionIndexPage, MissionPage
from news.models import NewsIndexPage, NewsPage, NewsTheme
from pages.languages import LANGUAGES, twin, twins
from pages.models import BilingualPage
from pages.vocabulary import VocabularyTerm
from publications.models import PublicationIndexPage, PublicationPage
from realisations.models import RealisationIndexPage, RealisationPage, RealisationPartner, RealisationTheme
from territory.models import Municipality, PoliceZone

ALLOWED_SETTINGS = ("config.settings.development", "config.settings.test")
PASSWORD = "vigie-demonstration"  # noqa: S105  (printed, and refused outside development)
ACCOUNTS = (
    # name, group (None: superuser), language of the admin
    ("admin", None, "fr"),
    ("editor", "Editors", "fr"),
    ("moderator", "Moderators", "nl"),
    ("duty", "Duty officers", "fr"),
    ("coordinator", "Platform coordinators", "nl"),
    ("manager", "Site managers", "fr"),
)
INDEX_TYPES: dict[str, type[BilingualPage]] = {
    "missions": MissionIndexPage,
    "news": NewsIndexPage,
    "realisations": RealisationIndexPage,
    "publications": PublicationIndexPage,
    "alerts": AlertIndexPage,
    "emergency-numbers": EmergencyNumbersPage,
}
ITEM_TYPES: dict[type[DemoPage], type[BilingualPage]] = {
    PlainPage: StandardPage,
    SearchMap: SearchPage,
    Mission: MissionPage,
    Realisation: RealisationPage,
    Article: NewsPage,
    Publication: PublicationPage,
}


class Command(BaseCommand):
    help = "Load the demonstration content (development only). A second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.SETTINGS_MODULE not in ALLOWED_SETTINGS:
            message = (
                f"load_demo makes accounts with a known password and does not run with {settings.SETTINGS_MODULE}. "
                "Run it in development: DJANGO_SETTINGS_MODULE=config.settings.development."
            )
            raise CommandError(message)
        loader = Loader()
        # One line a page and task would hide what matters below.
        logging.disable(logging.INFO)
        try:
            with transaction.atomic():
                loader.load()
        finally:
            logging.disable(logging.NOTSET)
        for name in sorted(loader.seen):
            made, seen = loader.made[name], loader.seen[name]
            self.stdout.write(f"{name:<12} {seen:>3}  ({made} new)")
        self.stdout.write(
            f"Accounts for /cms/: {', '.join(name for name, _group, _language in ACCOUNTS)}; password: {PASSWORD}"
        )


class Loader:
    """One run. What exists is found again by its slug or title and left as it is."""

    def __init__(self) -> None:
        self.made: Counter[str] = Counter()
        self.seen: Counter[str] = Counter()
        self.images: dict[str, int] = {}
        self.documents: dict[tuple[str, str], int] = {}
        self.themes: dict[tuple[type[VocabularyTerm], str], VocabularyTerm] = {}
        self.pages: dict[str, BilingualPage] = {}

    def load(self) -> None:
        self.load_accounts()
        self.load_settings()
        self.load_images()
        self.load_documents()
        self.load_themes(NewsTheme, content.NEWS_THEMES)
        self.load_themes(RealisationTheme, content.REALISATION_THEMES)
        new = [(demo, page) for demo in content.pages() if (page := self.place(demo))]
        for demo, page in new:
            self.fill(demo, page)
            page.save_revision().publish()

    def count(self, name: str, made: bool) -> None:
        self.seen[name] += 1
        self.made[name] += made

    def load_accounts(self) -> None:
        model = get_user_model()
        for name, group, language in ACCOUNTS:
            user, made = model.objects.get_or_create(
                username=name,
                defaults={
                    "email": f"{name}@vigie.example",
                    "first_name": name.capitalize(),
                    "is_staff": group is None,
                    "is_superuser": group is None,
                },
            )
            self.count("accounts", made)
            if made:
                user.set_password(PASSWORD)
                user.save()
                UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})
                if group:
                    user.groups.add(Group.objects.get(name=group))

    def load_settings(self) -> None:
        site = SiteSettings.load()
        made = site.name_fr != content.SITE.name_fr
        self.count("settings", made)
        if made:
            for name, value in values(content.SITE).items():
                setattr(site, name, value)
            site.save()

    def load_images(self) -> None:
        model = get_image_model()
        existing = dict(model.objects.values_list("title", "pk"))
        for image in content.IMAGES:
            title = f"{image.title_fr} / {image.title_nl}"
            made = title not in existing
            self.count("images", made)
            if made:
                file = ImageFile(BytesIO(drawing.jpeg(image.key)), name=f"{image.key}.jpg")
                stored = model(title=title, file=file, credit="Vigie")
                stored._set_image_file_metadata()
                stored.save()
                existing[title] = stored.pk
            self.images[image.key] = existing[title]

    def load_documents(self) -> None:
        model = get_document_model()
        existing = {
            (title, language): pk
            for title, language, pk in model.objects.values_list("title", "language", "pk")
        }
        for document in content.DOCUMENTS:
            for language in LANGUAGES:
                title = getattr(document, twin("title", language))
                made = (title, language) not in existing
                self.count("documents", made)
                if made:
                    name = getattr(document, twin("filename", language))
                    file = ContentFile(content.pdf(document, language), name=name)
                    stored = model(title=title, language=language, file=file)
                    stored._set_document_file_metadata()
                    stored.save()
                    existing[title, language] = stored.pk
                self.documents[document.key, language] = existing[title, language]

    def load_themes(self, model: type[VocabularyTerm], themes: Iterable[Any]) -> None:
        for theme in themes:
            fields = {name: value for name, value in values(theme).items() if name != "code"}
            term, made = model.objects.get_or_create(slug_fr=theme.slug_fr, defaults=fields)  # type: ignore[attr-defined]
            self.count("themes", made)
            self.themes[model, theme.code] = term

    def place(self, demo: DemoPage) -> BilingualPage | None:
        """The page in the tree, as a draft if it is new. None when there is nothing to fill in."""
        if isinstance(demo, Home):
            home = HomePage.objects.get()
            self.pages[demo.key] = home
            made = home.image_id is None
            self.count("pages", made)
            return home if made else None
        parent_key = content.parent_key(demo)
        assert parent_key is not None
        parent = self.pages[parent_key]
        model = INDEX_TYPES[demo.kind] if isinstance(demo, Index) else ITEM_TYPES[type(demo)]
        page = model.objects.child_of(parent).filter(slug_fr=demo.slug_fr).first()
        made = page is None
        self.count("pages", made)
        if page is None:
            texts = {
                name: getattr(demo, name) for stem in ("title", "slug", "summary") for name in twins(stem)
            }
            page = model(live=False, show_in_menus=isinstance(demo, Index | SearchMap), **texts)
            parent.add_child(instance=page)
        self.pages[demo.key] = page
        return page if made else None

    def fill(self, demo: DemoPage, page: BilingualPage) -> None:
        """The rest of the page's content, once all pages have an identifier."""
        if hasattr(page, "body"):
            page.body = self.stream(page, "body", demo.body)
        for name in ("intro", "image_alt"):
            for field in twins(name):
                if hasattr(demo, field) and hasattr(page, field):
                    setattr(page, field, getattr(demo, field))
        if image := getattr(demo, "image", ""):
            page.image_id = self.images[image]
            page.image_alt_fr, page.image_alt_nl = content.image_alt(image)
        if hasattr(page, "mission_id") and (mission := getattr(demo, "mission", "")):
            page.mission_id = self.pages[mission].pk
        fillers: dict[type[BilingualPage], Any] = {
            HomePage: self.fill_home,
            EmergencyNumbersPage: self.fill_numbers,
            StandardPage: self.fill_plain,
            MissionPage: self.fill_mission,
            NewsPage: self.fill_article,
            PublicationPage: self.fill_publication,
            RealisationPage: self.fill_realisation,
        }
        if filler := fillers.get(type(page)):
            filler(demo, page)

    def fill_home(self, demo: Home, page: HomePage) -> None:
        for stem in ("title", "summary", "hero_title", "hero_lead", "hero_label", "numbers_text"):
            for name in twins(stem):
                setattr(page, name, getattr(demo, name))
        page.hero_page_id = self.pages[demo.hero_page].pk
        page.chosen_realisations = [
            ChosenRealisation(realisation_id=self.pages[key].pk, sort_order=order)
            for order, key in enumerate(demo.realisations)
        ]

    def fill_numbers(self, demo: Index, page: EmergencyNumbersPage) -> None:
        published = dict(EmergencyNumber.objects.published().values_list("key", "pk"))
        stream = [
            {
                "type": "situation",
                "value": {
                    "text_fr": situation.situation_fr,
                    "text_nl": situation.situation_nl,
                    "number": published[situation.entry],
                },
            }
            for situation in content.GUIDE
            if situation.entry in published
        ]
        page.guide = page._meta.get_field("guide").to_python(stream)
        # The demo shows the date of verification; on a real site a person gives it, entry by entry.
        manager = get_user_model().objects.get(username="manager")
        for number in EmergencyNumber.objects.published().filter(verified_on=None):
            number.verify(manager, timezone.localdate())

    def fill_plain(self, demo: PlainPage, page: StandardPage) -> None:
        page.role = demo.role

    def fill_mission(self, demo: Mission, page: MissionPage) -> None:
        page.contacts = self.stream(page, "contacts", [("contact", values(each)) for each in demo.contacts])

    def fill_article(self, demo: Article, page: NewsPage) -> None:
        page.date = demo.date
        page.theme = self.themes[NewsTheme, demo.theme]

    def fill_publication(self, demo: Publication, page: PublicationPage) -> None:
        page.kind, page.date = demo.kind, demo.date
        page.period_start, page.period_end = demo.period_start, demo.period_end
        page.document_fr_id = self.documents[demo.document, "fr"]
        page.document_nl_id = self.documents[demo.document, "nl"]

    def fill_realisation(self, demo: Realisation, page: RealisationPage) -> None:
        page.theme = self.themes[RealisationTheme, demo.theme]
        page.start, page.end = demo.start, demo.end
        page.measure_fr, page.measure_nl = demo.measure_fr, demo.measure_nl
        page.plan_id = self.pages[demo.plan].pk if demo.plan else None
        page.police_zones = list(PoliceZone.objects.filter(code__in=demo.police_zones))
        page.municipalities = list(Municipality.objects.filter(nis__in=demo.municipalities))
        page.partners = [
            RealisationPartner(name_fr=partner.name_fr, name_nl=partner.name_nl, sort_order=order)
            for order, partner in enumerate(demo.partners)
        ]
        page.figures = self.stream(page, "figures", [("figure", values(each)) for each in demo.figures])

    def stream(self, page: BilingualPage, name: str, blocks: Iterable[Block]) -> Any:
        """A StreamField's value from the demo's blocks, keys replaced by identifiers."""
        raw = [{"type": kind, "value": self.resolved(value)} for kind, value in blocks]
        return page._meta.get_field(name).to_python(raw)

    def resolved(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            found: dict[str, Any] = {}
            for name, item in value.items():
                if name == "image":
                    found[name] = self.images[item]
                elif name == "page":
                    found[name] = self.pages[item].pk if item else None
                elif name == "document":
                    for language in LANGUAGES:
                        found[twin(name, language)] = self.documents[item, language]
                else:
                    found[name] = self.resolved(item)
            return found
        if isinstance(value, list | tuple):
            return [self.resolved(item) for item in value]
        if isinstance(value, str):
            return content.with_page_links(value, {key: page.pk for key, page in self.pages.items()})
        return value
