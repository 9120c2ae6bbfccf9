"""Several servers of one model: where a request goes, how many are in flight, and when it is asked again."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from time import monotonic

from ifeval_fi.runner.endpoint import Endpoint
from ifeval_fi.runner.faults import Failure
from ifeval_fi.runner.replies import Reply

_RECOVERY = 0.25
_SUSPECT_AFTER = 3
_HOPELESS_AFTER = 6
_ALIVE_SECONDS = 5.0
_GONE = frozenset({"connection", "timeout", "server_error"})
_SAID_FROM_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and when a request is asked again, in seconds; a Retry-After beyond `longest_wait` fails it.

    A request that ran out of time runs out of it again as a rule, so that it has fewer attempts.
    """

    attempts: int = 8
    timeouts: int = 3
    base: float = 0.5
    cap: float = 30.0
    longest_wait: float = 900.0

    def delay(self, attempt: int) -> float:
        """Full jitter, so that requests that failed together do not come back together."""
        return random.uniform(0, min(self.cap, self.base * 2.0 ** (attempt - 1)))

    def waits_too_long(self, failure: Failure) -> bool:
        """Whether the server names a time that is not worth waiting for."""
        return (failure.retry_after or 0.0) > self.longest_wait


@dataclass(frozen=True, slots=True)
class Asked:
    """How a request ended after `attempts` tries; `latency` in seconds is the last try's."""

    result: Reply | Failure
    attempts: int
    latency: float


class Replica:
    """One server with the number of requests it is trusted with at the moment."""

    def __init__(self, endpoint: Endpoint, ceiling: int) -> None:
        self.endpoint = endpoint
        self.ceiling = ceiling
        self.limit = float(ceiling)
        self.in_flight = 0
        self.failures_in_a_row = 0
        self.resumes_at = 0.0
        self._last_cut = self._last_failure = 0.0

    @property
    def free(self) -> bool:
        return self.in_flight < int(self.limit) and monotonic() >= self.resumes_at

    def succeeded(self) -> None:
        self.failures_in_a_row = 0
        self.limit = min(float(self.ceiling), self.limit + _RECOVERY)

    def failed(self, started: float) -> None:
        """Count requests that failed together as one."""
        if started >= self._last_failure:
            self.failures_in_a_row += 1
            self._last_failure = monotonic()

    def rate_limited(self, started: float) -> None:
        """Halve the limit once for all requests that were in flight together."""
        if started >= self._last_cut:
            self.limit = max(1.0, self.limit / 2)
            self._last_cut = monotonic()


class Replicas:
    """Spreads requests over servers and drops one that dies, the last one excepted."""

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        concurrency: int,
        policy: RetryPolicy,
        say: Callable[[str], None] = lambda text: None,
    ) -> None:
        self.concurrency = concurrency
        self.alive = [Replica(endpoint, -(-concurrency // len(endpoints))) for endpoint in endpoints]
        self._policy = policy
        self._say = say
        self._said_until = 0.0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def endpoints(self) -> list[Endpoint]:
        """The servers that are trusted at the moment."""
        return [replica.endpoint for replica in self.alive]

    async def ask(self, body: bytes) -> Asked:
        """Ask until there is a reply, asking again is useless, or the attempts are used up."""
        attempt, timeouts, last = 0, 0, None
        while True:
            attempt += 1
            async with self._slot(avoid=last) as last:
                started = monotonic()
                result = await last.endpoint.complete(body)
                latency = monotonic() - started
            self._account(last, result, started)
            if isinstance(result, Reply):
                return Asked(result, attempt, latency)
            timeouts += result.kind == "timeout"
            if self._policy.waits_too_long(result):
                return Asked(replace(result, message=f"{result.message}; it wants a longer wait"), attempt, latency)
            if timeouts >= self._policy.timeouts or not result.retried or attempt >= self._policy.attempts:
                return Asked(result, attempt, latency)
            if result.kind in _GONE:
                await self._drop_if_gone(last)
            delay = self._policy.delay(attempt)
            self._say_wait(last.endpoint, result, max(delay, result.retry_after or 0.0))
            await asyncio.sleep(delay)

    def _say_wait(self, endpoint: Endpoint, failure: Failure, seconds: float) -> None:
        """Say what is waited for, once for all requests that wait for it."""
        if seconds >= _SAID_FROM_SECONDS and monotonic() >= self._said_until:
            self._said_until = monotonic() + seconds
            self._say(f"{endpoint.base_url}: {failure.message}; asking again in {seconds:.0f} s")

    def _account(self, replica: Replica, result: Reply | Failure, started: float) -> None:
        if isinstance(result, Reply):
            replica.succeeded()
            self._wake(1)
            return
        if result.kind in _GONE:
            replica.failed(started)
        if result.kind in {"rate_limit", "too_many_files"}:
            replica.rate_limited(started)
        if result.retry_after and not self._policy.waits_too_long(result):
            replica.resumes_at = max(replica.resumes_at, monotonic() + result.retry_after)
            asyncio.get_running_loop().call_later(result.retry_after + 0.01, self._wake, self.concurrency)

    async def _drop_if_gone(self, replica: Replica) -> None:
        if replica.failures_in_a_row < _SUSPECT_AFTER or len(self.alive) < 2 or replica not in self.alive:
            return
        alive = replica.failures_in_a_row < _HOPELESS_AFTER and await _answers(replica.endpoint)
        if alive or len(self.alive) < 2 or replica not in self.alive:
            return
        self.alive.remove(replica)
        for other in self.alive:
            other.ceiling = -(-self.concurrency // len(self.alive))
            other.limit = max(other.limit, float(other.ceiling))
        self._say(f"{replica.endpoint.base_url} is gone; its prompts go to the other servers")
        self._wake(self.concurrency)

    @asynccontextmanager
    async def _slot(self, avoid: Replica | None) -> AsyncIterator[Replica]:
        while (replica := self._choose(avoid)) is None:
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            await turn
        replica.in_flight += 1
        try:
            yield replica
        finally:
            replica.in_flight -= 1
            self._wake(1)

    def _choose(self, avoid: Replica | None) -> Replica | None:
        free = [replica for replica in self.alive if replica.free]
        return min(free, key=lambda each: (each is avoid, each.in_flight / each.limit), default=None)

    def _wake(self, count: int) -> None:
        while count and self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                count -= 1


async def _answers(endpoint: Endpoint) -> bool:
    """Whether anything that speaks HTTP without a server error is there; a rate limit counts as alive."""
    patient = Endpoint(endpoint.base_url, endpoint.session, _ALIVE_SECONDS, endpoint.api_key)
    answer = await patient.request("GET", f"{endpoint.base_url}/models")
    return not isinstance(answer, Failure) or answer.kind not in _GONE
