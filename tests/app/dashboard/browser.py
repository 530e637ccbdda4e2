"""A real browser for tests of pages: Debian's Chromium without a screen, and a server for it to look at."""

import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import uvicorn
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait
from starlette.applications import Starlette

BROWSER = "/usr/bin/chromium"
DRIVER = "/usr/bin/chromedriver"
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
)

type Colour = tuple[float, float, float]

_COLOURS = """
const found = [];
for (const e of document.querySelectorAll(arguments[0])) {
  const text = [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data).join("").trim();
  if (!text || !e.checkVisibility()) continue;
  let behind = e;
  while (behind && getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)") behind = behind.parentElement;
  found.push([text, getComputedStyle(e).color, getComputedStyle(behind || document.body).backgroundColor]);
}
return found;
"""


def _colour(css: str) -> Colour:
    """Of `rgb(r, g, b)`; one that lets something through is refused, because its contrast is not known."""
    numbers = [float(each) for each in re.findall(r"[\d.]+", css)]
    assert css.startswith("rgb") and (len(numbers) == 3 or numbers[3] == 1), css
    return numbers[0], numbers[1], numbers[2]


def contrast(one: Colour, other: Colour) -> float:
    """The ratio of https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (each / 255 for each in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@contextmanager
def serving(app: Starlette) -> Iterator[str]:
    """The address of the application on this machine, until the block ends."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)  # connections wait here until the server is up
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


class Browser:
    """Chromium with what a test asks of it, over the driver itself (`driver`)."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver

    def open(self, url: str) -> None:
        self.driver.get(url)

    def size(self, width: int, height: int = 900) -> None:
        """Of the window's inside, in CSS pixels."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def prefer(self, scheme: str) -> None:
        """`light` or `dark`."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def all(self, selector: str) -> list[WebElement]:
        """The elements of a CSS selector."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        """The only element of a CSS selector."""
        found = self.all(selector)
        assert len(found) == 1, f"{len(found)} of {selector}"
        return found[0]

    def wait_for(self, heading: str) -> None:
        """Until a page whose first heading begins so is there: a click does not always wait for what it leads to."""
        self._until(lambda: self.all("h1")[0].text.startswith(heading), heading)

    def appears(self, selector: str) -> WebElement:
        """The first element of a CSS selector, once it is there."""
        self._until(lambda: bool(self.all(selector)), selector)
        return self.all(selector)[0]

    def _until(self, holds: Callable[[], bool], what: str) -> None:
        wait = WebDriverWait(self.driver, 10, ignored_exceptions=[StaleElementReferenceException, IndexError])
        wait.until(lambda _: holds(), what)

    def text(self) -> str:
        """All that is seen of the page."""
        return self.one("body").text

    def console(self) -> list[str]:
        """What the console said since it was last asked, whatever the severity."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def hosts(self) -> set[str]:
        """Hosts and ports of all requests since it was last asked."""
        found = set()
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                parts = urlsplit(message["params"]["request"]["url"])
                found |= {parts.netloc} if parts.scheme in ("http", "https", "ws", "wss") else set()
        return found

    def colours(self, selector: str) -> list[tuple[str, Colour, Colour]]:
        """Every piece of text that is seen, with its colour and the one that it stands on."""
        found = self.driver.execute_script(_COLOURS, selector)
        return [(text, _colour(colour), _colour(background)) for text, colour, background in found]

    def screenshot(self, path: Path) -> None:
        """The whole page as a PNG file."""
        size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        width = self.driver.execute_script("return innerWidth")
        self.size(width, int(size["height"]))
        self.driver.save_screenshot(str(path))


@contextmanager
def browsing(profile: Path, *, javascript: bool = True) -> Iterator[Browser]:
    """A browser with nothing in it; `profile` is a new folder."""
    options = ChromeOptions()
    options.binary_location = BROWSER
    for flag in (*_FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    if not javascript:
        options.add_argument("--blink-settings=scriptEnabled=false")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = Chrome(options=options, service=Service(DRIVER))
    try:
        driver.set_page_load_timeout(30)
        yield Browser(driver)
    finally:
        driver.quit()
