"""Links of a built site: each leads to a file and, with #, to a place in it; no page loads from elsewhere."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value is not None}
        self.places |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        loads = given.get("src") or (
            given.get("href") if given.get("rel") in ("stylesheet", "icon", "preload") else None
        )
        if loads:
            self.loaded.append(loads)


def dead_links(site: Path) -> list[str]:
    """What is wrong, a sentence each; addresses of other sites are not asked."""
    pages = {path: _Page(path.read_text("utf-8")) for path in sorted(site.rglob("*.html"))}
    wrong = []
    for path, page in pages.items():
        # The page for what is not found is shown at any address, so that its links are of another kind.
        if path.name == "404.html":
            continue
        where = path.relative_to(site)
        wrong += [f"{where}: loads {each} from elsewhere" for each in page.loaded if urlsplit(each).netloc]
        for link in (*page.links, *page.loaded):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            file = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            file = file / "index.html" if file.is_dir() else file
            if not file.is_file():
                wrong.append(f"{where}: {link} leads nowhere")
            # The theme's script makes its own places, which begin with two underscores.
            elif (
                file in pages
                and not parts.fragment.startswith("__")
                and unquote(parts.fragment) not in pages[file].places | {""}
            ):
                wrong.append(f"{where}: {link} leads to no place of that page")
    return wrong
