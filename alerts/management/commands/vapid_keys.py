"""Makes a pair of keys for notifications."""

from typing import Any

from django.core.management.base import BaseCommand

from alerts.delivery import push


class Command(BaseCommand):
    help = (
        "Make a pair of VAPID keys (RFC 8292) and print the variable to set. Do this once: with another key all "
        "subscriptions are void, and everybody has to subscribe again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        private_key = push.new_private_key()
        self.stdout.write(f"VIGIE_VAPID_PRIVATE_KEY={private_key}")
        self.stderr.write(
            f"The public key, which goes into the page by itself: {push.public_key(private_key)}"
        )
