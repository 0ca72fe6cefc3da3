"""Somebody with a keyboard and no pointer: goes from control to control and looks where the focus is."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

MOST_STOPS = 150
# What has the focus, and what is wrong with how it is shown; nothing where the focus has left the page.
FOCUS = """() => {
    const on = document.activeElement;
    if (!on || on === document.body || on === document.documentElement) return null;
    const row = on.closest("label:has(input:focus-visible)");
    const rings = [on, row].filter(Boolean).map((one) => getComputedStyle(one));
    const ring = rings.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
    const box = on.getBoundingClientRect();
    const faults = [];
    if (!ring) faults.push("no ring");
    if (box.bottom < 1 || box.top > innerHeight - 1) faults.push("out of sight");
    for (const bar of document.querySelectorAll(".tabs, .player-controls")) {
        const { position } = getComputedStyle(bar);
        const over = bar.getBoundingClientRect();
        if (position === "static" || bar.contains(on) || !over.height) continue;
        // Where it rests at the end of the page a bar covers nothing.
        if (Math.min(box.bottom, over.bottom) - Math.max(box.top, over.top) > 2) faults.push("under the bar");
    }
    const name = on.getAttribute("aria-label") || on.labels?.[0]?.textContent || on.textContent;
    return { name: `${on.tagName.toLowerCase()} ${name.trim().replace(/\\s+/g, " ").slice(0, 40)}`, faults };
}"""
# Marks what has the focus; gives whether it had it before.
MARK = "() => { const on = document.activeElement; const seen = on.__seen; on.__seen = true; return Boolean(seen); }"


class Keyboard:
    """A page without a pointer."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []

    def tab(self) -> Any:
        """Go to the next control; return what has the focus now."""
        self.page.keyboard.press("Tab")
        found = self.page.evaluate(FOCUS)
        if found:
            self.faults += [f"{self.page.url}: {found['name']}: {fault}" for fault in found["faults"]]
        return found

    def to(self, selector: str) -> None:
        """Go on with Tab until a control has the focus."""
        for _ in range(MOST_STOPS):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            self.tab()
        raise AssertionError(f"Tab does not lead to {selector} on {self.page.url}")

    def press(self, selector: str, key: str = "Enter") -> None:
        """Go to a control and press a key on it."""
        self.to(selector)
        self.page.keyboard.press(key)

    def choose(self, name: str, value: str) -> None:
        """Choose one of several round boxes: Tab leads to the group, arrows lead through it."""
        self.to(f'input[name="{name}"]')
        self.page.keyboard.press("Space")
        for _ in range(MOST_STOPS):
            if self.page.evaluate("value => document.activeElement.value === value", value):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"No {value} in {name}")

    def go(self, selector: str) -> None:
        """Press Enter on what leads to another page, and wait for it."""
        self.to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def through(self) -> list[str]:
        """Go through the whole page; return the names of all stops. It ends where the focus leaves the page."""
        stops: list[str] = []
        for _ in range(MOST_STOPS):
            found = self.tab()
            if found is None or (self.page.evaluate(MARK) and stops):
                return stops
            stops.append(found["name"])
        raise AssertionError(f"Tab never leaves {self.page.url}: {stops[-5:]}")
