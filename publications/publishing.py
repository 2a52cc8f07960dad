"""What lists of publications depend on."""

from pages.models import PublicDocument
from pages.publishing import publish_list
from publications.models import PublicationIndexPage, PublicationPage

publish_list(PublicationIndexPage, PublicationPage, PublicDocument)
