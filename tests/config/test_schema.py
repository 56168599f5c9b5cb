"""A config against a JSON Schema: exact, never for ever, and one bad part hides no other."""

import json
import re
import time
from decimal import Decimal
from fractions import Fraction

import jsonschema
import pytest
from conftest import HERE
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ango_json.text import loads
from core.cli.main import main
from core.errors import InputError
from core.plugin_runs.config.check import mistakes
from core.plugin_runs.config.form import fields
from core.plugin_runs.config.numbers import exact, is_multiple, meaning
from core.plugin_runs.config.patterns import PatternError, Patterns, compiled
from core.plugin_runs.config.schema import read_schema, require_schema

CASES = json.loads((HERE / "data" / "cases" / "config.json").read_text(encoding="utf-8"))

quiet = settings(deadline=None)


def of(value, **about):
    """What is wrong with {"a": value} where the schema says so much of a."""
    return said({"a": value}, {"properties": {"a": about}})


def said(value, schema, text=None):
    found = mistakes(text or json.dumps(value), json.dumps(schema))
    return [mistake.message for mistake in found]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"][:40])
def test_the_cases(case, tmp_path, capsys):
    config, schema = tmp_path / "config.json", tmp_path / "schema.json"
    config.write_bytes(case["text"].encode())
    command = ["config", "check", str(config), "--json"]
    if case["schema"] is not None:
        schema.write_text(case["schema"], encoding="utf-8")
        command += ["--schema", str(schema)]
    began = time.monotonic()
    code = main(command)
    assert time.monotonic() - began < case["seconds"]
    told = json.loads(capsys.readouterr().out)
    assert (code, not told["mistakes"]) == (0 if case["ok"] else 1, case["ok"])
    assert all(set(one) == {"line", "column", "path", "message"} for one in told["mistakes"])
    if "fields" in case:
        assert told["fields"] == case["fields"]


def test_a_file_that_is_not_there_is_unusable(tmp_path, capsys):
    assert main(["config", "check", str(tmp_path / "none.json"), "--json"]) == 2
    assert "none.json" in capsys.readouterr().err


decimals = st.builds(
    "{}{}{}".format,
    st.integers(-(10**6), 10**6),
    st.sampled_from(["", ".0", ".1", ".25", ".005", ".30"]),
    st.sampled_from(["", "e2", "e-3", "E+20"]),
)


@quiet
@given(decimals, decimals.filter(lambda text: Decimal(text) > 0))
def test_a_multiple_is_one_of_the_numbers_as_they_are_written(number, step):
    whole = (Fraction(number) / Fraction(step)).denominator == 1
    assert is_multiple(loads(number), loads(step)) is whole
    schema = f'{{"properties": {{"a": {{"multipleOf": {step}}}}}}}'
    assert (not mistakes(f'{{"a": {number}}}', schema)) is whole


@pytest.mark.parametrize(
    ("number", "step", "is_one"),
    [
        ("1e300", "7e-300", False), ("7e300", "7e-300", True), ("1e-320", "1e-323", True),
        ("0", "0.1", True), ("-0.3", "0.1", True), ("1" + "0" * 400, "0.001", True),
        ("4.35", "0.01", True), ("1e999999999", "3", False), ("9e999999999", "3", True),
    ],
)  # fmt: skip
def test_powers_of_ten_are_not_written_out(number, step, is_one):
    assert is_multiple(loads(number), loads(step)) is is_one


@pytest.mark.parametrize(
    ("value", "bound", "words"),
    [
        ("1", '"minimum": -1e400', None),
        (f"{10**401}", '"minimum": 1e400', None),
        (f"{10**401}", '"maximum": 1e400', "at most 1e400"),
        ("1", f'"minimum": {10**400}', "at least 1000"),
        ("0.1", '"exclusiveMinimum": 0.1', "more than 0.1"),
        ("9007199254740993", '"maximum": 9007199254740992', "at most"),
        ("18446744073709551615", '"maximum": 18446744073709551615', None),
    ],
)
def test_bounds_of_any_size_are_compared_exactly(value, bound, words):
    found = mistakes(f'{{"a": {value}}}', f'{{"properties": {{"a": {{{bound}}}}}}}')
    assert not found if words is None else words in found[0].message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('\ufeff{"a": 1}', "byte order mark"),
        ('{"a": ' + "7" * 4301 + "}", "4,301 digits"),
        ('{"a": [-' + "7" * 4301 + "]}", "4,301 digits"),
        ('{"a": 1e400}', "infinite"),
        ('{"a": -1e400}', "infinite"),
        ('{"a": Infinity}', "Infinity"),
        ('{"a": "\ud83d"}', "Half of a character"),
    ],
)
def test_what_a_plugin_cannot_read_is_a_mistake(text, words):
    found = mistakes(text)
    assert len(found) == 1 and words in found[0].message
    with pytest.raises(InputError):
        require_schema("[]")
    assert mistakes('{"a": ' + "7" * 4300 + "}") == () == mistakes('{"a": "\\ud83d"}')


PATTERNS = [
    (r"^(a+)+$", "a" * 40 + "!", False), (r"^(a|a)*b", "a" * 5000, False),
    (r"^\p{L}+$", "été", True), (r"^\p{Script=Greek}+$", "αβγ", True), (r"\P{L}", "é", False),
    (r"^\p{Lowercase_Letter}$", "a", True), (r"^\p{gc=Lu}$", "A", True),
    (r"\p{Alphabetic}", "é", True),
    (r"^a$", "a\n", False), (r"\d", "٣", False), (r"\w", "é", False), (r"^\S+$", "a\u00a0", False),
    (r"^.$", "\u2028", False), (r"[^]", "\n", True), (r"[]", "a", False), (r"[a&&b]", "&", True),
    (r"^(?=.*\d)(?=.*[A-Z]).{4,}$", "aB3d", True), (r"^(?!foo)", "foobar", False),
    (r"(?<=a)b", "ab", True), (r"(.)\1", "ab", False), (r"^(?<x>.)\k<x>$", "aa", True),
    (r"^[\w.%+-]+@[A-Z0-9.-]+\.[A-Z]{2,}$", "A@B.CO", True), (r"^\u{1F600}$", "😀", True),
    (r"^[\uD83D\uDE00]$", "😀", True), (r"^\/a\-b$", "/a-b", True), (r"a{,3}", "a{,3}", True),
    (r"\bfoo\b(?!x)", "éfoo bar", True), (r"\bfoo\b", "éfoo", True), (r"^\cJ$", "\n", True),
    (r"^[\d-x]+$", "1-x", True), ("^\ud83d$", "\ud83d", True), (r"^a{1500}$", "a" * 1500, True),
    (r"^[^\d\s]+$", "a b", False), (r"(?i)^abc$", "ABC", True), ("", "", True),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "text", "found"), PATTERNS)
def test_patterns_mean_what_ecma_262_says(pattern, text, found):
    assert Patterns().found(pattern, text) is found
    assert (not of(text, pattern=pattern)) is found


@pytest.mark.parametrize(
    "pattern",
    [
        "((",
        "a**",
        "a++",
        "(?>a)",
        r"\Z",
        "[z-a]",
        "[a",
        "*a",
        "(?",
        "\\",
        r"\p{Nope}",
        ")",
        "(?#x)",
    ],
)
def test_what_is_no_pattern_is_said_and_the_rest_is_checked(pattern):
    with pytest.raises(PatternError):
        compiled(pattern)
    found = said({"a": "x", "b": "no"}, {"properties": {
        "a": {"pattern": pattern}, "b": {"type": "number"},
    }})  # fmt: skip
    assert (
        len(found) == 2 and "properties.a.pattern" in found[0] and "b must be a number" in found[1]
    )


plain_patterns = st.recursive(
    st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "^", r"\d", r"\w"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        st.tuples(inner.filter(lambda one: one != "^"), st.sampled_from("*+?")).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=5,
)


@quiet
@given(plain_patterns, st.text("ab1 \n", max_size=6))
def test_plain_patterns_mean_the_same_as_in_python(pattern, text):
    assert Patterns().found(pattern, text) is (re.search(pattern, text) is not None)


SLOW, LONG = {"^(a+)+$": {"type": "string"}}, {"a" * 40 + "!": 1}
DOUBLED = {f"n{n}": {"allOf": [{"$ref": f"#/$defs/n{n + 1}"}] * 2} for n in range(40)} | {"n40": {}}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"patternProperties": SLOW}, LONG),
        ({"patternProperties": SLOW, "additionalProperties": False}, LONG),
        ({"allOf": [{"patternProperties": SLOW}], "unevaluatedProperties": False}, LONG),
        ({"properties": {"a": {"pattern": "^(?=(a|a)+$).*"}}}, {"a": "a" * 60 + "!"}),
        ({"properties": {"a": {"uniqueItems": True}}}, {"a": [[n] for n in range(20_000)]}),
        ({"items": {"enum": [{"n": n} for n in range(3_000)]}}, [{"n": 2999}] * 3_000),
        ({"$defs": DOUBLED | {"n40": False}, "$ref": "#/$defs/n0"}, {}),
        ({"items": {"type": "string"}}, list(range(50_000))),
        ({"$ref": "#"}, {}),
        ({"anyOf": [{"$ref": "#"}, {"type": "object"}]}, {}),
        ({"$dynamicAnchor": "x", "$dynamicRef": "#x"}, {}),
        ({"properties": {"next": {"$ref": "#"}}}, json.loads('{"next":' * 150 + "{}" + "}" * 150)),
    ],
)  # fmt: skip
def test_no_schema_makes_a_check_that_does_not_end(schema, value):
    began = time.monotonic()
    found = said(value, schema)
    assert time.monotonic() - began < 25  # for ever, where a keyword has no end
    assert all(isinstance(message, str) and message for message in found)


def test_what_is_referred_to_twice_at_every_level_is_looked_at_once():
    assert said({}, {"$defs": DOUBLED, "$ref": "#/$defs/n0"}) == []


def test_slow_patterns_share_one_allowance():
    schema = {"additionalProperties": {"pattern": "^(?=(a|a)+$).*"}}
    began = time.monotonic()
    found = said({f"k{n}": "a" * (50 + n) + "!" for n in range(50)}, schema)
    assert time.monotonic() - began < 20 and len(found) == 50  # each alone takes ages
    assert "takes too long" in found[0]


def test_a_circle_is_said_and_what_stands_beside_it_is_checked():
    schema = {
        "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}},
        "properties": {"x": {"$ref": "#/$defs/a"}, "y": {"type": "number"}},
    }
    found = said({"x": 1, "y": "no"}, schema)
    assert len(found) == 2 and "circle" in found[0] and found[1] == "y must be a number."


BAD_PARTS = [
    {"minimum": "x"}, {"type": "nubmer"}, {"required": "a"}, {"pattern": "(("}, {"enum": 3},
    {"multipleOf": 0}, {"properties": 5}, {"allOf": [5]}, {"$ref": "http://127.0.0.1:9/x"},
    {"$ref": "#/nowhere"}, {"$ref": "#/title", "title": "text"}, {"$ref": "http://[x"},
    {"patternProperties": {"((": {}}}, {"items": 7}, {"not": {"minimum": "x"}}, {"maxLength": -1},
    {"oneOf": [{"type": "nubmer"}, {}]}, {"$ref": "#/x-y", "x-y": {"type": 3}}, {"uniqueItems": 1},
]  # fmt: skip


@pytest.mark.parametrize("part", BAD_PARTS, ids=json.dumps)
def test_one_bad_part_is_said_and_hides_no_other_mistake(part):
    beside = {k: v for k, v in part.items() if k in ("title", "x-y")}
    schema = {"properties": {"a": part, "b": {"type": "number"}}, **beside}
    found = said({"a": {}, "b": "no"}, schema)
    assert "b must be a number." in found and len(found) > 1


def test_a_schema_without_a_draft_is_of_the_newest_that_it_fits():
    four = {"properties": {"a": {"minimum": 1, "exclusiveMinimum": True}}}
    assert said({"a": 2}, four) == [] and "a must be at least 1." in said({"a": 1}, four)
    seven = {"properties": {"a": {"items": [{"type": "string"}, {}], "additionalItems": False}}}
    assert said({"a": ["x", 1]}, seven) == [] and len(said({"a": [1, 2, 3]}, seven)) == 2
    old = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "properties": {"a": {"$ref": "#/definitions/n", "maximum": 1}},
        "definitions": {"n": {"type": "number"}},
    }
    assert said({"a": 5}, old) == []  # nothing beside a reference counts there
    assert said({"a": 5}, {**old, "$schema": "https://json-schema.org/draft/2020-12/schema"})
    looped = {**old, "properties": {"a": {"$ref": "#"}}}
    looped["additionalProperties"] = {"pattern": "^(a+)+$"}
    assert len(said({"a": {"b": "a" * 40 + "!"}}, looped)) == 1


@pytest.mark.parametrize(("schema", "ok"), [("true", True), ("false", False), ("{}", True)])
def test_true_and_false_are_schemas(schema, ok):
    require_schema(schema)
    assert (not mistakes('{"a": 1}', schema)) is ok
    assert said({"a": 1}, {"properties": {"a": ok}}) == (
        [] if ok else ["a is not allowed by the schema."]
    )


scalars = st.sampled_from([None, True, False, 0, 1, 1.0, 0.5, "", "a", "ab"])
small = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=6,
)
types = ["null", "boolean", "integer", "number", "string", "array", "object"]
schemas = st.recursive(
    st.one_of(
        st.booleans(),
        st.fixed_dictionaries({}, optional={
            "type": st.sampled_from(types),
            "enum": st.lists(scalars, min_size=1, max_size=3), "const": scalars,
            "minimum": st.integers(-1, 2), "exclusiveMaximum": st.integers(-1, 2),
            "multipleOf": st.sampled_from([1, 2, 0.5]), "pattern": st.sampled_from(["^a", "b$"]),
            "uniqueItems": st.booleans(), "maxItems": st.integers(0, 2), "required": st.just(["a"]),
        }),
    ),
    lambda inner: st.fixed_dictionaries({}, optional={
        "properties": st.dictionaries(st.sampled_from("ab"), inner),
        "patternProperties": st.dictionaries(st.sampled_from(["^a", "b$", "."]), inner),
        "additionalProperties": inner, "unevaluatedProperties": inner, "items": inner,
        "anyOf": st.lists(inner, min_size=1, max_size=2), "not": inner, "contains": inner,
        "allOf": st.lists(inner, min_size=1, max_size=2),
        "oneOf": st.lists(inner, min_size=1, max_size=2),
        "if": inner, "then": inner, "else": inner,
    }),
    max_leaves=6,
)  # fmt: skip


@quiet
@given(schemas, small)
def test_what_others_call_valid_is_valid(schema, value):
    other = jsonschema.Draft202012Validator(schema)
    assert (not said(value, {"$schema": other.META_SCHEMA["$id"], "allOf": [schema]})) is (
        other.is_valid(value)
    )


@quiet
@given(small, small)
def test_equal_values_mean_the_same(one, other):
    same = jsonschema.Draft202012Validator({"const": one}).is_valid(other)
    assert (meaning(loads(json.dumps(one))) == meaning(loads(json.dumps(other)))) is same
    assert (not of([one, other], uniqueItems=True)) is not same


def test_exact_is_what_stands_there():
    assert exact(loads("0.1")) == Decimal("0.1") and exact(loads("1e400")) == Decimal("1e400")
    assert exact(loads("1e99999999999999999999")) == Decimal("Infinity")


def test_many_mistakes_are_listed_up_to_a_number():
    found = said(list(range(5_000)), {"items": {"type": "string"}})
    assert len(found) == 1001 and "more than 1,000" in found[0]


def test_the_schemas_words_about_a_value_are_joined_and_its_default_is_not_sent():
    schema = {
        "$defs": {
            "share": {"type": "number", "minimum": 0, "maximum": 1, "title": "Share"},
            "loop": {"anyOf": [{"$ref": "#/$defs/loop"}, {"type": "null"}]},
            "tree": {"type": "array", "items": {"$ref": "#/$defs/tree"}},
        },
        "allOf": [{"properties": {"first": {"type": "string"}}}, {"$ref": "#/$defs/more"}],
        "properties": {
            "ref": {"$ref": "#/$defs/share", "minimum": 0.5, "default": 0.75},
            "maybe": {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None},
            "types": {"type": ["string", "null"]},
            "titled": {"oneOf": [{"const": 1, "title": "fast"}, {"const": 2, "title": "exact"}]},
            "numbers": {"enum": [1, 2.50, None]},
            "several": {"type": "array", "items": {"enum": [8, 16]}},
            "above": {"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 9.5},
            "loop": {"$ref": "#/$defs/loop"},
            "tree": {"$ref": "#/$defs/tree"},
            "either": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        },
    }
    text = '{"titled": 2, "maybe": null, "numbers": 2.50, "several": [16], "loop": 1}'
    found = {field.key: field for field in fields(text, "{}", json.dumps(schema))}
    assert [*found] == [
        "ref", "maybe", "types", "titled", "numbers", "several", "above", "first",
    ]  # fmt: skip
    ref, maybe, titled = found["ref"], found["maybe"], found["titled"]
    assert (ref.title, ref.low, ref.high) == ("Share", 0.5, 1)
    assert (ref.value, ref.sent, ref.default) == (None, False, "0.75")
    assert (maybe.kind, maybe.value, maybe.sent, maybe.nullable) == ("whole", None, True, True)
    assert (found["types"].kind, found["types"].nullable) == ("text", True)
    assert (titled.options, titled.labels, titled.label(2)) == ((1, 2), ("fast", "exact"), "exact")
    assert (found["numbers"].kind, found["numbers"].labels) == ("choice", ("1", "2.5"))
    assert (found["several"].kind, found["several"].value) == ("choices", [16])
    assert (found["above"].low, found["above"].high) == (1, 9)


def test_faults_are_left_out_where_the_rest_means_the_same():
    read = read_schema('{"not": {"not": {"minimum": "x"}}, "type": "object"}')
    assert [fault.path for fault in read.faults] == [("not",)] and read.value == {"type": "object"}
