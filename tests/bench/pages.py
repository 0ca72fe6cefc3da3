"""What the pages weigh and how soon they show: `make pages`, and `make lighthouse` for its scores.

Every page is opened for the first time, with an empty cache, as a patient with weeks of entries. Slow 4G and slow 3G
are those of Lighthouse and of the interface guide (150 ms and 1.6 Mbit/s; 400 ms and 400 kbit/s; a processor four times
slower).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from tests.journeys.stack import ROOT, Stack, running_stack

PAGES = {
    "/help-now": "Help now",
    "/check-in": "Safety question",
    "/": "Today",
    "/set-up/episode": "Body map",
    "/progress": "Progress",
    "/exercises/session": "Player",
}
# Whole programs that work without a network. Nobody comes to them first, and the phone keeps them from the first visit
# on (docs/decisions/0013): how soon they are there counts, also cold; how much they are is shown.
KEPT = {"/check-in", "/exercises/session"}
# The interface guide, section 5, checks 18 to 20.
MOST_BYTES, MOST_REQUESTS, MOST_LCP_MS, MOST_SHIFT = 60 * 1024, 12, 1500, 0.02
FROM_CACHE = {"/help-now": 500, "/help-now/now": 500, "/check-in": 500}
SLOW_4G = {"latency": 150, "downloadThroughput": 1_638_400 / 8, "uploadThroughput": 675_000 / 8}
SLOW_3G = {"latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
SLOWER = 4
PHONE = {"width": 360, "height": 740}
SETTLE_MS = 2500
LOADS = 5
LIGHTHOUSE = "lighthouse@12.8.2"
# It breaks off now and then.
TRIES = 3
PORT = 9333
PATIENT = "ivo@example.org"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SIGNED_IN = f"""
from django.conf import settings
from django.test import Client
from selfcare.accounts.models import User
from tests import factories
client = factories.log_in(Client(), User.objects.get(email="{PATIENT}"), second_factor=False)
"""
# The last paint that counts, and how much moved, as the browser itself reports them.
WATCH = """
window.seen = { lcp: 0, shift: 0 };
new PerformanceObserver((list) => list.getEntries().forEach((entry) => (seen.lcp = entry.startTime)))
    .observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => list.getEntries().forEach((entry) => (seen.shift += entry.value)))
    .observe({ type: "layout-shift", buffered: true });
"""
# Resolves when the worker has kept its pages and answers for this one.
TAKEN_OVER = """
new Promise((done) => {
  if (navigator.serviceWorker.controller) done();
  navigator.serviceWorker.addEventListener("controllerchange", () => done());
})
"""


@dataclass
class Visit:
    """What one visit took: requests and bytes on the wire by kind, and what was seen when."""

    requests: int = 0
    bytes: Counter[str] = field(default_factory=Counter)
    others: set[str] = field(default_factory=set)
    lcp_ms: float = 0
    shift: float = 0


@contextmanager
def _installation() -> Iterator[Stack]:
    """Run the product as an image runs it: with collected files, compressed beforehand."""
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
        cwd=ROOT, env={**os.environ, "COLLECTED_STATIC": "1"}, check=True,
    )  # fmt: skip
    # Without a mail server this is an installation on one machine, which loads the invented people itself.
    own = {"COLLECTED_STATIC": "1", "EMAIL_URL": "", "DEMO": "1"}
    with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder), **own) as stack:
        yield stack


@contextmanager
def _phone(playwright: Playwright, stack: Stack, *, workers: bool, port: int = 0) -> Iterator[BrowserContext]:
    """Return a browser that has never been here, with the patient signed in."""
    name, value = stack.ask(
        "[settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value]", given=SIGNED_IN
    )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        context = playwright.chromium.launch_persistent_context(
            folder,
            executable_path=shutil.which("chromium"),
            args=[*ARGUMENTS, *([f"--remote-debugging-port={port}"] if port else [])],
            viewport=PHONE, is_mobile=True, has_touch=True, base_url=stack.url,
            service_workers="allow" if workers else "block",
        )  # fmt: skip
        context.add_cookies([{"name": name, "value": value, "url": stack.url}])
        yield context
        context.close()


def _slow(page: Page, network: dict[str, float]) -> Any:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", {"offline": False, **network})
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return devtools


def first_visit(context: BrowserContext, url: str, path: str) -> Visit:
    """Return what the first visit of a page takes on slow 4G; the worker, which fetches later, is left out."""
    page, visit, kinds = context.new_page(), Visit(), {}
    devtools = _slow(page, SLOW_4G)

    def answered(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]
        visit.requests += 1
        if not event["response"]["url"].startswith(f"{url}/"):
            visit.others.add(event["response"]["url"])

    devtools.on("Network.responseReceived", answered)
    devtools.on(
        "Network.loadingFinished",
        lambda event: visit.bytes.update({kinds.get(event["requestId"], "Other"): int(event["encodedDataLength"])}),
    )
    page.add_init_script(WATCH)
    page.goto(path)
    page.wait_for_timeout(SETTLE_MS)
    visit.lcp_ms, visit.shift = page.evaluate("[seen.lcp, seen.shift]")
    page.close()
    return visit


def from_cache(context: BrowserContext, path: str) -> float:
    """Return when a page that the phone keeps was seen, in milliseconds, on slow 3G."""
    page = context.new_page()
    page.add_init_script(WATCH)
    _slow(page, SLOW_3G)
    page.goto(path)
    page.wait_for_timeout(SETTLE_MS)
    seen = float(page.evaluate("seen.lcp"))
    page.close()
    return seen


def _against(value: float, limit: float) -> str:
    return f"{value / limit:5.2f}{' ' if value <= limit else '!'}"


def weigh(playwright: Playwright, stack: Stack) -> bool:
    """Print requests, bytes and times of each page and their ratio to the limit; return whether all are within."""
    within = True
    print("First visit, empty cache, slow 4G; the figures after a number are its share of the limit.")
    print(f"{'page':17} {'requests':>14} {'KB on the wire':>16} {'LCP ms':>14} {'shift':>7}  by kind, KB")
    for path, name in PAGES.items():
        with _phone(playwright, stack, workers=False) as context:
            visit = first_visit(context, stack.url, path)
        total = sum(visit.bytes.values())
        kinds = ", ".join(f"{kind} {size / 1024:.1f}" for kind, size in visit.bytes.most_common())
        requests = f"{visit.requests:6} {_against(visit.requests, MOST_REQUESTS)}"
        weight = f"{total / 1024:9.1f} {_against(total, MOST_BYTES)}"
        seen = f"{visit.lcp_ms:7.0f} {_against(visit.lcp_ms, MOST_LCP_MS)}"
        print(f"{name:17} {requests} {weight} {seen} {visit.shift:7.3f}  {kinds}")
        assert not visit.others, f"{name} asks somebody else: {visit.others}"
        light = path in KEPT or (visit.requests <= MOST_REQUESTS and total <= MOST_BYTES)
        within &= light and visit.lcp_ms <= MOST_LCP_MS and visit.shift <= MOST_SHIFT
    print(f"\nFrom the phone's own keeping, slow 3G, median of {LOADS}.")
    with _phone(playwright, stack, workers=True) as context:
        page = context.new_page()
        page.goto("/")
        page.evaluate(TAKEN_OVER)
        page.wait_for_load_state("networkidle")
        page.close()
        for path, limit in FROM_CACHE.items():
            seen = statistics.median(from_cache(context, path) for _ in range(LOADS))
            print(f"{path:17} LCP {seen:5.0f} ms {_against(seen, limit)}")
            within &= seen <= limit
    return within


def score(playwright: Playwright, stack: Stack, *, runs: int) -> bool:
    """Print Lighthouse's scores for a phone, the median of some runs; return whether all are 100."""
    hundred = True
    print(f"{LIGHTHOUSE}, mobile, median of {runs}: performance, accessibility, best practices")
    for path, name in PAGES.items():
        scores, faults = [], set()
        for _ in range(runs):
            result = None
            for _attempt in range(TRIES):
                with _phone(playwright, stack, workers=True, port=PORT):
                    result = _lighthouse(f"{stack.url}{path}")
                if result:
                    break
            assert result, "Lighthouse gave no result."
            assert result["finalDisplayedUrl"].endswith(path), result["finalDisplayedUrl"]
            scores.append([round(100 * one["score"]) for one in result["categories"].values()])
            faults |= _faults(result)
        medians = [round(statistics.median(column)) for column in zip(*scores, strict=True)]
        print(f"{name:17} {medians}  {', '.join(sorted(faults))}")
        hundred &= all(median == 100 for median in medians)
    return hundred


def _lighthouse(url: str) -> dict[str, Any] | None:
    """Return what Lighthouse found, or None after saying why it broke off, which it does now and then."""
    done = subprocess.run(
        ["npx", "--yes", LIGHTHOUSE, url, f"--port={PORT}", "--disable-storage-reset", "--output=json", "--quiet",
         "--only-categories=performance,accessibility,best-practices"],
        capture_output=True, text=True, check=False, timeout=180,
    )  # fmt: skip
    if done.returncode:
        print(done.stderr.strip()[-300:], file=sys.stderr)
        return None
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _faults(result: dict[str, Any]) -> set[str]:
    """Return the audits that cost points."""
    counted = {
        one["id"] for category in result["categories"].values() for one in category["auditRefs"] if one["weight"] > 0
    }
    return {
        name
        for name in counted
        if (result["audits"][name]["score"] or 0) < 0.9 and result["audits"][name]["score"] is not None
    }


def main() -> int:
    """Measure and print; the exit code says whether every limit was kept."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lighthouse", action="store_true", help="scores of Lighthouse instead; needs Node")
    options.add_argument("--runs", type=int, default=5)
    given = options.parse_args()
    with _installation() as stack, sync_playwright() as playwright:
        kept = score(playwright, stack, runs=given.runs) if given.lighthouse else weigh(playwright, stack)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
