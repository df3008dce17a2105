"""Is this page a readable article, and if not, what is it?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from extractor.article import noise

if TYPE_CHECKING:
    from bs4.element import Tag

    from extractor.article.blocks import Block, Index
    from extractor.article.metadata import Metadata
    from extractor.schema import Status

# An article has at least this many characters; an error page at most the second.
SHORT: Final = 150
LONG: Final = 900
# Beyond these shares or counts a page is a list of links, a gallery.
GALLERY_IMAGES: Final = 6
TEASERS: Final = 4
_STARTS: Final = (
    "%pdf",
    "{",
    "[",
    "<?xml",
    "<rss",
    "<feed",
    "<urlset",
    "<sitemapindex",
    "pk\x03\x04",
    "gif8",
    "\x89png",
)
_APP_ROOTS: Final = ("#root", "#app", "#__next", "#__nuxt", "#react-root", "#gatsby-focus-wrapper")


def not_html(text: str) -> bool:
    """Return whether `text` is by its beginning something else than HTML: PDF, JSON, RSS, an archive, nothing."""
    start = text.lstrip()[:300].lower()
    return not start or (start.startswith(_STARTS) and "<html" not in start and "<!doctype html" not in start)


def judge(  # noqa: PLR0913 - it weighs all that is known of a page
    index: Index, data: Metadata, *, title: str, text: str, page: list[Block], url: str | None, root: Tag | None
) -> Status:
    """Return the status of the page at `url` with this title, body text, all its blocks, and the body's element."""
    visible = " ".join(block.text for block in page[:200])[:5000]
    titles = " ".join(tag.get_text(" ")[:200] for name in ("title", "h1", "h2") for tag in index.by_name[name][:2])
    said = f"{title} {titles}"
    if len(text) < LONG:
        blocked = noise.STATUS["blocked"]
        if blocked.search(said) or (len(text) < 2 * SHORT and blocked.search(visible)):
            return "blocked"
        if noise.STATUS["soft_404"].search(said):
            return "soft_404"
    if _is_paywalled(data, index, visible, text):
        return "paywalled"
    if len(text) < SHORT and _is_js_only(index, visible):
        return "js_only"
    if len(text) < LONG and (media := _media(data, url, root)):
        return media
    return "not_article" if len(text) < SHORT or _is_listing(data, text, url, root) else "ok"


def _is_paywalled(data: Metadata, index: Index, visible: str, text: str) -> bool:
    free = data.ld("isAccessibleForFree")
    declared = any(str(node.get("isAccessibleForFree")).lower() == "false" for node in data.nodes) and not free
    said = noise.STATUS["paywalled"].search(visible)
    walled = any("paywall" in key.lower() for key in index.by_key)
    return len(text) < LONG * 2 and bool(declared or (said and (walled or len(text) < LONG)))


def _is_js_only(index: Index, visible: str) -> bool:
    if noise.STATUS["js_only"].search(visible + " ".join(tag.get_text(" ") for tag in index.by_name["noscript"][:5])):
        return True
    return "script" in index.by_name and index.first(_APP_ROOTS) is not None and len(visible) < LONG


def _media(data: Metadata, url: str | None, root: Tag | None) -> Status | None:
    """Return what a page of few words is by its own word, its address or its pictures, None where it is neither."""
    # A short article may hold a video, or pictures.
    kinds = data.kinds if not any(kind.endswith("article") for kind in data.kinds) else set()
    if (data.first(["og:type"]) or "").lower().startswith("video") or "videoobject" in kinds:
        return "video"
    if url and noise.STATUS["video"].search(url):
        return "video"
    images = len(root.find_all("img")) if root is not None else 0
    if "imagegallery" in kinds or images >= GALLERY_IMAGES or (url and noise.STATUS["gallery"].search(url)):
        return "gallery"
    return None


def _is_listing(data: Metadata, text: str, url: str | None, root: Tag | None) -> bool:
    kind = (data.first(["og:type"]) or "").lower()
    path = urlsplit(url).path if url else ""
    is_article = "article" in kind or bool([node for node in data.nodes if node.get("datePublished")])
    if noise.STATUS["listing"].search(path + "/") and not is_article:
        return True
    # Teasers: several headings that are links, inside what looked like the article.
    linked = [tag for name in ("h2", "h3", "h4") for tag in (root.find_all(name) if root else ()) if tag.find("a")]
    inside = sum(1 for tag in linked if tag.find_parent(["aside", "footer", "nav"]) is None)
    return not is_article and inside >= TEASERS and len(text) / inside < LONG / 2
