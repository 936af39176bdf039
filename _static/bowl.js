// A bowl with noise: a bent schedule, and the expected loss of SGD under any rates. The same is in
// course_lib/noisy_bowl.py, and a test compares the two.

(window.courseParts ??= {}).bowl = () => {
  "use strict";

  // How a decay falls from 1 to 0, given how much of it is left; the names are Python's.
  const DECAYS = {
    straight: (left) => left,
    cosine: (left) => (1 - Math.cos(Math.PI * left)) / 2,
    "1 − √x": (left) => 1 - Math.sqrt(1 - left),
  };

  // The multiplier at update t: up in a straight line, flat, and down to `floor` during the last `decay` updates.
  function bent(t, { total, warmup, decay, floor, shape }) {
    if (t < warmup) return (t + 1) / warmup;
    const turn = total - decay;
    if (t < turn) return 1;
    const left = t >= total ? 0 : 1 - (t - turn) / (total - turn);
    return floor + (1 - floor) * DECAYS[shape](left);
  }

  // The expected loss before the first update, and after each. (What runs away stays a number.)
  function expectedLosses(rates, { curvature, noise, start }) {
    let mean = start, variance = 0;
    const loss = () => Math.min((curvature / 2) * (mean * mean + variance), 1e300);
    const losses = [loss()];
    for (const lr of rates) {
      const kept = 1 - lr * curvature;
      mean = kept * mean;
      variance = kept * kept * variance + lr * lr * noise * noise;
      losses.push(loss());
    }
    return losses;
  }

  // The expected loss that a constant rate comes to.
  function floorOf(lr, { curvature, noise }) {
    const room = 2 - lr * curvature;
    return room > 0 ? (lr * noise * noise) / (2 * room) : Infinity;
  }

  return { DECAYS, bent, expectedLosses, floorOf };
};
