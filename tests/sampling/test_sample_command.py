"""`sample`: the documents, the text for people, and what it refuses."""

import json

import pytest
from scipy.stats import binom

from core.cli.main import main


def printed(capsys, words, code=0):
    assert main(["sample", *words.split(), "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_the_document_of_a_share_has_what_is_promised(capsys):
    words = "--lot 1000 --share 12.3 --errors 0.04 --catch 0.9"
    document = printed(capsys, words)
    assert {"reviewed", "caught", "escaped", "none_caught", "margin"} <= set(document)
    for name, law in (
        ("reviewed", binom(1000, 0.123)),
        ("caught", binom(40, 0.123 * 0.9)),
        ("escaped", binom(40, 1 - 0.123 * 0.9)),
    ):
        count = document[name]
        assert set(count) == {"expected", "low", "high"}
        assert count["expected"] == pytest.approx(law.mean())
        assert (count["low"], count["high"]) == (law.ppf(0.025), law.ppf(0.975))
    assert document["none_caught"] == pytest.approx(binom.pmf(0, 40, 0.123 * 0.9))
    assert set(document["margin"]) == {"low", "high"}
    assert document["fixed"]["reviewed"] == 123


def test_the_document_of_an_inverse(capsys):
    words = "--lot 200 --detect 0.05 --confidence 0.95"
    assert printed(capsys, words) == {
        "share": pytest.approx(100 * (1 - 0.05**0.1)),
        "whole": 26,
        "fixed": 51,
    }
    assert printed(capsys, "--lot 200 --errors 0.05 --escape 10")["share"] == 0
    assert printed(capsys, "--lot 200 --errors 0.05 --margin 0.05")["fixed"] < 200


def test_the_documents_of_prices_and_of_a_quota(capsys):
    words = "--lot 1000 --errors 0.05 --prices review=2,escape=50,rework=5 --looks 40"
    document = printed(capsys, words)
    assert (document["none"], document["all"], document["cheapest"]) == (2500, 2250, 100)
    assert document["break_even"] == pytest.approx(2 / 45)
    assert document["flat"] == {"low": pytest.approx(55), "high": 100}
    assert 0 < document["sample_first"]["reviewed"] < 1000
    assert document["sample_first"]["cost"] < document["sample_first"]["without"]
    needed = printed(capsys, "--lot 300 --at-least 100")
    assert binom.sf(99, 300, needed["share"] / 100) >= 0.95 - 1e-9 and needed["whole"] == 38
    assert printed(capsys, "--lot 30 --at-least 100", code=1)["share"] is None


def test_what_no_share_reaches_is_null_and_exit_1(capsys):
    words = "--lot 10 --detect 0.1 --catch 0.5"
    assert printed(capsys, words, code=1) == dict.fromkeys(("share", "whole", "fixed"))
    assert main(["sample", *words.split()]) == 1
    assert "even a review of every task" in capsys.readouterr().out


def test_the_document_of_an_aql(capsys):
    document = printed(capsys, "--lot 1000 --aql 1.0")
    told = [document[name] for name in ("code", "n", "accept", "reject")]
    assert told == ["J", 80, 2, 3] and document["notes"] == []
    rates, chances = zip(*document["oc"], strict=True)
    assert 0.01 in rates and chances == pytest.approx(binom.cdf(2, 80, rates))
    at_random = [chance for _, chance in document["oc_random"]]
    assert at_random == pytest.approx(binom.cdf(2, 1000, [0.08 * rate for rate in rates]))
    assert document["sequential"]["reviews"][0][1] < 80
    reduced = printed(capsys, "--lot 1000 --aql 1.2 --level iii --severity Reduced")
    assert (reduced["code"], reduced["n"], reduced["aql"]) == ("K", 50, 1.0)
    assert "next stricter" in reduced["notes"][0]


def test_plans_by_hand(capsys):
    assert printed(capsys, "--lot 500 --plan 50,1")["reject"] == 2
    double = printed(capsys, "--lot 500 --double 50,0,3,50,3")
    assert double["oc"][0] == [0, 1] and double["reviews"][0] == [0, 50]
    sequential = printed(capsys, "--lot 500 --sequential 0.01,0.05")
    assert dict(sequential["oc"])[0.01] > 0.94 and dict(sequential["oc"])[0.05] < 0.11


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            "--lot 1000 --aql 1.2",
            ["Letter J", "next stricter", "Review 80; accept with 2", "A double"],
        ),
        ("--lot 1 --aql 1", ["review them all"]),
        (
            "--lot 1000 --errors 0.05 --prices review=2,escape=50,rework=5 --looks 40",
            ["100 % is cheapest", "error rate of 4.44 % on", "A sample of 163 first"],
        ),
        ("--lot 10 --errors 0 --prices review=2,escape=1", ["Review never pays"]),
        ("--lot 500 --plan 50,1", ["Review 50"]),
        ("--lot 500 --double 50,0,3,50,3", ["error rate"]),
        ("--lot 500 --sequential 0.01,0.05", ["reviews"]),
        ("--lot 1000 --share 20 --errors 0.05", ["1,000 tasks, 50 of them wrong", "exactly 200"]),
        ("--lot 1 --share 0 --errors 1", ["stays unknown", "escaped"]),
        ("--lot 1 --share 100 --errors 0", ["95 %"]),
        ("--lot 200 --detect 0.05", ["26 % whole", "51 tasks"]),
    ],
)
def test_people_get_words(words, says, capsys):
    assert main(["sample", *words.split()]) == 0
    text = capsys.readouterr().out
    assert all(one in text for one in says) and "nan" not in text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("--lot 0 --share 20 --errors 0.1", "--lot: is empty"),
        ("--lot 10 --share 20", "--errors: is missing"),
        ("--lot 10 --share 101 --errors 0.1", "not a percentage from 0 to 100"),
        ("--lot 10 --share nan --errors 0.1", "not a percentage"),
        ("--lot 10 --share 20 --errors 5", "not a number from 0 to 1"),
        ("--lot 10 --detect 0.01", "nothing can be noticed"),
        ("--lot 10 --errors 0.1 --margin 0", "margin"),
        ("--lot 10 --aql 0", "not in the tables"),
        ("--lot 10 --aql 11", "from 0.010 to 10"),
        ("--lot 10 --aql 1 --level IV", "no inspection level"),
        ("--lot 10 --aql 1 --severity hard", "no severity"),
        ("--lot 0 --aql 1", "--lot: is empty"),
        ("--lot 10 --plan 5", "takes 2 numbers"),
        ("--lot 10 --plan 5,x", "not a whole number"),
        ("--lot 10 --plan 5,5", "no plan"),
        ("--lot 10 --double 5,1,1,5,2", "no double plan"),
        ("--lot 10 --sequential 0.1", "two error rates"),
        ("--lot 10 --sequential a,b", "not a number"),
        ("--lot 10", "is not asked for anything"),
        ("--lot 10 --errors 0.1 --prices review=1", "needs review and escape"),
        ("--lot 10 --errors 0.1 --prices review=1,escape=x", "is not a number"),
        ("--lot 10 --errors 0.1 --prices review=1,escape=2,tea=3", "“tea=3” is no price"),
        ("--lot 10 --errors 0.1 --prices review=-1,escape=2", "review is below 0"),
        ("--lot 10 --prices review=1,escape=2", "--errors: is missing"),
        ("--share 10 --errors 0.1", "--lot"),
    ],
)
def test_what_cannot_be_used_is_one_line(words, says, capsys):
    try:
        code = main(["sample", *words.split()])
    except SystemExit as ended:
        code = ended.code
    told = capsys.readouterr()
    assert code == 2 and says in told.err and len(told.err.splitlines()) == 1 and not told.out
