"""A headless Chromium, for the tests that open pages and for `make pdf`."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def missing():
    """What a machine lacks to have one, in words; an empty string if it lacks nothing."""
    if not any(map(shutil.which, NAMES)):
        return "no Chromium or Chrome on the PATH"
    return "" if shutil.which("chromedriver") else "no chromedriver on the PATH"


def chromium(profile):
    """Start one that keeps its things in the folder `profile`, and notes what pages ask the network for."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = next(filter(None, map(shutil.which, NAMES)))
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
        f"--user-data-dir={profile}",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    driver.set_page_load_timeout(300)
    driver.set_script_timeout(300)
    return driver
