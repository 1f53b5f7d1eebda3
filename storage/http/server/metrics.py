"""What is counted, for Prometheus: by route and status, never by person (no label holds an id)."""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The figures of one server, in a registry of its own."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "behorig_requests",
            "Requests answered",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "behorig_request_seconds",
            "Seconds from a request to the end of its answer; not of streams",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._counters: dict[tuple[str, str, int], Counter] = {}
        self._histograms: dict[str, Histogram] = {}
        self.open = Gauge("behorig_requests_open", "Requests under way", registry=self.registry)
        self.streams = Gauge("behorig_streams_open", "Callers who follow changes", registry=self.registry)
        self.limited = Counter(
            "behorig_limited", "Requests that a limit refused", ("limit",), registry=self.registry
        )
        self.strangers = Counter(
            "behorig_sign_in_refused", "Requests whose sign-in was refused", registry=self.registry
        )
        self.faults = Counter("behorig_faults", "Requests that failed unforeseen", registry=self.registry)

    def answered(self, method: str, route: str, status: int, seconds: float | None) -> None:
        """Count an answer, and how long it took; ``None`` for what has no end of its own."""
        # To find one by its labels takes five times as long as to count; there are few, of our own making.
        counter = self._counters.get((method, route, status))
        if counter is None:
            counter = self.requests.labels(method, route, str(status))
            self._counters[method, route, status] = counter
        counter.inc()
        if seconds is None:
            return
        histogram = self._histograms.get(route)
        if histogram is None:
            histogram = self._histograms[route] = self.seconds.labels(route)
        histogram.observe(seconds)
