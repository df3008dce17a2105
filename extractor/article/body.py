"""The paragraphs of the article in a page."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from extractor.article import noise
from extractor.article.blocks import KEPT, PARAGRAPHS, Block, blocks, keys

if TYPE_CHECKING:
    from bs4.element import Tag

# A block with this many characters, mostly not links, is prose.
PROSE: Final = 60
MAX_LINKS: Final = 0.4
# A block with more links than this is a pointer elsewhere, unless it is a word or two in a sentence's place.
POINTER_LINKS: Final = 0.9
POINTER_LENGTH: Final = 15
TAIL_LINKS: Final = 0.5
TAIL_LENGTH: Final = 25
TAIL_WORDS: Final = 3
# What a paragraph gives to the element that holds it, to the next one up, and so on.
SHARES: Final = (1.0, 0.6, 0.3)
LONGEST_SCORED: Final = 1500
NAME_BONUS: Final = 1.25
PAGE_MALUS: Final = 0.5
# What follows a linked headline at once is a teaser of another article.
TEASER_MALUS: Final = 0.1
ITEMPROP_BONUS: Final = 2.0
# An element of the same kind as the best with this share of its score, at most so many levels away, is
# part of the same article.
BROTHER: Final = 0.1
KIN_LEVELS: Final = 2


def is_prose(block: Block) -> bool:
    """Return whether `block` reads like a paragraph of an article."""
    return len(block.text) >= PROSE and block.link_share < MAX_LINKS and not noise.is_noise(block.text)


def find_root(page: list[Block]) -> Tag | None:
    """Return the element that holds the article, by where the prose of the page is dense."""
    scores: defaultdict[int, float] = defaultdict(float)
    elements: dict[int, Tag] = {}
    for before, block in zip([None, *page], page, strict=False):
        if not is_prose(block):
            continue
        teaser = before is not None and before.link_share > POINTER_LINKS and not noise.is_noise(before.text)
        box = block.box
        if box.name in PARAGRAPHS and box.parent is not None:
            box = box.parent
        for share, element in zip(SHARES, (box, *box.parents), strict=False):
            scores[id(element)] += (TEASER_MALUS if teaser else 1) * share * min(len(block.text), LONGEST_SCORED)
            elements[id(element)] = element
    for identity, element in elements.items():
        names = keys(element) if element.attrs else []
        if "[itemprop=articleBody]" in names:
            scores[identity] *= ITEMPROP_BONUS
        elif any(map(noise.is_text_name, names)):
            scores[identity] *= NAME_BONUS
        if element.name in {"body", "html", "[document]"}:
            scores[identity] *= PAGE_MALUS
    if not scores:
        return None
    best = elements[max(scores, key=lambda identity: scores[identity])]
    return _with_kin(best, elements, scores)


def _with_kin(best: Tag, elements: dict[int, Tag], scores: dict[int, float]) -> Tag:
    """Return the ancestor of `best` that holds the elements of its kind in which the article goes on."""
    kind, floor = best.get_attribute_list("class"), BROTHER * scores[id(best)]
    kin = [
        element
        for identity, element in elements.items()
        if element.name == best.name and element.get_attribute_list("class") == kind and scores[identity] >= floor
    ]
    if len(kin) == 1 or best.name in KEPT:
        return best
    for ancestor in list(best.parents)[:KIN_LEVELS]:
        if ancestor.name in {"body", "html"}:
            break
        if all(element is ancestor or any(up is ancestor for up in element.parents) for element in kin):
            return ancestor
    return best


def paragraphs(root: Tag, removed: frozenset[str] = frozenset(), *, strict: bool = True) -> list[Block]:
    """Return the article's blocks under `root`, without the page's own text between and after them.

    After the heading of a list, only prose in a place like that of the paragraphs before it is the article.
    """
    kept: list[Block] = []
    places: set[object] = set()
    skipping = False
    for block in blocks(root, removed, strict=strict):
        if noise.opens_list(block.text):
            skipping = True
            continue
        if skipping and not (is_prose(block) and (not places or _place(block) in places)):
            continue
        skipping = False
        if _is_page_text(block) or (not kept and noise.is_caption(block.text)):
            continue
        kept.append(block)
        if is_prose(block):
            places.add(_place(block))
    while kept and _is_tail(kept[-1]):
        kept.pop()
    return kept


def _place(block: Block) -> object:
    """Return what tells the article's paragraphs from the teasers of a list: the class of what holds them."""
    box = block.box
    if box.parent is not None and (box.name in PARAGRAPHS or not box.get("class")):
        box = box.parent
    classes = tuple(name for name in box.get_attribute_list("class") if name)
    return (box.name, classes) if classes else id(box)


def _is_page_text(block: Block) -> bool:
    text = block.text
    if not any(map(str.isalnum, text)):
        return True
    if noise.is_noise(text):
        return True
    return block.link_share > POINTER_LINKS and (
        len(text) > POINTER_LENGTH or block.box.name in {"li", "div", "h3", "h4"}
    )


def _is_tail(block: Block) -> bool:
    """Return whether a last block is left over from a list or a share bar."""
    return block.link_share > 0.5 or (len(block.text) < 25 and block.text[-1].isalnum() and len(block.text.split()) < 4)
