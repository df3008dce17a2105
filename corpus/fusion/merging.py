"""Tellings of one program into the program: each value with its votes, and what sources differ in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, TypeVar

from corpus.fusion.evidence import same_organization, same_person, same_skill
from corpus.fusion.model import Conflict, FusedProgram, Option, Source, Told, Vote
from corpus.fusion.telling import Telling, named, person, taught
from extractor.schema import Facility, Instructor, Participants, Partner, ProgramDate, Skill

T = TypeVar("T", bound=Told[Any])
V = TypeVar("V", Facility, ProgramDate, Partner, Instructor, Skill, Participants)
N = TypeVar("N", Partner, Instructor, Skill)
Said = tuple[int, V]  # a value, and the place of its source


def merge(tellings: Sequence[Telling], originals: Mapping[str, str], key: str) -> FusedProgram:
    """Return the program that the tellings are of.

    Args:
        tellings: at least one, in order of publication.
        originals: what stands for all articles with one text, by article; an article left out has its own.
        key: what to name the program.
    """
    return _Merging(tellings, originals).program(key)


class _Merging:
    """Values of several sources; a source is its place in the order of publication."""

    def __init__(self, tellings: Sequence[Telling], originals: Mapping[str, str]) -> None:
        self._tellings = tellings
        texts = [originals.get(t.origin.article, t.origin.article) for t in tellings]
        self._first = [texts.index(text) for text in texts]  # the first source with the same text

    def program(self, key: str) -> FusedProgram:
        programs = list(enumerate(t.program for t in self._tellings))
        facilities = [(n, p.facility) for n, p in programs if p.facility]
        dates = [(n, p.date) for n, p in programs if p.date]
        trainees = [(n, p.participants) for n, p in programs if p.participants]
        partners = _groups([(n, v) for n, p in programs for v in p.partners], _same_partner, _length)
        teachers = _groups([(n, v) for n, p in programs for v in p.instructors], _same_teacher, _length)
        skills = _groups([(n, v) for n, p in programs for v in p.skills], _same_skill, _sureness)
        where = self._surest(facilities, lambda f: (f.facility_id, f.type), lambda f: f.class_ is not None)
        who = self._surest(trainees, lambda p: p.count, lambda p: p.count is not None)
        when = self._surest(dates, lambda d: (d.start, d.end), lambda d: d.precision == "day")
        return FusedProgram(
            key=key,
            facility=self._told(Told[Facility], where),
            date=self._told(Told[ProgramDate], [said for said in when if _agree(said[1], when[0][1])]),
            partners=self._ranked(Told[Partner], partners),
            instructors=self._ranked(Told[Instructor], teachers),
            skills=self._ranked(Told[Skill], skills),
            # Those that give no number contradict none.
            participants=self._told(Told[Participants], [s for s in who if s[1].count in {who[0][1].count, None}]),
            conflicts=[
                *self._conflict("facility", "type", where, lambda f: f.type),
                *self._conflict("facility", "class", where, lambda f: f.class_),
                *self._conflict("date", "range", when if _differ(when) else [], _interval),
                *self._conflict("participants", "count", who, lambda p: p.count),
                *self._conflict("participants", "group", who, lambda p: p.group),
            ],
            confidence=max(p.confidence for _, p in programs),
            sources=[self._source(n) for n, _ in programs],
            independent=self._independent(range(len(programs))),
        )

    def _source(self, number: int) -> Source:
        telling, first = self._tellings[number], self._first[number]
        origin = telling.origin
        return Source(
            article=origin.article,
            program=telling.position,
            url=origin.url,
            title=origin.title,
            publisher=origin.publisher,
            published=origin.published,
            copy_of=None if self._tellings[first].origin.article == origin.article else first,
            confidence=telling.program.confidence,
        )

    def _independent(self, sources: Iterable[int]) -> int:
        return len({self._first[source] for source in sources})

    def _surest(
        self, said: list[Said[V]], same: Callable[[V], object], exact: Callable[[V], bool] = lambda _: True
    ) -> list[Said[V]]:
        """Return the values in the order of what speaks for them: exactness, independent votes, confidence."""
        votes: dict[object, list[int]] = {}
        for source, value in said:
            votes.setdefault(same(value), []).append(source)
        best = {key: max(v.confidence for _, v in said if same(v) == key) for key in votes}

        def rank(one: Said[V]) -> tuple[bool, int, float, int, float, int]:
            source, value = one
            key = same(value)
            return (
                not exact(value),
                -self._independent(votes[key]),
                -best[key],
                votes[key][0],
                -value.confidence,
                source,
            )

        return sorted(said, key=rank)

    def _told(self, kind: type[T], said: Sequence[Said[Any]]) -> T | None:
        """Return the first value with the votes of all; None where there is none."""
        if not said:
            return None
        voters = dict(reversed(said))  # of two of one source the first
        order = [said[0][0], *sorted(voters.keys() - {said[0][0]})]
        return kind(
            value=said[0][1],
            votes=[_vote(source, voters[source]) for source in order],
            independent=self._independent(voters),
        )

    def _ranked(self, kind: type[T], groups: list[list[Said[N]]]) -> list[T]:
        """Return each group as a value, those with most independent votes first."""
        told = [value for group in groups if (value := self._told(kind, group))]
        return sorted(told, key=lambda t: (-t.independent, -t.value.confidence, t.votes[0].source, t.value.name))

    def _conflict(
        self,
        slot: Literal["facility", "date", "participants"],
        field: Literal["type", "class", "range", "count", "group"],
        ranked: list[Said[V]],
        read: Callable[[V], object],
    ) -> list[Conflict]:
        """Return the conflict of sources that have something else here, in the order given; nothing where none have."""
        options: dict[str, list[Said[V]]] = {}
        for source, value in ranked:
            if (words := read(value)) is not None:
                options.setdefault(str(words), []).append((source, value))
        if len(options) < 2:
            return []
        return [
            Conflict(
                slot=slot,
                field=field,
                options=[
                    Option(
                        said=words,
                        votes=[_vote(source, value) for source, value in voters],
                        independent=self._independent(source for source, _ in voters),
                    )
                    for words, voters in options.items()
                ],
            )
        ]


def _vote(source: int, value: Any) -> Vote:  # noqa: ANN401  one of six kinds
    return Vote(source=source, said=_words(value), confidence=value.confidence, evidence=value.evidence)


def _words(value: Any) -> str:  # noqa: ANN401  a value of any slot
    if isinstance(value, ProgramDate):
        return _interval(value)
    if isinstance(value, Participants):
        return str(value.count or value.group or "")
    return str(value.name)


def _interval(date: ProgramDate) -> str:
    """Return the days as ISO 8601 has them."""
    return date.start.isoformat() if date.start == date.end else f"{date.start}/{date.end}"


def _agree(one: ProgramDate, other: ProgramDate) -> bool:
    """Tell whether one date lies in the other: a month says less than its day, and a session is of its course."""
    return (one.start <= other.start and other.end <= one.end) or (other.start <= one.start and one.end <= other.end)


def _differ(dates: list[tuple[int, ProgramDate]]) -> bool:
    return any(not _agree(date, dates[0][1]) for _, date in dates)


def _groups(
    said: list[tuple[int, N]], same: Callable[[N, N], bool], fullness: Callable[[N], float]
) -> list[list[tuple[int, N]]]:
    """Return the values that are one, together, the fullest of each first."""
    groups: list[list[tuple[int, N]]] = []
    for one in sorted(said, key=lambda s: (-fullness(s[1]), -s[1].confidence, s[0], s[1].name)):
        group = next((g for g in groups if same(g[0][1], one[1])), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    return groups


def _same_partner(one: Partner, other: Partner) -> bool:
    return same_organization(named(one), named(other))


def _same_teacher(one: Instructor, other: Instructor) -> bool:
    return same_person(person(one), person(other))


def _same_skill(one: Skill, other: Skill) -> bool:
    return same_skill(taught(one), taught(other))


def _length(value: Partner | Instructor) -> float:
    return len(value.name.split())


def _sureness(value: Skill) -> float:
    return value.confidence
