"""A config as text: mistakes with their place, edits that leave the rest alone, differences."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ango_json.text import dumps, loads
from core.errors import InputError
from core.plugin_runs.config.check import mistakes
from core.plugin_runs.config.diff import difference
from core.plugin_runs.config.edit import layout, same, with_value
from core.plugin_runs.config.form import fields
from core.plugin_runs.config.places import shown, spans
from core.plugin_runs.config.schema import require_schema

scalars = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=6)
    | st.floats(allow_nan=False, allow_infinity=False)
)  # fmt: skip
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=10,
)
objects = st.dictionaries(st.text(max_size=4), values, max_size=4)
indents = st.sampled_from([None, 0, 1, 2])


def at(value, path):
    for step in path:
        value = value[step]
    return value


def count(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(count, inner))


@given(values, indents, st.sampled_from(["", " ", "\n\t", "\ufeff"]))
def test_every_value_stands_where_it_is_said(value, indent, before):
    text = before + json.dumps(value, indent=indent) + (" " if before != "\ufeff" else "")
    found = spans(text)
    assert len(found) == count(value)
    for path, (start, end) in found.items():
        assert json.loads(text[start:end]) == at(value, path)


@given(objects, indents, st.text(max_size=4), values)
def test_an_edit_changes_one_value_and_no_other_character(before, indent, key, value):
    text = json.dumps(before, indent=indent)
    after = with_value(text, key, value)
    assert same(loads(after), {**before, key: value})
    assert [*loads(after)] == [*{**before, key: value}]
    for other in before:
        if other != key:
            a, b = spans(text)[(other,)], spans(after)[(other,)]
            assert text[a[0] : a[1]] == after[b[0] : b[1]]


@given(objects, indents, st.data())
def test_an_edit_that_means_the_same_changes_nothing(before, indent, data):
    text = json.dumps(before, indent=indent)
    if before:
        key = data.draw(st.sampled_from(sorted(before)))
        assert with_value(text, key, before[key]) == text


def test_spelling_of_numbers_order_and_blanks_survive():
    text = '{\n  "b": 1.50,   "a": 1e3,\n  "odd": {"x":-0}\n}\n'
    assert with_value(text, "a", 1000) == text
    assert with_value(text, "a", 7) == text.replace("1e3", "7")
    assert with_value(text, "new", True) == text.replace("}\n}", '},\n  "new": true\n}')
    assert layout('{"b":1.50,"a":1e3}') == '{\n  "b": 1.50,\n  "a": 1e3\n}'


@given(values, values)
def test_the_difference_is_empty_exactly_for_values_that_mean_the_same(one, other):
    a, b = dumps(one), dumps(other)
    assert difference(a, a) == ()
    assert (difference(a, b) == ()) == same(loads(a), loads(b))


@given(objects, objects)
def test_a_difference_turned_round_swaps_added_and_removed(one, other):
    there, back = difference(dumps(one), dumps(other)), difference(dumps(other), dumps(one))
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    assert {(turned[c.kind], c.path, c.after, c.before) for c in there} == {
        (c.kind, c.path, c.before, c.after) for c in back
    }


def test_differences_have_kind_and_path():
    before = '{"min_area": 40, "classes": ["a", "b"], "model": {"size": 1.0}, "gone": null}'
    after = '{"model": {"size": 1, "deep": true}, "classes": ["a"], "min_area": 60}'
    assert [(c.kind, c.path, c.before, c.after) for c in difference(before, after)] == [
        ("changed", "min_area", "40", "60"),
        ("changed", "classes", '["a", "b"]', '["a"]'),
        ("added", "model.deep", "", "true"),
        ("removed", "gone", "null", ""),
    ]
    assert shown(("a b", 2, "c")) == '"a b"[2].c'


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ('{\n  "a": 1,\n  "b" 2\n}', 3, 7, "colon"),
        ('{"a": NaN}', 1, 7, "NaN"),
        ('{"a": 1, "a": 2}', 1, 10, "twice"),
        ("", 1, 1, "empty"),
        ("[" * 300, 1, 301, "value"),
        ('{"a": 1}}', 1, 9, "end of the text"),
    ],
)
def test_what_is_no_json_has_a_line_and_a_column(text, line, column, words):
    (found,) = mistakes(text)
    assert found.data == (line, column), found
    assert words in found.message


SCHEMA = json.dumps(
    {
        "type": "object",
        "required": ["min_area"],
        "additionalProperties": False,
        "properties": {
            "min_area": {"type": "integer", "minimum": 1, "maximum": 900, "title": "Least area"},
            "share": {"type": "number", "description": "From 0 to 1"},
            "mode": {"type": "string", "enum": ["fast", "exact"]},
            "classes": {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}},
            "loud": {"type": "boolean"},
            "odd": {"type": "object"},
        },
    }
)


def test_a_schema_is_checked_with_places():
    text = '{\n  "min_area": 0,\n  "classes": ["a", "c"],\n  "more": 1\n}'
    found = mistakes(text, SCHEMA)
    assert [(*m.data, m.subject) for m in found] == [
        (1, 1, "the config"), (2, 15, "min_area"), (3, 20, "classes[1]"),
    ]  # fmt: skip
    assert found[1].message == "min_area must be at least 1."
    assert mistakes('{"min_area": 4}', SCHEMA) == ()
    assert mistakes("{}", SCHEMA)[0].message == "the config lacks min_area."


def test_a_schema_may_lead_nowhere_else():
    (found,) = mistakes("{}", '{"$ref": "http://127.0.0.1:9/x.json"}')
    assert "not part of it" in found.message


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ("[", "Nothing can be checked"),
        ("[]", "Nothing can be checked"),
        ('{"type": "nonsense"}', "The schema's type is not checked"),
    ],
)
def test_what_is_no_schema_is_said(schema, words):
    with pytest.raises(InputError, match="JSON Schema"):
        require_schema(schema)
    assert words in mistakes("{}", schema)[0].message


def test_a_large_config_is_refused():
    assert "larger than 8 MiB" in mistakes(" " * (8 * 2**20 + 1))[0].message


def test_fields_of_a_schema():
    found = fields('{"min_area": 9, "mode": "exact"}', '{"classes": ["a"]}', SCHEMA)
    assert [(f.key, f.kind, f.value, f.sent, f.default) for f in found] == [
        ("min_area", "whole", 9, True, ""), ("share", "number", None, False, ""),
        ("mode", "choice", "exact", True, ""), ("classes", "choices", None, False, '["a"]'),
        ("loud", "switch", None, False, ""),
    ]  # fmt: skip
    assert (found[0].title, found[0].low, found[0].high) == ("Least area", 1, 900)


def test_fields_of_a_flat_default_leave_the_rest_alone():
    default = '{"min_area": 40, "ratio": 0.5, "on": true, "name": "x", "of": ["a"], "o": {"a": 1}}'
    found = fields('{"min_area": 41, "unknown": 7, "ratio": "half"}', default)
    assert [(f.key, f.kind, f.value) for f in found] == [
        ("min_area", "whole", 41), ("on", "switch", None),
        ("name", "text", None), ("of", "texts", None),
    ]  # fmt: skip
    assert [(f.sent, f.default) for f in found] == [
        (True, "40"), (False, "true"), (False, '"x"'), (False, '["a"]'),
    ]  # fmt: skip
    assert fields("[", default) == fields("[1]", default) == ()


@given(objects, indents)
def test_a_form_that_nobody_touches_changes_nothing(value, indent):
    text = json.dumps(value, indent=indent)
    edited = text
    for field in fields(text, text):
        edited = with_value(edited, field.key, field.value)
    assert edited == text


@given(objects, indents)
def test_the_outermost_values_are_found_without_looking_into_them(value, indent):
    text = json.dumps(value, indent=indent)
    every = spans(text)
    assert spans(text, 1) == {path: span for path, span in every.items() if len(path) <= 1}
