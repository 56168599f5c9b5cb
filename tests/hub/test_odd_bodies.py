"""Bodies of odd shapes: a secret is found wherever it lies, and what is no list is no label."""

import json

from hypothesis import given
from hypothesis import strategies as st

from core.hub.api.routes.organisation import SECRET_KEYS, _without_secrets
from core.hub.runs.upstream_runs import _labels

SECRET = "pr1vate"
leaves = st.none() | st.integers() | st.text(max_size=4)
names = st.sampled_from(sorted(SECRET_KEYS)) | st.text(max_size=4)
bodies = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(names, inner, max_size=3).map(
            lambda found: {k: SECRET if k in SECRET_KEYS else v for k, v in found.items()}
        )
    ),
    max_leaves=12,
)


@given(body=bodies)
def test_no_secret_of_a_storage_is_kept_however_deep_it_lies(body):
    assert SECRET not in json.dumps(_without_secrets([body]))


@given(item=st.dictionaries(st.sampled_from(["objects", "tools", "classifications"]), bodies))
def test_an_import_that_is_no_list_of_labels_counts_none(item):
    for name, found in _labels(item).items():
        assert all(isinstance(one, dict) for one in found), name
