// Hidden ReLU units in the plane: their lines, the pieces between these, and the output layer that fits best. The same
// is in course_lib/hinges.py, and a test compares the two.
//
// A unit is { angle, point }: it is 0 on one side of a line through the point, and rises towards the angle, in degrees.
// `wide` is the picture's width: lengths are measured in it.

(window.courseParts ??= {}).hinges = () => {
  "use strict";

  const RIDGE = 1e-6, TINY = 1e-9;
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const mean = (values) => sum(values) / values.length;

  // How far a point lies on the side on which the unit is on; below 0 it is off.
  function side({ angle, point }, [x, y], wide) {
    const turn = (angle * Math.PI) / 180;
    return ((x - point[0]) * Math.cos(turn) + (y - point[1]) * Math.sin(turn)) / wide;
  }

  // Solve gram · weights = right by elimination. (The ridge keeps each pivot positive.)
  function solve(gram, right) {
    const rows = gram.map((row, k) => [...row, right[k]]), size = rows.length;
    for (let k = 0; k < size; k++) {
      for (let j = k + 1; j < size; j++) {
        const share = rows[j][k] / rows[k][k];
        rows[j] = rows[j].map((value, m) => value - share * rows[k][m]);
      }
    }
    const weights = Array(size).fill(0);
    for (let k = size - 1; k >= 0; k--) {
      weights[k] = (rows[k][size] - sum(weights.map((w, m) => w * rows[k][m]))) / rows[k][k];
    }
    return weights;
  }

  // The output layer with the smallest mean squared error on the labels 0 and 1, and a tiny ridge on its weights.
  function fit(points, labels, units, wide) {
    const unitsAt = (point) => units.map((unit) => Math.max(side(unit, point, wide), 0));
    const hidden = points.map(unitsAt), middle = mean(labels);
    const means = units.map((_, k) => mean(hidden.map((row) => row[k])));
    const away = hidden.map((row) => row.map((value, k) => value - means[k]));
    const gram = units.map((_, j) => units.map((_, k) => mean(away.map((row) => row[j] * row[k])) + (j === k ? RIDGE : 0)));
    const weights = solve(gram, units.map((_, k) => mean(away.map((row, i) => row[k] * (labels[i] - middle)))));
    const bias = middle - sum(weights.map((w, k) => w * means[k]));
    return { weights, output: (point) => bias + sum(unitsAt(point).map((value, k) => value * weights[k])) };
  }

  // The part of a convex polygon where a linear function, given at its corners, is positive; else []. Of a polygon that
  // the function's zero crosses, `ends` gets the two points where it does.
  function part(polygon, given, ends = []) {
    const values = given.map((value) => (Math.abs(value) < TINY ? 0 : value)), kept = [];
    if (Math.max(...values) <= 0) return [];
    polygon.forEach(([x, y], k) => {
      const next = (k + 1) % polygon.length, after = values[next];
      if (values[k] >= 0) kept.push([x, y]);
      if (values[k] === 0) ends.push([x, y]);
      if (values[k] * after >= 0) return;
      const share = values[k] / (values[k] - after);
      kept.push([x + share * (polygon[next][0] - x), y + share * (polygon[next][1] - y)]);
      ends.push(kept[kept.length - 1]);
    });
    return kept;
  }

  // The convex polygons into which the units' lines cut the picture: on each, the output is a plane.
  function pieces([[left, right], [low, high]], units) {
    const whole = [[left, low], [right, low], [right, high], [left, high]];
    return units.reduce((found, unit) => found.flatMap((polygon) => {
      const sides = polygon.map((corner) => side(unit, corner, right - left));
      const both = [part(polygon, sides), part(polygon, sides.map((value) => -value))];
      return both.every((half) => half.length) ? both : [polygon]; // else the line passes it by
    }), [whole]);
  }

  return { fit, part, pieces };
};
