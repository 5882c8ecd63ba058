"""What every part of a params file has in common: frozen, no unknown key, null is absent."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

__all__ = ["Record"]


class Record(BaseModel):
    """A frozen part of the params file; null means "as if left out"."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _null_is_left_out(cls, given: Any) -> Any:
        if isinstance(given, dict):
            fields = cls.model_fields
            kept = {k: v for k, v in given.items() if v is not None or k not in fields}
            return cls._filled(kept)
        return given

    @classmethod
    def _filled(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Return the mapping with what follows from other keys of the same record."""
        return given
