"""A page as a list of blocks of text, each with the element that holds it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from bs4.element import NavigableString, PreformattedString, Tag

from extractor.article import noise

INLINE: Final = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "o:p",
    ]
)
# Elements whose class says more about the theme or the topic than about what they hold.
KEPT: Final = frozenset({"html", "body", "main", "article"})
PARAGRAPHS: Final = frozenset({"p", "li", "blockquote", "h2", "h3", "h4", "h5", "h6", "dd", "dt", "center"})
MAX_BLOCKS: Final = 50_000


@dataclass(slots=True)
class Block:
    """One block of text, its whitespace collapsed; `linked` of its characters are inside links."""

    text: str
    linked: int
    box: Tag

    @property
    def link_share(self) -> float:
        """The share of the text that is inside links, 0..1."""
        return self.linked / max(len(self.text), 1)


@dataclass(slots=True)
class _Pen:
    """Collects text until a block ends."""

    blocks: list[Block] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    linked: int = 0

    def end(self, box: Tag) -> None:
        if self.words and len(self.blocks) < MAX_BLOCKS and (text := " ".join("".join(self.words).split())):
            self.blocks.append(Block(text, min(self.linked, len(text)), box))
        self.words.clear()
        self.linked = 0


def keys(tag: Tag) -> list[str]:
    """Return the selector keys of `tag`: `.class` for each class, `#id`, `[itemprop=name]`."""
    found = [f".{name}" for name in tag.get_attribute_list("class") if name]
    if identifier := tag.get("id"):
        found.append(f"#{identifier}")
    if prop := tag.get("itemprop"):
        found.append(f"[itemprop={prop}]")
    return found


class Index:
    """The elements of a page by selector key and by tag name, made in one pass."""

    def __init__(self, soup: Tag) -> None:
        self.by_key: defaultdict[str, list[Tag]] = defaultdict(list)
        self.by_name: defaultdict[str, list[Tag]] = defaultdict(list)
        for node in soup.descendants:
            if isinstance(node, Tag):
                self.by_name[node.name].append(node)
                if node.attrs:
                    for key in keys(node):
                        self.by_key[key].append(node)

    def first(self, selectors: list[str] | tuple[str, ...]) -> Tag | None:
        """Return the first element of the first of `selectors` that the page has."""
        return next((self.by_key[key][0] for key in selectors if key in self.by_key), None)


def is_noise(tag: Tag, removed: frozenset[str] = frozenset()) -> bool:
    """Return whether `tag` holds no body text by its name, class, id or style."""
    if tag.name in noise.TAGS:
        return True
    if not tag.attrs:
        return False
    if removed and not removed.isdisjoint(keys(tag)):
        return True
    if tag.name in KEPT:
        return False
    style = str(tag.get("style") or "").replace(" ", "")
    names = [str(name) for name in (*tag.get_attribute_list("class"), tag.get("id")) if name]
    return "display:none" in style or tag.has_attr("hidden") or any(map(noise.is_noise_name, names))


def blocks(root: Tag, removed: frozenset[str] = frozenset(), *, strict: bool = True) -> list[Block]:  # noqa: C901 - one walk, kept in one place
    """Return the text blocks under `root` in order, leaving out what `is_noise` names.

    A block ends at every block element and at `<br>`. With `strict` false only the tag names of noise
    count and not its classes. Iterative, so depth of nesting does not matter; at most `MAX_BLOCKS`.
    """
    pen = _Pen()
    box, links = root, 0
    # (node, whether it is entered or left)
    stack: list[tuple[object, bool]] = [(child, True) for child in reversed(root.contents)]
    while stack:
        node, entering = stack.pop()
        if not isinstance(node, Tag):
            if isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
                pen.words.append(node)
                if links:
                    pen.linked += len(node.strip())
            continue
        inline = node.name in INLINE
        if not entering:
            links -= node.name == "a"
            if not inline:
                pen.end(box)
                box = node.parent or root
            continue
        if node.name == "br":
            pen.end(box)
            continue
        if is_noise(node, removed) if strict else node.name in noise.TAGS:
            if not inline:
                pen.end(box)
            continue
        if not inline:
            pen.end(box)
            box = node
        links += node.name == "a"
        stack.append((node, False))
        stack.extend((child, True) for child in reversed(node.contents))
    pen.end(box)
    return pen.blocks
