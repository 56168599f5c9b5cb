"""The one way to machine code: flat arrays in, flat arrays filled, nothing allocated.

Compiled code is kept beside its file (by numba; `NUMBA_CACHE_DIR` names another place). Without
counting references (`_nrt`) a simulation takes less than half the time; so no function allocates.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

_F = TypeVar("_F", bound=Callable[..., Any])


def compiled(function: _F) -> _F:
    """The function as machine code; anew at each start where nothing can be kept."""
    return _compiled(function, {})


def inlined(function: _F) -> _F:
    """The same, as a part of each function that calls it."""
    return _compiled(function, {"forceinline": True})


def _compiled(function: _F, how: dict[str, bool]) -> _F:
    try:
        return njit(cache=True, nogil=True, _nrt=False, **how)(function)  # type: ignore[call-overload, no-any-return]
    except RuntimeError:  # numba finds no folder that it may write to
        return njit(nogil=True, _nrt=False, **how)(function)  # type: ignore[call-overload, no-any-return]
