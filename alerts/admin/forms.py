"""The officer's forms: a new alert from a scenario, an update, the end. Each comes prefilled in both languages."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alerts import moments, parity, placeholders
from alerts.cap import in_brussels
from alerts.content import HEADLINE, ended, in_language, steps
from alerts.lifecycle import Kind
from alerts.models import AlertMessage, AlertPage, AlertPageForm, Chain
from alerts.scenarios import Scenario
from pages.completeness import Incomplete, missing_in
from pages.languages import LANGUAGES, NL, localized_label, other, override, twin, twins

AREA = 49
"""Characters of "where, in words"."""
REGION = _("Brussels-Capital Region")
TICKED = ("municipalities", "police_zones", "landmarks")
CARRIED = (*twins("contact"), "contact_number", "image", *twins("image_alt"))
"""What an update keeps though the officer's form does not show it."""
ROUNDED_TO = timedelta(minutes=5)


class MomentField(forms.DateTimeField):
    """A local time. One that comes twice, when summer time ends, is taken as what stood there if that is one of the
    two; else a beginning (`not_after`: the time now) as the later of those that have come, an end as the later one."""

    stood: datetime | None = None
    not_after: datetime | None = None

    def to_python(self, value: Any) -> datetime | None:
        try:
            time = super().to_python(value)
        except ValidationError as error:
            if error.code != "ambiguous_timezone" or not error.params:
                raise
            local = error.params["datetime"].replace(tzinfo=timezone.get_current_timezone())
        else:
            if time:
                moments.check_calendar(time)
            return time
        moments.check_calendar(local)
        both = [local.replace(fold=fold).astimezone(UTC) for fold in (0, 1)]
        if any(timezone.localtime(each).replace(tzinfo=None) != local.replace(tzinfo=None) for each in both):
            reason = gettext("%(time)s does not exist: summer time begins then. Choose an hour later.")
            raise ValidationError(reason % {"time": moments.in_figures(local)})
        if self.stood and (stood := self.stood.astimezone(UTC).replace(second=0, microsecond=0)) in both:
            return stood
        return max((each for each in both if not self.not_after or each <= self.not_after), default=both[0])


class Moment(forms.DateTimeInput):
    """The browser's own: it needs no script and suits a phone."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class TextArea(forms.Textarea):
    def __init__(self) -> None:
        super().__init__(attrs={"rows": 6})


class AlertForm(AlertPageForm):
    """What an alert says, in the order in which an officer knows it. Errors are those of any publication."""

    link = forms.URLField(label=_("More information"), required=False, assume_scheme="https")

    class Meta:
        model = AlertPage
        fields = [
            *twins("area"),
            "whole_region",
            "municipalities",
            "police_zones",
            "landmarks",
            "shapes",
            "onset",
            "expires",
            *twins("title"),
            *twins("what"),
            *twins("instruction"),
            "event",
            "status",
            "urgency",
            "severity",
            "certainty",
            "response_types",
            "link",
        ]
        widgets = {
            "onset": Moment,
            "expires": Moment,
            **dict.fromkeys(TICKED, forms.CheckboxSelectMultiple),
            **dict.fromkeys((*twins("what"), *twins("instruction")), TextArea),
            **dict.fromkeys((*twins("title"), *twins("area")), forms.TextInput),
        }
        field_classes = {"onset": MomentField, "expires": MomentField}
        # A draft may lack them.
        defer_required_on_fields = [*twins("title"), *twins("what"), *twins("instruction")]

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TICKED:
            self.fields[name].required = False
        for name in ("onset", "expires"):
            field: Any = self.fields[name]
            field.stood = self.get_initial_for_field(field, name)
            field.not_after = now if name == "onset" else None
        if "alone_reason" in self.fields:
            self.fields["alone_reason"].widget = forms.TextInput()
        for language in LANGUAGES:
            title = self.fields[twin("title", language)]
            title.label, title.help_text = capfirst(localized_label(_("headline"), language)), ""
            area = self.fields[twin("area", language)]
            # Left empty, it is what is ticked below it.
            area.required = False
            area.help_text = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for language in LANGUAGES:
            cleaned[twin("area", language)] = self._place(cleaned, language)
        return cleaned

    def _place(self, said: dict[str, Any], language: str) -> str:
        return said.get(twin("area", language)) or self._ticked(said, language)

    @staticmethod
    def _ticked(cleaned: dict[str, Any], language: str) -> str:
        """What is ticked, in words: landmarks, zones, municipalities; "" where that is nothing. Where the names are too
        much for a line, how many there are."""
        if cleaned.get("whole_region"):
            return in_language(REGION, language)
        named = {
            name: [getattr(place, twin("name", language)) for place in cleaned.get(name) or ()]
            for name in TICKED
        }
        with override(language):
            zones = [gettext("%(zone)s police zone") % {"zone": zone} for zone in named["police_zones"]]
        places, towns = [*named["landmarks"], *zones], named["municipalities"]
        words = ", ".join([*places, *towns])
        if len(words) <= AREA:
            return words
        with override(language):
            counted = gettext("%(count)d municipalities") % {"count": len(towns)}
            in_region = (
                gettext("%(count)d places in the Brussels-Capital Region")
                % {"count": len(places) + len(towns)}
                if places
                else gettext("%(count)d municipalities of the Brussels-Capital Region")
                % {"count": len(towns)}
            )
        words = ", ".join([*places, counted])
        return words if places and len(towns) > 1 and len(words) <= AREA else in_region

    def typed(self) -> dict[str, Any]:
        """What stands in the form as it is, for showing it again."""
        return {name: self[name].data for name in self.fields}

    def group(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    @property
    def places(self) -> list[forms.BoundField]:
        return self.group(*twins("area"), *twins("detail"))

    @property
    def reach(self) -> list[forms.BoundField]:
        return self.group("whole_region", "municipalities")

    @property
    def ground(self) -> list[forms.BoundField]:
        """Where more precisely."""
        return self.group("landmarks", "police_zones", "shapes")

    @property
    def shows_ground(self) -> bool:
        """Whether there is something to see there at once: what is chosen, or what is wrong with it."""
        return any(field.errors or field.value() for field in self.ground)

    @property
    def follows(self) -> list[forms.BoundField]:
        """For who lacks one of the languages."""
        return self.group("translation_follows", "translation_reason")

    @property
    def shows_follows(self) -> bool:
        return any(field.errors or field.value() for field in self.follows)

    @property
    def shows_details(self) -> bool:
        return any(field.errors for field in self.details)

    @property
    def times(self) -> list[forms.BoundField]:
        return self.group("onset", "expires")

    @property
    def confirmed(self) -> list[forms.BoundField]:
        """What is asked only where it is in doubt."""
        return [field for field in self.group("lasts_long") if field.errors or field.value()]

    @property
    def alone(self) -> list[forms.BoundField]:
        return self.group("alone_reason")

    @property
    def texts(self) -> list[forms.BoundField]:
        return self.group(*twins("title"), *twins("what"), *twins("instruction"))

    @property
    def details(self) -> list[forms.BoundField]:
        return self.group("event", "status", "urgency", "severity", "certainty", "response_types", "link")


class NewAlertForm(AlertForm):
    """A new alert. With a scenario its texts are prefilled; place, hour and detail go where they leave room. `key`
    makes a form that is sent twice one alert: it becomes the page's `translation_key`. `followed`
    (placeholders.written) has the templates and what was last filled in, so that texts follow a place that is corrected
    later; admin.js keeps it too. `continues` is the alert, over meanwhile, that this was to be an update of: what the
    form does not show is taken from it."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    followed = forms.CharField(widget=forms.HiddenInput, required=False)
    continues = forms.ModelChoiceField(AlertPage.objects.all(), widget=forms.HiddenInput, required=False)

    class Meta(AlertForm.Meta):
        fields = [*AlertForm.Meta.fields, "translation_follows", "translation_reason"]

    def __init__(
        self, *args: Any, scenario: Scenario | None, now: datetime, initial: Any = None, **kwargs: Any
    ) -> None:
        self.now = now
        self.proposed: dict[str, str] = {}
        """The places that nobody wrote: what is ticked, in words."""
        super().__init__(*args, now=now, initial={**proposed(scenario, now), **(initial or {})}, **kwargs)
        if scenario and scenario.asks_detail:
            for language in LANGUAGES:
                self.fields[twin("detail", language)] = forms.CharField(
                    label=capfirst(localized_label(_("detail"), language)),
                    help_text=_("What stands as {detail} in the texts below."),
                    max_length=300,
                    required=False,
                    widget=forms.TextInput(attrs={"lang": language}),
                )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if before := cleaned.get("continues"):
            # What was written, not what stood in for a translation.
            before = before.live_revision.as_object() if before.live_revision else before
            for name in CARRIED:
                setattr(self.instance, name, getattr(before, name))
        filled = self.filled(cleaned, cleaned.get("onset"))
        if not self.is_deferred_validation:
            filled["followed"] = self._tell_what_is_left(cleaned, filled["followed"])
        # Where it is shown again, it shows what would go out.
        shown = {name: cleaned[name] for name in twins("area") if not self.has_error(name)} | filled
        self.data: Any = self.data.copy()
        for name, text in shown.items():
            self.data[name] = text
        return cleaned | filled

    def _place(self, said: dict[str, Any], language: str) -> str:
        """What is proposed follows what is ticked, as long as nobody has changed it by hand."""
        name = twin("area", language)
        typed, kept = said.get(name) or "", placeholders.read(said.get("followed")).get(name)
        if typed and not (kept and kept.is_in(typed)):
            return typed
        words = self._ticked(said, language)
        if not words and said.get("translation_follows") == language:
            # With the place as the other language has it, the scenario's own text can go out at once.
            words = said.get(twin("area", other(language))) or ""
        self.proposed[name] = words or typed
        return self.proposed[name]

    def _values(self, said: dict[str, Any], onset: datetime | None, language: str) -> dict[str, str]:
        """What is known of what the texts leave open."""
        values = {
            placeholders.PLACE: said.get(twin("area", language)) or "",
            placeholders.DETAIL: (said.get(twin("detail", language)) or "").strip().rstrip("."),
            placeholders.TIME: onset and placeholders.spoken_time(onset, language, today=self.now),
        }
        return {name: value for name, value in values.items() if value}

    def filled(self, said: dict[str, Any], onset: datetime | None) -> dict[str, str]:
        """The texts of `said` with what is known filled in, and `followed`; what is not known yet stays as a
        placeholder."""
        before, texts = placeholders.read(said.get("followed")), {}
        followed = {
            name: placeholders.Filled(f"{{{placeholders.PLACE}}}", {placeholders.PLACE: words})
            for name, words in self.proposed.items()
        }
        for language in LANGUAGES:
            values = self._values(said, onset, language)
            for name in (twin(stem, language) for stem in ("title", "what", "instruction")):
                kept = before.get(name)
                if kept:
                    followed[name] = kept
                if name not in said:
                    continue
                text = said[name] or ""
                if kept and kept.is_in(text):
                    text = kept.template
                if placeholders.named(text):
                    followed[name] = placeholders.Filled(text, values)
                texts[name] = placeholders.fill(text, values)
        return texts | {"followed": placeholders.written(followed)}

    def _tell_what_is_left(self, cleaned: dict[str, Any], followed: str) -> str:
        """Refuse once what was changed by hand and still says what was filled in before: a place, say, that has been
        corrected since. `followed` without what was told."""
        before, kept = placeholders.read(cleaned.get("followed")), placeholders.read(followed)
        for language in LANGUAGES:
            values = self._values(cleaned, cleaned.get("onset"), language)
            for name in (twin(stem, language) for stem in ("title", "what", "instruction")):
                text = cleaned.get(name) or ""
                if name not in before or before[name].is_in(text):
                    continue
                for was, now in before[name].left_in(text, values):
                    message = gettext(
                        "It still says “%(was)s”; above it is now “%(now)s”. "
                        "Correct it, or send again if it is right so."
                    )
                    self.add_error(name, message % {"was": was, "now": now})
                    kept.pop(name, None)
        return placeholders.written(kept)

    def publication_errors(self) -> list[Incomplete]:
        """What is not known yet is told once, where it is asked, and not for each text that needs it."""
        errors = super().publication_errors()
        for language in LANGUAGES:
            for placeholder, asked, label in (
                (placeholders.PLACE, twin("area", language), _("where, in words")),
                (placeholders.TIME, "onset", _("since")),
                (placeholders.DETAIL, twin("detail", language), _("detail")),
            ):
                if asked not in self.fields or self.cleaned_data.get(asked):
                    continue
                lacking = [error for error in errors if _lacks(error, placeholder, language)]
                errors = [error for error in errors if error not in lacking]
                if lacking and not self.has_error(asked) and all(error.field != asked for error in errors):
                    errors.append(Incomplete(asked, label, language))
        return errors

    def typed_and_filled(self) -> dict[str, Any]:
        """What stands in the form, with the texts filled in as far as possible; nothing is validated."""
        typed = self.typed()
        try:
            onset = self.fields["onset"].clean(typed["onset"])
        except ValidationError:
            onset = None
        ticked: dict[str, Any] = {"whole_region": typed["whole_region"], **dict.fromkeys(TICKED, ())}
        for name in TICKED:
            with suppress(ValidationError):
                ticked[name] = self.fields[name].clean(typed[name])
        said = typed | ticked
        for language in LANGUAGES:
            typed[twin("area", language)] = self._place(said, language)
        return typed | self.filled(typed, onset)


def _lacks(error: Incomplete, placeholder: str, language: str) -> bool:
    """Whether `error` is that `placeholder` still stands in a text in that language."""
    return error.field.endswith(f"_{language}") and f"{{{placeholder}}}" in error.reason


def proposed(scenario: Scenario | None, now: datetime) -> dict[str, Any]:
    """What the form of a new alert is prefilled with."""
    if scenario is None:
        return {"onset": now}
    texts = {name.replace("headline", "title"): text for name, text in scenario.texts().items()}
    coded = ("event", "status", "urgency", "severity", "certainty", "response_types")
    codes = {name: getattr(scenario, name) for name in coded}
    followed = {
        name: placeholders.Filled(text, {}) for name, text in texts.items() if placeholders.named(text)
    }
    said = {"followed": placeholders.written(followed)}
    return {**texts, **codes, **said, "onset": now, "expires": rounded_up(now + scenario.duration)}


def rounded_up(moment: datetime) -> datetime:
    """To five minutes, and out of the hour that comes twice: an end that one can say."""
    late = timedelta(minutes=moment.minute % 5, seconds=moment.second, microseconds=moment.microsecond)
    end = in_brussels(moment + (ROUNDED_TO - late) if late else moment)
    if end.replace(fold=0).utcoffset() != end.replace(fold=1).utcoffset():
        end = end.replace(hour=end.hour + 1, minute=0, fold=0)
    return end


def later_end(chain: Chain, now: datetime) -> datetime:
    """The end that an update proposes: as long from now, or from its beginning if that is ahead, as the alert was to
    last at first; never earlier than planned so far."""
    lasting = chain.first.expires - max(chain.first.sent, chain.first.onset)
    return max(chain.last.expires, rounded_up(max(now, chain.last.onset) + lasting))


class UpdateForm(AlertForm):
    """An update, prefilled with what the last message said, but for why its sender was alone: that was the reason of
    that message, and each has its own. `after` is the identifier of that message."""

    after = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, chain: Chain, now: datetime, initial: Any = None, **kwargs: Any) -> None:
        self.chain = chain
        start = {"after": chain.last.identifier, "expires": later_end(chain, now)}
        super().__init__(*args, now=now, initial={**start, **(initial or {})}, **kwargs)
        # As the page's own form has it (AlertPage.get_latest_revision_as_object).
        self.instance.translation_reason = ""
        # What was sent as an exercise stays one.
        del self.fields["status"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("after") != self.chain.last.identifier:
            self.add_error(None, self.chain.told_meanwhile())
            self._follow()
        return cleaned

    def refuse_if_overtaken(self) -> None:
        """Call it behind the lock: two who send at the same moment have both passed `clean`. Raises
        ValidationError."""
        self.chain = self.instance.chain()
        if self.cleaned_data["after"] != self.chain.last.identifier:
            self._follow()
            raise ValidationError(self.chain.told_meanwhile())

    def _follow(self) -> None:
        """What was typed stays; the next attempt follows the message that was just shown."""
        self.data: Any = self.data.copy()
        self.data["after"] = self.chain.last.identifier


class EndForm(forms.Form):
    """The last words of an alert, prefilled in both languages. `after` is the identifier of the message that they
    follow."""

    after = forms.CharField(widget=forms.HiddenInput, required=False)
    headline_fr = forms.CharField(max_length=HEADLINE)
    headline_nl = forms.CharField(max_length=HEADLINE)
    instruction_fr = forms.CharField(max_length=1200, widget=TextArea)
    instruction_nl = forms.CharField(max_length=1200, widget=TextArea)

    def __init__(self, *args: Any, last: AlertMessage, kind: Kind, **kwargs: Any) -> None:
        usual = ended(last.content, kind, sent=timezone.now())
        kwargs["initial"] = {"after": last.identifier} | {
            twin(name, language): usual[name][language]
            for name in ("headline", "instruction")
            for language in LANGUAGES
        }
        super().__init__(*args, **kwargs)
        message = _("reason and what to do") if kind is Kind.CANCEL else _("what to do now")
        for name, label in (("headline", _("headline")), ("instruction", message)):
            for language in LANGUAGES:
                field = self.fields[twin(name, language)]
                field.label = capfirst(localized_label(label, language))
                field.widget.attrs["lang"] = language
                field.error_messages["required"] = missing_in(language)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, text in list(cleaned.items()):
            if name == "after":
                continue
            for left in placeholders.unfilled(text):
                self.add_error(
                    name, gettext("%(placeholder)s is not filled in. Replace it.") % {"placeholder": left}
                )
            if name.startswith("instruction") and not steps(text):
                self.add_error(name, missing_in(name[-2:]))
        for stem in ("headline", "instruction"):
            if parity.is_same({language: cleaned.get(twin(stem, language), "") for language in LANGUAGES}):
                self.add_error(twin(stem, NL), capfirst(parity.same_in_both()))
        return cleaned

    def follow(self, last: AlertMessage) -> None:
        """What was typed stays; the next attempt follows the message that was just shown."""
        self.data: Any = self.data.copy()
        self.data["after"] = last.identifier

    def texts(self) -> dict[str, dict[str, str]]:
        """As alerts.content.ended takes them."""
        return {
            name: {language: self.cleaned_data[twin(name, language)] for language in LANGUAGES}
            for name in ("headline", "instruction")
        }
