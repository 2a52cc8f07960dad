"""A page cannot be live without both languages, by any route; the refusal is a message that names field and language,
and nothing is half done."""

import json
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import (
    APIToken,
    GroupApprovalTask,
    PageLogEntry,
    Revision,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from pages.completeness import PublicationRefused
from pages.models import BilingualPage
from tests.factories.pages import ArticlePageFactory, AsidePageFactory, draft_of
from tests.factories.users import SuperuserFactory
from tests.testapp.models import ArticlePage

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(home):
    """Complete but for its Dutch title and introduction."""
    return ArticlePageFactory(parent=home, live=False, title_fr="Canicule", title_nl="", intro_nl="")


@pytest.fixture
def scheduled(draft):
    draft.go_live_at = timezone.now() + timedelta(hours=1)
    draft.save()
    return draft.save_revision()


def is_live(page):
    return BilingualPage.objects.values_list("live", flat=True).get(pk=page.pk)


def told(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def form_data(page=None, **changes):
    fields = {
        "title_fr": "Canicule",
        "title_nl": "Hitte",
        "slug_fr": "",
        "slug_nl": "",
        "summary_fr": "",
        "summary_nl": "",
        "seo_title_fr": "",
        "seo_title_nl": "",
        "search_description_fr": "",
        "search_description_nl": "",
        "intro_fr": "Boire.",
        "intro_nl": "Drinken.",
        "note_fr": "",
        "note_nl": "",
        "advice_fr": rich_text(""),
        "advice_nl": rich_text(""),
        "reading_minutes": "1",
        "body": streamfield([]),
        "links": inline_formset([]),
        "comments": inline_formset([]),
    }
    if page is not None:
        fields |= {
            name: getattr(page, name) or ""
            for name in fields
            if name.endswith(("_fr", "_nl")) and name[:-3] != "advice"
        }
    return nested_form_data(fields | changes)


# Code and database


@pytest.mark.parametrize("field", ["title", "slug", "intro"])
@pytest.mark.parametrize("missing", ["fr", "nl"])
def test_code_cannot_save_a_live_page_that_lacks_a_language(home, both_languages, field, missing):
    page = ArticlePageFactory(parent=home)
    setattr(page, f"{field}_{missing}", "")
    if field == "slug":
        # It is made again from the title.
        setattr(page, f"title_{missing}", "…")
    with pytest.raises(PublicationRefused) as refused:
        page.save()
    language = {"fr": {"fr": "Français", "nl": "Frans"}, "nl": {"fr": "Néerlandais", "nl": "Nederlands"}}[
        missing
    ][both_languages]
    assert f"{field}_{missing}" in refused.value.message_dict
    assert language.lower() in refused.value.summary.lower()


def test_code_cannot_add_an_incomplete_live_page(home):
    with pytest.raises(PublicationRefused):
        ArticlePageFactory(parent=home, intro_nl="")
    assert not ArticlePage.objects.exists()


@pytest.mark.parametrize("options", [{}, {"clean": False}, {"update_fields": ["live"]}])
def test_code_cannot_switch_an_incomplete_page_on(draft, options):
    draft.live = True
    with pytest.raises(PublicationRefused):
        draft.save(**options)
    assert not is_live(draft)


def test_an_optional_text_in_one_language_only_is_refused(home):
    page = ArticlePageFactory(parent=home, note_fr="", note_nl="")
    page.note_nl = "Let op"
    with pytest.raises(PublicationRefused) as refused:
        page.save()
    assert list(refused.value.message_dict) == ["note_fr"]


def test_code_cannot_publish_an_incomplete_revision_and_loses_nothing(draft, scheduled):
    early = draft.revisions.first()
    other = draft_of(draft, go_live_at=None)
    Revision.objects.filter(pk=early.pk).update(approved_go_live_at=timezone.now() + timedelta(hours=1))
    with pytest.raises(PublicationRefused, match="Canicule"):
        other.publish()
    assert not is_live(draft)
    assert Revision.objects.get(pk=early.pk).approved_go_live_at


def test_a_complete_revision_is_published(draft, both_languages):
    draft_of(draft, title_nl="Hitte", intro_nl="Drink.").publish()
    page = ArticlePage.objects.get(pk=draft.pk)
    assert (page.live, page.title_nl, page.slug_nl, page.url_path_nl) == (
        True,
        "Hitte",
        "hitte",
        "/accueil/hitte/",
    )


def test_a_live_page_stays_live_while_its_draft_is_incomplete(home, both_languages):
    page = ArticlePageFactory(parent=home, title_nl="Hitte")
    draft_of(page, title_nl="", intro_nl="")
    page = ArticlePage.objects.get(pk=page.pk)
    assert (page.live, page.title_nl, page.draft_title_nl) == (True, "Hitte", "")
    assert page.get_latest_revision_as_object().title_nl == ""


@pytest.mark.parametrize("empty", [None, ""])
@pytest.mark.parametrize("field", ["title_fr", "title_nl", "slug_fr", "slug_nl"])
def test_the_database_refuses_an_update(home, field, empty):
    page = ArticlePageFactory(parent=home)
    with pytest.raises(IntegrityError), transaction.atomic():
        BilingualPage.objects.filter(pk=page.pk).update(**{field: empty})


def test_the_database_refuses_sql(draft):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE pages_bilingualpage SET live = %s WHERE id = %s", [True, draft.pk])


def test_the_database_refuses_bulk_writes(draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        BilingualPage.objects.filter(pk=draft.pk).update(live=True)
    page = BilingualPage.objects.get(pk=draft.pk)
    page.live = True
    with pytest.raises(IntegrityError), transaction.atomic():
        BilingualPage.objects.bulk_update([page], ["live"])


def test_unpublishing_an_incomplete_page_works(home):
    page = ArticlePageFactory(parent=home)
    ArticlePage.objects.filter(pk=page.pk).update(intro_nl="")
    ArticlePage.objects.get(pk=page.pk).unpublish()
    assert not is_live(page)


def test_republishing_an_incomplete_page_is_refused(home):
    page = ArticlePageFactory(parent=home)
    page.unpublish()
    with pytest.raises(PublicationRefused):
        draft_of(page, intro_nl="").publish()


def test_reverting_to_an_incomplete_revision_makes_a_draft(home, draft):
    incomplete = draft.save_revision()
    draft_of(draft, title_nl="Hitte", intro_nl="Drink.").publish()
    page = ArticlePage.objects.get(pk=draft.pk)
    incomplete.as_object().save_revision(previous_revision=incomplete)
    page.refresh_from_db()
    assert (page.live, page.title_nl, page.has_unpublished_changes) == (True, "Hitte", True)


# Forms


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_edit_form_shows_the_error_at_the_field(client, draft, language):
    client.force_login(SuperuserFactory(language=language))
    data = form_data(draft, summary_fr="Boire de l'eau.") | {"action-publish": "1"}
    response = client.post(reverse("wagtailadmin_pages:edit", args=[draft.pk]), data)
    assert response.status_code == 200
    form = response.context["form"]
    assert set(form.errors) == {"title_nl", "intro_nl", "summary_nl"}
    dutch = {"fr": "éerlandais", "nl": "Nederlands"}[language]
    assert all(dutch in str(form.errors[name]) for name in form.errors)
    with override(language):
        assert dutch in str(form.fields["title_nl"].label)
    assert not is_live(draft)


@pytest.mark.parametrize(("language", "dutch"), [("fr", "éerlandais"), ("nl", "Nederlands")])
def test_the_edit_form_shows_the_error_in_the_block(client, draft, language, dutch):
    client.force_login(SuperuserFactory(language=language))
    quote = {"text_fr": "Un", "text_nl": "", "attribution_fr": "Lui", "attribution_nl": ""}
    data = form_data(draft, title_nl="Hitte", intro_nl="Drink.", body=streamfield([("quote", quote)]))
    response = client.post(
        reverse("wagtailadmin_pages:edit", args=[draft.pk]), data | {"action-publish": "1"}
    )
    (stream,) = response.context["form"].errors.as_data()["body"]
    errors = stream.block_errors[0].block_errors
    assert set(errors) == {"text_nl", "attribution_nl"}
    assert all(dutch in " ".join(error.messages) for error in errors.values())


def test_the_edit_form_saves_an_incomplete_draft_of_a_live_page(admin, home):
    page = ArticlePageFactory(parent=home, title_nl="Hitte")
    data = form_data(
        page,
        title_nl="",
        intro_nl="",
        body=streamfield(
            [("quote", {"text_fr": "Seul", "text_nl": "", "attribution_fr": "", "attribution_nl": ""})]
        ),
    )
    response = admin.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)
    assert response.status_code == 302
    page.refresh_from_db()
    assert (page.title_nl, page.get_latest_revision_as_object().title_nl or "") == ("Hitte", "")


def test_the_edit_form_publishes_a_complete_page(admin, draft):
    data = form_data(draft, title_nl="Hitte", intro_nl="Drink.") | {"action-publish": "1"}
    assert admin.post(reverse("wagtailadmin_pages:edit", args=[draft.pk]), data).status_code == 302
    page = ArticlePage.objects.get(pk=draft.pk)
    assert (page.live, page.slug_nl) == (True, "hitte")


@pytest.mark.parametrize("cleared", ["fr", "nl"])
@pytest.mark.parametrize("language", ["fr", "nl"])
def test_a_text_can_be_cleared_in_either_language(client, home, language, cleared):
    client.force_login(SuperuserFactory(language=language))
    page = ArticlePageFactory(parent=home, live=False, note_fr="Un", note_nl="Een")
    client.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), form_data(page, **{f"note_{cleared}": ""})
    )
    page = ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert (page.note_fr or "", page.note_nl or "") == {"fr": ("", "Een"), "nl": ("Un", "")}[cleared]


@pytest.mark.parametrize("title", ["title_fr", "title_nl"])
def test_the_create_form_refuses_to_publish_one_language(admin, home, title):
    url = reverse("wagtailadmin_pages:add", args=["testapp", "articlepage", home.pk])
    response = admin.post(url, form_data(**{title: ""}) | {"action-publish": "1"})
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [title]
    assert not ArticlePage.objects.exists()


@pytest.mark.parametrize("title", ["title_fr", "title_nl"])
def test_the_create_form_saves_a_draft_in_one_language(admin, home, title):
    url = reverse("wagtailadmin_pages:add", args=["testapp", "articlepage", home.pk])
    response = admin.post(url, form_data(**{title: "", title.replace("title", "intro"): ""}))
    assert response.status_code == 302
    page = ArticlePage.objects.get()
    assert not page.live
    assert not getattr(page, title)


def test_the_create_form_publishes_both_languages(admin, home):
    url = reverse("wagtailadmin_pages:add", args=["testapp", "articlepage", home.pk])
    admin.post(url, form_data() | {"action-publish": "1"})
    page = ArticlePage.objects.get()
    assert (page.live, page.slug_fr, page.slug_nl) == (True, "canicule", "hitte")


def test_a_page_without_any_title_is_refused_even_as_a_draft(admin, home):
    url = reverse("wagtailadmin_pages:add", args=["testapp", "articlepage", home.pk])
    response = admin.post(url, form_data(title_fr="", title_nl=""))
    assert list(response.context["form"].errors) == ["title_fr"]


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_a_taken_slug_is_an_error_at_its_field(admin, home, language):
    taken = AsidePageFactory(parent=home)
    slug = f"slug_{language}"
    url = reverse("wagtailadmin_pages:add", args=["testapp", "articlepage", home.pk])
    response = admin.post(url, form_data(**{slug: getattr(taken, slug)}))
    assert list(response.context["form"].errors) == [slug]
    assert len(response.context["form"].errors[slug]) == 1
    page = ArticlePageFactory(parent=home)
    response = admin.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), form_data(page, **{slug: getattr(taken, slug)})
    )
    assert list(response.context["form"].errors) == [slug]
    assert len(response.context["form"].errors[slug]) == 1


# Approval


@pytest.fixture
def moderation(home, superuser):
    task = GroupApprovalTask.objects.create(name="Relecture")
    workflow = Workflow.objects.create(name="Relecture")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.create(workflow=workflow, page=home)
    return workflow


def test_an_approval_is_refused_with_a_message(admin_nl, draft, moderation):
    draft.save_revision()
    state = moderation.start(draft, SuperuserFactory())
    url = reverse(
        "wagtailadmin_pages:workflow_action", args=[draft.pk, "approve", state.current_task_state.pk]
    )
    response = admin_nl.post(url, {"comment": ""})
    assert response.status_code == 302
    assert "Nederlands" in told(response)
    assert "Intro" in told(response)
    state.refresh_from_db()
    assert (state.status, state.current_task_state.status) == ("in_progress", "in_progress")
    assert not is_live(draft)


def test_an_approval_in_a_window_is_refused_with_a_message(admin, draft, moderation):
    draft.save_revision()
    state = moderation.start(draft, SuperuserFactory())
    url = reverse(
        "wagtailadmin_pages:workflow_action", args=[draft.pk, "approve", state.current_task_state.pk]
    )
    response = admin.post(url, {"comment": "Bien"}, headers={"x-requested-with": "XMLHttpRequest"})
    assert response.json()["redirect"] == reverse("wagtailadmin_pages:edit", args=[draft.pk])
    assert "Intro" in told(response)


def test_an_approval_from_the_edit_form_is_refused_with_a_message(admin, draft, moderation):
    draft.save_revision()
    moderation.start(draft, SuperuserFactory())
    data = form_data(draft) | {"action-workflow-action": "1", "workflow-action-name": "approve"}
    response = admin.post(reverse("wagtailadmin_pages:edit", args=[draft.pk]), data, follow=True)
    assert response.status_code == 200
    assert not is_live(draft)
    assert b"intro_nl" in response.content


def test_a_complete_page_is_approved(admin, draft, moderation):
    draft_of(draft, title_nl="Hitte", intro_nl="Drink.")
    state = moderation.start(draft, SuperuserFactory())
    url = reverse(
        "wagtailadmin_pages:workflow_action", args=[draft.pk, "approve", state.current_task_state.pk]
    )
    admin.post(url, {"comment": ""})
    assert is_live(draft)


# Schedule


def test_an_incomplete_page_cannot_be_scheduled_by_code(draft, scheduled):
    with pytest.raises(PublicationRefused):
        scheduled.publish()
    assert Revision.objects.get(pk=scheduled.pk).approved_go_live_at is None


def test_an_incomplete_draft_of_a_live_page_cannot_be_scheduled(home):
    page = ArticlePageFactory(parent=home)
    page.save_revision().publish()
    page = ArticlePage.objects.get(pk=page.pk)
    revision = draft_of(page, intro_nl="", go_live_at=timezone.now() + timedelta(hours=1))
    with pytest.raises(PublicationRefused):
        revision.publish()
    assert Revision.objects.get(pk=revision.pk).approved_go_live_at is None


def test_an_incomplete_page_cannot_be_scheduled_in_the_form(admin, draft):
    later = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
    data = form_data(draft, go_live_at=later) | {"action-publish": "1"}
    response = admin.post(reverse("wagtailadmin_pages:edit", args=[draft.pk]), data)
    assert set(response.context["form"].errors) == {"title_nl", "intro_nl"}
    assert not Revision.objects.exclude(approved_go_live_at=None).exists()


def test_what_is_due_and_incomplete_is_logged_and_stops_no_other(home, draft, caplog):
    """A page may have become incomplete after it was scheduled: a new rule, a neighbour that took its slug."""
    past = timezone.now() - timedelta(minutes=2)
    refused = draft.save_revision()
    complete = ArticlePageFactory(parent=home, live=False)
    published = complete.save_revision()
    Revision.objects.filter(pk=refused.pk).update(approved_go_live_at=past - timedelta(minutes=1))
    Revision.objects.filter(pk=published.pk).update(approved_go_live_at=past)
    call_command("publish_scheduled")
    assert (is_live(draft), is_live(complete)) == (False, True)
    assert "Canicule" in caplog.text
    assert Revision.objects.get(pk=refused.pk).approved_go_live_at is None
    entry = PageLogEntry.objects.get(action="pages.refuse")
    assert "Intro" in entry.message


def test_what_is_due_with_a_taken_slug_stops_no_other(home, draft):
    past = timezone.now() - timedelta(minutes=2)
    AsidePageFactory(parent=home, slug_nl="hitte")
    page = ArticlePageFactory(parent=home)
    page.save_revision().publish()
    page = ArticlePage.objects.get(pk=page.pk)
    candidate = page.get_latest_revision_as_object()
    candidate.slug_nl = "hitte"
    revision = candidate.save_revision(clean=False)
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=past)
    call_command("publish_scheduled")
    assert ArticlePage.objects.get(pk=page.pk).slug_nl != "hitte"
    assert PageLogEntry.objects.filter(action="pages.refuse").exists()


# Bulk


def test_bulk_publication_is_refused_as_a_whole_with_a_message(admin, home, draft):
    complete = ArticlePageFactory(parent=home, live=False)
    for page in (complete, draft):
        page.save_revision()
    url = reverse("wagtail_bulk_action", args=["pages", "bilingualpage", "publish"])
    response = admin.post(f"{url}?id={complete.pk}&id={draft.pk}&next=/cms/")
    assert response.status_code == 302
    assert "Canicule" in told(response)
    assert (is_live(complete), is_live(draft)) == (False, False)


def test_bulk_publication_of_complete_pages_works(admin, home):
    page = ArticlePageFactory(parent=home, live=False)
    page.save_revision()
    url = reverse("wagtail_bulk_action", args=["pages", "bilingualpage", "publish"])
    admin.post(f"{url}?id={page.pk}&next=/cms/")
    assert is_live(page)


# Copy and alias


@pytest.fixture
def outdated(home):
    """Live since before a text was required."""
    page = ArticlePageFactory(parent=home, title_fr="Ancienne", title_nl="Oude")
    ArticlePage.objects.filter(pk=page.pk).update(intro_nl="")
    return ArticlePage.objects.get(pk=page.pk)


@pytest.mark.parametrize("choice", ["publish_copies", "alias"])
def test_a_live_copy_of_an_incomplete_page_is_refused_with_a_message(admin, home, outdated, choice):
    data = {
        "new_title_fr": "Copie",
        "new_title_nl": "Kopie",
        "new_slug_fr": "copie",
        "new_slug_nl": "kopie",
        "new_parent_page": home.pk,
        choice: "on",
    }
    response = admin.post(reverse("wagtailadmin_pages:copy", args=[outdated.pk]), data)
    assert response.status_code == 302
    assert "Intro" in told(response)
    assert ArticlePage.objects.count() == 1


def test_a_live_copy_of_a_branch_with_an_incomplete_page_is_refused(home, outdated):
    parent = AsidePageFactory(parent=home)
    outdated.move(parent, pos="last-child")
    with pytest.raises(PublicationRefused), transaction.atomic():
        parent.copy(recursive=True, keep_live=True)
    with pytest.raises(PublicationRefused), transaction.atomic():
        parent.create_alias(recursive=True)


def test_a_draft_copy_of_an_incomplete_page_is_made(outdated):
    copied = outdated.copy(keep_live=False)
    assert not copied.live


# API v3


@pytest.fixture
def api(client, superuser):
    _token, key = APIToken.create_token(user=superuser, name="tests")
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "nl"
    return client


def send(client, method, path, payload=None):
    return getattr(client, method)(
        f"/api/wagtail/v3/pages/{path}", json.dumps(payload or {}), content_type="application/json"
    )


def assert_refused(response, *names):
    assert 400 <= response.status_code < 500, response.content
    text = response.content.decode()
    assert all(name in text for name in names), text


def test_the_api_refuses_to_publish(api, draft):
    draft.save_revision()
    assert_refused(send(api, "post", f"{draft.pk}/actions/publish/"), "intro_nl", "title_nl", "Nederlands")
    assert not is_live(draft)


def test_the_api_refuses_to_create_a_live_page_and_leaves_nothing(api, home):
    payload = {
        "meta": {"type": "testapp.ArticlePage", "parent_id": home.pk, "action": "publish"},
        "title_fr": "Canicule",
        "intro_fr": "Boire",
    }
    assert_refused(send(api, "post", "", payload), "title_nl", "intro_nl")
    assert not ArticlePage.objects.exists()


def test_the_api_creates_a_draft_in_one_language(api, home):
    payload = {"meta": {"type": "testapp.ArticlePage", "parent_id": home.pk}, "title_nl": "Hitte"}
    response = send(api, "post", "", payload)
    assert response.status_code == 201, response.content
    page = ArticlePage.objects.get()
    assert (page.live, page.title_fr or "", page.title_nl, page.slug_nl) == (False, "", "Hitte", "hitte")


def test_the_api_creates_a_live_page_in_both_languages(api, home):
    payload = {
        "meta": {"type": "testapp.ArticlePage", "parent_id": home.pk, "action": "publish"},
        "title_fr": "Canicule",
        "title_nl": "Hitte",
        "intro_fr": "Boire",
        "intro_nl": "Drinken",
    }
    response = send(api, "post", "", payload)
    assert response.status_code == 201, response.content
    page = ArticlePage.objects.get()
    assert (page.live, page.slug_fr, page.slug_nl) == (True, "canicule", "hitte")


def test_the_api_refuses_to_change_a_live_page_into_one_language(api, home):
    page = ArticlePageFactory(parent=home, title_nl="Hitte")
    payload = {"meta": {"action": "publish"}, "title_nl": ""}
    assert_refused(send(api, "patch", f"{page.pk}/", payload), "title_nl")
    page.refresh_from_db()
    assert page.title_nl == "Hitte"
    assert not page.revisions.exists()


def test_the_api_refuses_a_refusal_of_another_field_by_name(api, draft):
    payload = {"meta": {"action": "publish"}, "title_nl": "Hitte"}
    assert_refused(send(api, "patch", f"{draft.pk}/", payload), "Intro")
    assert not draft.revisions.exists()


def test_the_api_patches_one_language_of_a_draft(api, draft):
    assert send(api, "patch", f"{draft.pk}/", {"title_nl": "Hitte"}).status_code == 200
    page = ArticlePage.objects.get(pk=draft.pk).get_latest_revision_as_object()
    assert (page.title_fr, page.title_nl) == ("Canicule", "Hitte")


def test_the_api_refuses_a_live_copy_and_an_alias(api, outdated):
    assert_refused(send(api, "post", f"{outdated.pk}/actions/copy/"), "intro_nl")
    assert_refused(send(api, "post", f"{outdated.pk}/actions/create_alias/"), "intro_nl")
    assert ArticlePage.objects.count() == 1


def test_the_admins_own_api_refuses(admin, draft):
    draft.save_revision()
    url = f"/cms/api/main/pages/{draft.pk}/action/publish/"
    assert_refused(admin.post(url), "intro_nl")
    assert not is_live(draft)
