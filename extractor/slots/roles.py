"""What a person does and where from: the role words and organizations that an article ties to a name."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from extractor.gazetteers import skills
from extractor.language import text_of
from extractor.language.names import find_persons, word_lists
from extractor.slots import organizations

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.tokens import Doc

    from extractor.slots.ranking import Span

_FAR = 120  # characters between a name and its role
_MENTIONS = 8  # of one person that are looked at
_OPENING = 60  # characters of a sentence in which its role stands
_SENTENCE = re.compile(r"(?<=[^\sA-Z.][.!?])[\"”]?\s+|\n+")
_DEGREES = re.compile(r"(?:[ ,.]{1,3}(?:[A-Z][A-Za-z]{0,3}\.\s?(?:[A-Za-z]{1,4}\.?)?(?=[\s,.])|[A-Z]{2,3}\b(?!\w)))*")
_CAPITAL = re.compile(r"\s+([A-Z][\w’'-]*|I{1,3}\b)")
_LOWER = re.compile(r"\s+([a-z-]+(?:\s[a-z-]+)?)")
_BACK = re.compile(r"(?:\s[\w’'()&-]+){0,4}\s(?:itu|tersebut|ini)\b")  # in the role's own phrase, before a comma


class Role(NamedTuple):
    """A role that the text gives: its words, whether it belongs to an owner, where it stands; "pemiliknya" is `own`."""

    title: str
    owner: bool
    own: bool
    start: int
    end: int


class Tied(NamedTuple):
    """The role and the organization of a person; `close` where the role stands right beside the name."""

    role: Role | None
    affiliation: str | None
    close: bool


@cache
def _words(kind: str) -> frozenset[str]:
    with files("extractor.slots").joinpath("roles.csv").open(encoding="utf-8") as lines:
        return frozenset(row["word"] for row in csv.DictReader(lines) if row["kind"] == kind)


@cache
def _role_pattern() -> re.Pattern[str]:
    words = sorted(_words("role") | _words("owner"), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])({'|'.join(words)})(nya)?(?![\w-])", re.IGNORECASE)


def tied(doc: Doc, spans: Sequence[Span]) -> Tied:
    """Return the role and the organization of a person who is named at `spans`, the surest ties first."""
    found = [tie for start, end in spans[:_MENTIONS] for tie in _beside(doc, start, end)]
    found.sort(key=lambda tie: (not tie.close, tie.role is None, tie.affiliation is None))
    role = next((tie.role for tie in found if tie.role), None)
    affiliation = next((tie.affiliation for tie in found if tie.affiliation), None)
    close = any(tie.close and tie.role for tie in found)
    return Tied(role, affiliation, close)


def _beside(doc: Doc, start: int, end: int) -> Iterator[Tied]:
    """Yield what the sentence around one mention, and the opening of the next, say of the person."""
    text = text_of(doc)
    first = max((m.end() for m in _SENTENCE.finditer(text, max(0, start - 400), start)), default=max(0, start - 400))
    stop = _SENTENCE.search(text, end)
    last = stop.start() if stop else len(text)
    degrees = _DEGREES.match(text, end)
    behind = degrees.end() if degrees else end
    after = next((r for r in _roles(doc, behind, min(last, behind + _FAR)) if _is_tie(doc, behind, r.start)), None)
    if after:
        yield Tied(
            after, _organization(doc, after, after.end, last), close=text[behind : after.start].strip(" ") == ","
        )
    before = [r for r in _roles(doc, max(first, start - _FAR), start) if _is_tie(doc, r.end, start)]
    if before:
        role = before[-1]
        yield Tied(
            role, _organization(doc, role, role.end, start), close=not re.search(r"[a-z]", text[role.end : start])
        )
    if stop:
        yield from _next(doc, stop.end())
    for organization in organizations.find_organizations(doc):
        ahead = first <= organization.start and organization.end <= start
        later = behind <= organization.start < last
        if (ahead and _is_tie(doc, organization.end, start, bare=False)) or (
            later and _is_tie(doc, behind, organization.start, bare=False)
        ):
            yield Tied(None, organization.name, close=False)


def _next(doc: Doc, at: int) -> Iterator[Tied]:
    """Yield the role with which a sentence goes on about the one before: "Pelatih BLK itu …", "Keduanya dosen …"."""
    role = next(iter(_roles(doc, at, at + _OPENING)), None)
    if role is None:
        return
    opening = re.findall(r"\w+", text_of(doc)[at : role.start])
    on = bool(opening) and opening[0].casefold() in _words("both") and all(w in _words("tie") for w in opening[1:])
    back = _BACK.match(text_of(doc), role.end, role.end + _FAR)
    if on or (back and not opening):
        end = role.end + _FAR if on or back is None else back.end()
        yield Tied(role, _organization(doc, role, role.end, end), close=True)


def _roles(doc: Doc, start: int, end: int) -> Iterator[Role]:
    """Yield the roles that stand in a part of the text, with the words that belong to them."""
    for match in _role_pattern().finditer(text_of(doc), start, end):
        word, own = match[1], match[2] is not None
        owner = word.casefold() in _words("owner")
        stop = match.end() if own or owner else _phrase_end(doc, match.end(), end)
        title = word if own else " ".join(text_of(doc)[match.start() : stop].split())
        yield Role(title, owner, own, match.start(), stop)


def _phrase_end(doc: Doc, at: int, end: int) -> int:
    """Return where a role's phrase ends: behind what is taught, or a rank; before an organization or a person."""
    taken = [o.start for o in organizations.find_organizations(doc)]
    while at < end:
        lower = _LOWER.match(text_of(doc), at, end)
        if lower is None:
            break
        words = lower[1].split()
        term = skills.match(words, 0)
        if term and len(term.words) <= len(words):
            size = len(term.words)
        elif words[0] in _words("kept"):
            size = 1
        else:
            break
        if lower.start(1) in taken:
            break
        at = lower.start(1) + len(" ".join(words[:size]))
    return at


def _is_tie(doc: Doc, start: int, end: int, *, bare: bool = True) -> bool:
    """Tell whether the words between a name and a role say that they belong together.

    Args:
        doc: the article.
        start: where the first ends.
        end: where the second starts.
        bare: whether nothing, or a comma alone, is a tie.
    """
    gap = text_of(doc)[start:end]
    if end < start or len(gap) > _FAR or re.search(r"[.;!?\"“”\n](?!\w)", re.sub(r"\b[A-Z][a-z]{0,3}\.", "", gap)):
        return False
    for organization in sorted(organizations.find_organizations(doc), key=lambda o: -o.start):
        if start <= organization.start and organization.end <= end:
            gap = gap[: organization.start - start] + gap[organization.end - start :]
    words = re.findall(r"[\w-]+", gap)
    known = [w for w in words if w in _words("tie")]
    named = {w for p in find_persons(gap) for w in re.findall(r"[\w-]+", gap[p.start : p.end])}
    rest = [w for w in words if w not in known and w not in named and w.casefold() not in word_lists()["honorific"]]
    return not any(w[0].islower() for w in rest) and len(rest) <= 4 and (bare or bool(known))


def _organization(doc: Doc, role: Role, start: int, end: int) -> str | None:
    """Return the organization that a role is held in: behind its words, or for "pemiliknya" the one named before."""
    known = organizations.find_organizations(doc)
    behind = next((o for o in known if start <= o.start < end and _is_tie(doc, start, o.start)), None)
    if behind:
        return behind.name
    if role.own:
        before = [o for o in known if role.start - 2 * _FAR <= o.end <= role.start]
        return before[-1].name if before else None
    if role.owner:
        run = re.compile(r"\s+((?:[A-Z][\w’'&-]*\s?){2,5})").match(text_of(doc), start, end)
        return run[1].strip() if run and run[1].split()[0].casefold() not in word_lists()["honorific"] else None
    return None
