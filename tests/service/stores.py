"""Stores on both databases, by the fixtures of the corpus's tests."""

import importlib.util
import sys
from pathlib import Path

_CORPUS = Path(__file__).parents[1] / "corpus"
_spec = importlib.util.spec_from_file_location("corpus_fixtures", _CORPUS / "conftest.py")
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)
postgres, database, address, store = _module.postgres, _module.database, _module.address, _module.store

sys.path.append(str(_CORPUS))  # for made_records
