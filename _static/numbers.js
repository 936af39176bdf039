// Numbers, as one reads them and as axes need them.

(window.courseParts ??= {}).numbers = () => {
  "use strict";

  const between = (low, value, high) => Math.min(Math.max(value, low), high);
  const signed = (value) => String(value).replaceAll("-", "−");

  // Three digits.
  function readable(value) {
    const size = Math.abs(value), plain = value === 0 || (size >= 1e-3 && size < 1e4);
    const text = plain ? String(Number(value.toPrecision(3))) : value.toExponential(2);
    return signed(text.replace(/\.?0+e/, "e").replace("e+", "e"));
  }

  // About `count` round numbers from low to high.
  function ticks([low, high], count) {
    const rough = (high - low) / count, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough);
    const found = [];
    for (let k = Math.ceil(low / step); k * step <= high; k++) found.push(Number((k * step).toPrecision(6)));
    return found;
  }

  const raised = (power) => String(power).replace("-", "⁻").replace(/\d/g, (d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d]);
  const powerOfTen = (power) => (power === 0 ? "1" : `10${raised(power)}`);

  return { between, signed, readable, ticks, powerOfTen };
};
