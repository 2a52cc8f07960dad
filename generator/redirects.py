"""From what moved to redirects that can be served: chains joined, loops and impossible ones left out and
named."""

import string
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping
from functools import partial
from urllib.parse import unquote, urlsplit

from generator import notices
from generator.documents import (
    Document,
    InvalidURLError,
    Redirect,
    encode,
    parents,
    path_for,
    quote_path,
    url_for,
)
from generator.manifest import Files

PLAIN = frozenset(string.ascii_letters + string.digits + "/-_")


def key(url: str) -> str:
    """What a redirect is looked up by: the decoded path without its last slash."""
    return unquote(url).rstrip("/")


def page_path(url: str) -> str | None:
    """The file of the page that redirects from `url`, or None where no HTML file can answer ("/old.pdf")."""
    last = url.rsplit("/", 1)[-1]
    if "." in last:
        return path_for(url) if last.endswith((".html", ".htm")) else None
    return path_for(url.rstrip("/") + "/")


def resolve(
    redirects: Iterable[Redirect], published: Container[str], is_dynamic: Callable[[str], bool]
) -> tuple[dict[str, str], list[str]]:
    """The redirects to serve, from `key(old)` to the final URL, and why others were left out.

    `published` holds the paths of the documents' files; a document at an old URL wins. `is_dynamic` says
    which URLs Django answers: those never redirect, so that no redirect locks editors out. The first redirect
    of a URL counts.
    """
    wanted: dict[str, str] = {}
    warnings: list[str] = []
    for redirect in redirects:
        if reason := _refusal(redirect, published, is_dynamic):
            warnings.append(f"The redirect from {redirect.old!r} to {redirect.new!r} was left out: {reason}")
        else:
            wanted.setdefault(key(redirect.old), redirect.new)
    resolved = {}
    for old in wanted:
        if new := _follow(old, wanted):
            resolved[old] = new
        else:
            warnings.append(f"The redirect from {old!r} was left out: it leads back to itself.")
    return resolved, warnings


def _refusal(redirect: Redirect, published: Container[str], is_dynamic: Callable[[str], bool]) -> str | None:
    try:
        path = path_for(redirect.old)
    except InvalidURLError as error:
        return str(error)
    if is_dynamic(redirect.old):
        return "the application answers at its old URL."
    if path in published or page_path(redirect.old) in published:
        return "a document is published at its old URL."
    if not redirect.new.isprintable() or redirect.new.startswith(("//", "/\\")):
        return "its target is no path of this site."
    address = urlsplit(redirect.new)
    if redirect.new.startswith("/") or (address.scheme in {"http", "https"} and address.netloc):
        return None
    return "its target is neither a path nor an http(s) address."


def _follow(old: str, wanted: Mapping[str, str]) -> str | None:
    """Where `old` leads in the end, or None for a loop."""
    seen = {old}
    new = wanted[old]
    while new.startswith("/"):
        step = key(urlsplit(new).path)
        if step in seen:
            return None
        if step not in wanted:
            break
        seen.add(step)
        new = wanted[step]
    return new


def documents(
    resolved: Mapping[str, str],
    is_taken: Callable[[str], bool],
    is_folder: Callable[[str], bool],
    base_url: str,
) -> list[Document]:
    """A small page at each old URL that an HTML file can answer, for servers that do not read the map. What is told are
    the paths at which a document lies, and below which one does."""
    files: set[str] = set()
    folders: set[str] = set()
    pages = []
    for old, new in resolved.items():
        path = page_path(quote_path(old))
        if path is None or path in folders or path in files or is_folder(path) or is_taken(path):
            continue
        above = list(parents(path))
        if any(parent in files or is_taken(parent) for parent in above):
            continue
        files.add(path)
        folders.update(above)
        url = quote_path(url_for(path))
        pages.append(Document(url, partial(notices.moved, url, new, base_url), label=f"redirect to {new}"))
    return pages


def nginx_map(resolved: Mapping[str, str], files: Files) -> str:
    """Lines for `map $uri $vigie_redirect { include redirects.map; }`. nginx ignores case in keys, and refuses to start
    on a repeated one. Where that would take one of the `files`, or another redirect, for an old address, a regular
    expression says it exactly; nginx tries those one after the other, so that most are plain keys."""
    if not resolved:
        return ""
    lowered: dict[str, set[str]] = {}
    for path in files.with_capitals():
        lowered.setdefault(path.lower(), set()).add(path)
    alike = Counter(old.lower() for old in resolved)
    lines: list[str] = []
    for old, new in sorted(resolved.items()):
        target = encode(new).replace("$", "%24").replace('"', "%22")
        if alike[old.lower()] > 1 or _hides(old, files, lowered):
            exact = "".join(_exactly(byte) for byte in old.encode())
            lines.append(f'"~^{exact}/?$" "{target}";\n')
            continue
        quoted = old.replace("\\", "\\\\").replace('"', '\\"')
        lines += [f'"{name}" "{target}";\n' for name in ((quoted, f"{quoted}/") if quoted else ("/",))]
    return "".join(lines)


def _hides(old: str, files: Files, lowered: Mapping[str, set[str]]) -> bool:
    """Whether one of the files is that of the old address but for capitals. `lowered`: those with capitals, by what
    they are without."""
    url = quote_path(old) or "/"
    own = {path for path in (page_path(url), path_for(url)) if path}
    return any(
        (path.lower() != path and path.lower() in files) or lowered.get(path.lower(), set()) - own
        for path in own
    )


def _exactly(byte: int) -> str:
    """The byte in a regular expression (PCRE) between quotes of nginx's."""
    return chr(byte) if chr(byte) in PLAIN else f"\\x{byte:02x}"
