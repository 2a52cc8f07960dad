"""The duty officer's path in the CMS, as a browser without JavaScript takes it: three screens, no dead end."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from django.utils.html import escape

from alerts.admin.forms import UpdateForm
from alerts.lifecycle import Kind, State
from alerts.models import AlertMessage, AlertPage
from alerts.scenarios import Scenario
from generator.models import BuildRequest
from territory.models import Landmark, Municipality, PoliceZone
from tests.alerts import outputs
from tests.alerts.filling import prefilled
from tests.alerts.released import go_live
from tests.factories.alerts import AlertFactory, alert_index, approver, author, end, send
from tests.factories.media import ImageFactory
from tests.factories.pages import draft_of
from tests.factories.users import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ALONE = {"action": "send", "alone_reason": "Seul de garde, danger immédiat."}
HOME, CHOOSE = "/cms/", "/cms/alerts/new/"


@pytest.fixture(params=["fr", "nl"])
def language(request):
    return request.param


@pytest.fixture
def officer(clock, language):
    alert_index()
    return UserFactory(groups=["Duty officers"], language=language)


@pytest.fixture
def cms(client, officer):
    client.force_login(officer)
    return client


def scenario(name="Fusillade"):
    return Scenario.objects.get(name_fr=name)


def address(name="Fusillade"):
    return f"{CHOOSE}{scenario(name).pk}/"


def said(response):
    return [str(message) for message in response.context["messages"]]


def in_admin(text, language):
    with translation.override(language):
        return translation.gettext(text)


class TestNewAlert:
    def test_the_dashboard_leads_to_the_list_and_the_list_to_the_form(self, cms, language):
        dashboard = cms.get(HOME).content.decode()
        assert f'href="{CHOOSE}"' in dashboard
        assert 'data-today="2026-11-22"' in cms.get(address()).content.decode()
        listed = cms.get(CHOOSE).content.decode()
        for each in Scenario.objects.all():
            assert f'href="{CHOOSE}{each.pk}/"' in listed
            assert getattr(each, f"name_{language}").replace("'", "&#x27;") in listed

    def test_place_in_both_languages_is_enough(self, cms, clock, officer, language):
        form = cms.get(address())
        response = cms.post(
            address(), prefilled(form, area_fr="Place Bara", area_nl="Baraplein", **ALONE), follow=True
        )
        message = AlertMessage.objects.get()
        assert message.sent_by == officer
        assert message.content["headline"] == {
            "fr": "Fusillade\u00a0: Place Bara",
            "nl": "Schietpartij: Baraplein",
        }
        assert "13\u00a0h\u00a000" in message.content["what"]["fr"]
        assert "13.00 uur" in message.content["what"]["nl"]
        assert message.expires == clock() + timedelta(hours=2)
        assert (message.content["event"], message.content["severity"]) == ("shooting", "Extreme")
        screen = response.content.decode()
        for url in message.content["web"].values():
            assert url in screen
        assert f"/fr/a{message.alert_id}" in screen
        assert BuildRequest.objects.exists()

    @pytest.mark.parametrize("again", ["send", "draft"])
    def test_a_form_that_is_sent_twice_makes_one_alert(self, cms, again):
        data = prefilled(cms.get(address()), area_fr="Place Bara", area_nl="Baraplein", **ALONE)
        first = cms.post(address(), data)
        second = cms.post(address(), data | {"action": again})
        assert AlertPage.objects.count() == AlertMessage.objects.count() == 1
        assert second.status_code == 302
        assert cms.get(first["Location"]).status_code == 200
        another = prefilled(cms.get(address()), area_fr="Place Bara", area_nl="Baraplein", **ALONE)
        cms.post(address(), another)
        assert AlertMessage.objects.count() == 2

    def test_ticking_a_municipality_is_enough(self, cms):
        towns = Municipality.objects.filter(nis__in=["21001", "21009"])
        data = prefilled(cms.get(address()), municipalities=[town.pk for town in towns], **ALONE)
        cms.post(address(), data)
        content = AlertMessage.objects.get().content
        assert content["area"] == {"fr": "Anderlecht, Ixelles", "nl": "Anderlecht, Elsene"}
        assert content["headline"]["nl"] == "Schietpartij: Anderlecht, Elsene"
        assert content["nis"] == ["21001", "21009"]

    def test_many_municipalities_are_counted_where_their_names_are_too_long(self, cms, language):
        towns = list(Municipality.objects.order_by("nis")[:19])
        station = Landmark.objects.get(name_fr="Gare de Bruxelles-Midi")
        zones = [zone.pk for zone in PoliceZone.objects.all()]
        for ticked, words in (
            ({"municipalities": [town.pk for town in towns[:6]]},
             {"fr": "6 communes de la Région de Bruxelles-Capitale", "nl": "6 gemeenten van het Brussels Gewest"}),
            ({"municipalities": [town.pk for town in towns]},
             {"fr": "19 communes de la Région de Bruxelles-Capitale", "nl": "19 gemeenten van het Brussels Gewest"}),
            ({"municipalities": [town.pk for town in towns[:6]], "landmarks": [station.pk]},
             {"fr": "Gare de Bruxelles-Midi, 6 communes", "nl": "Station Brussel-Zuid, 6 gemeenten"}),
            ({"police_zones": zones}, {"fr": f"{len(zones)} lieux de la Région de Bruxelles-Capitale",
                                       "nl": f"{len(zones)} plaatsen in het Brussels Gewest"}),
        ):  # fmt: skip
            cms.post(address(), prefilled(cms.get(address()), **ticked, **ALONE))
            content = AlertMessage.objects.order_by("-pk").first().content
            assert content["area"] == words
            assert all(len(text) <= 49 for text in words.values())
            assert len(content["nis"]) >= len(ticked.get("municipalities", []))

    def test_the_whole_region_is_a_place(self, cms):
        cms.post(address("Inondation"), prefilled(cms.get(address("Inondation")), whole_region="on", **ALONE))
        content = AlertMessage.objects.get().content
        assert content["area"]["nl"] == "Brussels Hoofdstedelijk Gewest"
        assert len(content["nis"]) == 19

    def test_a_place_a_zone_and_what_is_drawn_are_ground_too_and_give_the_words(self, cms):
        station = Landmark.objects.get(name_fr="Gare de Bruxelles-Midi")
        zone = PoliceZone.objects.get(code="5341")
        form = cms.get(address())
        assert "<details >" in form.content.decode(), "collapsed until there is something in it"
        data = prefilled(
            form, landmarks=[station.pk], police_zones=[zone.pk], shapes="50.84,4.34 0.3", **ALONE
        )
        cms.post(address(), data)
        content = AlertMessage.objects.get().content
        assert content["area"] == {
            "fr": "Gare de Bruxelles-Midi, zone de police Midi",
            "nl": "Station Brussel-Zuid, politiezone Zuid",
        }
        assert content["nis"] == ["21001", "21007", "21013"]
        assert content["circles"] == [
            {"center": [4.34, 50.84], "radius_km": 0.3},
            {"center": [4.3362, 50.8357], "radius_km": 0.4},
        ]

    def test_a_shape_that_cannot_be_read_is_told_where_it_stands_and_stays(self, cms):
        data = prefilled(cms.get(address()), area_fr="a", area_nl="b", shapes="50.84 ici", **ALONE)
        response = cms.post(address(), data)
        assert list(response.context["form"].errors) == ["shapes"]
        assert response.context["form"].shows_ground
        assert "50.84 ici" in response.content.decode()
        assert not AlertMessage.objects.exists()

    def test_what_was_drawn_is_there_again_when_the_texts_are_filled_in_and_in_the_update(self, cms):
        form = cms.get(address())
        shown = cms.post(
            address(), prefilled(form, area_fr="a", area_nl="b", shapes="50.84,4.34 0.3", action="fill")
        )
        assert shown.context["form"]["shapes"].value() == "50.84,4.34 0.3"
        cms.post(address(), prefilled(shown, **ALONE))
        update = f"/cms/alerts/{AlertPage.objects.get().pk}/update/"
        form = cms.get(update)
        assert form.context["form"].shows_ground
        cms.post(update, prefilled(form, shapes="50.84,4.34 0.5", what_fr="Plus large.", **ALONE))
        circles = [message.content["circles"] for message in AlertMessage.objects.all()]
        assert [circle["radius_km"] for (circle,) in circles] == [0.3, 0.5]

    @pytest.mark.parametrize("codes", [["Avoid"], []])
    def test_what_people_should_do_comes_from_the_scenario_and_may_be_changed(self, cms, codes):
        form = cms.get(address())
        assert form.context["form"]["response_types"].value() == ["Shelter", "Avoid"]
        cms.post(address(), prefilled(form, area_fr="a", area_nl="b", **ALONE) | {"response_types": codes})
        assert AlertMessage.objects.get().content["response_types"] == codes

    @pytest.mark.parametrize("lacking", ["fr", "nl"])
    def test_in_minute_zero_one_language_may_follow_with_a_reason(self, cms, lacking):
        there = {"fr": "nl", "nl": "fr"}[lacking]
        typed = {f"{stem}_{there}": f"Texte {stem}" for stem in ("title", "what", "instruction", "area")}
        form = cms.get("/cms/alerts/new/blank/")
        data = prefilled(form, **typed, **ALONE, translation_follows=lacking, severity="Extreme")
        data["expires"] = "2026-11-22T15:00"
        refused = cms.post("/cms/alerts/new/blank/", data)
        assert list(refused.context["form"].errors) == ["translation_reason"]
        assert refused.context["form"].shows_follows
        cms.post("/cms/alerts/new/blank/", data | {"translation_reason": "Personne ne répond."})
        message = AlertMessage.objects.get()
        assert message.content["translation_follows"] == lacking
        assert message.content["what"][there] == "Texte what"
        assert f"/{there}/" in message.content["what"][lacking]
        assert message.authorisation.translation_reason == "Personne ne répond."
        assert (
            "translation_follows"
            not in cms.get(f"/cms/alerts/{message.alert_id}/update/").context["form"].fields
        )

    @pytest.mark.parametrize("lacking", ["fr", "nl"])
    def test_where_only_the_place_is_not_known_in_a_language_its_texts_go_out_with_the_other_s(
        self, cms, lacking
    ):
        there = {"fr": "nl", "nl": "fr"}[lacking]
        typed = {f"area_{there}": "Flagey", f"area_{lacking}": "", "translation_follows": lacking}
        cms.post(address(), prefilled(cms.get(address()), **typed, **ALONE))
        content = AlertMessage.objects.get().content
        assert content["area"] == {"fr": "Flagey", "nl": "Flagey"}
        assert "Flagey" in content["headline"][lacking]
        assert content["translation_follows"] is None

    @pytest.mark.parametrize("lacking", ["fr", "nl"])
    def test_what_a_scenario_leaves_open_in_one_language_may_follow_and_the_rest_is_kept(self, cms, lacking):
        there = {"fr": "nl", "nl": "fr"}[lacking]
        path = address("Disparition d’enfant")
        typed = {"area_fr": "Flagey", "area_nl": "Flagey", f"detail_{there}": "xyz", f"detail_{lacking}": ""}
        asked = {"translation_follows": lacking, "translation_reason": "Personne ne répond."}
        form = cms.get(path)
        cms.post(path, prefilled(form, **typed, **asked, **ALONE, severity="Extreme", urgency="Immediate"))
        content = AlertMessage.objects.get().content
        assert content["translation_follows"] == lacking
        assert f"/{there}/" in content["what"][lacking]
        assert "{" not in content["headline"][lacking] + content["what"][lacking]
        assert content["instruction"][lacking].splitlines()[0] in form.content.decode()

    @pytest.mark.parametrize(
        "now", ["2026-10-24 22:31", "2026-10-24 23:31", "2026-10-25 00:32", "2026-10-25 01:32"]
    )
    def test_in_the_night_in_which_an_hour_comes_twice_the_prefilled_form_goes_out(self, cms, clock, now):
        clock.time = datetime.fromisoformat(now).replace(tzinfo=UTC)
        cms.post(address(), prefilled(cms.get(address()), area_fr="a", area_nl="b", **ALONE))
        message = AlertMessage.objects.get()
        assert message.onset == clock()
        longer = message.expires - clock() - scenario().duration
        assert timedelta(0) <= longer <= timedelta(hours=2)

    def test_a_draft_may_lack_texts(self, cms):
        typed = {"area_fr": "Rue Neuve", "title_nl": "", "what_nl": "", "instruction_nl": "", "what_fr": ""}
        response = cms.post(address(), prefilled(cms.get(address()), **typed, action="draft"))
        assert response.status_code == 302
        draft = AlertPage.objects.get().get_latest_revision_as_object()
        assert (draft.title_fr, draft.title_nl or "") == ("Fusillade\u00a0: Rue Neuve", "")

    @pytest.mark.parametrize("missing", ["area_fr", "area_nl"])
    def test_without_the_place_nothing_goes_out_and_what_was_typed_stays(self, cms, missing):
        typed = {"area_fr": "Place Bara", "area_nl": "Baraplein", "what_fr": "Deux tireurs à {place}."}
        data = prefilled(cms.get(address()), **{**typed, missing: ""}, **ALONE)
        response = cms.post(address(), data)
        assert response.status_code == 200
        errors = response.context["form"].errors
        assert list(errors) == [missing]
        assert "Deux tireurs" in response.content.decode()
        assert not AlertMessage.objects.exists()
        assert not AlertPage.objects.exists()

    def test_a_detail_is_asked_where_the_scenario_leaves_one_open_and_must_be_given(self, cms):
        assert "detail_fr" not in cms.get(address()).context["form"].fields
        path = address("Disparition d’enfant")
        form = cms.get(path)
        places = {"area_fr": "Place Bara", "area_nl": "Baraplein", **ALONE}
        refused = cms.post(path, prefilled(form, **places))
        assert list(refused.context["form"].errors) == ["detail_fr", "detail_nl"]
        cms.post(
            path, prefilled(form, **places, detail_fr="5 ans, veste rouge.", detail_nl="5 jaar, rode jas.")
        )
        assert "Description\u00a0: 5 ans, veste rouge." in AlertMessage.objects.get().content["what"]["fr"]

    def test_all_that_is_left_open_is_told_at_once_and_once(self, cms):
        path = address("Disparition d’enfant")
        form = cms.get(path)
        refused = cms.post(path, prefilled(form, area_nl="Baraplein", **ALONE))
        errors = refused.context["form"].errors
        assert sorted(errors) == ["area_fr", "detail_fr", "detail_nl"]
        assert all(len(lines) == 1 for lines in errors.values())

    def test_every_placeholder_that_somebody_typed_is_told_in_its_text(self, cms):
        typed = {"area_fr": "Place Bara", "area_nl": "Baraplein", "what_fr": "{rue}, {numéro}: {detail}."}
        refused = cms.post(address(), prefilled(cms.get(address()), **typed, **ALONE))
        lines = " ".join(refused.context["form"].errors["what_fr"])
        assert all(left in lines for left in ("{rue}", "{numéro}", "{detail}"))

    def test_the_texts_can_be_seen_filled_in_first(self, cms):
        form = cms.get(address())
        shown = cms.post(address(), prefilled(form, area_fr="Place Bara", action="fill"))
        assert shown.context["form"]["title_fr"].value() == "Fusillade\u00a0: Place Bara"
        assert shown.context["form"]["title_nl"].value() == "Schietpartij: {place}"
        assert not AlertPage.objects.exists()
        again = cms.post(address(), prefilled(shown, area_nl="Baraplein", **ALONE))
        assert again.status_code == 302
        assert AlertMessage.objects.get().content["headline"]["nl"] == "Schietpartij: Baraplein"

    @pytest.mark.parametrize("broken", [{"onset": "hier"}, {"expires": ""}, {"municipalities": ["99999"]}])
    @pytest.mark.parametrize("action", ["fill", "send", "draft"])
    def test_what_cannot_be_read_is_no_error_500(self, cms, broken, action):
        response = cms.post(address(), prefilled(cms.get(address()), **broken, action=action))
        assert response.status_code == 200
        assert not AlertMessage.objects.exists()

    @pytest.mark.parametrize("before", ["refused", "fill"])
    def test_a_place_an_hour_and_a_detail_that_are_corrected_later_go_out_corrected(self, cms, before):
        path = address("Disparition d’enfant")
        wrong = {
            "area_fr": "Place Bara", "area_nl": "Baraplein", "onset": "2026-11-22T11:10",
            "detail_fr": "5 ans, veste rouge", "detail_nl": "5 jaar, rode jas",
        }  # fmt: skip
        right = {
            "area_fr": "Gare du Nord", "area_nl": "Noordstation", "onset": "2026-11-22T12:20",
            "detail_fr": "6 ans, veste bleue", "detail_nl": "6 jaar, blauwe jas",
        }  # fmt: skip
        action = {"refused": "send", "fill": "fill"}[before]
        shown = cms.post(path, prefilled(cms.get(path), **wrong, action=action))
        assert "Place Bara" in shown.context["form"]["title_fr"].value()
        shown = cms.post(path, prefilled(shown, **right, action="fill"))
        assert "Gare du Nord" in shown.context["form"]["title_fr"].value()
        cms.post(path, prefilled(shown, area_fr="Flagey", **ALONE))
        content = AlertMessage.objects.get().content
        said = " ".join(
            text for name in ("headline", "what", "instruction") for text in content[name].values()
        )
        assert not any(text in said for text in ("Bara", "h\u00a010", ".10 uur", "Nord ", "rouge", "rode"))
        assert "Flagey" in content["headline"]["fr"]
        assert "Noordstation" in content["headline"]["nl"]
        assert "12\u00a0h\u00a020" in said
        assert "6 ans, veste bleue" in said

    def test_what_is_ticked_otherwise_after_the_texts_were_filled_in_is_the_place(self, cms):
        first, second = Municipality.objects.filter(nis__in=["21001", "21009"]).order_by("nis")
        data = prefilled(cms.get(address()), municipalities=[first.pk], action="fill")
        shown = cms.post(address(), data)
        assert shown.context["form"]["area_nl"].value() == "Anderlecht"
        cms.post(address(), prefilled(shown, **ALONE) | {"municipalities": [second.pk]})
        content = AlertMessage.objects.get().content
        assert content["area"] == {"fr": "Ixelles", "nl": "Elsene"}
        assert "Anderlecht" not in str([content[name] for name in ("headline", "what", "instruction")])

    def test_a_text_that_was_changed_by_hand_stays_and_is_asked_about_once_where_it_has_the_place_before(
        self, cms, language
    ):
        places = {"area_fr": "Place Bara", "area_nl": "Baraplein"}
        shown = cms.post(address(), prefilled(cms.get(address()), **places, action="fill"))
        mine = "Tirs près de la place bara"
        data = prefilled(shown, area_fr="Gare du Nord", area_nl="Baraplein-Zuid", title_fr=mine, **ALONE)
        refused = cms.post(address(), data)
        (told,) = refused.context["form"].errors.pop("title_fr")
        assert "Place Bara" in told
        assert "Gare du Nord" in told
        assert not refused.context["form"].errors, "what follows is no question"
        cms.post(address(), prefilled(refused, **ALONE))
        content = AlertMessage.objects.get().content
        assert content["headline"] == {"fr": mine, "nl": "Schietpartij: Baraplein-Zuid"}

    @pytest.mark.parametrize(
        "said", ["{", "[]", '{"title_fr": 3}', '{"title_fr": ["a"]}', '{"a": ["b", []]}']
    )
    def test_a_note_of_what_was_filled_in_that_nobody_can_read_is_none(self, cms, said):
        data = prefilled(cms.get(address()), area_fr="a", area_nl="b", **ALONE) | {"followed": said}
        assert cms.post(address(), data).status_code == 302
        assert AlertMessage.objects.get().content["headline"]["fr"] == "Fusillade\u00a0: a"

    def test_a_place_that_is_too_long_stays_as_it_was_typed(self, cms):
        data = prefilled(cms.get(address()), area_fr="é" * 50, area_nl="b", what_nl="x" * 1201, **ALONE)
        form = cms.post(address(), data).context["form"]
        assert {"area_fr", "what_nl"} <= set(form.errors)
        assert (form["area_fr"].value(), form["what_nl"].value()) == ("é" * 50, "x" * 1201)

    def test_an_end_that_has_passed_is_refused_at_its_field(self, cms):
        data = prefilled(cms.get(address()), area_fr="a", area_nl="b", **ALONE)
        response = cms.post(address(), data | {"onset": "2026-11-22T08:00", "expires": "2026-11-22T09:00"})
        assert "expires" in response.context["form"].errors
        assert not AlertPage.objects.exists()

    @pytest.mark.parametrize(
        ("name", "typed", "told"),
        [
            ("onset", "0026-11-22T08:40", "22/11/0026 08:40"),
            ("onset", "0001-01-01T00:00", "01/01/0001 00:00"),
            ("onset", "9999-12-31T23:59", "31/12/9999 23:59"),
            ("onset", "2026-11-15T12:59", "15/11/2026 12:59"),
            ("onset", "2027-11-22T13:01", "22/11/2027 13:01"),
            ("expires", "2062-11-22T15:00", "22/11/2062 15:00"),
            ("expires", "2027-11-22T13:01", "22/11/2027 13:01"),
        ],
    )
    @pytest.mark.parametrize("action", ["send", "fill"])
    def test_a_slip_in_a_date_is_told_and_nothing_goes_out(self, cms, name, typed, told, action):
        data = prefilled(cms.get(address()), area_fr="Bara", area_nl="Baraplein", **ALONE, lasts_long="on")
        data |= {name: typed, "action": action}
        form = cms.post(address(), data).context["form"]
        assert form[name].value() == typed
        if action == "send":
            assert told in str(form.errors[name])
        assert not AlertPage.objects.exists()

    @pytest.mark.parametrize(
        ("name", "typed"),
        [("onset", "2026-11-15T13:01"), ("onset", "2027-11-22T12:59"), ("expires", "2027-11-22T13:00")],
    )
    def test_a_week_ago_and_a_year_ahead_are_no_slips(self, cms, name, typed):
        data = prefilled(cms.get(address()), area_fr="Bara", area_nl="Baraplein", **ALONE, lasts_long="on")
        cms.post(address(), data | {"expires": "2027-11-22T13:00", name: typed})
        assert AlertMessage.objects.exists()

    @pytest.mark.parametrize("typed", ["0001-01-01T00:00", "9999-12-31T23:59"])
    def test_a_draft_takes_no_date_that_cannot_be_stored(self, cms, typed):
        data = prefilled(cms.get(address()), action="draft", onset=typed)
        assert list(cms.post(address(), data).context["form"].errors) == ["onset"]
        assert not AlertPage.objects.exists()

    def test_what_lasts_longer_than_a_week_is_asked_about_once(self, cms, language):
        form = cms.get(address())
        assert "lasts_long" not in form.content.decode()
        data = prefilled(form, area_fr="Place Bara", area_nl="Baraplein", **ALONE) | {
            "expires": "2026-12-04T13:00"
        }
        asked = cms.post(address(), data)
        assert list(asked.context["form"].errors) == ["lasts_long"]
        question = {"fr": "12 jours, jusqu’au 04/12/2026 13:00", "nl": "12 dagen duren, tot 04/12/2026 13:00"}
        assert question[language] in asked.content.decode()
        assert 'name="lasts_long"' in asked.content.decode()
        cms.post(address(), prefilled(asked, lasts_long="on", action="send"))
        assert AlertMessage.objects.exists()

    def test_nobody_is_asked_about_the_longest_that_a_scenario_may_propose(self, cms):
        Scenario.objects.filter(pk=scenario().pk).update(hours=7 * 24)
        cms.post(address(), prefilled(cms.get(address()), area_fr="Bara", area_nl="Baraplein", **ALONE))
        assert AlertMessage.objects.exists()

    def test_a_headline_that_is_too_long_is_counted_and_not_cut(self, cms, language):
        long = "Incendie " + "x" * 140
        form = cms.get(address())
        assert "maxlength" not in str(form.context["form"]["title_fr"])
        answer = cms.post(
            address(), prefilled(form, area_fr="Bara", area_nl="Baraplein", title_fr=long, **ALONE)
        )
        assert answer.context["form"]["title_fr"].value() == long
        reason = in_admin("%(length)d characters; a headline has at most %(most)d. Shorten it.", language)
        assert reason % {"length": 149, "most": 140} in answer.content.decode()
        assert not AlertMessage.objects.exists()

    def test_only_who_may_publish_alone_is_asked_why(self, client, officer, language):
        client.force_login(UserFactory(groups=["Moderators"], language=language))
        form = client.get(address())
        assert "alone_reason" not in form.content.decode()
        data = prefilled(form, area_fr="Place Bara", area_nl="Baraplein", **ALONE)
        refused = client.post(address(), data).context["form"]
        with translation.override(language):
            assert refused.non_field_errors() == [
                translation.gettext(
                    "Somebody else has to approve what you wrote. Only a duty officer may publish alone."
                )
            ]
        client.post(address(), data | {"action": "draft"})
        page = AlertPage.objects.get()
        assert "alone_reason" not in client.get(f"/cms/pages/{page.pk}/edit/").content.decode()

    def test_without_a_colleague_the_reason_must_be_given(self, cms):
        data = prefilled(cms.get(address()), area_fr="Place Bara", area_nl="Baraplein", action="send")
        response = cms.post(address(), data)
        assert list(response.context["form"].errors) == ["alone_reason"]
        assert not AlertPage.objects.exists()
        cms.post(address(), data | ALONE)
        assert AlertMessage.objects.get().authorisation.reason == ALONE["alone_reason"]

    def test_what_is_not_imminent_is_kept_as_a_draft_and_approved_by_a_colleague(self, cms, client):
        path = address("Tempête")
        data = prefilled(cms.get(path), area_fr="Uccle", area_nl="Ukkel", **ALONE)
        assert list(cms.post(path, data).context["form"].errors) == ["alone_reason"]
        cms.post(path, data | {"action": "draft"})
        page = AlertPage.objects.get()
        assert page.get_latest_revision_as_object().title_nl == "Storm, blijf binnen: Ukkel"
        page.get_latest_revision().publish(user=UserFactory(groups=["Duty officers"]))
        assert AlertMessage.objects.get().authorisation.ground == "four-eyes"

    def test_a_draft_keeps_what_is_there_and_opens_the_full_form(self, cms):
        response = cms.post(address(), prefilled(cms.get(address()), area_fr="Place Bara", action="draft"))
        page = AlertPage.objects.get()
        assert response["Location"] == f"/cms/pages/{page.pk}/edit/"
        assert (page.live, page.area_fr) == (False, "Place Bara")
        assert "{place}" in page.get_latest_revision_as_object().title_nl

    @pytest.mark.parametrize("status", ["Exercise", "Test"])
    def test_an_exercise_is_announced_as_one_needs_a_colleague_and_stays_out_of_everything(
        self, cms, language, status
    ):
        path = address("Exercice")
        form = cms.get(path)
        assert in_admin("Exercise", language) in form.content.decode()
        places = {"area_fr": "Place Bara", "area_nl": "Baraplein", "status": status, "urgency": "Immediate"}
        data = prefilled(form, **places, severity="Extreme", **ALONE)
        assert list(cms.post(path, data).context["form"].errors) == ["alone_reason"]
        cms.post(path, data | {"action": "draft"})
        AlertPage.objects.get().get_latest_revision().publish(user=UserFactory(groups=["Duty officers"]))
        assert AlertMessage.objects.get().content["status"] == status
        assert outputs.active() == []

    def test_there_is_an_empty_form_for_what_no_scenario_foresees(self, cms):
        response = cms.get(f"{CHOOSE}blank/")
        refused = cms.post(f"{CHOOSE}blank/", prefilled(response, **ALONE))
        assert {"title_fr", "what_nl", "area_fr", "expires"} <= set(refused.context["form"].errors)
        texts = {
            f"{name}_{code}": f"{name} {code}"
            for name in ("title", "what", "instruction", "area")
            for code in ("fr", "nl")
        }
        cms.post(f"{CHOOSE}blank/", prefilled(response, **texts, expires="2026-11-22T20:00", **ALONE))
        assert AlertMessage.objects.get().content["headline"]["fr"] == "title fr"


class TestUpdate:
    @pytest.fixture
    def alert(self, officer):
        alert = AlertFactory()
        send(alert)
        return alert

    def test_it_is_prefilled_with_what_was_sent_and_a_later_end(self, cms, clock, alert):
        title = alert.title_fr
        draft_of(alert, title_fr="Un brouillon d’un autre")
        clock(minutes=90)
        form = cms.get(f"/cms/alerts/{alert.pk}/update/")
        assert form.context["form"]["title_fr"].value() == title
        assert form.context["form"].initial["expires"] == clock() + timedelta(hours=2)
        assert f"/cms/pages/{alert.pk}/edit/" in form.content.decode()

    def test_sending_it_untouched_extends_the_alert(self, cms, clock, alert):
        path = f"/cms/alerts/{alert.pk}/update/"
        clock(minutes=90)
        response = cms.post(path, prefilled(cms.get(path), **ALONE))
        assert response["Location"] == f"/cms/alerts/{alert.pk}/sent/"
        last = alert.chain().last
        assert last.kind == Kind.UPDATE
        assert last.expires == clock() + timedelta(hours=2)
        assert last.content["headline"] == alert.chain().first.content["headline"]

    def test_what_was_announced_lasts_as_long_as_from_its_beginning(self, cms, clock, officer):
        begin = clock() + timedelta(hours=26)
        alert = AlertFactory(onset=begin, expires=begin + timedelta(hours=4))
        send(alert)
        path = f"/cms/alerts/{alert.pk}/update/"
        clock(hours=2)
        assert cms.get(path).context["form"].initial["expires"] == begin + timedelta(hours=4)
        clock(hours=25)
        assert cms.get(path).context["form"].initial["expires"] == clock() + timedelta(hours=4)

    def test_it_says_that_another_one_is_planned_which_it_calls_off(self, cms, clock, alert, language):
        path = f"/cms/alerts/{alert.pk}/update/"
        words = {"fr": "prévue pour le 22", "nl": "gepland voor 22"}[language]
        assert words not in cms.get(path).content.decode()
        page = alert.get_latest_revision_as_object()
        page.what_fr, page.go_live_at = "La suite.", clock() + timedelta(hours=4)
        page.expires = clock() + timedelta(hours=9)
        page.save_revision(user=author()).publish(user=approver())
        assert words in cms.get(path).content.decode()

    def test_of_two_that_are_sent_at_the_same_moment_the_second_is_asked_to_compare(
        self, cms, clock, alert, monkeypatch
    ):
        """Both have been looked through before either was sent."""
        path = f"/cms/alerts/{alert.pk}/update/"
        data = prefilled(cms.get(path), **ALONE)
        passed, meanwhile = UpdateForm.is_valid, []

        def is_valid(form):
            valid = passed(form)
            if not meanwhile:
                meanwhile.append(send(alert, what_fr="Envoyé entre-temps."))
            return valid

        monkeypatch.setattr(UpdateForm, "is_valid", is_valid)
        response = cms.post(path, data)
        assert alert.chain().last == meanwhile[0]
        assert "Comparez" in response.content.decode() or "Vergelijk" in response.content.decode()
        assert cms.post(path, prefilled(response, **ALONE)).status_code == 302
        assert alert.chain().last != meanwhile[0]

    @pytest.mark.parametrize("minutes", [-30, 30])
    def test_what_stands_in_the_hour_that_comes_twice_stays(self, cms, clock, officer, minutes):
        doubled = datetime(2026, 10, 25, 1, tzinfo=UTC) + timedelta(minutes=minutes)
        clock.time = doubled - timedelta(minutes=10)
        alert = AlertFactory(onset=doubled, expires=doubled + timedelta(hours=6))
        send(alert)
        clock(hours=2)
        path = f"/cms/alerts/{alert.pk}/update/"
        cms.post(path, prefilled(cms.get(path), **ALONE))
        last = alert.chain().last
        assert last.kind == Kind.UPDATE
        assert last.onset == doubled

    def test_an_end_in_the_hour_that_comes_twice_is_the_later_one_and_one_that_never_comes_is_refused(
        self, cms, clock, officer
    ):
        clock.time = datetime(2026, 10, 24, 20, tzinfo=UTC)
        alert = AlertFactory()
        send(alert)
        path = f"/cms/alerts/{alert.pk}/update/"
        data = prefilled(cms.get(path), **ALONE)
        cms.post(path, data | {"expires": "2026-10-25T02:30"})
        assert alert.chain().last.expires == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
        refused = cms.post(path, prefilled(cms.get(path), **ALONE) | {"expires": "2027-03-28T02:30"})
        assert "28/03/2027 02:30" in str(refused.context["form"].errors["expires"])

    @pytest.mark.parametrize("action", ["send", "draft"])
    @pytest.mark.parametrize(
        ("how", "french", "dutch"),
        [
            (None, "a expiré entre-temps (22/11/2026 15:00)", "is intussen verlopen (22/11/2026 15:00)"),
            (Kind.ALL_CLEAR, "author a envoyé entre-temps la fin", "author heeft intussen het einde"),
            (Kind.CANCEL, "author a annulé entre-temps", "author heeft deze waarschuwing intussen geannuleerd"),
        ],
    )  # fmt: skip
    def test_one_that_comes_after_the_end_becomes_a_new_alert_and_nothing_of_it_is_lost(
        self, cms, clock, officer, language, how, french, dutch, action
    ):
        carried = {
            "contact_fr": "Centre de crise", "contact_nl": "Crisiscentrum", "contact_number": "1771",
            "image": ImageFactory(), "image_alt_fr": "Fumée noire", "image_alt_nl": "Zwarte rook",
        }  # fmt: skip
        alert = AlertFactory(status="Exercise", **carried)
        send(alert)
        path = f"/cms/alerts/{alert.pk}/update/"
        towns = [town.pk for town in Municipality.objects.filter(nis__in=["21001", "21009"])]
        written = {
            "what_fr": "Le feu a repris.",
            "what_nl": "Het brandt opnieuw.",
            "area_fr": "",
            "area_nl": "",
        }
        data = prefilled(cms.get(path), municipalities=towns, **written, **(ALONE | {"action": action}))
        clock(hours=1)
        if how:
            end(alert, how, now=clock())
        clock(hours=1)
        sent = alert.chain().last
        response = cms.post(path, data | {"expires": "2026-11-22T18:00"})
        screen = response.content.decode()
        assert {"fr": french, "nl": dutch}[language] in screen
        assert '<form method="post" action="/cms/alerts/new/blank/"' in screen
        assert alert.chain().last == sent
        again = prefilled(response)
        assert again["municipalities"] == [str(town) for town in towns]
        assert (again["what_fr"], again["alone_reason"]) == (written["what_fr"], ALONE["alone_reason"])
        cms.post("/cms/alerts/new/blank/", again | {"action": "draft"})
        page = AlertPage.objects.exclude(pk=alert.pk).get()
        page.get_latest_revision().publish(user=UserFactory(groups=["Duty officers"]))
        content = page.chain().last.content
        assert content["status"] == "Exercise"
        assert content["what"] == {"fr": "Le feu a repris.", "nl": "Het brandt opnieuw."}
        assert content["nis"] == ["21001", "21009"]
        assert content["contact"] == {"fr": "Centre de crise", "nl": "Crisiscentrum"}
        assert content["contact_number"] == "1771"
        assert content["image"]["alt"] == {"fr": "Fumée noire", "nl": "Zwarte rook"}
        assert page.chain().last.expires == datetime(2026, 11, 22, 17, tzinfo=UTC)

    def test_who_was_alone_for_the_last_message_says_why_for_this_one(self, cms, clock):
        places = {"area_fr": "Place Bara", "area_nl": "Baraplein"}
        cms.post(address(), prefilled(cms.get(address()), **places, **ALONE))
        page = AlertPage.objects.get()
        clock(minutes=90)
        path = f"/cms/alerts/{page.pk}/update/"
        form = cms.get(path)
        assert ALONE["alone_reason"] not in form.content.decode()
        refused = cms.post(path, prefilled(form))
        assert list(refused.context["form"].errors) == ["alone_reason"]
        assert len(page.chain().messages) == 1
        assert cms.post(path, prefilled(form, alone_reason="Toujours seul.")).status_code == 302
        assert [message.authorisation.reason for message in page.chain().messages] == [
            ALONE["alone_reason"],
            "Toujours seul.",
        ]

    @pytest.mark.parametrize("form", ["alerts/{}/update", "pages/{}/edit"])
    def test_why_a_translation_followed_is_not_said_again(self, cms, form):
        typed = {f"{stem}_fr": f"Texte {stem}" for stem in ("title", "what", "instruction", "area")}
        data = prefilled(cms.get("/cms/alerts/new/blank/"), **typed, **ALONE, severity="Extreme")
        follows = {"translation_follows": "nl", "translation_reason": "Personne ne répond."}
        cms.post("/cms/alerts/new/blank/", data | follows | {"expires": "2026-11-22T15:00"})
        page = AlertPage.objects.get()
        response = cms.get(f"/cms/{form.format(page.pk)}/")
        proposed = str(prefilled(response))
        assert "Texte what" in proposed
        # The title above the form is that of what was sent.
        assert "vertaling volgt" not in proposed
        assert follows["translation_reason"] not in response.content.decode()

    def test_a_draft_of_an_update_is_kept_for_a_colleague(self, cms, clock, alert):
        path = f"/cms/alerts/{alert.pk}/update/"
        response = cms.post(path, prefilled(cms.get(path), what_fr="Mon texte.", action="draft"))
        assert response["Location"] == f"/cms/pages/{alert.pk}/edit/"
        alert.refresh_from_db()
        assert alert.get_latest_revision_as_object().what_fr == "Mon texte."
        assert len(alert.chain().messages) == 1

    def test_an_update_sent_by_somebody_else_meanwhile_is_shown_before_it_is_overwritten(
        self, cms, clock, alert, language
    ):
        path = f"/cms/alerts/{alert.pk}/update/"
        data = prefilled(cms.get(path), what_fr="Mon texte.", **ALONE)
        clock(minutes=1)
        send(alert, title_fr="Le suspect est arrêté", title_nl="De verdachte is opgepakt")
        refused = cms.post(path, data)
        assert {"fr": "Le suspect est arrêté", "nl": "De verdachte is opgepakt"}[
            language
        ] in refused.content.decode()
        assert "Mon texte." in refused.content.decode()
        assert len(alert.chain().messages) == 2
        clock(minutes=1)
        cms.post(path, data | {"after": refused.context["form"]["after"].value()})
        assert alert.chain().last.content["what"]["fr"] == "Mon texte."

    @pytest.mark.parametrize("kind", ["update", "all-clear", "cancel"])
    def test_what_is_over_gets_a_message_and_no_form(self, cms, clock, alert, kind):
        end(alert, Kind.CANCEL, now=clock(minutes=1))
        # What is sent as an update then becomes a new alert.
        for ask in (cms.get, cms.post) if kind != "update" else (cms.get,):
            response = ask(f"/cms/alerts/{alert.pk}/{kind}/", follow=True)
            assert response.status_code == 200
            assert said(response)
        assert len(alert.chain().messages) == 2


class TestEnd:
    @pytest.fixture
    def alert(self, officer):
        alert = AlertFactory()
        send(alert)
        return alert

    @pytest.mark.parametrize(
        ("kind", "state", "french", "dutch"),
        [
            ("all-clear", State.ENDED, "Le danger est écarté", "Het gevaar is geweken"),
            ("cancel", State.CANCELLED, "par erreur", "per vergissing"),
        ],
    )
    def test_its_words_are_prefilled_in_both_languages(self, cms, clock, alert, kind, state, french, dutch):
        path = f"/cms/alerts/{alert.pk}/{kind}/"
        clock(minutes=1)
        cms.post(path, prefilled(cms.get(path)))
        content = alert.chain().last.content
        assert alert.state_at(clock()) is state
        assert alert.title_fr in content["headline"]["fr"]
        assert alert.title_nl in content["headline"]["nl"]
        assert content["instruction"]["fr"] != content["instruction"]["nl"]

    @pytest.mark.parametrize(
        ("status", "french", "dutch"),
        [
            ("Actual", "Le danger est écarté", "Het gevaar is geweken"),
            ("Exercise", "L’exercice est terminé", "De oefening is afgelopen"),
            ("Test", "Le test est terminé", "De test is afgelopen"),
        ],
    )
    def test_no_danger_is_over_that_never_was(self, cms, clock, officer, language, status, french, dutch):
        alert = AlertFactory(status=status)
        send(alert)
        path = f"/cms/alerts/{alert.pk}/all-clear/"
        form = cms.get(path)
        assert form.content.decode().count({"fr": french, "nl": dutch}[language]) == 2
        clock(minutes=1)
        cms.post(path, prefilled(form))
        instruction = alert.chain().last.content["instruction"]
        assert french in instruction["fr"]
        assert dutch in instruction["nl"]
        page = outputs.html(alert, "fr")
        assert ("danger est écarté" in page) == (status == "Actual")

    @pytest.mark.parametrize(
        ("kind", "buttons", "answers"),
        [
            (
                "all-clear",
                {"fr": "Envoyer la fin d’alerte", "nl": "Het einde van de waarschuwing versturen"},
                {"fr": "La fin d’alerte est envoyée.", "nl": "Het einde van de waarschuwing is verstuurd."},
            ),
            (
                "cancel",
                {"fr": "Envoyer l’annulation", "nl": "De annulering versturen"},
                {"fr": "L’annulation est envoyée.", "nl": "De annulering is verstuurd."},
            ),
        ],
    )
    def test_its_button_and_its_answer_are_phrases_of_their_own(
        self, cms, clock, alert, language, kind, buttons, answers
    ):
        path = f"/cms/alerts/{alert.pk}/{kind}/"
        form = cms.get(path)
        assert f">{buttons[language]}</button>" in form.content.decode()
        clock(minutes=1)
        assert said(cms.post(path, prefilled(form), follow=True)) == [answers[language]]

    def test_what_the_officer_writes_is_what_is_kept_and_shown(self, cms, clock, alert):
        path = f"/cms/alerts/{alert.pk}/cancel/"
        words = {
            "headline_fr": "Annulée : fausse information",
            "headline_nl": "Ingetrokken: vals bericht",
            "instruction_fr": "Il n’y a pas eu de tir.",
            "instruction_nl": "Er is niet geschoten.",
        }
        clock(minutes=1)
        cms.post(path, prefilled(cms.get(path), **words))
        message = alert.chain().last
        assert message.content["headline"]["nl"] == "Ingetrokken: vals bericht"
        assert message.content["instruction"]["fr"] == "Il n’y a pas eu de tir."
        assert "Er is niet geschoten." in message.xml
        assert "Er is niet geschoten." in outputs.html(alert, "nl")

    @pytest.mark.once
    @pytest.mark.parametrize("name", ["headline_fr", "headline_nl", "instruction_fr", "instruction_nl"])
    @pytest.mark.parametrize("text", ["", "  \n", "Lieu : {place}"])
    def test_a_text_that_is_missing_or_unfilled_is_refused(self, cms, clock, alert, name, text):
        path = f"/cms/alerts/{alert.pk}/all-clear/"
        response = cms.post(path, prefilled(cms.get(path), **{name: text}))
        assert name in response.context["form"].errors
        assert alert.state_at(clock()) is State.ACTIVE

    @pytest.mark.parametrize("kind", ["all-clear", "cancel"])
    def test_an_update_that_its_sender_never_saw_is_shown_before_it_is_ended(
        self, cms, clock, alert, language, kind
    ):
        path = f"/cms/alerts/{alert.pk}/{kind}/"
        data = prefilled(cms.get(path), instruction_fr="Mes mots.")
        clock(minutes=1)
        send(alert, title_fr="Un second tireur", title_nl="Een tweede schutter")
        refused = cms.post(path, data)
        screen = refused.content.decode()
        assert {"fr": "Un second tireur", "nl": "Een tweede schutter"}[language] in screen
        assert "Mes mots." in screen
        assert alert.state_at(clock()) is State.ACTIVE
        cms.post(path, prefilled(refused))
        assert alert.chain().last.content["instruction"]["fr"] == "Mes mots."
        assert alert.state_at(clock()) is not State.ACTIVE

    @pytest.mark.parametrize("kind", ["all-clear", "cancel"])
    @pytest.mark.parametrize("stem", ["headline", "instruction"])
    def test_one_text_for_both_languages_is_refused(self, cms, clock, alert, kind, stem):
        path = f"/cms/alerts/{alert.pk}/{kind}/"
        said = {f"{stem}_fr": "Alles is veilig", f"{stem}_nl": "Alles is veilig."}
        response = cms.post(path, prefilled(cms.get(path), **said))
        assert f"{stem}_nl" in response.context["form"].errors
        assert alert.state_at(clock()) is State.ACTIVE

    def test_a_long_headline_is_shortened_by_us_and_refused_of_an_officer(self, cms, clock, officer):
        alert = AlertFactory(title_fr="é" * 140)
        send(alert)
        path = f"/cms/alerts/{alert.pk}/all-clear/"
        form = cms.get(path)
        response = cms.post(path, prefilled(form, headline_fr="é" * 141))
        assert "headline_fr" in response.context["form"].errors
        cms.post(path, prefilled(form))
        assert alert.state_at(clock()) is State.ENDED


class TestSent:
    def test_it_follows_where_the_message_is_and_has_a_link_for_who_has_no_scripts(
        self, cms, clock, officer, language
    ):
        alert = AlertFactory()
        message = send(alert)
        page = cms.get(f"/cms/alerts/{alert.pk}/sent/").content.decode()
        (followed,) = re.findall(r'data-live-alerts="([^"]+)"', page)
        assert f'href="/cms/alerts/{alert.pk}/sent/"' in page
        site = message.deliveries.get(channel="site")
        for state in ("waiting", "done"):
            message.deliveries.filter(pk=site.pk).update(state=state)
            site.refresh_from_db()
            with translation.override(language):
                label = site.get_state_display()
            response = cms.get(followed)
            assert f">{label}</span>" in response.content.decode()
            assert "no-store" in response["Cache-Control"]


class TestNotVisible:
    """No worker makes anything live here, as when it is dead."""

    @pytest.fixture
    def alert(self, officer):
        alert = AlertFactory()
        send(alert)
        return alert

    def screens(self, cms, alert):
        addresses = [
            HOME,
            *(f"/cms/alerts/{path}/" for path in ("live", f"{alert.pk}/sent", f"{alert.pk}/delivery")),
        ]
        return [cms.get(path).content.decode() for path in addresses]

    def test_at_first_it_is_on_its_way_and_no_screen_says_that_it_is_there(self, cms, clock, alert, language):
        clock(seconds=14)
        *_panels, sent, followed = self.screens(cms, alert)
        for screen in (sent, followed):
            assert in_admin("It is on its way to the site, which takes a few seconds.", language) in screen
            assert in_admin("The site shows it, in both languages.", language) not in screen
            assert "help-critical" not in screen

    @pytest.mark.parametrize("state", ["waiting", "failed"])
    @pytest.mark.parametrize(
        ("seconds", "french", "dutch"),
        [
            (15, "il y a 15 s, pas visible sur le site", "15 s geleden verstuurd, niet zichtbaar"),
            (80, "il y a 75 s, pas visible sur le site", "75 s geleden verstuurd, niet zichtbaar"),
            (200, "il y a 3 min, pas visible sur le site", "3 min. geleden verstuurd, niet zichtbaar"),
        ],
    )
    def test_then_every_screen_says_so_and_leads_to_the_text_for_be_alert(
        self, cms, clock, alert, language, state, seconds, french, dutch
    ):
        alert.chain().last.deliveries.update(state=state)
        clock(seconds=seconds)
        for screen in self.screens(cms, alert):
            assert {"fr": french, "nl": dutch}[language] in screen
            assert f'href="#sms-{alert.pk}-fr"' in screen
            assert in_admin("The site shows it, in both languages.", language) not in screen

    def test_an_exercise_is_not_to_be_sent_by_be_alert(self, cms, clock, language):
        exercise = AlertFactory(status="Exercise")
        send(exercise).deliveries.update(state="waiting")
        clock(seconds=15)
        for screen in self.screens(cms, exercise):
            text = (
                "Nobody can read it there. Warn the technical team. It is not real: send nothing by BE-Alert."
            )
            assert in_admin(text, language) in screen
            assert f'href="#sms-{exercise.pk}' not in screen

    @pytest.mark.parametrize("seen", ["marked", "live"])
    def test_what_the_public_can_read_is_said_to_be_there(self, cms, clock, alert, language, seen):
        if seen == "marked":
            alert.chain().last.deliveries.update(state="done")
        else:
            go_live()
        clock(minutes=3)
        *_panels, sent, followed = screens = self.screens(cms, alert)
        assert not any("#sms-" in screen for screen in screens)
        for screen in (sent, followed):
            assert in_admin("The site shows it, in both languages.", language) in screen


class TestLivePanel:
    def test_it_says_that_nothing_is_active(self, cms, language):
        AlertFactory()
        assert in_admin("No alert is active.", language) in cms.get(HOME).content.decode()

    def test_it_shows_what_is_active_with_time_left_and_every_way_on(self, cms, clock, language):
        alert, over, exercise = AlertFactory(), AlertFactory(), AlertFactory(status="Exercise")
        for each in (alert, over, exercise):
            send(each)
        end(over, Kind.ALL_CLEAR, now=clock(minutes=46))
        for path in (HOME, "/cms/alerts/live/"):
            panel = cms.get(path).content.decode()
            assert getattr(alert, f"title_{language}") in panel
            assert getattr(over, f"title_{language}") not in panel
            assert {"fr": "1 h 14 min", "nl": "1 u. 14 min."}[language] in panel
            assert {"fr": "(jusqu’au <time", "nl": "(tot <time"}[language] in panel
            for name in ("update", "all-clear", "cancel"):
                assert f"/cms/alerts/{alert.pk}/{name}/" in panel
            assert panel.count(in_admin("Exercise: nothing of this is happening.", language)) == 1
            assert panel.count(f">{in_admin('Exercise', language)}<") == 1
            assert f"/nl/a{exercise.pk}" in panel
            assert alert.chain().last.content["web"]["fr"] in panel

    def test_it_says_where_in_words_and_by_municipality_as_two_places_may_have_one_name(self, cms, language):
        for nis in ("21015", "21009"):
            send(AlertFactory(municipalities=Municipality.objects.filter(nis=nis)))
        send(AlertFactory(whole_region=True))
        panel = re.sub(r"\s+", " ", cms.get("/cms/alerts/live/").content.decode())
        words, towns = {
            "fr": ("Place de la Vaillance", ("Schaerbeek", "Ixelles")),
            "nl": ("Dapperheidsplein", ("Schaarbeek", "Elsene")),
        }[language]
        for named in towns:
            assert f"<strong>{words}</strong> ({named})" in panel
        assert in_admin("the whole region", language) in panel

    def test_it_says_that_other_systems_lack_an_alert_whose_cap_file_failed(self, cms, monkeypatch, language):
        warned = in_admin(
            "The alert is on the site, but its CAP file could not be made: "
            "other systems do not have it. Warn the technical team.",
            language,
        )
        send(AlertFactory())
        assert escape(warned) not in cms.get(HOME).content.decode()
        monkeypatch.setattr("alerts.cap.validate", lambda _xml: 1 / 0)
        send(AlertFactory())
        assert cms.get(HOME).content.decode().count(escape(warned)) == 1

    def test_the_time_left_is_rounded_up_to_the_minute(self, cms, clock):
        send(AlertFactory())
        for minutes, left in (
            (0.5, ["2", "0"]),
            (59.5, ["1", "0"]),
            (0.5, ["1", "0"]),
            (29.5, ["30"]),
            (29.5, ["1"]),
        ):
            clock(minutes=minutes)
            panel = cms.get("/cms/alerts/live/").content.decode()
            (shown,) = [text for text in re.findall(r"<strong>([^<]+)</strong>\s+\(", panel) if "min" in text]
            assert re.findall(r"\d+", shown) == left
        clock(minutes=1)
        assert "<article" not in cms.get("/cms/alerts/live/").content.decode()

    def test_an_alert_s_list_has_a_button_for_each_way_on(self, cms, officer):
        alert = AlertFactory()
        send(alert)
        listing = cms.get(f"/cms/pages/{alert_index().pk}/").content.decode()
        for name in ("update", "all-clear", "cancel"):
            assert f"/cms/alerts/{alert.pk}/{name}/" in listing


PATHS = [
    CHOOSE,
    f"{CHOOSE}blank/",
    "/cms/alerts/live/",
    *(f"/cms/alerts/{{}}/{name}/" for name in ("update", "all-clear", "cancel", "sent", "delivery")),
]


@pytest.mark.parametrize(
    ("group", "may"),
    [
        ("Duty officers", True),
        ("Moderators", True),
        ("Site managers", True),
        ("Editors", False),
        ("Platform coordinators", False),
        (None, False),
    ],
)
def test_who_may_walk_it(clock, client, group, may):
    alert = AlertFactory()
    send(alert)
    if group:
        client.force_login(UserFactory(groups=[group]))
    for path in (path.format(alert.pk) for path in PATHS):
        assert (client.get(path).status_code == 200) is may, path
        client.post(path, {**ALONE})
    assert (b'href="/cms/alerts/new/"' in client.get(HOME).content) is may
    assert len(alert.chain().messages) == 1
    assert AlertMessage.objects.count() == 1


def test_without_a_page_for_alerts_nobody_is_offered_what_cannot_work(client):
    client.force_login(UserFactory(groups=["Site managers"]))
    assert CHOOSE not in client.get(HOME).content.decode()
    assert client.get(CHOOSE).status_code != 500
