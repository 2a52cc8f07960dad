"""Random edits of a small site, by every kind of route that editors, the clock and code have."""

from __future__ import annotations

import datetime
import random
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from alerts.lifecycle import Kind, State
from alerts.models import AlertPage
from emergency_numbers.models import EmergencyNumber, EmergencyNumbersPage, Line
from home.models import SiteSettings, SocialLink, StandardPage
from missions.models import MissionPage
from news.models import NewsIndexPage, NewsPage, NewsTheme
from pages.languages import LANGUAGES, twin, twins
from pages.models import BilingualImage, BilingualPage, PublicDocument
from realisations.models import RealisationPage, RealisationPartner, RealisationTheme
from territory.models import Municipality
from tests.factories.alerts import AlertFactory, alert_index, send
from tests.factories.media import DocumentFactory, ImageFactory, png
from tests.factories.pages import body
from tests.factories.site import (
    MissionFactory,
    NewsFactory,
    NewsThemeFactory,
    PublicationFactory,
    RealisationFactory,
    StandardPageFactory,
    home_page,
)

KINDS = (NewsPage, MissionPage, StandardPage, RealisationPage)


def make_site() -> None:
    """A site with every page type, lists of several pages, images, documents and links between pages."""
    image = ImageFactory()
    missions = [MissionFactory(image=image, image_alt_fr="Une", image_alt_nl="Een"), MissionFactory()]
    for role in ("privacy", "contact"):
        StandardPageFactory(role=role)
    themes = NewsThemeFactory.create_batch(2)
    for day in range(1, 12):
        NewsFactory(
            date=datetime.date(2026, 2, day), theme=themes[day % 2], mission=missions[0] if day == 3 else None
        )
    PublicationFactory()
    for zones in (["5340"], []):
        RealisationFactory(mission=missions[0], zones=zones, places=["21004"])
    linked = f'<p><a linktype="page" id="{missions[1].pk}">Lien</a></p>'
    StandardPageFactory(body=body(("rich_text", {"text_fr": linked, "text_nl": linked})))
    home_page().add_child(
        instance=EmergencyNumbersPage(
            title_fr="Numéros", title_nl="Nummers", intro_fr="Restez.", intro_nl="Blijf."
        )
    )
    alert_index()
    SiteSettings.load()


class Edits:
    """`one()` makes one random edit and says which. `hours` is how far the clock has gone."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.count = 0
        self.hours = 0

    @property
    def now(self) -> datetime.datetime:
        return timezone.now() + datetime.timedelta(hours=self.hours)

    def one(self) -> str:
        edit = self.random.choice(EDITS)
        self.count += 1
        try:
            with transaction.atomic():
                edit(self)
        except ValidationError:
            # A refusal is an edit too: it changes nothing.
            return f"{edit.__name__} (refused)"
        return edit.__name__

    def word(self) -> str:
        return f"mot{self.count}x{self.random.randrange(1000)}"

    def pick(self, *models: Any, **filters: Any) -> Any:
        """A random row, or None."""
        model = self.random.choice(models)
        rows = [
            row
            for row in model.objects.filter(**filters).order_by("pk")
            # An alias is edited by way of its source.
            if not getattr(row, "alias_of_id", None)
        ]
        return self.random.choice(rows) if rows else None


def publish(page: Any, **changes: Any) -> None:
    candidate = page.get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(candidate, name, value)
    candidate.save_revision().publish()


def edit_text(edits: Edits) -> None:
    page = edits.pick(*KINDS, live=True)
    if page:
        names = edits.random.choice([["title_fr"], ["title_nl"], ["summary_fr", "summary_nl"]])
        publish(page, **{name: edits.word() for name in names})


def save_a_draft(edits: Edits) -> None:
    page = edits.pick(*KINDS)
    if page:
        page.title_fr = edits.word()
        page.save_revision()


def create(edits: Edits) -> None:
    word = edits.word()
    factory = edits.random.choice([NewsFactory, MissionFactory, RealisationFactory, StandardPageFactory])
    page = factory(title_fr=word, title_nl=f"{word}-nl")
    page.save_revision().publish()


def nest(edits: Edits) -> None:
    """A page below one that has none, which may leave in the same moment."""
    parent = edits.pick(StandardPage, live=True, numchild=0)
    if parent:
        word = edits.word()
        page = StandardPageFactory(title_fr=word, title_nl=f"{word}-nl", parent=parent, live=False)
        leave = edits.random.choice([parent.unpublish, partial(publish, parent, slug_fr=edits.word()), None])
        steps = [partial(publish, page), *([leave] if leave else [])]
        edits.random.shuffle(steps)
        for step in steps:
            step()


def rename(edits: Edits) -> None:
    page = edits.pick(*KINDS, NewsIndexPage, live=True)
    if page:
        publish(page, slug_fr=edits.word(), slug_nl=edits.word())


def move(edits: Edits) -> None:
    pages = list(StandardPage.objects.order_by("pk"))
    page, parent = edits.random.sample(pages, 2) if len(pages) > 1 else (None, None)
    if page and parent and not parent.is_descendant_of(page):
        page.move(edits.random.choice([parent, home_page()]), pos="last-child")


def reorder(edits: Edits) -> None:
    page = edits.pick(*KINDS)
    if page:
        page.move(page.get_parent(), pos=edits.random.choice(["first-child", "last-child"]))


def unpublish(edits: Edits) -> None:
    page = edits.pick(*KINDS, NewsIndexPage, live=True)
    if page:
        page.unpublish()


def publish_again(edits: Edits) -> None:
    page = edits.pick(*KINDS, NewsIndexPage, live=False)
    if page:
        publish(page)


def delete(edits: Edits) -> None:
    page = edits.pick(*KINDS, live=edits.random.random() < 0.8)
    if page:
        page.delete()


def copy(edits: Edits) -> None:
    page = edits.pick(*KINDS, live=True)
    if page:
        page.copy(keep_live=True, log_action=None)


def alias(edits: Edits) -> None:
    page = edits.pick(StandardPage, live=True, alias_of=None)
    if page:
        page.create_alias()


def schedule(edits: Edits) -> None:
    page = edits.pick(*KINDS, live=True)
    if page:
        past = timezone.now() - datetime.timedelta(minutes=1)
        if edits.random.random() < 0.5:
            publish(page, go_live_at=past + datetime.timedelta(days=1), title_fr=edits.word())
        else:
            type(page).objects.filter(pk=page.pk).update(expire_at=past)
        call_command("publish_scheduled")


def show_in_menu(edits: Edits) -> None:
    page = edits.pick(StandardPage, NewsIndexPage, live=True)
    if page:
        publish(page, show_in_menus=not page.show_in_menus)


def restrict(edits: Edits) -> None:
    restriction = edits.pick(PageViewRestriction)
    page = edits.pick(MissionPage, NewsPage, StandardPage)
    if restriction:
        restriction.delete()
    elif page:
        PageViewRestriction.objects.create(page_id=page.pk, restriction_type="login")


def restrict_files(edits: Edits) -> None:
    """The documents and images of a collection."""
    restriction = edits.pick(CollectionViewRestriction)
    if restriction:
        restriction.delete()
    else:
        collection = edits.pick(Collection)
        CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")


def move_files(edits: Edits) -> None:
    """As Wagtail's bulk action does: one statement, and no signal."""
    root = Collection.get_first_root_node()
    below = root.get_children().first() or root.add_child(name="Plans")
    place = edits.random.choice([root, below])
    for model in (BilingualImage, PublicDocument):
        if file := edits.pick(model):
            model.objects.filter(pk=file.pk).update(collection=place)


def change_settings(edits: Edits) -> None:
    settings = SiteSettings.load()
    settings.name_fr = edits.word()
    settings.phone = f"02 {edits.random.randrange(100, 999)}"
    settings.save()


def change_social_links(edits: Edits) -> None:
    link = edits.pick(SocialLink)
    if link and edits.random.random() < 0.5:
        link.delete()
    else:
        word = edits.word()
        SocialLink.objects.create(
            settings=SiteSettings.load(),
            network=word,
            url_fr=f"https://a.example/{word}",
            url_nl="https://b.example/",
        )


def change_a_number(edits: Edits) -> None:
    number = edits.pick(EmergencyNumber)
    number.name_fr = edits.word()
    number.save()


def change_numbers_in_bulk(edits: Edits) -> None:
    EmergencyNumber.objects.filter(status="published").update(purpose_nl=edits.word())


def change_a_line(edits: Edits) -> None:
    Line.objects.filter(pk=edits.pick(Line).pk).update(hours_fr=edits.word(), hours_nl=edits.word())


def activate_a_number(edits: Edits) -> None:
    number = edits.pick(EmergencyNumber, only_while_activated=True)
    if number:
        number.activated_until = edits.now + datetime.timedelta(minutes=90)
        number.save()


def replace_an_image(edits: Edits) -> None:
    image = edits.pick(BilingualImage)
    image.file = ContentFile(png(640 + edits.random.randrange(300), 400), f"{edits.word()}.png")
    image.save()


def focus_an_image(edits: Edits) -> None:
    image = edits.pick(BilingualImage)
    image.focal_point_x, image.focal_point_y = edits.random.randrange(1, 400), 100
    image.focal_point_width = image.focal_point_height = 50
    image.save()


def illustrate(edits: Edits) -> None:
    page = edits.pick(MissionPage, NewsPage, RealisationPage, live=True)
    if page:
        image = edits.random.choice([ImageFactory(), edits.pick(BilingualImage)])
        publish(page, image=image, image_alt_fr=edits.word(), image_alt_nl=edits.word())


def replace_a_document(edits: Edits) -> None:
    document = edits.pick(PublicDocument)
    document.file = ContentFile(b"%PDF-1.4 " + edits.word().encode(), f"{edits.word()}.pdf")
    document.save()


def publish_a_document(edits: Edits) -> None:
    word = edits.word()
    PublicationFactory(title_fr=word, title_nl=word, document_fr=DocumentFactory(title=word))


def rename_a_theme(edits: Edits) -> None:
    theme = edits.pick(NewsTheme)
    theme.name_fr = theme.slug_fr = edits.word()
    theme.save()


def rename_a_theme_of_realisations(edits: Edits) -> None:
    theme = edits.pick(RealisationTheme)
    theme.name_nl = edits.word()
    theme.save()


def change_partners(edits: Edits) -> None:
    """Rows of a page, by routes that do not save the page."""
    partner = edits.pick(RealisationPartner)
    if partner and edits.random.random() < 0.6:
        edits.random.choice([partner.delete, partial(rename_a_partner, partner, edits.word())])()
    elif page := edits.pick(RealisationPage, live=True):
        RealisationPartner.objects.create(page=page, name_fr=edits.word(), name_nl=edits.word())


def rename_a_partner(partner: RealisationPartner, word: str) -> None:
    RealisationPartner.objects.filter(pk=partner.pk).update(name_fr=word, name_nl=word)


def edit_a_body(edits: Edits) -> None:
    """Everything that a body can choose."""
    page = edits.pick(*KINDS, live=True)
    if page:
        word, target = edits.word(), edits.pick(StandardPage, NewsPage)
        linked = f'<p>{word} <a linktype="document" id="{edits.pick(PublicDocument).pk}">Lien</a></p>'
        item = {
            **{twin("document", language): edits.pick(PublicDocument).pk for language in LANGUAGES},
            **dict.fromkeys(twins("title"), word),
        }
        action = {**dict.fromkeys(twins("text"), word), **dict.fromkeys(twins("label"), word)}
        blocks = [
            ("image", {"image": edits.pick(BilingualImage).pk, **dict.fromkeys(twins("alt"), word)}),
            ("documents", {"items": [{"type": "item", "value": item, "id": str(uuid.uuid4())}]}),
            ("call_to_action", {**action, "page": target.pk if target else None, "url_fr": "", "url_nl": ""}),
            ("rich_text", dict.fromkeys(twins("text"), linked)),
        ]
        publish(page, body=body(*edits.random.sample(blocks, 3)))


def rename_themes_in_bulk(edits: Edits) -> None:
    NewsTheme.objects.update(name_nl=edits.word())


def rename_a_municipality(edits: Edits) -> None:
    town = Municipality.objects.get(nis="21004")
    town.name_nl = edits.word()
    town.save()


def change_where(edits: Edits) -> None:
    page = edits.pick(RealisationPage, live=True)
    if page:
        publish(page, municipalities=[edits.pick(Municipality)])


def redirect(edits: Edits) -> None:
    Redirect.objects.create(old_path=f"/fr/{edits.word()}", redirect_link="/fr/", site=None)


def send_an_alert(edits: Edits) -> None:
    send(
        AlertFactory(title_fr=edits.word(), title_nl=edits.word(), municipalities=[edits.pick(Municipality)])
    )


def follow_an_alert(edits: Edits) -> None:
    now = timezone.now()
    alerts = [alert for alert in AlertPage.objects.order_by("pk") if alert.state_at(now) is State.ACTIVE]
    if not alerts:
        return
    alert = edits.random.choice(alerts)
    if edits.random.random() < 0.5:
        send(alert, what_fr=edits.word())
    else:
        alert.end(edits.random.choice([Kind.ALL_CLEAR, Kind.CANCEL]), now=now)


def wait(edits: Edits) -> None:
    edits.hours += edits.random.choice([1, 3, 24, 24 * 15])


def wait_again(edits: Edits) -> None:
    wait(edits)


def move_a_section(edits: Edits) -> None:
    """Pages below a page that changes its address move with it, by one statement."""
    page = edits.pick(StandardPage, live=True)
    if page and not page.get_children().exists():
        child = StandardPage(title_fr=edits.word(), title_nl=edits.word())
        page.add_child(instance=child)
    if page:
        publish(BilingualPage.objects.get(pk=page.pk).specific, slug_nl=edits.word())


EDITS: tuple[Callable[[Edits], None], ...] = (
    edit_text, save_a_draft, create, nest, rename, move, reorder, unpublish, publish_again, delete, copy, alias,
    schedule, show_in_menu, restrict, restrict_files, move_files, change_settings, change_social_links, change_a_number,
    change_numbers_in_bulk, change_a_line, activate_a_number, replace_an_image, focus_an_image, illustrate,
    replace_a_document, publish_a_document, rename_a_theme, rename_themes_in_bulk, rename_a_municipality,
    rename_a_theme_of_realisations, change_partners, edit_a_body,
    change_where, redirect, send_an_alert, follow_an_alert, wait, wait_again, move_a_section,
)  # fmt: skip
