"""Which classes are offered: never what only looks alike, nearly always what is meant."""

import json
import time
import unicodedata

import pytest
from conftest import DATA
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from core.model.schema import Category, CategorySchema
from core.plugin_runs.mapping import suggest as suggesting
from core.plugin_runs.mapping.spelling import canonical
from core.plugin_runs.mapping.suggest import pairs_document, safe, suggest, targets, to_look_at
from core.plugin_runs.mapping.things import read_things, things
from core.plugin_runs.mapping.words import read_name

FILES = [
    json.loads(file.read_text(encoding="utf-8"))
    for file in (DATA / "cases" / "mapping.json", DATA / "mapping_more.json")
]
CASES = [case for file in FILES for case in file["cases"]]
unhurried = settings(deadline=None)  # a machine under load
LISTS = [one for file in FILES for one in file["lists"]]


def schema_of(*titles, kinds=()):
    kinds = kinds or ["bounding-box"] * len(titles)
    return CategorySchema(
        tuple(
            Category("tool", k, t, f"{n}")
            for n, (t, k) in enumerate(zip(titles, kinds, strict=True))
        )
    )


def offered(name, *titles):
    (found,) = suggest([name], schema_of(*titles))
    return [titles[int(one)] for one in found.offered]


def taken(name, *titles):
    (found,) = suggest([name], schema_of(*titles))
    return None if found.taken is None else titles[int(found.taken)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['model']}, {case['titles'][0]}")
def test_each_case(case):
    given = offered(case["model"], *case["titles"])
    assert not set(given) & set(case["never"])
    assert case["offered"] in given if case["offered"] else given == []
    assert taken(case["model"], *case["titles"]) == case["taken"]


@pytest.mark.parametrize("one", LISTS, ids=lambda one: one["name"])
def test_public_lists(one):
    """Nothing wrong taken, 85 % of what is meant offered, 95 % of what is offered meant."""
    found = {s.model_class: s for s in suggest(one["classes"], schema_of(*one["titles"]))}
    title = [one["titles"][int(n)] for n in range(len(one["titles"]))]
    pairs = [(name, title[int(n)]) for name, s in found.items() for n in s.offered]
    right = [(name, t) for name, t in pairs if t in one["truth"].get(name, ())]
    for name, s in found.items():
        assert s.taken is None or title[int(s.taken)] in one["truth"].get(name, ())
    assert len({name for name, _ in right}) >= 0.85 * len(one["truth"])
    assert len(right) >= 0.95 * len(pairs)


words = st.sampled_from([key for key in things().by_key if len(key) > 3])
ways = [str.upper, str.title, lambda t: f" {t} ", lambda t: f"{t}\u200b", lambda t: f"{t}s",
        lambda t: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in t)]  # fmt: skip


@unhurried
@given(words, st.sampled_from(ways))
def test_a_word_is_taken_however_it_is_written(word, way):
    assume(canonical(word) == canonical(way(word).strip().lower()) or way is not ways[4])
    assert taken(way(word), word) == word


SIGNS = ["+", "-", "++", "<", ">", "#", "*", "%", "°", "±", "≤", "≥", "~", "?", "!", "$", "^", "="]


@unhurried
@given(words | st.sampled_from(["CD8", "HER2", "C", "T 1"]), st.sampled_from(SIGNS),
       st.sampled_from(["", *SIGNS]), st.booleans())  # fmt: skip
def test_names_with_different_signs_are_never_offered_for_each_other(word, one, other, front):
    assume(one != other)
    first, second = (f"{s}{word}" if front else f"{word}{s}" for s in (one, other))
    assert offered(first, second) == offered(second, first) == []


@unhurried
@given(
    words, st.integers(0, 1_200), st.integers(0, 1_200), st.sampled_from(["{} {}", "{}{}", "{}_{}"])
)
def test_names_with_different_numbers_are_never_offered_for_each_other(word, one, other, form):
    assume(one != other)
    assert offered(form.format(word, one), form.format(word, other)) == []


@unhurried
@given(words, st.integers(0, 99), st.sampled_from("²³¹⁰⁴₂½¾①⑳"), st.booleans())
def test_raised_lowered_and_broken_numbers_are_no_digits_of_the_number_before(
    word, whole, small, front
):
    form = "{} {}" if front else "{1} {0}"
    written = form.format(word, f"{whole}{small}")
    plain = form.format(
        word, unicodedata.normalize("NFKC", f"{whole}{small}").replace("\u2044", "/")
    )
    assert offered(written, plain) == offered(plain, written) == []
    assert taken(written.upper(), written) == written


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("10⁻³", "10-3", False), ("10⁻³", "10^-3", True), ("10^-3", "10^3", False),
        ("<-5", "<5", False), ("1½", "1 1/2", True), ("e'", "E", False), ("e'", "E’", True),
        ("'A' type", "A type", True), ("CD4⁺", "CD4+", True), ("m²", "m2", True),
    ],
)  # fmt: skip
def test_exponents_fractions_and_primes(one, other, same):
    assert (taken(one, other) == other, bool(offered(one, other))) == (same, same)


ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI"]


@unhurried
@given(words, st.sampled_from(ROMAN), st.sampled_from(ROMAN), st.integers(1, 11))
def test_roman_numerals_are_numbers(word, one, other, number):
    assume(one != other)
    assert offered(f"{word} {one}", f"{word} {other}") == []
    same = ROMAN.index(one) + 1 == number
    assert bool(offered(f"{word} {one}", f"{word} {number}")) == same
    assert taken(f"{word} {one}", f"{word} {number}") is None


OPPOSITES = [
    ("left", "right"), ("upper", "lower"), ("inner", "outer"), ("front", "rear"),
    ("open", "closed"), ("male", "female"), ("day", "night"), ("benign", "malignant"),
    ("positive", "negative"), ("on", "off"), ("large", "small"), ("wet", "dry"), ("ripe", "unripe"),
    ("damaged", "undamaged"), ("full", "empty"), ("new", "old"), ("active", "inactive"),
    ("first", "second"), ("with", "without"),
    ("regular", "irregular"), ("normal", "abnormal"), ("anterior", "posterior"), ("A", "B"),
    ("hyper", "hypo"), ("intra", "extra"), ("north", "south"), ("young", "adult"), ("", "no"),
    ("", "non"), ("", "not"), ("", "without"), ("adult", "non-adult"), ("man", "woman"),
]  # fmt: skip


@unhurried
@given(
    words, st.sampled_from(OPPOSITES), st.sampled_from(["{} {}", "{}_{}", "{}-{}"]), st.booleans()
)
@example("tumor", ("benign", "malignant"), "{} {}", True)
def test_opposites_are_never_offered_for_each_other(word, pair, form, swap):
    one, other = (form.format(side, word) if side else word for side in pair[:: -1 if swap else 1])
    assert offered(one, other) == []
    if all(pair):
        assert offered(*pair) == []
        one, other = (form.format(word, side) for side in pair)
        assert offered(one, other) == []


MARKED = [
    "".join(chr(c) for c in range(*block) if unicodedata.category(chr(c))[0] in "LM")
    for block in ((0x900, 0x970), (0x3041, 0x30FF), (0xE01, 0xE4F), (0x621, 0x652), (0x5B0, 0x5EB),
                  (0x400, 0x460), (0xAC00, 0xAC80))
]  # fmt: skip


@unhurried
@given(
    st.sampled_from(MARKED).flatmap(
        lambda some: st.tuples(*[st.text(some, min_size=1, max_size=6)] * 2)
    )
)
@example(("バス", "ハス"))
@example(("काला", "कील"))
def test_marks_and_letters_of_other_scripts_all_count(pair):
    one, other = (unicodedata.normalize("NFC", text) for text in pair)
    if one.casefold() == other.casefold():
        assert taken(one, other) == other
    else:
        assert offered(one, other) == []


@pytest.mark.parametrize("pair", [("café", "cafè"), ("ano", "año"), ("Ärger", "Árger")])
def test_latin_accents_fold_towards_a_name_without_and_two_that_fit_are_ambiguous(pair):
    bare = "".join(c for c in unicodedata.normalize("NFD", pair[0]) if not unicodedata.combining(c))
    if bare != pair[0]:
        assert offered(*pair) == []
        assert sorted(offered(bare, *pair)) == sorted(pair) and taken(bare, *pair) is None
    assert taken(bare.upper(), pair[1]) == pair[1]


names = st.text(max_size=12)
schemas = st.lists(names, max_size=6, unique=True).map(lambda titles: schema_of(*titles))


@unhurried
@given(st.lists(names | words, max_size=6), schemas)
def test_every_class_gets_one_answer_from_the_schema(classes, schema):
    found = suggest(classes, schema)
    ids = {category.schema_id for category in targets(schema)}
    assert [one.model_class for one in found] == classes
    for one in found:
        assert bool(one.offered) == (one.reason != "none") == (one.score > 0)
        assert set(one.offered) <= ids and len(set(one.offered)) == len(one.offered)
        assert one.taken is None or one.offered == (one.taken,)


@unhurried
@given(names.filter(bool), schemas)
def test_an_equal_name_always_wins(name, schema):
    same = [one for one in targets(schema) if one.title == name]
    with_it = CategorySchema((*schema.tools, Category("tool", "point", name, "it")))
    (found,) = suggest([name], with_it)
    assert (found.score, found.reason) == (100, "exact")
    assert found.taken == (None if same else "it")


@unhurried
@given(names | words, st.lists(names | words, max_size=6), names | words)
def test_one_more_class_never_makes_an_answer_worse(name, titles, title):
    less, more = (suggest([name], schema_of(*some))[0] for some in (titles, [*titles, title]))
    assert more.score >= less.score


def test_of_classes_that_fit_equally_well_those_of_the_declared_tool_type_are_offered():
    schema = schema_of("Car", "Car", "Van", kinds=["bounding-box", "polygon", "polygon"])
    assert suggest(["car"], schema, {"car": "polygon"})[0].taken == "1"
    both = suggest(["car"], schema)[0]
    assert both.offered == ("0", "1") and both.ambiguous and both.taken is None
    assert suggest(["van"], schema, {"van": "point"})[0].taken == "2"


def test_only_what_is_safe_is_taken_and_the_rest_is_counted():
    schema = schema_of("Car", "car", "Bus", "Animal", "Truck")
    found = suggest(["CAR", "buses", "dog", "lorry", "xyz"], schema)
    nothing = dict.fromkeys(["CAR", "buses", "dog", "lorry", "xyz"])
    assert safe(found, nothing) == {"buses": "2", "lorry": "4"}
    assert to_look_at(found, nothing) == ("CAR", "dog")
    chosen = nothing | {"buses": "3", "dog": "3"}
    assert safe(found, chosen) == {"lorry": "4"} and to_look_at(found, chosen) == ("CAR",)
    entries = [(e["modelClass"], e["title"], e["taken"]) for e in pairs_document(found, schema)]
    assert entries == [
        ("CAR", "Car", False), ("CAR", "car", False), ("buses", "Bus", True),
        ("dog", "Animal", False), ("lorry", "Truck", True), ("xyz", None, False),
    ]  # fmt: skip


PLURALS = (
    "box boxes, knife knives, cookie cookies, berry berries, ski skis, bus buses, bench benches,"
    "horse horses, house houses, lens lenses, virus viruses, shoe shoes, axe axes, leaf leaves,"
    "vertebra vertebrae, nucleus nuclei, metastasis metastases, policeman policemen, goose geese,"
    "potato potatoes, dress dresses, tie ties, canoe canoes, mouse mice, person people"
)
SPELLINGS = (
    "tyre tire, harbour harbor, colours color, haemorrhage hemorrhage, oedema edema, fibre fiber,"
    "oesophagus esophagus, tumours tumor, anaemia anemia, centre center, aeroplanes airplane,"
    "paediatric pediatric, organise organize, labelled labeled, foetus fetus, leukaemia leukemia,"
    "pyjamas pajamas, diarrhoea diarrhea, orthopaedic orthopedic, kerbside curbside, grey gray"
)
OTHERS = (
    "new news, mar mars, good goods, glass glasses, camp campus, cafe caves, for four, base basis,"
    "care car, custom customs, aid aids, horse house, canoe cane, short shot, plane planet"
)


@pytest.mark.parametrize("pair", f"{PLURALS},{SPELLINGS}".split(","))
def test_one_word_has_one_key(pair):
    one, other = pair.split()
    assert canonical(one, alone=True) == canonical(other, alone=True)
    assert taken(other, one) == one and taken(f"my {one}", f"my {other}")


@pytest.mark.parametrize("pair", OTHERS.split(","))
def test_two_words_have_two(pair):
    one, other = pair.split()
    assert offered(one, other) == offered(other, one) == []


def test_the_table_of_things_is_a_tree_of_kinds():
    table = things()
    assert table.count > 1_000
    for thing in range(table.count):
        assert thing not in table.kinds(thing)
        assert thing not in table.near.get(thing, ())
    small = read_things("a\n  b = c ~ d\n    e, f < g\ng\n")
    e, f, g, a, b = (small.by_key[key] for key in "efgab")
    assert small.by_key["c"] == b and small.kinds(e) == {b: 1, a: 2}
    assert small.kinds(f) == {b: 1, g: 1, a: 2} and small.near[small.by_key["d"]] == {b}


def seconds(classes, titles):
    schema = schema_of(*titles)
    for cache in (suggesting._suggest, read_name, canonical):
        cache.cache_clear()
    start = time.process_time()
    suggest(classes, schema)
    first = time.process_time() - start
    start = time.process_time()
    suggest(list(classes), schema)
    return first, time.process_time() - start


def test_many_classes_cost_what_their_number_costs_and_are_not_worked_out_twice():
    """Ten times the titles must not be ten times the time, as pair by pair it would be."""
    known = [key for key in things().by_key if len(key) > 3]
    classes = [f"{known[n % len(known)]} {known[-n]} {n % 9}" for n in range(1_200)]
    few, _ = min(seconds(classes, [f"{known[n * 5]} {n}" for n in range(30)]) for _ in range(3))
    many, again = min(
        seconds(classes, [f"{known[n * 5]} {n}" for n in range(300)]) for _ in range(3)
    )
    assert many < 2 * few
    assert again < many / 20
    assert many < 3.0  # 0.2 s on a quiet machine


PIECES = ["left ", "word ", "a, ", "(a ", "a/", "  ", "x.y", "1-", "ß(", "A"]


@pytest.mark.parametrize("piece", PIECES)
def test_a_text_that_is_no_name_costs_what_its_length_costs(piece):
    """Ten times the length is about ten times the time, not a hundred times."""
    short, long = (
        min(seconds([f"{piece * many}b"], [f"{piece * many}c", "b"])[0] for _ in range(3))
        for many in (200, 2_000)
    )
    assert long < 40 * max(short, 0.002)
