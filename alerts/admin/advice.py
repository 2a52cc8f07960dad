"""Before an alert is edited: what to know of the partner's message that made it. After it is saved: what `phonenumbers`
would look at again in its contact number. Nothing here refuses."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from wagtail import hooks

from alerts.models import AlertPage
from alerts.sources import notes_of
from emergency_numbers.checks import findings


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def advise(request: HttpRequest, page: Any) -> None:
    number = page.contact_number if isinstance(page, AlertPage) else ""
    for finding in findings(number) if number else []:
        messages.warning(request, finding.message)


@hooks.register("before_edit_page")
def tell_what_a_partner_sent(request: HttpRequest, page: Any) -> None:
    if request.method == "GET" and isinstance(page, AlertPage):
        for note in notes_of(page):
            messages.warning(request, note)
