// A signature drawn with a finger, a pen or a mouse: strokes become the path of an SVG of 1000 x 300, kept in a field.
// Whoever cannot draw types: the name is a signature, too.
export function startSigning() {
  for (const box of document.querySelectorAll("[data-signing]")) {
    const picture = box.querySelector("svg");
    const path = picture.querySelector("path");
    const kept = box.querySelector("input[name=signature]");
    box.hidden = false;
    path.setAttribute("d", kept.value);
    let strokes = kept.value;
    let pen = null;
    const point = (event) => {
      const edge = picture.getBoundingClientRect();
      const x = Math.round(((event.clientX - edge.left) / edge.width) * 1000);
      const y = Math.round(((event.clientY - edge.top) / edge.height) * 300);
      return `${Math.min(Math.max(x, 0), 1000)} ${Math.min(Math.max(y, 0), 300)}`;
    };
    const draw = (event) => {
      if (event.pointerId !== pen || strokes.length > 19900) return;
      const at = `L${point(event)}`;
      if (strokes.endsWith(at)) return;
      strokes += at;
      path.setAttribute("d", strokes);
    };
    const lift = (event) => {
      if (event.pointerId !== pen) return;
      pen = null;
      kept.value = strokes;
    };
    picture.addEventListener("pointerdown", (event) => {
      if (pen !== null || strokes.length > 19000) return;
      pen = event.pointerId;
      picture.setPointerCapture(pen);
      const at = point(event);
      strokes += `M${at}L${at}`;
      path.setAttribute("d", strokes);
      event.preventDefault();
    });
    picture.addEventListener("pointermove", draw);
    picture.addEventListener("pointerup", lift);
    picture.addEventListener("pointercancel", lift);
    box.querySelector("[data-clear]").addEventListener("click", () => {
      strokes = kept.value = "";
      path.setAttribute("d", "");
    });
  }
}
