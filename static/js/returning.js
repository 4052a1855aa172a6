// A basket on its way back to a procurement system: the form sends itself; without scripts its button does.
export function startReturning() {
  document.querySelector("form[data-submit-now]")?.submit();
}
