"""In the dark no page begins white, whether the phone is dark or the person chose it."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BRIGHTEST = """async (source) => {
    const picture = new Image();
    picture.src = source;
    await picture.decode();
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1;
    const pen = canvas.getContext("2d");
    pen.drawImage(picture, 0, 0);
    return Math.max(...pen.getImageData(0, 0, 1, 1).data.slice(0, 3));
}"""


LOOKS = [("dark", "", True), ("light", "dark", True), ("dark", "light", False)]


@pytest.mark.parametrize(("phone", "cookie", "dark"), LOOKS)
@pytest.mark.parametrize("path", ["/help-now", "/clock"])
def test_before_the_style_sheet_has_come_the_page_has_its_own_ground(
    path: str, phone: str, cookie: str, dark: bool,
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any,
) -> None:  # fmt: skip
    args = {**browser_context_args, "service_workers": "block", "color_scheme": phone}
    context = browser.new_context(**args, base_url=live_server.url)
    if cookie:
        context.add_cookies([{"name": "phone", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    # What is painted until the sheet is there: the same as without it.
    page.route("**/*.css", lambda route: route.abort())
    page.goto(path)
    corner = page.screenshot(clip={"x": 355, "y": 735, "width": 4, "height": 4})
    reader = context.new_page()

    brightest = reader.evaluate(BRIGHTEST, "data:image/png;base64," + base64.b64encode(corner).decode())

    assert (brightest < 64) is dark
    context.close()
