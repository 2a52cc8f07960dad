"""Wagtail's API v3: both languages served, nothing private for the anonymous, what is read can be written back."""

import json

import pytest
from wagtail.models import APIToken, PageViewRestriction

from pages.models import BilingualPage
from tests.factories.media import DocumentFactory, ImageFactory
from tests.factories.pages import ArticlePageFactory, body, draft_of
from tests.factories.users import UserFactory
from tests.testapp.models import ArticlePage

pytestmark = pytest.mark.django_db

V3 = "/api/wagtail/v3"


@pytest.fixture
def article(home):
    quote = {"text_fr": "Un", "text_nl": "Een", "attribution_fr": "", "attribution_nl": ""}
    text = {"text_fr": "<p>Bonjour</p>", "text_nl": "<p>Dag</p>"}
    return ArticlePageFactory(
        parent=home, title_fr="Feu", title_nl="Vuur", body=body(("quote", quote), ("rich_text", text))
    )


@pytest.fixture
def token(superuser):
    return {"authorization": f"Bearer {APIToken.create_token(user=superuser, name='tests')[1]}"}


@pytest.mark.parametrize(
    ("language", "title", "url"), [("fr", "Feu", "/fr/feu/"), ("nl", "Vuur", "/nl/vuur/")]
)
def test_a_page_is_served_in_both_languages(client, article, language, title, url):
    data = client.get(f"{V3}/pages/{article.pk}/", headers={"accept-language": language}).json()
    assert (data["title"], data["title_fr"], data["title_nl"]) == (title, "Feu", "Vuur")
    assert (data["slug_fr"], data["slug_nl"]) == ("feu", "vuur")
    assert data["meta"]["html_url"] == f"http://testserver{url}"
    quote, text = data["body"]
    assert quote["value"] == {"text_fr": "Un", "text_nl": "Een", "attribution_fr": "", "attribution_nl": ""}
    assert "Dag" in json.dumps(text["value"]["text_nl"])


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_lists_and_search_find_both_languages(client, article, language, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        article.save()
    headers = {"accept-language": language}
    assert client.get(f"{V3}/pages/?type=testapp.ArticlePage", headers=headers).json()["count"] == 1
    for text in ("Feu", "Vuur"):
        assert client.get(f"{V3}/pages/?search={text}", headers=headers).json()["count"] == 1, text


def test_a_page_is_found_by_its_path(client, article):
    assert (
        client.get(f"{V3}/pages/find/?html_path=/feu/", headers={"accept-language": "fr"}).status_code == 302
    )


def test_a_body_can_be_written_back_as_it_was_read(client, article, token):
    url = f"{V3}/pages/{article.pk}/"
    payload = {"meta": {"action": "publish"}, "body": client.get(url, headers=token).json()["body"]}
    response = client.patch(url, json.dumps(payload), content_type="application/json", headers=token)
    assert response.status_code == 200, response.content
    written = ArticlePage.objects.get(pk=article.pk).body
    assert (written[0].value["text_fr"], written[0].value["text_nl"]) == ("Un", "Een")
    assert "Dag" in written[1].value["text_nl"].source


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_bare_names_are_not_written(client, article, token, language):
    client.patch(
        f"{V3}/pages/{article.pk}/",
        json.dumps({"title": "Autre", "slug": "autre"}),
        content_type="application/json",
        headers=token | {"accept-language": language},
    )
    draft = ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object()
    assert (draft.title_fr, draft.title_nl, draft.slug_fr) == ("Feu", "Vuur", "feu")


# Who may see what


@pytest.fixture
def private(home, article):
    draft = ArticlePageFactory(parent=home, live=False, title_fr="Secret")
    restricted = ArticlePageFactory(parent=home, title_fr="Réservé")
    below = ArticlePageFactory(parent=restricted, title_fr="Réservé dessous")
    outside = ArticlePageFactory(title_fr="Ailleurs")
    below_draft = ArticlePageFactory(parent=draft, title_fr="Sous un brouillon")
    alias = restricted.create_alias(parent=home, update_slug="alias")
    alias_below = below.create_alias(parent=home, update_slug="alias-dessous")
    PageViewRestriction.objects.create(page=restricted, restriction_type="login")
    draft_of(article, title_fr="Secret", intro_fr="Secret")
    return [draft, restricted, below, outside, below_draft, alias, alias_below]


def test_the_anonymous_see_no_draft_and_nothing_restricted(client, private, article):
    for each in private:
        for query in ("", "?version=draft"):
            assert client.get(f"{V3}/pages/{each.pk}/{query}").status_code == 404
        for relation in ("child_of", "descendant_of", "ancestor_of"):
            assert client.get(f"{V3}/pages/?{relation}={each.pk}").status_code in {400, 404, 422}
        assert client.get(f"{V3}/pages/find/?id={each.pk}").status_code == 404
    text = client.get(f"{V3}/pages/").content.decode()
    text += client.get(f"{V3}/pages/{article.pk}/?version=draft").content.decode()
    for each in private:
        assert f'"id":{each.pk},' not in text.replace(" ", "")
    assert "Secret" not in text


@pytest.mark.parametrize(
    "path", ["images/", "documents/", "redirects/", "sites/", "locales/", "snippets/", "schema/", "whoami/"]
)
def test_the_anonymous_see_no_files_and_no_settings(client, home, path):
    image, document = ImageFactory(), DocumentFactory()
    response = client.get(f"{V3}/{path}")
    assert response.status_code in {401, 403, 404}, response.content
    for each in (image, document):
        assert client.get(f"{V3}/{path}{each.pk}/").status_code in {401, 403, 404}


def test_a_session_is_no_token(admin, private):
    assert admin.get(f"{V3}/pages/{private[0].pk}/").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", ""),
        ("patch", "{}/"),
        ("delete", "{}/actions/delete/"),
        ("get", "{}/revisions/"),
        *(
            ("post", f"{{}}/actions/{action}/")
            for action in (
                "publish",
                "unpublish",
                "copy",
                "move",
                "revert",
                "create_alias",
                "convert_alias",
            )
        ),
    ],
)
def test_writing_needs_a_token_and_a_permission(client, article, method, path):
    url = f"{V3}/pages/{path.format(article.pk)}"
    payload = {
        "meta": {"type": "testapp.ArticlePage", "parent_id": article.pk},
        "destination_id": article.pk,
        "revision_id": 1,
    }
    send = getattr(client, method)
    options = {} if method == "get" else {"data": json.dumps(payload), "content_type": "application/json"}
    assert send(url, **options).status_code == 401
    nobody = APIToken.create_token(user=UserFactory(), name="nobody")[1]
    assert send(url, headers={"authorization": f"Bearer {nobody}"}, **options).status_code in {403, 404}
    assert BilingualPage.objects.filter(pk=article.pk, live=True).exists()


@pytest.mark.parametrize(("language", "slugs"), [("fr", ("copie", "vuur-2")), ("nl", ("feu-2", "copie"))])
@pytest.mark.parametrize("action", ["copy", "create_alias"])
def test_a_copy_gets_free_slugs_in_both_languages(client, article, token, action, language, slugs):
    url = f"{V3}/pages/{article.pk}/actions/{action}/"
    headers = token | {"accept-language": language}
    response = client.post(
        url, json.dumps({"slug": "copie"}), content_type="application/json", headers=headers
    )
    assert response.status_code == 201, response.content
    copied = ArticlePage.objects.get(pk=response.json()["id"])
    assert (copied.slug_fr, copied.slug_nl) == slugs


@pytest.mark.parametrize("live", [True, False])
def test_a_move_to_where_a_slug_is_taken_is_refused_and_leaves_nothing(client, article, home, token, live):
    other = ArticlePageFactory(parent=home)
    ArticlePageFactory(parent=other, slug_nl="vuur")
    moved = article if live else ArticlePageFactory(parent=home, live=False, slug_nl="vuur-2")
    if not live:
        moved.slug_nl = "vuur"
        ArticlePage.objects.filter(pk=moved.pk).update(slug_nl="vuur")
    response = client.post(
        f"{V3}/pages/{moved.pk}/actions/move/",
        json.dumps({"destination_id": other.pk, "position": "last-child"}),
        content_type="application/json",
        headers=token,
    )
    assert response.status_code == 422, response.content
    assert "vuur" in response.content.decode()
    assert BilingualPage.objects.get(pk=moved.pk).get_parent().pk == home.pk
    assert not any(BilingualPage.find_problems())
