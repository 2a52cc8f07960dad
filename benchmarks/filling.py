"""Fills a database with the demonstration and as many more pages as asked for: the site's own page types, bodies of
every kind of block, images, documents, in both languages. The same number of pages gives the same content each time.

Pages go in by the thousand, without the signals that keep Wagtail's search and reference indexes up to date.
"""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.management import call_command
from django.db import models, transaction
from PIL import Image as PillowImage
from PIL import ImageDraw
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from generator.outbox import request_build
from home.models import HomePage, StandardPage
from missions.models import MissionPage
from news.models import NewsIndexPage, NewsPage, NewsTheme
from pages.blocks import BodyBlock
from pages.languages import LANGUAGES, pinned, twin
from pages.models import BilingualImage, BilingualPage, PublicDocument
from pages.signals import touch_graph
from publications.models import Kind, PublicationIndexPage, PublicationPage
from realisations.models import RealisationIndexPage, RealisationPage, RealisationPartner, RealisationTheme
from territory.models import Municipality, PoliceZone

SEED = 20261122
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""When the newest of the pages was published."""
CHUNK = 500
PLAIN_PER_SECTION = 20
PAGES_PER_IMAGE = PAGES_PER_DOCUMENT = 100
SHARES: dict[type[BilingualPage], int] = {
    NewsPage: 50,
    RealisationPage: 20,
    PublicationPage: 10,
    StandardPage: 20,
}
"""Of a hundred pages, how many are of which type. A mission stands on the home page, so there are no more of those."""

TITLES: dict[type[BilingualPage], tuple[str, str]] = {
    NewsPage: ("Actualité {}", "Nieuwsbericht {}"),
    RealisationPage: ("Réalisation {}", "Realisatie {}"),
    PublicationPage: ("Publication {}", "Publicatie {}"),
    StandardPage: ("Conseil {}", "Advies {}"),
}
INTRODUCTION = {
    "fr": "<p>Dossier {number} : ce que la Région, les communes et les zones de police ont préparé ensemble.</p>",
    "nl": "<p>Dossier {number}: wat het Gewest, de gemeenten en de politiezones samen hebben voorbereid.</p>",
}


def fill(pages: int) -> Counter[str]:
    """Load the demonstration and add pages until `pages` are live, home page included. How many of each type there are.

    Raises ValueError when the demonstration alone has more.
    """
    call_command("load_demo", stdout=StringIO())
    live = BilingualPage.objects.filter(live=True, depth__gt=1).count()
    if pages < live:
        message = f"A site of {pages} pages is smaller than the demonstration ({live} pages). Ask for more."
        raise ValueError(message)
    with transaction.atomic(), pinned():
        _settle_demonstration()
        _Filler(pages - live).run()
        touch_graph()
        request_build(f"benchmark: {pages} pages")
    types = BilingualPage.objects.filter(live=True, depth__gt=1).values_list("content_type__model", flat=True)
    return Counter(types)


def _settle_demonstration() -> None:
    """Give the demonstration's pages the same keys and dates each time."""
    for page in BilingualPage.objects.rewrite(False).filter(depth__gt=1):
        BilingualPage.objects.filter(pk=page.pk).update(
            translation_key=uuid.uuid5(uuid.NAMESPACE_URL, page.url_path_fr),
            first_published_at=NOW,
            last_published_at=NOW,
            latest_revision_created_at=NOW,
        )


class _Filler:
    """Makes `count` pages below the demonstration's lists."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.random = random.Random(SEED)
        self.images = [*BilingualImage.objects.order_by("pk"), *self._more_images()]
        self.documents = self._more_documents()
        self.blocks = self._demo_blocks()
        self.missions = list(MissionPage.objects.order_by("path"))
        self.zones = list(PoliceZone.objects.order_by("code"))
        self.municipalities = list(Municipality.objects.order_by("nis"))
        self.news_themes = list(NewsTheme.objects.order_by("slug_fr"))
        self.realisation_themes = list(RealisationTheme.objects.order_by("slug_fr"))

    def run(self) -> None:
        numbers = [share * self.count // sum(SHARES.values()) for share in SHARES.values()]
        numbers[0] += self.count - sum(numbers)
        for (model, _share), number in zip(SHARES.items(), numbers, strict=True):
            if model is StandardPage:
                self._plain_pages(number)
            elif number:
                parent = {
                    NewsPage: NewsIndexPage,
                    RealisationPage: RealisationIndexPage,
                    PublicationPage: PublicationIndexPage,
                }[model].objects.get()
                self._store(parent, (self._page(model, index) for index in range(number)))

    def _plain_pages(self, number: int) -> None:
        """Sections below the home page, each with the plain pages of one subject."""
        home = HomePage.objects.get()
        heads = range(0, number, PLAIN_PER_SECTION)
        self._store(home, (self._page(StandardPage, index) for index in heads))
        slugs = {self._slugs(StandardPage, index)[0]: index for index in heads}
        for section in StandardPage.objects.child_of(home).filter(slug_fr__in=slugs):
            first = slugs[section.slug_fr]
            below = range(first + 1, min(first + PLAIN_PER_SECTION, number))
            self._store(section, (self._page(StandardPage, index) for index in below))

    # One page

    @staticmethod
    def _slugs(model: type[BilingualPage], index: int) -> tuple[str, str]:
        french, dutch = (title.format(index + 1) for title in TITLES[model])
        return (
            french.lower().replace("é", "e").replace(" ", "-"),
            dutch.lower().replace(" ", "-"),
        )

    def _page(self, model: type[BilingualPage], index: int) -> Any:
        """An unsaved page, complete but for its place in the tree."""
        number = index + 1
        (title_fr, title_nl), (slug_fr, slug_nl) = TITLES[model], self._slugs(model, index)
        page: Any = model(
            title_fr=title_fr.format(number),
            title_nl=title_nl.format(number),
            slug_fr=slug_fr,
            slug_nl=slug_nl,
            summary_fr=f"Ce qu'il faut savoir du dossier {number}, en deux phrases. À lire avant d'agir.",
            summary_nl=f"Wat u moet weten over dossier {number}, in twee zinnen. Te lezen voor u handelt.",
            live=True,
            translation_key=uuid.UUID(int=self.random.getrandbits(128), version=4),
        )
        moment = NOW - timedelta(hours=number)
        page.first_published_at = page.last_published_at = page.latest_revision_created_at = moment
        page.body = model._meta.get_field("body").to_python(self._body(number))
        if hasattr(page, "image_id"):
            image = self.random.choice(self.images)
            page.image_id = image.pk
            page.image_alt_fr = f"Image du dossier {number}"
            page.image_alt_nl = f"Beeld bij dossier {number}"
        if hasattr(page, "mission_id"):
            page.mission_id = self.random.choice(self.missions).pk
        {
            NewsPage: self._news,
            RealisationPage: self._realisation,
            PublicationPage: self._publication,
        }.get(model, lambda page, number: None)(page, number)
        return page

    def _news(self, page: NewsPage, number: int) -> None:
        page.date = _day(number)
        page.theme = self.random.choice(self.news_themes)

    def _realisation(self, page: RealisationPage, number: int) -> None:
        page.theme = self.random.choice(self.realisation_themes)
        page.start, page.end = _day(number), _day(number) + timedelta(days=200)
        page.measure_fr, page.measure_nl = f"Mesure {number % 90 + 1}", f"Maatregel {number % 90 + 1}"

    def _publication(self, page: PublicationPage, number: int) -> None:
        page.kind = self.random.choice(list(Kind))
        page.date = _day(number)
        page.period_start, page.period_end = page.date.year, page.date.year + 1
        pair = self.random.choice(self.documents)
        page.document_fr_id, page.document_nl_id = pair["fr"].pk, pair["nl"].pk

    def _body(self, number: int) -> list[dict[str, Any]]:
        """A text of its own, then five to eight blocks of the demonstration's, each kind in its turn."""
        kinds = list(BodyBlock.base_blocks)
        first = number % len(kinds)
        chosen = ["heading", "rich_text", *(kinds[(first + step) % len(kinds)] for step in range(5))]
        chosen += self.random.choices(["rich_text", "heading"], k=self.random.randrange(4))
        own = {twin("text", language): INTRODUCTION[language].format(number=number) for language in LANGUAGES}
        return [
            self._identified("rich_text", own),
            *(self._identified(kind, self.random.choice(self.blocks[kind])) for kind in chosen),
        ]

    def _identified(self, kind: str, value: Any) -> dict[str, Any]:
        value = deepcopy(value)
        if kind == "image":
            value["image"] = self.random.choice(self.images).pk
        return {
            "type": kind,
            "value": value,
            "id": str(uuid.UUID(int=self.random.getrandbits(128), version=4)),
        }

    # Storing

    def _store(self, parent: BilingualPage, pages: Iterator[Any]) -> None:
        """Add `pages` after the last child of `parent`."""
        parent = BilingualPage.objects.get(pk=parent.pk)
        last = parent.get_last_child()
        step = BilingualPage._str2int(last.path[-BilingualPage.steplen :]) if last else 0
        made = 0
        chunk: list[Any] = []
        for page in pages:
            made += 1
            page.depth, page.numchild = parent.depth + 1, 0
            page.path = BilingualPage._get_path(parent.path, page.depth, step + made)
            page.set_url_path(parent)
            for language in LANGUAGES:
                setattr(page, twin("draft_title", language), getattr(page, twin("title", language)))
            page.locale_id = parent.locale_id
            chunk.append(page)
            if len(chunk) == CHUNK:
                _insert(chunk)
                self._relate(chunk)
                chunk = []
        if chunk:
            _insert(chunk)
            self._relate(chunk)
        BilingualPage.objects.filter(pk=parent.pk).update(numchild=models.F("numchild") + made)

    def _relate(self, pages: list[Any]) -> None:
        """Where realisations took place, and with whom."""
        if not isinstance(pages[0], RealisationPage):
            return
        zones, places, partners = [], [], []
        for page in pages:
            zones.append(
                RealisationPage.police_zones.through(
                    realisationpage_id=page.pk, policezone_id=self.random.choice(self.zones).pk
                )
            )
            places += [
                RealisationPage.municipalities.through(
                    realisationpage_id=page.pk, municipality_id=municipality.pk
                )
                for municipality in self.random.sample(self.municipalities, 2)
            ]
            partners.append(
                RealisationPartner(
                    page_id=page.pk, sort_order=0, name_fr="La commune voisine", name_nl="De buurgemeente"
                )
            )
        for rows in (zones, places, partners):
            type(rows[0])._base_manager.bulk_create(rows, batch_size=CHUNK)

    # What pages show

    @staticmethod
    def _demo_blocks() -> dict[str, list[Any]]:
        """The values of the demonstration's blocks by kind. Raises ValueError when it has none of a kind."""
        found: dict[str, list[Any]] = {kind: [] for kind in BodyBlock.base_blocks}
        for page in BilingualPage.objects.filter(live=True).order_by("path").specific():
            if "body" in page.get_streamfield_names():
                for raw in page.body.raw_data:
                    found[raw["type"]].append(raw["value"])
        if missing := [kind for kind, values in found.items() if not values]:
            message = f"The demonstration has no block of these kinds: {', '.join(missing)}. Add one to it."
            raise ValueError(message)
        return found

    def _more_images(self) -> list[BilingualImage]:
        images = []
        for number in range(self.count // PAGES_PER_IMAGE):
            image = get_image_model()(
                title=f"Benchmark {number}",
                file=ImageFile(BytesIO(_drawn(number)), name=f"benchmark-{number}.jpg"),
            )
            image._set_image_file_metadata()
            image.save()
            images.append(image)
        return images

    def _more_documents(self) -> list[dict[str, PublicDocument]]:
        pairs = []
        for number in range(max(1, self.count // PAGES_PER_DOCUMENT)):
            pair = {}
            for language in LANGUAGES:
                text = f"%PDF-1.4\n% dossier {number} {language}\n".encode() + b"." * 40_000
                document = get_document_model()(
                    title=f"Dossier {number}",
                    language=language,
                    file=ContentFile(text, name=f"dossier-{number}-{language}.pdf"),
                )
                document._set_document_file_metadata()
                document.save()
                pair[language] = document
            pairs.append(pair)
        return pairs


def _insert(pages: list[Any]) -> None:
    """The rows of `pages`, in the table of all pages and in that of their type, which `bulk_create` refuses to do."""
    model = type(pages[0])
    base = BilingualPage._meta.concrete_fields
    rows = [
        BilingualPage(**{field.attname: getattr(page, field.attname) for field in base}) for page in pages
    ]
    for page, row in zip(pages, rows, strict=True):
        # The untranslated column follows its twin.
        for name in BilingualPage._translated_names():
            setattr(row, name, getattr(page, twin(name, LANGUAGES[0])))
    models.QuerySet(BilingualPage).bulk_create(rows, batch_size=CHUNK)
    for page, row in zip(pages, rows, strict=True):
        page.pk = page.bilingualpage_ptr_id = row.pk
    models.QuerySet(model)._batched_insert(pages, fields=model._meta.local_concrete_fields, batch_size=CHUNK)


def _day(number: int) -> date:
    """A day of the last ten years, the higher the number the earlier."""
    return NOW.date() - timedelta(days=number % 3650)


def _drawn(number: int) -> bytes:
    """A picture of 1,600 by 1,000 pixels."""
    generator = random.Random(SEED + number)
    image = PillowImage.linear_gradient("L").resize((1600, 1000)).convert("RGB")
    draw = ImageDraw.Draw(image)
    for _shape in range(40):
        x, y = generator.randrange(1600), generator.randrange(1000)
        size = generator.randrange(40, 300)
        draw.ellipse(
            (x, y, x + size, y + size), fill=tuple(generator.randrange(256) for _channel in range(3))
        )
    stream = BytesIO()
    image.save(stream, "JPEG", quality=82)
    return stream.getvalue()
