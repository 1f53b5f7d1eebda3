"""What holds for every test: how hypothesis searches, and that nothing is skipped unseen in CI."""

import os
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

IN_CI = os.environ.get("CI") == "true"

MAY_SKIP_IN_CI: dict[str, str] = {
    "tests/everyone/test_braille_line.py::"
    "test_brltty_shows_the_row_the_cell_and_the_sentence_under_the_cursor": (
        "a console of Linux is the kernel's own: a container, or another system, may have none to give"
    ),
    "tests/line/test_completion.py::test_other_shells_read_the_script_and_complete": (
        "zsh and fish are the system's; .ci/run installs them where it may"
    ),
}
"""The tests that CI may leave out: node id without parameters, and the reason."""

# Whose terminal runs the tests is nobody's concern: colours are chosen by it.
os.environ["TERM"] = "xterm-256color"
for _name in ("NO_COLOR", "COLORTERM", "TEXTUAL_COLOR_SYSTEM"):
    os.environ.pop(_name, None)

# No deadline, and slow examples are let be: cores are shared, and slow is not wrong. In CI the examples
# are the same every time, so that a failure there is a failure of the change; at a desk they vary.
PATIENT = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("desk", PATIENT)
settings.register_profile("ci", PATIENT, derandomize=True)
settings.load_profile("ci" if IN_CI else "desk")


LONGEST = "tests/everyone/test_every_screen.py::"
"""What takes minutes, most of it waiting, and would hold up the end of a run if it began last."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest; all else stays in its order."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def pytest_report_header() -> str:
    """Tell which PostgreSQL servers there are to test on."""
    # Deferred: what collects nothing of PostgreSQL needs no driver for it.
    from tests.postgresql import KINDS, system_programs

    return f"postgresql: {', '.join(KINDS)} {system_programs() or ''}".rstrip()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell the lowest contrast of texts and of lines in each theme, of all pictures that were drawn."""
    lowest: dict[tuple[str, float], tuple[float, str]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name.startswith("contrast "):
                    ratio, least, told = value
                    lowest[name, least] = min(lowest.get((name, least), (ratio, told)), (ratio, told))
    for _key, (_ratio, told) in sorted(lowest.items()):
        terminalreporter.write_line(f"lowest contrast, {told}")


def _must_run(node_id: str) -> bool:
    return IN_CI and node_id.partition("[")[0] not in MAY_SKIP_IN_CI


def _reason(longrepr: object) -> str:
    return str(longrepr[2]) if isinstance(longrepr, tuple) else str(longrepr)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failed one in CI; an expected failure stays what it is."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and _must_run(item.nodeid):
        report.outcome = "failed"
        report.longrepr = f"this test must run in CI, but: {_reason(report.longrepr)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a skipped module into a failed one in CI."""
    report = yield
    if report.skipped and _must_run(collector.nodeid):
        report.outcome = "failed"
        report.longrepr = f"these tests must run in CI, but: {_reason(report.longrepr)}"
    return report
