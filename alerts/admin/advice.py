"""After an alert is saved: what `phonenumbers` would look at again in its contact number. It never refuses."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from wagtail import hooks

from alerts.models import AlertPage
from emergency_numbers.checks import findings


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def advise(request: HttpRequest, page: Any) -> None:
    number = page.contact_number if isinstance(page, AlertPage) else ""
    for finding in findings(number) if number else []:
        messages.warning(request, finding.message)
