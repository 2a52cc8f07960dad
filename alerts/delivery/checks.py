"""Whether notifications are configured so that they can work, said before the first one has to."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register

from alerts.delivery import push


@register("alerts")
def notifications(app_configs: Any, **kwargs: Any) -> list[Error]:
    errors = []
    try:
        push.public_key()
    except push.InvalidKey as error:
        errors.append(Error(str(error), id="alerts.E101"))
    if not settings.VIGIE_VAPID_CONTACT.startswith(("mailto:", "https://")):
        errors.append(
            Error(
                f"VIGIE_VAPID_CONTACT is {settings.VIGIE_VAPID_CONTACT!r}.",
                hint="Push services want an address of yours, as in mailto:web@vigie.example or https://vigie.example.",
                id="alerts.E102",
            )
        )
    errors += [
        Error(
            f"VIGIE_PUSH_SERVICES holds {service!r}.",
            hint='Give scheme and host, HTTPS, as in https://push.example or "https://*.push.example".',
            id="alerts.E103",
        )
        for service in settings.VIGIE_PUSH_SERVICES
        if not service.startswith("https://") or service.endswith(("/", "*")) or "/" in service[8:]
    ]
    return errors
