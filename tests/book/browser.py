"""What the tests in a browser have in common."""

import time

SPACE = "\ue00d"
RIGHT, LEFT, HOME, END = "\ue014", "\ue012", "\ue011", "\ue010"


def wait(condition, what, seconds=300):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s for {what}")


def find(driver, selector):
    return driver.find_element("css selector", selector)


def size(driver, width, height=900):
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def move_slider(driver, slider, value):
    """What a finger does that moves a slider."""
    driver.execute_script(
        "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', {bubbles: true}))",
        slider,
        value,
    )


EACH_STEP = """
const slider = document.querySelector(".player-slider input");
const look = () => {{ {look} }};
const found = [];
for (let at = 0; at <= Number(slider.max); at++) {{
  slider.value = at;
  slider.dispatchEvent(new Event("input", {{bubbles: true}}));
  found.push([document.querySelector(".player-counter").textContent, look()]);
}}
return found;
"""


def at_each_step(driver, look):
    """What a script returns at each step of the first player; one call for all, since each costs a while."""
    found = driver.execute_script(EACH_STEP.format(look=look))
    assert [counter for counter, _ in found] == [f"step {k} of {len(found) - 1}" for k in range(len(found))]
    return [seen for _, seen in found]


def contrasts(driver, theme, properties):
    """Contrasts with the map's paper in a theme, by the formula of the WCAG.

    ``properties`` is a dict selector → the property that holds the colour. Returns the paper's luminance, and
    for each selector the list of its contrasts.
    """
    return driver.execute_async_script(
        """
        const [theme, properties, done] = arguments;
        document.documentElement.dataset.theme = theme;
        const light = (color) => {
          const [r, g, b] = color.match(/[\\d.]+/g).map((c) => {
            c /= 255;
            return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
          });
          return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
        };
        // Colours that fade to the new theme have arrived when their transitions end.
        const fading = document.getAnimations().filter((one) => one instanceof CSSTransition);
        Promise.allSettled(fading.map((one) => one.finished)).then(() => {
          const paper = light(getComputedStyle(document.querySelector(".player-map")).backgroundColor);
          const ratio = (node, what) => {
            const ink = light(getComputedStyle(node)[what]);
            return Math.max(ink, paper) / Math.min(ink, paper);
          };
          const all = ([selector, what]) =>
            [...document.querySelectorAll(selector)].map((node) => ratio(node, what));
          done([paper, ...Object.entries(properties).map(all)]);
        });
        """,
        theme,
        properties,
    )
