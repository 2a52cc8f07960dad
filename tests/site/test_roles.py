"""Who may do what at which address: one table of role × URL × method, for the CMS and all else that Django answers."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, PageViewRestriction, Site
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from alerts import approval
from alerts.approval import Review
from alerts.delivery.models import AlertDelivery, Partner, PushSubscription
from alerts.lifecycle import Kind
from alerts.models import AlertMessage, AlertPage
from alerts.scenarios import Scenario
from alerts.sources import RefusedMessage
from emergency_numbers.models import EmergencyNumber, Need
from home.models import SiteSettings
from members.models import User
from news.models import NewsIndexPage, NewsPage, NewsTheme
from pages.models import BilingualImage, PublicDocument
from territory.models import Landmark
from tests.factories.alerts import AlertFactory, author, end, send
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
EACH_ROLE = [
    role if role in {"duty", "superuser"} else pytest.param(role, marks=pytest.mark.once) for role in ROLES
]
"""No database decides what a role may do; two of them ask every view's queries of each."""

# What is read.
# ok: shown. login: sent to the login form. denied: refused with a message, or 403. token: 401, for programs.
# missing: 404. moved: a redirect. building: 503, no release yet. refused: 405, another method than that page's.
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
/cms/pages/{home}/                                     login   ok      ok      moved   denied  ok      ok
/cms/pages/search/?q=une                               login   ok      ok      ok      denied  ok      ok
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
/cms/alerts/new/                                       login   denied  ok      ok      denied  ok      ok
/cms/alerts/new/blank/                                 login   denied  ok      ok      denied  ok      ok
/cms/alerts/new/{scenario}/                            login   denied  ok      ok      denied  ok      ok
/cms/alerts/card/                                      login   denied  ok      ok      denied  ok      ok
/cms/alerts/live/                                      login   denied  ok      ok      denied  ok      ok
/cms/alerts/{alert}/update/                            login   denied  ok      ok      denied  ok      ok
/cms/alerts/{alert}/sent/                              login   denied  ok      ok      denied  ok      ok
/cms/alerts/{alert}/delivery/                          login   denied  ok      ok      denied  ok      ok
/cms/alerts/{alert}/all-clear/                         login   denied  ok      ok      denied  ok      ok
/cms/alerts/{alert}/cancel/                            login   denied  ok      ok      denied  ok      ok
/cms/alerts/{alert}/alert/                             login   denied  missing missing denied  missing missing
/cms/alerts/{over}/update/                             login   denied  moved   moved   denied  moved   moved
/cms/alerts/approval/{written}/                        login   denied  ok      ok      denied  ok      ok
/cms/alerts/review/{alone}/                            login   denied  ok      ok      denied  ok      ok
/cms/alerts/refused/{refused}/                         login   denied  ok      ok      denied  ok      ok
/cms/alerts/delivery/{delivery}/retry/                 login   denied  ok      ok      denied  ok      ok
/cms/pages/add/alerts/alertpage/{alerts}/              login   ok      ok      ok      denied  ok      ok
/cms/pages/{alert}/edit/                               login   ok      ok      ok      denied  ok      ok
/cms/pages/{alert}/delete/                             login   denied  ok      ok      denied  ok      ok
/cms/snippets/alerts/scenario/                         login   denied  ok      denied  denied  ok      ok
/cms/snippets/alerts/scenario/add/                     login   denied  ok      denied  denied  ok      ok
/cms/snippets/alerts/scenario/edit/{scenario}/         login   denied  ok      denied  denied  ok      ok
/cms/snippets/alerts/scenario/delete/{scenario}/       login   denied  denied  denied  denied  ok      ok
/cms/snippets/alerts/partner/                          login   denied  denied  denied  denied  ok      ok
/cms/snippets/alerts/partner/add/                      login   denied  denied  denied  denied  ok      ok
/cms/snippets/alerts/partner/edit/{partner}/           login   denied  denied  denied  denied  ok      ok
/cms/snippets/alerts/partner/delete/{partner}/         login   denied  denied  denied  denied  ok      ok
/cms/snippets/territory/landmark/                      login   denied  denied  ok      denied  ok      ok
/cms/snippets/territory/landmark/edit/{landmark}/      login   denied  denied  ok      denied  ok      ok
/cms/snippets/territory/landmark/delete/{landmark}/    login   denied  denied  denied  denied  ok      ok
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
/cms/reports/workflow/                                 login   ok      ok      ok      denied  ok      ok
/cms/reports/site-history/                             login   ok      ok      ok      ok      ok      ok
/cms/reports/aging-pages/                              login   ok      ok      ok      denied  ok      ok
/cms/reports/page-types-usage/                         login   ok      ok      ok      denied  ok      ok
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
POST send an alert alone                               no      no      no      done    no      no      no
POST keep an alert as a draft                          no      no      done    done    no      done    done
POST send an update alone                              no      no      no      done    no      no      no
POST give the all-clear                                no      no      done    done    no      done    done
POST cancel an alert                                   no      no      done    done    no      done    done
POST approve what somebody else wrote                  no      no      done    done    no      done    done
POST approve and publish it                            no      no      done    done    no      done    done
POST publish in Wagtail what somebody else wrote       no      no      done    done    no      done    done
POST publish alerts in bulk                            no      no      done    done    no      done    done
POST review what somebody sent alone                   no      no      done    done    no      done    done
POST deal with what was refused                        no      no      done    done    no      done    done
POST try a delivery again                              no      no      done    done    no      done    done
POST delete an alert that was sent                     no      no      no      no      no      no      no
POST add a scenario                                    no      no      done    no      no      done    done
POST delete a scenario                                 no      no      no      no      no      done    done
POST add a partner                                     no      no      no      no      no      done    done
POST delete a partner                                  no      no      no      no      no      done    done
POST delete a landmark                                 no      no      no      no      no      done    done
POST a partner's CAP without a token                   no      no      no      no      no      no      no
POST a subscription from elsewhere                     no      no      no      no      no      no      no
PUT/PATCH/DELETE what only GET and POST ask            no      no      no      no      no      no      no
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
        SiteSettings.load()
        self.alert = AlertFactory()
        self.alerts = self.alert.get_parent()
        message = send(self.alert)
        self.over = AlertFactory()
        send(self.over)
        end(self.over, Kind.CANCEL, now=timezone.now())
        self.written = AlertFactory()
        self.written.save_revision(user=author())
        self.written.refresh_from_db()
        alone, officer = AlertFactory(), UserFactory(groups=["Duty officers"])
        revision = alone.save_revision(user=officer)
        approval.break_glass(revision.as_object(), officer, "Seul.")
        revision.publish(user=officer)
        self.alone = alone.chain().last.authorisation
        self.refused = RefusedMessage.objects.create(
            msg_type="Cancel", code="references", note={"fr": "", "nl": ""}
        )
        self.delivery = AlertDelivery.objects.create(message=message, channel="push", state="incomplete")
        self.scenario, self.landmark = Scenario.objects.first(), Landmark.objects.first()
        self.partner = Partner.objects.create(name="Croix-Rouge", email="alertes@partner.example")
        self.superusers = User.objects.filter(is_superuser=True).count()

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

    def alert_page_form(self, page: AlertPage) -> dict[str, Any]:
        """Wagtail's form of a draft alert, sent as it is by who publishes it."""
        draft = page.get_latest_revision_as_object()
        names = [
            f"{stem}_{code}"
            for stem in ("title", "slug", "what", "instruction", "area", "summary", "image_alt", "contact")
            for code in ("fr", "nl")
        ]
        data = {name: getattr(draft, name, "") or "" for name in names}
        data |= {
            name: getattr(draft, name) for name in ("event", "status", "urgency", "severity", "certainty")
        }
        data |= {
            name: f"{timezone.localtime(getattr(draft, name)):%Y-%m-%d %H:%M}"
            for name in ("onset", "expires")
        }
        empty = ("shapes", "contact_number", "link", "alone_reason", "translation_follows", "image")
        return data | dict.fromkeys((*empty, "translation_reason"), "") | {"action-publish": "1"}


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
    words = {200: "ok", 401: "token", 403: "denied", 404: "missing", 405: "refused", 503: "building"}
    return words.get(response.status_code, str(response.status_code))


@pytest.mark.parametrize("role", EACH_ROLE)
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


@pytest.mark.parametrize("address", ["/cms/pages/search/?q=une", "/cms/reports/aging-pages/"])
def test_a_duty_officer_finds_alerts_and_no_other_page(world: World, address: str) -> None:
    world.page.save_revision().publish()
    assert "Une page" in visitor("moderator").get(address).content.decode()
    assert "Une page" not in visitor("duty").get(address).content.decode()


def end_form(w: World) -> dict[str, str]:
    return {
        "after": w.alert.chain().last.identifier,
        "headline_fr": "C'est fini",
        "headline_nl": "Het is voorbij",
        "instruction_fr": "Vous pouvez sortir.",
        "instruction_nl": "U mag naar buiten.",
    }


Deed = tuple[Callable[[World, Client], Any], Callable[[World], bool]]


def post(
    pattern: str, data: Any = None, method: str = "post", **options: Any
) -> Callable[[World, Client], Any]:
    """Send `data`, or what it makes of the world, to an address."""
    return lambda world, client: getattr(client, method)(
        world.address(pattern), data(world) if callable(data) else data, **options
    )


def delete(
    model: type[Model], name: str, address: str
) -> tuple[Callable[[World, Client], Any], Callable[[World], bool]]:
    """Delete the world's `name`; and whether it is gone."""
    return (
        post(f"{address}{{{name}}}/", {}),
        lambda world: not model._default_manager.filter(pk=getattr(world, name).pk).exists(),
    )


def fresh(world: World) -> NewsPage:
    return NewsPage.objects.get(pk=world.page.pk)


def root_collection() -> int:
    return Collection.get_first_root_node().pk


def svg() -> SimpleUploadedFile:
    return SimpleUploadedFile("new.svg", SVG, "image/svg+xml")


def text() -> SimpleUploadedFile:
    return SimpleUploadedFile("new.txt", b"text", "text/plain")


def other_methods(world: World, client: Client) -> HttpResponse:
    """Each other method at each of the officers' addresses."""
    for pattern in rows(READ):
        if pattern.startswith("/cms/alerts/"):
            for method in ("put", "patch", "delete"):
                response = getattr(client, method)(world.address(pattern))
                assert outcome(response) in ("refused", "login"), f"{method} {pattern}: {outcome(response)}"
    return response


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
    "delete a theme": delete(NewsTheme, "spare", "/cms/snippets/news/newstheme/delete/"),
    "delete a number": delete(
        EmergencyNumber, "number", "/cms/snippets/emergency_numbers/emergencynumber/delete/"
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
    "delete a group": delete(Group, "group", "/cms/groups/delete/"),
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
    "send an alert alone": (
        post("/cms/alerts/new/blank/", lambda w: alert_form(action="send", alone_reason="Seul de garde.")),
        lambda w: AlertMessage.objects.filter(content__headline__fr="Incendie").exists(),
    ),
    "keep an alert as a draft": (
        post("/cms/alerts/new/blank/", lambda w: alert_form(action="draft")),
        lambda w: AlertPage.objects.filter(title_fr="Incendie", live=False).exists(),
    ),
    "send an update alone": (
        post(
            "/cms/alerts/{alert}/update/",
            lambda w: alert_form(
                action="send", alone_reason="Seul.", after=w.alert.chain().last.identifier, status=""
            ),
        ),
        lambda w: len(w.alert.chain().messages) > 1,
    ),
    "give the all-clear": (
        post("/cms/alerts/{alert}/all-clear/", end_form),
        lambda w: w.alert.chain().last.kind == Kind.ALL_CLEAR,
    ),
    "cancel an alert": (
        post("/cms/alerts/{alert}/cancel/", end_form),
        lambda w: w.alert.chain().last.kind == Kind.CANCEL,
    ),
    "approve what somebody else wrote": (
        post("/cms/alerts/approval/{written}/", lambda w: {"seen": seen(w.written)}),
        lambda w: w.written.approvals.exists(),
    ),
    "approve and publish it": (
        post("/cms/alerts/approval/{written}/", lambda w: {"seen": seen(w.written), "publish": "1"}),
        lambda w: w.written.messages.exists(),
    ),
    "publish in Wagtail what somebody else wrote": (
        post("/cms/pages/{written}/edit/", lambda w: w.alert_page_form(w.written)),
        lambda w: w.written.messages.exists(),
    ),
    "publish alerts in bulk": (
        post("/cms/bulk/pages/bilingualpage/publish/?id={written}", {}),
        lambda w: w.written.messages.exists(),
    ),
    "review what somebody sent alone": (
        post("/cms/alerts/review/{alone}/", {"note": "C'était juste."}),
        lambda w: Review.objects.exists(),
    ),
    "deal with what was refused": (
        post("/cms/alerts/refused/{refused}/", {}),
        lambda w: RefusedMessage.objects.filter(done_by__isnull=False).exists(),
    ),
    "try a delivery again": (
        post("/cms/alerts/delivery/{delivery}/retry/", {}),
        lambda w: AlertDelivery.objects.get(pk=w.delivery.pk).state == AlertDelivery.State.SENDING,
    ),
    "delete an alert that was sent": (
        post("/cms/pages/{over}/delete/", {}),
        lambda w: not AlertPage.objects.filter(pk=w.over.pk).exists(),
    ),
    "add a scenario": (
        post("/cms/snippets/alerts/scenario/add/", lambda w: scenario_form()),
        lambda w: Scenario.objects.filter(name_fr="Neuf").exists(),
    ),
    "delete a scenario": delete(Scenario, "scenario", "/cms/snippets/alerts/scenario/delete/"),
    "add a partner": (
        post(
            "/cms/snippets/alerts/partner/add/",
            {"name": "Neuf", "email": "neuf@partner.example", "languages": "both", "is_active": "on"},
        ),
        lambda w: Partner.objects.filter(name="Neuf").exists(),
    ),
    "delete a partner": delete(Partner, "partner", "/cms/snippets/alerts/partner/delete/"),
    "delete a landmark": delete(Landmark, "landmark", "/cms/snippets/territory/landmark/delete/"),
    "a partner's CAP without a token": (
        post("/api/cap/", b"<alert/>", content_type="application/cap+xml"),
        lambda w: False,
    ),
    "a subscription from elsewhere": (
        post("/alerts/push/subscriptions/", {}, headers={"Origin": "https://elsewhere.example"}, **JSON),
        lambda w: PushSubscription.objects.exists(),
    ),
    "what only GET and POST ask": (
        other_methods,
        lambda w: len(w.alert.chain().messages) > 1 or w.written.messages.exists() or Review.objects.exists(),
    ),
    "to a public page": (post("/fr/", {"a": "b"}), lambda w: False),
    "to a health check": (post("/health/live", {}, "put"), lambda w: False),
}


def alert_form(**changes: str) -> dict[str, str]:
    """The officer's form, filled in."""
    ends = timezone.localtime(timezone.now() + timedelta(hours=2))
    fields = {
        "key": str(uuid.uuid4()),
        "area_fr": "Place Bara",
        "area_nl": "Baraplein",
        "onset": f"{ends - timedelta(hours=2):%Y-%m-%dT%H:%M}",
        "expires": f"{ends:%Y-%m-%dT%H:%M}",
        "title_fr": "Incendie",
        "title_nl": "Brand",
        "what_fr": "Un entrepôt brûle.",
        "what_nl": "Een loods brandt.",
        "instruction_fr": "Fermez les fenêtres.",
        "instruction_nl": "Sluit de ramen.",
        "event": "fire",
        "status": "Actual",
        "urgency": "Immediate",
        "severity": "Severe",
        "certainty": "Observed",
    }
    return fields | changes


def scenario_form() -> dict[str, str]:
    codes = ("event", "status", "urgency", "severity", "certainty")
    fields = alert_form(
        name_fr="Neuf", name_nl="Nieuw", headline_fr="Feu", headline_nl="Brand", hours="2", position="99"
    )
    texts = ("name", "headline", "what", "instruction")
    wanted = [*codes, "hours", "position", *(f"{text}_{code}" for text in texts for code in ("fr", "nl"))]
    return {name: fields[name] for name in wanted}


def seen(page: AlertPage) -> str:
    return approval.fingerprint(AlertPage, page.get_latest_revision().content)


def settings_form() -> dict[str, Any]:
    names = ("name", "tagline", "notice", "phone_hours", "address", "hours", "postal_address")
    fields = {f"{name}_{code}": "" for name in names for code in ("fr", "nl")}
    fields |= {"name_fr": "Changé", "name_nl": "Veranderd", "short_name": "", "phone": "", "email": ""}
    return nested_form_data(fields | {"social_links": inline_formset([])})


def test_the_table_of_deeds_is_complete() -> None:
    assert {what.partition(" ")[2] for what in rows(SENT)} == set(DEEDS)


@pytest.mark.parametrize("role", EACH_ROLE)
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
