"""The demo site's settings, with a push service on loopback: it speaks no HTTPS, which the system check asks for."""

from config.settings.development import *  # noqa: F403

SILENCED_SYSTEM_CHECKS = ["alerts.E103"]
