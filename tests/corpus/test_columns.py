"""The data dictionary, held to the schema, to the rows and to what docs/corpus.md says."""

from pathlib import Path
from typing import get_args

import pytest
from made_records import as_json, make_program, make_record

import extractor.schema as contract
from corpus.columns import CODES, TABLES
from corpus.rows import Entry, rows_of

DOCS = Path(__file__).parents[2] / "docs" / "corpus.md"
LITERALS = {
    "status": contract.Status,
    "facility_type": contract.FacilityType,
    "partner_kind": contract.PartnerKind,
    "skill_category": contract.SkillCategory,
    "group": contract.Group,
    "method": contract.Method,
}


@pytest.mark.parametrize("kind", LITERALS)
def test_every_code_of_the_schema_has_its_words(kind):
    assert list(CODES[kind]) == list(get_args(LITERALS[kind]))


@pytest.mark.parametrize("table", TABLES)
def test_rows_have_the_columns_of_the_dictionary(table):
    rows = rows_of(table, Entry("a", as_json(make_record())))
    assert rows
    assert all(set(row) == {column.name for column in TABLES[table]} for row in rows)


@pytest.mark.parametrize("table", TABLES)
def test_rows_of_a_program_without_values_keep_to_the_dictionary(table):
    empty = make_program(facility=None, date=None, partners=[], instructors=[], skills=[], participants=None)
    rows = rows_of(table, Entry("a", as_json(make_record(programs=[empty]))))
    assert all(set(row) <= {column.name for column in TABLES[table]} for row in rows)


def test_every_column_has_its_type_and_its_codes():
    kinds = {"text": str, "texts": list, "integer": int, "number": float, "numbers": list, "flag": bool}
    record = as_json(make_record())
    for table, columns in TABLES.items():
        row = rows_of(table, Entry("a", record, {0: 7}))[0]
        for column in columns:
            value = row[column.name]
            if column.type == "day":
                assert value.isoformat().startswith("2025-")
            elif value is not None:
                assert type(value) is kinds[column.type], column.name
            if column.codes and value is not None:
                assert set(value if isinstance(value, list) else [value]) <= set(CODES[column.codes])


def test_the_documentation_describes_every_column():
    lines = DOCS.read_text("utf-8").splitlines()
    for table, columns in TABLES.items():
        for column in columns:
            unit = column.unit or ""
            row = f"| `{column.name}` | {column.type} | {unit} | {column.en} |"
            assert row in lines, f"docs/corpus.md, table {table}, lacks: {row}"
