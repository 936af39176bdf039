// The player of a computational graph: the values are made, one after the other; then the gradients go back.
//
// course_lib/graph_player.py stores the boxes, the arrows, the places of both in layers and rows, and the story: for
// each step its words and what it adds. course_lib/tensor_graph.py does so for tensors, with heads of its own for the
// table, and its own joint between a name and what stands behind it.

(window.courseParts ??= {}).graph = (course) => {
  "use strict";
  const { make, makeRow, makeTable, newId } = course.dom;
  const { createBoxes, toldBy } = course.boxes;
  const { createFrame } = course.frame;

  function create(data) {
    const id = newId(), picture = createBoxes(data);
    const caption = make("p", { class: "player-caption" });
    const rows = data.boxes.map((box) => {
      const value = make("td"), gradient = make("td", { class: "player-gradient" });
      return { value, gradient, row: makeRow([box.made ? `${box.name} = ${box.made}` : box.name], value, gradient) };
    });
    const [name, value, gradient] = data.heads ?? ["Number", "Value", "Gradient so far"];
    const table = makeTable([name, value], rows.map((r) => r.row));
    table.querySelector("thead tr").append(make("th", { scope: "col" }, gradient));
    table.classList.add("player-three");

    function tell({ step }) {
      const told = toldBy(data, step);
      rows.forEach(({ value, gradient }, k) => {
        value.textContent = told.made.has(k) ? data.boxes[k].value : "";
        gradient.textContent = told.sums[k]?.total ?? "";
      });
      caption.textContent = told.now.words;
      return told.now.words;
    }
    return createFrame({
      id, data, last: data.story.length - 1, picture, table, tell,
      controls: [caption],
      inks: [
        { color: data.slopeColor, nodes: picture.slopes },
        { color: data.gradientColor, nodes: [...picture.gradients, ...rows.map((r) => r.gradient)] },
      ],
    });
  }

  course.moves.add("graph", create);
};
