"""Puts a word of its own into each thing of a site that the public must never see, and one that it may.

`python -m tests.site.canaries` does so in the site's own process and prints {word: where it is} as JSON.
"""

import io
import json
import sys
from datetime import timedelta
from typing import Any

PUBLIC = "zzqpublicx"
LANGUAGES = ("fr", "nl")


class Planter:
    """Words that occur nowhere else, by where they were put. They hold no character that HTML, JSON or a URL
    writes differently."""

    def __init__(self) -> None:
        self.hidden: dict[str, str] = {}

    def word(self, where: str) -> str:
        word = f"zzqhidden{len(self.hidden):04d}x"
        self.hidden[word] = where
        return word

    def twins(self, where: str, *names: str) -> dict[str, str]:
        """A word for each twin of `names`."""
        return {
            f"{name}_{code}": self.word(f"{where}: {name} {code}") for name in names for code in LANGUAGES
        }

    def document(self, where: str, **attrs: Any) -> Any:
        from django.core.files.base import ContentFile

        from pages.models import PublicDocument

        content = f"%PDF-1.4 {self.word(f'{where}: content')}".encode()
        file = ContentFile(content, f"{self.word(f'{where}: file name')}.pdf")
        return PublicDocument.objects.create(title=self.word(f"{where}: title"), file=file, **attrs)

    def image(self, where: str, **attrs: Any) -> Any:
        from django.core.files.base import ContentFile
        from PIL import Image

        from pages.models import BilingualImage

        stream = io.BytesIO()
        Image.new("RGB", (640, 400), "#246").save(stream, "PNG")
        file = ContentFile(stream.getvalue(), f"{self.word(f'{where}: file name')}.png")
        credit = self.word(f"{where}: credit")
        title = self.word(f"{where}: title")
        return BilingualImage.objects.create(title=title, credit=credit, file=file, **attrs)

    def page(self, where: str, parent: Any, model: Any, **attrs: Any) -> Any:
        """A page below `parent` with words in every text, a document of its own and, where it takes one, an
        image."""
        texts = self.twins(where, "title", "slug", "summary", "seo_title", "search_description")
        if hasattr(model, "image"):
            texts |= self.twins(where, "image_alt")
            attrs["image"] = self.image(f"{where}: image")
        page = model(**texts, **attrs)
        if hasattr(model, "body"):
            number = self.document(f"{where}: document").pk
            link = f'<a linktype="document" id="{number}">x</a>'
            page.body = json.dumps(
                [rich_text({code: f"{self.word(f'{where}: body {code}')} {link}" for code in LANGUAGES})]
            )
        return parent.add_child(instance=page)


def rich_text(texts: dict[str, str]) -> dict[str, Any]:
    """A block of a body as it is stored."""
    value = {f"text_{code}": f"<p>{text}</p>" for code, text in texts.items()}
    return {"type": "rich_text", "value": value}


def plant() -> dict[str, str]:
    """Change the site's content; the hidden words by where they are."""
    planter = Planter()
    plant_pages_that_are_not_public(planter)
    plant_drafts_of_public_pages(planter)
    plant_links_to_what_is_not_public(planter)
    plant_what_editors_keep_to_themselves(planter)
    return planter.hidden


def plant_pages_that_are_not_public(planter: Planter) -> None:
    from django.contrib.auth.models import Group
    from django.utils import timezone
    from wagtail.models import PageViewRestriction

    from home.models import HomePage, StandardPage
    from news.models import NewsIndexPage, NewsPage
    from pages.models import BilingualPage

    news, home = NewsIndexPage.objects.get(), HomePage.objects.get()
    theme = NewsPage.objects.live().first().theme
    day = timedelta(days=1)

    def article(where: str, **attrs: Any) -> Any:
        return planter.page(where, news, NewsPage, theme=theme, **attrs)

    article("draft", live=False).save_revision()
    scheduled = article("scheduled", live=False, go_live_at=timezone.now() + day)
    scheduled.save_revision().publish()
    article("unpublished").unpublish()
    article("expired", expire_at=timezone.now() - day).unpublish(set_expired=True)
    restrictions = {"login": {}, "password": {"password": planter.word("password of a page")}, "groups": {}}
    for kind, attrs in restrictions.items():
        page = article(f"restricted: {kind}")
        restriction = PageViewRestriction.objects.create(page=page, restriction_type=kind, **attrs)
        if kind == "groups":
            restriction.groups.set(Group.objects.all()[:1])
    restricted = planter.page("restricted parent", home, StandardPage)
    PageViewRestriction.objects.create(page=restricted, restriction_type="login")
    dead = planter.page("unpublished parent", home, StandardPage)
    dead.unpublish()
    planter.page("outside the site", BilingualPage.get_first_root_node(), StandardPage)


def plant_drafts_of_public_pages(planter: Planter) -> None:
    """Changes of every public page that nobody has published."""
    from pages.graph import SiteGraph
    from pages.models import BilingualPage

    for node in SiteGraph.load():
        page = BilingualPage.objects.get(pk=node.id).specific
        for name, value in planter.twins(
            f"unpublished changes of {node.url}", "title", "summary", "seo_title"
        ).items():
            setattr(page, name, value)
        if hasattr(page, "body"):
            number = planter.document(f"unpublished changes of {node.url}: document").pk
            link = f'<a linktype="document" id="{number}">x</a>'
            word = planter.word(f"unpublished changes of {node.url}: body")
            body = [*page.body.raw_data, rich_text(dict.fromkeys(LANGUAGES, f"{word} {link}"))]
            page.body = json.dumps(list(body), default=dict)
        page.save_revision()


def plant_links_to_what_is_not_public(planter: Planter) -> None:
    """From the body of a public page and from a redirect."""
    from wagtail.contrib.redirects.models import Redirect
    from wagtail.models import Collection, CollectionViewRestriction

    from home.models import HomePage, StandardPage
    from missions.models import MissionPage
    from news.models import NewsPage
    from realisations.models import RealisationPage

    hidden = StandardPage.objects.filter(slug_fr__startswith="zzqhidden")
    collection = Collection.get_first_root_node().add_child(name=planter.word("collection"))
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    where = "document of a restricted collection, linked from a public page"
    document = planter.document(where, collection=collection)
    links = " ".join(f'<a linktype="page" id="{page.pk}">x</a>' for page in hidden)
    links += f' <a linktype="document" id="{document.pk}">x</a>'
    page = NewsPage.objects.live().public().exclude(slug_fr__startswith="zzqhidden").first()
    where = "image of a restricted collection, shown by a public page"
    shown = {
        "image": planter.image(f"{where}: body", collection=collection).pk,
        "decorative": False,
        **planter.twins(f"{where}: body", "alt", "caption"),
    }
    body = [*page.body.raw_data, rich_text(dict.fromkeys(LANGUAGES, f"{PUBLIC} {links}"))]
    body.append({"type": "image", "value": shown})
    page.body = json.dumps(list(body), default=dict)
    page.save_revision().publish()
    for model in HomePage, NewsPage, MissionPage, RealisationPage:
        # A realisation is in lists and in their JSON too.
        page = model.objects.live().public().exclude(slug_fr__startswith="zzqhidden").last()
        place = f"{where}: {model.__name__}"
        page.image = planter.image(place, collection=collection)
        for name, word in planter.twins(place, "image_alt").items():
            setattr(page, name, word)
        page.save_revision().publish()
    for target in hidden:
        old = planter.word("redirect to a page that is not public")
        Redirect.objects.create(old_path=f"/fr/{old}", redirect_page=target)


def plant_what_editors_keep_to_themselves(planter: Planter) -> None:
    from django.contrib.auth import get_user_model
    from wagtail.models import Comment

    from emergency_numbers.models import EmergencyNumber, Line
    from home.models import HomePage

    users = get_user_model().objects.all()
    comment = planter.word("comment")
    Comment.objects.create(page=HomePage.objects.first(), user=users[0], text=comment, contentpath="title_fr")
    for entry in EmergencyNumber.objects.all():
        entry.note, entry.verified_by = planter.word(f"note of {entry.key}"), users[0]
        entry.save()
    hidden = EmergencyNumber.objects.create(
        key=planter.word("unpublished number: key"),
        need=entry.need,
        **planter.twins("unpublished number", "name", "purpose"),
    )
    source = planter.word("unpublished number: source")
    Line.objects.create(entry=hidden, number="02 111 22 33", languages=["fr"], source=source)
    for user in users:
        user.first_name, user.last_name = planter.word("first name"), planter.word("last name")
        user.email = f"{planter.word('mail address')}@vigie.example"
        user.save()
    planter.document("document that no page links")
    planter.image("image that no page shows")


if __name__ == "__main__":
    import django

    django.setup()
    json.dump(plant(), sys.stdout)
