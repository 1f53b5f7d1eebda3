"""Bring the Swedish catalogue up to date with the code: ``python -m tests.translations``.

Reads every msgid in ``tui/``, keeps the translations that are still used, adds the missing ones
empty, and writes ``behorig.po`` and ``behorig.mo``. Both depend on the code and the translations
alone: sorted by msgid, no dates, no line numbers, no guesses marked "fuzzy". So the same input gives
the same bytes on every machine, and the compiled file can be committed beside its source.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import generate_po, read_po

from tui.text import DOMAIN, TRANSLATED, catalogue_path

ROOT = Path(__file__).parent.parent
CODE = ROOT / "tui"

KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
"""The functions of ``tui.text`` that take a msgid, and in which arguments."""

HEADER = """\
# Made by `make translations`. Change the msgstr lines only, then run it again.
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plural_forms}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""

# Babel writes a date in every compiled header; a constant one keeps the bytes the same.
NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)


def source_path(language: str) -> Path:
    """Give where the catalogue that people edit lies."""
    return catalogue_path(language).with_suffix(".po")


def empty_catalogue(language: str) -> Catalog:
    """Give a catalogue of a language with no message in it."""
    return Catalog(
        locale=language, domain=DOMAIN, charset="utf-8", creation_date=NO_DATE, revision_date=NO_DATE
    )


def extracted(language: str) -> Catalog:
    """Give the messages that the code uses, without translations."""
    catalogue = empty_catalogue(language)
    found = extract_from_dir(CODE, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True)
    for _file, _line, message, comments, context in found:
        catalogue.add(message, auto_comments=comments, context=context)
    return catalogue


def stored(language: str) -> Catalog:
    """Give the messages of the catalogue file; none when there is no file."""
    path = source_path(language)
    if not path.exists():
        return empty_catalogue(language)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def messages(catalogue: Catalog) -> Iterator[Message]:
    """Give the messages of a catalogue without its header."""
    return (message for message in catalogue if message.id)


def updated(language: str) -> Catalog:
    """Give the messages that the code uses with the translations that the catalogue file holds."""
    known = stored(language)
    catalogue = extracted(language)
    for message in messages(catalogue):
        old = known.get(_key(message), message.context)
        if old is not None and old.pluralizable == message.pluralizable:
            message.string = old.string
            message.user_comments = old.user_comments
    return catalogue


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def source_text(catalogue: Catalog, language: str) -> str:
    """Give the text of a catalogue file."""
    header = HEADER.format(language=language, plural_forms=catalogue.plural_forms)
    body = generate_po(
        catalogue, omit_header=True, no_location=True, ignore_obsolete=True, sort_by="message", width=0
    )
    return header + "".join(body).rstrip("\n") + "\n"


def compiled(catalogue: Catalog) -> bytes:
    """Give the bytes that gettext reads at run time."""
    file = BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def is_translated(message: Message) -> bool:
    """Say whether every form of a message has a translation."""
    forms = (message.string,) if isinstance(message.string, str) else message.string
    return all(forms or ("",))


def main() -> int:
    """Write the catalogues; say which messages still lack a translation."""
    missing = 0
    for language in TRANSLATED:
        catalogue = updated(language)
        path = source_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source_text(catalogue, language), encoding="utf-8")
        catalogue_path(language).write_bytes(compiled(catalogue))
        for message in messages(catalogue):
            if not is_translated(message):
                missing += 1
                print(f"{language}: not translated: {_key(message)!r}")
        print(f"{language}: {len(catalogue)} messages")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
