"""Who may do what at which address: one table of role × URL × method, for the CMS and all else that Django answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, PageViewRestriction, Site
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from emergency_numbers.models import EmergencyNumber, Need
from home.models import SiteSettings
from members.models import User
from news.models import NewsIndexPage, NewsPage, NewsTheme
from pages.models import BilingualImage, PublicDocument
from tests.factories.media import SVG, DocumentFactory, ImageFactory
from tests.factories.site import NewsFactory, NewsThemeFactory, home_page
from tests.factories.users import SuperuserFactory, UserFactory

pytestmark = pytest.mark.django_db

ROLES = {
    "nobody": None,
    "editor": "Editors",
    "moderator": "Moderators",
    "duty": "Duty officers",
    "coordinator": "Platform coordinators",
    "manager": "Site managers",
    "superuser": "",
}

# What is read.
# ok: shown. login: sent to the login form. denied: refused with a message, or 403. token: 401, for programs.
# missing: 404. moved: a redirect. building: 503, no release yet.
READ = """
address                                                nobody  editor  moderator duty    coordinator manager superuser
/                                                      building building building building building building building
/fr/                                                   building building building building building building building
/admin/                                                building building building building building building building
/health/live                                           ok      ok      ok      ok      ok      ok      ok
/health/ready                                          building building building building building building building
/api/wagtail/v3/pages/                                 ok      ok      ok      ok      ok      ok      ok
/api/wagtail/v3/pages/{page}/                          ok      ok      ok      ok      ok      ok      ok
/api/wagtail/v3/pages/{draft}/                         missing missing missing missing missing missing missing
/api/wagtail/v3/pages/{restricted}/                    missing missing missing missing missing missing missing
/api/wagtail/v3/images/                                token   token   token   token   token   token   token
/api/wagtail/v3/documents/                             token   token   token   token   token   token   token
/api/wagtail/v3/openapi.json                           ok      ok      ok      ok      ok      ok      ok
{file}                                                 login   ok      ok      ok      ok      ok      ok
{download}                                             login   ok      ok      ok      ok      ok      ok
/cms/login/                                            ok      moved   moved   moved   moved   moved   moved
/cms/                                                  login   ok      ok      ok      ok      ok      ok
/cms/account/                                          login   ok      ok      ok      ok      ok      ok
/cms/pages/{home}/                                     login   ok      ok      denied  denied  ok      ok
/cms/pages/search/?q=une                               login   ok      ok      denied  denied  ok      ok
/cms/pages/add/news/newspage/{parent}/                 login   ok      ok      denied  denied  ok      ok
/cms/pages/{page}/edit/                                login   ok      ok      denied  denied  ok      ok
/cms/pages/{page}/history/                             login   ok      ok      denied  denied  ok      ok
/cms/pages/{draft}/view_draft/                         login   ok      ok      denied  denied  ok      ok
/cms/pages/{page}/edit/preview/                        login   ok      ok      denied  denied  ok      ok
/cms/pages/{page}/copy/                                login   ok      ok      denied  denied  ok      ok
/cms/pages/{page}/move/                                login   denied  ok      denied  denied  ok      ok
/cms/pages/{page}/delete/                              login   denied  ok      denied  denied  ok      ok
/cms/pages/{page}/unpublish/                           login   denied  ok      denied  denied  ok      ok
/cms/pages/{page}/privacy/                             login   denied  ok      denied  denied  ok      ok
/cms/publishing/                                       login   ok      ok      ok      ok      ok      ok
/cms/publishing/release/20261122T100000.000000Z/       login   denied  denied  denied  denied  ok      ok
/cms/images/                                           login   ok      ok      denied  ok      ok      ok
/cms/images/{image}/                                   login   ok      ok      denied  denied  ok      ok
/cms/documents/                                        login   ok      ok      denied  ok      ok      ok
/cms/documents/edit/{document}/                        login   ok      ok      denied  denied  ok      ok
/cms/snippets/                                         login   denied  ok      denied  denied  ok      ok
/cms/snippets/news/newstheme/                          login   denied  ok      denied  denied  ok      ok
/cms/snippets/news/newstheme/edit/{theme}/             login   denied  ok      denied  denied  ok      ok
/cms/snippets/news/newstheme/delete/{theme}/           login   denied  denied  denied  denied  ok      ok
/cms/snippets/emergency_numbers/emergencynumber/       login   denied  denied  denied  denied  ok      ok
/cms/snippets/emergency_numbers/emergencynumber/edit/{number}/ login denied denied denied denied  ok      ok
/cms/snippets/territory/municipality/                  login   denied  denied  denied  denied  ok      ok
/cms/settings/home/sitesettings/1/                     login   denied  denied  denied  denied  ok      ok
/cms/redirects/                                        login   denied  denied  denied  denied  ok      ok
/cms/redirects/{redirect}/                             login   denied  denied  denied  denied  ok      ok
/cms/collections/                                      login   denied  denied  denied  denied  ok      ok
/cms/collections/{collection}/                         login   denied  denied  denied  denied  ok      ok
/cms/users/                                            login   denied  denied  denied  denied  denied  ok
/cms/users/edit/{user}/                                login   denied  denied  denied  denied  denied  ok
/cms/groups/                                           login   denied  denied  denied  denied  denied  ok
/cms/groups/edit/{group}/                              login   denied  denied  denied  denied  denied  ok
/cms/sites/                                            login   denied  denied  denied  denied  denied  ok
/cms/sites/edit/{site}/                                login   denied  denied  denied  denied  denied  ok
/cms/workflows/list/                                   login   denied  denied  denied  denied  denied  ok
/cms/reports/locked/                                   login   denied  ok      denied  denied  ok      ok
/cms/reports/workflow/                                 login   ok      ok      denied  denied  ok      ok
/cms/reports/site-history/                             login   ok      ok      ok      ok      ok      ok
/cms/reports/aging-pages/                              login   ok      ok      denied  denied  ok      ok
/cms/reports/page-types-usage/                         login   ok      ok      denied  denied  ok      ok
"""

# What is sent. done: it happened. no: it did not, and nothing else did.
SENT = """
what                                                   nobody  editor  moderator duty    coordinator manager superuser
POST save a draft                                      no      done    done    no      no      done    done
POST publish changes                                   no      no      done    no      no      done    done
POST publish a new page                                no      no      done    no      no      done    done
POST publish in bulk                                   no      no      done    no      no      done    done
POST unpublish                                         no      no      done    no      no      done    done
POST delete a page                                     no      no      done    no      no      done    done
POST move a page                                       no      no      done    no      no      done    done
POST copy a page                                       no      done    done    no      no      done    done
POST restrict a page                                   no      no      done    no      no      done    done
POST add an image                                      no      done    done    no      done    done    done
POST delete an image                                   no      done    done    no      no      done    done
POST add a document                                    no      done    done    no      done    done    done
POST delete a document                                 no      done    done    no      no      done    done
POST add a theme                                       no      no      done    no      no      done    done
POST delete a theme                                    no      no      no      no      no      done    done
POST delete a number                                   no      no      no      no      no      done    done
POST change the settings                               no      no      no      no      no      done    done
POST add a redirect                                    no      no      no      no      no      done    done
POST add a collection                                  no      no      no      no      no      done    done
POST add a user                                        no      no      no      no      no      no      done
POST become a superuser                                no      no      no      no      no      no      no
POST delete a group                                    no      no      no      no      no      no      done
POST publish by the API                                no      no      no      no      no      no      no
PATCH change by the API                                no      no      no      no      no      no      no
DELETE delete by the API                               no      no      no      no      no      no      no
POST to a public page                                  no      no      no      no      no      no      no
PUT to a health check                                  no      no      no      no      no      no      no
"""


def rows(table: str) -> dict[str, dict[str, str]]:
    """What each role is to get, by address or deed."""
    head, *lines = table.strip().splitlines()
    roles = head.split()[1:]
    parsed = {}
    for line in lines:
        words = line.split()
        parsed[" ".join(words[: -len(roles)])] = dict(zip(roles, words[-len(roles) :], strict=True))
    return parsed


class World:
    """What the addresses of the tables name."""

    def __init__(self) -> None:
        self.theme = NewsThemeFactory()
        self.page = NewsFactory(title_fr="Une page", title_nl="Een pagina", theme=self.theme)
        self.draft = NewsFactory(live=False, theme=self.theme)
        self.draft.save_revision()
        self.restricted = NewsFactory(theme=self.theme)
        PageViewRestriction.objects.create(page=self.restricted, restriction_type="login")
        self.parent, self.home = self.page.get_parent(), home_page()
        self.image, self.document = ImageFactory(), DocumentFactory()
        self.spare = NewsThemeFactory(name_fr="Libre")
        self.redirect = Redirect.objects.create(old_path="/fr/ancien", redirect_link="/fr/")
        self.user, self.group = UserFactory(), Group.objects.get(name="Editors")
        self.site = Site.objects.get()
        self.collection = Collection.get_first_root_node().add_child(name="Plans")
        self.number = EmergencyNumber.objects.create(
            key="x", need=Need.objects.first(), name_fr="x", name_nl="x", purpose_fr="x", purpose_nl="x"
        )
        self.archive = self.home.add_child(instance=NewsIndexPage(title_fr="Archives", title_nl="Archief"))
        self.superusers = User.objects.filter(is_superuser=True).count()
        SiteSettings.load()

    def address(self, pattern: str) -> str:
        values = {name: getattr(value, "pk", value) for name, value in vars(self).items()}
        return pattern.format(**values | {"file": self.document.file.url, "download": self.document.url})

    def page_form(self, page: Any = None, **changes: Any) -> dict[str, Any]:
        """The edit form of an article, filled in."""
        fields = {
            **{
                f"{name}_{code}": ""
                for name in ("summary", "seo_title", "search_description", "image_alt")
                for code in ("fr", "nl")
            },
            **{f"slug_{code}": getattr(page, f"slug_{code}", "") for code in ("fr", "nl")},
            "title_fr": "Changée",
            "title_nl": "Veranderd",
            "date": "2026-03-05",
            "theme": self.theme.pk,
            "mission": "",
            "image": "",
            "body": streamfield([]),
            "go_live_at": "",
            "expire_at": "",
        }
        return nested_form_data(fields | changes)


@pytest.fixture
def world() -> World:
    return World()


def visitor(role: str) -> Client:
    group = ROLES[role]
    client = Client(raise_request_exception=False)
    if group is not None:
        client.force_login(UserFactory(groups=[group]) if group else SuperuserFactory())
    return client


def outcome(response: HttpResponse) -> str:
    """A word of READ."""
    location = response.headers.get("Location", "")
    if response.status_code == 302:
        return "login" if location.startswith("/cms/login/") else "denied" if location == "/cms/" else "moved"
    words = {200: "ok", 401: "token", 403: "denied", 404: "missing", 503: "building"}
    return words.get(response.status_code, str(response.status_code))


@pytest.mark.parametrize("role", ROLES)
def test_what_each_role_may_read(world: World, role: str) -> None:
    client = visitor(role)
    wrong = []
    for pattern, expected in rows(READ).items():
        response = client.get(world.address(pattern))
        found = outcome(response)
        if pattern == "/cms/login/" and found == "denied":
            found = "moved"
        if found != expected[role]:
            wrong.append(f"{pattern}: {found}, not {expected[role]}")
    assert not wrong, "\n".join(wrong)


Deed = tuple[Callable[[World, Client], Any], Callable[[World], bool]]


def post(
    pattern: str, data: Any = None, method: str = "post", **options: Any
) -> Callable[[World, Client], Any]:
    """Send `data`, or what it makes of the world, to an address."""
    return lambda world, client: getattr(client, method)(
        world.address(pattern), data(world) if callable(data) else data, **options
    )


def fresh(world: World) -> NewsPage:
    return NewsPage.objects.get(pk=world.page.pk)


def root_collection() -> int:
    return Collection.get_first_root_node().pk


def svg() -> SimpleUploadedFile:
    return SimpleUploadedFile("new.svg", SVG, "image/svg+xml")


def text() -> SimpleUploadedFile:
    return SimpleUploadedFile("new.txt", b"text", "text/plain")


PASSWORDS = {"password1": "a-long-secret-word", "password2": "a-long-secret-word"}
JSON = {"content_type": "application/json"}

DEEDS: dict[str, Deed] = {
    "save a draft": (
        post("/cms/pages/{page}/edit/", lambda w: w.page_form(w.page)),
        lambda w: fresh(w).has_unpublished_changes and not NewsPage.objects.filter(title_fr="Changée"),
    ),
    "publish changes": (
        post("/cms/pages/{page}/edit/", lambda w: w.page_form(w.page, **{"action-publish": "1"})),
        lambda w: NewsPage.objects.live().filter(title_fr="Changée").exists(),
    ),
    "publish a new page": (
        post("/cms/pages/add/news/newspage/{parent}/", lambda w: w.page_form(**{"action-publish": "1"})),
        lambda w: NewsPage.objects.live().filter(title_fr="Changée").exists(),
    ),
    "publish in bulk": (
        post("/cms/bulk/pages/bilingualpage/publish/?id={draft}", {}),
        lambda w: NewsPage.objects.get(pk=w.draft.pk).live,
    ),
    "unpublish": (post("/cms/pages/{page}/unpublish/", {}), lambda w: not fresh(w).live),
    "delete a page": (
        post("/cms/pages/{page}/delete/", {}),
        lambda w: not NewsPage.objects.filter(pk=w.page.pk).exists(),
    ),
    "move a page": (
        post("/cms/pages/{page}/move/{archive}/confirm/", {}),
        lambda w: fresh(w).get_parent().pk != w.parent.pk,
    ),
    "copy a page": (
        post(
            "/cms/pages/{page}/copy/",
            lambda w: {
                "new_title_fr": "Copie",
                "new_title_nl": "Kopie",
                "new_slug_fr": "copie",
                "new_slug_nl": "kopie",
                "new_parent_page": w.parent.pk,
            },
        ),
        lambda w: NewsPage.objects.filter(title_fr="Copie").exists(),
    ),
    "restrict a page": (
        post("/cms/pages/{page}/privacy/", {"restriction_type": "login", "password": "", "groups": []}),
        lambda w: PageViewRestriction.objects.filter(page=w.page).exists(),
    ),
    "add an image": (
        post(
            "/cms/images/multiple/add/",
            lambda w: {"title": "new", "files[]": svg(), "collection": root_collection()},
            headers={"x-requested-with": "XMLHttpRequest"},
        ),
        lambda w: BilingualImage.objects.count() == 2,
    ),
    "delete an image": (
        post("/cms/images/{image}/delete/", {}),
        lambda w: not BilingualImage.objects.exists(),
    ),
    "add a document": (
        post(
            "/cms/documents/add/",
            lambda w: {"title": "new", "file": text(), "language": "fr", "collection": root_collection()},
        ),
        lambda w: PublicDocument.objects.count() == 2,
    ),
    "delete a document": (
        post("/cms/documents/delete/{document}/", {}),
        lambda w: not PublicDocument.objects.exists(),
    ),
    "add a theme": (
        post(
            "/cms/snippets/news/newstheme/add/",
            {"name_fr": "Neuf", "name_nl": "Nieuw", "slug_fr": "neuf", "slug_nl": "nieuw"},
        ),
        lambda w: NewsTheme.objects.filter(name_fr="Neuf").exists(),
    ),
    "delete a theme": (
        post("/cms/snippets/news/newstheme/delete/{spare}/", {}),
        lambda w: not NewsTheme.objects.filter(pk=w.spare.pk).exists(),
    ),
    "delete a number": (
        post("/cms/snippets/emergency_numbers/emergencynumber/delete/{number}/", {}),
        lambda w: not EmergencyNumber.objects.filter(pk=w.number.pk).exists(),
    ),
    "change the settings": (
        post("/cms/settings/home/sitesettings/1/", lambda w: settings_form()),
        lambda w: SiteSettings.objects.get().name_fr == "Changé",
    ),
    "add a redirect": (
        post(
            "/cms/redirects/add/",
            {"old_path": "/fr/neuf", "redirect_link": "https://112.be/", "is_permanent": "on"},
        ),
        lambda w: Redirect.objects.count() == 2,
    ),
    "add a collection": (
        post("/cms/collections/add/", lambda w: {"name": "Neuf", "parent": root_collection()}),
        lambda w: Collection.objects.filter(name="Neuf").exists(),
    ),
    "add a user": (
        post(
            "/cms/users/new/",
            {
                "username": "neuf",
                "email": "n@vigie.example",
                "first_name": "N",
                "last_name": "N",
                **PASSWORDS,
            },
        ),
        lambda w: User.objects.filter(username="neuf").exists(),
    ),
    "become a superuser": (
        post(
            "/cms/account/",
            {"is_superuser": "on", "name_email-is_superuser": "on", "name_email-first_name": "N"},
        ),
        lambda w: User.objects.filter(is_superuser=True).count() > w.superusers,
    ),
    "delete a group": (
        post("/cms/groups/delete/{group}/", {}),
        lambda w: not Group.objects.filter(pk=w.group.pk).exists(),
    ),
    "publish by the API": (
        post("/api/wagtail/v3/pages/{draft}/actions/publish/", {}, **JSON),
        lambda w: NewsPage.objects.get(pk=w.draft.pk).live,
    ),
    "change by the API": (
        post("/api/wagtail/v3/pages/{page}/", {"title_fr": "Changée"}, "patch", **JSON),
        lambda w: fresh(w).title_fr == "Changée" or fresh(w).has_unpublished_changes,
    ),
    "delete by the API": (
        post("/api/wagtail/v3/pages/{page}/", None, "delete"),
        lambda w: not NewsPage.objects.filter(pk=w.page.pk).exists(),
    ),
    "to a public page": (post("/fr/", {"a": "b"}), lambda w: False),
    "to a health check": (post("/health/live", {}, "put"), lambda w: False),
}


def settings_form() -> dict[str, Any]:
    names = ("name", "tagline", "notice", "phone_hours", "address", "hours", "postal_address")
    fields = {f"{name}_{code}": "" for name in names for code in ("fr", "nl")}
    fields |= {"name_fr": "Changé", "name_nl": "Veranderd", "short_name": "", "phone": "", "email": ""}
    return nested_form_data(fields | {"social_links": inline_formset([])})


def test_the_table_of_deeds_is_complete() -> None:
    assert {what.partition(" ")[2] for what in rows(SENT)} == set(DEEDS)


@pytest.mark.parametrize("role", ROLES)
def test_what_each_role_may_do(world: World, role: str) -> None:
    client = visitor(role)
    world.superusers = User.objects.filter(is_superuser=True).count()
    wrong = []
    for what, expected in rows(SENT).items():
        act, happened = DEEDS[what.partition(" ")[2]]
        with transaction.atomic():
            assert not happened(world), what
            response = act(world, client)
            found = "done" if happened(world) else "no"
            transaction.set_rollback(True)
        if found != expected[role] or response.status_code == 500:
            wrong.append(
                f"{what}: {found}, not {expected[role]} ({response.status_code}, {outcome(response)})"
            )
    assert not wrong, "\n".join(wrong)
