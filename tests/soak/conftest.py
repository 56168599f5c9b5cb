"""The hub and plugins of `tests/plugins`."""

from plugins.conftest import (  # noqa: F401
    bench,
    make_bench,
    no_proxy,
    plugins,
    sample_data,
)
from plugins.test_connections import wire, wired  # noqa: F401
