"""The admin works in both languages, also with drafts in one language."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import NoReverseMatch, reverse
from wagtail.models import GroupApprovalTask, PageViewRestriction, Workflow, WorkflowPage, WorkflowTask

from pages.models import BilingualPage
from tests.factories.media import DocumentFactory, ImageFactory
from tests.factories.pages import ArticlePageFactory, AsidePageFactory, body, draft_of
from tests.factories.users import SuperuserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def drafts(home):
    """Pages that lack one language each, live and not, with revisions, in moderation, locked, restricted."""
    french = ArticlePageFactory(parent=home, live=False, title_fr="Feu", title_nl="", intro_nl="")
    dutch = ArticlePageFactory(parent=home, live=False, title_fr="", title_nl="Vuur", intro_fr="")
    child = AsidePageFactory(parent=dutch, live=False, title_fr="", title_nl="Rook")
    live = ArticlePageFactory(
        parent=home,
        title_fr="Eau",
        title_nl="Water",
        body=body(("quote", {"text_fr": "Un", "text_nl": "Een", "attribution_fr": "", "attribution_nl": ""})),
    )
    for page in (french, dutch, child, live):
        page.save_revision()
        draft_of(page, title_fr="Autre" if page.title_fr else "", summary_nl="Anders")
    task = GroupApprovalTask.objects.create(name="Relecture")
    workflow = Workflow.objects.create(name="Relecture")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.create(workflow=workflow, page=home)
    workflow.start(dutch, SuperuserFactory())
    live.create_alias(parent=home, update_slug="alias")
    PageViewRestriction.objects.create(page=live, restriction_type="login")
    return {"french": french, "dutch": dutch, "child": child, "live": live, "home": home}


PAGE_URLS = [
    ("wagtailadmin_explore", []),
    ("wagtailadmin_explore_results", []),
    ("wagtailadmin_pages:edit", []),
    ("wagtailadmin_pages:delete", []),
    ("wagtailadmin_pages:unpublish", []),
    ("wagtailadmin_pages:copy", []),
    ("wagtailadmin_pages:move", []),
    ("wagtailadmin_pages:history", []),
    ("wagtailadmin_pages:usage", []),
    ("wagtailadmin_pages:view_draft", []),
    ("wagtailadmin_pages:workflow_history", []),
    ("wagtailadmin_pages:set_privacy", []),
    ("wagtailadmin_pages:lock", []),
    ("wagtailadmin_pages:revisions_compare", ["earliest", "latest"]),
    ("wagtailadmin_pages:revisions_compare", ["live", "latest"]),
    ("wagtailadmin_choose_page_child", []),
    ("wagtailadmin_pages:add_subpage", []),
]

URLS = [
    "wagtailadmin_home",
    "wagtailadmin_explore_root",
    "wagtailadmin_choose_page",
    "wagtailadmin_reports:locked_pages",
    "wagtailadmin_reports:workflow",
    "wagtailadmin_reports:workflow_tasks",
    "wagtailadmin_reports:site_history",
    "wagtailadmin_reports:aging_pages",
    "wagtailadmin_reports:page_types_usage",
    "wagtailredirects:index",
    "wagtailredirects:add",
    "wagtailsites:index",
    "wagtailsites:add",
    "wagtailimages:index",
    "wagtailimages:add_multiple",
    "wagtaildocs:index",
    "wagtailadmin_workflows:index",
    "wagtailusers_users:index",
    "wagtailusers_groups:index",
    "wagtailadmin_account",
]

LANGUAGES = pytest.mark.parametrize("client_name", ["admin", "admin_nl"])


def assert_fine(client, url):
    response = client.get(url, follow=True)
    assert response.status_code in {200, 405}, (url, response.status_code)
    return response


@LANGUAGES
@pytest.mark.parametrize("which", ["french", "dutch", "child", "live", "home"])
def test_every_view_of_a_page(request, drafts, client_name, which):
    client = request.getfixturevalue(client_name)
    page = drafts[which]
    for name, arguments in PAGE_URLS:
        if which == "home" and name in {"wagtailadmin_pages:copy", "wagtailadmin_pages:revisions_compare"}:
            continue
        assert_fine(client, reverse(name, args=[page.pk, *arguments]))
    revision = page.revisions.order_by("pk").first()
    if revision:
        assert_fine(client, reverse("wagtailadmin_pages:revisions_view", args=[page.pk, revision.pk]))
        assert_fine(client, reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, revision.pk]))
    if which not in {"home", "child"}:
        assert_fine(client, reverse("wagtailadmin_pages:add", args=["testapp", "articlepage", page.pk]))
        assert_fine(client, reverse("wagtailadmin_pages:move_confirm", args=[page.pk, drafts["home"].pk]))


@LANGUAGES
def test_every_view_of_the_site(request, drafts, client_name):
    client = request.getfixturevalue(client_name)
    ImageFactory()
    DocumentFactory()
    for name in URLS:
        try:
            url = reverse(name)
        except NoReverseMatch:
            url = reverse("wagtailadmin_reports:aging_pages")
        assert_fine(client, url)


@LANGUAGES
@pytest.mark.parametrize(
    "query", ["?q=Vuur", "?q=Feu", "?ordering=title", "?ordering=-title", "?ordering=live", "?status=live"]
)
def test_searching_and_ordering_the_explorer(request, drafts, client_name, query):
    client = request.getfixturevalue(client_name)
    for page in (drafts["home"], None):
        url = (
            reverse("wagtailadmin_explore", args=[page.pk]) if page else reverse("wagtailadmin_explore_root")
        )
        assert_fine(client, url + query)


@LANGUAGES
def test_a_draft_is_called_by_its_only_title(request, drafts, client_name):
    client = request.getfixturevalue(client_name)
    listing = client.get(reverse("wagtailadmin_explore", args=[drafts["home"].pk])).text
    assert "Vuur" in listing
    assert "Autre" in listing


@LANGUAGES
def test_the_page_chooser(request, drafts, client_name):
    client = request.getfixturevalue(client_name)
    url = (
        reverse("wagtailadmin_choose_page_child", args=[drafts["home"].pk]) + "?page_type=pages.bilingualpage"
    )
    assert "Vuur" in client.get(url).json()["html"]
    chosen = client.get(reverse("wagtailadmin_choose_page_chosen_multiple") + f"?id={drafts['dutch'].pk}")
    assert "Vuur" in chosen.text


@LANGUAGES
def test_the_admins_own_api(request, drafts, client_name):
    client = request.getfixturevalue(client_name)
    assert_fine(client, f"/cms/api/main/pages/?child_of={drafts['home'].pk}&for_explorer=1")
    assert_fine(client, f"/cms/api/main/pages/{drafts['dutch'].pk}/")


@LANGUAGES
@pytest.mark.parametrize("action", ["publish", "unpublish", "move", "delete"])
def test_bulk_actions_ask_first(request, drafts, client_name, action):
    client = request.getfixturevalue(client_name)
    url = reverse("wagtail_bulk_action", args=["pages", "bilingualpage", action])
    assert_fine(client, f"{url}?id={drafts['dutch'].pk}&id={drafts['live'].pk}&next=/cms/")


@LANGUAGES
def test_deleting_a_half_translated_page(request, drafts, client_name):
    client = request.getfixturevalue(client_name)
    response = client.post(reverse("wagtailadmin_pages:delete", args=[drafts["french"].pk]))
    assert response.status_code == 302
    assert not BilingualPage.objects.filter(pk=drafts["french"].pk).exists()


@LANGUAGES
def test_submitting_a_half_translated_page_for_review(request, drafts, client_name):
    from tests.pages.test_publication import form_data

    client = request.getfixturevalue(client_name)
    page = drafts["french"]
    data = form_data(page, title_nl="Brand", intro_nl="Ga.") | {"action-submit": "1"}
    response = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)
    assert response.status_code == 302
    page.refresh_from_db()
    assert page.workflow_in_progress


@pytest.mark.parametrize(
    ("client_name", "label"), [("admin", "Titre (Français)"), ("admin_nl", "Titel (Frans)")]
)
def test_labels_name_the_language_in_the_editors_language(request, home, client_name, label):
    client = request.getfixturevalue(client_name)
    response = client.get(reverse("wagtailadmin_pages:add", args=["testapp", "articlepage", home.pk]))
    assert label.lower() in response.text.lower()
    assert "vigie-twins" in response.text
    assert "pages/admin.css" in response.text


def test_each_title_proposes_its_own_slug(admin, home):
    text = admin.get(reverse("wagtailadmin_pages:add", args=["testapp", "articlepage", home.pk])).text
    assert 'data-w-sync-target-value="#id_slug_fr"' in text
    assert 'data-w-sync-target-value="#id_slug_nl"' in text


def test_permissions_are_those_of_the_base_page(db):
    codenames = ContentType.objects.get_for_model(BilingualPage).permission_set.values_list(
        "codename", flat=True
    )
    assert {"publish_bilingualpage", "bulk_delete_bilingualpage", "lock_bilingualpage"} <= set(codenames)
