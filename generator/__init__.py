"""From documents to files: document, build, release, target. Knows no page and imports no other app."""
