"""One form for a word of English, whether plural or singular, British or American.

The form is a key, not a word: `canonical("cookies") == canonical("cookie") == "cooky"`. Two words
get one key only where both are written for one thing; words that only look like a plural of another
(news, goods) keep their own. Plurals follow the rules of English orthography, with the Latin and
Greek ones of anatomy; spellings are the differences of British and American English that are
systematic (-our, -re, -ae-, -ise, doubled l) and a list of those that are not.
"""

from __future__ import annotations

import re
from functools import lru_cache


def listed(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


_OTHER_THINGS = listed(
    "news mars goods glasses customs means briefs trunks works specs physics species series jeans"
    " tights spectacles aids sars mers gps ids cons pros odds thanks savings greens blues reds"
    " whites blacks browns plains rapids lows highs arms draughts clothes minus plus media"
)
"""Words that end like a plural and are another thing than their singular, or have none."""

_WITH_S = listed(
    "lens canvas atlas pancreas bias alias texas christmas pampas biceps triceps forceps tennis"
    " chess gas vas ros"
)
_S_AFTER_VOWEL = re.compile(r"(sk|tax|kiw|bikin|safar|zucchin|men|em|gn|gur|tut)[iu]s$")

_PLURALS = {
    "people": "person", "men": "man", "women": "woman", "children": "child", "feet": "foot",
    "teeth": "tooth", "geese": "goose", "mice": "mouse", "lice": "louse", "oxen": "ox",
    "dice": "die", "nuclei": "nucleus", "foci": "focus", "loci": "locus", "fungi": "fungus",
    "cacti": "cactus", "bronchi": "bronchus", "bacilli": "bacillus", "cocci": "coccus",
    "alveoli": "alveolus", "thrombi": "thrombus", "emboli": "embolus", "calculi": "calculus",
    "radii": "radius", "humeri": "humerus", "rami": "ramus", "sulci": "sulcus", "gyri": "gyrus",
    "villi": "villus", "thalami": "thalamus", "bacteria": "bacterium", "ova": "ovum",
    "septa": "septum", "atria": "atrium", "strata": "stratum", "cilia": "cilium",
    "epithelia": "epithelium", "ganglia": "ganglion", "mitochondria": "mitochondrion",
    "criteria": "criterion", "phenomena": "phenomenon", "vertebrae": "vertebra",
    "larvae": "larva", "antennae": "antenna", "algae": "alga", "fibulae": "fibula",
    "scapulae": "scapula", "bursae": "bursa", "papillae": "papilla", "vertices": "vertex",
    "vortices": "vortex", "indices": "index", "appendices": "appendix", "matrices": "matrix",
    "cortices": "cortex", "phalanges": "phalanx", "meninges": "meninx", "larynges": "larynx",
    "foramina": "foramen", "carcinomata": "carcinoma", "metastases": "metastasis",
    "diagnoses": "diagnosis", "analyses": "analysis", "stenoses": "stenosis",
    "thromboses": "thrombosis", "prostheses": "prosthesis", "ellipses": "ellipsis",
}  # fmt: skip
_INSIDE = {"men": "man", "women": "woman", "feet": "foot", "teeth": "tooth", "children": "child"}
"""Plurals that also end longer words: policemen, grandchildren."""
_F = re.compile(r"(lea|loa|hal|cal|shel|sel|wol|el|thie|shea|hoo|scar|whar|dwar|tur|bee)ves$")
_FE = re.compile(r"(kni|wi|^li|midwi|jackkni|penkni)ves$")
_ES = re.compile(r"(s|x|z|ch|sh|o)es$")
_E = re.compile(r"(?<=[a-z])(s|x|z|ch|sh|o)e$")

_AMERICAN = {
    "tyre": "tire", "kerb": "curb", "grey": "gray", "doughnut": "donut", "aeroplane": "airplane",
    "aluminium": "aluminum", "plough": "plow", "moustache": "mustache", "pyjama": "pajama",
    "mould": "mold", "sulphur": "sulfur", "jewellery": "jewelry", "yoghurt": "yogurt",
    "chilli": "chili", "omelette": "omelet", "cosy": "cozy",
    "artefact": "artifact", "drier": "dryer", "racquet": "racket", "disc": "disk",
    "programme": "program", "whisky": "whiskey", "waggon": "wagon", "barbeque": "barbecue",
    "bbq": "barbecue", "mum": "mom", "licence": "license", "defence": "defense",
    "offence": "offense", "catalogue": "catalog", "dialogue": "dialog", "analogue": "analog",
    "manoeuvre": "maneuver", "carburettor": "carburetor",
    "gramme": "gram", "kilogramme": "kilogram", "speciality": "specialty",
    "snowplough": "snowplow", "kerbstone": "curbstone",
    "judgement": "judgment", "ageing": "aging", "theatre": "theater",
    "sceptic": "skeptic", "sabre": "saber", "ochre": "ocher", "ambience": "ambiance",
}  # fmt: skip
_SOUNDS = (
    (re.compile(r"(?<=[bcdlmnprtv])our(?=s?$|ed$|ing$|ful$|less$|ite$)"), "or"),
    (re.compile(r"(?<=[a-z]{2}[bt])re$"), "er"),
    (re.compile(r"(?<=[a-z]{3})yse(?=d?$|r$)"), "yze"),
    (re.compile(r"(?<=[a-z]{3})is(?=(e|ed|er|ing|ation)$)"), "iz"),
    (re.compile(r"ae(?=[mdcst]|ol)"), "e"),
    (re.compile(r"oe(?=de|so|st|ta|tu|li|a$|al)"), "e"),
    (
        re.compile(
            r"(model|label|panel|level|jewel|vowel|towel|tunnel|funnel|channel|signal|cancel|travel"
            r"|gravel|dial|total)l(?=ed$|ing$|ers?$)"
        ),
        r"\1",
    ),
)
_STEMS = {
    "colour": "color", "grey": "gray", "kerb": "curb", "tyre": "tire", "plough": "plow",
    "mould": "mold", "harbour": "harbor", "tumour": "tumor", "neighbour": "neighbor",
    "sulph": "sulf", "aeroplane": "airplane",
}  # fmt: skip
"""Stems that are spelled so inside longer words, too: kerbside, greyscale."""
_KEPT_OUR = listed("four tour hour pour sour flour contour detour velour scour")


@lru_cache(maxsize=8192)
def canonical(word: str, alone: bool = False) -> str:
    """The key of a word in lower case; what is no word of a to z is its own.

    Args:
        word: One word.
        alone: Whether it is a whole name. `glasses` then are no glass; `wine glasses` are.
    """
    if not (word.isascii() and word.isalpha()):
        return word
    single = _singular(word, alone)
    single = _AMERICAN.get(single, single)
    for british, american in _STEMS.items():
        single = single.replace(british, american)
    if single not in _KEPT_OUR:
        for pattern, replacement in _SOUNDS:
            single = pattern.sub(replacement, single)
    if single.endswith("ie") and len(single) > 3:
        return f"{single[:-2]}y"
    return _E.sub(r"\1", single)


def _singular(word: str, alone: bool) -> str:
    if word in _WITH_S or len(word) < 4 or (word in _OTHER_THINGS and (alone or word != "glasses")):
        return _PLURALS.get(word, word)
    if word in _PLURALS:
        return _PLURALS[word]
    for plural, single in _INSIDE.items():
        if word.endswith(plural) and len(word) > len(plural) + 2:
            return word.removesuffix(plural) + single
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    for pattern, end in ((_FE, "fe"), (_F, "f")):
        if pattern.search(word):
            return f"{word[:-3]}{end}"
    if _ES.search(word):
        return word[:-2]
    if word.endswith("s") and (
        not word.endswith(("ss", "us", "is")) or _S_AFTER_VOWEL.search(word)
    ):
        return word[:-1]
    return word
