"""/v1/stats: how many programs there are, by what they have."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from corpus import stats
from service.api.dependencies import problems
from service.api.filters import FilterQuery
from service.api.stored import OpenStore

router = APIRouter(prefix="/v1", tags=["stats"])

By = Literal["month", "province", "facility", "facility_type", "skill_category", "partner_kind"]


class StatsQuery(FilterQuery):
    """A filter, and what the programs that it lets through are counted by."""

    by: list[By] | None = Field(default=None, max_length=6, description="Everything, where it is not said.")


class StatsBar(BaseModel):
    """How many programs have one value, and what to call it in Indonesian and English."""

    key: str | None = Field(description="Null where the value is not known.")
    id: str
    en: str
    programs: int


class StatsAnswer(BaseModel):
    """Counts of programs."""

    counted: str = Field(description="What was counted, in a sentence.")
    programs: int = Field(description="Each counted once.")
    accounts: int = Field(description="How often articles tell of them.")
    fused: bool = Field(description="Whether accounts of one program were brought together before.")
    by: dict[str, list[StatsBar]]


@router.get("/stats", response_model=StatsAnswer, responses=problems(422, 503))
def get_stats(store: OpenStore, query: Annotated[StatsQuery, Query()]) -> dict[str, Any]:
    """Count the programs that are asked for."""
    return stats.count(store, query.by, query.as_filter()).as_dict()
