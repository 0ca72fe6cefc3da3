"""Draws the home screen icons from the drawing of the app: python scripts/make_icons.py (needs a Chromium)."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

ICONS = Path(__file__).parent.parent / "selfcare" / "web" / "static" / "web" / "icons"
# A maskable icon may be cut to a circle: the drawing fills the square, without round corners.
SIZES = {"any-192": (192, False), "any-512": (512, False), "maskable-512": (512, True), "apple-touch-180": (180, True)}


def main() -> None:
    """Write one PNG per size."""
    drawing = (ICONS / "icon.svg").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, (size, full) in SIZES.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            svg = drawing.replace('rx="96" ', "") if full else drawing
            page.set_content(f"<style>body{{margin:0}}svg{{display:block;width:{size}px;height:{size}px}}</style>{svg}")
            page.screenshot(path=ICONS / f"{name}.png", omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
