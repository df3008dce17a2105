"""Which programs a caller asks for: the query of /v1/programs and /v1/stats."""

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from corpus.store import Filter
from corpus.store.programs import MAX_WORDS
from extractor.schema import FacilityType, PartnerKind, SkillCategory

Words = Annotated[str, StringConstraints(max_length=MAX_WORDS)]


class FilterQuery(BaseModel):
    """All that is given must hold of a program."""

    model_config = ConfigDict(extra="forbid")

    facility: Words | None = Field(default=None, description="Words of the facility's name, whole or in part.")
    facility_id: Words | None = Field(default=None, description="The facility, as the gazetteer names it.")
    facility_type: FacilityType | None = None
    province: Words | None = Field(default=None, description="Its name, as records write it: Jawa Timur.")
    skill_category: SkillCategory | None = Field(default=None, description="Of one of its skills.")
    partner: Words | None = Field(default=None, description="Words of the name of one of its partners.")
    partner_kind: PartnerKind | None = Field(default=None, description="Of one of its partners.")
    instructor: Words | None = Field(default=None, description="Words of the name of one of its instructors.")
    since: dt.date | None = Field(default=None, description="Programs that end on this day or later.")
    until: dt.date | None = Field(default=None, description="Programs that start on this day or earlier.")
    text: Words | None = Field(default=None, description="Words anywhere in its names or the article's title.")
    min_confidence: float | None = Field(default=None, ge=0, le=1)

    def as_filter(self) -> Filter:
        """Return it as the store has it."""
        names = FilterQuery.model_fields.keys() - {"text"}
        return Filter(**{name: getattr(self, name) for name in names}, words=self.text)
