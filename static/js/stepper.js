// Minus and plus beside a number. The field decides what is allowed (min, max, step); data-least: none, or so many.
export function startStepper() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-stepper] [data-step]");
    if (!button) return;
    const stepper = button.closest("[data-stepper]");
    const field = stepper.querySelector("input");
    if (button.dataset.step === "1") field.stepUp();
    else field.stepDown();
    if (Number(field.value) < Number(stepper.dataset.least)) field.value = button.dataset.step === "1" ? stepper.dataset.least : field.min;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.addEventListener("change", (event) => {
    const stepper = event.target.closest("[data-stepper-submit]");
    if (!stepper) return;
    clearTimeout(stepper.waiting);
    stepper.waiting = setTimeout(() => event.target.form?.requestSubmit(), 600);
  });
}
