"""The token bucket and the retries, with a clock that only moves when somebody sleeps."""

import itertools
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import errors
from core.gateway.hosts import clean_host
from core.gateway.limits import Limits, TokenBucket, shared_limits
from core.gateway.retry import Retries
from core.secret import key_from_environment
from core.settings import read_settings


class Clock:
    def __init__(self):
        self.now, self.slept = 0.0, []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds
        self.slept.append(seconds)


@given(
    per_minute=st.integers(1, 300),
    idle=st.lists(st.floats(0, 50), min_size=1, max_size=300),
)
def test_no_sixty_seconds_see_more_requests_than_allowed(per_minute, idle):
    clock = Clock()
    bucket = TokenBucket(per_minute, clock)
    sent = []
    for pause in idle:
        clock.now += pause / per_minute
        clock.now += bucket.reserve()
        sent.append(clock.now)
    for first, after in zip(sent, sent[per_minute:], strict=False):
        assert after - first >= 60 - 1e-6


def test_a_burst_goes_at_once_and_the_rest_flows():
    clock = Clock()
    bucket = TokenBucket(100, clock)
    waits = [bucket.reserve() for _ in range(22)]
    assert waits[:20] == [0] * 20
    assert waits[20:] == pytest.approx([0.75, 1.5])


def test_a_pause_stops_everybody():
    clock = Clock()
    bucket = TokenBucket(100, clock)
    bucket.pause(30)
    assert bucket.reserve() == pytest.approx(30)
    assert bucket.reserve() == pytest.approx(30.75)


def test_windows_of_one_hub_share_their_limits():
    assert shared_limits("https://a", 100) is shared_limits("https://a", 100)
    assert shared_limits("https://a", 100) is not shared_limits("https://b", 100)


def test_places_are_given_back_and_waiting_can_be_cancelled():
    limits = Limits(1000, at_once=1)
    stop = threading.Event()
    with limits.request(), pytest.raises(errors.Cancelled):
        threading.Timer(0.05, stop.set).start()
        with limits.request(stop.is_set):
            pass
    with limits.request():
        pass


def run(failures, retries):
    clock = Clock()
    limits = Limits(1000, clock=clock, sleep=clock.sleep)
    left = list(failures)

    def ask():
        if left:
            raise left.pop(0)
        return "answer"

    return retries.run(ask, limits), clock.now


def test_waits_double_with_jitter():
    retries = Retries(chance=lambda: 1.0)
    failures = [errors.HubFailed("x", status=500)] * 3
    answer, waited = run(failures, retries)
    assert answer == "answer" and waited == pytest.approx(0.5 + 1 + 2)
    assert run(failures, Retries(chance=lambda: 0.0))[1] == 0


def test_no_wait_is_above_the_ceiling_and_no_try_above_the_count():
    """Doubling from half a second, 2 ** 6 of it is the last wait below a minute."""
    retries = Retries(tries=12, chance=lambda: 1.0)
    clock = Clock()
    limits = Limits(1000, clock=clock, sleep=clock.sleep)
    asked = []

    def ask():
        asked.append(clock.now)
        raise errors.Unreachable("x")

    with pytest.raises(errors.Unreachable):
        retries.run(ask, limits)
    waits = [after - before for before, after in itertools.pairwise(asked)]
    assert waits == pytest.approx([0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60])


@pytest.mark.parametrize(
    ("error", "tries"),
    [
        (errors.HubFailed("x", status=500), 4),
        (errors.Unreachable("x"), 4),
        (errors.TooManyRequests("x"), 4),
        (errors.TimedOut("x"), 2),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_request_is_made_so_often_and_no_more(error, tries):
    with pytest.raises(type(error)):
        run([error] * tries, Retries(chance=lambda: 0.0))
    assert run([error] * (tries - 1), Retries(chance=lambda: 0.0))[0] == "answer"


@pytest.mark.parametrize(("wished", "asked_again"), [(60, True), (60.5, False)])
def test_a_hub_that_wants_more_than_the_ceiling_is_not_asked_again(wished, asked_again):
    retries, error = Retries(chance=lambda: 0.0), errors.TooManyRequests("x", retry_after=wished)
    if asked_again:
        assert run([error], retries)[1] == pytest.approx(wished)
    else:
        with pytest.raises(errors.TooManyRequests):
            run([error], retries)


def test_retry_after_is_kept_to_and_a_long_one_is_told():
    retries = Retries(chance=lambda: 0.0)
    assert run([errors.TooManyRequests("x", retry_after=7)], retries)[1] == pytest.approx(7)
    with pytest.raises(errors.TooManyRequests):
        run([errors.TooManyRequests("x", retry_after=3600)], retries)


@pytest.mark.parametrize(
    "error",
    [
        errors.BadRequest("x", status=400),
        errors.KeyRefused("x"),
        errors.NotAllowed("x"),
        errors.NotFound("x"),
        errors.Geofenced("x"),
        errors.AnswerNotJson("x"),
        errors.HubFailed("x", status=501),
    ],
    ids=lambda e: type(e).__name__,
)
def test_what_another_try_cannot_mend_is_not_tried_again(error):
    with pytest.raises(type(error)):
        run([error], Retries())


def test_a_wait_can_be_cancelled():
    clock = Clock()
    with pytest.raises(errors.Cancelled):
        Limits(100, clock=clock, sleep=clock.sleep).wait(60, lambda: clock.now > 3)
    assert clock.now < 4


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("https://imeritapi.ango.ai", "https://imeritapi.ango.ai"),
        ("imeritapi.ango.ai/", "https://imeritapi.ango.ai"),
        (" HTTPS://Hub.Example:8443/v2/ ", "https://hub.example:8443"),
        ("http://127.0.0.1:8600", "http://127.0.0.1:8600"),
        ("http://localhost:8600", "http://localhost:8600"),
        ("http://[::1]:8600", "http://[::1]:8600"),
    ],
)
def test_hosts_as_people_type_them(typed, host):
    assert clean_host(typed) == host


@pytest.mark.parametrize(
    "typed",
    ["", "http://hub.example", "ftp://hub.example", "https://", "https://hub.example/projects/1",
     "https://me:pw@hub.example", "https://hub.example:port", "https://[1"],
)  # fmt: skip
def test_hosts_that_are_refused(typed):
    with pytest.raises(errors.InputError):
        clean_host(typed)


def test_settings_and_key_of_the_environment():
    assert read_settings({}).requests_per_minute == 100
    assert read_settings({"SWITCHYARD_REQUESTS_PER_MINUTE": "600"}).requests_per_minute == 600
    for text in ("0", "-1", "many", "1.5"):
        with pytest.raises(errors.InputError):
            read_settings({"SWITCHYARD_REQUESTS_PER_MINUTE": text})
    assert key_from_environment({}) is None
    assert key_from_environment({"ANGO_API_KEY": " k "}).reveal() == "k"
