"""Update or check locale/fr and locale/nl."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LOCALE = Path("locale")
LANGUAGES = ("fr", "nl")
BABEL = [sys.executable, "-m", "babel.messages.frontend", "--quiet"]
EXTRACT = [
    "extract", "--mapping", "babel.cfg", "--project", "Vigie", "--no-location", "--sort-output", "--no-wrap",
    "--ignore-dirs", ".* ._ var node_modules tests benchmarks docs bin",
    "--keywords", "_ gettext gettext_lazy gettext_noop ngettext:1,2 ngettext_lazy:1,2 pgettext:1c,2 pgettext_lazy:1c,2 "
    "npgettext:1c,2,3 ngettext_noop:1,2",
    "--add-comments", "Translators:", "--omit-header",
]  # fmt: skip


def babel(*arguments: str) -> None:
    subprocess.run([*BABEL, *arguments], check=True)  # noqa: S603


def extract(target: Path) -> Catalog:
    babel(*EXTRACT, "--output-file", str(target), ".")
    with target.open("rb") as file:
        return read_po(file)


def path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def update() -> None:
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "django.pot"
        extract(template)
        for language in LANGUAGES:
            path(language).parent.mkdir(parents=True, exist_ok=True)
            files = [
                "--input-file",
                str(template),
                "--output-file",
                str(path(language)),
                "--locale",
                language,
            ]
            if path(language).exists():
                babel(
                    "update", *files, "--no-wrap", "--no-fuzzy-matching", "--ignore-obsolete", "--omit-header"
                )
            else:
                babel("init", *files, "--no-wrap")
            restore_header(language)
    babel("compile", "--directory", str(LOCALE), "--domain", "django")


PLURALS = {"fr": "nplurals=2; plural=(n > 1);", "nl": "nplurals=2; plural=(n != 1);"}


def restore_header(language: str) -> None:
    """A header without dates and tool versions, so that a catalogue changes only when its messages do."""
    text = path(language).read_text(encoding="utf-8")
    start = text.find('msgid ""\nmsgstr ""\n"')
    messages = text if start < 0 else text[start:].partition("\n\n")[2]
    header = (
        f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"MIME-Version: 1.0\\n"\n'
        f'"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {PLURALS[language]}\\n"\n\n'
    )
    path(language).write_text(header + messages.lstrip("\n"), encoding="utf-8")


def placeholders(text: str | tuple[str, ...]) -> set[str]:
    """The names in braces: Babel itself checks those of %-formats only."""
    return set(re.findall(r"{(\w+)}", text if isinstance(text, str) else text[0]))


def check() -> int:
    """The number of problems, each printed with its remedy."""
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        wanted = {
            (message.id, message.context) for message in extract(Path(folder) / "django.pot") if message.id
        }
    for language in LANGUAGES:
        with path(language).open("rb") as file:
            catalogue = read_po(file, locale=language)
        messages = {(message.id, message.context): message for message in catalogue if message.id}
        for key in sorted(wanted - messages.keys(), key=str):
            problems.append(f"{language}: missing {key[0]!r}. Run `make messages` and translate it.")
        for key in sorted(messages.keys() - wanted, key=str):
            problems.append(f"{language}: no longer used {key[0]!r}. Run `make messages`.")
        for key, message in messages.items():
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            if message.fuzzy or not all(strings):
                problems.append(f"{language}: untranslated {key[0]!r} in {path(language)}.")
            for error in message.check(catalogue):
                problems.append(f"{language}: {error} in {key[0]!r}.")
            if any(placeholders(string) != placeholders(message.id) for string in strings if string):
                problems.append(f"{language}: other placeholders than {key[0]!r} in {path(language)}.")
    report = "\n".join(problems) or f"{len(wanted)} messages, complete in French and Dutch."
    sys.stdout.write(f"{report}\n")
    return len(problems)


if __name__ == "__main__":
    action = sys.argv[1] if len(sys.argv) > 1 else "check"
    if action not in {"check", "update"}:
        sys.exit(f"bin/messages takes 'update' or 'check', not {action!r}.")
    if action == "update":
        update()
    else:
        sys.exit(1 if check() else 0)
