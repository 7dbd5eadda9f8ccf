# SPDX-License-Identifier: GPL-2.0-only
"""A browser for the tests of reports."""

import json
import time

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.support.ui import WebDriverWait

__all__ = ["Browser"]


class Browser:
    """Headless Chromium: opens pages, and sees what they ask for and complain of."""

    def __init__(self):
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        for word in ("headless=new", "no-sandbox", "disable-dev-shm-usage", "disable-gpu"):
            options.add_argument(f"--{word}")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.resize(1280, 900)

    def resize(self, width, height):
        """Make the page so many pixels large."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def prefer(self, scheme):
        """Prefer "dark" or "light" pages."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def open(self, path, hash_=""):
        """Open a file anew."""
        self.driver.get("about:blank")
        self.take_requests()
        self.take_complaints()
        self.driver.get(f"{path.as_uri()}#{hash_}")

    def run(self, script, *arguments):
        """Return what an expression of JavaScript gives; its arguments are a0, a1, ..."""
        names = ", ".join(f"a{i}" for i in range(len(arguments)))
        call = f"return (({names}) => ({script}))(...arguments)"
        return self.driver.execute_script(call, *arguments)

    def find(self, selector):
        """Return the only element of a CSS selector."""
        (element,) = self.driver.find_elements("css selector", selector)
        return element

    def click(self, selector):
        """Click an element, as people do: it has to be visible."""
        element = self.find(selector)
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def point_at(self, element):
        """Move the pointer to an element and click there."""
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        ActionChains(self.driver).move_to_element(element).pause(0.3).click().perform()

    def wait(self, expression):
        """Wait until an expression of JavaScript is true."""
        WebDriverWait(self.driver, 30).until(lambda _: self.run(expression), expression)

    def choose(self, name, value):
        """Choose an entry of a list."""
        self.click(f"#{name} option[value='{value}']")

    def texts(self, selector):
        """Return the texts of elements."""
        script = "[...document.querySelectorAll(a0)].map((each) => each.textContent)"
        return self.run(script, selector)

    def take_complaints(self):
        """Return what the console has got since it was last asked."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def take_requests(self):
        """Return the addresses that were asked for since it was last asked."""
        events = [json.loads(entry["message"]) for entry in self.driver.get_log("performance")]
        sent = [event["message"] for event in events]
        return [
            each["params"]["request"]["url"]
            for each in sent
            if each["method"] == "Network.requestWillBeSent"
        ]

    def download(self, selector, folder):
        """Click what saves a file, and return the file."""
        behavior = {"behavior": "allow", "downloadPath": str(folder)}
        self.driver.execute_cdp_cmd("Browser.setDownloadBehavior", behavior)
        self.click(selector)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            files = list(folder.iterdir())
            if len(files) == 1 and files[0].suffix != ".crdownload" and files[0].name[0] != ".":
                return files[0]
            time.sleep(0.05)
        raise TimeoutError(f"{selector}: saved no file")

    def close(self):
        """End the browser."""
        self.driver.quit()
